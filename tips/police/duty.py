"""Tells the units on duty, without content, that somebody may be in danger.

`ring` writes calls in the tip's own transaction, so that no tip in danger is there without its call, nor a call without its
tip. `Caller` makes them: one constant body to every address, so that a call says nothing but "look into the inbox". Calls to
one address are merged: a flood rings once a minute, not ten thousand times.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.police import DutyAddress, DutyCall, Unit
from db.stores import Store

BODY = '{"lachan": "xem hộp thư"}'.encode()
HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "lachan"}
TIMEOUT = 5.0  # seconds, for the whole call
LOOK_EVERY = 1.0  # seconds
QUIET = timedelta(seconds=60)  # after a call that arrived
SPACING = timedelta(seconds=10)  # between tries at one address, whatever comes in between
LONGEST_PAUSE = timedelta(seconds=60)
MOST_TRIES = 65  # about an hour

log = logging.getLogger(__name__)


def ring(session: Session, now: datetime) -> None:
    """One call to every address of the units on duty, unless one is waiting there that nobody has tried yet."""
    addresses = session.scalars(
        select(DutyAddress.id)
        .join(Unit, Unit.id == DutyAddress.unit_id)
        .where(Unit.on_duty)
        .where(~select(DutyCall.id).where(DutyCall.address_id == DutyAddress.id, DutyCall.tries == 0).exists())
        .order_by(DutyAddress.id)
    ).all()
    session.add_all(DutyCall(address_id=address_id, next_at=now) for address_id in addresses)


def pause(tries: int) -> timedelta:
    """How long after the start of a try the next one comes: 2 s, 4 s, 8 s, … a minute. `tries` is 1 or more."""
    return min(timedelta(seconds=1 << min(tries, 8)), LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Due:
    """A call that is being made; `tries` counts this one."""

    call_id: int
    address_id: int
    url: str = field(repr=False)  # it may hold a token
    tries: int


class Caller:
    """Makes the calls. One in a process; several processes share the work by the store's locks.

    `client` is closed by whoever made it. A process that dies leaves its calls in the store, and they are made again: an
    address may be called twice for one tip, never not at all while it can be reached.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], client: httpx.AsyncClient) -> None:
        self._store = store
        self._now = now
        self._client = client
        self._not_before: dict[int, datetime] = {}  # by address
        self._busy: set[int] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Looks every second until `stop` is set. No address waits for another one's answer."""
        async with asyncio.TaskGroup() as calls:
            while not stop.is_set():
                for due in await self._look():
                    calls.create_task(self._call(due))
                try:
                    await asyncio.wait_for(stop.wait(), LOOK_EVERY)
                except TimeoutError:
                    continue

    async def round(self) -> None:
        """Makes all calls that are due now, and waits for their end."""
        async with asyncio.TaskGroup() as calls:
            for due in await self._look():
                calls.create_task(self._call(due))

    async def _look(self) -> list[Due]:
        try:
            due = await asyncio.to_thread(self._take)
        except SQLAlchemyError as error:
            log.warning("calls to the units on duty: the store failed (%s)", type(error).__name__)
            return []
        self._busy |= {one.address_id for one in due}
        return due

    def _take(self) -> list[Due]:
        """The calls that are due, one an address, each with its next try written down already, should this one not end."""
        now = self._now()
        resting = self._busy | {address_id for address_id, end in self._not_before.items() if now < end}
        query = (
            select(DutyCall, DutyAddress.url)
            .join(DutyAddress, DutyAddress.id == DutyCall.address_id)
            .where(DutyCall.next_at <= now, DutyCall.address_id.not_in(resting))
            .order_by(DutyCall.tries, DutyCall.id)
            .with_for_update(of=DutyCall, skip_locked=True)
        )
        with self._store.read() as session:  # most looks find nothing, and nobody has to wait for those
            if session.scalar(select(DutyCall.id).where(DutyCall.next_at <= now).limit(1)) is None:
                return []
        taken: dict[int, list[DutyCall]] = defaultdict(list)
        urls: dict[int, str] = {}
        with self._store.begin() as session:
            for call, url in session.execute(query):
                taken[call.address_id].append(call)
                urls[call.address_id] = url
            for newest, *merged in taken.values():
                newest.tries += 1
                newest.next_at = now + pause(newest.tries)
                for call in merged:
                    session.delete(call)
            return [Due(one[0].id, one[0].address_id, urls[one[0].address_id], one[0].tries) for one in taken.values()]

    async def _call(self, due: Due) -> None:
        try:
            arrived = await self._post(due.url)
            self._not_before[due.address_id] = self._now() + (QUIET if arrived else SPACING)
            if arrived or due.tries >= MOST_TRIES:
                await asyncio.to_thread(self._done, due.call_id)
            if not arrived and due.tries in (1, MOST_TRIES):
                log.warning("duty address %d could not be reached, try %d", due.address_id, due.tries)
        except SQLAlchemyError as error:  # the call stays, and is made once more
            log.warning("calls to the units on duty: the store failed (%s)", type(error).__name__)
        finally:
            self._busy.discard(due.address_id)

    async def _post(self, url: str) -> bool:
        """Whether the address took the call. No answer is followed anywhere else, and none is read."""
        try:
            async with asyncio.timeout(TIMEOUT):
                request = self._client.build_request("POST", url, content=BODY, headers=HEADERS)
                response = await self._client.send(request, stream=True, follow_redirects=False)
                await response.aclose()
        except Exception:  # whatever is wrong with one address, the others are called; its text may hold the address
            return False
        return response.is_success

    def _done(self, call_id: int) -> None:
        with self._store.begin() as session:
            session.execute(delete(DutyCall).where(DutyCall.id == call_id))
