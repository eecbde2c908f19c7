"""The police's half alone: a store as a SQLite file, its dropbox, officers, and tips that were sealed for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from db.police import Audit, Part, PoliceBase, Unit
from db.stores import Store
from tests.tips.kit import CHEAP, PASSWORD, PEPPER, Clock
from tips.attachments import Attachment
from tips.citizen.sealing import seal_for, seal_tip
from tips.code import make_code
from tips.dropbox import TipAddress
from tips.envelope import CodeKeys, Kind, derive, new_id
from tips.police.inbox import Inbox
from tips.police.officers import Officers, OpenedOfficer
from tips.police.store import SqlDropbox
from tips.report import Report

FILM = Attachment("video/mp4", ".mp4", b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 1000)  # more than 64 KiB
PAPER = Attachment("application/pdf", ".pdf", b"%PDF-1.7 ...")
AS_IT_CAME = b"\0\0\0\x18ftypqt  " + b"GPS 10.5 105.1 " * 9000


@dataclass
class Vault:
    """`codes` holds the keys of each tip's code, by the tip's id."""

    clock: Clock
    store: Store
    dropbox: SqlDropbox
    officers: Officers
    inbox: Inbox
    codes: dict[str, CodeKeys]

    def officer(self, login: str) -> OpenedOfficer:
        """A new officer of the unit on duty, signed in."""
        with self.store.read() as session:
            unit = session.scalars(select(Unit.id)).first()
        unit = unit or self.officers.make_unit("Đội trực")
        self.officers.enrol(login, f"Cán bộ {login}", unit, PASSWORD)
        opened = self.officers.unlock(login, PASSWORD)
        assert opened
        return opened

    def tip(self, what: str = "Chuyện", files: tuple[Attachment, ...] = (), came: bytes | None = AS_IT_CAME) -> str:
        """A tip's id; each file has an original, if `came` is there."""
        keys = derive(make_code(), PEPPER, CHEAP)
        enclosures = [(file.to_bytes(), came) for file in files]
        sealed = seal_tip(Report(what=what), enclosures, self.dropbox.recipients(), keys, tip_id=new_id())
        self.dropbox.deposit(sealed)
        self.codes[sealed.id] = keys
        return sealed.id

    def address(self, tip_id: str) -> TipAddress:
        found = self.dropbox.find(self.codes[tip_id].lookup)
        assert found
        return found

    def add(self, address: TipAddress, text: str) -> str:
        """Adds a text under an address that may be old, and gives the part's id."""
        position = self.address(address.tip_id).next_position
        part = seal_for(address, Kind.ADDITION, text.encode(), position)
        self.dropbox.add(part)
        return part.id

    def part(self, tip_id: str, kind: Kind) -> Part:
        """The first part of this kind."""
        with self.store.read() as session:
            found = session.scalars(
                select(Part).where(Part.tip_id == tip_id, Part.kind == kind).order_by(Part.position)
            ).first()
        assert found
        return found

    def acts(self, tip_id: str) -> list[tuple[str, int | None, dict[str, object]]]:
        with self.store.read() as session:
            rows = session.scalars(select(Audit).where(Audit.tip_id == tip_id).order_by(Audit.id))
            return [(row.act, row.officer_id, row.detail) for row in rows]


def make_vault(folder: Path) -> Vault:
    clock = Clock()
    store = Store(f"sqlite:///{folder / 'police.sqlite'}")
    PoliceBase.metadata.create_all(store.engine)
    return Vault(clock, store, SqlDropbox(store, clock), Officers(store, clock, CHEAP), Inbox(store, clock), codes={})
