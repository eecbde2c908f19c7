"""A round of practice, over the door that the conversation uses."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.orm import Session

from db.citizen import Answer, Attempt
from quiz.attempts import Attempts, Run
from quiz.matching import LETTERS
from quiz.practice import Practice
from tests.quiz.kit import HOA, LAN, World, payloads, text


def test_a_round_from_beginning_to_end(world: World) -> None:
    outcome = world.floor.start(LAN, "vi")
    assert outcome.floor == "quiz"
    assert "Câu 1/5" in text(outcome)
    letters = list(LETTERS[: len(world.question(LAN, 0).options)])
    assert [button.title for button in outcome.replies[-1].buttons] == [*letters, "Dừng lại"]
    for position in range(5):
        question = world.question(LAN, position)
        outcome = world.press(LAN, position, right=position != 2)
        told = text(outcome)
        assert ("Đúng rồi" in told) == (position != 2)
        assert question.why.vi in told
        assert question.article.vi in told
        assert "Kiểm tra ngày" in outcome.replies[0].note
        if position == 2:
            order = world.attempt(LAN).items[position]["order"]
            place = LETTERS[order.index(question.answer)]
            assert f"Đáp án là {place}: {question.options[question.answer].vi}" in told
        if position < 4:
            assert outcome.floor == "quiz"
            assert f"Câu {position + 2}/5" in told
    assert outcome.floor == ""
    assert "Bạn đúng 4/5" in text(outcome)
    assert [button.title for button in outcome.replies[-1].buttons] == ["Làm 5 câu nữa", "Về menu"]
    assert [answer.correct for answer in world.answers()] == [True, True, False, True, True]
    assert world.attempt(LAN).finished_at == world.at


def test_it_can_be_answered_by_typing(world: World) -> None:
    world.floor.start(LAN, "vi")
    order = world.attempt(LAN).items[0]["order"]
    assert "Câu 2/5" in text(world.floor.hear(LAN, "vi", "quiz", "câu 2 ạ"))
    assert world.answers()[0].option == order[1]
    words = world.question(LAN, 1).options[0].vi
    assert "Câu 3/5" in text(world.floor.hear(LAN, "vi", "quiz", words))
    assert world.answers()[1].option == 0


def test_what_is_no_answer_is_left_to_the_dialogue(world: World) -> None:
    world.floor.start(LAN, "vi")
    assert world.floor.hear(LAN, "vi", "quiz", "luật cũ với luật mới khác gì nhau") is None
    assert world.answers() == []
    resumed = world.floor.resume(LAN, "vi")
    assert "Câu 1/5" in text(resumed)


def test_a_restart_asks_the_same_question(world: World) -> None:
    world.floor.start(LAN, "vi")
    after = text(world.press(LAN, 0))
    world.restart()
    resumed = world.floor.resume(LAN, "vi")
    assert text(resumed) in after
    assert resumed is not None and resumed.floor == "quiz"
    assert "Câu 3/5" in text(world.press(LAN, 1))


def test_an_old_button_says_so_and_shows_the_question_that_waits(world: World) -> None:
    world.floor.start(LAN, "vi")
    old = world.payload(LAN, 0, right=True)
    world.press(LAN, 0, right=False)
    again = world.floor.press(LAN, "vi", old)
    assert again.floor == "quiz"
    assert "Câu 1 bạn đã trả lời rồi" in text(again)
    assert "Câu 2/5" in text(again)
    assert [(answer.position, answer.correct) for answer in world.answers()] == [(0, False)]


def test_a_button_of_a_later_question_or_of_no_option_writes_nothing(world: World) -> None:
    world.floor.start(LAN, "vi")
    attempt = world.attempt(LAN).id
    for payload in (f"quiz:a:{attempt}:3:0", f"quiz:a:{attempt}:0:9", f"quiz:a:{attempt}:99:0"):
        assert "Câu 1/5" in text(world.floor.press(LAN, "vi", payload))
    assert world.answers() == []


def test_a_button_of_a_finished_round(world: World) -> None:
    world.floor.start(LAN, "vi")
    old = world.payload(LAN, 4)
    for position in range(5):
        world.press(LAN, position)
    outcome = world.floor.press(LAN, "vi", old)
    assert "xong rồi" in text(outcome)
    assert outcome.floor == ""
    assert len(world.answers()) == 5


def test_nobody_answers_for_somebody_else(world: World) -> None:
    world.floor.start(LAN, "vi")
    outcome = world.floor.press(HOA, "vi", world.payload(LAN, 0))
    assert outcome.floor == ""
    assert world.answers() == []


@pytest.mark.parametrize(
    "payload",
    ["quiz:", "quiz:a:1:2", "quiz:a:x:y:z", "quiz:a:99999999999999:0:0", "contest:enter:-1", "contest:x", "", "🙂"],
)
def test_made_up_payloads_are_answered_calmly(world: World, payload: str) -> None:
    outcome = world.floor.press(LAN, "vi", payload)
    assert text(outcome)
    assert outcome.floor == ""


def test_two_answers_at_once_are_one_row(world: World) -> None:
    world.floor.start(LAN, "vi")
    right, wrong = world.payload(LAN, 0, right=True), world.payload(LAN, 0, right=False)
    told: list[str] = []
    ready = threading.Barrier(8)

    def answer(payload: str) -> None:
        ready.wait()
        told.append(text(world.floor.press(LAN, "vi", payload)))

    threads = [threading.Thread(target=answer, args=(payload,)) for payload in [right, wrong] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.answers()) == 1
    assert sum("đã trả lời rồi" in one for one in told) == 7


def test_the_key_alone_refuses_a_second_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the database lets two transactions look before either writes."""
    world.floor.start(LAN, "vi")
    world.press(LAN, 0)
    attempt, run = world.attempt(LAN), Attempts.run

    def as_seen_before(self: Attempts, session: Session, row: Attempt) -> Run:
        return Run(row, {}, 0)

    practice = Practice(world.store, world.library, world.now)
    monkeypatch.setattr(Attempts, "run", as_seen_before)
    monkeypatch.setattr(Attempts, "find", lambda self, _who, _id: run(self, world.store.read().__enter__(), attempt))
    assert "đã trả lời rồi" in text(practice.answer(LAN, attempt.id, 0, 0, "vi"))
    assert len(world.answers()) == 1


