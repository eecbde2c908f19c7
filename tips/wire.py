"""What goes between the citizens' machine and the police's: the dropbox's types as MessagePack, read strictly.

Every message is `[VERSION, content]`; a record is a map with exactly its fields. What is read was written by another
machine: whatever is not as it should be raises WireError, which quotes nothing. Sizes are in bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgpack

from tips.dropbox import Recipient, SealedGrant, SealedMessage, SealedPart, SealedShare, SealedTip, TipAddress
from tips.envelope import KEY_BYTES, Kind

VERSION = 1
TIP_LIMIT = 250_000_000  # a whole tip; anything else that carries a body is smaller
PART_LIMIT = 64_000_000
ANSWERS_LIMIT = 64_000_000
SMALL_LIMIT = 256_000  # what carries no body
BIG = 8_000_000  # what is bigger is handled one by one, so that memory is bounded

MOST_RECIPIENTS = 1_000
MOST_PARTS = 500
MOST_SHARES = 400_000
MOST_MESSAGES = 10_000
MOST_LOOKUPS = 1_000
_BOX = 48  # what a sealed box adds: a public key and a tag
_SEALED_KEY = KEY_BYTES + _BOX
_NUMBER = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_LAST_HOUR = 24 * 366 * 500
_ID = re.compile(r"[0-9a-f]{32}")
_LANE = re.compile(r"[a-z][a-z0-9_-]{0,15}|")


class WireError(ValueError):
    """Bytes that are no such message, or a value that no message can carry. Tells no more than where."""


class Fault(StrEnum):
    """Why the police's machine did not do as asked; goes with an answer of another status than 200."""

    NOBODY_ON_DUTY = "nobody-on-duty"
    UNKNOWN_TIP = "unknown-tip"
    POSITION_TAKEN = "position-taken"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Addition:
    """One more part of a tip, and whether it tells of danger."""

    part: SealedPart
    danger: bool


