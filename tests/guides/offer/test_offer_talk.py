"""The check of an offer, through its port: what is asked and not asked again, what comes of it, what can be put right."""

from __future__ import annotations

import json

import pytest

from content import render

TRAP = "co ng ru mk sang campuchia lam cskh luong 30tr bao an o tin dc ko z"
FULL = "có người rủ mình sang Campuchia làm chăm sóc khách hàng, lương 30 triệu, bao ăn ở, có tin được không vậy"
CRY = "cứu em với, em đang bị nhốt, họ đánh em"


def test_the_first_message_answers_where_job_pay_and_money(tells) -> None:
    person = tells(TRAP)
    assert person.step.kept["a"] == {
        "what": ["abroad"], "where": ["belt"], "job": ["screen"], "pay": ["high"], "money": ["free"],
    }  # fmt: skip
    assert (person.step.kept["c"], person.step.kept["p"]) == ("KH", 30)
    asked = []
    while person.question:
        asked.append(person.question)
        person.tap(f"a:{person.question}:dk")
    assert asked == ["who", "papers", "route", "forbid"]


@pytest.mark.parametrize(
    "text",
    [
        TRAP,
        FULL,
        FULL.upper(),
        "có ng rủ mik sang cam làm CSKH lg 30tr bao ăn ở tin đc k z",
        "co nguoi ru minh qua campuchia lam cham soc khach hang luong 30 trieu bao an o",
        "có\u200b người rủ mình sang Campuchia làm cskh, lương 30–40tr, bao ăn ở",
    ],
)
def test_every_spelling_gives_the_same_answers(tells, text: str) -> None:
    given = tells(text).step.kept["a"]
    assert given == tells(TRAP).step.kept["a"]


def test_what_was_understood_is_said_so_that_it_can_be_put_right(tells) -> None:
    assert "Campuchia" in tells(TRAP).last.text
    assert "Cambodia" in tells("A friend invites me to Cambodia for typing work", "en").last.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_to_the_end_a_trap(tells, language: str) -> None:
    person = tells("", language)
    person.answer(
        what="abroad", who="online", where="belt", pay="high", papers="kept", money="free", route="trail", forbid="hide"
    )
    first, second = person.step.replies
    assert person.step.kept is None and not person.step.tip and not person.step.urgent
    assert ("7 dấu hiệu giống các vụ lừa bán" if language == "vi" else "known from trafficking cases: 7") in first.text
    assert "113" in first.text and "111" in first.text and {c.number for c in first.calls} >= {"113", "111"}
    assert ("Điều đáng ngờ" if language == "vi" else "What speaks against it") in second.text
    assert [b.payload.split(":")[2] for b in second.buttons if b.payload.startswith("guide:offer")] == [
        "why",
        "tip",
        "back",
        "new",
    ]
    assert {"guide:company", "say:help"} <= {b.payload for b in second.buttons}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_to_the_end_an_honest_offer(tells, language: str) -> None:
    person = tells("", language)
    person.answer(
        what="home",
        who="company",
        job="plain",
        pay="normal",
        papers="contract",
        money="nothing",
        route="self",
        forbid="none",
    )
    first, second = person.step.replies
    assert ("chưa thấy dấu hiệu" if language == "vi" else "no sign") in first.text
    assert not any(":tip:" in b.payload for b in second.buttons)
    assert ("Điều ngược lại" if language == "vi" else "What speaks for it") in second.text


def test_nothing_known_is_not_enough_to_say_and_says_what_to_ask(tells) -> None:
    person = tells("")
    person.answer()
    assert "chưa đủ để nói" in person.step.replies[0].text and "đường đi" not in person.last.text
    assert "người mời" in person.step.replies[0].text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_why_names_each_rule_what_was_answered_and_its_source(tells, library, language: str) -> None:
    person = tells("", language)
    person.answer(
        what="abroad",
        who="online",
        where="belt",
        pay="high",
        papers="kept",
        money="before",
        route="trail",
        forbid="hide",
    )
    signs = 7
    text = note = ""
    person.tap("why:")
    while True:
        text, note = text + person.last.text, note + person.last.note + "\n"
        if not any(b.payload.count(":") == 4 for b in person.last.buttons):
            break
        further = next(b.payload for b in person.last.buttons if b.payload.count(":") == 4)
        person.step = person.guide.press(None, language, further.removeprefix("guide:offer:"))
    against, told = ("Đáng ngờ: ", "Bạn kể: ") if language == "vi" else ("Against: ", "You said: ")
    assert text.count(against) == text.count(told) == signs
    for source in ("F6.03", "F3.05", "CASE.NETWORK"):
        assert library.sources[source].name in note
    assert ("ILO: Giữ giấy tờ, dấu hiệu vừa" if language == "vi" else "ILO: Confiscation of documents, medium") in note


