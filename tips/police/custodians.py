"""The way back to a lost password: any two of three custodians together, never one alone. Custodians read no tips.

An officer's private key lies in the store once for each pair of custodians, in two nested sealed boxes: the first one's
around the second's. So there is no secret to be shared out, and the store needs neither of them to make the boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import nacl.exceptions
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.police import Custodian, Officer, RecoveryShare
from db.stores import Store
from tips.envelope import Cost, EnvelopeError, KeyPair
from tips.police.audit import Act, record
from tips.police.passwords import NameTaken, Passwords, checked_login, generate_password, normal_login

NEEDED = 3  # active custodians; two of them are enough


class CustodiansFull(ValueError):
    """There are three active custodians: a new one takes the place of an old one."""


class RecoveryRefused(Exception):
    """The two who ask are not two different active custodians with their right passwords."""


class RecoveryNotReady(Exception):
    """Two custodians asked, and it cannot be done; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class CustodianLine:
    """A custodian in the list; `officers`: how many keys this one could help to bring back."""

    login: str
    name: str
    active: bool
    officers: int


class Custodians:
    """Enrols custodians and gives officers new passwords. `cost` must be the officers'."""

    def __init__(self, store: Store, now: Callable[[], datetime], cost: Cost | None = None) -> None:
        self._store = store
        self._now = now
        self._passwords = Passwords(cost)

    def enrol(self, login: str, name: str, password: str) -> int:
        """The new custodian's id. The keys of officers come to the three at each officer's next sign-in.

        Raises CustodiansFull, NameTaken, WeakPassword, and ValueError for a login that is empty or too long.
        """
        custodian = self._new(login, name, password)
        with _unique(), self._store.begin() as session:
            if len(keepers(session)) >= NEEDED:
                raise CustodiansFull(f"there are {NEEDED} custodians already: replace one of them")
            session.add(custodian)
            session.flush()
            record(session, self._now(), Act.ADD_CUSTODIAN, custodian=custodian.id)
            return custodian.id

    def replace(self, old: str, login: str, name: str, password: str) -> int:
        """Puts a new custodian in the place of the one with the login `old`; gives the new one's id.

        The old one's key, and every share that needs it, are destroyed; the other pair can still recover meanwhile.
        Raises LookupError if there is no such active custodian, and what `enrol` raises.
        """
        custodian = self._new(login, name, password)
        with _unique(), self._store.erase() as session:
            leaving = _by_login(session, old)
            if leaving is None:
                raise LookupError("no active custodian has that login")
            leaving.active, leaving.wrapped_key, leaving.salt = False, b"", b""
            with_old = or_(RecoveryShare.first_id == leaving.id, RecoveryShare.second_id == leaving.id)
            session.execute(delete(RecoveryShare).where(with_old))
            session.add(custodian)
            session.flush()
            record(session, self._now(), Act.REPLACE_CUSTODIAN, old=leaving.id, custodian=custodian.id)
            return custodian.id

    def listed(self) -> list[CustodianLine]:
        """All custodians, also those who were replaced, in the order in which they came."""
        with self._store.read() as session:
            rows = session.scalars(select(Custodian).order_by(Custodian.id)).all()
            shares = session.execute(
                select(RecoveryShare.officer_id, RecoveryShare.first_id, RecoveryShare.second_id)
            ).all()
        helped = {row.id: {officer for officer, *pair in shares if row.id in pair} for row in rows}
        return [CustodianLine(row.login, row.name, row.active, len(helped[row.id])) for row in rows]

    def without_shares(self) -> list[str]:
        """Logins of active officers whose key no two active custodians could bring back: they have to sign in once."""
        with self._store.read() as session:
            officers = session.execute(select(Officer.id, Officer.login).where(Officer.active).order_by(Officer.id))
            safe = set(session.scalars(select(RecoveryShare.officer_id)))
        return [login for officer_id, login in officers if officer_id not in safe]

    def recover(self, officer_login: str, first: tuple[str, str], second: tuple[str, str]) -> str:
        """A new password for the officer, who keeps the key pair, and so reads all old tips with it.

        `first`, `second`: login and password of two custodians. Raises RecoveryRefused, at equal cost whatever was wrong,
        and RecoveryNotReady, which tells more, but only to two who gave the right passwords.
        """
        with self._store.read() as session:
            rows = [_by_login(session, login) for login, _ in (first, second)]
        opened = [
            self._passwords.unwrap(row, password) for row, (_, password) in zip(rows, (first, second), strict=True)
        ]
        two = [(row.id, keys) for row, keys in zip(rows, opened, strict=True) if row and keys]
        if len({custodian_id for custodian_id, _ in two}) != 2:
            with self._store.begin() as session:
                record(session, self._now(), Act.RECOVER_FAILED)
            raise RecoveryRefused("two different custodians have to give their right passwords")
        password = generate_password()
        self._rewrap(officer_login, sorted(two, key=lambda one: one[0]), password)
        return password

    def _rewrap(self, officer_login: str, two: list[tuple[int, KeyPair]], password: str) -> None:
        with self._store.read() as session:
            private = _bring_back(session, officer_login, two)
        wrapped = self._passwords.wrap(private, password)
        with self._store.erase() as session:  # the old password's wrapping has to be gone
            if _bring_back(session, officer_login, two) != private:
                raise RecoveryNotReady("the officer's key changed meanwhile: try again")
            officer = _officer(session, officer_login)
            officer.wrapped_key, officer.salt = wrapped.wrapped_key, wrapped.salt
            record(session, self._now(), Act.RECOVER, officer=officer.id, custodians=[one for one, _ in two])

    def _new(self, login: str, name: str, password: str) -> Custodian:
        keys = KeyPair.new()
        wrapped = self._passwords.wrap(keys.private, password)
        return Custodian(
            login=checked_login(login),
            name=name,
            public_key=keys.public,
            wrapped_key=wrapped.wrapped_key,
            salt=wrapped.salt,
            created_at=self._now(),
        )


