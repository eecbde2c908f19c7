"""The engine's memory of talks in Redis: several processes know the same talks."""

from __future__ import annotations

from typing import cast

from redis.asyncio import Redis

from nlu.talk_memory import IDLE_SECONDS

_PREFIX = "lachan:talk:"


class RedisMemory:
    """`nlu.talk_memory.Memory`. Redis itself forgets a talk that was idle for `IDLE_SECONDS`. Raises redis.RedisError."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, conversation: str) -> bytes | None:
        return cast("bytes | None", await self._redis.get(_PREFIX + conversation))

    async def put(self, conversation: str, remembered: bytes) -> None:
        await self._redis.set(_PREFIX + conversation, remembered, ex=IDLE_SECONDS)

    async def drop(self, conversation: str) -> None:
        await self._redis.delete(_PREFIX + conversation)
