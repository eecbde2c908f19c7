"""What an officer does at the desk: looks at the list, reads a tip, moves it on, answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.door import TIP_ID
from inbox.paper import Paper
from inbox.view import View
from tips import lanes
from tips.police.files import FileSort
from tips.police.inbox import MAX_ANSWER, AnswerRefused, Inbox, MoveNotAllowed, OpenTip
from tips.police.listing import Page
from tips.police.officers import OpenedOfficer
from tips.police.rekey import TO_GRANT, TO_REVOKE
from tips.police.status import TipStatus
from tips.report import TEXTS
from tips.text import clean
from web.forms import check_form
from web.sessions import Session

type Signed = Session[OpenedOfficer]

_CALLED = {
    FileSort.PICTURE: "Ảnh",
    FileSort.VIDEO: "Phim",
    FileSort.SOUND: "Ghi âm",
    FileSort.DOCUMENT: "Tài liệu",
    FileSort.PLACE: "Vị trí",
    FileSort.CONTACT: "Danh thiếp",
    FileSort.BROKEN: "Tệp hỏng",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One addition or answer; `officer` is "" for the citizen, `text` None if it does not open."""

    hour: datetime
    officer: str
    text: str | None = field(repr=False)


class Desk:
    """Handlers behind `Door.signed_in`; a tip without a grant is NoGrant, which the door turns into a page."""

    def __init__(self, inbox: Inbox, paper: Paper) -> None:
        self._inbox = inbox
        self._paper = paper

    async def look(self, request: Request, session: Signed) -> Response:
        """The list."""
        view = View.of(request)
        page = await self._page(session, view)
        return self._paper.inside(request, session, "list.html", view=view, page=page)

    async def tip(self, request: Request, session: Signed) -> Response:
        """One tip, with the list beside it."""
        return await self.show(request, session, done=request.query_params.get("done", ""))

    async def status(self, request: Request, session: Signed) -> Response:
        """Moves a tip on. If somebody was faster, the page says so."""
        form = await check_form(request, session, max_files=0)
        try:
            to = TipStatus(str(form.get("to")))
        except ValueError:
            raise HTTPException(400) from None
        try:
            await run_sync(self._inbox.change_status, session.value, tip_id(request), to)
        except MoveNotAllowed:
            return await self.show(request, session, 409, fault="moved")
        return back(request, "status")

    async def answer(self, request: Request, session: Signed) -> Response:
        """Answers the citizen. A text that cannot go stays in the field."""
        form = await check_form(request, session, max_files=0)
        text = str(form.get("text") or "")
        try:
            await run_sync(self._inbox.answer, session.value, tip_id(request), text)
        except AnswerRefused:
            return await self.show(request, session, 422, fault="long" if clean(text).text else "empty", text=text)
        return back(request, "answer")

    async def _page(self, session: Signed, view: View) -> Page:
        return await run_sync(
            partial(self._inbox.list, session.value, view.after, statuses=view.statuses, slow_only=view.slow)
        )

    async def show(
        self,
        request: Request,
        session: Signed,
        status: int = 200,
        *,
        done: str = "",
        fault: str = "",
        text: str = "",
        part_id: str = "",
    ) -> Response:
        """The page of a tip. `fault`: what could not be done; `text`: what was typed; `part_id`: for which original."""
        view = View.of(request)
        tip = await run_sync(self._inbox.open, session.value, tip_id(request))
        page = await self._page(session, view)
        return self._paper.inside(
            request,
            session,
            "tip.html",
            status,
            view=view,
            page=page,
            tip=tip,
            told=[name for name in TEXTS if tip.report and getattr(tip.report, name)],
            names=_names(tip),
            lane=lanes.told(tip.lane),
            thread=_thread(tip),
            to_grant=TO_GRANT,
            to_revoke=TO_REVOKE,
            done=done,
            fault=fault,
            text=text,
            part_id=part_id,
            length=len(clean(text).text),
            most=MAX_ANSWER,
        )


def _names(tip: OpenTip) -> dict[str, str]:
    """What each file is called on the page, by its part's id: "Ảnh 1", "Ảnh 2", "Phim 1"."""
    counted = Counter[FileSort]()
    names = {}
    for file in tip.files:
        counted[file.sort] += 1
        names[file.part_id] = f"{_CALLED[file.sort]} {counted[file.sort]}"
    return names


def _thread(tip: OpenTip) -> list[Said]:
    """Additions and answers by hour; within one hour additions first, because their order is not kept any finer."""
    additions = [Said(line.received_hour, "", line.text) for line in tip.additions]
    answers = [Said(line.sent_hour, line.officer, line.answer.text if line.answer else None) for line in tip.answers]
    return sorted(additions + answers, key=lambda said: said.hour)


def tip_id(request: Request) -> str:
    """Raises HTTPException 404 for what is no id, so that nobody's text gets into the audit log."""
    given = str(request.path_params["tip_id"])
    if not TIP_ID.fullmatch(given):
        raise HTTPException(404)
    return given


def back(request: Request, done: str) -> Response:
    """To the tip's page, which says that it is done."""
    query = View.of(request).query(done=done)
    return RedirectResponse(f"/inbox/tips/{tip_id(request)}{query}#{done}-done", status_code=303)
