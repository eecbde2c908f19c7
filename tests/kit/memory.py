"""A conversation in memory for tests of channels: it remembers what it heard and answers from a table."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Self

import yaml

from bot.inbound import Inbound
from bot.updates import Updates
from content.library import FOLDER, Library
from content.model import Words
from content.reply import Button, Reply
from db.citizen import CitizenBase
from db.keys import KeyRing
from db.stores import Store

Answer = list[Reply] | Callable[[Inbound], list[Reply]]


@cache
def channel_library() -> Library:
    """A library of the channels' own phrases alone, the real ones."""
    read = yaml.safe_load((FOLDER / "phrases" / "channel.yml").read_text(encoding="utf-8"))
    phrases = {f"channel.{key}": Words.model_validate(value) for key, value in read.items()}
    return Library(topics={}, questions={}, phrases=phrases, sources={}, hotlines={}, places=())


class MemoryTalk:
    """Answers with `answers[text or payload]`, or else repeats what it heard, with two buttons.

    `slow`: seconds for a text or payload; `fails`: how many times hearing it fails. `most_at_once` counts people.
    """

    def __init__(self) -> None:
        self.heard: list[Inbound] = []
        self.answers: dict[str, Answer] = {}
        self.slow: dict[str, float] = {}
        self.fails: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0

    async def hear(self, inbound: Inbound) -> list[Reply]:
        """See the class."""
        said = inbound.text or inbound.payload
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.slow.get(said, 0))
        finally:
            self.at_once -= 1
        if self.fails[said] > 0:
            self.fails[said] -= 1
            raise RuntimeError(f"could not hear {said} of {inbound.sender}")  # as careless as an error can be
        self.heard.append(inbound)
        answer = self.answers.get(said)
        if callable(answer):
            return answer(inbound)
        return answer if answer is not None else [self._echo(inbound)]

    def greeting(self, language: str) -> list[Reply]:
        """One bubble."""
        return [Reply(f"greeting {language}")]

    def _echo(self, inbound: Inbound) -> Reply:
        if inbound.file:
            return Reply(f"ảnh {len(inbound.file)} byte: {inbound.text}")
        said = inbound.text or inbound.payload or f"unsupported {inbound.unsupported}"
        return Reply(f"nghe: {said}", buttons=(Button("Tiếp", "quiz:next"), Button("Danh mục", "say:help")))


class Doorstep:
    """All that a channel needs in a test: a conversation, admission on a store of its own, words."""

    def __init__(self, folder: Path) -> None:
        self.talk, self.library = MemoryTalk(), channel_library()
        self.store = Store(f"sqlite:///{folder}/citizen.db")
        CitizenBase.metadata.create_all(self.store.engine)
        self.updates = Updates(self.store, KeyRing(b"k" * 32), lambda: datetime.now(UTC))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
