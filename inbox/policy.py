"""Middleware: on the police's pages no script may turn text into markup, whatever a later change tries.

Films and sounds play from here and nowhere else.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.security import CONTENT_SECURITY_POLICY

POLICY = f"{CONTENT_SECURITY_POLICY}; media-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"


class StricterPolicy:
    """Sets `POLICY`; web.security.SafeHeaders around it keeps what is set here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stricter(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = POLICY
            await send(message)

        await self.app(scope, receive, stricter)
