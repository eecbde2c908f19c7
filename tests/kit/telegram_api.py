"""The methods of the Bot API that fake_telegram.py answers, with Telegram's limits and its words for errors."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.kit.people import snake

SERVED_FILE = 20 * 1024 * 1024  # bytes: what getFile gives


class RefusalError(Exception):
    """An error of the Bot API."""

    def __init__(self, status: int, description: str, retry_after: int = 0) -> None:
        self.status, self.description, self.retry_after = status, description, retry_after


@dataclass
class Webhook:
    url: str = ""
    secret: str = ""
    allowed: list[str] = field(default_factory=list)


@dataclass
class Stored:
    """A file on Telegram's side; `size` may claim more than there is."""

    data: bytes
    size: int
    path: str


@dataclass(frozen=True)
class Upload:
    """A file that the bot sent."""

    name: str
    data: bytes


class BotApi:
    """State and methods. `calls` keeps each call as (method, parameters), `sent` each message by its chat.

    `on_call` is called with the method's name before a method does anything.
    """

    def __init__(self) -> None:
        self.webhook = Webhook()
        self.queue: list[dict[str, Any]] = []
        self.files: dict[str, Stored] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.blocked: set[str] = set()
        self.too_old: set[int] = set()  # messages that nobody may delete any more
        self.screens: dict[str, dict[int, str]] = {}  # what a person sees: chat → message id → text
        self.ids = itertools.count(1)  # of messages, whoever wrote them
        self.on_call: Callable[[str], None] = lambda method: None
        self._asking = 0

    async def call(self, method: str, given: dict[str, Any]) -> Any:
        """The result of a method. Raises RefusalError."""
        answer = getattr(self, f"_{snake(method)}", None)
        if answer is None:
            raise RefusalError(404, "Not Found: method not found")
        self.on_call(method)
        self.calls.append((method, given))
        result = answer(given)
        return await result if asyncio.iscoroutine(result) else result

    def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"id": 1, "is_bot": True, "first_name": "Lá Chắn", "username": "lachan_bot"}

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = Webhook(
            given["url"], given.get("secret_token", ""), json.loads(given.get("allowed_updates", "[]"))
        )
        return True

    def _delete_webhook(self, _: dict[str, Any]) -> bool:
        self.webhook = Webhook()
        return True

    async def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.url:
            raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._asking += 1
        mine = self._asking
        offset = int(given.get("offset", 0))
        for update in [u for u in self.queue if u["update_id"] < offset]:  # one by one: another thread adds to it
            self.queue.remove(update)
        end = time.monotonic() + float(given.get("timeout", 0))
        while not self.queue and time.monotonic() < end:
            await asyncio.sleep(0.005)
            if self._asking != mine or self.webhook.url:
                raise RefusalError(409, "Conflict: terminated by other getUpdates request or setWebhook")
        return self.queue[: int(given.get("limit", 100))]

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        text = given.get("text", "")
        length = len(text.encode("utf-16-le")) // 2
        if not text.strip():
            raise RefusalError(400, "Bad Request: message text is empty")
        if length > 4096:
            raise RefusalError(400, "Bad Request: message is too long")
        for entity in json.loads(given.get("entities", "[]")):
            if entity["offset"] < 0 or entity["offset"] + entity["length"] > length or entity["length"] < 1:
                raise RefusalError(400, "Bad Request: entity is out of the text")
        return self._message(given, {"text": text})

    def _send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given.get("caption", "")) > 1024:
            raise RefusalError(400, "Bad Request: message caption is too long")
        return self._message(given, {"caption": given.get("caption", "")})

    def _send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        sent = given.get("document")
        if not isinstance(sent, Upload) or not sent.data:
            raise RefusalError(400, "Bad Request: there is no document in the request")
        if len(given.get("caption", "")) > 1024:
            raise RefusalError(400, "Bad Request: message caption is too long")
        return self._message(given, {"caption": given.get("caption", "")})

    def _message(self, given: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        chat = str(given["chat_id"])
        if chat in self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        for row in json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", []):
            for button in row:
                _check(button)
        self.sent.append((chat, given))
        number = next(self.ids)
        self.screens.setdefault(chat, {})[number] = str(next(iter(content.values())))
        message = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": int(chat), "type": "private"},
        }
        return {**message, **content}

    def _delete_messages(self, given: dict[str, Any]) -> bool:
        numbers = json.loads(given["message_ids"])
        if not 1 <= len(numbers) <= 100:
            raise RefusalError(400, "Bad Request: there must be 1 to 100 message identifiers")
        if self.too_old.intersection(numbers):
            raise RefusalError(400, "Bad Request: message can't be deleted for everyone")
        for number in numbers:  # those that are not there are passed over
            self.screens.get(str(given["chat_id"]), {}).pop(number, None)
        return True

    def _delete_message(self, given: dict[str, Any]) -> bool:
        screen = self.screens.get(str(given["chat_id"]), {})
        number = int(given["message_id"])
        if number not in screen:
            raise RefusalError(400, "Bad Request: message to delete not found")
        return self._delete_messages({**given, "message_ids": json.dumps([number])})

    def _send_chat_action(self, _: dict[str, Any]) -> bool:
        return True

    def _answer_callback_query(self, _: dict[str, Any]) -> bool:
        return True

    def _edit_message_reply_markup(self, _: dict[str, Any]) -> bool:
        return True

    def _get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        stored = self.files.get(given["file_id"])
        if stored is None:
            raise RefusalError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if stored.size > SERVED_FILE:
            raise RefusalError(400, "Bad Request: file is too big")
        name = given["file_id"]
        return {"file_id": name, "file_unique_id": name, "file_size": stored.size, "file_path": stored.path}


def _check(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise RefusalError(400, "Bad Request: can't parse inline keyboard button: text is empty")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise RefusalError(400, "Bad Request: inline keyboard button URL is invalid: Wrong port number or protocol")
