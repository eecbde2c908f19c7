"""An opened code, in memory only, and what waits to be added to its tip.

What waits is sealed under a key that comes from the code, and for the tip only when it goes: until then the tip may get
another key, or another part the position that this one would have had.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from nacl.secret import Aead

from tips.citizen.sealing import seal_for, seal_original_for
from tips.dropbox import Dropbox, DropboxError, PositionTaken, SealedPart, TipAddress, UnknownTip
from tips.envelope import CodeKeys, Kind, new_id

MOST_WAITING = 10  # parts
HEAVIEST = 120 * 1024 * 1024  # bytes that wait with one code, originals and cleaned copies
_TRIES = 5  # at a free position; somebody else with the same code adds at the same time


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A part that was not sent yet, with its original if it has one. Ids stay, so that what is sent twice is kept once."""

    part_id: str
    kind: Kind
    danger: bool
    sealed: bytes = field(repr=False)
    original_id: str = ""
    original: bytes = field(default=b"", repr=False)  # sealed, too


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
        return sum(len(part.sealed) + len(part.original) for part in self._waiting)

    def has_room(self, size: int = 0) -> bool:
        """Whether a part of that many bytes can wait, too."""
        return self.waiting < MOST_WAITING and self.weight + size <= HEAVIEST

    @property
    def takes_originals(self) -> bool:
        """Whether there are two officers to open them together."""
        return len(self.address.officers) > 1

    def put(self, kind: Kind, content: bytes, danger: bool, original: bytes | None = None) -> None:
        """Has a part wait, with the file as it came if it is one."""
        part_id, original_id = new_id(), new_id()
        sealed = self._seal(content, part_id)
        as_it_came = self._seal(original, original_id) if original is not None else b""
        self._waiting.append(_Waiting(part_id, kind, danger, sealed, original_id, as_it_came))

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
        first = self._waiting[0]
        content = self._open(first.sealed, first.part_id)
        part = seal_for(self.address, first.kind, content, self.address.next_position, first.part_id)
        self._add(dropbox, part, first.danger)
        if first.original and self.takes_originals:
            original, position = self._open(first.original, first.original_id), self.address.next_position
            self._add(dropbox, seal_original_for(part, original, self.address.officers, position, first.original_id))
        self._waiting.pop(0)

    def _add(self, dropbox: Dropbox, part: SealedPart, danger: bool = False) -> None:
        dropbox.add(part, danger=danger)
        self.address = replace(self.address, next_position=part.position + 1)

    def _ask_address(self, dropbox: Dropbox) -> None:
        """The tip may have got another key since."""
        address = dropbox.find(self.keys.lookup)
        if address is None:
            raise UnknownTip
        self.address = address

    def _seal(self, content: bytes, name: str) -> bytes:
        return bytes(self._box.encrypt(content, name.encode()))

    def _open(self, sealed: bytes, name: str) -> bytes:
        return bytes(self._box.decrypt(sealed, name.encode()))

    @property
    def _box(self) -> Aead:
        key = hashlib.blake2b(key=self.keys.reply.private, person=b"lachan-waiting", digest_size=Aead.KEY_SIZE)
        return Aead(key.digest())
