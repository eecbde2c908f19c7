"""One measurement of the product, in a process of its own: `python -m lachan.bench.ours WHAT …`, JSON on standard output.

The first line is written when the first answer is there; whoever started the process knows how long that took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import psutil

from bot.inbound import Inbound
from lachan.bench import load
from lachan.house import House
from lachan.settings import Settings

PEOPLE, TURNS_OF_ALL = 10_000, 100_000
LONG = 2000


def main(what: str, data: str, texts_file: str, *more: str) -> None:
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    work: dict[str, Callable[..., Coroutine[Any, Any, dict[str, Any]]]] = {
        "conversation": conversation,
        "engine": engine,
        "shared": shared,
    }
    print(json.dumps(asyncio.run(work[what](Path(data), texts, *more))))


async def conversation(data: Path, texts: dict[str, list[str]]) -> dict[str, Any]:
    """Turns through the whole conversation layer, on fresh SQLite stores, actions included."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(
            Settings(
                data=data,
                citizen_db=f"sqlite:///{Path(folder) / 'citizen.db'}",
                police_db=f"sqlite:///{Path(folder) / 'police.db'}",
                redis="",
                _env_file=None,
            )
        )
        house.migrate()
        talk = house.conversation

        async def say(person: str, text: str) -> None:
            await talk.hear(Inbound("bench", person, text=text))

        await say("first", texts["mixed"][0])
        _first_answer()
        figures = {
            **await load.one_client(say, texts["mixed"]),
            "turns_per_s": await load.many_clients(say, texts["mixed"], 2000),
            **await load.long_talk(say, texts["calm"], LONG),
            "resident_mb": _resident(),
        }
        house.close()
    return figures


async def engine(data: Path, texts: dict[str, list[str]]) -> dict[str, Any]:
    """Turns of the engine alone, and its memory after `TURNS_OF_ALL` turns by `PEOPLE`."""
    say = _engine(data, "")
    await say("first", texts["mixed"][0])
    _first_answer()
    figures: dict[str, Any] = {
        **await load.one_client(say, texts["mixed"]),
        **await load.long_talk(say, texts["calm"], LONG),
    }
    figures["turns_per_s"] = await load.many_clients(say, texts["mixed"], 5000)
    memory, mixed = [], texts["mixed"]
    for turn in range(TURNS_OF_ALL):
        await say(f"p{turn % PEOPLE}", mixed[turn % len(mixed)])
        if (turn + 1) % (TURNS_OF_ALL // 10) == 0:
            memory.append(_resident())
    return {**figures, "resident_mb_after_each_tenth": memory}


async def shared(
    data: Path, texts: dict[str, list[str]], redis: str, clients: str, start_at: str, seconds: str
) -> dict[str, Any]:
    """Turns a second of one of several processes that share talks through Redis: each turn under its lock."""
    from functools import partial

    from redis.asyncio import Redis

    from bot.lanes import Lanes
    from bot.shared_lock import lock_in

    connection = Redis.from_url(redis)
    lanes = Lanes(shared=partial(lock_in, connection))
    turn, mixed = _engine(data, redis), texts["mixed"]
    for text in mixed:  # warm
        await turn("warm", text)
    _first_answer()
    await asyncio.sleep(max(0.0, float(start_at) - time.time()))
    end, done = time.monotonic() + float(seconds), 0

    async def client(number: int) -> None:
        nonlocal done
        i = number
        while time.monotonic() < end:
            talk = f"s{i % load.TALKS}"
            await lanes.run(talk, partial(turn, talk, mixed[i % len(mixed)]))
            i += int(clients)
            done += 1

    await asyncio.gather(*(client(number) for number in range(int(clients))))
    await connection.aclose()
    return {"turns_per_s": done / float(seconds)}


def _engine(data: Path, redis: str) -> load.Say:
    made = House(Settings(data=data, redis=redis, _env_file=None)).engine

    async def say(talk: str, text: str) -> None:
        await made.turn(talk, text, "vi")

    return say


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


def _first_answer() -> None:
    print("answered", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
