"""The pages for wishes to be contacted (guides/handover): a list for all of the Union, a wish for the group that took it up."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content.spelling import bare
from guides.handover import reading
from guides.handover.wishes import Wishes
from organiser.accounts import SignedIn
from organiser.pages import HOME, Desk
from web.forms import check_form
from web.sessions import Session

WISHES = f"{HOME}/wishes"
_ID = re.compile(r"[0-9a-f]{32}")
_DONE = {
    "taken": "lời nhắn này là của nhóm chị. Chị liên lạc sớm nhé.",
    "seen-to": "đã đánh dấu xong và xóa lời nhắn.",
}
_TROUBLE = {"late": "Lời nhắn này vừa có nhóm khác nhận, hoặc người nhắn đã rút lại."}


class WishPages:
    """One method a page. What a wish says is on one page only, for the group that took it up; elsewhere it is 404."""

    def __init__(self, desk: Desk, wishes: Wishes) -> None:
        self._desk, self._wishes = desk, wishes

    async def wishes(self, request: Request, session: Session[SignedIn]) -> Response:
        """All wishes, or those of a province: where, since when, who took it up."""
        provinces = sorted((place.name for place in self._desk.library().places), key=bare)
        chosen = request.query_params.get("province", "")
        chosen = chosen if chosen in provinces else ""
        found = await to_thread.run_sync(self._wishes.listed, chosen)
        waiting = await to_thread.run_sync(self._wishes.waiting)
        values = {"found": found, "waiting": waiting, "provinces": provinces, "chosen": chosen}
        return self._page(request, "wishes.html", session, **values)

    async def wish(self, request: Request, session: Session[SignedIn]) -> Response:
        """One wish, to whoever took it up."""
        opened = await to_thread.run_sync(self._wishes.open, _id(request), session.value.group_name)
        if opened is None:
            raise HTTPException(404)
        phone = reading.phone_in(opened.wish.reach) if opened.wish else None
        dial = "".join(sign for sign in phone.written if sign.isdigit() or sign == "+") if phone and phone.real else ""
        return self._page(request, "wish.html", session, listed=opened.listed, wish=opened.wish, dial=dial)

    async def take(self, request: Request, session: Session[SignedIn]) -> Response:
        """Takes a wish up and opens it; whoever comes second is told."""
        await check_form(request, session, max_files=0)
        wish_id = _id(request)
        if await to_thread.run_sync(self._wishes.take, wish_id, session.value.id):
            return RedirectResponse(f"{WISHES}/{wish_id}?done=taken", 303)
        return RedirectResponse(f"{WISHES}?trouble=late", 303)

    async def done(self, request: Request, session: Session[SignedIn]) -> Response:
        """Deletes a wish that was seen to."""
        await check_form(request, session, max_files=0)
        if not await to_thread.run_sync(self._wishes.done, _id(request), session.value.group_name):
            raise HTTPException(404)
        return RedirectResponse(f"{WISHES}?done=seen-to", 303)

    def _page(self, request: Request, name: str, session: Session[SignedIn], **values: Any) -> Response:
        shared: dict[str, Any] = {
            "session": session,
            "who": session.value,
            "done": _DONE.get(request.query_params.get("done", ""), ""),
            "trouble": _TROUBLE.get(request.query_params.get("trouble", ""), ""),
            "live": self._desk.library().live,
            "day_of": _day,
        }
        return self._desk.pages.page(request, name, **shared, **values)


def _id(request: Request) -> str:
    """Of the address. Raises HTTPException 404 for what can be none."""
    given = str(request.path_params["wish"])
    if not _ID.fullmatch(given):
        raise HTTPException(404)
    return given


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
