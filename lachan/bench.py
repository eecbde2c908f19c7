"""Measures what a person and a machine feel: start, turns, a long talk, many people, memory. Read, never asserted."""

from __future__ import annotations

import asyncio
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from bot.conversation import Conversation
from bot.inbound import Inbound
from lachan.house import House
from lachan.settings import Settings

SAID = ("chào bạn", "lừa đi xuất khẩu lao động", "ban than co pham toi khong", "số điện thoại đường dây nóng",
        "có người rủ mình đi thái làm nail, có tin được không", "mua bán người là gì", "cảm ơn nhiều")  # fmt: skip
TURNS = 400
LONG_TALK = 2000
CLIENTS, TALKS = 16, 250


@dataclass(frozen=True)
class Figures:
    """Seconds and milliseconds of wall time, megabytes resident; `machine` says where."""

    machine: str
    start_s: float
    first_answer_s: float
    p50_ms: float
    p95_ms: float
    turns_per_s_16_clients: float
    turn_10_ms: float
    turn_2000_ms: float
    resident_mb: float


async def measure(settings: Settings, tell: Callable[[str], None]) -> Figures:
    """Plays turns through the conversation layer on fresh stores, with the model and the keys of `settings`."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        fresh = settings.model_copy(
            update={"citizen_db": _sqlite(folder, "citizen"), "police_db": _sqlite(folder, "police")}
        )
        house = House(fresh)
        house.migrate()
        conversation = house.conversation
        start = time.perf_counter() - begun
        first = await _turn(conversation, "first", SAID[0])
        tell("one person at a time")
        spent = [await _turn(conversation, f"s{i // 5}", SAID[i % len(SAID)]) for i in range(TURNS)]
        tell("many people at once")
        rate = await _at_once(conversation)
        tell("one long talk")
        long = [await _turn(conversation, "long", SAID[i % len(SAID)]) for i in range(LONG_TALK)]
        house.close()
    return Figures(
        machine=f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}",
        start_s=round(start, 2),
        first_answer_s=round(start + first, 2),
        p50_ms=_ms(statistics.median(spent)),
        p95_ms=_ms(statistics.quantiles(spent, n=20)[-1]),
        turns_per_s_16_clients=round(rate, 1),
        turn_10_ms=_ms(statistics.mean(long[5:33])),
        turn_2000_ms=_ms(statistics.mean(long[-28:])),
        resident_mb=round(psutil.Process().memory_info().rss / 1e6, 1),
    )


def rows(figures: Figures) -> list[tuple[str, str]]:
    """The figures as a table of two columns."""
    return [(name.replace("_", " "), str(value)) for name, value in asdict(figures).items()]


async def _turn(conversation: Conversation, sender: str, text: str) -> float:
    begun = time.perf_counter()
    await conversation.hear(Inbound("bench", sender, text=text))
    return time.perf_counter() - begun


async def _at_once(conversation: Conversation) -> float:
    """Turns a second: clients that each wait for their answer, over many talks."""
    turns = 2 * TALKS
    begun = time.perf_counter()

    async def client(number: int) -> None:
        for i in range(number, turns, CLIENTS):
            await _turn(conversation, f"m{i % TALKS}", SAID[i % len(SAID)])

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return turns / (time.perf_counter() - begun)


def _sqlite(folder: str, name: str) -> str:
    return f"sqlite:///{Path(folder) / name}.db"


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
