"""Sending a tip: only after the summary, only once, and the code only when the tip is safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.tips.kit import ANNA, STORY, House, code_in, make_house, only_report, payloads, picture, said, step_of
from tips.citizen.outcome import Outcome
from tips.dropbox import Dropbox, DropboxError, SealedTip
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
    def fail(_ref: str) -> None:
        raise error

    hear(STORY)
    hear("gửi")
    monkeypatch.setattr(house.drafts, "drop", fail)
    assert code_in(hear("gửi").replies)


def test_an_old_send_button_shows_the_summary_first(
    house: House, officer: OpenedOfficer, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    assert step_of(press("tip:send")) == "summary"
    assert house.inbox.list(officer).lines == ()
    assert step_of(press("tip:edit:nonsense")) == "summary"
    assert press("tip:send").done
    assert press("tip:send").done  # a second tap: nothing is left to send
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


def test_photos_alone_make_a_tip(house: House, officer: OpenedOfficer) -> None:
    house.tell(photos=(picture(),))
    (line,) = house.inbox.list(officer).lines
    assert line.photos == 1 and line.readable and line.first_line == ""
