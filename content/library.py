"""What the bot knows on one day: the content files without what is not valid then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from content import stock as files_of
from content.files import FOLDER, NO_VERSION, Live, Version
from content.finding import ContentError
from content.model import (
    ADVICE,
    Hotline,
    Place,
    Question,
    Source,
    Statement,
    Tongue,
    Topic,
    TopicFile,
    Words,
)
from content.spelling import bare, says
from content.stock import Stock

__all__ = ["FOLDER", "ContentError", "Library"]

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_UPDATED = "talk.being_updated"


@dataclass(frozen=True)
class Library:
    """All content of one version as of one day. Never changed afterwards; `content.shelf.Shelf` always gives the newest."""

    topics: Mapping[str, Topic]
    questions: Mapping[str, Question]
    phrases: Mapping[str, Words]
    sources: Mapping[str, Source]
    hotlines: Mapping[str, Hotline]
    places: tuple[Place, ...]
    tongues: Mapping[str, Tongue] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(
        default_factory=dict
    )  # values of the files of other rooms, by name ("offer/rules.yml")
    version: Version = NO_VERSION

    @classmethod
    def load(cls, folder: Path = FOLDER, day: date | None = None) -> Library:
        """Reads everything below `folder`, as of a day in Vietnam (None: today).

        Raises ContentError naming the first file and line that is wrong.
        """
        return on(files_of.read(folder), day or vietnams_today())

    def phrase(self, key: str, language: str = "vi", **values: object) -> str:
        """A short text of the bot, filled in. Raises KeyError for an unknown key: a person never sees a key."""
        return self.phrases[key].say(language).format(**values)

    def case_of(self, intent: str, text: str) -> Topic | None:
        """The case of an intent that a text names: the one with the longest of its words in it."""
        said = bare(text)
        cases = (topic for topic in self.topics.values() if topic.of == intent)
        found = [(len(bare(words)), topic) for topic in cases for words in topic.words if says(said, words)]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    @property
    def live(self) -> Live:
        """Which version this is."""
        return Live(self.version)

    def one_edition(self) -> AbstractContextManager[object]:
        """While this is open, this task sees one edition, whatever happens to the files."""
        return nullcontext()


def vietnams_day(now: datetime) -> date:
    """The day that it is in Vietnam. `now` is aware."""
    return now.astimezone(_VIETNAM).date()


def vietnams_today() -> date:
    """The day that it is in Vietnam now."""
    return vietnams_day(datetime.now(UTC))


def on(stock: Stock, day: date) -> Library:
    """What holds on a day. A statement goes with its day or with the last fact that it rests on."""
    sources = {key: source for key, source in stock.sources.items() if source.valid(day)}
    holds = _Holds(day, sources)
    return Library(
        topics={name: _topic(topic, holds, stock.phrases) for name, topic in stock.topics.items()},
        questions={
            key: holds.sourced(q) for key, q in stock.questions.items() if q.valid(day) and holds.rests(q.sources)
        },
        phrases=stock.phrases,
        sources=sources,
        hotlines={key: h for key, h in stock.hotlines.items() if h.valid(day) and holds.rests(h.sources)},
        places=stock.places,
        tongues=stock.tongues,
        extra=stock.extra,
        version=stock.version,
    )


@dataclass(frozen=True, slots=True)
class _Holds:
    """What holds on a day."""

    day: date
    sources: Mapping[str, Source]

    def rests(self, sources: Iterable[str]) -> bool:
        """Whether one of the facts is still there; advice needs none."""
        facts = [source for source in sources if source != ADVICE]
        return not facts or any(source in self.sources for source in facts)

    def those(self, statements: Iterable[Statement | None]) -> tuple[Statement, ...]:
        """The statements that hold, each without sources that do not."""
        found = (s for s in statements if s and s.valid(self.day) and self.rests(s.sources))
        return tuple(self.sourced(statement) for statement in found)

    def first(self, statements: Iterable[Statement | None]) -> Statement | None:
        return next(iter(self.those(statements)), None)

    def sourced[S: (Statement, Question)](self, said: S) -> S:
        """The same without sources that do not hold."""
        left = tuple(source for source in said.sources if source in self.sources)
        return said if left == said.sources else said.model_copy(update={"sources": left})


def _topic(topic: TopicFile, holds: _Holds, phrases: Mapping[str, Words]) -> Topic:
    """A topic as of a day; without a lead it says that it is being brought up to date, and whom to call."""
    kept: dict[str, Any] = {name: getattr(topic, name) for name in Topic.model_fields}
    lead = holds.first(topic.lead)
    if lead is None:
        said = phrases[_UPDATED]
        bare_of = {"points": (), "more": (), "law": (), "happened": (), "story": None, "share": None, "now": None}
        lead = Statement(vi=said.vi, en=said.en, others=said.others, sources=(ADVICE,))
        kept |= {**bare_of, "lead": lead, "kind": "talk", "calls": ("111",), "guide": ""}
    else:
        lists = {name: holds.those(kept[name]) for name in ("points", "more", "law", "happened")}
        single = {name: holds.first((kept[name],)) for name in ("story", "share")}
        kept |= {"lead": lead, "now": holds.first(topic.now), **lists, **single}
    return Topic.model_construct(**kept)
