"""The hand-over where something goes another way: taken back, old buttons, cries, odd input."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from bot.guided import Guided
from bot.talks import Guiding
from content.reply import Reply
from db.citizen import Organiser
from guides.handover import HandoverGuide
from guides.handover.wishes import Wishes
from tests.guides.handover.conftest import KEYS

TOLD = ("vay vốn", "Đồng Nai", "xã Bình An", "0912345678", "buổi tối sau 8 giờ")


def test_taken_back(talks, rows, wishes: Wishes) -> None:
    person = talks()
    person.says(*TOLD, "đồng ý")
    (payload,) = [b.payload for b in person.last.buttons if b.title == "Rút lại"]
    assert "Chưa có ai của Hội mở ra đọc" in person.press(payload).replies[-1].text
    assert rows() == []
    assert "không còn ở đây" in person.press(payload).replies[-1].text
    person = talks()
    person.says(*TOLD, "đồng ý")
    (row,) = rows()
    wishes.take(row.id, 1)
    assert "đã mở đọc" in person.tap("Rút lại").replies[-1].text
    assert rows() == []


def test_taking_back_in_the_middle_of_another_wish_goes_on_with_it(talks, rows) -> None:
    person = talks()
    person.says(*TOLD, "đồng ý")
    payload = person.last.buttons[0].payload
    person.step = person.guide.begin("vi", "")
    person.tap("Việc làm")
    said, asked = person.press(payload).replies
    assert "Đã rút lại" in said.text and "tỉnh, thành nào" in asked.text
    assert person.step.kept["want"] == ["work"]


@pytest.mark.parametrize(
    "payload",
    [
        "w:loan",
        "yes:5",
        "no",
        "edit",
        "t:any",
        "p:ha-noi",
        "skip:time",
        "unknown:reach",
        "list:2",
        "e:want",
        "x",
        ":::",
    ],
)
def test_old_buttons_send_nothing(talks, rows, payload: str) -> None:
    person = talks()
    person.step = person.guide.press(None, "vi", payload)
    assert person.step.kept is None and "đã cũ" in person.last.text
    assert rows() == []


@pytest.mark.parametrize(
    "payload",
    ["w:gold", "yes:0", "yes:", "edit", "t:never", "p:atlantis", "p:", "skip:reach", "skip:province", "list:²", "list:99", "e:n",
     "e:", "", "withdraw:", "withdraw:xyz", "withdraw:" + "0" * 32, "💥"],
)  # fmt: skip
def test_buttons_that_nobody_made_ask_on(talks, rows, payload: str) -> None:
    person = talks()
    person.tap("Việc làm")
    person.press(f"guide:handover:{payload}")
    assert "tỉnh, thành nào" in person.last.text
    assert rows() == []


@pytest.mark.parametrize("asked", range(6))
def test_a_cry_for_help_ends_it_with_the_numbers(talks, rows, asked: int) -> None:
    cry = "cứu em với, em đang bị nhốt, họ đánh em"
    person = talks()
    person.says(*TOLD[:asked]) if asked else None
    step = person.says(cry)
    assert step.urgent and step.kept is None
    assert "113" in {call.number for call in step.replies[0].calls}
    assert talks(cry).step.urgent
    assert rows() == []


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "💥" * 300, "a" * 5000, "\x00\x07", "{", "{province}", "%s", "<b>", "Ａ", "ة"]
)
@pytest.mark.parametrize("asked", range(6))
def test_odd_input_breaks_nothing_and_sends_nothing(talks, rows, asked: int, text: str) -> None:
    person = talks()
    person.says(*TOLD[:asked]) if asked else None
    person.says(text)
    assert person.step.kept is not None
    assert rows() == []


def test_braces_are_shown_as_they_were_typed(talks, rows) -> None:
    person = talks()
    person.says("vay vốn", "Đồng Nai", "xã {commune}", "nhắn {0} qua <b>chị</b> Zalo", "tối")
    assert "xã {commune}" in person.last.text
    assert "nhắn {0} qua <b>chị</b> Zalo" in person.last.text
    person.tap("Đồng ý, gửi đi")
    assert len(rows()) == 1


def test_something_else_in_words(talks) -> None:
    person = talks()
    person.tap("Điều khác")
    assert "gõ vài chữ" in person.last.text
    person.says("xin cây giống", *TOLD[1:])
    assert "Điều khác: xin cây giống" in person.last.text
    person = talks()
    person.says("xin cây giống trồng rừng", *TOLD[1:])
    assert "Điều khác: xin cây giống trồng rừng" in person.last.text
    person = talks()
    person.says("em muốn vay vốn nuôi mười con gà", *TOLD[1:])
    assert "Vay vốn: em muốn vay vốn nuôi mười con gà" in person.last.text


def test_where_nobody_of_the_union_reads_nothing_is_asked(talks, store) -> None:
    with store.begin() as session:
        session.query(Organiser).delete()
    step = talks().step
    assert step.kept is None and "chưa có Hội Phụ nữ nào đọc" in step.replies[-1].text


def test_what_is_remembered_is_small_json(talks) -> None:
    person = talks()
    person.says("vay vốn " + "và nuôi gà " * 7, "Bà Rịa - Vũng Tàu", "x" * 60, "y" * 120, "z" * 60)
    kept = json.dumps(person.step.kept, ensure_ascii=False)
    assert json.loads(kept) == person.step.kept
    assert len(kept.encode()) < 700
    assert len(person.last.text) <= 900


@pytest.mark.parametrize("language", ["vi", "en"])
def test_bubbles_are_short_and_buttons_have_room(library, store, clock, language: str) -> None:
    guide = HandoverGuide(library, store, KEYS, clock)
    for key, words in library.phrases.items():
        if key.startswith("guide_handover."):
            assert words.speaks("en")
            assert len(words.say(language)) <= 600
    step = guide.begin(language, "")
    for button in step.replies[-1].buttons:
        assert len(button.title) <= 24


def test_it_goes_through_the_talks_sealed_row_and_its_buttons(guide: HandoverGuide) -> None:
    """As the bot keeps it: JSON between two messages, the bubble that asked once more after something else."""
    guided = Guided({"handover": guide})
    step, waiting = guided.press(None, "vi", "guide:handover")
    for payload in ("guide:handover:w:work", "guide:handover:p:thanh-pho-ho-chi-minh"):
        waiting = Guiding(**json.loads(json.dumps(asdict(waiting))))
        step, waiting = guided.press(waiting, "vi", payload)
    assert guided.hear(waiting, "vi", "phường này có Hội không?") is None
    assert Reply.from_dict(waiting.asked) == step.replies[-1]
    step, waiting = guided.press(waiting, "vi", "guide:handover:no")
    assert waiting is None
