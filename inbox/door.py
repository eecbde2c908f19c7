"""Lets officers in and out, and nobody else past. The opened key is in the session, in memory, and nowhere else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.paper import Paper
from tips.police.officers import Officers, OpenedOfficer
from tips.police.opening import NoGrant
from tips.slowdown import Slowdown
from web.forms import check_form, read_form, refuse_cross_site
from web.sessions import Cookie, Session, Sessions
from web.tries import Tries

COOKIE = Cookie("lachan_inbox", path="/inbox")
HOME, SIGN_IN = "/inbox", "/inbox/sign-in"
TIP_ID = re.compile(r"[0-9a-f]{32}")

type Plain = Callable[[Request], Awaitable[Response]]
type Guarded = Callable[[Request, Session[OpenedOfficer]], Awaitable[Response]]


class Door:
    """Signing in and out. `sleep` takes seconds."""

    def __init__(
        self,
        officers: Officers,
        sessions: Sessions[OpenedOfficer],
        slowdown: Slowdown,
        paper: Paper,
        sleep: Callable[[float], Awaitable[Any]],
    ) -> None:
        self._officers = officers
        self._sessions = sessions
        self._tries = Tries(slowdown, sleep)
        self._paper = paper

    def signed_in(self, handler: Guarded, touch: bool = True, give_back: str = "") -> Plain:
        """A handler that only officers reach. `touch=False`: being called is no sign of a person.

        `give_back` names a form field: if the form comes too late or with an old token, its text is shown, not lost.
        """

        async def guarded(request: Request) -> Response:
            if give_back:
                refuse_cross_site(request)  # first: nobody else's words are shown on our page
                await request.body()  # kept, so that the form can be read twice
            session = self._sessions.get(COOKIE.read(request), touch)
            try:
                if session is not None:
                    return await handler(request, session)
            except NoGrant:
                assert session
                return self._paper.inside(request, session, "no_grant.html", 403)
            except HTTPException as error:
                if error.status_code != 403 or not give_back:
                    raise
            if give_back:
                text = _text(await read_form(request), give_back)
                return self._paper.outside(request, "given_back.html", 403, text=text)
            return self._to_sign_in(request)

        return guarded

    async def page(self, request: Request) -> Response:
        """The page to sign in. A cookie without a session means that the session has ended."""
        cookie = COOKIE.read(request)
        to = _tip_id(request.query_params.get("to", ""))
        if cookie and self._sessions.get(cookie, touch=False):
            return RedirectResponse(_place(to), status_code=303)
        news = "ended" if cookie else "out" if "out" in request.query_params else ""
        return self._paper.outside(request, "sign_in.html", news=news, login="", to=to)

    async def sign_in(self, request: Request) -> Response:
        """Opens the officer's key with the password. Each wrong try makes the next one wait longer; none is refused."""
        refuse_cross_site(request)
        form = await read_form(request, max_files=0)
        login, to = _text(form, "login"), _tip_id(_text(form, "to"))
        who = unicodedata.normalize("NFC", login).strip().lower()[:64]  # as officers are found
        officer = await self._tries.check(who, partial(self._officers.unlock, login, _text(form, "password")))
        if officer is None:
            return self._paper.outside(request, "sign_in.html", 403, news="wrong", login=login[:64], to=to)
        self._sessions.close(COOKIE.read(request))
        response = RedirectResponse(_place(to), status_code=303)
        COOKIE.set(response, request, self._sessions.open(officer))
        return response

    async def sign_out(self, request: Request) -> Response:
        """Ends the session, and with it the opened key."""
        token = COOKIE.read(request)
        session = self._sessions.get(token)
        if session is not None:
            await check_form(request, session, max_files=0)
            self._sessions.close(token)
        response = RedirectResponse(f"{SIGN_IN}?out=1", status_code=303)
        COOKIE.clear(response, request)
        return response

    def _to_sign_in(self, request: Request) -> Response:
        to = _tip_id(request.path_params.get("tip_id", ""))
        return RedirectResponse(f"{SIGN_IN}?to={to}" if to else SIGN_IN, status_code=303)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _tip_id(text: str) -> str:
    """A tip's id, or "" for anything else: it goes into an address."""
    return text if TIP_ID.fullmatch(text) else ""


def _place(tip_id: str) -> str:
    return f"{HOME}/tips/{tip_id}" if tip_id else HOME
