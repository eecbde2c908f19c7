"""Which page of the list an officer looks at. It goes along in the addresses, so the list stays while tips are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request

from tips.police.listing import Cursor
from tips.police.status import OPEN, TipStatus

STILL_OPEN = "open"  # a choice beside the single statuses
SLOW = "slow"


@dataclass(frozen=True, slots=True)
class View:
    """`after`: the last line of the page before; `choice`: a status, "open", or "" for all; `slow`: only the slow lane."""

    after: Cursor | None = None
    choice: str = ""
    slow: bool = False

    @classmethod
    def of(cls, request: Request) -> View:
        """As the address says; what cannot be read there is left out."""
        choice = request.query_params.get("status", "")
        known = choice == STILL_OPEN or choice in TipStatus
        return cls(
            _cursor(request.query_params.get("after", "")),
            choice if known else "",
            request.query_params.get("lane") == SLOW,
        )

    @property
    def statuses(self) -> tuple[TipStatus, ...]:
        """What the list is asked for; none means all."""
        if self.choice == STILL_OPEN:
            return OPEN
        return (TipStatus(self.choice),) if self.choice else ()

    def query(self, **more: str) -> str:
        """The end of an address with this view, "?…" or ""."""
        values = {"status": self.choice, "lane": SLOW if self.slow else "", "after": str(self.after or ""), **more}
        given = urlencode({name: value for name, value in values.items() if value})
        return f"?{given}" if given else ""

    def behind(self, cursor: Cursor | None) -> View:
        """The page after `cursor`; without one, the first page."""
        return replace(self, after=cursor)


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text)
    except ValueError:
        return None
