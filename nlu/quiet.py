"""Keeps people's words out of the log.

Rasa formats trackers, messages and exceptions into its log lines, at error level too. Here a line of Rasa's says only
where it came from and how bad it is; whoever needs more reproduces it on a machine without citizens.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from typing import Any

import structlog

_log = logging.getLogger("lachan.engine")
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+")


class _PlaceOnly(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _log.log(record.levelno, "rasa: %s:%d", record.module, record.lineno)


def _event_only(_logger: Any, method: str, event: dict[str, Any]) -> str:
    """Rasa names its structlog events by constants ("processor.actions.log"); everything beside the name is dropped."""
    name = str(event.get("event", ""))
    level = getattr(logging, method.upper(), logging.WARNING)
    _log.log(level, "rasa: %s", name if _EVENT.fullmatch(name) else "event")
    raise structlog.DropEvent


def install(level: int = logging.WARNING) -> None:
    """Call once, before Rasa is imported for work. Safe to call again."""
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # by this Rasa decides whether to draw its own progress bars
    rasa = logging.getLogger("rasa")
    rasa.handlers = [_PlaceOnly()]
    rasa.propagate = False
    rasa.setLevel(level)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[_event_only],
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    warnings.filterwarnings("ignore", module=r"rasa\.|pkg_resources|jaraco|dask|sklearn|pykwalify")
