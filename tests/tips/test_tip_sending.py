"""Sending a tip: only after the summary, only once, and the code only when the tip is safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.tips.kit import (
    ANNA,
    BINH,
    CHEAP,
    PEPPER,
    STORY,
    House,
    code_in,
    make_house,
    only_report,
    payloads,
    picture,
    said,
    step_of,
)
from tips.citizen.conversation import TipTalk
from tips.citizen.outcome import Outcome
from tips.code import parse_code
from tips.dropbox import Dropbox, DropboxError, SealedTip
from tips.envelope import derive
from tips.police.officers import OpenedOfficer
from tips.police.opening import NoGrant
from tips.police.store import SqlDropbox


def test_nobody_on_duty_keeps_the_tip(house: House, hear: Callable[..., Outcome]) -> None:
    hear(STORY)
    hear("gửi")
    refused = hear("gửi")
    assert not refused.done and "chưa gửi" in said(refused.replies) and "tip:send" in payloads(refused.replies[0])
    officer = house.officer()
    assert hear("gửi").done
    assert only_report(house, officer).what == STORY


class Failing:
    """A police's side that cannot be reached at the moment of the deposit."""

    def __init__(self, dropbox: SqlDropbox) -> None:
        self._dropbox = dropbox

    def __getattr__(self, name: str) -> object:
        return getattr(self._dropbox, name)

    def deposit(self, tip: SealedTip) -> None:
        raise DropboxError


def failing(dropbox: SqlDropbox) -> Dropbox:
    return Failing(dropbox)  # type: ignore[return-value]  # the other methods come through __getattr__


def test_no_code_is_shown_before_the_deposit(tmp_path: Path) -> None:
    house = make_house(tmp_path, wrap=failing)
    house.officer()
    house.talk.open(ANNA, "vi")
    house.talk.hear(ANNA, "vi", STORY)
    house.talk.hear(ANNA, "vi", "gửi")
    outcome = house.talk.press(ANNA, "vi", "tip:send")
    assert not outcome.done and "vẫn giữ đủ" in said(outcome.replies)
    with pytest.raises(AssertionError):
        code_in(outcome.replies)
    draft = house.drafts.load(ANNA)
    assert draft and draft.answers


@pytest.mark.parametrize("error", [OperationalError("DELETE", {}, Exception()), sqlite3.OperationalError("disk full")])
def test_the_code_is_shown_even_if_the_draft_cannot_be_dropped(
    error: Exception,
    house: House,
    officer: OpenedOfficer,
    hear: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_ref: str, _sending: object) -> None:
        raise error

    hear(STORY)
    hear("gửi")
    monkeypatch.setattr(house.drafts, "mark_sent", fail)
    code = code_in(hear("gửi").replies)
    assert code_in(hear("gửi").replies) == code  # the draft is still there: the same tip, once
    assert len(house.inbox.list(officer).lines) == 1


def test_an_old_send_button_shows_the_summary_first(
    house: House, officer: OpenedOfficer, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    assert step_of(press("tip:send")) == "summary"
    assert house.inbox.list(officer).lines == ()
    assert step_of(press("tip:edit:nonsense")) == "summary"
    sent = press("tip:send")
    again = press("tip:send")  # a second tap, or the first answer was lost
    assert sent.done and again.done and code_in(again.replies) == code_in(sent.replies)
    assert len(house.inbox.list(officer).lines) == 1


def test_a_tip_in_english(house: House, officer: OpenedOfficer) -> None:
    assert "You need not give a name" in said(house.talk.open(ANNA, "en"))
    house.talk.hear(ANNA, "en", "A friend is locked up")
    house.talk.hear(ANNA, "en", "send")
    assert "Your code" in said(house.talk.hear(ANNA, "en", "yes").replies)
    assert only_report(house, officer).language == "en"


def test_an_officer_of_another_unit_opens_nothing(house: House, officer: OpenedOfficer) -> None:
    stranger = house.officer("stranger", on_duty=False)
    house.tell(STORY)
    (line,) = house.inbox.list(stranger).lines
    assert not line.readable and line.first_line == "" and line.provinces == ()
    with pytest.raises(NoGrant):
        house.inbox.open(stranger, line.tip_id)


def test_a_file_alone_makes_a_tip(house: House, officer: OpenedOfficer) -> None:
    house.tell(photos=(picture(),))
    (line,) = house.inbox.list(officer).lines
    assert line.files == 1 and line.readable and line.first_line == ""


# ---------------------------------------------------------------- after sending
@pytest.mark.parametrize("again", ["gửi", "có", "tip:send"])
def test_the_code_is_shown_again_for_15_minutes(
    again: str, house: House, officer: OpenedOfficer, press: Callable[[str], Outcome]
) -> None:
    code = house.tell(STORY, photos=(picture(),))
    assert not house.talk.has_draft(ANNA) and house.drafts.weigh(ANNA).count == 0
    lookup = derive(parse_code(code), PEPPER, CHEAP).lookup
    for minutes in (0, 14):
        house.clock.move(minutes=minutes)
        shown = press(again) if again.startswith("tip:") else house.talk.hear(ANNA, "vi", again)
        assert shown.done and code_in(shown.replies) == code
        assert house.talk.sent_lookup(ANNA) == lookup
    house.clock.move(minutes=1)
    assert "không còn giữ" in said(press("tip:send").replies)
    assert house.talk.sent_lookup(ANNA) is None


@pytest.mark.parametrize(
    "something",
    [
        lambda talk: talk.hear(ANNA, "vi", "còn bên Lào thì sao?"),
        lambda talk: talk.hear(ANNA, "vi", "không"),
        lambda talk: talk.attach(ANNA, "vi", picture()),
        lambda talk: talk.place(ANNA, "vi", 1.0, 2.0),
        lambda talk: talk.press(ANNA, "vi", "tip:cancel"),
        lambda talk: talk.open(ANNA, "vi"),
        lambda talk: talk.forget(ANNA),
    ],
)
def test_anything_else_forgets_the_code(
    something: Callable[[TipTalk], object], house: House, officer: OpenedOfficer, press: Callable[[str], Outcome]
) -> None:
    code = house.tell(STORY)
    something(house.talk)
    assert house.talk.sent_lookup(ANNA) is None
    assert code not in said(press("tip:send").replies)
    files = b"".join(path.read_bytes() for path in Path(str(house.citizen_store.engine.url.database)).parent.iterdir())
    assert house.talk.has_draft(ANNA) or ANNA.encode() not in files  # begun anew, or no trace


def test_forgetting_leaves_a_tip_that_is_being_told(house: House, hear: Callable[..., Outcome]) -> None:
    hear(STORY)
    house.talk.forget(ANNA)
    house.talk.forget(BINH)
    assert house.talk.has_draft(ANNA) and house.talk.sent_lookup(ANNA) is None


def test_what_can_be_chosen_after_sending(
    house: House, officer: OpenedOfficer, press: Callable[[str], Outcome]
) -> None:
    house.tell(STORY)
    last = press("tip:send").replies[-1]
    assert payloads(last) == ["tip:leave", "tip:watch", "code:enter", "say:help"]
    assert "không kèm nội dung" in last.aside
