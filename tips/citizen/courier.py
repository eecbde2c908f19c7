"""Carries tips from the outbox to the police's machine, until it has them all.

While the machine is away it is only knocked at, every few seconds and at most every minute; a tip that alone fails waits
longer and longer and holds up no other. A tip is sent again whenever it is not certain that it arrived: the police's
side knows it by its id.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

from tips.citizen.outbox import Outbox, pause
from tips.dropbox import DropboxError

log = logging.getLogger(__name__)

LONGEST_REST = timedelta(minutes=1)
_BATCH = 32  # erased together; if the process dies before, they are sent again
_GLANCE_SECONDS = 2.0  # how often the loop looks for what other processes put in


class Away(DropboxError):
    """The police's machine cannot be reached, or broke off; nobody knows whether it did what was asked."""


class Courier:
    """`send` hands one packed tip (wire.TIP) to the police's machine; it raises Away, or another DropboxError.

    Any thread may call. Several couriers on one store send some tips twice, which the police's side does not mind.
    """

    def __init__(self, outbox: Outbox, send: Callable[[bytes], None], now: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._send = send
        self._now = now
        # Big tips go one by one, so that memory is bounded, and no small one waits for them.
        self._lanes = (_Lane(self._deliver_due, big=False, at_once=4), _Lane(self._deliver_due, big=True, at_once=1))
        self._stopping = False
        self._missed = 0  # how often in a row the machine was away
        self._rest_until: datetime | None = None

    def run_once(self) -> int:
        """Delivers what is due, a few at once, unless it rests because the machine was away just now.

        Gives how many were delivered. If another thread is at it already, that one looks once more instead.
        Raises DropboxError if the citizens' store fails.
        """
        return sum(lane.go() for lane in self._lanes)

    def nudge(self) -> None:
        """Starts `run_once` in the background and returns at once. A process that ends waits for what is being sent."""
        if not self._idle():
            threading.Thread(target=self._go_quietly, name="courier", daemon=True).start()

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers until `stop` is set; what is being sent then is finished first, the rest after the next start."""
        watching = asyncio.create_task(self._watch(stop))
        try:
            while not stop.is_set():
                await asyncio.to_thread(self._go_quietly)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _GLANCE_SECONDS)
        finally:
            watching.cancel()

    async def _watch(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stopping = True

    def _go_quietly(self) -> None:
        try:
            self.run_once()
        except Exception as error:
            log.warning("tips wait in the outbox: %s", type(error).__name__)

    def _deliver_due(self, big: bool, pool: ThreadPoolExecutor) -> int:
        delivered = 0
        while not self._idle() and (rows := self._outbox.due(1 if big else _BATCH, big)):
            arrived = [row for row, result in zip(rows, pool.map(self._deliver, rows), strict=True) if result]
            if arrived:
                self._outbox.delivered(arrived)
            delivered += len(arrived)
        return delivered

    def _deliver(self, row_id: str) -> bool:
        """Whether the tip arrived; not so either if another process has delivered it meanwhile."""
        if self._idle():
            return False
        try:
            packed = self._outbox.packed(row_id)
            if packed is None:
                return False
            self._send(packed)
        except Away:
            self._missed_it()
            self._outbox.failed(row_id)
            return False
        except Exception as error:  # one tip that fails, however it does, holds up no other
            log.warning("a tip was not taken and waits in the outbox: %s", type(error).__name__)
            self._outbox.failed(row_id)
            return False
        self._met_it()
        return True

    def _missed_it(self) -> None:
        if not self._idle():  # those that were under way together count as one
            self._missed += 1
            self._rest_until = self._now() + pause(self._missed, LONGEST_REST)
            if self._missed == 1:
                log.warning("the police's machine is away: tips wait in the outbox")

    def _met_it(self) -> None:
        if self._missed:
            log.warning("the police's machine is back")
        self._missed = 0
        self._rest_until = None

    def _idle(self) -> bool:
        until = self._rest_until
        return self._stopping or (until is not None and self._now() < until)


class _Lane:
    """Runs `work` in one thread at a time; who comes meanwhile has it run once more instead of waiting."""

    def __init__(self, work: Callable[[bool, ThreadPoolExecutor], int], *, big: bool, at_once: int) -> None:
        self._work = work
        self._big = big
        self._at_once = at_once
        self._one = threading.Lock()
        self._again = False

    def go(self) -> int:
        self._again = True
        delivered = 0
        while self._again and self._one.acquire(blocking=False):
            try:
                self._again = False
                with ThreadPoolExecutor(self._at_once, thread_name_prefix="courier") as pool:
                    delivered += self._work(self._big, pool)
            finally:
                self._one.release()
        return delivered
