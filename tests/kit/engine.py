"""A second engine behind the port: it answers from a table."""

from __future__ import annotations

import asyncio
from typing import Any

from content.reply import Reply
from nlu.engine import EngineError, Meaning


class TableEngine:
    """`answers`: text or intent → what is said; `meanings`: text → meaning. Everything it was asked is in `asked`."""

    def __init__(self) -> None:
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.meanings: dict[str, Meaning] = {}
        self.asked: list[tuple[str, str]] = []  # (conversation, text or intent)
        self.read_texts: list[str] = []
        self.forgotten: list[str] = []
        self.broken = False
        self.slow = 0.0
        self.at_once = self.most_at_once = 0

    async def turn(self, conversation: str, text: str, language: str) -> list[dict[str, Any]]:
        self.asked.append((conversation, text))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.slow)
        self.at_once -= 1
        if self.broken:
            raise EngineError("broken")
        return self.answers.get(text, [Reply(f"nghe: {text}").to_dict()])

    async def say(self, conversation: str, intent: str, language: str) -> list[dict[str, Any]]:
        return await self.turn(conversation, intent, language)

    async def read(self, text: str) -> Meaning:
        self.read_texts.append(text)
        if self.broken:
            raise EngineError("broken")
        return self.meanings.get(text, Meaning("nlu_fallback", 0.0))

    async def forget(self, conversation: str) -> None:
        self.forgotten.append(conversation)
