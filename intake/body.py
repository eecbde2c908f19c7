"""Reads a request's body within bounds: so many bytes, so many seconds, and only one big one at a time."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

from starlette.requests import ClientDisconnect, Request

from tips import wire

_SECONDS = 300.0


class BodyError(Exception):
    """A body that was not read: too large (413), too slow (408) or broken off (400)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class BigTurn:
    """Whoever sends much waits for its turn, until it is answered, so that memory is bounded. One object for all routes."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)

    def of(self, request: Request) -> AbstractAsyncContextManager[object]:
        """A turn for a big body, or one that does not say how long it is; nothing to wait for with a small one."""
        length = _length(request)
        return self._one if length is None or length > wire.BIG else nullcontext()


async def read_body(request: Request, limit: int, seconds: float = _SECONDS) -> bytearray:
    """The body, at most `limit` bytes, within so many `seconds`. Raises BodyError."""
    length = _length(request)
    if length is not None and length > limit:
        raise BodyError(413)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                if len(body) + len(piece) > limit:
                    raise BodyError(413)
                body += piece
    except TimeoutError:
        raise BodyError(408) from None
    except ClientDisconnect:
        raise BodyError(400) from None
    return body


def _length(request: Request) -> int | None:
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() else None
