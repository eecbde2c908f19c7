"""How people reach the conversation: an adapter a platform; it makes `Inbound` of what comes in, renders `Reply`."""

from __future__ import annotations

from typing import Protocol

from bot.inbound import Inbound
from content.reply import Reply


class UnreachableError(Exception):
    """The platform delivers nothing to this person any more: the bot was blocked, the account is gone."""


class NotSentError(Exception):
    """The platform could not be reached, or refuses for now; it may be tried again later."""


class Hears(Protocol):
    """What a channel needs of the conversation."""

    async def hear(self, inbound: Inbound) -> list[Reply]:
        """Takes one message of one person in turn; returns the bubbles to show, in order."""
        ...


class HearsAndGreets(Hears, Protocol):
    """What a channel needs that can be looked at before anything is said: the web page."""

    def greeting(self, language: str) -> list[Reply]:
        """What is said to somebody who has not said anything yet; keeps nothing."""
        ...
