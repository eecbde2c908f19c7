"""Actions that answer from content/."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions.marks import Mark
from content import render
from content.library import Library
from content.reply import Button, Reply
from nlu.engine import Ask, Told

READINGS = 3
_NEVER_OFFERED = {"nlu_fallback", "out_of_scope", "affirm", "deny", "thank", "goodbye", "greet"}


class Answers:
    """Says what the content has; `library` is asked anew each time: what it gives is what counts now."""

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library

    async def answer(self, ask: Ask) -> Told:
        """The topic of the intent, or the case of it that the message names. One that can be asked on about is marked, so
        that the conversation remembers it."""
        library, intent = self._library(), ask.meaning.intent
        topic = library.case_of(intent, ask.meaning.text) or library.topics[intent]
        said = _said(render.answer(library, topic.name, ask.language))
        about = ({Mark.ABOUT.value: topic.name},) if topic.informs else ()
        return Told(said=(*about, *said))

    async def answer_out_of_place(self, ask: Ask) -> Told:
        """The same where no rule or story fits, such as a "yes" to nothing: it does not steer the talk later."""
        return Told(said=_said(render.answer(self._library(), ask.meaning.intent, ask.language)), rewind=True)

    async def offer_readings(self, ask: Ask) -> Told:
        """Not understood: the likeliest readings as buttons, then the menu. The conversation counts the misses."""
        library, language = self._library(), ask.language
        likely = [name for name, _ in ask.meaning.ranking if name not in _NEVER_OFFERED and name in library.topics]
        buttons = [Button(render.title(library, name, language), f"say:{name}") for name in likely[:READINGS]]
        reply = Reply(
            library.phrase("talk.not_sure", language),
            calls=render.calls(library, ("111",), language),
            buttons=(*buttons, render.menu_button(library, language)),
        )
        return Told(said=({Mark.MISS.value: likely[:READINGS]}, *_said([reply])), rewind=True)


def _said(replies: Iterable[Reply]) -> tuple[dict[str, object], ...]:
    return tuple(reply.to_dict() for reply in replies)
