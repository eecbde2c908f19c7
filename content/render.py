"""Makes replies of topics: the answer, what to do, the points, whom to call, the law, what people ask next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from content.library import Library
from content.model import ADVICE, Statement, Topic
from content.reply import Button, Call, Reply

_BUTTONS = 7  # below a bubble, besides the way back


def answer(library: Library, name: str, language: str) -> list[Reply]:
    """The first bubble of a topic; "Xem thêm" leads to `more`. Raises KeyError for a name without a topic."""
    topic = library.topics[name]
    lines = [topic.lead.say(language)]
    if topic.now:
        lines.append(topic.now.say(language))
    if topic.points:
        title = [topic.points_title.say(language)] if topic.points_title else []
        lines.append("\n".join([*title, *_listed(topic.points, language)]))
    if language != "vi" and topic.lead.said_in(language) == "vi":
        lines.insert(0, library.phrase("talk.only_vietnamese", language))
    return [
        Reply(
            text="\n\n".join(lines),
            note=small_print(library, topic, language) if topic.informs else "",
            calls=calls(library, topic.calls, language),
            buttons=_ways_on(library, topic, language),
            urgent=topic.about == "emergency",
        )
    ]


def more(library: Library, name: str, language: str) -> list[Reply]:
    """What is behind "Xem thêm", with its own sources: story and what to do if it has happened, then what else there is.

    Raises KeyError for a name without a topic.
    """
    topic = library.topics[name]
    told = _story(library, topic, language)
    further = "\n\n".join(s.say(language) for s in topic.more)
    bubbles = [Reply(told, note=sources_line(library, _told(topic), language))] if told else []
    if further:
        bubbles.append(Reply(further, note=sources_line(library, topic.more, language)))
    *first, last = bubbles or [Reply(topic.lead.say(language))]
    ways = (*_lesson_button(library, topic, language), *_share_button(library, topic, language))
    buttons = (*ways, *next_buttons(library, topic, language))
    return [*first, replace(last, calls=calls(library, topic.calls, language), buttons=buttons)]


def share(library: Library, name: str, language: str) -> list[Reply]:
    """A text to pass on, alone in its bubble, with nothing but the way back. Raises KeyError for a name without a topic."""
    topic = library.topics[name]
    if topic.share is None:
        return answer(library, name, language)
    return [Reply(topic.share.say(language), buttons=(menu_button(library, language),))]


def next_buttons(library: Library, topic: Topic, language: str, most: int = _BUTTONS) -> tuple[Button, ...]:
    """What people ask next, at most so many, the way back last."""
    asked = [name for name in topic.next if name != "help" and name in library.topics]
    buttons = [button(library, name, language) for name in asked]
    return (*buttons[:most], menu_button(library, language)) if topic.name != "help" else tuple(buttons)


def button(library: Library, name: str, language: str) -> Button:
    """What leads to a topic: an intent is said to the engine, a case is answered from here."""
    kind = "topic" if library.topics[name].case else "say"
    return Button(title(library, name, language), f"{kind}:{name}")


def menu_button(library: Library, language: str) -> Button:
    return Button(library.phrase("talk.menu", language), "say:help")


def title(library: Library, intent: str, language: str) -> str:
    """What an intent is called on a button."""
    return library.topics[intent].title.say(language)


def calls(library: Library, keys: tuple[str, ...], language: str) -> tuple[Call, ...]:
    """Hotlines as things to tap, without those that are switched off or do not hold today."""
    found = (library.hotlines[key] for key in keys if key in library.hotlines)
    return tuple(Call(h.title.say(language), number=h.dial, url=h.url) for h in found if h.enabled)


def small_print(library: Library, topic: Topic, language: str) -> str:
    """The law with its article, then the named sources of what was said, and when it was checked."""
    law = [statement.say(language) for statement in topic.law]
    shown = [topic.lead, *((topic.now,) if topic.now else ()), *topic.points, *topic.law]
    return "\n".join(part for part in (*law, sources_line(library, tuple(shown), language)) if part)


def sources_line(library: Library, statements: tuple[Statement, ...], language: str) -> str:
    """The named sources of statements and when they were checked, or "" where there is only advice.

    A statement that names its article or its own day of checking goes before what its sources say.
    """
    names, days = dict[str, None](), set[date]()
    for statement in statements:
        facts = (source for source in statement.sources if source != ADVICE)
        used = [library.sources[source] for source in facts if source in library.sources]  # those that hold today
        names |= dict.fromkeys([statement.article] if statement.article and used else [s.name for s in used])
        checked = [statement.checked_on] if statement.checked_on and used else [s.checked_on for s in used]
        days |= {day for day in checked if day}
    if not names:
        return ""
    return library.phrase("talk.sources", language, names="; ".join(names), day=_day(min(days)))


def _ways_on(library: Library, topic: Topic, language: str) -> tuple[Button, ...]:
    """Below the first bubble: more, the guided talk, the text to share, what people ask next."""
    ways: list[Button] = []
    if topic.has_more:
        further = topic.more_title.say(language) if topic.more_title else library.phrase("talk.more", language)
        ways.append(Button(further, f"more:{topic.name}"))
    if topic.guide and f"guide.{topic.guide}" in library.phrases:
        ways.append(Button(library.phrase(f"guide.{topic.guide}", language), f"guide:{topic.guide}"))
    ways += _share_button(library, topic, language)
    return (*ways, *next_buttons(library, topic, language, most=_BUTTONS - len(ways)))


def _lesson_button(library: Library, topic: Topic, language: str) -> tuple[Button, ...]:
    """The lesson about a topic (content/lessons/), if there is one."""
    lessons = (v for name, v in library.extra.items() if name.startswith("lessons/") and isinstance(v, dict))
    ids = [lesson["id"] for lesson in lessons if lesson.get("about") == topic.name and "id" in lesson]
    return tuple(Button(library.phrase("lesson.of_topic", language), f"lesson:{lesson_id}") for lesson_id in ids[:1])


def _share_button(library: Library, topic: Topic, language: str) -> tuple[Button, ...]:
    return (Button(library.phrase("topic.share", language), f"share:{topic.name}"),) if topic.share else ()


def _story(library: Library, topic: Topic, language: str) -> str:
    """How it goes, and what to do if it has happened, each under its title."""
    parts = []
    if topic.story:
        parts.append(f"{library.phrase('topic.story', language)}\n{topic.story.say(language)}")
    if topic.happened:
        parts.append("\n".join([library.phrase("topic.happened", language), *_listed(topic.happened, language)]))
    return "\n\n".join(parts)


def _told(topic: Topic) -> tuple[Statement, ...]:
    return (*((topic.story,) if topic.story else ()), *topic.happened)


def _listed(statements: tuple[Statement, ...], language: str) -> list[str]:
    return [f"• {statement.say(language)}" for statement in statements]


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
