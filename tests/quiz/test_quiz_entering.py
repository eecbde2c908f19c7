"""Entering a contest: which one, and under which name."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.citizen import Attempt
from quiz import names
from tests.quiz.kit import HOA, LAN, MAI, World, payloads, text


def test_nothing_is_open_and_nothing_comes(world: World) -> None:
    outcome = world.floor.join(LAN, "vi")
    assert "chưa có cuộc thi nào mở" in text(outcome)
    assert outcome.floor == ""
    assert payloads(outcome) == ["quiz:start", "say:help"]


def test_nothing_is_open_and_one_comes(world: World) -> None:
    world.contests.create(world.organiser, world.plan("Tháng sau", wait=26))
    told = text(world.floor.join(LAN, "vi"))
    assert "Tháng sau" in told
    assert "12:00, 25/11/2026" in told, "in Vietnam's time"


def test_one_is_open(world: World) -> None:
    world.contest("Tìm hiểu luật", count=7)
    outcome = world.floor.join(LAN, "vi")
    told = text(outcome)
    assert outcome.floor == "nickname"
    assert "Hội Phụ nữ xã Đại Phước" in told
    assert "7 câu" in told
    assert "10:00, 25/11/2026" in told
    assert "Mỗi người thi một lần" in told
    assert "đừng dùng tên thật" in told
    assert payloads(outcome) == ["contest:name:skip", "contest:name:leave"]


def test_several_are_open(world: World) -> None:
    first = world.contest("Cuộc thi của xã mình rất là dài tên cho nên phải cắt bớt", hours=2)
    second = world.contest("Cuộc thi thứ hai", hours=1)
    outcome = world.floor.join(LAN, "vi")
    assert outcome.floor == ""
    assert payloads(outcome) == [f"contest:enter:{second.id}", f"contest:enter:{first.id}", "say:help"]
    assert all(len(button.title) <= 40 for button in outcome.replies[0].buttons)
    chosen = world.floor.press(LAN, "vi", f"contest:enter:{second.id}")
    assert chosen.floor == "nickname"
    assert "Cuộc thi thứ hai" in text(chosen)


def test_a_name_and_then_the_first_question(world: World) -> None:
    world.contest()
    world.floor.join(LAN, "vi")
    world.later(minutes=4)
    outcome = world.floor.hear(LAN, "vi", "nickname", "  Hoa\u200b   Sen ")
    assert outcome is not None and outcome.floor == "quiz"
    assert "Chào Hoa Sen" in text(outcome)
    assert "Câu 1/5" in text(outcome)
    attempt = world.attempt(LAN)
    assert (attempt.nickname, attempt.started_at) == ("Hoa Sen", world.at), "the clock runs from the first question"


@pytest.mark.parametrize("said", ["bỏ qua", "Đặt tên giúp mình", "button"])
def test_no_name(world: World, said: str) -> None:
    world.contest()
    world.floor.join(LAN, "vi")
    if said == "button":
        outcome = world.floor.press(LAN, "vi", "contest:name:skip")
    else:
        heard = world.floor.hear(LAN, "vi", "nickname", said)
        assert heard is not None
        outcome = heard
    assert outcome.floor == "quiz"
    assert world.attempt(LAN).nickname.startswith("Người chơi ")
    assert len(world.attempt(LAN).nickname) == len("Người chơi ") + 4


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x" * 21, "21 chữ cái"),
        ("B", "ít nhất 2"),
        ("12", "có chữ cái"),
        ("!!!", "có chữ cái"),
        ("0912 345 678", "số điện thoại"),
        ("Lan 0912.345.678", "số điện thoại"),
        ("bit.ly/abc", "địa chỉ trang web"),
        ("www.abc.vn", "địa chỉ trang web"),
        ("@lanlan", "địa chỉ trang web"),
    ],
)
def test_names_that_cannot_stand(world: World, name: str, told: str) -> None:
    world.contest()
    world.floor.join(LAN, "vi")
    outcome = world.floor.hear(LAN, "vi", "nickname", name)
    assert outcome is not None and outcome.floor == "nickname"
    assert told in text(outcome)
    assert world.attempt(LAN).nickname == ""


def test_two_people_never_have_one_name(world: World) -> None:
    world.contest()
    world.enter(LAN, "Hoa Sen")
    outcome = world.enter(HOA, "hoa  SEN")
    assert outcome.floor == "nickname"
    assert "Đã có người lấy tên" in text(outcome)
    assert "Câu 1/5" in text(world.floor.hear(HOA, "vi", "nickname", "Hoa Sen 2"))
    assert "Câu 1/5" in text(world.enter(MAI, "Hoà Sen"))


def test_in_another_contest_the_name_is_free(world: World) -> None:
    first, second = world.contest(), world.contest("Cuộc thi khác")
    world.enter(LAN, "Hoa Sen", first)
    assert "Câu 1/5" in text(world.enter(HOA, "Hoa Sen", second))


def test_one_name_wanted_by_many_at_once_goes_to_one(world: World) -> None:
    world.contest()
    people = [f"{number:032d}" for number in range(6)]
    for person in people:
        world.floor.join(person, "vi")
    ready = threading.Barrier(len(people))
    told: list[str] = []

    def take(person: str) -> None:
        ready.wait()
        told.append(text(world.floor.hear(person, "vi", "nickname", "Hoa Sen")))

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("Câu 1/5" in one for one in told) == 1
    assert sum("Đã có người" in one for one in told) == 5


def test_entering_twice_at_once_makes_one_attempt(world: World) -> None:
    world.contest()
    ready = threading.Barrier(6)

    def enter() -> None:
        ready.wait()
        world.floor.join(LAN, "vi")
        world.floor.press(LAN, "vi", "contest:name:skip")

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.store.read() as session:
        assert session.query(Attempt).count() == 1


@pytest.mark.parametrize(
    "said",
    [
        "giải thưởng là gì",
        "mua bán người là gì?",
        "xin chào",
        "cho hỏi luật",
        "x " * 30,
        "bao tin cho cong an",
        "la gi vay",
        "so dien thoai 111",
        "bao nguoi bi lua",
        "xoa het du lieu cua toi",
        "Xoá hết",
        "cứu",
        "co bi lo ten khong",
        "bốn từ mà dài quá chừng",
        "b\u200bao tin",
    ],
)
def test_talk_is_no_name(world: World, said: str) -> None:
    world.contest()
    world.floor.join(LAN, "vi")
    assert world.floor.hear(LAN, "vi", "nickname", said) is None
    assert world.attempt(LAN).nickname == ""


@pytest.mark.parametrize(
    "name",
    [
        "Bảo Tín",
        "Cần Thơ",
        "Em Bi",
        "Sữa Chua",
        "cong chua",
        "Nguyen Thi Lai",
        "Chi hội 5",
        "Hello Kitty",
        "Ái Linh",
        "Dung",
        "Huy",
    ],
)
def test_names_that_resemble_talk_are_names(name: str) -> None:
    assert not names.is_talk(name)


def test_long_after_the_asking_a_message_is_no_name(world: World) -> None:
    world.contest()
    world.floor.join(LAN, "vi")
    world.later(hours=2)
    assert world.floor.hear(LAN, "vi", "nickname", "Hoa Sen") is None
    assert "Câu 1/5" in text(world.floor.press(LAN, "vi", "contest:name:skip"))


def test_a_name_after_the_end(world: World) -> None:
    world.contest(hours=0.5)
    world.floor.join(LAN, "vi")
    world.later(minutes=40)
    outcome = world.floor.hear(LAN, "vi", "nickname", "Hoa Sen")
    assert outcome is not None and outcome.floor == ""
    assert "chưa có cuộc thi nào mở" in text(outcome)


def test_not_entering_after_all(world: World) -> None:
    contest = world.contest()
    world.floor.join(LAN, "vi")
    outcome = world.floor.hear(LAN, "vi", "nickname", "thôi")
    assert outcome is not None and outcome.floor == ""
    assert f"contest:enter:{contest.id}" in payloads(outcome)
    assert world.reports.report(contest).standings == [], "whoever gave no name is not in the contest"
    assert world.reports.entrants([contest.id]) == {}


def test_a_draft_and_a_contest_that_is_not_there(world: World) -> None:
    draft = world.contests.create(world.organiser, world.plan(wait=5))
    assert "chưa mở" in text(world.floor.press(LAN, "vi", f"contest:enter:{draft.id}"))
    assert "không tìm thấy" in text(world.floor.press(LAN, "vi", "contest:enter:999"))


def test_english(world: World) -> None:
    world.contest()
    assert "One try per person" in text(world.floor.join(LAN, "en"))
    outcome = world.floor.press(LAN, "en", "contest:name:skip")
    assert "Hello Người chơi" in text(outcome), "the board is the same for everybody"


@given(st.text())
def test_cleaned_names_are_one_clean_line(typed: str) -> None:
    name = names.cleaned(typed)
    assert name == names.cleaned(name) == name.strip()
    assert name.isprintable() or not name
    assert "  " not in name


def test_signs_that_turn_or_hide_are_taken_out() -> None:
    assert names.cleaned("\u202eLan\u200d\x00\x1b[31m\nHoa") == "Lan[31m Hoa"
    assert names.key("Hoa  Sen") == names.key("HOASEN")
    assert names.key("Lan") != names.key("Lân")
