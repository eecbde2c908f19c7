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
        """The topic of the intent. One that can be asked on about is marked, so that the conversation remembers it."""
        intent = ask.meaning.intent
        said = _said(render.answer(self._library(), intent, ask.language))
        about = ({Mark.ABOUT.value: intent},) if self._library().topics[intent].informs else ()
        return Told(said=(*about, *said), slots={"invited": None})

    async def answer_out_of_place(self, ask: Ask) -> Told:
        """The same where no rule or story fits, such as a "yes" to nothing: it does not steer the talk later."""
        return Told(said=_said(render.answer(self._library(), ask.meaning.intent, ask.language)), rewind=True)

    async def invite_tip(self, ask: Ask) -> Told:
        """Asks, after an offer was looked at, whether the person wants to tell the police."""
        library, language = self._library(), ask.language
        buttons = (
            Button(library.phrase("talk.invite_tip_yes", language), "say:report_tip"),
            Button(library.phrase("talk.invite_tip_no", language), "say:deny"),
        )
        return Told(
            said=_said([Reply(library.phrase("talk.invite_tip", language), buttons=buttons)]), slots={"invited": True}
        )

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
