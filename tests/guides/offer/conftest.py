"""The check of an offer on the content that ships, and a driver that taps and types as a person does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from content.library import Library
from content.reply import Reply
from guides.offer import OfferGuide
from guides.offer.model import Reader, Tables
from guides.port import Step

TODAY = date(2026, 11, 24)


@dataclass
class Person:
    """Talks with the guide. `step` is what it said last."""

    guide: OfferGuide
    language: str
    step: Step

    @property
    def last(self) -> Reply:
        return self.step.replies[-1]

    @property
    def question(self) -> str:
        """The id of the question that waits; "" at the end."""
        return str(self.step.kept["q"][-1]) if self.step.kept is not None else ""

    def payload(self, start: str) -> str:
        """Of the button whose payload begins so, without "guide:offer:"."""
        found = [b.payload for b in self.last.buttons if b.payload.startswith(f"guide:offer:{start}")]
        assert found, [b.payload for b in self.last.buttons]
        return found[0].removeprefix("guide:offer:")

    def tap(self, start: str) -> Step:
        self.step = self.guide.press(self.step.kept, self.language, self.payload(start))
        return self.step

    def answer(self, **answers: str) -> None:
        """Taps these answers where they are asked, "I don't know" elsewhere, to the end."""
        while self.step.kept is not None:
            self.tap(f"a:{self.question}:{answers.get(self.question, 'dk')}")

    def says(self, text: str) -> Step | None:
        assert self.step.kept is not None
        step = self.guide.hear(self.step.kept, self.language, text)
        self.step = step or self.step
        return step


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="session")
def tables(library: Library) -> Tables:
    return Reader().tables(library)


@pytest.fixture(scope="session")
def guide(library: Library) -> OfferGuide:
    return OfferGuide(library, today=lambda: TODAY)


@pytest.fixture
def tells(guide: OfferGuide):
    def begin(text: str = "", language: str = "vi") -> Person:
        return Person(guide, language, guide.begin(language, text))

    return begin
