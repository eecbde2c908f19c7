"""A conversation over real stores and services with an engine that is a table, and one person in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.conversation import Conversation
from bot.inbound import Inbound
from db.citizen import Talk
from lachan.house import House
from lachan.settings import Settings
from tests.kit.engine import TableEngine
from tests.kit.stores import lay_first_start
from tests.kit.transcript import as_text


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Room:
    """A conversation and one person in it."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.engine = Clock(), TableEngine()
        lay_first_start(folder, self.clock())
        self.house = House(Settings(data=folder, _env_file=None), now=self.clock)  # type: ignore[call-arg]
        self.house.__dict__["engine"] = self.engine  # the table instead of Rasa
        self.talk: Conversation = self.house.conversation

    async def says(self, text: str = "", channel: str = "web", sender: str = "anna", **more: object) -> str:
        inbound = Inbound(channel, sender, text=text, **more)  # type: ignore[arg-type]
        return as_text(await self.talk.hear(inbound))

    def row(self) -> Talk | None:
        with self.house.citizen.read() as session:
            return session.scalars(select(Talk)).first()

    def count(self, table: type) -> int:
        with self.house.citizen.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0
