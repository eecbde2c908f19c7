"""Killed or cut off at any moment of sending: one tip, one code, and every word still there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from db.police import Tip, Unit
from tests.tips.kit import (
    ANNA,
    BINH,
    STORY,
    House,
    code_in,
    files_in,
    make_house,
    only_report,
    only_tip,
    picture,
    said,
)
from tips.citizen.outcome import Outcome
from tips.citizen.steps import Sending, Step
from tips.dropbox import Dropbox, DropboxError, SealedPart, SealedTip
from tips.police.officers import OpenedOfficer
from tips.police.store import SqlDropbox
from tips.report import Report


class Killed(BaseException):
    """Stands for `kill -9`: nothing catches it."""


class Killing:
    """A police's side at which the process dies, just before a deposit is kept or just after, so often."""

    def __init__(self, dropbox: SqlDropbox) -> None:
        self._dropbox = dropbox
        self.before = self.after = self.lost = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._dropbox, name)

    def deposit(self, tip: SealedTip) -> None:
        if self.before:
            self.before -= 1
            raise Killed
        self._dropbox.deposit(tip)
        if self.after:
            self.after -= 1
            raise Killed
        if self.lost:
            self.lost -= 1
            raise DropboxError  # it was kept, but the answer did not come


@dataclass
class Line:
    """A house on whose way to the police something can happen."""

    house: House
    officer: OpenedOfficer
    way: Killing

    def told(self) -> None:
        """A tip stands at its summary."""
        talk = self.house.talk
        talk.open(ANNA, "vi")
        talk.hear(ANNA, "vi", STORY)
        talk.hear(ANNA, "vi", "Lào Cai")
        talk.attach(ANNA, "vi", picture(), "ảnh xe")
        talk.hear(ANNA, "vi", "gửi")

    def send(self) -> Outcome:
        return self.house.talk.press(ANNA, "vi", "tip:send")

    def tips(self) -> int:
        with self.house.police_store.read() as session:
            return session.scalar(select(func.count()).select_from(Tip)) or 0


def unreachable(_lookup: bytes) -> None:
    raise DropboxError


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    ways: list[Killing] = []

    def wrap(dropbox: SqlDropbox) -> Dropbox:
        ways.append(Killing(dropbox))
        return ways[-1]  # type: ignore[return-value]  # the other methods come through __getattr__

    house = make_house(tmp_path, wrap=wrap)
    yield Line(house, house.officer(), ways[0])
    house.citizen_store.close()
    house.police_store.close()


@pytest.mark.parametrize(("before", "after"), [(1, 0), (0, 1), (3, 0), (2, 1)])
def test_killed_around_the_deposit_there_is_one_tip_with_one_code(line: Line, before: int, after: int) -> None:
    line.told()
    line.way.before, line.way.after = before, after
    for _ in range(before + after):
        with pytest.raises(Killed):
            line.send()
        draft = line.house.drafts.load(ANNA)
        assert draft and draft.answers[Step.WHAT] == STORY and line.house.drafts.weigh(ANNA).files == 1
    code = code_in(line.send().replies)
    assert line.tips() == 1 and code_in(line.send().replies) == code
    report = only_report(line.house, line.officer)
    assert (report.what, report.where, report.photo_note) == (STORY, "Lào Cai", "ảnh xe")
    assert len(files_in(line.house, line.officer)) == 1
    assert "chưa có trả lời" in said(line.house.codes.hear(ANNA, "vi", code).replies)


