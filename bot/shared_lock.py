"""One person's messages one at a time, over several processes: a lock in Redis for each talk."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.lock import Lock

_PREFIX = "lachan:turn:"
LONGEST_TURN = 60.0  # seconds after which a lock whose process died is free again
LOOK_AGAIN = 0.005  # seconds; Rasa's own lock looks once a second


def lock_in(redis: Redis, name: str) -> Lock:
    """`async with lock_in(redis, ref): …`. Raises redis.LockError if the turn took longer than `LONGEST_TURN`."""
    return redis.lock(_PREFIX + name, timeout=LONGEST_TURN, sleep=LOOK_AGAIN)
