"""What the bot's machine may ask of the police's: the dropbox, one route for each of its methods.

200 comes with the answer (tips/wire.py), every other status with a fault: 409 the position is taken, 404 the tip is not
there, 503 nobody is on duty, 413 too large, 408 too slow, 400 unreadable, 500 the store failed. Who asks is settled before:
no request gets here without the bot's certificate (tls.py).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from intake.body import BigTurn, BodyError, read_body
from tips import wire
from tips.dropbox import Dropbox, DropboxError, NobodyOnDuty, PositionTaken, SealedTip, UnknownTip
from tips.wire import Fault, Shape, WireError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/vnd.msgpack"
_STATUS = {
    Fault.NOBODY_ON_DUTY: 503,
    Fault.UNKNOWN_TIP: 404,
    Fault.POSITION_TAKEN: 409,
    Fault.TOO_LARGE: 413,
    Fault.UNREADABLE: 400,
    Fault.FAILED: 500,
}
_EVERYDAY = {Fault.UNKNOWN_TIP, Fault.POSITION_TAKEN}  # answers like others: a line about one would be a citizen's time
_AT_ONCE = 16  # threads

type _Handler = Callable[[Request], Awaitable[Response]]


def intake_app(dropbox: Dropbox) -> Starlette:
    """The app on a dropbox of the police's store. It has to be served by `intake.listening`, which lets only the bot in."""
    turn, threads = BigTurn(), anyio.CapacityLimiter(_AT_ONCE)

    def route[A, B](asked: Shape[A], do: Callable[[A], B], given: Shape[B]) -> _Handler:
        """A handler: reads what is asked, does it in a thread, gives what comes of it."""

        def answer(body: bytearray) -> bytes:
            return given.pack(do(asked.unpack(body)))

        async def handle(request: Request) -> Response:
            try:
                async with turn.of(request):
                    body = await read_body(request, asked.limit)
                    content = await anyio.to_thread.run_sync(answer, body, limiter=threads)
            except Exception as error:
                return _fault(error, request)
            return Response(content, media_type=MEDIA_TYPE)

        return handle

    def deposit(tip: SealedTip) -> bool:
        dropbox.deposit(tip)
        return True

    def add(addition: wire.Addition) -> bool:
        dropbox.add(addition.part, addition.danger)
        return True

    async def recipients(request: Request) -> Response:
        try:
            found = await anyio.to_thread.run_sync(dropbox.recipients, limiter=threads)
            return Response(wire.RECIPIENTS.pack(found), media_type=MEDIA_TYPE)
        except Exception as error:
            return _fault(error, request)

    def post(path: str, handle: _Handler) -> Route:
        return Route(path, handle, methods=["POST"])

    return Starlette(
        routes=[
            Mount(
                "/intake/v1",
                routes=[
                    Route("/recipients", recipients, methods=["GET"]),
                    post("/tips", route(wire.TIP, deposit, wire.DONE)),
                    post("/parts", route(wire.ADDITION, add, wire.DONE)),
                    post("/find", route(wire.LOOKUP, dropbox.find, wire.ADDRESS)),
                    post("/answers", route(wire.LOOKUP, dropbox.answers, wire.MESSAGES)),
                    post("/counts", route(wire.LOOKUPS, dropbox.count_answers, wire.COUNTS)),
                ],
            )
        ]
    )


def _fault(error: Exception, request: Request) -> Response:
    fault, status = _what(error)
    if fault not in _EVERYDAY:
        log.warning("%s answered with %d", request.url.path, status)
    return Response(wire.FAULT.pack(fault), status, media_type=MEDIA_TYPE)


def _what(error: Exception) -> tuple[Fault, int]:
    match error:
        case BodyError():
            return (Fault.TOO_LARGE if error.status == 413 else Fault.UNREADABLE), error.status
        case WireError():
            fault = Fault.UNREADABLE
        case NobodyOnDuty():
            fault = Fault.NOBODY_ON_DUTY
        case UnknownTip():
            fault = Fault.UNKNOWN_TIP
        case PositionTaken():
            fault = Fault.POSITION_TAKEN
        case DropboxError() | _:
            fault = Fault.FAILED
    return fault, _STATUS[fault]
