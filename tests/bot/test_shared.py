"""Two processes' worth of engines and lanes on one real Redis: they know the same talks and take turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.lanes import Lanes
from bot.shared_lock import lock_in
from lachan.house import House
from lachan.settings import Settings
from nlu.engine import Engine
from nlu.rasa_engine import RasaEngine
from nlu.redis_memory import RedisMemory
from nlu.talk_memory import IDLE_SECONDS
from tests.kit.model import TrainedModel
from tests.kit.redis import RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
async def redis(server: RedisServer) -> AsyncIterator[Redis]:
    async with Redis.from_url(server.url) as connection:
        yield connection


def _engine(trained: TrainedModel, server: RedisServer) -> Engine:
    return House(Settings(data=trained.folder, redis=server.url, _env_file=None)).engine  # type: ignore[call-arg]


async def test_a_talk_goes_on_in_another_process(trained: TrainedModel, server: RedisServer, redis: Redis) -> None:
    first, second = _engine(trained, server), _engine(trained, server)
    assert isinstance(first, RasaEngine)
    assert first is not second
    await first.turn("t", "chào bạn, mình ở sơn la", "vi")
    await first.say("t", "check_offer", "vi")
    await second.say("t", "ask_law", "vi")
    assert 0 < await redis.ttl("lachan:talk:t") <= IDLE_SECONDS
    kept = await redis.get("lachan:talk:t")
    assert b"check_offer" in kept and b"ask_law" in kept, "the second goes on where the first was"
    assert "sơn la".encode() not in kept, "no word of a person's is kept"
    await second.forget("t")
    assert await redis.get("lachan:talk:t") is None


async def test_the_memory_keeps_bytes_as_they_are(redis: Redis) -> None:
    memory = RedisMemory(redis)
    assert await memory.get("a") is None
    await memory.put("a", b"\x00\xff")
    assert await memory.get("a") == b"\x00\xff"
    await memory.drop("a")
    assert await memory.get("a") is None


async def test_one_persons_messages_do_not_overlap_between_processes(redis: Redis) -> None:
    lanes = [Lanes(shared=partial(lock_in, redis)) for _ in range(2)]
    inside, most, done = 0, 0, 0

    async def work() -> None:
        nonlocal inside, most, done
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.002)
        inside -= 1
        done += 1

    await asyncio.gather(*(lanes[number % 2].run("one person", work) for number in range(30)))
    assert (most, done) == (1, 30)


async def test_a_slow_turn_holds_up_nobody_else_and_the_next_one_not_for_a_second(redis: Redis) -> None:
    """Rasa's own lock would look again after a whole second. (Orders of events, not a benchmark.)"""
    here, there = (Lanes(shared=partial(lock_in, redis)) for _ in range(2))
    order: list[str] = []

    async def say(what: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        order.append(what)

    begun = time.monotonic()
    slow = asyncio.create_task(here.run("slow", partial(say, "slow", 0.3)))
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(there.run("slow", partial(say, "slow again", 0.0)))
    await there.run("other", partial(say, "other", 0.0))
    await asyncio.gather(slow, waiting)
    assert order == ["other", "slow", "slow again"]
    assert time.monotonic() - begun < 1.0
