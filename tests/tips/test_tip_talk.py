"""The tip conversation, over real SQLite files and the police's store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tips.kit import ANNA, BINH, STORY, House, code_in, make_house, only_report, payloads, picture, said, step_of
from tips.citizen.drafts import Draft, Step
from tips.citizen.outcome import MAX_TOLD, Outcome
from tips.code import format_code, make_code, parse_code
from tips.police.officers import OpenedOfficer


def test_a_whole_tip(house: House, officer: OpenedOfficer) -> None:
    first = house.talk.open(ANNA, "vi")
    assert [call.number for call in first[0].calls] == ["113", "111"]
    answers = (STORY, "o ha giang gan cua khau", "tối qua", "Hùng, Zalo 0912", "nghe kể lại")
    for number, answer in enumerate(answers, start=2):
        assert step_of(house.talk.hear(ANNA, "vi", answer)) == str(number)
    for count in (1, 2):
        assert f"đã nhận ảnh này (file {count}/5)" in said(house.talk.attach(ANNA, "vi", picture()).replies)
    summary = house.talk.hear(ANNA, "vi", "xong")
    text = said(summary.replies)
    assert all(answer in text for answer in answers)
    assert "Tuyên Quang, trước là Hà Giang" in text and "gửi kèm: 2" in text
    sent = house.talk.press(ANNA, "vi", "tip:send")
    assert sent.done
    parse_code(code_in(sent.replies))
    last = said(sent.replies)
    assert all(word in last for word in ("ra giấy", "Telegram", "Zalo", "113", "111"))
    assert [call.number for call in sent.replies[-1].calls] == ["113", "111"]
    (line,) = house.inbox.list(officer).lines
    assert (line.first_line, line.provinces, line.files, line.danger) == (STORY, ("Tuyên Quang",), 2, False)
    report = only_report(house, officer)
    assert (report.what, report.where, report.when, report.who, report.how) == answers
    assert not house.talk.has_draft(ANNA) and house.drafts.weigh(ANNA).count == 0


def test_every_step_can_be_skipped_by_button_and_by_typing(
    house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    for number in range(2, 7):
        outcome = press("tip:skip") if number % 2 else hear("Bỏ qua")
        assert step_of(outcome) == str(number)
    assert step_of(hear("không")) == "summary"
    refused = press("tip:send")
    assert not refused.done and "chưa có chữ nào" in said(refused.replies)
    with pytest.raises(AssertionError):
        code_in(refused.replies)


def test_back_shows_what_was_told_and_loses_nothing(
    hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    back = press("tip:back")
    assert step_of(back) == "1" and STORY in said(back.replies)
    assert payloads(back.replies[-1]) == ["tip:skip:what", "tip:cancel"]
    assert step_of(press("tip:back")) == "1"
    assert step_of(press("tip:skip")) == "2"
    assert STORY in said(hear("gửi").replies)
    assert step_of(hear("quay lại")) == "6"


@pytest.mark.parametrize("step", ["what", "where", "when", "who", "how"])
def test_every_step_can_be_told_again_from_the_summary(
    step: str, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    for answer in ("một", "hai", "ba", "bốn", "năm"):
        hear(answer)
    press("tip:skip")
    choice = payloads(press("tip:edit").replies[-1])
    assert f"tip:edit:{step}" in choice
    assert step_of(press(choice[-1])) == "summary"
    assert "đang ghi" in said(press(f"tip:edit:{step}").replies)
    assert step_of(press("tip:back")) == "summary"
    press(f"tip:edit:{step}")
    assert "câu mới" in said(hear("câu mới").replies)
    press(f"tip:edit:{step}")
    cleared = said(press("tip:clear").replies)
    assert "câu mới" not in cleared and "(để trống)" in cleared


def test_files_can_be_taken_back(house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]) -> None:
    house.talk.attach(ANNA, "vi", picture(), "ảnh xe")
    assert "gửi kèm: 1 · ảnh xe" in said(hear("gửi").replies)
    assert payloads(press("tip:edit:where").replies[-1]) == ["tip:back:where"]
    assert "tip:clear:photos" in payloads(press("tip:edit:photos").replies[-1])
    assert "gửi kèm" not in said(press("tip:clear:photos").replies)
    assert house.drafts.weigh(ANNA).count == 0


def test_cancelling_asks_once_and_then_deletes(
    house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    asked = press("tip:cancel")
    assert not asked.done and payloads(asked.replies[0]) == ["tip:delete", "tip:stay"]
    assert step_of(hear("không")) == "2"
    hear("thôi")
    assert "Chưa có gì được gửi hay xoá" in said(hear("dung").replies)
    assert step_of(hear("đúng")) == "3"  # the question before was answered; this is only an answer
    hear("huỷ")
    gone = hear("có")
    assert gone.done and house.drafts.load(ANNA) is None
    assert payloads(gone.replies[0]) == ["tip:start", "say:help"]


def test_a_double_tap_skips_no_question_that_was_not_asked(
    hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    for step, number in (("where", "3"), ("when", "4"), ("who", "5"), ("how", "6"), ("photos", "summary")):
        assert step_of(press(f"tip:skip:{step}")) == number
        assert step_of(press(f"tip:skip:{step}")) == number
    assert step_of(press("tip:back:photos")) == "summary"
    press("tip:edit")
    press("tip:edit:when")
    assert step_of(press("tip:back:when")) == "summary"
    assert step_of(press("tip:back:when")) == "summary"


def test_an_outdated_button_empties_and_chooses_nothing(
    house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    hear("Lào Cai")
    hear("gửi")
    press("tip:edit:where")
    assert "Lào Cai" in said(press("tip:clear:what").replies)
    assert "Lào Cai" not in said(press("tip:clear:where").replies)
    press("tip:edit:what")
    assert STORY in said(press("tip:clear:where").replies)
    press("tip:cancel")
    press("tip:delete")
    press("tip:start")
    for old in (
        "tip:edit:where",
        "tip:edit",
        "tip:clear:what",
        "tip:skip:nowhere",
        "tip:skip:where:what",
        "tip:delete",
    ):
        assert step_of(press(old)) == "1"


def test_an_old_delete_asks_on(house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]) -> None:
    hear(STORY)
    press("tip:cancel")
    press("tip:stay")
    kept = press("tip:delete")
    assert not kept.done and step_of(kept) == "2" and house.drafts.load(ANNA)
    press("tip:cancel")
    assert press("tip:delete").done and house.drafts.load(ANNA) is None


def test_whether_a_tip_is_being_told(house: House, hear: Callable[..., Outcome]) -> None:
    assert house.talk.has_draft(ANNA) and not house.talk.has_draft(BINH)
    house.clock.move(hours=24)
    assert house.talk.has_draft(ANNA)
    house.clock.move(minutes=10)  # asking was no last word
    assert not house.talk.has_draft(ANNA)


def test_delete_deletes_at_once_and_an_empty_tip_needs_no_question(
    house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    assert hear("xoá hết").done
    assert house.drafts.load(ANNA) is None
    assert not press("tip:start").done
    assert press("tip:cancel").done


def test_a_tip_is_resumed_where_it_was(house: House, hear: Callable[..., Outcome]) -> None:
    hear(STORY)
    (resumed,) = house.talk.open(ANNA, "vi")
    assert "kể dở" in resumed.text and resumed.aside.startswith("Câu 2")


def test_after_a_day_the_talk_says_that_nothing_is_left(
    house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    house.clock.move(hours=24, minutes=10)
    for outcome in (hear("Lào Cai"), press("tip:send"), house.talk.attach(ANNA, "vi", picture())):
        assert outcome.done and "24 giờ" in said(outcome.replies)
    assert "Câu 1" in said(house.talk.open(ANNA, "vi"))


def test_danger_in_any_text_marks_the_tip(house: House, officer: OpenedOfficer, hear: Callable[..., Outcome]) -> None:
    hear(STORY)
    house.talk.hear(ANNA, "vi", "cứu em với em đang bị nhốt", danger=True, why="có người đang bị nhốt")
    for why in ("có người đang bị nhốt", "có người bị đánh", *"abcdefg"):
        house.talk.attach(ANNA, "vi", picture(), "cứu", danger=True, why=why)
    house.talk.hear(ANNA, "vi", "hồi trước bị nhốt", danger=False, why="not danger")
    hear("gửi")
    hear("đúng rồi")
    assert house.inbox.list(officer).lines[0].danger
    report = only_report(house, officer)
    assert report.danger and report.where == "cứu em với em đang bị nhốt"
    assert report.danger_why == ("có người đang bị nhốt", "có người bị đánh", "a", "b", "c")


def test_a_code_in_a_text_is_refused(house: House, hear: Callable[..., Outcome]) -> None:
    code = make_code()
    for text in (code, format_code(code), f"xem giúp mã {format_code(code)} với"):
        outcome = hear(text)
        assert step_of(outcome) == "1" and "Mã chỉ để bạn giữ" in said(outcome.replies)
    draft = house.drafts.load(ANNA)
    assert draft and not draft.answers
    assert step_of(hear("số tài khoản 1234 5678 9012 3456 79")) == "2"  # 18 digits, but no code


def test_long_texts_are_kept_whole_or_refused_whole(
    house: House, officer: OpenedOfficer, hear: Callable[..., Outcome]
) -> None:
    long = "dài " * 2500
    kept = hear(long)
    assert "9999 chữ" in said(kept.replies) and step_of(kept) == "2"
    refused = hear("x" * MAX_TOLD)
    assert "chưa ghi" in said(refused.replies) and step_of(refused) == "2"
    hear("gửi")
    hear("gửi")
    assert only_report(house, officer).what == long.strip()


def test_hidden_characters_are_taken_out_and_said(
    house: House, officer: OpenedOfficer, hear: Callable[..., Outcome]
) -> None:
    assert "chưa thấy chữ nào" in said(hear("\u202e\u2066\x00 \u200b").replies)
    assert "ký tự ẩn" in said(hear("Biển số \u202e29A-123\u202c\x07").replies)
    hear("gửi")
    hear("có")
    assert only_report(house, officer).what == "Biển số 29A-123"


def test_at_the_summary_more_can_be_told_and_doubt_sends_nothing(
    house: House, officer: OpenedOfficer, hear: Callable[..., Outcome]
) -> None:
    hear(STORY)
    hear("gửi")
    assert "ghi thêm" in said(hear("Chị ấy mang theo con nhỏ").replies)
    for text in ("không", "dung", "xong"):
        outcome = hear(text)
        assert not outcome.done and "Chưa có gì được gửi" in said(outcome.replies)
    assert hear("gửi đi").done
    assert only_report(house, officer).what == f"{STORY}\nChị ấy mang theo con nhỏ"


def test_two_people_do_not_meet(house: House, hear: Callable[..., Outcome]) -> None:
    hear(STORY)
    assert STORY not in said(house.talk.open(BINH, "vi"))
    assert STORY not in said(house.talk.hear(BINH, "vi", "gửi").replies)


def test_a_yes_after_something_else_deletes_nothing(
    house: House, hear: Callable[..., Outcome], press: Callable[[str], Outcome]
) -> None:
    hear(STORY)
    hear("gửi")
    for between in ("tip:edit", "tip:send", "tip:stay"):  # nobody is on duty, so sending fails
        press("tip:cancel")
        press(between)
        assert not hear("có").done
    draft = house.drafts.load(ANNA)
    assert draft and draft.answers


def test_commands_work_with_hidden_characters_around(hear: Callable[..., Outcome]) -> None:
    assert step_of(hear("\u200bbỏ qua\ufeff")) == "2"


def test_a_draft_of_an_older_version_goes_on(house: House, officer: OpenedOfficer) -> None:
    house.drafts.start(ANNA)
    old = {"step": "photos", "answers": {"what": STORY}, "danger": True, "editing": False, "leaving": False}
    assert Draft.from_bytes(json.dumps(old).encode()) == Draft(Step.PHOTOS, {Step.WHAT: STORY}, danger=True)
    house.drafts.save(ANNA, Draft.from_bytes(json.dumps(old).encode()))
    assert "ảnh, video, ghi âm hay giấy tờ" in said(house.talk.open(ANNA, "vi"))
    house.talk.hear(ANNA, "vi", "không có gì")
    assert house.talk.press(ANNA, "vi", "tip:send").done
    assert only_report(house, officer).what == STORY


def test_a_closed_line_begins_no_tip_and_keeps_one_that_was_begun(tmp_path: Path) -> None:
    is_open = False
    house = make_house(tmp_path, is_open=lambda: is_open)
    officer = house.officer()
    (shut,) = house.talk.open(ANNA, "vi")
    assert "tạm nghỉ" in shut.text and [call.number for call in shut.calls] == ["113", "111"]
    assert not house.talk.has_draft(ANNA)
    for outcome in (house.talk.hear(ANNA, "vi", STORY), house.talk.attach(ANNA, "vi", picture())):
        assert outcome.done and outcome.replies == (shut,)
    is_open = True
    house.talk.open(ANNA, "vi")
    is_open = False
    assert step_of(house.talk.hear(ANNA, "vi", STORY)) == "2"
    (resumed,) = house.talk.open(ANNA, "vi")
    assert "vẫn giữ đủ" in resumed.text and resumed.aside.startswith("Câu 2")
    house.talk.hear(ANNA, "vi", "Lào Cai")
    house.talk.hear(ANNA, "vi", "gửi")
    refused = house.talk.press(ANNA, "vi", "tip:send")
    assert not refused.done and "tạm nghỉ" in said(refused.replies) and "tip:send" in payloads(refused.replies[0])
    assert [call.number for call in refused.replies[0].calls] == ["113", "111"]
    is_open = True
    assert house.talk.press(ANNA, "vi", "tip:send").done
    report = only_report(house, officer)
    assert (report.what, report.where) == (STORY, "Lào Cai")
