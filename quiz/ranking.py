"""Who stands where: more right answers first, then less time, then the earlier last answer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Result:
    """What one participant did in a contest; moments are aware."""

    attempt_id: int
    participant: str
    name: str
    right: int
    answered: int
    total: int
    started_at: datetime
    last_at: datetime | None  # of the last answer
    finished: bool

    @property
    def seconds(self) -> int | None:
        """Whole seconds from the start to the last answer; None without one."""
        return None if self.last_at is None else max(0, int((self.last_at - self.started_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on the board, from 1; only results equal in everything share one."""

    place: int
    result: Result


def rank(results: Iterable[Result]) -> list[Standing]:
    """All of them, best first. Whoever answered nothing stands last."""
    standings: list[Standing] = []
    for index, result in enumerate(sorted(results, key=lambda result: (*_order(result), result.attempt_id)), start=1):
        shared = standings and _order(standings[-1].result) == _order(result)
        standings.append(Standing(standings[-1].place if shared else index, result))
    return standings


def place_of(standings: Sequence[Standing], result: Result) -> int:
    """The place that a result takes which is not among them yet."""
    return bisect_left(standings, _order(result), key=lambda standing: _order(standing.result)) + 1


def _order(result: Result) -> tuple[int, float, datetime]:
    return -result.right, inf if result.seconds is None else result.seconds, result.last_at or _NEVER
