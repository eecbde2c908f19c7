"""The topics as a table: what each is, in which languages, on what it rests, when that was checked."""

from __future__ import annotations

from datetime import date

from content.library import Library
from content.model import ADVICE, Topic, Words

HEAD = ("topic", "kind", "title", "vi", "en", "sources", "checked on")


def rows(library: Library) -> list[tuple[str, ...]]:
    """One a topic, cases after their intents. `vi`, `en`: how many texts of all there are in that language."""
    order = sorted(library.topics.values(), key=lambda topic: (topic.about, bool(topic.case), topic.name))
    return [_row(library, topic) for topic in order]


def markdown(rows: list[tuple[str, ...]]) -> str:
    """The same as a table in Markdown."""
    lines = (HEAD, tuple("---" for _ in HEAD), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '\\|') for cell in line)} |" for line in lines)


def checked_on(library: Library, topic: Topic) -> date | None:
    """The oldest day on which something that the topic rests on was checked; None if it rests on advice alone."""
    days = [
        day
        for statement in topic.statements()
        for source in statement.sources
        if source != ADVICE and (day := statement.checked_on or library.sources[source].checked_on)
    ]
    return min(days) if days else None


def texts(topic: Topic) -> list[Words]:
    """Everything that a topic says."""
    return [words for words in (topic.title, topic.points_title, topic.more_title, *topic.statements()) if words]


def _row(library: Library, topic: Topic) -> tuple[str, ...]:
    said = texts(topic)
    sources = sorted({source for s in topic.statements() for source in s.sources if source != ADVICE})
    name = f"{topic.of} / {topic.case}" if topic.case else topic.intent
    counts = [f"{sum(words.speaks(language) for words in said)}/{len(said)}" for language in ("vi", "en")]
    return (
        name,
        topic.kind,
        topic.title.vi,
        *counts,
        ", ".join(sources) or "–",
        str(checked_on(library, topic) or "–"),
    )
