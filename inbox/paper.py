"""Renders the inbox's templates with what the top bar and the list need on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from content.files import Live
from tips.police.officers import OpenedOfficer
from tips.police.status import OPEN
from web.pages import Pages
from web.sessions import IDLE, LONGEST, Session

_PAGES = Pages(Path(__file__).parent / "templates")


class Paper:
    """Pages for those outside, and pages for an officer who is signed in."""

    def __init__(self, now: Callable[[], datetime], live: Callable[[], Live | None] = lambda: None) -> None:
        """`live`: which content the bot speaks from; None where no bot runs in this process."""
        self._now, self._live = now, live

    def outside(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        """A page without an officer."""
        return _PAGES.page(request, name, status, session=None, live=None, **values)

    def inside(
        self, request: Request, session: Session[OpenedOfficer], name: str, status: int = 200, **values: Any
    ) -> Response:
        """A page with the officer's name and the end of the session on top."""
        now = self._now()
        return _PAGES.page(
            request,
            name,
            status,
            session=session,
            live=self._live(),
            ends=min(session.seen + IDLE, session.opened + LONGEST),
            today=now,
            yesterday=now - timedelta(days=1),
            still_open=OPEN,
            **values,
        )
