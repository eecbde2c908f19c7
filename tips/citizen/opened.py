"""An opened code, in memory only, and what waits to be added to its tip.

What waits is sealed under a key that comes from the code, and for the tip only when it goes: until then the tip may get
another key, or another part the position that this one would have had.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from nacl.secret import Aead

from tips.citizen.sealing import seal_for
from tips.dropbox import Dropbox, DropboxError, PositionTaken, TipAddress, UnknownTip
from tips.envelope import CodeKeys, Kind, new_id

MOST_WAITING = 10  # parts
HEAVIEST = 60 * 1024 * 1024  # bytes that wait with one code
_TRIES = 5  # at a free position; somebody else with the same code adds at the same time


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A part that was not sent yet. Its id stays, so that what is sent twice is kept once."""

    part_id: str
    kind: Kind
    danger: bool
    sealed: bytes = field(repr=False)


@dataclass
class Opened:
    """`adding`: what is written next goes to the police at once. `leaving`: "and what still waits?" was asked last."""

    keys: CodeKeys = field(repr=False)
    address: TipAddress
    until: datetime
    adding: bool = False
    leaving: bool = False
    _waiting: list[_Waiting] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many parts wait for a yes, or could not be sent yet."""
        return len(self._waiting)

    @property
    def weight(self) -> int:
        """Bytes that wait."""
        return sum(len(part.sealed) for part in self._waiting)

    def has_room(self, size: int = 0) -> bool:
        """Whether a part of that many bytes can wait, too."""
        return self.waiting < MOST_WAITING and self.weight + size <= HEAVIEST

    def put(self, kind: Kind, content: bytes, danger: bool) -> None:
        """Has a part wait."""
        part_id = new_id()
        self._waiting.append(_Waiting(part_id, kind, danger, bytes(self._box.encrypt(content, part_id.encode()))))

    def drop_waiting(self) -> None:
        self._waiting.clear()

    def deliver(self, dropbox: Dropbox) -> None:
        """Sends what waits, in its order. Raises UnknownTip, DropboxError: then the rest still waits."""
        try:
            self._ask_address(dropbox)
        except UnknownTip:
            raise
        except DropboxError:
            pass  # the address that is known may still do
        tries = 0
        while self._waiting:
            try:
                self._deliver_first(dropbox)
            except PositionTaken:
                tries += 1
                if tries == _TRIES:
                    raise
                self._ask_address(dropbox)

    def _deliver_first(self, dropbox: Dropbox) -> None:
        part, position = self._waiting[0], self.address.next_position
        content = bytes(self._box.decrypt(part.sealed, part.part_id.encode()))
        dropbox.add(seal_for(self.address, part.kind, content, position, part.part_id), danger=part.danger)
        self._waiting.pop(0)
        self.address = replace(self.address, next_position=position + 1)

    def _ask_address(self, dropbox: Dropbox) -> None:
        """The tip may have got another key since."""
        address = dropbox.find(self.keys.lookup)
        if address is None:
            raise UnknownTip
        self.address = address

    @property
    def _box(self) -> Aead:
        key = hashlib.blake2b(key=self.keys.reply.private, person=b"lachan-waiting", digest_size=Aead.KEY_SIZE)
        return Aead(key.digest())