@dataclass(frozen=True, slots=True)
class _As[T]:
    """How a value looks on the wire: `read` checks and raises WireError, `write` is its opposite."""

    read: Callable[[Any], T]
    write: Callable[[T], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Shape[T]:
    """One kind of message. `pack` refuses what `unpack` would refuse, so that what was packed can be delivered."""

    _content: _As[T] = field(repr=False)
    limit: int

    def pack(self, value: T) -> bytes:
        """The message. Raises WireError."""
        content = self._content.write(value)
        self._content.read(content)
        packed: bytes = msgpack.packb([VERSION, content])
        if len(packed) > self.limit:
            raise WireError("larger than a message may be")
        return packed

    def unpack(self, packed: bytes | bytearray) -> T:
        """What was packed. Raises WireError, and nothing else, whatever the bytes are."""
        if len(packed) > self.limit:
            raise WireError("larger than a message may be")
        try:
            raw = msgpack.unpackb(
                packed,
                strict_map_key=True,
                object_pairs_hook=_map,
                max_array_len=min(len(packed), MOST_SHARES),
                max_map_len=min(len(packed), 100),
                max_ext_len=0,
            )
        except WireError:
            raise
        except Exception:  # ValueError in a dozen kinds, and whatever else a parser may think of
            raise WireError("not a message") from None
        if type(raw) is not list or len(raw) != 2 or type(raw[0]) is not int or raw[0] != VERSION:
            raise WireError("not a message of this version")
        return self._content.read(raw[1])


def _map(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or not all(type(key) is str for key in found):
        raise WireError("a map with wrong or repeated names")
    return found


def _exactly[T](kind: type[T], fits: Callable[[T], bool], what: str) -> _As[T]:
    def read(raw: Any) -> T:
        if type(raw) is not kind or not fits(raw):
            raise WireError(f"not {what}")
        return raw

    return _As(read)


def _bytes(least: int, most: int) -> _As[bytes]:
    return _exactly(bytes, lambda raw: least <= len(raw) <= most, f"{least} to {most} bytes")


def _text(pattern: re.Pattern[str], what: str) -> _As[str]:
    return _exactly(str, lambda raw: pattern.fullmatch(raw) is not None, what)


def _number(least: int, most: int = _NUMBER) -> _As[int]:
    return _exactly(int, lambda raw: least <= raw <= most, "a number within bounds")


def _list[T](item: _As[T], least: int, most: int) -> _As[list[T]]:
    def read(raw: Any) -> list[T]:
        if type(raw) is not list or not least <= len(raw) <= most:
            raise WireError("not a list within bounds")
        return [item.read(one) for one in raw]

    return _As(read, lambda values: [item.write(value) for value in values])


def _tuple[T](item: _As[T], least: int, most: int) -> _As[tuple[T, ...]]:
    inner = _list(item, least, most)
    return _As(lambda raw: tuple(inner.read(raw)), lambda values: inner.write(list(values)))


def _optional[T](inner: _As[T]) -> _As[T | None]:
    return _As(
        lambda raw: None if raw is None else inner.read(raw),
        lambda value: None if value is None else inner.write(value),
    )


def _record[T](
    make: Callable[..., T], coherent: Callable[[T], bool] = lambda value: True, **fields: _As[Any]
) -> _As[T]:
    def read(raw: Any) -> T:
        if type(raw) is not dict or raw.keys() != fields.keys():
            raise WireError("not the fields of this record")
        made = make(**{name: as_.read(raw[name]) for name, as_ in fields.items()})
        if not coherent(made):
            raise WireError("a record that contradicts itself")
        return made

    return _As(read, lambda value: {name: as_.write(getattr(value, name)) for name, as_ in fields.items()})


def _read_kind(raw: Any) -> Kind:
    if type(raw) is not str or raw not in _PART_KINDS:
        raise WireError("not the kind of a part")
    return Kind(raw)


def _read_hour(raw: Any) -> datetime:
    return _EPOCH + _number(0, _LAST_HOUR).read(raw) * _HOUR


def _write_hour(moment: datetime) -> int:
    hours, rest = divmod(moment - _EPOCH, _HOUR)
    if rest:
        raise WireError("not a whole hour")
    return hours


def _part_fits(part: SealedPart) -> bool:
    original = part.kind is Kind.ORIGINAL
    return (
        bool(part.sealed_key) != original
        and (original or (not part.clean_id and not part.shares))
        and all(share.part_id == part.id and share.first_id != share.second_id for share in part.shares)
    )


def _tip_fits(tip: SealedTip) -> bool:
    """Its parts are its own and different, and shares are of its originals, and in the tip, not in its parts."""
    ids = {part.id for part in tip.parts}
    positions = {part.position for part in tip.parts}
    originals = {part.id for part in tip.parts if part.kind is Kind.ORIGINAL}
    return (
        all(part.tip_id == tip.id and part.clean_id in ids | {""} and not part.shares for part in tip.parts)
        and len(ids) == len(positions) == len(tip.parts)
        and all(share.part_id in originals and share.first_id != share.second_id for share in tip.shares)
    )


_PART_KINDS = frozenset(kind.value for kind in Kind if kind not in (Kind.MESSAGE, Kind.REASON))
_BOOL = _exactly(bool, lambda raw: True, "yes or no")
_ID_TEXT = _text(_ID, "an id")
_KEY = _bytes(KEY_BYTES, KEY_BYTES)
_OFFICER = _number(1)
_HOURS = _As(_read_hour, _write_hour)

_RECIPIENT = _record(Recipient, officer_id=_OFFICER, public_key=_KEY)
_GRANT = _record(
    SealedGrant,
    officer_id=_OFFICER,
    sealed_key=_exactly(bytes, lambda raw: len(raw) in (_SEALED_KEY, _SEALED_KEY + KEY_BYTES), "a sealed key"),
)
_SHARE = _record(
    SealedShare,
    part_id=_ID_TEXT,
    first_id=_OFFICER,
    second_id=_OFFICER,
    sealed=_bytes(_SEALED_KEY + _BOX, _SEALED_KEY + _BOX),
)
_PART = _record(
    SealedPart,
    _part_fits,
    id=_ID_TEXT,
    tip_id=_ID_TEXT,
    kind=_As(_read_kind, lambda kind: kind.value),
    position=_number(0),
    sealed_key=_exactly(bytes, lambda raw: len(raw) in (0, _SEALED_KEY), "a sealed key"),
    body=_bytes(1, TIP_LIMIT),
    clean_id=_text(re.compile(f"{_ID.pattern}|"), "an id or nothing"),
    shares=_tuple(_SHARE, 0, MOST_SHARES),
)
_TIP = _record(
    SealedTip,
    _tip_fits,
    id=_ID_TEXT,
    danger=_BOOL,
    lookup=_KEY,
    reply_key=_KEY,
    tip_key=_KEY,
    grants=_tuple(_GRANT, 1, MOST_RECIPIENTS),
    parts=_tuple(_PART, 1, MOST_PARTS),
    lane=_text(_LANE, "the name of a lane"),
    shares=_tuple(_SHARE, 0, MOST_SHARES),
)
_MESSAGE = _record(
    SealedMessage,
    id=_ID_TEXT,
    tip_id=_ID_TEXT,
    sent_hour=_HOURS,
    key_for_citizen=_bytes(_SEALED_KEY, _SEALED_KEY),
    body=_bytes(1, ANSWERS_LIMIT),
)
_ADDRESS = _record(
    TipAddress,
    tip_id=_ID_TEXT,
    tip_key=_KEY,
    next_position=_number(0),
    officers=_tuple(_RECIPIENT, 0, MOST_RECIPIENTS),
)

TIP: Shape[SealedTip] = Shape(_TIP, TIP_LIMIT)
ADDITION: Shape[Addition] = Shape(_record(Addition, part=_PART, danger=_BOOL), PART_LIMIT)
LOOKUP: Shape[bytes] = Shape(_KEY, SMALL_LIMIT)
LOOKUPS: Shape[list[bytes]] = Shape(_list(_KEY, 0, MOST_LOOKUPS), SMALL_LIMIT)
RECIPIENTS: Shape[list[Recipient]] = Shape(_list(_RECIPIENT, 1, MOST_RECIPIENTS), SMALL_LIMIT)
ADDRESS: Shape[TipAddress | None] = Shape(_optional(_ADDRESS), SMALL_LIMIT)
MESSAGES: Shape[list[SealedMessage]] = Shape(_list(_MESSAGE, 0, MOST_MESSAGES), ANSWERS_LIMIT)
COUNTS: Shape[list[int]] = Shape(_list(_number(0), 0, MOST_LOOKUPS), SMALL_LIMIT)
DONE: Shape[bool] = Shape(_exactly(bool, lambda raw: raw, "a yes"), SMALL_LIMIT)
FAULT: Shape[Fault] = Shape(_record(Fault, value=_exactly(str, lambda raw: raw in set(Fault), "a fault")), SMALL_LIMIT)


def lookups_in_turn(lookups: Sequence[bytes]) -> list[list[bytes]]:
    """Cut into as many messages as it takes."""
    return [list(lookups[start : start + MOST_LOOKUPS]) for start in range(0, len(lookups), MOST_LOOKUPS)]
