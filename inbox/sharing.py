"""What takes more than one officer: a file as it came, and who else may open a tip. And the files themselves."""

from __future__ import annotations

import re
from functools import partial

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.desk import Desk, Signed, back, tip_id
from inbox.view import View
from tips.attachments import CONTACT_TYPE, PLACE_TYPE, AttachmentError
from tips.cleaning.kinds import FileError
from tips.cleaning.sniff import DOCX_TYPE, kind_of
from tips.envelope import EnvelopeError
from tips.police.files import PICTURES, SOUNDS, VIDEOS
from tips.police.inbox import Inbox
from tips.police.originals import AskedAlready, NoSecond, NotYours, ReasonRefused
from tips.police.rekey import AccessReason, AccessRefused, LastOfficer
from web.forms import check_form

_SHOWN = (*PICTURES, *VIDEOS, *SOUNDS)  # in the page; anything else is only fetched
_FETCHED = ("application/pdf", DOCX_TYPE, PLACE_TYPE, CONTACT_TYPE)
_SOME_BYTES = "application/octet-stream"
_ID = re.compile(r"[0-9a-f]{32}")


class Sharing:
    """Handlers behind `Door.signed_in`, beside those of `desk`."""

    def __init__(self, inbox: Inbox, desk: Desk) -> None:
        self._inbox = inbox
        self._desk = desk

    async def file(self, request: Request, session: Signed) -> Response:
        """A cleaned copy, opened for this request and kept nowhere. `?save=1`: to be fetched, not shown."""
        part_id = _id(request, "part_id")
        try:
            file = await run_sync(self._inbox.file, session.value, tip_id(request), part_id)
        except (LookupError, EnvelopeError, AttachmentError):
            raise HTTPException(404) from None
        # Whoever can write to the store can seal a file that says it is a web page: only known types keep their name.
        known = file.media_type in (*_SHOWN, *_FETCHED)
        shown = file.media_type in _SHOWN and "save" not in request.query_params
        return _bytes(file.content, file.media_type if known else _SOME_BYTES, "" if shown else part_id, file.suffix)

    async def original(self, request: Request, session: Signed) -> Response:
        """A file as it came. It is never shown, whatever it is: nobody has cleaned it."""
        part_id = _id(request, "part_id")
        try:
            data = await run_sync(self._inbox.originals.fetch, session.value, tip_id(request), part_id)
        except (LookupError, EnvelopeError):
            raise HTTPException(404) from None
        return _bytes(data, _SOME_BYTES, f"goc-{part_id}", _suffix(data))

    async def ask(self, request: Request, session: Signed) -> Response:
        """Asks for an original. A reason that is too short or too long stays in its field."""
        form = await check_form(request, session, max_files=0)
        part_id, reason = _id(request, "part_id"), str(form.get("reason") or "")
        fault = partial(self._desk.show, request, session, part_id=part_id, text=reason)
        try:
            await run_sync(self._inbox.originals.ask, session.value, tip_id(request), part_id, reason)
        except LookupError:
            raise HTTPException(404) from None
        except ReasonRefused:
            return await fault(422, fault="reason")
        except AskedAlready:
            return await fault(409, fault="asked")
        except NoSecond:
            return await fault(409, fault="no_second")
        return back(request, "asked")

    async def settle(self, request: Request, session: Signed) -> Response:
        """Says yes or no to a request, or takes one's own back. If somebody was faster, the page says so."""
        form = await check_form(request, session, max_files=0)
        originals, request_id = self._inbox.originals, _id(request, "request_id")
        say = form.get("say")
        if say not in ("yes", "no"):
            raise HTTPException(400)
        act = originals.agree if say == "yes" else originals.decline
        try:
            await run_sync(act, session.value, tip_id(request), request_id)
        except LookupError:
            return await self._desk.show(request, session, 409, fault="settled")
        except NotYours:
            return await self._desk.show(request, session, 409, fault="not_yours")
        except EnvelopeError:
            return await self._desk.show(request, session, 409, fault="broken_original")
        return back(request, "agreed" if say == "yes" else "declined")

    async def access(self, request: Request, session: Signed) -> Response:
        """Lets an officer open the tip, or takes the key from one."""
        form = await check_form(request, session, max_files=0)
        access, who, do = self._inbox.access, str(form.get("officer")), form.get("do")
        if do not in ("grant", "revoke") or not (who.isascii() and who.isdecimal() and len(who) < 10):
            raise HTTPException(400)
        try:
            reason = AccessReason(str(form.get("reason")))
        except ValueError:
            raise HTTPException(400) from None
        act = access.grant if do == "grant" else access.revoke
        try:
            await run_sync(act, session.value, tip_id(request), int(who), reason)
        except LastOfficer:
            return await self._desk.show(request, session, 409, fault="last_officer")
        except AccessRefused:
            return await self._desk.show(request, session, 409, fault="access")
        if do == "revoke" and int(who) == session.value.id:  # this page is theirs no more
            return RedirectResponse(f"/inbox{View.of(request).query()}", status_code=303)
        return back(request, "granted" if do == "grant" else "revoked")


def _id(request: Request, name: str) -> str:
    """A part's or a request's id. Raises HTTPException 404 for what is none."""
    given = str(request.path_params[name])
    if not _ID.fullmatch(given):
        raise HTTPException(404)
    return given


def _bytes(data: bytes, media_type: str, save_as: str, suffix: str) -> Response:
    """`save_as`: part of a file's name; "" for what is shown."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if save_as:
        headers["Content-Disposition"] = f'attachment; filename="la-chan-{save_as[:12]}{suffix}"'
    return Response(data, media_type=media_type, headers=headers)


def _suffix(data: bytes) -> str:
    try:
        return f".{kind_of(data)}"
    except FileError:
        return ".bin"
