"""How a person goes: erased altogether, or away from a tip of which only the code remains; or waiting here for an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.floors import Floors
from bot.talks import Talks
from bot.threads import in_thread
from bot.turn import Turn
from bot.watches import Watches
from content import render
from content.library import Library
from content.reply import Reply
from nlu.engine import Engine
from tips.dropbox import DropboxError


@dataclass(frozen=True)
class Leaving:
    """What ties a chat to a person, a talk or a tip is cut, or tied on purpose."""

    library: Library
    engine: Engine
    talks: Talks
    floors: Floors
    watches: Watches

    async def erase(self, turn: Turn) -> None:
        """Forgets the person at once: talk, draft, quiz, watches, what the engine remembers, and what stands on the screen."""
        await self.floors.erase(turn)
        await self._cut(turn)
        first, *others = render.answer(self.library, "delete_data", turn.language)
        turn.say(replace(first, clears=True), *others)

    async def walk_away(self, turn: Turn) -> None:
        """After a tip: nothing here leads to it any more; the code alone does. Quiz and contests stay."""
        await self.floors.let_go(turn)
        await self._cut(turn)
        turn.say(Reply(self.library.phrase("tip.left", turn.language)))

    async def watch(self, turn: Turn) -> None:
        """For 30 days the chat is told when an answer to the tip comes, if the tip was just sent or its code is open."""
        lookup = await self.floors.tip_at_hand(turn)
        if lookup is None:
            turn.say(Reply(self.library.phrase("tip.watch_gone", turn.language)))
            return
        inbound = turn.inbound
        try:
            await in_thread(self.watches.begin, inbound.channel, inbound.sender, lookup, turn.language)
        except DropboxError:
            turn.say(Reply(self.library.phrase("tip.watch_later", turn.language)))
            return
        turn.say(Reply(self.library.phrase("tip.watching", turn.language)))

    async def _cut(self, turn: Turn) -> None:
        await in_thread(self.watches.end, turn.inbound.channel, turn.inbound.sender)
        await in_thread(self.talks.erase, turn.state.ref)
        await self.engine.forget(turn.state.engine_id)
        turn.erased = True
