"""Somebody came back: the steps at that place, who gets what, all of it sourced; nothing is promised, nothing is kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from content.library import Library
from content.model import ADVICE
from content.traps import traps_in
from guides.back import BackGuide
from guides.back.telling import RESTS
from guides.port import Step

TODAY = date(2026, 11, 24)
LONGEST_BUBBLE, LONGEST_TITLE = 600, 30
ODD = ["", "   ", "😢😢", "\x00\x01\x1b[0m", "x" * 100_000, "ạ" * 5_000, "\ud800", "?????", "{province}"]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(day=TODAY)


@pytest.fixture
def guide(library: Library) -> BackGuide:
    return BackGuide(library, lambda: TODAY)


def said(step: Step | None) -> str:
    assert step
    return "\n".join(reply.text for reply in step.replies)


def told(guide: BackGuide, *texts: str, language: str = "vi") -> Step:
    """The step after these words."""
    step: Step | None = guide.begin(language, "")
    for text in texts:
        assert step
        step = guide.hear(step.kept or {}, language, text)
    assert step
    return step


def pressed(guide: BackGuide, *rest: str, language: str = "vi") -> Step:
    step = guide.begin(language, "")
    for each in rest:
        step = guide.press(step.kept, language, each)
    return step


def _fits(step: Step) -> None:
    for reply in step.replies:
        assert 0 < len(reply.text) <= LONGEST_BUBBLE
        assert "{" not in reply.text
        assert len(reply.buttons) <= 6
        for button in reply.buttons:
            assert len(button.title) <= LONGEST_TITLE
            assert len(button.payload.encode()) <= 64
    assert len(json.dumps(dict(step.kept or {}))) < 400


WHERE = [
    ("where:home", "province:skip"),
    ("where:border", "province:skip"),
    ("where:abroad", "country:KH"),
    ("where:abroad", "country:other"),
    ("where:skip",),
]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("where", "age", "threat"), product(WHERE, ("under", "adult", "skip"), ("yes", "no", "skip")))
def test_every_way_leads_to_the_steps(
    guide: BackGuide, where: tuple[str, ...], age: str, threat: str, language: str
) -> None:
    path = (*where, f"age:{age}", f"threat:{threat}")
    for upto in range(len(path) + 1):
        step = pressed(guide, *path[:upto], language=language)
        assert (step.kept is None) == (upto == len(path))
        _fits(step)
        if upto < len(path):
            assert step.replies[-1].buttons[-1].payload.endswith((":skip", ":other")), "every question can be skipped"
    do, gets = step.replies
    assert do.calls
    assert do.note and gets.note
    assert step.urgent == (threat == "yes")
    assert not [found for reply in step.replies for found in traps_in(reply.text)]
    assert not re.search(r"\b0?3 ngày|\btriệu|\bđồng\b|3 days|million", said(step))


def test_the_buttons_below(guide: BackGuide) -> None:
    buttons = [b.payload for b in pressed(guide, "where:skip", "age:skip", "threat:skip").replies[-1].buttons]
    cases = ["topic:back_shelter", "topic:back_health", "topic:back_papers", "topic:back_legal_aid"]
    assert buttons == [*cases, "guide:handover", "say:help"]
    abroad = pressed(guide, "where:abroad", "country:other", "age:skip", "threat:skip").replies[-1].buttons
    assert [b.payload for b in abroad] == [*cases, "say:help"]  # the Union calls back in Vietnam


@pytest.mark.parametrize(
    ("text", "health", "was"),
    [
        ("Lào Cai", "Sở Y tế Lào Cai", ""),
        ("yen bai", "Sở Y tế Lào Cai", "Yên Bái nay thuộc Lào Cai"),
        ("em về Hà Giang rồi", "Sở Y tế Tuyên Quang", "Hà Giang nay thuộc Tuyên Quang"),
        ("tphcm", "Sở Y tế Thành phố Hồ Chí Minh", ""),
        ("Bình Dương", "Sở Y tế Thành phố Hồ Chí Minh", "Bình Dương nay thuộc Thành phố Hồ Chí Minh"),
        ("xã Mường Khương", "Sở Y tế Lào Cai", ""),
        ("sa pa", "Sở Y tế Lào Cai", ""),
    ],
)
def test_the_provinces_health_department(guide: BackGuide, text: str, health: str, was: str) -> None:
    end = said(told(guide, "ở nhà rồi", text, "bỏ qua", "bỏ qua"))
    assert health in end
    assert was in end


def test_all_34_provinces_and_all_former_ones_are_understood(guide: BackGuide, library: Library) -> None:
    assert len(library.places) == 34
    for place in library.places:
        for name in (place.name, *place.former):
            step = guide.hear({"where": "home"}, "vi", name)
            assert step and step.kept, name
            assert step.kept["province"] == place.name, name


def test_at_the_border(guide: BackGuide) -> None:
    end = told(guide, "em đang ở cửa khẩu Mộc Bài", "bỏ qua", "bỏ qua")
    assert "bộ đội biên phòng" in said(end)
    assert "Sở Y tế Tây Ninh" in said(end)
    assert "có thể không bị xử lý" in said(end)


def test_still_abroad(guide: BackGuide) -> None:
    end = told(guide, "em đang ở Campuchia", "đủ 18", "không")
    assert [call.number for call in end.replies[0].calls] == ["+84981848484", "117"]
    assert "Đại sứ quán" in said(end)
    assert "tâm lý" not in said(end).split("Khi đã được xác nhận")[0]  # abroad only a to d (Điều 37)
    assert "Sở Y tế Campuchia" not in said(end)


def test_a_child_has_111_first(guide: BackGuide) -> None:
    end = told(guide, "ở nhà rồi", "Lào Cai", "em 16 tuổi", "không")
    assert [call.number for call in end.replies[0].calls] == ["111", "113"]
    assert "gọi 111" in said(end)


def test_who_is_still_threatened_has_113_first(guide: BackGuide) -> None:
    end = told(guide, "ở nhà rồi", "Lào Cai", "em 16 tuổi", "có")
    assert end.urgent
    assert said(end).startswith("Còn bị đe dọa: gọi 113")
    assert [call.number for call in end.replies[0].calls] == ["113", "111"]


def test_a_threat_told_early_brings_113_at_once(guide: BackGuide) -> None:
    step = told(guide, "ở nhà rồi nhưng họ vẫn tìm")
    assert step.urgent
    assert "113" in said(step)
    assert step.kept == {"where": "home", "threat": "yes"}


def test_every_fact_rests_on_a_source(library: Library) -> None:
    for key, sources in RESTS.items():
        assert sources
        assert set(sources) <= set(library.sources), key
        assert f"guide_back.{key}" in library.phrases


def test_a_line_whose_facts_are_gone_is_not_said(library: Library) -> None:
    poorer = replace(library, sources={k: v for k, v in library.sources.items() if k not in ("F1.62", "TEL.TGPL")})
    step = pressed(BackGuide(poorer), "where:skip", "age:skip", "threat:skip")
    assert "1800 1233" not in said(step)
    assert ADVICE not in step.replies[-1].note


@pytest.mark.parametrize(
    "text", ["luật phạt bao nhiêu?", "cảm ơn bạn", "xin chào", "cho em hỏi lấy giấy ở đâu", "what is the law?"]
)
@pytest.mark.parametrize("kept", [{}, {"where": "home"}, {"where": "home", "province": "skip", "age": "adult"}])
def test_what_is_no_answer_is_the_engines(guide: BackGuide, text: str, kept: dict[str, str]) -> None:
    assert guide.hear(kept, "vi", text) is None


def test_a_cry_ends_it_with_the_numbers(guide: BackGuide) -> None:
    for step in (guide.hear({"where": "home"}, "vi", "cứu em với em đang bị nhốt"), guide.begin("vi", "cứu em với")):
        assert step
        assert step.urgent and step.kept is None
        assert step.replies[0].text.startswith("Nói được thì gọi 113")


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("kept", [{}, {"where": "home"}, {"where": "abroad"}, {"where": "skip", "age": "under"}])
def test_odd_words_break_nothing(guide: BackGuide, text: str, kept: dict[str, str]) -> None:
    for step in (guide.hear(kept, "vi", text), guide.begin("vi", text)):
        if step:
            _fits(step)


@pytest.mark.parametrize("rest", ["", "where", "where:moon", "country:XX", "province:Lào Cai", "x" * 64, ":::"])
@pytest.mark.parametrize("kept", [None, {}, {"where": 7, "age": ["x"]}])
def test_odd_buttons_ask_again(guide: BackGuide, rest: str, kept: dict[str, Any] | None) -> None:
    step = guide.press(kept, "vi", rest)
    _fits(step)
    assert step.kept is not None


def test_no_name_is_asked_for(guide: BackGuide) -> None:
    asked = " ".join(said(pressed(guide, *WHERE[0][:n])) for n in range(3)).casefold()
    assert "không cần nói tên" in asked
    assert "tên bạn" not in asked