def test_killed_after_the_draft_was_erased_the_code_comes_again(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.told()
    mark_sent = line.house.drafts.mark_sent

    def and_die(ref: str, sending: Sending) -> None:
        mark_sent(ref, sending)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(line.house.drafts, "mark_sent", and_die)
        line.send()
    code = code_in(line.send().replies)
    assert line.tips() == 1
    assert "chưa có trả lời" in said(line.house.codes.hear(ANNA, "vi", code).replies)


@pytest.mark.parametrize("now", ["shut", "nobody", "unreachable"])
def test_a_tip_that_got_there_is_known_to_be_there_whatever_is_now(
    now: str, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.told()
    line.way.after = 1
    with pytest.raises(Killed):
        line.send()
    if now == "shut":
        monkeypatch.setattr(line.house.talk, "_is_open", lambda: False)
    elif now == "nobody":
        with line.house.police_store.begin() as session:
            session.execute(update(Unit).values(on_duty=False))
    else:  # found it cannot be; an outbox of one's own takes it all the same, and knows it
        monkeypatch.setattr(line.house.dropbox, "find", unreachable)
    code = code_in(line.send().replies)
    monkeypatch.undo()
    assert line.tips() == 1
    assert "chưa có trả lời" in said(line.house.codes.hear(ANNA, "vi", code).replies)


def test_a_shut_line_does_not_take_what_did_not_get_there(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.told()
    line.way.before = 1
    with pytest.raises(Killed):
        line.send()
    monkeypatch.setattr(line.house.talk, "_is_open", lambda: False)
    assert "tạm nghỉ" in said(line.send().replies) and line.tips() == 0
    monkeypatch.undo()
    assert line.send().done and line.tips() == 1


def test_what_was_told_since_waits_until_it_can_be_asked(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.told()
    line.way.after = 1
    with pytest.raises(Killed):
        line.send()
    line.house.talk.hear(ANNA, "vi", "và con nhỏ")
    with monkeypatch.context() as patch:
        patch.setattr(line.house.dropbox, "find", unreachable)
        assert "chưa gửi được" in said(line.send().replies)
    assert line.send().done
    assert [addition.text for addition in only_tip(line.house, line.officer).additions] == [f"{STORY}\nvà con nhỏ"]


@pytest.mark.parametrize("in_between", ["killed", "lost"])
def test_what_was_told_after_a_try_that_got_there_is_added(line: Line, in_between: str) -> None:
    line.told()
    talk = line.house.talk
    if in_between == "killed":
        line.way.after = 1
        with pytest.raises(Killed):
            line.send()
    else:
        line.way.lost = 1
        assert "chưa gửi được" in said(line.send().replies)
    talk.hear(ANNA, "vi", "Chị ấy mang theo con nhỏ", danger=True)
    talk.attach(ANNA, "vi", picture(80, 60))
    assert line.send().done
    tip = only_tip(line.house, line.officer)
    assert tip.report and tip.report.what == STORY and tip.danger
    assert [addition.text for addition in tip.additions] == [f"{STORY}\nChị ấy mang theo con nhỏ"]
    assert len(tip.files) == 2 and line.tips() == 1


def test_a_file_told_after_such_a_try_keeps_its_original(line: Line) -> None:
    other = line.house.officer("minh")
    line.told()
    line.way.lost = 1
    line.send()
    data = picture(80, 60, comment=b"as it came")
    line.house.talk.attach(ANNA, "vi", data)
    assert line.send().done
    tip, originals = only_tip(line.house, line.officer), line.house.inbox.originals
    assert [original.clean_id for original in tip.originals] == [file.part_id for file in tip.files]
    request = originals.ask(other, tip.tip_id, tip.originals[1].part_id, "Cần xem biển số trong ảnh gốc")
    originals.agree(line.officer, tip.tip_id, request)
    assert originals.fetch(other, tip.tip_id, tip.originals[1].part_id) == data


def test_what_is_added_after_such_a_try_is_added_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.told()
    line.way.after = 1
    with pytest.raises(Killed):
        line.send()
    for text, step in (("tối qua", "when"), ("nghe kể", "how")):
        line.house.talk.press(ANNA, "vi", "tip:edit")
        line.house.talk.press(ANNA, "vi", f"tip:edit:{step}")
        line.house.talk.hear(ANNA, "vi", text)
    add = line.house.dropbox.add
    calls = 0

    def and_die(part: SealedPart, danger: bool = False) -> None:
        nonlocal calls
        add(part, danger=danger)
        calls += 1
        if calls in (1, 3):
            raise Killed

    monkeypatch.setattr(line.house.dropbox, "add", and_die)
    for _ in range(2):
        with pytest.raises(Killed):
            line.send()
    assert line.send().done
    texts = [addition.text for addition in only_tip(line.house, line.officer).additions]
    assert texts == ["tối qua", "nghe kể"] and line.tips() == 1


def test_told_anew_after_a_try_that_did_not_get_there_it_goes_as_it_is_now(line: Line) -> None:
    line.told()
    line.way.before = 1
    with pytest.raises(Killed):
        line.send()
    line.house.talk.hear(ANNA, "vi", "và con nhỏ")
    assert line.send().done
    tip = only_tip(line.house, line.officer)
    assert tip.report and tip.report.what == f"{STORY}\nvà con nhỏ" and tip.additions == ()


@pytest.mark.parametrize("action", ["tip:cancel", "xoá hết"])
def test_leaving_after_a_try_that_got_there_shows_the_code(line: Line, action: str) -> None:
    line.told()
    line.way.lost = 1
    line.send()
    talk = line.house.talk
    left = talk.press(ANNA, "vi", action) if action.startswith("tip:") else talk.hear(ANNA, "vi", action)
    assert left.done and code_in(left.replies) and line.tips() == 1


def test_leaving_when_nobody_can_tell_says_so(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.told()
    line.way.lost = 1
    line.send()
    monkeypatch.setattr(line.house.dropbox, "find", unreachable)
    assert "chưa rõ đã tới" in said(line.house.talk.press(ANNA, "vi", "tip:cancel").replies)
    gone = line.house.talk.press(ANNA, "vi", "tip:delete")
    assert gone.done and "có thể đã tới" in said(gone.replies) and not line.house.talk.has_draft(ANNA)


def test_leaving_after_a_try_that_did_not_get_there_asks_as_always(line: Line) -> None:
    line.told()
    line.way.before = 1
    with pytest.raises(Killed):
        line.send()
    assert "Chưa có gì được gửi" in said(line.house.talk.press(ANNA, "vi", "tip:cancel").replies)
    assert "chưa gửi gì" in said(line.house.talk.press(ANNA, "vi", "tip:delete").replies)
    assert line.tips() == 0


def test_the_lane_is_asked_once_a_tip_and_fails_nobody(tmp_path: Path) -> None:
    asked: list[tuple[str, str, int]] = []

    def lane(ref: str, report: Report, count: int) -> str:
        asked.append((ref, report.what, count))
        if len(asked) > 1:
            raise ValueError
        return "many"

    ways: list[Killing] = []

    def wrap(dropbox: SqlDropbox) -> Dropbox:
        ways.append(Killing(dropbox))
        return ways[-1]  # type: ignore[return-value]

    house = make_house(tmp_path, wrap=wrap, lane=lane)
    house.officer()
    line = Line(house, house.officer("minh"), ways[0])
    line.told()
    ways[0].before = 2
    for _ in range(2):
        with pytest.raises(Killed):
            line.send()
    assert line.send().done
    assert asked == [(ANNA, STORY, 1)]
    house.tell("Chuyện khác", ref=BINH)
    with house.police_store.read() as session:
        assert list(session.scalars(select(Tip.lane).order_by(Tip.number))) == ["many", ""]
