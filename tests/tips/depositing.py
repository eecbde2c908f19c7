"""Tips that come to the police's side, sealed as the citizen's half seals them, without its talk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.tips.kit import House
from tips.dropbox import SealedGrant, SealedPart, SealedTip
from tips.envelope import KeyPair, Kind, Label, new_id, seal_original, seal_part, seal_tip_key
from tips.report import Report


@dataclass(frozen=True)
class Deposited:
    """What went into the store, to be looked for afterwards."""

    sealed: SealedTip
    keys: KeyPair

    @property
    def id(self) -> str:
        return self.sealed.id


def deposit(house: House, what: str = "Chị hàng xóm bị rủ đi làm xa", original: bytes = b"") -> Deposited:
    """A tip to all officers on duty, with a file and its original if `original` is given (two officers are needed)."""
    tip_id, keys, recipients = new_id(), KeyPair.new(), house.dropbox.recipients()
    parts, shares = [part_of(tip_id, keys, Kind.REPORT, Report(what=what).to_bytes(), 0)], ()
    if original:
        parts.append(part_of(tip_id, keys, Kind.FILE, b"clean", 1))
        label = Label(tip_id, new_id(), Kind.ORIGINAL, 2)
        body, shares = seal_original(original, label, recipients)
        parts.append(SealedPart(label.piece_id, tip_id, Kind.ORIGINAL, 2, b"", body, parts[1].id))
    tip = SealedTip(
        id=tip_id,
        danger=False,
        lookup=new_id().encode(),
        reply_key=KeyPair.new().public,
        tip_key=keys.public,
        grants=tuple(SealedGrant(r.officer_id, seal_tip_key(keys, r.public_key)) for r in recipients),
        parts=tuple(parts),
        shares=shares,
    )
    house.dropbox.deposit(tip)
    return Deposited(tip, keys)


def part_of(tip_id: str, keys: KeyPair, kind: Kind, content: bytes, position: int) -> SealedPart:
    """One sealed part of a tip."""
    label = Label(tip_id, new_id(), kind, position)
    sealed_key, body = seal_part(content, label, keys.public)
    return SealedPart(label.piece_id, tip_id, kind, position, sealed_key, body)


def add(house: House, tip: Deposited, text: str, position: int = 9) -> SealedPart:
    """The citizen adds to the tip."""
    part = part_of(tip.id, tip.keys, Kind.ADDITION, text.encode(), position)
    house.dropbox.add(part)
    return part


def traces(house: House) -> bytes:
    """All bytes of the police store's files: the database, its write-ahead log, its journal."""
    file = Path(house.police_store.engine.url.database or "")
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(file.name + "*")))
