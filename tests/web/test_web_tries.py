"""Wrong tries wait, one after another for each login and two checks at once for all; nobody waits for somebody else."""

from __future__ import annotations

import threading
from collections import Counter

import anyio
import anyio.lowlevel
from anyio import create_task_group

from web.tries import AT_ONCE, Tries


class Waits:
    """A wrong try costs one second more for whoever made it."""

    def __init__(self) -> None:
        self.wrong: Counter[str] = Counter()

    def seconds(self, who: str) -> float:
        return float(self.wrong[who])

    def failed(self, who: str) -> None:
        self.wrong[who] += 1


async def test_a_burst_of_one_is_a_line() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await anyio.lowlevel.checkpoint()

    tries = Tries(Waits(), sleep)
    async with create_task_group() as burst:
        for _ in range(12):
            burst.start_soon(tries.check, "lan", lambda: None)
    assert slept == [float(number) for number in range(12)]
    assert await tries.check("lan", lambda: "in") == "in", "slow, but never shut out"
    assert slept[-1] == 12.0
    assert not tries._lines, "no line is kept of those who are gone"


async def test_whoever_waits_holds_up_nobody_else() -> None:
    waits = Waits()
    waits.wrong["lan"] = 1
    tries = Tries(waits, lambda seconds: anyio.sleep_forever() if seconds else anyio.lowlevel.checkpoint())
    async with create_task_group() as stuck:
        for _ in range(12):
            stuck.start_soon(tries.check, "lan", lambda: None)
        await anyio.sleep(0.01)
        with anyio.fail_after(5):
            assert await tries.check("binh", lambda: "in") == "in"
        stuck.cancel_scope.cancel()


async def test_few_are_checked_at_once() -> None:
    lock = threading.Lock()
    running, most = 0, 0
    pause = threading.Event()

    def check() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        pause.wait(0.01)
        with lock:
            running -= 1

    tries = Tries(Waits(), lambda _: anyio.lowlevel.checkpoint())
    async with create_task_group() as burst:
        for number in range(12):
            burst.start_soon(tries.check, f"login {number}", check)
    assert most == AT_ONCE
