"""An update that comes once more, because the process was killed before its answer went out, is taken once."""

from __future__ import annotations

from tests.tips.kit import ANNA, STORY, House, only_report, only_tip, picture, said, step_of
from tips.citizen.drafts import Step
from tips.police.officers import OpenedOfficer


def told(house: House) -> dict[Step, str]:
    draft = house.drafts.load(ANNA)
    assert draft
    return draft.answers


def test_a_text_is_no_answer_to_the_next_question(house: House) -> None:
    house.talk.open(ANNA, "vi")
    for _ in range(3):
        assert step_of(house.talk.hear(ANNA, "vi", STORY, once="1")) == "2"
    assert told(house) == {Step.WHAT: STORY}
    for once in ("2", "3"):  # the same words in another message are another answer
        house.talk.hear(ANNA, "vi", "không biết", once=once)
    assert told(house) == {Step.WHAT: STORY, Step.WHERE: "không biết", Step.WHEN: "không biết"}
    for _ in range(2):
        assert step_of(house.talk.hear(ANNA, "vi", "bỏ qua", once="4")) == "5"


def test_updates_without_a_key_are_always_taken(house: House) -> None:
    house.talk.open(ANNA, "vi")
    for number in ("2", "3"):
        assert step_of(house.talk.hear(ANNA, "vi", "không biết")) == number


def test_a_file_and_its_caption_are_kept_once(house: House, officer: OpenedOfficer) -> None:
    house.talk.open(ANNA, "vi")
    for _ in range(2):
        house.talk.attach(ANNA, "vi", picture(), "ảnh xe", once="1")
    for _ in range(2):
        house.talk.place(ANNA, "vi", 1.0, 2.0, once="2")
        house.talk.contact(ANNA, "vi", "Hùng", "0912", once="2")  # the same update, whatever it holds
    weight = house.drafts.weigh(ANNA)
    assert (weight.files, weight.cards) == (1, 1) and told(house) == {Step.PHOTOS: "ảnh xe"}


def test_more_at_the_summary_is_added_once(house: House, officer: OpenedOfficer) -> None:
    house.talk.open(ANNA, "vi")
    house.talk.hear(ANNA, "vi", STORY, once="1")
    for _ in range(2):
        assert step_of(house.talk.hear(ANNA, "vi", "gửi", once="2")) == "summary"  # nothing goes unseen
    for _ in range(2):
        house.talk.hear(ANNA, "vi", "và con nhỏ", once="3")
    sent = [house.talk.hear(ANNA, "vi", "gửi", once="4") for _ in range(2)]
    assert sent[0] == sent[1] and sent[0].done
    assert only_report(house, officer).what == f"{STORY}\nvà con nhỏ"


def test_a_send_that_failed_may_come_again(house: House) -> None:
    house.talk.open(ANNA, "vi")
    house.talk.hear(ANNA, "vi", STORY, once="1")
    house.talk.hear(ANNA, "vi", "gửi", once="2")
    assert "chưa gửi" in said(house.talk.hear(ANNA, "vi", "có", once="3").replies)  # nobody is on duty
    officer = house.officer()
    assert house.talk.hear(ANNA, "vi", "có", once="3").done
    assert only_tip(house, officer).report


def test_a_typed_send_after_sending_is_for_the_tip(house: House, officer: OpenedOfficer) -> None:
    assert not house.talk.repeats(ANNA, "gửi")
    house.tell(STORY)
    assert house.talk.repeats(ANNA, "gửi đi") and house.talk.repeats(ANNA, "có")
    assert not house.talk.repeats(ANNA, "gửi ảnh thế nào?")
    house.clock.move(minutes=15)
    assert not house.talk.repeats(ANNA, "gửi")
