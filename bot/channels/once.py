"""On a bad line a phone sends a message again when only the answer was lost: it must not count twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Once[T]:
    """Does a thing once a key and gives its result to everybody who asks again within `keep` seconds.

    In memory only, at most `most` results, the oldest go first. A failure is not kept: asking again tries again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, keep: float = 60, most: int = 1000) -> None:
        self._clock = clock
        self._keep = keep
        self._most = most
        self._results: dict[bytes, tuple[float, asyncio.Future[T]]] = {}

    async def do(self, key: bytes, act: Callable[[], Awaitable[T]]) -> T:
        """The result of `act`, which runs only if nothing with this key runs or ran lately. Raises what it raises."""
        self._forget()
        if key in self._results:
            return await asyncio.shield(self._results[key][1])
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._results[key] = (self._clock(), future)
        try:
            result = await act()
        except BaseException as error:
            self._results.pop(key, None)
            if isinstance(error, Exception):
                future.set_exception(error)
                future.exception()  # nobody may be waiting; then it is not an error that nobody looked
            else:
                future.cancel()
            raise
        future.set_result(result)
        asyncio.get_running_loop().call_later(
            self._keep + 1, self._forget
        )  # it may hold a code: gone without being asked
        return result

    def _forget(self) -> None:
        oldest = self._clock() - self._keep
        for key, (made, future) in list(self._results.items()):
            if made >= oldest and len(self._results) < self._most:
                break
            if future.done():
                del self._results[key]
