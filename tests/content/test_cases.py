"""Tricks and cases: what is behind "Xem thêm", the text to share, the case that a message names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.answers import Answers
from actions.marks import Mark
from content import excerpts, render
from content.library import Library
from content.model import Statement, Topic, Words
from nlu.engine import Ask, Meaning

LIBRARY = Library.load()


def _statement(vi: str, en: str) -> Statement:
    return Statement(vi=vi, en=en, sources=("F1.01",))


BOAT = LIBRARY.topics["ask_forced_labour"].model_copy(
    update={
        "intent": "",
        "case": "boat",
        "of": "ask_forced_labour",
        "words": ("tàu cá", "đi biển"),
        "kind": "trick",
        "title": Words(vi="Bị bán lên tàu cá", en="Sold to a fishing boat"),
        "lead": _statement("Đây là chuyện tàu cá.", "This is about boats."),
        "story": _statement("Anh Nam tìm việc ở bến xe.", "Nam looked for work."),
        "happened": (_statement("Gọi 113.", "Call 113."), _statement("Nhớ số tàu.", "Remember the number.")),
        "more": (_statement("Thêm một điều.", "One more thing."),),
        "law": (_statement("Điều 297: tù 6 tháng.", "Article 297: 6 months in prison."),),
        "share": _statement("Cả nhà ơi, coi chừng nhé.", "Everybody, watch out."),
        "next": ("ask_victim_rights", "report_tip"),
    }
)


def _library(*topics: Topic) -> Library:
    """The content with these cases alone."""
    kept = {name: topic for name, topic in LIBRARY.topics.items() if not topic.case}
    return replace(LIBRARY, topics={**kept, **{topic.name: topic for topic in topics}})


WITH_BOAT = _library(BOAT)


@pytest.mark.parametrize("text", ["bị bán lên tàu cá", "em bi lua di TAU CA roi", "nó dụ đi biển, lương cao"])
def test_a_case_is_found_by_its_words_without_marks(text: str) -> None:
    found = WITH_BOAT.case_of("ask_forced_labour", text)
    assert found is not None
    assert found.name == "boat"


@pytest.mark.parametrize("text", ["tàu cánh ngầm", "ra tàu", "cá", ""])
def test_only_whole_words_count(text: str) -> None:
    assert WITH_BOAT.case_of("ask_forced_labour", text) is None


def test_a_case_is_a_case_of_its_intent_alone_and_the_longest_words_win() -> None:
    assert WITH_BOAT.case_of("ask_law", "tàu cá") is None
    far = BOAT.model_copy(update={"case": "far", "words": ("tàu cá xa bờ",)})
    for library in (_library(BOAT, far), _library(far, BOAT)):
        found = library.case_of("ask_forced_labour", "lên tàu cá xa bờ")
        assert found is not None and found.name == "far"


async def test_the_answer_to_a_message_that_names_a_case_is_the_cases() -> None:
    meaning = Meaning("ask_forced_labour", 0.9, text="bị bán lên tàu cá")
    told = await Answers(lambda: WITH_BOAT).answer(Ask("action_answer", meaning, "vi"))
    mark, reply = told.said
    assert mark == {Mark.ABOUT.value: "boat"}
    assert reply["text"].startswith("Đây là chuyện tàu cá.")
    meaning = Meaning("ask_forced_labour", 0.9, text="cưỡng bức lao động là gì")
    told = await Answers(lambda: WITH_BOAT).answer(Ask("action_answer", meaning, "vi"))
    assert told.said[0] == {Mark.ABOUT.value: "ask_forced_labour"}


def test_behind_more_are_story_and_help_in_one_bubble_and_the_rest_in_another() -> None:
    first, second = render.more(WITH_BOAT, "boat", "vi")
    assert first.text == (
        f"{WITH_BOAT.phrase('topic.story')}\nAnh Nam tìm việc ở bến xe.\n\n"
        f"{WITH_BOAT.phrase('topic.happened')}\n• Gọi 113.\n• Nhớ số tàu."
    )
    assert "Nguồn:" in first.note
    assert second.text == "Thêm một điều."
    assert not first.buttons and second.buttons[-1].payload == "say:help"
    (only,) = render.more(_library(BOAT.model_copy(update={"more": ()})), "boat", "en")
    assert only.calls and only.buttons
    assert "Nam looked for work." in only.text


def test_the_text_to_share_stands_alone() -> None:
    assert "share:boat" in [button.payload for button in render.answer(WITH_BOAT, "boat", "vi")[0].buttons]
    for language, text in (("vi", "Cả nhà ơi, coi chừng nhé."), ("en", "Everybody, watch out.")):
        (reply,) = render.share(WITH_BOAT, "boat", language)
        assert reply.text == text
        assert [button.payload for button in reply.buttons] == ["say:help"]
        assert not (reply.note or reply.calls or reply.aside)


def test_buttons_lead_to_cases_and_to_nothing_that_is_not_there() -> None:
    labour = LIBRARY.topics["ask_forced_labour"].model_copy(update={"next": ("boat", "gone", "report_tip")})
    payloads = [b.payload for b in render.next_buttons(_library(BOAT, labour), labour, "vi")]
    assert payloads == ["topic:boat", "say:report_tip", "say:help"]


def test_sides_of_a_case_are_the_cases_own() -> None:
    own = excerpts.penalty(WITH_BOAT, "boat", "vi")
    assert own is not None
    assert "6 tháng" in own.text


def test_every_line_of_law_is_said_in_english_to_whoever_reads_english() -> None:
    for topic in LIBRARY.topics.values():
        if topic.informs:
            (reply,) = render.answer(LIBRARY, topic.name, "en")
            assert all(line.en is None or line.en in reply.note for line in topic.law)


def test_every_trick_of_the_content_fits_one_bubble_behind_more() -> None:
    tricks = [topic for topic in LIBRARY.topics.values() if topic.kind == "trick"]
    assert tricks
    for topic in tricks:
        for language in ("vi", "en"):
            assert len(render.more(LIBRARY, topic.name, language)[0].text) <= 620
            assert len(render.answer(LIBRARY, topic.name, language)[0].buttons) <= 6
