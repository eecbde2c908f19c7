"""What is said in a benchmark, and how turns are timed. Needs nothing but Python: Rasa's own interpreter (3.10) runs it too."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any, Awaitable, Callable  # noqa: UP035  (Python 3.10 reads this as well)

CLIENTS, TALKS = 16, 250
ONE_CLIENT_TURNS = 500
TURNS_A_TALK = 5

Say = Callable[[str, str], Awaitable[Any]]  # (talk, text)


async def one_client(say: Say, texts: list[str], turns: int = ONE_CLIENT_TURNS) -> dict[str, float]:
    """Milliseconds of a turn where one person after the other speaks."""
    spent = [await _timed(say, f"one{i // TURNS_A_TALK}", texts[i % len(texts)]) for i in range(turns)]
    return {"p50_ms": statistics.median(spent), "p95_ms": statistics.quantiles(spent, n=20)[-1]}


async def many_clients(say: Say, texts: list[str], turns: int, clients: int = CLIENTS) -> float:
    """Turns a second: clients that each wait for their answer, over `TALKS` talks."""

    async def client(number: int) -> None:
        for i in range(number, turns, clients):
            await say(f"many{i % TALKS}", texts[i % len(texts)])

    begun = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    return turns / (time.perf_counter() - begun)


async def long_talk(say: Say, texts: list[str], turns: int) -> dict[str, float]:
    """Milliseconds of turn 10 and of the last turn of one talk: each the median of one round of the texts around it.

    `turns` is a multiple of the number of texts, so that both rounds say the same.
    """
    spent = [await _timed(say, "long", texts[i % len(texts)]) for i in range(turns)]
    size = len(texts)
    return {"turn_10_ms": statistics.median(spent[:size]), f"turn_{turns}_ms": statistics.median(spent[-size:])}


async def _timed(say: Say, talk: str, text: str) -> float:
    begun = time.perf_counter()
    await say(talk, text)
    return (time.perf_counter() - begun) * 1000
