"""quiet.py: no word of a person's reaches a log, whatever Rasa says and wherever somebody listens."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from nlu import quiet
from nlu.engine import EngineError
from nlu.rasa_engine import RasaEngine
from tests.nlu.contract_kit import BROKEN

_PLANTED = "cứuconvới"


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """All that handlers on the root, on our logger and on logging's last resort put out, at every level."""
    quiet.install()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(exc_text)s %(stack_info)s %(args)s"))
    listened = [(logging.getLogger(name), logging.getLogger(name).level) for name in ("", "lachan.engine")]
    for logger, _ in listened:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield out
    for logger, level in listened:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _nothing_of(planted: str, heard: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    printed = capfd.readouterr()
    assert planted not in heard.getvalue() + printed.out + printed.err


@pytest.mark.parametrize("logger", ["rasa", "rasa.core.processor", "rasa.core.channels.rest", "rasa.not.there.yet"])
def test_a_line_of_rasas_says_only_where_it_came_from(
    logger: str, heard: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    log = logging.getLogger(logger)
    log.error("failed on %s", _PLANTED, extra={"text": _PLANTED}, stack_info=True)
    log.warning(f"a message: {_PLANTED}")
    try:
        raise ValueError(_PLANTED)
    except ValueError as error:
        log.exception(f"An exception: {error}")
        log.critical("worse", exc_info=error)
    assert heard.getvalue().count("rasa: test_quiet:") >= 4
    assert "ERROR" in heard.getvalue()
    assert "CRITICAL" in heard.getvalue()
    _nothing_of(_PLANTED, heard, capfd)


def test_lines_below_warning_are_not_even_made(heard: io.StringIO) -> None:
    for logger in ("rasa", "rasa.core.processor"):
        logging.getLogger(logger).info("%s", _PLANTED)
        logging.getLogger(logger).debug("%s", _PLANTED)
    structlog.get_logger().debug("processor.slots.log", slot_values=_PLANTED)
    structlog.get_logger().info("processor.message.parse", text=_PLANTED)
    assert heard.getvalue() == ""


def test_a_structlog_event_keeps_its_name_only(heard: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger("rasa.core.channels.rest")
    log.error("rest.message.received.failure", text=_PLANTED)
    log.bind(sender=_PLANTED).warning("rest.message.received.timeout", text=_PLANTED)
    try:
        raise ValueError(_PLANTED)
    except ValueError:
        log.exception("http.parse.text.failure", text=_PLANTED)
    for name in ("rest.message.received.failure", "rest.message.received.timeout", "http.parse.text.failure"):
        assert f"rasa: {name}" in heard.getvalue()
    _nothing_of(_PLANTED, heard, capfd)


@pytest.mark.parametrize("event", [_PLANTED, f"failed: {_PLANTED}", f"rest.{_PLANTED}", "", "Secret", "0912345678"])
def test_a_structlog_event_that_is_no_constant_loses_its_name(
    event: str, heard: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger().error(event)
    assert "rasa: event" in heard.getvalue()
    if event:
        _nothing_of(event, heard, capfd)


def test_a_warning_of_rasas_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(record=True) as shown:
        quiet.install()
        warnings.warn_explicit(_PLANTED, UserWarning, "processor.py", 1, module="rasa.core.processor")
    assert not shown
    assert _PLANTED not in capfd.readouterr().err


def test_installing_again_changes_nothing(heard: io.StringIO) -> None:
    quiet.install()
    quiet.install()
    logging.getLogger("rasa").error("once")
    assert heard.getvalue().count("rasa: test_quiet:") == 2, "one line, heard by the root and by our own logger"


async def test_a_whole_talk_leaves_no_word(
    engine: RasaEngine, heard: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Rules, a form that takes the words into a slot, a fallback, and an action that breaks with the words in hand."""
    texts = ("xin chào", "mời cán bộ tuyên truyền", f"xã {_PLANTED}", "vâng", f"{_PLANTED} {_PLANTED}", "máy hỏng rồi")
    with pytest.raises(EngineError) as caught:
        for text in texts:
            await engine.turn(f"talk {_PLANTED}", text, "vi")
    await engine.read(_PLANTED)
    assert "rasa: " in heard.getvalue(), "Rasa did log that the action broke"
    for planted in (_PLANTED, BROKEN):
        assert planted not in repr(caught.value)
        _nothing_of(planted, heard, capfd)
