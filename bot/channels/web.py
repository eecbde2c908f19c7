"""The web chat: one page that works with and without script. Nobody's words, cookie or address are logged here."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels import HearsAndGreets
from bot.channels.once import Once
from bot.inbound import Inbound
from content.reply import Reply
from web.errors import log_failure
from web.forms import read_form, refuse_cross_site
from web.limits import PHOTO_LIMIT
from web.pages import Pages
from web.sessions import Cookie

CHAT = Cookie("lachan_chat", path="/", max_age=24 * 60 * 60)
HARMLESS = "https://www.google.com/search?q=thời+tiết"
WORDS_LIMIT = 64 * 1024  # bytes of a JSON message
PAYLOAD_LIMIT = 64  # bytes
SENDER = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes, urlsafe
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")


def routes(conversation: HearsAndGreets) -> list[Route]:
    """The citizens' chat at `/` and what its page calls below `/chat`."""
    door = _Door(conversation)
    return [
        Route("/", door.look, methods=["GET"]),
        Route("/", door.form, methods=["POST"]),
        Route("/chat/say", door.say, methods=["POST"]),
        Route("/chat/photo", door.photo, methods=["POST"]),
        Route("/chat/quick-exit", quick_exit, methods=["GET"]),
    ]


async def quick_exit(request: Request) -> Response:
    """Off to the weather; this browser is not the same person any more."""
    response = RedirectResponse(HARMLESS, status_code=303)
    CHAT.clear(response, request)
    return response


@dataclass(frozen=True, slots=True)
class _Said:
    """What one request says: `message_id` is the page's own random number for it, or ""."""

    message_id: str
    text: str = ""
    payload: str = ""
    file: bytes = b""

    def key(self) -> bytes:
        """Stands for this message sent from this page, also when it is sent again."""
        digest = hashlib.sha256()
        for part in (self.message_id.encode(), self.text.encode(), self.payload.encode(), self.file):
            digest.update(len(part).to_bytes(8) + part)
        return digest.digest()

    def inbound(self, sender: str) -> Inbound:
        if len(self.file) > PHOTO_LIMIT:
            return Inbound("web", sender, text=self.text, unsupported="too_big")
        if self.file:
            return Inbound("web", sender, text=self.text, file=self.file)
        if self.payload:
            return Inbound("web", sender, payload=self.payload)
        return Inbound("web", sender, text=self.text)


class _Door:
    def __init__(self, conversation: HearsAndGreets) -> None:
        self._conversation = conversation
        self._pages = Pages(Path(__file__).parent / "templates")
        self._once: Once[tuple[str, list[Reply]]] = Once()

    async def look(self, request: Request) -> Response:
        """The page with the greeting. Looking makes no cookie and no row; who was here before is told so."""
        return self._page(request, self._conversation.greeting("vi"), back=bool(_sender(request)))

    async def say(self, request: Request) -> Response:
        """JSON `{"text": …}` or `{"payload": …}`, and `"id"`; answers `{"replies": [Reply.to_dict(), …]}`."""
        refuse_cross_site(request)
        value = await _read_json(request)
        said = _Said(_message_id(value.get("id")), _string(value.get("text")), _payload(value.get("payload")))
        if bool(said.text) == bool(said.payload):
            raise HTTPException(400)
        return await self._answer(request, said)

    async def photo(self, request: Request) -> Response:
        """Multipart: `photo` (a file of any kind), and perhaps `text` and `id`; answers like `say`."""
        refuse_cross_site(request)
        form = await read_form(request, max_files=1)
        said = _Said(_message_id(form.get("id")), _string(form.get("text")), file=await _file(form))
        if not said.file:
            raise HTTPException(400)
        return await self._answer(request, said)

    async def form(self, request: Request) -> Response:
        """The same without script: a button (what was typed stays in the field), a file with its caption, or text."""
        refuse_cross_site(request)
        form = await read_form(request, max_files=1)
        payload, _, title = _string(form.get("payload")).partition("\t")
        text = _string(form.get("text"))
        said = _Said(_message_id(form.get("id")), payload=_payload(payload))
        if not payload:
            said = _Said(said.message_id, text, file=await _file(form))
        if said == _Said(said.message_id):
            return await self.look(request)
        try:
            sender, replies = await self._hear(request, said)
        except Exception as error:  # whatever it is, what was written is not lost
            log_failure(error)
            return self._page(request, [], status=503, draft=text, failed=True)
        shown = None if any(reply.clears for reply in replies) else said
        response = self._page(request, replies, you=shown, title=title, draft=text if payload else "")
        CHAT.set(response, request, sender)
        return response

    async def _answer(self, request: Request, said: _Said) -> Response:
        sender, replies = await self._hear(request, said)
        response = JSONResponse({"replies": [reply.to_dict() for reply in replies]})
        CHAT.set(response, request, sender)
        return response

    async def _hear(self, request: Request, said: _Said) -> tuple[str, list[Reply]]:
        known = _sender(request)
        sender = known or secrets.token_urlsafe(32)

        async def hear() -> tuple[str, list[Reply]]:
            return sender, await self._conversation.hear(said.inbound(sender))

        if not said.message_id:
            return await hear()
        first, replies = await self._once.do(said.key(), hear)
        return (first, replies) if known in ("", first) else await hear()

    def _page(
        self,
        request: Request,
        replies: list[Reply],
        status: int = 200,
        you: _Said | None = None,
        title: str = "",
        draft: str = "",
        back: bool = False,
        failed: bool = False,
    ) -> Response:
        return self._pages.page(
            request,
            "chat.html",
            status,
            replies=replies,
            you=you,
            title=title,
            draft=draft,
            back=back,
            failed=failed,
            message_id=secrets.token_urlsafe(16),
        )


def _sender(request: Request) -> str:
    """The cookie's value, or "" if there is none that we made."""
    value = CHAT.read(request)
    return value if SENDER.fullmatch(value) else ""


async def _read_json(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(400)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > WORDS_LIMIT:
            raise HTTPException(413)
    try:
        value = json.loads(body)
    except ValueError:
        raise HTTPException(400) from None
    if not isinstance(value, dict):
        raise HTTPException(400)
    return value


async def _file(form: FormData) -> bytes:
    upload = form.get("photo")
    return await upload.read() if isinstance(upload, UploadFile) else b""


def _string(value: object) -> str:
    """Text without the space around it, with one kind of line end; "" if it was not there."""
    if value is None or isinstance(value, UploadFile):
        return ""
    if not isinstance(value, str):
        raise HTTPException(400)
    return value.replace("\r\n", "\n").strip()


def _payload(value: object) -> str:
    payload = _string(value)
    if len(payload.encode()) > PAYLOAD_LIMIT:
        raise HTTPException(400)
    return payload


def _message_id(value: object) -> str:
    message_id = _string(value)
    return message_id if MESSAGE_ID.fullmatch(message_id) else ""
