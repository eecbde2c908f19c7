"""Parts of a topic, for who asks on about it: a case, the penalty, the signs, what to do, whom to call.

Each gives one bubble, or None if the topic has nothing about that. Raises KeyError for an intent without a topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from content import render
from content.library import Library
from content.model import Statement, Topic
from content.reply import Button, Reply

MOST_LINES = 5
_PENALTY = re.compile(r"\btù\b|chung thân|phạt tiền|bị phạt|xử phạt", re.IGNORECASE)
_SIGNS = re.compile(r"dấu hiệu|cách chúng làm", re.IGNORECASE)  # in the title of the points
_STEPS = re.compile(r"thì làm|nên làm|dặn con", re.IGNORECASE)
_GENERAL = ("111",)


def case(library: Library, intent: str, names: Iterable[str], language: str) -> Reply | None:
    """What a topic says of a case that goes by one of these names, as they stand in the content."""
    topic = library.topics[intent]
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    said = (s for s in topic.statements() if s is not topic.share)
    found = [s for s in said if named.search(s.vi) or (language != "vi" and named.search(s.say(language)))]
    return _lines(library, topic, library.phrase("talk.case_known", language), found, (), language)


def case_unknown(library: Library, intent: str, language: str) -> Reply:
    """That a topic says nothing of a case, and who may know."""
    topic = library.topics[intent]
    return Reply(
        library.phrase("talk.case_unknown", language, topic=topic.title.say(language)),
        calls=render.calls(library, _GENERAL, language),
        buttons=(*_more(library, topic, language), *render.next_buttons(library, topic, language, most=3)),
    )


def penalty(library: Library, intent: str, language: str) -> Reply | None:
    """The lines of law of a topic that tell a punishment; the general answer is a button."""
    topic = library.topics[intent]
    found = [statement for statement in topic.law if _PENALTY.search(statement.vi)]
    title = library.phrase("talk.penalty_of", language, topic=topic.title.say(language))
    return _lines(library, topic, title, found, ("ask_penalty",), language)


def signs(library: Library, intent: str, language: str) -> Reply | None:
    """The signs by which a trick is recognised."""
    topic = library.topics[intent]
    if topic.points_title is None or not _SIGNS.search(topic.points_title.vi):
        return None
    return _lines(library, topic, topic.points_title.say(language), topic.points, ("ask_warning_signs",), language)


def what_to_do(library: Library, intent: str, language: str) -> Reply | None:
    """The one thing to do that a topic tells, and its steps if it has such."""
    topic = library.topics[intent]
    steps = topic.points if topic.points_title and _STEPS.search(topic.points_title.vi) else ()
    title = library.phrase("talk.do_about", language, topic=topic.title.say(language))
    return _lines(
        library, topic, title, (*((topic.now,) if topic.now else ()), *steps), ("ask_self_protection",), language
    )


def whom_to_call(library: Library, intent: str, language: str) -> Reply | None:
    """The numbers of a topic."""
    topic = library.topics[intent]
    numbers = render.calls(library, topic.calls, language)
    if not numbers:
        return None
    text = library.phrase("talk.call_about", language, topic=topic.title.say(language))
    return Reply(text, calls=numbers, buttons=_ways_on(library, topic, ("ask_hotline", "report_tip"), language))


def nothing_more(library: Library, intent: str, language: str) -> Reply:
    """That all was told, and what people ask next."""
    topic = library.topics[intent]
    return Reply(
        library.phrase("talk.no_more", language, topic=topic.title.say(language)),
        calls=render.calls(library, _GENERAL, language),
        buttons=render.next_buttons(library, topic, language, most=3),
    )


def _lines(
    library: Library, topic: Topic, title: str, found: Iterable[Statement], ways: tuple[str, ...], language: str
) -> Reply | None:
    """A title and statements, each a line, with their sources."""
    shown = tuple(found)[:MOST_LINES]
    if not shown:
        return None
    text = "\n".join([title, *(f"• {statement.say(language)}" for statement in shown)])
    if language != "vi" and any(statement.said_in(language) == "vi" for statement in shown):
        text = f"{library.phrase('talk.only_vietnamese', language)}\n\n{text}"
    return Reply(
        text,
        note=render.sources_line(library, shown, language),
        calls=render.calls(library, topic.calls, language),
        buttons=_ways_on(library, topic, ways, language),
    )


def _ways_on(library: Library, topic: Topic, ways: tuple[str, ...], language: str) -> tuple[Button, ...]:
    """The general answers first, then what people ask next; the way back last."""
    general = [Button(render.title(library, way, language), f"say:{way}") for way in ways if way != topic.about]
    following = render.next_buttons(library, topic, language, most=3)
    *asked, menu = [button for button in following if button not in general]
    return (*general, *asked[: max(0, 3 - len(general))], menu)


def _more(library: Library, topic: Topic, language: str) -> tuple[Button, ...]:
    return (Button(library.phrase("talk.more", language), f"more:{topic.name}"),) if topic.has_more else ()
