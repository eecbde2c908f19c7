"""Reading what a page sends: in memory only, and only from our own pages."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from web.sessions import Session

FIELD_NAME = "form_token"
FIELD_LIMIT = 256 * 1024  # bytes of one field that is no file


class _InMemory(MultiPartParser):
    spool_max_size = 0  # no limit: a file is never spooled to the disk, where its plain bytes would stay behind


async def read_form(request: Request, max_files: int = 8) -> FormData:
    """The form of a POST; files stay in memory (the middleware limits the whole). Raises HTTPException 400."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    stream: Any = request.stream()
    try:
        if kind == "multipart/form-data":
            return await _InMemory(
                request.headers, stream, max_files=max_files, max_fields=200, max_part_size=FIELD_LIMIT
            ).parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(request.headers, stream, max_fields=200, max_part_size=FIELD_LIMIT).parse()
    except MultiPartException:
        raise HTTPException(400) from None
    raise HTTPException(400)


async def check_form[T](request: Request, session: Session[T], max_files: int = 8) -> FormData:
    """Reads the form of somebody signed in; it must carry their session's form token.

    Raises HTTPException 403 for a form from elsewhere or with another token, 400 for one that cannot be read.
    """
    refuse_cross_site(request)
    form = await read_form(request, max_files)
    given = form.get(FIELD_NAME)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), session.form_token.encode()):
        raise HTTPException(403)
    return form


def refuse_cross_site(request: Request) -> None:
    """Raises HTTPException 403 when a browser says that another site made this request.

    A browser too old for Sec-Fetch-Site tells by Origin. Under our no-referrer policy that is "null" for our own forms
    too, so "null" passes here: SameSite=Strict cookies and the form token stand behind this check.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise HTTPException(403)
        return
    origin = request.headers.get("origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise HTTPException(403)
