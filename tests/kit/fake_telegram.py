"""A Bot API server on loopback, and people who write to the bot through it.

    with FakeTelegram() as fake:
        channel = TelegramChannel(fake.token, …, base_url=fake.url)
        person = fake.person(4242)
        await person.says("xin chào")
        (answer,) = await person.hears(1)
        await person.taps("Tiếp")

A bot that polls gets updates by getUpdates; one with a webhook gets them pushed, again and again (`redeliver` times)
until it answers 200, as Telegram does. A document that the bot sends is in `heard.raw["document"]`.
Faults: `fake.fault("sendMessage", status=429, retry_after=1)`, `delay=…`, `drop="after"`; `fake.blocked.add("4242")`;
`fake.api.too_old.add(message_id)`; `fake.push(update, secret="wrong")`; `fake.deliver(update, copies=2)`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any, Self

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.kit.people import Fault, Faults, Heard, Person
from tests.kit.serving import Dropped, Serving
from tests.kit.telegram_api import BotApi, RefusalError, Stored, Upload

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class FakeTelegram:
    """See the module. `calls`: what the bot called, as (method, parameters); `statuses`: what its webhook answered."""

    def __init__(self, token: str = "987654321:AAFakeTokenForTestsOnly", redeliver: int = 3) -> None:
        self.token, self.redeliver = token, redeliver
        self.api = BotApi()
        self.calls, self.blocked = self.api.calls, self.api.blocked
        self.statuses: list[int] = []
        self._people: dict[str, TelegramPerson] = {}
        self._faults = Faults()
        self.update_ids, self.numbers = itertools.count(700_000_001), self.api.ids
        routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file),
        ]
        self._server = Serving(Starlette(routes=routes), hurry=True)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def person(self, chat: int) -> TelegramPerson:
        """Somebody with a private chat of that id."""
        return self._people.setdefault(str(chat), TelegramPerson(self, chat))

    def fault(self, method: str, times: int = 1, **what: Any) -> None:
        """The next `times` calls of a method go wrong; see Fault. The method "file" is the download of a file."""
        self._faults.add(method, Fault(times=times, **what))

    def made(self, method: str) -> list[dict[str, Any]]:
        """The parameters of all calls of a method, in order."""
        return [given for name, given in self.calls if name == method]

    async def deliver(self, update: dict[str, Any], copies: int = 1) -> int | None:
        """Brings an update to the bot, `copies` at the same moment. The webhook's last status; None if it polls."""
        if not self.api.webhook.url:
            self.api.queue.extend(update for _ in range(copies))
            return None
        return (await asyncio.gather(*(self._insist(update) for _ in range(copies))))[-1]

    async def push(self, update: Any, secret: str | None = "right", **headers: str) -> int:
        """One request to the webhook; `secret`: "right", None for no header, or what to send. `update` may be bytes."""
        sent = {"Content-Type": "application/json", **headers}
        if secret is not None:
            sent[HEADER] = self.api.webhook.secret if secret == "right" else secret
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        async with httpx.AsyncClient(timeout=30, verify=False) as client:
            response = await client.post(self.api.webhook.url, content=body, headers=sent)
        self.statuses.append(response.status_code)
        return response.status_code

    def update(self, **content: Any) -> dict[str, Any]:
        """An update with the next id."""
        return {"update_id": next(self.update_ids), **content}

    async def _insist(self, update: dict[str, Any]) -> int:
        status = await self.push(update)
        for _ in range(self.redeliver):
            if status == 200:
                break
            await asyncio.sleep(0.02)
            status = await self.push(update)
        return status

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self.token:
            return _refused(RefusalError(401, "Unauthorized"))
        given = {**request.query_params, **(await _sent(request) if request.method == "POST" else {})}
        fault = self._faults.take(method) or Fault()
        await asyncio.sleep(fault.delay)
        if fault.drop == "before":
            return Dropped()
        if fault.status:
            words = {429: f"Too Many Requests: retry after {fault.retry_after}", 403: "Forbidden: bot was blocked"}
            return _refused(RefusalError(fault.status, words.get(fault.status, "Bad Gateway"), fault.retry_after))
        try:
            result = await self.api.call(method, given)
        except RefusalError as refusal:
            return _refused(refusal)
        if method in ("sendMessage", "sendPhoto", "sendDocument"):
            self._hand_over(given)
        return Dropped() if fault.drop == "after" else JSONResponse({"ok": True, "result": result})

    async def _file(self, request: Request) -> Response:
        fault = self._faults.take("file") or Fault()
        await asyncio.sleep(fault.delay)
        if fault.status:
            return Response(status_code=fault.status)
        if fault.drop:
            return Dropped()
        found = [f for f in self.api.files.values() if f.path == request.path_params["path"]]
        known = found and request.path_params["token"] == self.token
        return Response(found[0].data) if known else Response(status_code=404)

    def _hand_over(self, given: dict[str, Any]) -> None:
        person = self._people.get(str(given["chat_id"]))
        if person is not None:
            rows = json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", [])
            flat = [button for row in rows for button in row]
            taps = tuple(button["text"] for button in flat if "callback_data" in button)
            urls = tuple(button["url"] for button in flat if "url" in button)
            person.heard.append(Heard(given.get("text") or given.get("caption", ""), taps, urls, given))


