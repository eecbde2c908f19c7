"""In danger now: the numbers stay on the screen, each answer changes what is shown, nothing is kept at the end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from content.library import Library
from content.reply import Reply
from guides.danger import DangerGuide
from guides.danger.abroad import countries, place_in
from guides.port import Step

TODAY = date(2026, 11, 24)
LONGEST_BUBBLE, LONGEST_TITLE = 400, 30
MOFA = "+84981848484"
ODD = [
    "",
    "   ",
    "😢😢",
    "\x00\x01\x1b[0m",
    "x" * 100_000,
    "ạ" * 5_000,
    "\ud800",
    "?????",
    "1",
    "-- ; DROP",
    "{country}",
]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(day=TODAY)


@pytest.fixture
def guide(library: Library) -> DangerGuide:
    return DangerGuide(library, lambda: TODAY)


def pressed(guide: DangerGuide, *rest: str, language: str = "vi") -> Step:
    """The step after these buttons."""
    step = guide.begin(language, "")
    for each in rest:
        step = guide.press(step.kept, language, each)
    return step


def numbers(step: Step) -> list[str]:
    """Those of the first bubble that has some."""
    return next(([call.number for call in reply.calls] for reply in step.replies if reply.calls), [])


def said(step: Step) -> str:
    return "\n".join(reply.text for reply in step.replies)


PATHS = [
    ("speak:yes", "where:home", "who:me"),
    ("speak:no", "where:home", "who:child"),
    ("speak:no", "where:abroad", "country:KH", "who:other"),
    ("speak:yes", "where:abroad", "country:MM", "who:child"),
    ("speak:yes", "where:abroad", "country:other", "who:me"),
    ("speak:skip", "where:skip", "who:skip"),
    ("speak:no", "where:skip", "who:skip"),
]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_way_leads_to_the_end(guide: DangerGuide, library: Library, path: tuple[str, ...], language: str) -> None:
    for upto in range(len(path) + 1):
        step = pressed(guide, *path[:upto], language=language)
        assert step.urgent
        assert step.replies[0].calls, "the numbers come first"
        assert (step.kept is None) == (upto == len(path))
        _fits(step)
    assert step.replies[-1].buttons[-1].payload == "say:help"
    assert not step.tip


def _fits(step: Step) -> None:
    for reply in step.replies:
        assert 0 < len(reply.text) <= LONGEST_BUBBLE
        assert "{" not in reply.text
        assert len(reply.buttons) <= 6
        for button in reply.buttons:
            assert len(button.title) <= LONGEST_TITLE
            assert len(button.payload.encode()) <= 64
        assert all(len(call.title) <= LONGEST_TITLE for call in reply.calls)
    assert len(json.dumps(dict(step.kept or {}))) < 300


def test_the_first_bubble_has_the_emergency_answers_numbers(guide: DangerGuide) -> None:
    assert numbers(guide.begin("vi", "")) == ["113", "111", MOFA]


def test_who_cannot_speak_gets_a_text_to_copy_and_a_quiet_tip(guide: DangerGuide) -> None:
    step = pressed(guide, "speak:no")
    advice, to_copy, question = step.replies
    assert "Tắt chuông" in advice.text
    assert to_copy.text.startswith("Mình gặp nguy hiểm, không nói được. Gọi 113 giúp mình.")
    assert to_copy == Reply(to_copy.text), "nothing but the text, so that it can be copied"
    assert ("Báo tin lặng lẽ", "say:report_tip") in [(b.title, b.payload) for b in question.buttons]
    assert "Tắt chuông" not in said(pressed(guide, "speak:yes"))


def test_the_text_to_copy_fits_the_place(guide: DangerGuide) -> None:
    abroad = pressed(guide, "speak:no", "where:abroad", "country:LA")
    assert "nguy hiểm ở Lào" in said(abroad)
    assert "+84 981 84 84 84 giúp mình" in said(abroad)
    assert "113" not in said(abroad)
    assert "Gọi 113 giúp mình" in said(pressed(guide, "speak:no", "where:home"))


def test_a_place_is_asked_for_in_a_tip_alone(guide: DangerGuide) -> None:
    asked = " ".join(said(pressed(guide, *path[:n])) for path in PATHS for n in range(len(path) + 1))
    assert "vị trí" in asked
    assert all("Báo tin" in line for line in asked.split("\n") if "vị trí" in line)
    assert "họ tên" not in asked.casefold()
    assert "tên bạn" not in asked.casefold()


@pytest.mark.parametrize(
    ("code", "dialled"),
    [
        ("KH", ["117"]),
        ("MM", ["+959660888998", "199"]),
        ("LA", ["1191"]),
        ("TH", ["191"]),
        ("CN", ["110"]),
        ("TW", ["110", "1955"]),
        ("MY", ["999"]),
        ("PH", ["911"]),
        ("KR", ["112"]),
        ("JP", ["110"]),
        ("SG", ["999"]),
        ("HK", ["999"]),
        ("AE", ["999"]),
    ],
)
def test_abroad_the_ministry_and_the_countrys_numbers(guide: DangerGuide, code: str, dialled: list[str]) -> None:
    assert numbers(pressed(guide, "speak:yes", f"country:{code}")) == [MOFA, *dialled]


def test_every_number_abroad_has_a_source_that_names_it(library: Library) -> None:
    known = countries(library)
    assert len(known) >= 12
    for country in known.values():
        for line in filter(None, (country.police, country.embassy, country.helpline)):
            facts = " ".join(library.sources[source].fact for source in line.sources).replace(" ", "")
            assert line.dial.replace(" ", "") in facts
            assert all(library.sources[source].mark in ("A", "B") for source in line.sources)


def test_a_number_whose_source_is_gone_is_not_shown(library: Library) -> None:
    poorer = replace(library, sources={k: v for k, v in library.sources.items() if k != "ABROAD.TH"})
    step = pressed(DangerGuide(poorer), "speak:yes", "where:abroad", "country:other")
    assert "TH" not in countries(poorer)
    assert numbers(step) == [MOFA, "+84965411118"]


def test_a_country_without_a_number_is_said_honestly(guide: DangerGuide) -> None:
    step = guide.hear(pressed(guide, "speak:yes", "where:abroad").kept or {}, "vi", "Ba Lan")
    assert step
    assert "chưa có số công an chắc chắn" in said(step)
    assert numbers(step)[0] == MOFA


def test_a_child_gets_111(guide: DangerGuide) -> None:
    home = pressed(guide, "speak:yes", "where:home", "who:child")
    assert "111" in numbers(home)
    assert "111" in said(home)
    assert "111" not in said(pressed(guide, "speak:yes", "country:KH", "who:child"))  # it cannot be dialled from there


def test_what_can_and_cannot_be_cleared(guide: DangerGuide) -> None:
    assert "“ẩn”" in said(guide.begin("vi", ""))
    last = pressed(guide, *PATHS[0]).replies[-1].text
    for words in ("“ẩn”", "Thoát nhanh", "Zalo", "tự xóa"):
        assert words in last


@pytest.mark.parametrize(
    ("language", "talk", "kept"),
    [
        ("vi", ["không nói được"], {"speak": "no"}),
        ("vi", ["ko noi duoc dau", "o campuchia"], {"speak": "no", "where": "abroad", "country": "KH"}),
        ("vi", ["nói được", "xã Mường Khương"], {"speak": "yes", "where": "home"}),
        ("vi", ["có", "Đài Loan"], {"speak": "yes", "where": "abroad", "country": "TW"}),
        ("vi", ["bỏ qua", "nước ngoài", "nga"], {"speak": "skip", "where": "abroad", "country": "RU"}),
        ("vi", ["họ nghe thấy, chỉ nhắn được, đang ở Bavet"], {"speak": "no", "where": "abroad", "country": "KH"}),
        ("en", ["I can't speak"], {"speak": "no"}),
        ("en", ["yes", "in Thailand"], {"speak": "yes", "where": "abroad", "country": "TH"}),
        ("en", ["skip", "my daughter"], {"speak": "skip", "who": "child"}),
    ],
)
def test_free_text_answers(guide: DangerGuide, language: str, talk: list[str], kept: dict[str, str]) -> None:
    step: Step | None = guide.begin(language, "")
    for text in talk:
        assert step
        step = guide.hear(step.kept or {}, language, text)
    assert step
    assert {k: v for k, v in (step.kept or {}).items() if k != "name"} == kept


def test_what_was_said_at_first_is_not_asked_for_again(guide: DangerGuide) -> None:
    step = guide.begin("vi", "em không nói được, em ở Myanmar")
    assert step.kept == {"speak": "no", "where": "abroad", "country": "MM", "name": "Myanmar"}
    assert "Ai đang cần cứu" in said(step)


@pytest.mark.parametrize("text", ["luật phạt bao nhiêu?", "cảm ơn bạn", "xin chào", "what is trafficking?", "báo tin"])
def test_what_is_no_answer_is_the_engines(guide: DangerGuide, text: str) -> None:
    assert guide.hear({}, "vi", text) is None


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("kept", [{}, {"speak": "no"}, {"speak": "yes", "where": "abroad"}])
def test_odd_words_break_nothing(guide: DangerGuide, text: str, kept: dict[str, str]) -> None:
    for step in (guide.hear(kept, "vi", text), guide.begin("vi", text)):
        if step:
            _fits(step)
            assert step.replies[0].calls


@pytest.mark.parametrize("rest", ["", "speak", "speak:", "speak:maybe", "country:XX", "x" * 64, "who:me:you", ":::"])
@pytest.mark.parametrize("kept", [None, {}, {"speak": 7, "where": ["x"], "who": None}])
def test_odd_buttons_ask_again(guide: DangerGuide, rest: str, kept: dict[str, Any] | None) -> None:
    step = guide.press(kept, "vi", rest)
    _fits(step)
    assert step.replies[0].calls


def test_an_old_button_still_helps(guide: DangerGuide) -> None:
    step = guide.press(None, "vi", "country:KH")
    assert numbers(step) == [MOFA, "117"]
    assert step.kept == {"where": "abroad", "country": "KH"}


def test_a_cry_without_an_answer_keeps_the_numbers_there(guide: DangerGuide) -> None:
    step = guide.hear({"speak": "yes"}, "vi", "cứu em với")
    assert step
    assert step.urgent
    assert numbers(step)[0] == "113"
    assert step.kept == {"speak": "yes"}


@pytest.mark.parametrize(
    ("text", "code", "province"),
    [
        ("Nga", "RU", ""),
        ("ở Đức", "DE", ""),
        ("hà giang", "VN", "Tuyên Quang"),
        ("Dubai", "AE", ""),
        ("Laos", "LA", ""),
    ],
)
def test_places(text: str, code: str, province: str) -> None:
    place = place_in(text, TODAY)
    assert place
    assert (place.code, place.province) == (code, province)