def test_stopping(world: World) -> None:
    world.floor.start(LAN, "vi")
    world.press(LAN, 0)
    stopped = world.floor.hear(LAN, "vi", "quiz", "thôi nhé")
    assert stopped is not None and stopped.floor == ""
    assert "1/1 câu đã làm" in text(stopped)
    assert world.floor.resume(LAN, "vi") is None
    assert "Câu 1/5" in text(world.floor.start(LAN, "vi"))


def test_stopping_before_the_first_answer(world: World) -> None:
    world.floor.start(LAN, "vi")
    assert "đúng" not in text(world.floor.press(LAN, "vi", "quiz:stop"))


def test_asking_again_goes_on_with_the_round_of_today(world: World) -> None:
    world.floor.start(LAN, "vi")
    world.press(LAN, 0)
    world.later(hours=3)
    assert "Câu 2/5" in text(world.floor.start(LAN, "vi"))
    world.later(hours=22)
    assert "Câu 1/5" in text(world.floor.start(LAN, "vi"))


def test_the_next_round_has_other_questions(world: World) -> None:
    asked: list[str] = []
    for _ in range(6):
        world.floor.start(LAN, "vi")
        asked += [item["question"] for item in world.attempt(LAN).items]
        world.floor.press(LAN, "vi", "quiz:stop")
    assert len(set(asked)) >= 28


def test_a_question_that_left_the_bank_is_not_asked(world: World) -> None:
    world.floor.start(LAN, "vi")
    gone = world.attempt(LAN).items[1]["question"]
    rest = {key: question for key, question in world.the_library.questions.items() if key != gone}
    world.the_library = type(world.the_library)(**{**vars(world.the_library), "questions": rest})
    assert "Câu 3/5" in text(world.press(LAN, 0))


def test_a_round_in_english(world: World) -> None:
    told = text(world.floor.start(LAN, "en"))
    for position in range(5):
        question = world.question(LAN, position)
        assert f"Question {position + 1}/5: {question.text.en}" in told
        order = world.attempt(LAN).items[position]["order"]
        lines = [f"{LETTERS[place]}. {question.options[option].en}" for place, option in enumerate(order)]
        assert "\n".join(lines) in told
        right = position != 2
        told = text(world.floor.press(LAN, "en", world.payload(LAN, position, right)))
        assert f"{question.why.en}\n\nLegal basis: {question.article.en}." in told
        if not right:
            place = LETTERS[order.index(question.answer)]
            assert f"The answer is {place}: {question.options[question.answer].en}." in told
        assert question.why.vi not in told
    assert "You got 4/5" in told


def test_a_round_may_change_its_language_and_be_answered_in_the_other(world: World) -> None:
    world.floor.start(LAN, "vi")
    words = world.question(LAN, 0).options
    assert "Question 2/5" in text(world.floor.hear(LAN, "en", "quiz", words[1].vi))
    words = world.question(LAN, 1).options
    assert "Câu 3/5" in text(world.floor.hear(LAN, "vi", "quiz", words[2].say("en")))
    assert [answer.option for answer in world.answers()] == [1, 2]


def test_forgetting_a_participant(world: World) -> None:
    world.floor.start(LAN, "vi")
    world.press(LAN, 0)
    world.floor.start(HOA, "vi")
    assert world.floor.forget(LAN) == 1
    with world.store.read() as session:
        assert session.query(Answer).count() == 0
        assert [attempt.participant for attempt in session.query(Attempt)] == [HOA]


def test_old_rounds_are_purged_and_contests_stay(world: World) -> None:
    world.floor.start(LAN, "vi")
    world.contest(hours=2)
    world.enter(LAN, "Lan")
    world.later(days=200)
    world.floor.start(HOA, "vi")
    assert world.floor.purge() == 1
    assert world.attempt(LAN).contest_id is not None


def test_payloads_fit_a_telegram_button(world: World) -> None:
    for payload in payloads(world.floor.start(LAN, "vi")):
        assert len(payload.encode()) <= 64
    assert len(b"quiz:a:999999999999999:29:3") <= 64