def keepers(session: Session) -> list[Custodian]:
    """The active custodians, in the order of their ids."""
    return list(session.scalars(select(Custodian).where(Custodian.active).order_by(Custodian.id)))


def share_key(session: Session, officer_id: int, private: bytes) -> None:
    """Makes the shares of an officer's key anew where they do not fit the three custodians; nothing while there are fewer."""
    three = keepers(session)
    if len(three) != NEEDED:
        return
    there = {(share.first_id, share.second_id): share for share in _shares(session, officer_id)}
    wanted = {(first.id, second.id): (first, second) for first, second in combinations(three, 2)}
    for pair in there.keys() - wanted.keys():
        session.delete(there[pair])
    for pair in wanted.keys() - there.keys():
        first, second = wanted[pair]
        inner = SealedBox(PublicKey(second.public_key)).encrypt(private)
        sealed = bytes(SealedBox(PublicKey(first.public_key)).encrypt(inner))
        session.add(RecoveryShare(officer_id=officer_id, first_id=first.id, second_id=second.id, sealed=sealed))


def drop_shares(session: Session, officer_id: int) -> None:
    """Deletes an officer's key from the custodians' reach. Within `Store.erase`."""
    session.execute(delete(RecoveryShare).where(RecoveryShare.officer_id == officer_id))


def open_share(sealed: bytes, first: KeyPair, second: KeyPair) -> bytes:
    """The private key in a share. Raises EnvelopeError."""
    try:
        inner = SealedBox(PrivateKey(first.private)).decrypt(sealed)
        return bytes(SealedBox(PrivateKey(second.private)).decrypt(inner))
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        raise EnvelopeError("the share is not for these two") from None


def _bring_back(session: Session, officer_login: str, two: list[tuple[int, KeyPair]]) -> bytes:
    """The officer's private key, which must be the one of the public key. Raises RecoveryNotReady."""
    officer = _officer(session, officer_login)
    (first_id, first), (second_id, second) = two
    share = session.get(RecoveryShare, (officer.id, first_id, second_id))
    if share is None:
        raise RecoveryNotReady(
            "these two have no share of this officer's key: it is made when the officer signs in and there are"
            f" {NEEDED} custodians"
        )
    try:
        keys = KeyPair.of(open_share(share.sealed, first, second))
    except EnvelopeError:
        raise RecoveryNotReady("the share of this officer's key does not open: it was damaged or changed") from None
    if keys.public != officer.public_key:
        raise RecoveryNotReady("the share is not of this officer's key: it was damaged or changed")
    return keys.private


def _officer(session: Session, login: str) -> Officer:
    officer = session.scalar(select(Officer).where(Officer.login == normal_login(login), Officer.active))
    if officer is None:
        raise RecoveryNotReady("no active officer has that login")
    return officer


def _by_login(session: Session, login: str) -> Custodian | None:
    return session.scalar(select(Custodian).where(Custodian.login == normal_login(login), Custodian.active))


def _shares(session: Session, officer_id: int) -> list[RecoveryShare]:
    return list(session.scalars(select(RecoveryShare).where(RecoveryShare.officer_id == officer_id)))


@contextmanager
def _unique() -> Iterator[None]:
    """Turns the database's refusal of a second equal login into a sentence."""
    try:
        yield
    except IntegrityError:
        raise NameTaken("that login is there already") from None
