"""Each night, where the police's store is: what is due is purged, and hours of citizens that are a week old become days.

A clock that jumped ahead would make everything due. So nothing is purged while the clock is off, nor in the first night after a
pause of more than three days: that night is only written down, and the operator has a day to see what the log says.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select

from content.shelf import Shelf
from db.police import PurgeReport as PurgeRow
from lachan.faults import FaultKind
from lachan.selfcheck import HouseLike, SelfCheck
from lachan.settings import Part
from tips.police.coarsen import coarsen_store
from tips.police.retention import Retention
from web.times import VIETNAM

AT_HOUR = 3  # in Vietnam: the fewest people wait while the file is written anew
LOOK_EVERY = 600.0  # seconds
PAUSE = timedelta(days=3)
_WAITED = {"waited": 1}

CONTENT_EVERY = 10.0  # seconds

log = logging.getLogger(__name__)


class ContentWatch:
    """One in each process: takes up content that was changed, and turns to the next day's."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(CONTENT_EVERY)
            try:
                await asyncio.to_thread(self._shelf.look)
            except Exception as error:  # a disk that fails now is looked at again; the edition that is live stays
                log.error("content could not be looked at: %s", type(error).__name__)


class Upkeep:
    """One in each process that has the police's pages; several do no harm to each other."""

    def __init__(self, house: HouseLike) -> None:
        self._house = house
        self._retention = Retention(house.police, house.now)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except Exception as error:  # a store that fails now is asked again later
                log.error("the nightly purge failed: %s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    def look(self) -> bool:
        """Does the night's work if it is time; says whether it was."""
        now = self._house.now()
        last = self._last(now)
        if not _is_time(last, now):
            return False
        if any(fault.kind is FaultKind.CLOCK_OFF for fault in SelfCheck(self._house, [Part.INBOX]).faults()):
            log.error("nothing is purged while this machine's clock is off")
            return False
        coarsen_store(self._house.police, now)
        if last is None or now - last > PAUSE:
            due = self._retention.preview(now).tips
            with self._house.police.begin() as session:
                session.add(PurgeRow(at=now, counts=_WAITED))
            if last is not None or due:  # else it is the first start
                log.warning(
                    "no purge for more than three days: %d tips are due and go tomorrow, if the clock is right", due
                )
            return True
        report = self._retention.purge(now)
        log.info("purged: %d tips", report.tips)
        return True

    def _last(self, now: datetime) -> datetime | None:
        """When a night's work was done last; rows that are ahead of the clock do not count."""
        with self._house.police.read() as session:
            return session.scalar(select(func.max(PurgeRow.at)).where(PurgeRow.at <= now))


def _is_time(last: datetime | None, now: datetime) -> bool:
    """At three at night, once; at another hour only if a night was missed."""
    if last is None:
        return True
    passed = now - last
    return passed > timedelta(hours=30) or (passed > timedelta(hours=20) and now.astimezone(VIETNAM).hour == AT_HOUR)
