"""What the days say: expired, soon expired, to be looked at again, checked long ago. Warnings all: a day must stop nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from content.files import At, Marked
from content.finding import Finding
from content.library import on
from content.model import Statement, TopicFile
from content.stock import named_sources
from content.topic_rules import Folder

SOON = timedelta(days=60)
LONG_AGO = timedelta(days=365)


def findings(of: Folder, today: date) -> Iterator[Finding]:
    library = on(of.stock, today)
    for topic in of.stock.topics.values():
        marked = of.file_of(topic.name)
        if topic.review_by < today:
            remedy = f"{topic.owner} wanted to look at it by {topic.review_by}"
            yield marked.finding(("review_by",), "review is due", remedy, warning=True)
        for at, statement in _statements(topic, marked):
            yield from _ends(marked, at, statement.valid_to, today)
            yield from _checked(marked, at, statement.checked_on, today)
            if statement.review_by and statement.review_by < today:
                remedy = f"{statement.owner or topic.owner} wanted to look at it by {statement.review_by}"
                yield marked.finding((*at, "review_by"), "review is due", remedy, warning=True)
        if library.topics[topic.name].lead.vi not in {lead.vi for lead in topic.lead}:
            remedy = "no lead holds today: the bot says that it is being brought up to date; write the next version"
            yield marked.finding(("lead",), "nothing holds", remedy, warning=True)
        yield from _versions(marked, topic)
    for name, parts in (("sources.yml", of.stock.sources), ("hotlines.yml", of.stock.hotlines)):
        for key, part in parts.items():
            yield from _ends(of.files[name], (key,), part.valid_to, today)
    for marked in of.files.values():
        for at, ids in named_sources(marked.value):
            for ended in (key for key in ids if (last := of.stock.sources[key].valid_to) and last < today):
                yield marked.finding(at, "expired source", f"{ended} does not hold any more", warning=True)
    for key, source in of.stock.sources.items():
        yield from _checked(of.files["sources.yml"], (key,), source.checked_on, today)


def _statements(topic: TopicFile, marked: Marked) -> Iterator[tuple[At, Statement]]:
    """Each with its place in the file."""
    for name in ("lead", "now", "points", "happened", "more", "law"):
        listed = isinstance(marked.value.get(name), list)
        for place, statement in enumerate(getattr(topic, name)):
            yield ((name, place) if listed else (name,)), statement
    for name in ("story", "share"):
        if statement := getattr(topic, name):
            yield (name,), statement


def _versions(marked: Marked, topic: TopicFile) -> Iterator[Finding]:
    """Of the versions of one statement the next begins the day after the last one ends."""
    for name, versions in (("lead", topic.lead), ("now", topic.now)):
        for place, (one, following) in enumerate(pairwise(versions), 1):
            if not one.valid_to or not following.valid_from or one.valid_to >= following.valid_from:
                remedy = (
                    "give the version before a valid_to, and this one a later valid_from; the first that holds is said"
                )
                yield marked.finding((name, place), "versions overlap", remedy, warning=True)
            elif following.valid_from - one.valid_to > timedelta(days=1):
                yield marked.finding(
                    (name, place), "versions leave a gap", f"nothing holds after {one.valid_to}", warning=True
                )


def _ends(marked: Marked, at: At, last: date | None, today: date) -> Iterator[Finding]:
    if last is not None and last < today:
        yield marked.finding((*at, "valid_to"), "expired", f"it ended on {last}: take it out", warning=True)
    elif last is not None and last - today <= SOON:
        yield marked.finding(
            (*at, "valid_to"), "expires soon", f"it ends on {last}: is the next version there?", warning=True
        )


def _checked(marked: Marked, at: At, checked: date | None, today: date) -> Iterator[Finding]:
    if checked is not None and today - checked > LONG_AGO:
        remedy = f"last checked on {checked}: look at the source again"
        yield marked.finding((*at, "checked_on"), "checked long ago", remedy, warning=True)
