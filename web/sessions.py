"""Who is signed in: kept in memory only, found by a token that is kept as its hash, gone when idle or old."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)


@dataclass(slots=True)
class Session[T]:
    """One signed-in person; `form_token` goes into each of their forms (the macro `form_token` in parts.html)."""

    value: T = field(repr=False)
    form_token: str = field(repr=False)
    opened: datetime
    seen: datetime


class Sessions[T]:
    """All sessions of one room. A restart ends them, on purpose: what they hold (an officer's key) is on no disk."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        idle: timedelta = IDLE,
        longest: timedelta = LONGEST,
    ) -> None:
        self._now = now
        self._idle = idle
        self._longest = longest
        self._open: dict[str, Session[T]] = {}

    def open(self, value: T) -> str:
        """Signs in; returns the token for the cookie (32 random bytes, urlsafe). It is not kept here."""
        self._drop_ended()
        token, now = secrets.token_urlsafe(32), self._now()
        self._open[_hash(token)] = Session(value, secrets.token_urlsafe(32), opened=now, seen=now)
        return token

    def get(self, token: str, touch: bool = True) -> Session[T] | None:
        """The session, if it lives. `touch=False` for what a page asks by itself: that is no sign of a person."""
        self._drop_ended()
        session = self._open.get(_hash(token))
        if session is not None and touch:
            session.seen = self._now()
        return session

    def close(self, token: str) -> None:
        """Signs out; an unknown token is no error."""
        self._open.pop(_hash(token), None)

    def close_where(self, test: Callable[[T], bool]) -> int:
        """Ends the sessions whose value passes the test (a person was locked out); returns how many."""
        ended = [key for key, session in self._open.items() if test(session.value)]
        for key in ended:
            del self._open[key]
        return len(ended)

    def _drop_ended(self) -> None:
        now = self._now()
        for key, session in list(self._open.items()):
            if now - session.seen >= self._idle or now - session.opened >= self._longest:
                self._open.pop(key, None)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that only our pages send and no script reads. Without `max_age` (seconds) it ends with the browser."""

    name: str
    path: str
    max_age: int | None = None

    def read(self, request: Request) -> str:
        """The value, or ""."""
        return request.cookies.get(self.name, "")

    def set(self, response: Response, request: Request, value: str) -> None:
        response.set_cookie(
            self.name,
            value,
            max_age=self.max_age,
            path=self.path,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )

    def clear(self, response: Response, request: Request) -> None:
        response.delete_cookie(
            self.name, path=self.path, secure=request.url.scheme == "https", httponly=True, samesite="strict"
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