def test_a_report_is_begun_only_on_a_tap_and_only_at_a_strong_suspicion(tells, guide) -> None:
    person = tells(TRAP)
    person.answer(who="online", papers="nocontract", route="car", forbid="hide")
    strong = person.payload("tip:")
    assert person.step.tip == ""
    step = guide.press(None, "en", strong)
    assert step.kept is None and step.replies == ()
    assert "Người mời: người chỉ quen qua mạng" in step.tip and "Nước: Campuchia" in step.tip and "30 triệu" in step.tip
    weak = tells("")
    weak.answer(what="home", who="company")
    code = weak.payload("why:").split(":")[1]
    assert guide.press(None, "vi", f"tip:{code}").tip == ""


def test_danger_ends_it_with_the_numbers_at_once(tells, guide, library) -> None:
    expected = tuple(render.answer(library, "emergency", "vi"))
    for step in (guide.begin("vi", CRY), guide.hear(tells("").step.kept, "vi", CRY)):
        assert step.urgent and step.kept is None and step.replies == expected
    person = tells("bạn trên mạng rủ em đi chơi")
    while person.question != "forbid":
        person.tap(f"a:{person.question}:dk")
    step = person.tap("a:forbid:held")
    assert step.urgent and step.kept is None and step.replies == expected


def test_the_answer_before_can_be_corrected_while_asked_and_from_the_result(tells) -> None:
    person = tells("")
    person.tap("a:what:home")
    person.tap("a:who:known")
    person.tap("fix")
    assert person.question == "who" and "người thân, bạn quen lâu" in person.last.text
    person.tap("a:who:online")
    assert person.step.kept["a"]["who"] == ["online"] and person.question == "job"
    assert person.says("sửa câu trước") and person.question == "who"
    person.tap("a:who:company")
    person.answer(job="plain", pay="normal", papers="contract", money="nothing", route="self", forbid="none")
    person.tap("back:")
    assert person.question == "forbid" and "không cấm gì" in person.last.text
    person.tap("a:forbid:hide")
    assert person.question == "" and "Dặn giấu người nhà" in person.last.text


def test_going_back_over_several_answers_keeps_the_others(tells) -> None:
    person = tells("")
    for option in ("home", "online", "plain", "high"):
        person.tap(f"a:{person.question}:{option}")
    person.tap("fix")
    person.tap("fix")
    assert person.question == "job"
    person.tap("a:job:bar")
    assert person.question == "papers" and person.step.kept["a"]["pay"] == ["high"]


def test_a_button_of_an_earlier_question_corrects_it(tells, guide) -> None:
    person = tells("")
    person.tap("a:what:home")
    person.tap("a:who:known")
    step = guide.press(person.step.kept, "vi", "a:who:online")
    assert step.kept["a"]["who"] == ["online"] and step.kept["q"][-1] == "job"


def test_a_double_press_changes_nothing(tells, guide) -> None:
    person = tells("")
    person.tap("a:what:home")
    again = guide.press(person.step.kept, "vi", "a:what:home")
    assert again.kept == person.step.kept and "ghi rồi" in again.replies[0].text


