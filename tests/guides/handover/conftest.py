"""The hand-over over a real store with one account of the Union, and a driver that taps and types as a person does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from content.library import Library
from content.reply import Reply
from db.citizen import Handover, Organiser
from db.keys import KeyRing
from db.migrate import Kind, upgrade
from db.stores import Store
from guides.handover import HandoverGuide, Wishes
from guides.port import Step

KEYS = KeyRing(b"k" * 32)
GROUP = "Hội Phụ nữ xã Bình An"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@dataclass
class Person:
    """Talks with the guide. `step` is what it said last."""

    guide: HandoverGuide
    language: str
    step: Step

    @property
    def last(self) -> Reply:
        return self.step.replies[-1]

    @property
    def titles(self) -> list[str]:
        return [button.title for button in self.last.buttons]

    def tap(self, title: str) -> Step:
        """The button with this title under the last bubble."""
        (payload,) = [b.payload for b in self.last.buttons if b.title == title]
        return self.press(payload)

    def press(self, payload: str) -> Step:
        assert len(payload.encode()) <= 64
        rest = payload.removeprefix("guide:handover:")
        self.step = self.guide.press(self.step.kept, self.language, rest)
        return self.step

    def says(self, *texts: str) -> Step | None:
        """Types these; what the guide says to the last of them."""
        step = None
        for text in texts:
            assert self.step.kept is not None
            step = self.guide.hear(self.step.kept, self.language, text)
            self.step = step or self.step
        return step


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'citizen.db'}")
    upgrade(made, Kind.CITIZEN)
    with made.begin() as session:
        session.add(Organiser(login="hoi-binh-an", group_name=GROUP, password_hash="-", created_at=clock()))
    yield made
    made.close()


@pytest.fixture
def wishes(store: Store, clock: Clock) -> Wishes:
    return Wishes(store, KEYS, clock)


@pytest.fixture
def guide(library: Library, store: Store, clock: Clock) -> HandoverGuide:
    return HandoverGuide(library, store, KEYS, clock)


@pytest.fixture
def talks(guide: HandoverGuide) -> Callable[..., Person]:
    def begin(text: str = "", language: str = "vi") -> Person:
        return Person(guide, language, guide.begin(language, text))

    return begin


@pytest.fixture
def rows(store: Store) -> Callable[[], list[Handover]]:
    def all_of_them() -> list[Handover]:
        with store.read() as session:
            return session.query(Handover).all()

    return all_of_them
