"""Opens and closes contests in time, and runs what must be done every few minutes.

A contest's moments are jobs in the citizens' store, so they survive a restart. A job is a function of this module and
a number: it finds the service in `_serving`, which `Clock.start` sets. Jobs that repeat live in memory only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from db.citizen import Contest
from db.stores import Store
from quiz.contests import Contests, State
from web.errors import log_failure

TABLE = "clock_job"
SWEEP_MINUTES = 1  # finds contests that another process made, and whatever a failed job left
RETRY = 5.0  # seconds
log = logging.getLogger("lachan.clock")
_serving: list[Contests] = []


def contest_is_due(contest_id: int) -> None:
    """What every job in the store runs: a contest's moment has come. Too early or twice, it changes nothing."""
    for contests in _serving:
        _calm(contests.sweep)()
    log.info("contest %d was due", contest_id)


class Clock:
    """One scheduler for the process. `keep` drives it; else jobs are only written, for the process that does."""

    def __init__(self, store: Store, contests: Contests, keep: bool = True) -> None:
        self._contests, self._keep = contests, keep
        logging.getLogger("apscheduler").setLevel(
            logging.CRITICAL
        )  # its lines quote exceptions; failures are logged here
        self._scheduler = _Scheduler(
            jobstores={"contests": _Jobs(engine=store.engine, tablename=TABLE), "default": MemoryJobStore()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )

    def start(self) -> None:
        """Closes what is overdue, then keeps the time. Call it once."""
        _serving.append(self._contests)
        self._contests.timer = self
        self._contests.sweep()
        self._scheduler.start(paused=not self._keep)
        for contest in self._contests.pending():
            self.set(contest)
        self.every(SWEEP_MINUTES, "contest-sweep", self._contests.sweep)

    def stop(self) -> None:
        """Waits for running jobs and ends. Contests' jobs stay in the store."""
        self._scheduler.shutdown(wait=True)
        self._contests.timer = None
        _serving.remove(self._contests)

    def set(self, contest: Contest) -> None:
        """Writes the jobs for a contest's moments, instead of those it had."""
        opens = contest.opens_at if contest.state == State.DRAFT else None
        closes = contest.closes_at if contest.state != State.CLOSED else None
        self._at(opens, f"contest-open-{contest.id}", contest.id)
        self._at(closes, f"contest-close-{contest.id}", contest.id)

    def drop(self, contest_id: int) -> None:
        """Takes a contest's jobs away."""
        self._at(None, f"contest-open-{contest_id}", contest_id)
        self._at(None, f"contest-close-{contest_id}", contest_id)

    def every(self, minutes: float, id: str, function: Callable[[], object]) -> None:
        """Runs `function` now and every `minutes`, never twice at once. What it raises is logged without its words."""
        self._scheduler.add_job(
            _calm(function),
            "interval",
            seconds=minutes * 60,
            id=id,
            next_run_time=datetime.now(UTC) + timedelta(seconds=0.1),
            replace_existing=True,
        )

    def jobs(self) -> dict[str, datetime]:
        """What is planned: job id → next moment."""
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs()}

    def _at(self, moment: datetime | None, id: str, contest_id: int) -> None:
        if moment is None:
            try:
                self._scheduler.remove_job(id, "contests")
            except JobLookupError:
                return
            return
        self._scheduler.add_job(
            contest_is_due,
            "date",
            run_date=moment,
            args=(contest_id,),
            id=id,
            jobstore="contests",
            replace_existing=True,
        )


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]
    """Its thread outlives a job that another process took first, and a store that is busy; a stopped one does nothing."""

    def _process_jobs(self) -> float | None:
        """Runs what is due; returns the seconds until the next, None for as long as nothing changes."""
        try:
            return super()._process_jobs() if self.running else None
        except Exception as error:
            log_failure(error)
            return RETRY


class _Jobs(SQLAlchemyJobStore):  # type: ignore[misc]
    """Leaves the engine alone at shutdown: the store owns it."""

    def shutdown(self) -> None:
        return


def _calm(function: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            function()
        except Exception as error:
            log_failure(error)

    return run