@pytest.mark.parametrize(
    "rest",
    ["", "a", "a:", "a:who", "a:who:", "a:who:nobody", "a:nothing:x", "fix", "why", "why:", "why:zz", "tip:AAAA", "back:!",
     "x" * 200, "a:who:held", "why:" + "A" * 40, "tip:dd" + "é" * 18, ":::", "a:forbid:held:more"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
def test_old_and_unknown_buttons_get_a_sentence(tells, guide, rest: str, language: str) -> None:
    for kept in (None, {}, {"a": {"gone": ["x"]}, "q": ["gone"]}, tells("").step.kept):
        step = guide.press(kept, language, rest)
        assert step.replies and step.replies[0].text and not step.tip


def test_an_old_answer_button_says_so_and_shows_the_way(guide) -> None:
    step = guide.press(None, "vi", "a:who:online")
    assert step.kept is None and "đã cũ" in step.replies[0].text
    assert [b.payload for b in step.replies[0].buttons] == ["guide:offer:new", "say:help"]


@pytest.mark.parametrize("text", ["", "   ", "…", "🙂", "\u200b"])
def test_an_empty_text_is_told_and_the_question_asked_again(tells, text: str) -> None:
    person = tells(text)
    assert person.question == "what"
    person.says(text)
    assert person.question == "what" and "chưa đọc được" in person.last.text


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "lương 30 triệu " * 7000, "ọ̵" * 50_000, "co " * 33_000, "\n" * 100_000]
)
def test_very_long_texts_break_nothing(tells, text: str) -> None:
    person = tells(text)
    assert person.question and len(json.dumps(person.step.kept)) < 600
    person.says(text)
    assert all(len(reply.body) <= 600 for reply in person.step.replies)


@pytest.mark.parametrize(
    "text",
    ["số điện thoại công an", "công ty này có giấy phép không?", "cho tôi hỏi luật mua bán người", "xin chào", "cảm ơn",
     "tôi muốn báo tin", "chơi đố vui", "phạt bao nhiêu năm tù", "what is the police number", "hợp đồng là gì?", "asdf qwer"],
)  # fmt: skip
def test_questions_and_other_wishes_are_the_engines(tells, guide, text: str) -> None:
    person = tells("có người rủ em đi làm ở nước ngoài")
    assert guide.hear(person.step.kept, "vi", text) is None


@pytest.mark.parametrize(
    "question, text, option",
    [
        ("who", "một người quen trên fb", "online"),
        ("who", "chị họ em", "known"),
        ("who", "Người quen qua mạng", "online"),
        ("pay", "30tr 1 thang", "high"),
        ("papers", "ko co hop dong j het", "nocontract"),
        ("papers", "chưa có", "nocontract"),
        ("papers", "họ đòi giữ hộ chiếu", "kept"),
        ("papers", "ko biết", "dk"),
        ("papers", "hông bik", "dk"),
        ("money", "phải đặt cọc 20 triệu", "before"),
        ("money", "cho em vay 10 triệu trước", "advance"),
        ("route", "đi đường mòn ban đêm", "trail"),
        ("forbid", "dặn đừng nói với bố mẹ", "hide"),
        ("forbid", "không", "none"),
    ],
)
def test_typed_answers(tells, question: str, text: str, option: str) -> None:
    person = tells("có người rủ em đi làm ở nước ngoài")
    while person.question != question:
        person.tap(f"a:{person.question}:dk")
    assert person.says(text) is not None
    assert option in person.step.kept["a"][question] if person.step.kept else option in ("hide", "none")


@pytest.mark.parametrize(
    "text, kind, left_out",
    [
        ("có người xin con em, em sắp sinh", "child", {"where", "route"}),
        ("có người thuê em mang thai hộ", "body", {"route"}),
        ("làm mai cho em lấy chồng", "marriage", {"job"}),
        ("rủ em đi du học", "study", {"pay"}),
        ("bạn trên mạng rủ em đi chơi", "trip", {"pay"}),
        ("rủ em làm ở quán karaoke", "home", {"where"}),
    ],
)
def test_questions_that_do_not_fit_are_left_out(tells, tables, text: str, kind: str, left_out: set[str]) -> None:
    person = tells(text)
    asked = set()
    while person.question:
        asked.add(person.question)
        person.tap(f"a:{person.question}:dk")
    assert asked and not asked & left_out
    assert asked <= set(tables.kinds.kinds[kind].ask)


def test_the_result_can_be_asked_for_at_any_time(tells) -> None:
    person = tells(TRAP)
    person.says("kết quả")
    assert person.step.kept is None and len(person.step.replies) == 2


def test_the_content_may_change_in_the_middle(tells, guide) -> None:
    step = guide.hear(
        {"a": {"who": ["nobody"], "gone": ["x"]}, "q": ["gone", "who"], "c": "", "p": 0, "m": False},
        "vi",
        "quen qua mạng",
    )
    assert step is not None and step.kept["a"]["who"] == ["online"]
