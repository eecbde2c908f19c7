"""Makes replies of topics: the answer, what to do, the points, whom to call, the law, what people ask next."""

from __future__ import annotations

from datetime import date

from content.library import Library
from content.model import Statement, Topic
from content.reply import Button, Call, Reply


def answer(library: Library, intent: str, language: str) -> list[Reply]:
    """The first bubble of a topic; "Xem thêm" leads to `more`. Raises KeyError for an intent without a topic."""
    topic = library.topics[intent]
    buttons = next_buttons(library, topic, language)
    if topic.guide:
        buttons = (Button(library.phrase(f"guide.{topic.guide}", language), f"guide:{topic.guide}"), *buttons)
    if topic.more:
        further = topic.more_title.say(language) if topic.more_title else library.phrase("talk.more", language)
        buttons = (Button(further, f"more:{intent}"), *buttons)
    lines = [topic.lead.say(language)]
    if topic.now:
        lines.append(topic.now.say(language))
    if topic.points:
        title = [topic.points_title.say(language)] if topic.points_title else []
        lines.append("\n".join([*title, *(f"• {point.say(language)}" for point in topic.points)]))
    if language != "vi" and topic.lead.en is None:
        lines.insert(0, library.phrase("talk.only_vietnamese", language))
    return [
        Reply(
            text="\n\n".join(lines),
            note=small_print(library, topic, language) if topic.informs else "",
            calls=calls(library, topic.calls, language),
            buttons=buttons,
            urgent=intent == "emergency",
        )
    ]


def more(library: Library, intent: str, language: str) -> list[Reply]:
    """The second bubble of a topic, with its own sources. Raises KeyError for an intent without a topic."""
    topic = library.topics[intent]
    text = "\n\n".join(s.say(language) for s in topic.more) or topic.lead.say(language)
    return [
        Reply(
            text=text,
            note=sources_line(library, topic.more, language),
            calls=calls(library, topic.calls, language),
            buttons=next_buttons(library, topic, language),
        )
    ]


def next_buttons(library: Library, topic: Topic, language: str) -> tuple[Button, ...]:
    """What people ask next, the way back last."""
    asked = [Button(title(library, intent, language), f"say:{intent}") for intent in topic.next if intent != "help"]
    return (*asked[:3], menu_button(library, language)) if topic.name != "help" else tuple(asked)


def menu_button(library: Library, language: str) -> Button:
    return Button(library.phrase("talk.menu", language), "say:help")


def title(library: Library, intent: str, language: str) -> str:
    """What an intent is called on a button."""
    return library.topics[intent].title.say(language)


def calls(library: Library, keys: tuple[str, ...], language: str) -> tuple[Call, ...]:
    """Hotlines as things to tap, without those that are switched off."""
    found = (library.hotlines[key] for key in keys)
    return tuple(Call(h.title.say(language), number=h.dial, url=h.url) for h in found if h.enabled)


def small_print(library: Library, topic: Topic, language: str) -> str:
    """The law with its article, then the named sources of what was said, and when it was checked."""
    law = [statement.say(language) for statement in topic.law]
    shown = [topic.lead, *((topic.now,) if topic.now else ()), *topic.points, *topic.law]
    return "\n".join(part for part in (*law, sources_line(library, tuple(shown), language)) if part)


def sources_line(library: Library, statements: tuple[Statement, ...], language: str) -> str:
    """The named sources of statements and when they were checked, or "" where there is only advice."""
    used = {source: library.sources[source] for s in statements for source in s.sources if source != "ADVICE"}
    if not used:
        return ""
    names = list(dict.fromkeys(source.name for source in used.values()))
    oldest = min(source.checked_on for source in used.values() if source.checked_on)
    return library.phrase("talk.sources", language, names="; ".join(names), day=_day(oldest))


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
