"""Which tips go to the slow lane, and above all which do not."""

from __future__ import annotations

import gc
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.police import Tip
from tests.load.tales import TRUE, gibberish
from tests.tips.kit import Clock, House, make_house
from tips.citizen import lanes
from tips.citizen.lanes import BURST_LEAST, Lanes
from tips.lanes import SLOW, Lane, is_slow, told
from tips.report import Report

KNOWN = set("co nguoi bi nhot o lao cai cuu em voi toi thay xe dem qua cho cua hang sau nha ban gai dua sang".split())
STORY = "Tôi thấy đêm qua có chiếc xe mười sáu chỗ chở mấy cô gái sang cửa khẩu, họ khóc, tài xế không cho ai xuống"
LETTERS = "abcdeghiklmnopqrstuvxy"
PLACES = ("Lào Cai", "Hà Giang", "An Giang", "Tây Ninh", "Sóc Trăng", "Nghệ An", "Lạng Sơn", "Cao Bằng")


class Line:
    """Lanes with a clock, and short ways to send."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.lanes = Lanes(lambda word: word in KNOWN, self.clock)
        self.dice = random.Random(5)
        self.sent = 0

    def send(
        self, what: str, ref: str = "", files: int = 0, danger: bool = False, provinces: tuple[str, ...] = ()
    ) -> str:
        """A tip of `ref`, or of somebody new."""
        self.sent += 1
        report = Report(what=what, danger=danger, provinces=provinces)
        return self.lanes.of(ref or f"new-{self.sent}", report, files)

    def burst(self) -> None:
        """Very many come at once, none like another."""
        for _ in range(BURST_LEAST):
            self.send(" ".join(gibberish(self.dice)) + f" {self.dice.getrandbits(64):x}")


@pytest.fixture
def line() -> Line:
    return Line()


def test_in_calm_times_whatever_is_told_stays_in_front(line: Line) -> None:
    for what in (
        "aaa",
        "",
        "xin chào",
        "qwrtp zxcvb lkjhg mnbvc poiuy",
        "Kuv nyob hauv lub tsev kaw",
        "co nguoi bi nhot o cho",
    ):
        assert line.send(what) == Lane.FRONT
        line.clock.move(minutes=5)


def test_a_third_tip_within_an_hour_is_one_of_many(line: Line) -> None:
    texts = [f"{STORY[: 20 + 9 * n]}" for n in range(5)]
    assert [line.send(text, "anna") for text in texts] == ["", "", "many", "many", "many"]
    assert line.send(texts[0], "binh") == "", "it says nothing of others"
    line.clock.move(minutes=59)
    assert line.send("Xe lạ đón người", "anna") == "many"
    line.clock.move(minutes=61)
    assert line.send("Xe lạ đón người ở bến", "anna") == ""


def test_who_cries_for_help_may_have_tried_it_out_before_and_may_cry_again(line: Line) -> None:
    for n in range(30):
        line.send(f"thử {n}", "anna")
    cries = ("cứu em với", "em bị nhốt ở kho", "nó sắp quay lại rồi", "nó đánh em")
    assert [line.send(cry, "anna", danger=True) for cry in cries] == ["", "", "", "many"]


def test_a_long_text_of_others_told_once_more_is_alike(line: Line) -> None:
    assert [line.send(STORY) for _ in range(4)] == ["", "", "alike", "alike"]
    changed = STORY.upper().replace("MƯỜI SÁU", "29").replace(",", " !!! ") + " 0987"
    assert line.send(changed) == "alike", "nor do capitals, signs, numbers and a changed word make it new"
    bare = "toi thay dem qua co chiec xe muoi sau cho cho may co gai sang cua khau, ho khoc, tai xe khong cho ai xuong"
    assert line.send(bare) == "alike"
    line.clock.move(hours=6)
    assert line.send(STORY) == ""


def test_ones_own_words_again_are_not_alike(line: Line) -> None:
    assert line.send(STORY, "anna") == ""
    assert line.send(STORY, "anna") == ""
    assert line.send(STORY, "binh") == "", "anna told it twice, but is one person"


@pytest.mark.parametrize("burst", [False, True])
def test_true_tips_stay_in_front(line: Line, burst: bool) -> None:
    """Also the one story that two witnesses tell in words of their own."""
    line.lanes = Lanes(lambda word: True, line.clock)
    if burst:
        line.burst()
    for tale in TRUE:
        assert line.send("\n".join(tale.answers), tale.sender) == "", tale.sender


def test_short_true_tips_are_alike_by_nature(line: Line) -> None:
    for place in PLACES:
        assert line.send(f"co nguoi bi nhot o {place}", provinces=(place,)) == ""


def test_numbers_alone_are_told_apart(line: Line) -> None:
    assert [line.send(f"09{n}1 234 56{n}") for n in range(8)] == [""] * 8
    assert [line.send("29B-123.45") for _ in range(4)] == ["", "", "", "alike"]


def test_the_same_cry_of_many_people_stays_in_front_longer(line: Line) -> None:
    assert [line.send("cứu em với", danger=True) for _ in range(7)] == [""] * 6 + ["alike"]


def test_in_a_burst_what_nobody_can_read_waits(line: Line) -> None:
    mash = "qwrtp zxcvb lkjhg mnbvc poiuy"
    assert line.send(mash) == ""
    line.burst()
    assert line.send(mash + " asdfg") == "unreadable"
    assert line.send("qwrtpzxcvblkjhgmnbvcpoiuy") == "unreadable"
    assert line.send(mash + " hjkl", danger=True) == "", "a cry was found in it"
    assert line.send("ຊ່ວຍຂ້ອຍແດ່ ຂ້ອຍຖືກຂັງຢູ່ໃນເຮືອນ") == "", "another script is not judged"
    assert line.send("我被关在房子里 请帮帮我 他们拿走了我的护照") == ""


def test_in_a_burst_what_says_nothing_waits(line: Line) -> None:
    line.burst()
    assert line.send("aaa") == "empty"
    assert line.send("toi thay") == "empty"
    assert line.send("toi thay", provinces=("Lào Cai",)) == "", "a place is something to go by"
    assert line.send("", files=1) == "", "so is a file: some cannot write"
    assert line.send("cuu", danger=True) == ""
    assert line.send("co nguoi bi nhot o kho") == "", "few words may be all that a person has"


def test_a_burst_is_over_ten_minutes_later(line: Line) -> None:
    line.burst()
    assert line.send("aaa") == "empty"
    line.clock.move(minutes=10)
    assert line.send("bbb") == ""


def test_what_is_usual_is_learned_but_a_flood_is_not(line: Line) -> None:
    for _ in range(144):  # a day with five tips every ten minutes
        for _ in range(5):
            line.send(f"{line.dice.getrandbits(64):x}")
            line.clock.move(minutes=2)
    line.burst()
    assert line.send("aaa") == "", "seventeen in ten minutes is not far above five"
    for _ in range(144):  # a day of flood, 36 every ten minutes
        line.clock.move(minutes=10)
        for _ in range(3):
            line.burst()
    assert line.send("bbb") == "empty", "it is still a flood at its end"


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch, line: Line) -> None:
    monkeypatch.setattr(lanes, "_SENDERS", 50)
    monkeypatch.setattr(lanes, "_TEXTS", 40)
    line.lanes = Lanes(lambda _: True, line.clock)
    for _ in range(300):
        line.send(" ".join("".join(line.dice.choices(LETTERS, k=8)) for _ in range(9)), files=1)
    assert len(line.lanes._senders._known) == 50
    assert len(line.lanes._texts._texts) == 40
    held = sum(map(len, line.lanes._texts._holding.values()))
    assert held == sum(len(text.sketch) for text in line.lanes._texts._texts.values())


def test_a_text_of_a_book_is_no_burden(line: Line) -> None:
    book = " ".join(f"{line.dice.choice('abcdegh')}{n:x}" for n in range(9_000))
    assert line.send(book) == ""
    (text,) = line.lanes._texts._texts.values()
    assert len(text.sketch) == lanes.SKETCH


def test_nothing_of_a_person_is_in_the_memory(line: Line) -> None:
    line.send("một-chuyện-bí-mật ở kho", "ref-of-anna")
    line.send("", "ref-of-binh")
    line.send("\ud800 \x00", "ref-of-chi")
    seen = [line.lanes.__dict__, line.lanes._senders.__dict__, line.lanes._texts.__dict__, line.lanes._rate.__dict__]
    for word in ("bí", "mật", "ref-of", "kho"):
        assert not any(word in repr(part) for part in seen)
    strings = [o for o in gc.get_referents(*line.lanes._texts._texts.values()) if isinstance(o, str)]
    assert strings == []
    one, other = Lanes(lambda _: True, line.clock), Lanes(lambda _: True, line.clock)
    assert one._hash("anna") != other._hash("anna"), "the key is this process's own"


def test_officers_are_told_why() -> None:
    sentences = [told(lane) for lane in SLOW]
    assert len(set(sentences)) == len(SLOW) == 4
    for lane, sentence in zip(SLOW, sentences, strict=True):
        assert is_slow(lane) and re.fullmatch(r"[A-ZĐ].+\.", sentence)
    for lane in ("", "from-a-later-day"):
        assert not is_slow(lane) and told(lane) == ""
    assert all(len(lane) <= Tip.lane.type.length for lane in Lane)


def test_the_lane_travels_with_the_tip(tmp_path: Path) -> None:
    clock = Clock()
    house: House = make_house(tmp_path, lane=Lanes(lambda word: word in KNOWN, clock).of)
    house.officer()
    for n in range(4):
        house.tell(f"Chuyện thứ {'abcd'[n]}")
    with house.police_store.read() as session:
        assert list(session.scalars(select(Tip.lane).order_by(Tip.number))) == ["", "", "many", "many"]
    clock.move(seconds=timedelta(hours=1).total_seconds())
    house.citizen_store.close()
    house.police_store.close()
