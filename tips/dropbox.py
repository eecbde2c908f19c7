"""The way from the citizen's half to the police's: sealed things only, through one small port.

Today the port's other side is a store on the same machine (`tips.police.store.SqlDropbox`); it may as well be an intake
on a machine of the police. `MemoryDropbox` is its twin for tests and trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tips.envelope import Kind
from tips.envelope import SealedShare as SealedShare  # made there, and part of the port


class DropboxError(Exception):
    """The police's side did not take or give what was asked; what was sent may be sent again unchanged."""


class NobodyOnDuty(DropboxError):
    """No active officer is in a unit on duty, so nobody could open a tip."""


class UnknownTip(DropboxError):
    """The tip that a part belongs to is not (or no longer) there."""


class OnItsWay(DropboxError):
    """The tip of this code is safe, and not at the police's machine yet."""


class PositionTaken(DropboxError):
    """Another part of the tip has this position: the address has to be asked for again, and the part sealed anew."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An officer to seal to; `public_key` is X25519, 32 bytes."""

    officer_id: int
    public_key: bytes


@dataclass(frozen=True, slots=True)
class SealedGrant:
    """The tip's private key, sealed to one officer."""

    officer_id: int
    sealed_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A report, a file or an addition; `id` is random, made by the sender."""

    id: str
    tip_id: str
    kind: Kind
    position: int  # within the tip, bound into the seal: the report is 0
    sealed_key: bytes = field(repr=False)  # empty for an original: its key is in the tip's shares
    body: bytes = field(repr=False)
    clean_id: str = ""  # of an original: the part that is its cleaned copy
    shares: tuple[SealedShare, ...] = ()  # of an original that is added; those of a whole tip are in the tip


@dataclass(frozen=True, slots=True)
class SealedTip:
    """A whole tip as it is deposited. It has no time: the police's side writes down the hour in which it came."""

    id: str
    danger: bool
    lookup: bytes = field(repr=False)
    reply_key: bytes
    tip_key: bytes
    grants: tuple[SealedGrant, ...]
    parts: tuple[SealedPart, ...]
    lane: str = ""  # why it is in the slow lane, a code that tells nothing of the sender; "": it is not
    shares: tuple[SealedShare, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """An officer's answer, as the citizen's side gets it."""

    id: str
    tip_id: str
    sent_hour: datetime
    key_for_citizen: bytes = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TipAddress:
    """What is needed to add to a tip: its id, and the public key that seals to it; for originals, who opens it."""

    tip_id: str
    tip_key: bytes
    next_position: int  # that no part has yet
    officers: tuple[Recipient, ...] = ()  # the active ones who can open the tip now


class Dropbox(Protocol):
    """What the citizen's half may ask of the police's side. Every method may raise DropboxError."""

    def recipients(self) -> list[Recipient]:
        """The active officers of the unit on duty, at least one. Raises NobodyOnDuty."""
        ...

    def deposit(self, tip: SealedTip) -> None:
        """Keeps a tip. When it returns, the tip is safe; the same tip again changes nothing."""
        ...

    def find(self, lookup: bytes) -> TipAddress | None:
        """The tip of a code, by the value derived from it."""
        ...

    def add(self, part: SealedPart, danger: bool = False) -> None:
        """Keeps one more part of a tip; the same part again changes nothing. Raises UnknownTip, PositionTaken."""
        ...

    def answers(self, lookup: bytes) -> list[SealedMessage]:
        """The officers' answers to a tip, oldest first; none for an unknown tip."""
        ...

    def count_answers(self, lookups: Sequence[bytes]) -> list[int]:
        """How many answers each of these tips has; 0 for an unknown tip."""
        ...


@dataclass
class MemoryDropbox:
    """The twin in memory. `on_duty` and `messages` are for the test to fill; `failing` makes every call fail."""

    on_duty: list[Recipient] = field(default_factory=list)
    tips: dict[str, SealedTip] = field(default_factory=dict)
    parts: dict[str, SealedPart] = field(default_factory=dict)
    in_danger: set[str] = field(default_factory=set)
    messages: list[SealedMessage] = field(default_factory=list)
    failing: bool = False

    def recipients(self) -> list[Recipient]:
        self._reach()
        if not self.on_duty:
            raise NobodyOnDuty
        return list(self.on_duty)

    def deposit(self, tip: SealedTip) -> None:
        self._reach()
        if tip.id in self.tips:
            return
        self.tips[tip.id] = tip
        self.parts |= {part.id: part for part in tip.parts}
        if tip.danger:
            self.in_danger.add(tip.id)

    def find(self, lookup: bytes) -> TipAddress | None:
        self._reach()
        tip = next((tip for tip in self.tips.values() if tip.lookup == lookup), None)
        if tip is None:
            return None
        granted = {grant.officer_id for grant in tip.grants}
        officers = tuple(one for one in self.on_duty if one.officer_id in granted)
        return TipAddress(tip.id, tip.tip_key, 1 + max(self._positions(tip.id), default=-1), officers)

    def add(self, part: SealedPart, danger: bool = False) -> None:
        self._reach()
        if part.tip_id not in self.tips:
            raise UnknownTip
        if part.id not in self.parts and part.position in self._positions(part.tip_id):
            raise PositionTaken
        self.parts.setdefault(part.id, part)
        if danger:
            self.in_danger.add(part.tip_id)

    def answers(self, lookup: bytes) -> list[SealedMessage]:
        address = self.find(lookup)
        return [m for m in self.messages if address and m.tip_id == address.tip_id]

    def count_answers(self, lookups: Sequence[bytes]) -> list[int]:
        return [len(self.answers(lookup)) for lookup in lookups]

    def _positions(self, tip_id: str) -> set[int]:
        return {part.position for part in self.parts.values() if part.tip_id == tip_id}

    def _reach(self) -> None:
        if self.failing:
            raise DropboxError
