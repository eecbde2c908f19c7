"""Drawing: the same mix for everybody, spread over topics, repeatable."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.library import Library
from quiz.draw import LEVELS, draw, quotas, topic

BANK = Library.load().questions


@given(seed=st.integers(), count=st.integers(1, len(BANK)))
def test_what_is_drawn(seed: int, count: int) -> None:
    items = draw(BANK, count, Random(seed))
    questions = [BANK[item["question"]] for item in items]
    assert len({question.id for question in questions}) == count
    levels = [LEVELS.index(question.level) for question in questions]
    assert levels == sorted(levels), "easy ones first"
    for item, question in zip(items, questions, strict=True):
        assert sorted(item["order"]) == list(range(len(question.options)))


@given(seed=st.integers(), other=st.integers(), count=st.integers(1, 30))
def test_the_mix_is_the_same_for_everybody(seed: int, other: int, count: int) -> None:
    mine, theirs = (Counter(BANK[i["question"]].level for i in draw(BANK, count, Random(s))) for s in (seed, other))
    assert mine == theirs


@given(seed=st.integers())
def test_equal_seeds_draw_equally(seed: int) -> None:
    assert draw(BANK, 10, Random(seed)) == draw(BANK, 10, Random(seed))


@given(seed=st.integers())
def test_a_round_goes_over_five_topics(seed: int) -> None:
    assert len({topic(item["question"]) for item in draw(BANK, 5, Random(seed))}) == 5


@given(seed=st.integers())
def test_seen_questions_do_not_come_back_while_there_are_others(seed: int) -> None:
    first = {item["question"] for item in draw(BANK, 20, Random(seed))}
    second = {item["question"] for item in draw(BANK, 20, Random(seed + 1), seen=first)}
    assert not first & second


def test_everything_seen_is_drawn_again() -> None:
    assert len(draw(BANK, 5, Random(1), seen=set(BANK))) == 5


@pytest.mark.parametrize("count", [0, -1, len(BANK) + 1])
def test_what_cannot_be_drawn(count: int) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        draw(BANK, count, Random(1))


@given(
    count=st.integers(0, 60),
    available=st.fixed_dictionaries({level: st.integers(0, 40) for level in LEVELS}),
)
def test_quotas_give_what_there_is(count: int, available: dict[str, int]) -> None:
    given_out = quotas(count, available)
    assert sum(given_out.values()) == min(count, sum(available.values()))
    assert all(0 <= given_out[level] <= available[level] for level in LEVELS)


def test_quotas_of_a_round_and_a_contest() -> None:
    plenty = dict.fromkeys(LEVELS, 50)
    assert quotas(5, plenty) == {"D": 2, "T": 2, "K": 1}
    assert quotas(10, plenty) == {"D": 4, "T": 4, "K": 2}


def test_options_change_their_places() -> None:
    orders = {tuple(item["order"]) for seed in range(20) for item in draw(BANK, 5, Random(seed))}
    assert len(orders) >= 6


def test_a_topic_is_what_stands_before_the_number() -> None:
    assert (topic("lao-dong-07"), topic("luat-01"), topic("x")) == ("lao-dong", "luat", "x")
