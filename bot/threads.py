"""Services are synchronous; this is how the conversation waits for them without holding up others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from anyio import CapacityLimiter, to_thread


async def in_thread[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the function in a thread and gives back what it gives. Raises what it raises."""
    return await to_thread.run_sync(partial(function, *args, **kwargs))


async def in_thread_of[T](limiter: CapacityLimiter, function: Callable[[], T]) -> T:
    """The same, in one of a few threads: for what is slow on purpose, such as trying a code."""
    return await to_thread.run_sync(function, limiter=limiter)
