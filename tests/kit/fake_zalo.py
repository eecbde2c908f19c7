"""A Zalo Bot server on loopback, and people who write to the bot through it; it also hosts their pictures and voice notes.

    with FakeZalo() as fake:
        channel = ZaloChannel(fake.token, …, base_url=fake.url, picture_hosts=[fake.url], webhook_url=…)
        person = fake.person("6ede9afa66b88fe6d6a9")
        await person.says("xin chào")
        await person.hears(1)
        await person.taps("Tiếp")        # says the number that stands before "Tiếp" in the newest menu

Faults: `fake.fault("sendMessage", code=429)` is ok:false with HTTP 200; `status=…` another HTTP status; `delay`,
`drop`; the method "picture" is the download of a picture. Unlike the real one it accepts a webhook on loopback.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from typing import Any, Self

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.kit.people import Fault, Faults, Heard, Person, snake, until
from tests.kit.serving import Dropped, Serving

HEADER = "X-Bot-Api-Secret-Token"
_MENU_LINE = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)


class FakeZalo:
    """See the module. `calls`: what the bot called, as (method, body); `statuses`: what its webhook answered."""

    def __init__(self, token: str = "123456789:fake-zalo-token") -> None:
        self.token = token
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.pictures: dict[str, bytes | str] = {}  # and voice notes: bytes to serve, or an address to send on to
        self.webhook: dict[str, str] = {}
        self.queue: list[dict[str, Any]] = []
        self.numbers = itertools.count(1)
        self._people: dict[str, ZaloPerson] = {}
        self._faults = Faults()
        routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/pictures/{name}", self._picture),
        ]
        self._server = Serving(Starlette(routes=routes), hurry=True)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def person(self, chat: str) -> ZaloPerson:
        """Somebody with a private chat of that id."""
        return self._people.setdefault(chat, ZaloPerson(self, chat))

    def fault(self, method: str, times: int = 1, **what: Any) -> None:
        """The next `times` calls of a method go wrong; see Fault."""
        self._faults.add(method, Fault(times=times, **what))

    def made(self, method: str) -> list[dict[str, Any]]:
        """The bodies of all calls of a method, in order."""
        return [body for name, body in self.calls if name == method]

    async def push(self, event: Any, secret: str | None = "right", **headers: str) -> int:
        """One request to the webhook; `secret`: "right", None for no header, or what to send. `event` may be bytes."""
        sent = {"Content-Type": "application/json", **headers}
        if secret is not None:
            sent[HEADER] = self.webhook["secret_token"] if secret == "right" else secret
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        async with httpx.AsyncClient(timeout=90, verify=False) as client:
            response = await client.post(self.webhook["url"], content=body, headers=sent)
        self.statuses.append(response.status_code)
        return response.status_code

    async def deliver(self, event: dict[str, Any]) -> int | None:
        """Brings an event to the bot: pushed, or kept for getUpdates if no webhook is set."""
        if not self.webhook:
            self.queue.append(event)
            return None
        return await self.push(event)

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self.token:
            return _refused(401, "Unauthorized")
        raw = await request.body()
        body = {**request.query_params, **(json.loads(raw) if raw else {})}
        fault = self._faults.take(method) or Fault()
        await asyncio.sleep(fault.delay)
        if fault.drop == "before":
            return Dropped()
        if fault.code or fault.status:
            return _refused(fault.code or fault.status, "fault", fault.status or 200)
        self.calls.append((method, body))
        known = getattr(self, f"_{snake(method)}", None)
        if known is None:
            return _refused(404, "Not Found")
        result = known(body)
        answer = await result if asyncio.iscoroutine(result) else result
        return Dropped() if fault.drop == "after" else answer

    def _get_me(self, _: dict[str, Any]) -> Response:
        return _ok({"id": "1", "account_name": "bot.lachan", "account_type": "BASIC", "can_join_groups": False})

    async def _get_updates(self, body: dict[str, Any]) -> Response:
        if self.webhook:
            return _refused(400, "a webhook is set")
        came = await until(lambda: self.queue, float(body.get("timeout", 30)))
        return _ok(self.queue.pop(0)["result"]) if came else _refused(408, "Request timeout")

    def _set_webhook(self, body: dict[str, Any]) -> Response:
        secret = body.get("secret_token", "")
        if not body.get("url", "").startswith(("https://", "http://127.0.0.1:")) or not 8 <= len(secret) <= 256:
            return _refused(400, "Bad Request")
        self.webhook = {"url": body["url"], "secret_token": secret}
        return self._get_webhook_info({})

    def _delete_webhook(self, _: dict[str, Any]) -> Response:
        self.webhook = {}
        return self._get_webhook_info({})

    def _get_webhook_info(self, _: dict[str, Any]) -> Response:
        return _ok({"url": self.webhook.get("url", ""), "updated_at": _now()})

    def _send_message(self, body: dict[str, Any]) -> Response:
        text = body.get("text", "")
        if not text.strip() or len(text.encode("utf-16-le")) // 2 > 2000:
            return _refused(400, "Bad Request: text")
        return self._sent(body, text)

    def _send_photo(self, body: dict[str, Any]) -> Response:
        return self._sent(body, body.get("caption", ""))

    def _send_sticker(self, body: dict[str, Any]) -> Response:
        return self._sent(body, "")

    def _send_voice(self, body: dict[str, Any]) -> Response:
        return self._sent(body, "") if body.get("voice_url", "").endswith(".aac") else _refused(400, "Bad Request")

    def _send_chat_action(self, _: dict[str, Any]) -> Response:
        return JSONResponse({"ok": True})

    def _sent(self, body: dict[str, Any], text: str) -> Response:
        person = self._people.get(body["chat_id"])
        if person is not None:
            menu = tuple(title for _, title in _MENU_LINE.findall(text))
            person.heard.append(Heard(text, menu, tuple(re.findall(r"https?://\S+", text)), body))
        return _ok({"message_id": f"sent{next(self.numbers)}", "date": _now()})

    async def _picture(self, request: Request) -> Response:
        fault = self._faults.take("picture") or Fault()
        await asyncio.sleep(fault.delay)
        if fault.drop or fault.status:
            return Dropped() if fault.drop else Response(status_code=fault.status)
        found = self.pictures.get(request.path_params["name"])
        if isinstance(found, str):
            return RedirectResponse(found)
        return Response(status_code=404) if found is None else Response(found, media_type="image/jpeg")


class ZaloPerson(Person):
    """Somebody on Zalo. `event` makes an event without sending it."""

    def __init__(self, fake: FakeZalo, chat: str) -> None:
        super().__init__(chat)
        self._fake = fake

    async def says(self, text: str) -> int | None:
        return await self._fake.deliver(self.event("text", text=text))

    async def taps(self, title: str) -> int | None:
        lines = {name: number for number, name in _MENU_LINE.findall(self.newest(title).text)}
        return await self.says(lines[title])

    async def sends_photo(self, data: bytes, caption: str = "", field: str = "photo_url") -> int | None:
        """`field`: "photo" as documented, or "photo_url" as newer clients see it."""
        name = f"{next(self._fake.numbers)}.jpg"
        self._fake.pictures[name] = data
        return await self.sends_picture_at(f"{self._fake.url}/pictures/{name}", caption, field)

    async def sends_picture_at(self, url: str, caption: str = "", field: str = "photo_url") -> int | None:
        return await self._fake.deliver(self.event("image", **{field: url, "caption": caption}))

    async def sends_sticker(self) -> int | None:
        return await self._fake.deliver(self.event("sticker", sticker="0e078a18", url="https://zalo-api.zadn.vn/s.png"))

    async def sends_voice(self, data: bytes) -> int | None:
        name = f"{next(self._fake.numbers)}.aac"
        self._fake.pictures[name] = data
        return await self._fake.deliver(self.event("voice", voice_url=f"{self._fake.url}/pictures/{name}"))

    async def writes_protected(self) -> int | None:
        """Writes as one of those whose words Zalo does not pass on."""
        return await self._fake.deliver(self.event("unsupported"))

    def event(self, kind: str, chat_type: str = "PRIVATE", **content: Any) -> dict[str, Any]:
        message = {
            "from": {"id": self.chat, "display_name": "Ted", "is_bot": False},
            "chat": {"id": self.chat, "chat_type": chat_type},
            "message_id": f"2d758cb5e222177a{next(self._fake.numbers):04x}",
            "date": _now(),
        }
        return {"ok": True, "result": {"event_name": f"message.{kind}.received", "message": {**message, **content}}}


def _now() -> int:
    return int(time.time() * 1000)


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _refused(code: int, description: str, status: int = 200) -> JSONResponse:
    return JSONResponse({"ok": False, "error_code": code, "description": description}, status_code=status)
