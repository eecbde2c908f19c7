"""A relative who is gone: every question can be skipped, no name is asked for, the sheet is made and kept nowhere."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from content.library import Library
from content.reply import File
from guides.port import Step
from guides.relative import RelativeGuide
from guides.relative.answers import LONGEST, OPTIONS, STEPS, Answers

TODAY = date(2026, 11, 24)
LONGEST_BUBBLE, LONGEST_TITLE = 600, 30
ODD = [
    "😢😢",
    "\x00\x01\x1b[0m",
    "x" * 100_000,
    "ễ" * 100_000,
    "\ud800abc",
    "{name}",
    "微信号",
    "a\nb\r\nc",
    "e\u0302\u0303" * 900,
]
TOLD = {
    "who": "nữ, khoảng 19 tuổi",
    "place": "Bavet, Campuchia, gần sòng bạc",
    "looks": "cao 1m58, tóc dài, sẹo ở cằm",
    "when": "tối 20/11 gọi Zalo được 2 phút",
    "company": "bạn học cũ rủ, số 0912 345 678",
    "papers": "mang căn cước",
    "said": "bảo cuối tháng gọi lại",
    "money": "80 triệu, hẹn trước 25/11",
}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(day=TODAY)


@pytest.fixture
def guide(library: Library) -> RelativeGuide:
    return RelativeGuide(library, lambda: TODAY)


def said(step: Step | None) -> str:
    assert step
    return "\n".join(f"{reply.text}\n{reply.aside}" for reply in step.replies)


def answered(guide: RelativeGuide, language: str = "vi", **told: str) -> Step:
    """The summary, after these answers; the other questions are skipped."""
    step: Step | None = guide.begin(language, "")
    for name in STEPS:
        assert step
        assert step.kept
        skipped = f"skip:{name}"
        step = (
            guide.hear(step.kept, language, told[name]) if name in told else guide.press(step.kept, language, skipped)
        )
    assert step
    return step


def made(guide: RelativeGuide, step: Step, language: str = "vi") -> tuple[Step, File]:
    end = guide.press(step.kept, language, "make")
    file = end.replies[-1].file
    assert file
    return end, file


def _fits(step: Step) -> None:
    for reply in step.replies:
        assert 0 < len(reply.body) <= LONGEST_BUBBLE + 60
        assert len(reply.buttons) <= 6
        for button in reply.buttons:
            assert len(button.title) <= LONGEST_TITLE
            assert len(button.payload.encode()) <= 64
    if step.kept is not None:
        assert len(json.dumps(dict(step.kept), ensure_ascii=False).encode()) <= 4000


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("told", [TOLD, {}, {"looks": TOLD["looks"]}])
def test_to_the_end(guide: RelativeGuide, told: dict[str, str], language: str) -> None:
    summary = answered(guide, language, **told)
    _fits(summary)
    end, file = made(guide, summary, language)
    _fits(end)
    assert end.kept is None and not end.tip
    assert (file.name, file.media_type) == ("thong-tin.pdf", "application/pdf")
    assert file.content.startswith(b"%PDF-")
    for words in told.values():
        assert words in file.instead
    assert "Họ tên: ...." in file.instead
    assert end.replies[-1].buttons


def test_each_question_can_be_skipped_and_the_last_one_changed(guide: RelativeGuide) -> None:
    step = guide.begin("vi", "")
    for number, name in enumerate(STEPS):
        payloads = [b.payload for b in step.replies[-1].buttons]
        assert f"guide:relative:skip:{name}" in payloads
        assert ("guide:relative:back" in payloads) == (number > 0)
        step = guide.press(step.kept, "vi", f"skip:{name}")
        _fits(step)


def test_no_name_is_asked_for(guide: RelativeGuide) -> None:
    step, asked = guide.begin("vi", ""), ""
    for name in STEPS:
        asked += said(step)
        step = guide.press(step.kept, "vi", f"skip:{name}")
    assert "Không cần nói tên" in asked
    assert "tên công ty" in asked  # that is another name
    assert not any(words in asked.casefold() for words in ("họ tên", "tên người", "tên gì", "ngày sinh"))


def test_options_by_button(guide: RelativeGuide) -> None:
    step = guide.begin("vi", "")
    for name, options in OPTIONS.items():
        for option in options:
            chosen = guide.press(step.kept, "vi", f"a:{name}:{option}")
            assert chosen.kept
            assert chosen.kept["o"] == {name: option}
            _fits(chosen)


def test_a_change_replaces_what_was_there(guide: RelativeGuide) -> None:
    step = guide.hear(guide.begin("vi", "").kept or {}, "vi", "nam, 20 tuổi")
    assert step
    again = guide.hear(step.kept or {}, "vi", "sửa câu trước")
    assert "“nam, 20 tuổi”" in said(again)
    assert again
    after = guide.press(again.kept, "vi", "a:who:woman")
    assert after.kept == {"o": {"who": "woman"}, "w": {}, "at": "place"}
    kept = guide.press(again.kept, "vi", "keep:who")
    assert kept.kept == {"o": {}, "w": {"who": "nam, 20 tuổi"}, "at": "place"}


def test_enough_leads_to_the_summary_at_once(guide: RelativeGuide) -> None:
    step = guide.hear(guide.begin("vi", "").kept or {}, "vi", "nam, 20 tuổi")
    assert step
    assert "nam, 20 tuổi" in said(guide.press(step.kept, "vi", "finish"))
    assert "nam, 20 tuổi" in said(guide.hear(step.kept or {}, "vi", "đủ rồi"))


@pytest.mark.parametrize(
    ("place", "first", "words"),
    [
        ("Bavet", "+84981848484", "Bộ Ngoại giao +84 981 84 84 84, gửi tờ này tới baohocongdan@gmail.com"),
        ("bên Myanmar", "+84981848484", "Bộ Ngoại giao"),
        ("quận 7, Sài Gòn", "113", "Công an xã"),
        ("không nghe rõ chỗ nào cả", "113", "Người ấy ở nước ngoài"),
    ],
)
def test_whom_to_tell(guide: RelativeGuide, place: str, first: str, words: str) -> None:
    end, _ = made(guide, answered(guide, place=place))
    assert end.replies[0].calls[0].number == first
    assert words in said(end)
    for dont in ("Khoan trả tiền chuộc", "một mình", "Đừng đăng chỗ bị giữ"):
        assert dont in said(end)


def test_a_child_is_told_to_111(guide: RelativeGuide) -> None:
    step = guide.press(guide.begin("vi", "").kept, "vi", "a:who:girl")
    end, _ = made(guide, guide.press(step.kept, "vi", "finish"))
    assert "gọi thêm 111" in said(end)


def test_a_demand_for_money_is_answered_at_once(guide: RelativeGuide) -> None:
    at_money = {"o": {}, "w": {}, "at": "money"}
    for text in (TOLD["money"], "có"):
        assert "Khoan trả tiền" in said(guide.hear(at_money, "vi", text))
    assert "Khoan trả tiền" not in said(guide.hear(at_money, "vi", "không"))
    assert "Khoan trả tiền" not in said(guide.press(at_money, "vi", "skip:money"))


def test_a_tip_begins_with_the_answers_only_if_tapped(guide: RelativeGuide) -> None:
    summary = answered(guide, "en", **TOLD)
    end = guide.press(summary.kept, "en", "tip")
    assert end.kept is None
    assert end.replies[-1].file
    assert end.tip.startswith("Người nhà mất liên lạc.")  # officers read Vietnamese
    assert all(words in end.tip for words in TOLD.values())
    nothing = answered(guide)
    assert "guide:relative:tip" not in [b.payload for b in nothing.replies[-1].buttons]
    assert not guide.press(nothing.kept, "vi", "tip").tip


def test_dropping_keeps_nothing(guide: RelativeGuide) -> None:
    end = guide.press(answered(guide, **TOLD).kept, "vi", "drop")
    assert end.kept is None and not end.tip
    assert not any(words in said(end) for words in TOLD.values())


@pytest.mark.parametrize("text", ["cứu với, nó đang bị nhốt và bị đánh", "they are beating me right now help"])
def test_danger_now_brings_the_numbers_first_and_loses_nothing(guide: RelativeGuide, text: str) -> None:
    step = guide.hear({"o": {}, "w": {"who": "nam"}, "at": "said"}, "vi", text)
    assert step
    assert step.urgent
    assert step.replies[0].text.startswith("Nói được thì gọi 113")
    assert step.kept == {"o": {}, "w": {"who": "nam", "said": text}, "at": "money"}
    assert "Có ai đòi tiền" in said(guide.press(step.kept, "vi", "go"))
    begun = guide.begin("vi", text)
    assert begun.urgent and begun.kept is None


@pytest.mark.parametrize(
    "text", ["luật phạt bao nhiêu?", "cảm ơn bạn", "xin chào", "cho em hỏi số điện thoại", "what is trafficking?"]
)
@pytest.mark.parametrize("at", [*STEPS, "summary"])
def test_what_is_no_answer_is_the_engines(guide: RelativeGuide, text: str, at: str) -> None:
    assert guide.hear({"o": {}, "w": {}, "at": at}, "vi", text) is None


@pytest.mark.parametrize("text", ["", "  ", "!!!", "😢"])
def test_no_words_ask_again(guide: RelativeGuide, text: str) -> None:
    step = guide.hear({"o": {}, "w": {}, "at": "looks"}, "vi", text)
    assert step
    assert step.kept == {"o": {}, "w": {}, "at": "looks"}
    assert "chưa đọc được chữ nào" in said(step)


@pytest.mark.parametrize("text", ODD)
def test_odd_words_are_bounded_and_go_on_the_sheet(guide: RelativeGuide, text: str) -> None:
    step: Step | None = guide.begin("vi", text)
    for _ in STEPS:
        assert step
        assert step.kept is not None
        _fits(step)
        step = guide.hear(step.kept, "vi", text)
        if step is None or not any(c.isalnum() for c in text):
            return
    assert step and step.kept
    answers = Answers.of(step.kept)
    assert all(answers.given(name) for name in STEPS), "later questions have room, too"
    assert all(len(words) <= LONGEST for words in answers.words.values())
    end, file = made(guide, step)
    assert file.content.startswith(b"%PDF-")
    json.dumps([reply.to_dict() for reply in end.replies]).encode()
    file.instead.encode()


def test_what_was_cut_is_said(guide: RelativeGuide) -> None:
    assert "chỉ ghi được phần đầu" in said(guide.hear({"o": {}, "w": {}, "at": "looks"}, "vi", "cao " * 400))


@pytest.mark.parametrize("rest", ["a:who:moon", "a:::", "skip:moon", "keep:", "x" * 60, "", "a", "back:7", "go:go"])
@pytest.mark.parametrize("kept", [{}, {"o": {"who": "moon"}, "w": {"x": "y"}, "at": "nowhere"}])
def test_odd_buttons_ask_again(guide: RelativeGuide, rest: str, kept: dict[str, Any]) -> None:
    step = guide.press(kept, "vi", rest)
    _fits(step)
    assert step.kept == {"o": {}, "w": {}, "at": "who"}


@pytest.mark.parametrize("rest", ["a:who:man", "make", "tip", "back", "drop"])
def test_an_old_button_says_that_it_is_old(guide: RelativeGuide, rest: str) -> None:
    step = guide.press(None, "vi", rest)
    assert "đã cũ" in said(step)
    assert step.kept is None and not step.tip
    assert step.replies[-1].file is None
    assert step.replies[-1].buttons[0].payload == "guide:relative"


def test_nothing_of_it_shows_in_a_repr(guide: RelativeGuide) -> None:
    summary = answered(guide, **TOLD)
    end = guide.press(summary.kept, "vi", "tip")
    answers = Answers.of(summary.kept or {})
    shown = repr(answers) + repr(end.replies[-1].file) + repr(Step((), summary.kept, tip=end.tip))
    assert not any(words in shown for words in TOLD.values())
