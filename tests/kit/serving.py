"""An ASGI app behind real HTTP on loopback, in a thread with an event loop of its own."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from typing import Self

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class Serving:
    """`with Serving(app) as server: … server.url`. The app's lifespan runs.

    stop() waits for requests at most a second; with `hurry` it waits for nothing, and the lifespan's end does not run.
    """

    def __init__(self, app: ASGIApp, port: int = 0, hurry: bool = False) -> None:
        self._hurry = hurry
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen(128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app, log_config=None, access_log=False, log_level=logging.CRITICAL, timeout_graceful_shutdown=1, ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Self:
        """Returns when the app answers. Raises RuntimeError if its start failed."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the app did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self._server.force_exit = self._hurry
        self._server.should_exit = True
        if not self._hurry:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        with contextlib.suppress(SystemExit):  # uvicorn's way to say that the start failed
            self._server.run(sockets=[self._socket])
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class Dropped(Response):
    """Breaks the connection off in the middle of the answer, as a bad line does."""

    def __init__(self) -> None:
        super().__init__()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
