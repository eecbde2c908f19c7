"""What an open page asks every three seconds: are there tips in danger that this officer has not seen on it?"""

from __future__ import annotations

from collections.abc import Callable

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tips.police.listing import Urgent
from tips.police.officers import OpenedOfficer
from web.sessions import Session


class Bell:
    """A handler for `Door.signed_in(…, touch=False)`: a page that asks by itself keeps nobody signed in.

    It opens no tip and tells of none more than that it is there, so it writes no audit row.
    """

    def __init__(self, urgent: Callable[[OpenedOfficer], Urgent]) -> None:
        self._urgent = urgent

    async def ring(self, request: Request, session: Session[OpenedOfficer]) -> Response:
        """`{"tips": 2, "newest": 41}`: how many this officer may read, and the number of the newest (0: none)."""
        urgent = await run_sync(self._urgent, session.value)
        return JSONResponse({"tips": urgent.tips, "newest": urgent.newest})
