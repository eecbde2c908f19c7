"""Questions come and go while people answer them: an attempt that runs never breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.quiz.kit import LAN, World, payloads, text


def _without(world: World, *questions: str) -> None:
    """An edition in which these are no longer asked."""
    kept = {key: q for key, q in world.the_library.questions.items() if key not in questions}
    world.the_library = replace(world.the_library, questions=kept)


def _items(world: World) -> list[str]:
    return [item["question"] for item in world.attempt(LAN).items]


def test_the_question_that_waits_vanishes_and_the_next_one_is_asked(world: World) -> None:
    world.floor.start(LAN, "vi")
    press = world.payload(LAN, 0)
    _without(world, _items(world)[0])
    said = world.floor.press(LAN, "vi", press)
    assert "Câu 2/5" in text(said)
    assert world.answers() == []
    assert "Câu 3/5" in text(world.press(LAN, 1))


def test_a_typed_letter_means_the_question_that_is_asked_now(world: World) -> None:
    world.floor.start(LAN, "vi")
    _without(world, _items(world)[0])
    heard = world.floor.hear(LAN, "vi", "quiz", "A")
    assert heard is not None
    assert [answer.position for answer in world.answers()] == [1]


def test_all_questions_vanish_and_a_new_round_is_offered(world: World) -> None:
    world.floor.start(LAN, "vi")
    press = world.payload(LAN, 0)
    _without(world, *_items(world))
    assert "quiz:start" in payloads(world.floor.press(LAN, "vi", press))
    assert world.floor.resume(LAN, "vi") is None
    assert "Câu 1/5" in text(world.floor.start(LAN, "vi"))


@pytest.mark.parametrize("gone", [[0], [1, 2], [4], [0, 1, 2, 3, 4]])
def test_a_contest_goes_on_with_what_is_left_and_ends_with_a_result(world: World, gone: list[int]) -> None:
    contest = world.contest()
    world.enter(LAN, "Lan", contest)
    presses = [world.payload(LAN, position) for position in range(5)]
    _without(world, *(_items(world)[position] for position in gone))
    said = [world.floor.press(LAN, "vi", press) for press in presses]
    assert all(text(outcome) for outcome in said)
    assert {answer.position for answer in world.answers()} == set(range(5)) - set(gone)
    assert text(world.floor.join(LAN, "vi", contest.id))
    assert text(world.floor.board(LAN, "vi", contest.id))
    assert text(world.floor.my_score(LAN, "vi"))
    world.reports.report(contest)


def test_an_answered_question_that_vanishes_keeps_its_answer(world: World) -> None:
    contest = world.contest()
    world.enter(LAN, "Lan", contest)
    world.press(LAN, 0)
    _without(world, _items(world)[0])
    world.press(LAN, 1)
    assert [answer.position for answer in world.answers()] == [0, 1]
    assert {figures.question for figures in world.reports.report(contest).questions} == set(_items(world)[:2])


def test_a_question_that_loses_an_option_is_not_asked_any_more(world: World) -> None:
    world.floor.start(LAN, "vi")
    key = _items(world)[0]
    question = world.the_library.questions[key]
    shorter = question.model_copy(update={"options": question.options[:2], "answer": 0})
    press = world.payload(LAN, 0)
    world.the_library = replace(world.the_library, questions={**world.the_library.questions, key: shorter})
    assert len(question.options) > 2
    assert "Câu 2/5" in text(world.floor.press(LAN, "vi", press))
