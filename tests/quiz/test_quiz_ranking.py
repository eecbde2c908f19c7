"""Who stands where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quiz.ranking import Result, place_of, rank

START = datetime(2026, 11, 24, tzinfo=UTC)


def result(number: int, right: int, seconds: float | None, begun: float = 0, finished: bool = True) -> Result:
    started = START + timedelta(seconds=begun)
    last = None if seconds is None else started + timedelta(seconds=seconds)
    return Result(number, f"{number:032d}", f"Người {number}", right, right, 10, started, last, finished)


def places(*results: Result) -> list[tuple[int, int]]:
    return [(standing.place, standing.result.attempt_id) for standing in rank(results)]


def test_right_answers_then_time_then_who_was_done_first() -> None:
    slow_and_right, quick_and_wrong = result(1, 9, 900), result(2, 8, 20)
    assert places(quick_and_wrong, slow_and_right) == [(1, 1), (2, 2)]
    assert places(result(1, 8, 30), result(2, 8, 20)) == [(1, 2), (2, 1)]
    assert places(result(1, 8, 20, begun=50), result(2, 8, 20, begun=10)) == [(1, 2), (2, 1)]


def test_fractions_of_a_second_decide_nothing_before_the_moment_does() -> None:
    assert places(result(1, 8, 20.1, begun=50), result(2, 8, 20.9, begun=10)) == [(1, 2), (2, 1)]


def test_equal_in_everything_is_one_place() -> None:
    assert places(result(1, 8, 20), result(2, 8, 20), result(3, 7, 5)) == [(1, 1), (1, 2), (3, 3)]


def test_whoever_answered_nothing_is_last() -> None:
    assert places(result(1, 0, None), result(2, 0, 500)) == [(1, 2), (2, 1)]


results = st.builds(
    result,
    number=st.integers(1, 10**6),
    right=st.integers(0, 10),
    seconds=st.none() | st.integers(0, 5000),
    begun=st.integers(0, 5000),
)


@given(st.lists(results, max_size=30, unique_by=lambda one: one.attempt_id))
def test_ranking_is_total_and_does_not_depend_on_the_order(some: list[Result]) -> None:
    standings = rank(some)
    assert standings == rank(reversed(some))
    assert [standing.place for standing in standings] == sorted(standing.place for standing in standings)
    assert all(one.result.right >= two.result.right for one, two in pairwise(standings))
    assert not standings or standings[0].place == 1


@given(st.lists(results, max_size=20, unique_by=lambda one: one.attempt_id), results)
def test_the_place_of_a_newcomer_is_the_one_that_ranking_gives(some: list[Result], new: Result) -> None:
    others = [one for one in some if one.attempt_id != new.attempt_id]
    own = next(standing for standing in rank([*others, new]) if standing.result == new)
    assert place_of(rank(others), new) == own.place
