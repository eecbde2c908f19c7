"""What a person on any platform can do in a test: say, tap, send a picture, and hear what comes back."""

from __future__ import annotations

import asyncio
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One message that a person got. `buttons`: titles to tap (on Zalo the numbered lines); `urls`: pages to open."""

    text: str
    buttons: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)


@dataclass
class Fault:
    """What a method of a fake does the next times: waits, answers with an error, or breaks the connection off.

    `drop`: "before" anything is done, or "after" it was done and only the answer is lost.
    """

    times: int = 1
    status: int = 0
    code: int = 0
    retry_after: int = 0
    delay: float = 0.0
    drop: str = ""


class Faults:
    """Faults that wait for their method to be called."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, method: str, fault: Fault) -> None:
        self._waiting.setdefault(method, []).append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if there is one."""
        waiting = self._waiting.get(method, [])
        if not waiting:
            return None
        fault = waiting[0]
        fault.times -= 1
        if fault.times <= 0:
            waiting.pop(0)
        return fault


class Person(ABC):
    """Somebody with a chat with the bot. What the fake puts into `heard`, the person hears in order."""

    def __init__(self, chat: str) -> None:
        self.chat = chat
        self.heard: list[Heard] = []
        self._listened = 0

    @abstractmethod
    async def says(self, text: str) -> int | None:
        """Sends a text. The webhook's last status, or None if the bot polls."""

    @abstractmethod
    async def taps(self, title: str) -> int | None:
        """Taps the newest button with that title. Raises AssertionError if there is none."""

    @abstractmethod
    async def sends_photo(self, data: bytes, caption: str = "") -> int | None:
        """Sends a picture."""

    async def hears(self, count: int = 1, seconds: float = 5.0) -> list[Heard]:
        """The next `count` messages, waiting for them. Raises AssertionError if fewer come."""
        await until(lambda: len(self.heard) >= self._listened + count, seconds)
        new = self.heard[self._listened : self._listened + count]
        assert len(new) == count, f"heard {len(new)} messages instead of {count}: {[h.text for h in new]}"
        self._listened += count
        return new

    async def hears_nothing(self, seconds: float = 0.15) -> None:
        """Raises AssertionError if a message comes within that time."""
        await asyncio.sleep(seconds)
        new = self.heard[self._listened :]
        assert not new, f"heard {[h.text for h in new]}"

    def newest(self, title: str) -> Heard:
        """The newest message with that button."""
        for heard in reversed(self.heard):
            if title in heard.buttons:
                return heard
        raise AssertionError(f"no button {title!r}; there are {[h.buttons for h in self.heard[-3:]]}")


def snake(method: str) -> str:
    """sendMessage → send_message."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", method)


async def until(true: Callable[[], object], seconds: float = 5.0) -> bool:
    """Waits until `true()` is; False if it is not after about so many seconds. Other threads may make it so."""
    for _ in range(max(1, int(seconds / 0.005))):
        if true():
            return True
        await asyncio.sleep(0.005)
    return bool(true())
