"""The clock: jobs in the store, two lives on one file, and what repeats."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from content.library import Library
from quiz.clock import Clock
from quiz.contests import Plan, State
from tests.quiz.kit import World


@pytest.fixture
def real(tmp_path: Path, library: Library) -> Iterator[World]:
    """A world whose clock is the real one: the scheduler sleeps in real time."""
    made = World(tmp_path, library)
    made.now = lambda: datetime.now(UTC)  # type: ignore[method-assign]
    made.at = datetime.now(UTC)
    made.restart()
    yield made
    made.store.close()


def until(test: Callable[[], bool], seconds: float = 8) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if test():
            return True
        time.sleep(0.02)
    return False


def state(world: World, contest_id: int) -> str:
    contest = world.contests.get(contest_id)
    assert contest is not None
    return contest.state


def brief(world: World, opens: float, closes: float) -> int:
    """A contest of seconds, which the form would refuse."""
    now = datetime.now(UTC)
    plan = Plan("Ngắn thôi", now + timedelta(hours=1), now + timedelta(hours=2), 5)
    contest = world.contests.create(world.organiser, plan)
    with world.store.begin() as session:
        row = session.get_one(type(contest), contest.id)
        row.opens_at, row.closes_at = now + timedelta(seconds=opens), now + timedelta(seconds=closes)
    if world.contests.timer is not None:
        world.contests.timer.set(row)
    return contest.id


def test_it_opens_and_closes_in_time(real: World) -> None:
    clock = Clock(real.store, real.contests)
    clock.start()
    try:
        contest = brief(real, 0.4, 1.2)
        assert state(real, contest) == State.DRAFT
        assert until(lambda: state(real, contest) == State.OPEN)
        assert until(lambda: state(real, contest) == State.CLOSED)
        assert not any(job.endswith(f"-{contest}") for job in clock.jobs())
    finally:
        clock.stop()


def test_jobs_survive_a_restart(real: World) -> None:
    first = Clock(real.store, real.contests)
    first.start()
    contest = brief(real, 1.5, 2.5)
    jobs = first.jobs()
    assert {f"contest-open-{contest}", f"contest-close-{contest}"} <= set(jobs)
    first.stop()
    real.restart()
    second = Clock(real.store, real.contests)
    second.start()
    try:
        assert second.jobs()[f"contest-close-{contest}"] == jobs[f"contest-close-{contest}"]
        assert until(lambda: state(real, contest) == State.CLOSED)
    finally:
        second.stop()


def test_the_job_alone_is_enough_after_a_restart(real: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the sweep at the start, not newly written jobs: what lies in the store runs, late as it is."""
    first = Clock(real.store, real.contests)
    first.start()
    contest = brief(real, 0.6, 0.7)
    first.stop()
    time.sleep(0.8)
    real.restart()
    sweep, at_start = real.contests.sweep, [True]
    monkeypatch.setattr(real.contests, "sweep", lambda: [] if at_start and at_start.pop() else sweep())
    monkeypatch.setattr(real.contests, "pending", list)
    monkeypatch.setattr(Clock, "every", lambda *_: None)
    second = Clock(real.store, real.contests)
    second.start()
    try:
        assert until(lambda: state(real, contest) == State.CLOSED)
    finally:
        second.stop()


def test_what_became_due_while_nothing_ran_is_closed_at_the_start(real: World) -> None:
    contest = brief(real, -20, -10)
    assert state(real, contest) == State.DRAFT
    clock = Clock(real.store, real.contests)
    clock.start()
    try:
        assert state(real, contest) == State.CLOSED
    finally:
        clock.stop()


def test_jobs_follow_the_contest(real: World) -> None:
    clock = Clock(real.store, real.contests)
    clock.start()
    try:
        now = datetime.now(UTC)
        plan = Plan("Theo giờ", now + timedelta(hours=1), now + timedelta(hours=3), 5)
        made = real.contests.create(real.organiser, plan)
        opens, closes = f"contest-open-{made.id}", f"contest-close-{made.id}"
        assert clock.jobs()[opens] == plan.opens_at
        moved = Plan("Theo giờ", now + timedelta(hours=2), now + timedelta(hours=4), 5)
        real.contests.change(made.id, moved)
        assert (clock.jobs()[opens], clock.jobs()[closes]) == (moved.opens_at, moved.closes_at)
        real.contests.open(made.id)
        assert opens not in clock.jobs()
        real.contests.close(made.id)
        assert closes not in clock.jobs()
        other = real.contests.create(real.organiser, plan)
        real.contests.delete(other.id)
        assert f"contest-open-{other.id}" not in clock.jobs()
    finally:
        clock.stop()


def test_a_process_that_does_not_keep_the_time_writes_for_one_that_does(real: World) -> None:
    pages = Clock(real.store, real.contests, keep=False)
    pages.start()
    contest = brief(real, 0.3, 0.6)
    time.sleep(0.9)
    assert state(real, contest) == State.DRAFT
    pages.stop()
    worker = Clock(real.store, real.contests)
    worker.start()
    try:
        assert until(lambda: state(real, contest) == State.CLOSED)
    finally:
        worker.stop()


def test_what_repeats_runs_at_once_and_again_also_after_an_error(real: World, caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []
    again = threading.Event()

    def job() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise RuntimeError("words of a person")
        again.set()

    clock = Clock(real.store, real.contests)
    clock.every(0.005, "purge", job)
    with caplog.at_level(logging.INFO):
        clock.start()
        try:
            assert again.wait(8)
        finally:
            clock.stop()
    assert "RuntimeError" in caplog.text
    assert "words of a person" not in caplog.text


def test_the_clock_outlives_a_job_that_another_process_took_first(
    real: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.clock.RETRY", 0.1)
    clock = Clock(real.store, real.contests)
    clock.start()
    jobs, gone = clock._scheduler._jobstores["contests"], threading.Event()
    removed = jobs.remove_job

    def taken_by_another(job: str) -> None:
        removed(job)
        if not gone.is_set():
            gone.set()
            removed(job)  # raises, as when another process was faster

    monkeypatch.setattr(jobs, "remove_job", taken_by_another)
    try:
        brief(real, 0.2, 9)
        assert gone.wait(8)
        later = brief(real, 0.3, 0.4)
        assert until(lambda: state(real, later) == State.CLOSED)
        assert "JobLookupError" in caplog.text
    finally:
        clock.stop()
