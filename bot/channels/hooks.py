"""The door for platforms that call us: the secret first, then type and size, then parsing, then the journal, then 200."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.intake import ComeAgainError
from bot.channels.quiet import where

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000  # bytes


class _TooLargeError(Exception):
    pass


class MalformedError(Exception):
    """JSON, but not an update of this platform."""


def public_address(url: str, path: str) -> str:
    """Where a platform reaches a route: `url` is the app's public address, or already the route's own."""
    url = url.rstrip("/")
    return url if url.endswith(path) else url + path


def hook(path: str, header: str, secret: str, take: Callable[[dict[str, Any]], Awaitable[None]]) -> Route:
    """A POST route. `take` gets the body, a JSON object, and returns when the update is written down, now or since earlier.

    200 then; 403 wrong secret, 415 not JSON, 413 over 1 MB, 400 unreadable or MalformedError,
    503 for ComeAgainError, 500 for mistakes of ours.
    """

    async def answer(request: Request) -> Response:
        given = request.headers.get(header, "")
        if not hmac.compare_digest(given.encode("latin-1"), secret.encode()):
            return Response(status_code=403)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Response(status_code=415)
        try:
            body = json.loads(await _body(request))
        except _TooLargeError:
            return Response(status_code=413)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            if not isinstance(body, dict):
                raise MalformedError
            await take(body)
        except MalformedError:
            return Response(status_code=400)
        except ComeAgainError:
            return Response(status_code=503, headers={"Retry-After": "5"})
        except Exception as error:
            log.error("%s: an update was dropped: %s", path, where(error))
            return Response(status_code=500)
        return Response(status_code=200)

    return Route(path, answer, methods=["POST"])


async def _body(request: Request) -> bytes:
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:12]) > LARGEST_BODY:
        raise _TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
    return bytes(body)
