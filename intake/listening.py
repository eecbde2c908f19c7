"""Opens the intake's port, beside whatever else the process serves, and closes it again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from intake.tls import server_context

_SECONDS_TO_END = 2  # for what is being answered when the process is to stop; what is cut off is sent again
_KEPT_ALIVE = 75  # seconds; shaking hands anew costs more than the rest of a request


class IntakeError(Exception):
    """The intake cannot be opened; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the intake is open."""

    host: str
    port: int


class _Quiet(uvicorn.Server):
    """Leaves signals to the process that it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening(app: ASGIApp, host: str, port: int, certificates: Path) -> AsyncIterator[Listening]:
    """Serves the app of `intake_app` while the block runs; port 0 takes a free one.

    `certificates`: a folder with `authority.pem`, `server.pem`, `server.key`. Raises IntakeError.
    """
    door = _open(host, port)
    server = _Quiet(config(app, certificates))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        while not server.started:
            if serving.done():
                await serving
                raise IntakeError("the intake did not start")
            await asyncio.sleep(0.01)
        yield Listening(host, door.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
        door.close()


def config(app: ASGIApp, certificates: Path) -> uvicorn.Config:
    """How uvicorn serves it: mutual TLS, no line about requests, nobody's word about who a client is. Raises IntakeError."""
    try:
        context = server_context(certificates)
    except OSError as error:
        raise IntakeError(
            f"the certificates in {certificates} cannot be used ({type(error).__name__}): make them with "
            "`lachan admin make-certificates` and set LACHAN_INTAKE_CERTIFICATES to the folder `police`"
        ) from None
    return uvicorn.Config(
        app,
        ssl_context_factory=lambda config, default: context,
        lifespan="off",
        ws="none",
        http="h11",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEPT_ALIVE,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )


def _open(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError:
        raise IntakeError(
            f"{host}, port {port}, cannot be opened: set LACHAN_INTAKE_HOST and LACHAN_INTAKE_PORT to others"
        ) from None