class TelegramPerson(Person):
    """Somebody on Telegram. The methods that end in `_update` make an update without sending it."""

    def __init__(self, fake: FakeTelegram, chat: int) -> None:
        super().__init__(str(chat))
        self._fake, self._id = fake, chat

    async def says(self, text: str) -> int | None:
        return await self._fake.deliver(self.text_update(text))

    async def taps(self, title: str) -> int | None:
        return await self._fake.deliver(self.tap_update(title))

    async def sends_photo(self, data: bytes, caption: str = "", claims: int | None = None) -> int | None:
        """`claims`: the size in bytes that Telegram tells."""
        sizes = [self._stored(b"small", None, "jpg", 90), self._stored(data, claims, "jpg", 1280)]
        return await self.sends(photo=sizes, **({"caption": caption} if caption else {}))

    async def sends_document(self, data: bytes, mime: str, claims: int | None = None) -> int | None:
        return await self.sends(document={**self._stored(data, claims, "bin", 0), "mime_type": mime})

    async def sends_video(self, data: bytes, caption: str = "", claims: int | None = None) -> int | None:
        video = {**self._stored(data, claims, "mp4", 640), "duration": 3, "mime_type": "video/mp4"}
        return await self.sends(video=video, **({"caption": caption} if caption else {}))

    async def sends_video_note(self, data: bytes) -> int | None:
        return await self.sends(video_note={**self._stored(data, None, "mp4", 0), "length": 240, "duration": 3})

    async def sends_animation(self, data: bytes) -> int | None:
        stored = {**self._stored(data, None, "mp4", 320), "duration": 3}
        plain = {key: stored[key] for key in ("file_id", "file_unique_id", "file_size")}
        return await self.sends(animation=stored, document=plain)  # as Telegram does

    async def sends_voice(self, data: bytes, claims: int | None = None) -> int | None:
        voice = {**self._stored(data, claims, "oga", 0), "duration": 3, "mime_type": "audio/ogg"}
        return await self.sends(voice=voice)

    async def sends_audio(self, data: bytes) -> int | None:
        return await self.sends(audio={**self._stored(data, None, "mp3", 0), "duration": 3, "mime_type": "audio/mpeg"})

    async def sends_location(self, latitude: float, longitude: float) -> int | None:
        return await self.sends(location={"latitude": latitude, "longitude": longitude})

    async def sends_venue(self, latitude: float, longitude: float, title: str, address: str) -> int | None:
        place = {"latitude": latitude, "longitude": longitude}
        return await self.sends(location=place, venue={"location": place, "title": title, "address": address})

    async def sends_contact(self, first: str, phone: str, last: str = "") -> int | None:
        return await self.sends(contact={"phone_number": phone, "first_name": first, "last_name": last})

    @property
    def screen(self) -> list[str]:
        """What the person sees in the chat, oldest first: texts of both sides."""
        return list(self._fake.api.screens.get(self.chat, {}).values())

    async def sends(self, **content: Any) -> int | None:
        """Any other message, in the API's own shape: `sends(location={…})`."""
        return await self._fake.deliver(self.message_update(**content))

    def text_update(self, text: str) -> dict[str, Any]:
        return self.message_update(text=text)

    def tap_update(self, title: str) -> dict[str, Any]:
        rows = json.loads(self.newest(title).raw["reply_markup"])["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == title and "callback_data" in b)
        return self.query_update(data)

    def query_update(self, data: str) -> dict[str, Any]:
        """A tap with any data, which nobody checks on the way."""
        query = {"id": str(next(self._fake.numbers)), "from": self._user(), "chat_instance": "1", "data": data}
        return self._fake.update(callback_query={**query, "message": self._message(text="…")})

    def message_update(self, chat: dict[str, Any] | None = None, **content: Any) -> dict[str, Any]:
        """`chat` if it is not the private one."""
        message = self._message(chat, **content)
        if chat is None:
            said = str(content.get("text") or next(iter(content), ""))
            self._fake.api.screens.setdefault(self.chat, {})[message["message_id"]] = said
        return self._fake.update(message=message)

    def _message(self, chat: dict[str, Any] | None = None, **content: Any) -> dict[str, Any]:
        number, at = next(self._fake.numbers), int(time.time())
        place = chat or {"id": self._id, "type": "private", "first_name": "Lan"}
        return {"message_id": number, "date": at, "chat": place, "from": self._user(), **content}

    def _user(self) -> dict[str, Any]:
        return {"id": self._id, "is_bot": False, "first_name": "Lan"}

    def _stored(self, data: bytes, claims: int | None, ending: str, width: int) -> dict[str, Any]:
        name = f"file-{next(self._fake.numbers)}"
        size = len(data) if claims is None else claims
        self._fake.api.files[name] = Stored(data, size, f"files/{name}.{ending}")
        about = {"file_id": name, "file_unique_id": name, "file_size": size}
        return {**about, "width": width, "height": width} if width else about


async def _sent(request: Request) -> dict[str, Any]:
    """The fields of a form; a file as `Upload`."""
    fields: dict[str, Any] = {}
    async with request.form() as form:
        for name, value in form.items():
            fields[name] = value if isinstance(value, str) else Upload(value.filename or "", await value.read())
    return fields


def _refused(refusal: RefusalError) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.retry_after:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return JSONResponse(body, status_code=refusal.status)
