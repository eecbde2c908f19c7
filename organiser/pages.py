"""The organisers' pages: each parses, calls one service, renders."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content.library import Library
from db.citizen import Contest
from db.stores import Store
from organiser import accounts, forms
from organiser.accounts import SignedIn
from quiz import nicknames, results
from quiz.contests import FEWEST, MOST, Contests, PlanError, StateError
from quiz.reports import Reports
from quiz.telling import duration
from web.forms import check_form, read_form, refuse_cross_site
from web.pages import Pages
from web.sessions import Cookie, Session, Sessions
from web.tries import Tries

HOME, DOOR = "/organiser", "/organiser/sign-in"
COOKIE = Cookie("lachan_organiser", path=HOME)
MOST_ID = 2**31 - 1  # of a row; an address may name any number
DONE = {
    "created": "đã lưu bản nháp. Cuộc thi tự mở khi đến giờ; chị cũng có thể mở ngay.",
    "changed": "đã lưu những gì chị sửa.",
    "opened": "cuộc thi đã mở. Bây giờ bà con vào thi được rồi.",
    "closed": "cuộc thi đã đóng, kết quả bên dưới là kết quả cuối cùng.",
    "deleted": "đã xóa bản nháp.",
    "hidden": "tên đó đã được thay; điểm giữ nguyên.",
}

type Handler = Callable[[Request, Session[SignedIn]], Awaitable[Response]]


@dataclass(frozen=True)
class Desk:
    """What the pages work with."""

    store: Store
    contests: Contests
    reports: Reports
    library: Callable[[], Library]
    now: Callable[[], datetime]
    sessions: Sessions[SignedIn]
    tries: Tries
    pages: Pages


class OrganiserPages:
    """One method a page. A contest of another group is as if it were not there (404)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def signed_in(self, handler: Handler, posted: bool = False) -> Callable[[Request], Awaitable[Response]]:
        """Lets only those through who are signed in; everybody else gets to the door."""

        async def guarded(request: Request) -> Response:
            if posted:
                refuse_cross_site(request)
            session = self._desk.sessions.get(COOKIE.read(request))
            if session is None:
                return RedirectResponse(DOOR, 303)
            with self._desk.library().one_edition():
                return await handler(request, session)

        return guarded

    async def door(self, request: Request) -> Response:
        """The page to sign in."""
        if self._desk.sessions.get(COOKIE.read(request)) is not None:
            return RedirectResponse(HOME, 303)
        return self._desk.pages.page(request, "sign-in.html", login="", error="")

    async def enter(self, request: Request) -> Response:
        """Signs in. Each wrong try makes the next one wait longer; none is refused."""
        refuse_cross_site(request)
        form = await read_form(request, max_files=0)
        login, password = _field(form, "login"), _field(form, "password")
        check = partial(accounts.sign_in, self._desk.store, login, password)
        who = await self._desk.tries.check(accounts.found_by(login), check)
        if who is None:
            error = "Tên đăng nhập hoặc mật khẩu chưa đúng. Chị gõ lại giúp mình."
            return self._desk.pages.page(request, "sign-in.html", 403, login=login, error=error)
        response = RedirectResponse(HOME, 303)
        COOKIE.set(response, request, self._desk.sessions.open(who))
        return response

    async def leave(self, request: Request, session: Session[SignedIn]) -> Response:
        """Signs out."""
        await check_form(request, session, max_files=0)
        self._desk.sessions.close(COOKIE.read(request))
        response = RedirectResponse(DOOR, 303)
        COOKIE.clear(response, request)
        return response

    async def contests(self, request: Request, session: Session[SignedIn]) -> Response:
        """The group's contests."""
        found = await to_thread.run_sync(self._desk.contests.listed, session.value.group_name)
        entrants = await to_thread.run_sync(self._desk.reports.entrants, [contest.id for contest in found])
        return self._page(request, "contests.html", session, contests=found, entrants=entrants)

    async def new(self, request: Request, session: Session[SignedIn]) -> Response:
        """The form for a new contest."""
        return self._form(request, session, forms.proposed(self._desk.now()), None)

    async def create(self, request: Request, session: Session[SignedIn]) -> Response:
        """Makes a draft of the form, or shows the form again with what is wrong."""
        form = forms.read(await check_form(request, session, max_files=0))
        if form.plan is None:
            return self._form(request, session, form, None)
        try:
            contest = await to_thread.run_sync(self._desk.contests.create, session.value.id, form.plan)
        except PlanError as error:
            return self._form(request, session, form.refused(error.fields), None)
        return _to(contest.id, "created")

    async def edit(self, request: Request, session: Session[SignedIn]) -> Response:
        """The form of a draft."""
        contest = await self._contest(request, session)
        return self._form(request, session, forms.of_contest(contest), contest)

    async def change(self, request: Request, session: Session[SignedIn]) -> Response:
        """Changes a draft, or shows the form again with what is wrong."""
        contest = await self._contest(request, session)
        form = forms.read(await check_form(request, session, max_files=0))
        if form.plan is None:
            return self._form(request, session, form, contest)
        try:
            await to_thread.run_sync(self._desk.contests.change, contest.id, form.plan)
        except PlanError as error:
            return self._form(request, session, form.refused(error.fields), contest)
        except StateError as error:
            return await self._shown(request, session, contest, 409, error.told)
        return _to(contest.id, "changed")

    async def contest(self, request: Request, session: Session[SignedIn]) -> Response:
        """One contest: its state, who stands where, how each question went."""
        return await self._shown(request, session, await self._contest(request, session))

    async def open(self, request: Request, session: Session[SignedIn]) -> Response:
        """Opens a draft now."""
        return await self._act(request, session, self._desk.contests.open, "opened")

    async def close(self, request: Request, session: Session[SignedIn]) -> Response:
        """Closes an open contest now."""
        return await self._act(request, session, self._desk.contests.close, "closed")

    async def delete(self, request: Request, session: Session[SignedIn]) -> Response:
        """Deletes a draft."""
        return await self._act(request, session, self._desk.contests.delete, "deleted")

    async def hide_name(self, request: Request, session: Session[SignedIn]) -> Response:
        """Replaces a name on the board that offends or gives somebody away."""
        contest = await self._contest(request, session)
        chosen = _field(await check_form(request, session, max_files=0), "attempt")
        attempt = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
        await to_thread.run_sync(nicknames.hide, self._desk.store, self._desk.library(), contest.id, attempt)
        return _to(contest.id, "hidden")

    async def download(self, request: Request, session: Session[SignedIn]) -> Response:
        """The results as an XLSX file."""
        contest = await self._contest(request, session)
        report = await to_thread.run_sync(self._desk.reports.report, contest)
        group, now = session.value.group_name, self._desk.now()
        content = await to_thread.run_sync(results.workbook, report, group, now)
        name = results.file_name(report)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=results.MIME, headers=headers)

    async def _act(
        self, request: Request, session: Session[SignedIn], act: Callable[[int], object], done: str
    ) -> Response:
        contest = await self._contest(request, session)
        await check_form(request, session, max_files=0)
        try:
            await to_thread.run_sync(act, contest.id)
        except StateError as error:
            return await self._shown(request, session, contest, 409, error.told)
        return RedirectResponse(f"{HOME}?done=deleted", 303) if done == "deleted" else _to(contest.id, done)

    async def _contest(self, request: Request, session: Session[SignedIn]) -> Contest:
        number = min(request.path_params["contest"], MOST_ID)
        contest = await to_thread.run_sync(self._desk.contests.of_group, session.value.group_name, number)
        if contest is None:
            raise HTTPException(404)
        return contest

    async def _shown(
        self, request: Request, session: Session[SignedIn], contest: Contest, status: int = 200, error: str = ""
    ) -> Response:
        latest = await to_thread.run_sync(self._desk.contests.get, contest.id)
        contest = latest or contest
        report = await to_thread.run_sync(self._desk.reports.report, contest)
        return self._page(request, "contest.html", session, status, contest=contest, report=report, error=error)

    def _form(
        self, request: Request, session: Session[SignedIn], form: forms.ContestForm, contest: Contest | None
    ) -> Response:
        bank = len(self._desk.library().questions)
        limits = {"fewest": FEWEST, "most": min(MOST, bank), "bank": bank}
        status = 422 if form.errors else 200
        return self._page(request, "form.html", session, status, form=form, contest=contest, **limits)

    def _page(
        self, request: Request, name: str, session: Session[SignedIn], status: int = 200, **values: object
    ) -> Response:
        done = DONE.get(request.query_params.get("done", ""), "")
        shared = {
            "session": session,
            "who": session.value,
            "done": done,
            "now": self._desk.now(),
            "live": self._desk.library().live,
        }
        time = partial(duration, self._desk.library(), language="vi")
        return self._desk.pages.page(request, name, status, duration=time, **shared, **values)


def _to(contest_id: int, done: str) -> Response:
    return RedirectResponse(f"{HOME}/contests/{contest_id}?done={done}", 303)


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value[:300] if isinstance(value, str) else ""


TEMPLATES = Path(__file__).parent / "templates"
