"""A contest's life and what may be in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quiz.contests import Plan, PlanError, State, StateError
from tests.quiz.kit import World

GROUP = "Hội Phụ nữ xã Đại Phước"


def test_from_draft_to_open_to_closed(world: World) -> None:
    made = world.contests.create(world.organiser, world.plan("  Tìm hiểu\u200b  luật  ", wait=1))
    assert (made.state, made.title) == (State.DRAFT, "Tìm hiểu luật")
    assert world.contests.open_now() == []
    opened = world.contests.open(made.id)
    assert (opened.state, opened.opens_at) == (State.OPEN, world.at)
    assert [contest.id for contest in world.contests.open_now()] == [made.id]
    world.later(minutes=30)
    closed = world.contests.close(made.id)
    assert (closed.state, closed.closes_at) == (State.CLOSED, world.at)


def test_the_clock_opens_and_closes(world: World) -> None:
    made = world.contests.create(world.organiser, world.plan(wait=2, hours=3))
    assert world.contests.sweep() == []
    world.later(hours=2)
    assert [contest.state for contest in world.contests.sweep()] == [State.OPEN]
    world.later(hours=2, minutes=59, seconds=59)
    assert world.contests.sweep() == []
    world.later(seconds=1)
    assert [contest.state for contest in world.contests.sweep()] == [State.CLOSED]
    after = world.contests.get(made.id)
    assert after is not None and after.closes_at == made.closes_at


def test_a_draft_whose_time_has_passed_unseen_closes(world: World) -> None:
    made = world.contests.create(world.organiser, world.plan(wait=1, hours=1))
    world.later(days=3)
    world.contests.sweep()
    after = world.contests.get(made.id)
    assert after is not None and after.state == State.CLOSED


def test_pressing_twice_is_no_error(world: World) -> None:
    made = world.contest()
    world.later(minutes=5)
    assert world.contests.open(made.id).opens_at == made.opens_at
    closed = world.contests.close(made.id)
    world.later(minutes=5)
    assert world.contests.close(made.id).closes_at == closed.closes_at


def test_nothing_leads_back(world: World) -> None:
    draft = world.contests.create(world.organiser, world.plan(wait=1))
    with pytest.raises(StateError) as early:
        world.contests.close(draft.id)
    assert "chưa mở" in early.value.told
    world.contests.open(draft.id)
    for act in (world.contests.delete, lambda id: world.contests.change(id, world.plan())):
        with pytest.raises(StateError):
            act(draft.id)
    world.contests.close(draft.id)
    with pytest.raises(StateError) as late:
        world.contests.open(draft.id)
    assert "đã đóng" in late.value.told
    with pytest.raises(StateError):
        world.contests.open(12345)


def test_a_draft_can_be_changed_and_deleted(world: World) -> None:
    made = world.contests.create(world.organiser, world.plan(wait=1))
    changed = world.contests.change(made.id, world.plan("Tên khác hẳn", wait=2, count=7))
    assert (changed.title, changed.question_count) == ("Tên khác hẳn", 7)
    world.contests.delete(made.id)
    assert world.contests.listed(GROUP) == []


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"title": "Thi"}, "title", "từ 5 đến 100"),
        ({"title": "x" * 101}, "title", "tên này có 101"),
        ({"title": "\u202e\u200b \n"}, "title", "tên này có 0"),
        ({"question_count": 2}, "question_count", "Chọn từ 3 đến 30"),
        ({"question_count": 31}, "question_count", "Chọn từ 3 đến 30"),
        ({"closes": -1}, "closes_at", "sau lúc này"),
        ({"opens": 5, "closes": 4}, "closes_at", "Giờ đóng phải sau giờ mở"),
        ({"closes": 0.1}, "closes_at", "ít nhất 10 phút"),
        ({"closes": 24 * 100}, "closes_at", "dài nhất 3 tháng"),
        ({"opens": -30}, "opens_at", "Giờ mở đã qua"),
    ],
)
def test_what_is_refused(world: World, change: dict[str, object], field: str, told: str) -> None:
    plan = Plan(
        title=str(change.get("title", "Tìm hiểu luật")),
        opens_at=world.at + timedelta(hours=float(str(change.get("opens", 0)))),
        closes_at=world.at + timedelta(hours=float(str(change.get("closes", 24)))),
        question_count=int(str(change.get("question_count", 10))),
    )
    with pytest.raises(PlanError) as refused:
        world.contests.create(world.organiser, plan)
    assert list(refused.value.fields) == [field]
    assert told in refused.value.fields[field]
    assert world.contests.pending() == []


def test_all_that_is_wrong_is_said_at_once(world: World) -> None:
    with pytest.raises(PlanError) as refused:
        world.contests.create(world.organiser, Plan("x", world.at, world.at, 0))
    assert set(refused.value.fields) == {"title", "closes_at", "question_count"}


def test_a_group_sees_its_own_contests_only(world: World) -> None:
    colleague = world.add_organiser("mai", GROUP)
    stranger = world.add_organiser("lan", "Hội Phụ nữ phường An Phú")
    mine = world.contests.create(colleague, world.plan("Của chúng mình"))
    theirs = world.contests.create(stranger, world.plan("Của người khác"))
    assert [contest.id for contest in world.contests.listed(GROUP)] == [mine.id]
    assert world.contests.of_group(GROUP, mine.id) is not None
    assert world.contests.of_group(GROUP, theirs.id) is None
    assert world.contests.group_of(theirs) == "Hội Phụ nữ phường An Phú"


def test_the_next_one_to_open(world: World) -> None:
    assert world.contests.next_to_open() is None
    world.contests.create(world.organiser, world.plan("Sau nữa", wait=9))
    sooner = world.contests.create(world.organiser, world.plan("Gần nhất", wait=3))
    found = world.contests.next_to_open()
    assert found is not None and found.id == sooner.id
