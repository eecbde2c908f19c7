"""Two machines for a test: the police's with a real intake (TLS, SQLite) on loopback, and the bot's with its outbox."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import func, select
from starlette.types import ASGIApp

from db.citizen import CitizenBase
from db.keys import KeyRing
from db.police import Officer, Part, PoliceBase, Tip, Unit
from db.stores import Store
from intake import intake_app, listening
from tips.citizen.kept import KeptRecipients
from tips.citizen.outbox import Outbox
from tips.citizen.remote import RemoteDropbox
from tips.dropbox import Dropbox, Recipient, SealedGrant, SealedPart, SealedShare, SealedTip
from tips.envelope import KeyPair, Kind, Label, new_id, seal_part, seal_tip_key
from tips.police.store import SqlDropbox

if TYPE_CHECKING:
    from lachan.certificates import Folders  # takes a while, and the processes of machines.py do not need it

HOST = "127.0.0.1"
MASTER = b"m" * 32


class Clock:
    """Aware UTC time that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 7, 20, 33, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class PoliceMachine:
    """The police's store, and the intake in a thread; it may go away and come back on the same port."""

    def __init__(
        self,
        folder: Path,
        certificates: Folders,
        clock: Clock,
        wrap: Callable[[Dropbox], Dropbox] = lambda dropbox: dropbox,
    ) -> None:
        self.store = police_store(folder)
        self.dropbox = SqlDropbox(self.store, clock)
        self.port = 0
        self._app: ASGIApp = intake_app(wrap(self.dropbox))
        self._certificates = certificates.police

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def start(self) -> Self:
        self._opened = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._opened.wait(10), "the intake did not open"
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(10)

    def close(self) -> None:
        self.stop()
        self.store.close()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with listening(self._app, HOST, self.port, self._certificates) as open_at:
            self.port = open_at.port
            self._opened.set()
            await self._over.wait()


@dataclass
class BotMachine:
    """The citizens' side: store, outbox, and the dropbox that asks the police's machine."""

    store: Store
    outbox: Outbox
    dropbox: RemoteDropbox

    def close(self) -> None:
        self.dropbox.close()
        self.store.close()


def bot_machine(folder: Path, url: str, certificates: Path, clock: Callable[[], datetime]) -> BotMachine:
    store = Store(f"sqlite:///{folder / 'citizen.sqlite'}")
    CitizenBase.metadata.create_all(store.engine)
    keys = KeyRing(MASTER)
    outbox = Outbox(store, keys, clock)
    return BotMachine(
        store, outbox, RemoteDropbox(url, certificates, outbox, KeptRecipients(store, keys, clock), clock)
    )


def police_store(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'police.sqlite'}")
    PoliceBase.metadata.create_all(store.engine)
    return store


def add_officer(store: Store, login: str = "lan", on_duty: bool = True) -> KeyPair:
    """An officer of a unit of her own."""
    keys = KeyPair.new()
    with store.begin() as session:
        unit = Unit(name=f"unit of {login}", on_duty=on_duty)
        session.add(unit)
        session.flush()
        session.add(
            Officer(
                login=login,
                name=login,
                unit_id=unit.id,
                public_key=keys.public,
                wrapped_key=b"w",
                salt=b"s" * 16,
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    return keys


def a_tip(
    recipients: Sequence[Recipient], content: bytes = b"words", lookup: bytes | None = None, danger: bool = False
) -> SealedTip:
    """A really sealed tip of one report."""
    tip_id, keys = new_id(), KeyPair.new()
    return SealedTip(
        id=tip_id,
        danger=danger,
        lookup=lookup or os.urandom(32),
        reply_key=os.urandom(32),
        tip_key=keys.public,
        grants=tuple(SealedGrant(r.officer_id, seal_tip_key(keys, r.public_key)) for r in recipients),
        parts=(a_part(tip_id, keys.public, 0, content, Kind.REPORT),),
    )


def a_part(
    tip_id: str, tip_key: bytes, position: int, content: bytes = b"more", kind: Kind = Kind.ADDITION
) -> SealedPart:
    label = Label(tip_id, new_id(), kind, position)
    sealed_key, body = seal_part(content, label, tip_key)
    return SealedPart(label.piece_id, tip_id, kind, position, sealed_key, body)


def an_original(
    tip_id: str, position: int, clean_id: str, pairs: Sequence[tuple[int, int]]
) -> tuple[SealedPart, tuple[SealedShare, ...]]:
    part = SealedPart(new_id(), tip_id, Kind.ORIGINAL, position, b"", os.urandom(600), clean_id)
    return part, tuple(SealedShare(part.id, first, second, os.urandom(128)) for first, second in pairs)


@contextmanager
def closing[T: (PoliceMachine, BotMachine)](thing: T) -> Iterator[T]:
    try:
        yield thing
    finally:
        thing.close()


def count(store: Store, table: type[Tip] | type[Part]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def tip_ids(store: Store) -> list[str]:
    """Ids of the tips in the police's store, in the order in which they came."""
    with store.read() as session:
        return list(session.scalars(select(Tip.id).order_by(Tip.number)))
