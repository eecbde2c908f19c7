"""What goes over the wire comes out as it went in; anything else is refused, and only in one way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tips import wire
from tips.dropbox import Recipient, SealedGrant, SealedMessage, SealedPart, SealedShare, SealedTip, TipAddress
from tips.envelope import Kind
from tips.wire import Addition, Fault, Shape, WireError

ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
keys = st.binary(min_size=32, max_size=32)
sealed_keys = st.binary(min_size=80, max_size=80)
officers = st.integers(1, 2**31 - 1)
bodies = st.binary(min_size=1, max_size=300)
recipients = st.builds(Recipient, officers, keys)
grants = st.builds(SealedGrant, officers, sealed_keys)
addresses = st.builds(TipAddress, ids, keys, st.integers(0, 2**31 - 1), st.lists(recipients, max_size=3).map(tuple))
messages = st.builds(
    SealedMessage,
    ids,
    ids,
    st.integers(0, 10**6).map(lambda hours: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    sealed_keys,
    bodies,
)


@st.composite
def tips(draw: st.DrawFn) -> SealedTip:
    tip_id = draw(ids)
    part_ids = draw(st.lists(ids, min_size=1, max_size=6, unique=True))
    kinds = [
        draw(st.sampled_from([kind for kind in Kind if kind not in (Kind.MESSAGE, Kind.REASON)])) for _ in part_ids
    ]
    parts = tuple(
        SealedPart(
            part_id,
            tip_id,
            kind,
            position,
            b"" if kind is Kind.ORIGINAL else draw(sealed_keys),
            draw(bodies),
            draw(st.sampled_from(["", part_ids[0]])) if kind is Kind.ORIGINAL else "",
        )
        for position, (part_id, kind) in enumerate(zip(part_ids, kinds, strict=True))
    )
    shares = tuple(
        SealedShare(part.id, first, second, draw(st.binary(min_size=128, max_size=128)))
        for part in parts
        if part.kind is Kind.ORIGINAL
        for first, second in draw(st.lists(st.tuples(officers, officers).filter(lambda p: p[0] != p[1]), max_size=2))
    )
    return SealedTip(
        id=tip_id,
        danger=draw(st.booleans()),
        lookup=draw(keys),
        reply_key=draw(keys),
        tip_key=draw(keys),
        grants=tuple(draw(st.lists(grants, min_size=1, max_size=3))),
        parts=parts,
        lane=draw(st.sampled_from(["", "flood", "same-text"])),
        shares=shares,
    )


def added(tip: SealedTip) -> SealedPart:
    """The tip's last part, as it is when it comes later."""
    last = tip.parts[-1]
    return dataclasses.replace(last, shares=tuple(share for share in tip.shares if share.part_id == last.id))


additions = st.builds(Addition, tips().map(added), st.booleans())

EVERY: list[tuple[Shape[Any], st.SearchStrategy[Any]]] = [
    (wire.TIP, tips()),
    (wire.ADDITION, additions),
    (wire.LOOKUP, keys),
    (wire.LOOKUPS, st.lists(keys, max_size=4)),
    (wire.RECIPIENTS, st.lists(recipients, min_size=1, max_size=4)),
    (wire.ADDRESS, st.none() | addresses),
    (wire.MESSAGES, st.lists(messages, max_size=4)),
    (wire.COUNTS, st.lists(st.integers(0, 2**31 - 1), max_size=4)),
    (wire.DONE, st.just(True)),
    (wire.FAULT, st.sampled_from(Fault)),
]
SHAPES = [shape for shape, _ in EVERY]
one_of_each = st.one_of(*(st.tuples(st.just(shape), values) for shape, values in EVERY))
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=40) | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
A_TIP = SealedTip(
    id="a" * 32,
    danger=False,
    lookup=b"l" * 32,
    reply_key=b"r" * 32,
    tip_key=b"t" * 32,
    grants=(SealedGrant(1, b"g" * 80), SealedGrant(2, b"g" * 80)),
    parts=(
        SealedPart("b" * 32, "a" * 32, Kind.REPORT, 0, b"k" * 80, b"body"),
        SealedPart("c" * 32, "a" * 32, Kind.FILE, 1, b"k" * 80, b"body"),
        SealedPart("d" * 32, "a" * 32, Kind.ORIGINAL, 2, b"", b"body", "c" * 32),
    ),
    lane="flood",
    shares=(SealedShare("d" * 32, 1, 2, b"s" * 128), SealedShare("d" * 32, 2, 1, b"s" * 128)),
)


@given(one_of_each)
def test_it_comes_out_as_it_went_in(given_: tuple[Shape[Any], Any]) -> None:
    shape, value = given_
    assert shape.unpack(shape.pack(value)) == value


@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_arbitrary_bytes(shape: Shape[Any], packed: bytes) -> None:
    refused(shape, packed)


@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
@given(anything)
def test_arbitrary_messages(shape: Shape[Any], content: Any) -> None:
    refused(shape, msgpack.packb(content))
    refused(shape, msgpack.packb([wire.VERSION, content]))


@given(one_of_each, st.data())
@settings(max_examples=300)
def test_a_message_that_was_bitten_or_cut(given_: tuple[Shape[Any], Any], data: st.DataObject) -> None:
    """Either it is refused, or it is another value of the same kind: never anything else."""
    shape, value = given_
    packed = bytearray(shape.pack(value))
    place = data.draw(st.integers(0, len(packed) - 1))
    refused(shape, bytes(packed[:place]))
    packed[place] ^= data.draw(st.integers(1, 255))
    try:
        other = shape.unpack(bytes(packed))
    except WireError as error:
        assert error.__cause__ is None
    else:
        assert shape.unpack(shape.pack(other)) == other


def refused(shape: Shape[Any], packed: bytes) -> None:
    """Refused, but for the few contents that are a message of this kind by chance."""
    try:
        value = shape.unpack(packed)
    except WireError:
        return
    assert shape.unpack(shape.pack(value)) == value


@pytest.mark.parametrize(
    "make",
    [SealedTip, SealedPart, SealedGrant, SealedShare, SealedMessage, TipAddress, Recipient],
    ids=lambda m: m.__name__,
)
def test_no_field_stays_behind(make: type[Any]) -> None:
    """A field that somebody adds to these types goes over the wire too, or this fails."""
    samples = {
        SealedTip: raw_tip(),
        SealedPart: raw_tip()["parts"][0],
        SealedGrant: raw_tip()["grants"][0],
        SealedShare: raw_tip()["shares"][0],
        SealedMessage: raw(
            wire.MESSAGES, [SealedMessage("a" * 32, "b" * 32, datetime(2026, 1, 1, tzinfo=UTC), b"k" * 80, b"b")]
        )[0],
        TipAddress: raw(wire.ADDRESS, TipAddress("a" * 32, b"k" * 32, 1)),
        Recipient: raw(wire.RECIPIENTS, [Recipient(1, b"k" * 32)])[0],
    }
    assert set(samples[make]) == {field.name for field in dataclasses.fields(make)}


def raw(shape: Shape[Any], value: Any) -> Any:
    return msgpack.unpackb(shape.pack(value))[1]


def raw_tip() -> dict[str, Any]:
    content: dict[str, Any] = raw(wire.TIP, A_TIP)
    return content


def change(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda tip: tip.update(fields)


def change_part(number: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda tip: tip["parts"][number].update(fields)


@pytest.mark.parametrize(
    "spoil",
    [
        change(more=1),
        lambda tip: tip.pop("lane"),
        change(id="A" * 32),
        change(id="a" * 31),
        change(id="a" * 32 + "\n"),
        change(id=b"a" * 32),
        change(danger=1),
        change(danger=None),
        change(lookup=b"l" * 31),
        change(lookup="l" * 32),
        change(grants=[]),
        change(parts=[]),
        change(parts={}),
        change(lane="Ai đó"),
        change(lane="a" * 17),
        change_part(0, tip_id="b" * 32),
        change_part(0, kind="message"),
        change_part(0, kind="spoken"),
        change_part(0, position=-1),
        change_part(0, position=True),
        change_part(0, position=1.0),
        change_part(0, position=2**31),
        change_part(0, position=1),
        change_part(0, id="c" * 32),
        change_part(0, sealed_key=b""),
        change_part(0, sealed_key=b"k" * 81),
        change_part(0, body=b""),
        change_part(0, body="body"),
        change_part(0, clean_id="c" * 32),
        change_part(2, sealed_key=b"k" * 80),
        change_part(2, clean_id="e" * 32),
        change_part(2, kind="file"),
        lambda tip: tip["parts"][2].update(shares=tip["shares"]),
        lambda tip: tip["shares"][0].update(part_id="c" * 32),
        lambda tip: tip["shares"][0].update(second_id=1),
        lambda tip: tip["shares"][0].update(sealed=b"s" * 127),
        lambda tip: tip["grants"][0].update(officer_id=0),
        lambda tip: tip["grants"][0].update(sealed_key=b"g" * 79),
    ],
)
def test_what_a_tip_must_not_be(spoil: Callable[[dict[str, Any]], None]) -> None:
    tip = raw_tip()
    assert wire.TIP.unpack(msgpack.packb([wire.VERSION, tip])) == A_TIP
    spoil(tip)
    with pytest.raises(WireError):
        wire.TIP.unpack(msgpack.packb([wire.VERSION, tip]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda part: part.update(kind="file", sealed_key=b"k" * 80, clean_id=""),
        lambda part: part["shares"][0].update(part_id="c" * 32),
        lambda part: part["shares"][0].update(second_id=1),
        lambda part: part.update(sealed_key=b"k" * 80),
    ],
)
def test_what_an_original_that_is_added_must_not_be(spoil: Callable[[dict[str, Any]], None]) -> None:
    original = dataclasses.replace(A_TIP.parts[2], shares=A_TIP.shares)
    content = raw(wire.ADDITION, Addition(original, False))
    assert wire.ADDITION.unpack(msgpack.packb([wire.VERSION, content])).part == original
    spoil(content["part"])
    with pytest.raises(WireError):
        wire.ADDITION.unpack(msgpack.packb([wire.VERSION, content]))


def test_another_version_and_more_behind_it() -> None:
    packed = wire.TIP.pack(A_TIP)
    for other in (msgpack.packb([2, raw_tip()]), msgpack.packb([True, raw_tip()]), packed + b"\x00"):
        with pytest.raises(WireError):
            wire.TIP.unpack(other)


def test_a_name_twice_in_a_map() -> None:
    twice = b"\x92\x01\x82\xa5value" + msgpack.packb("failed") + b"\xa5value" + msgpack.packb("failed")
    with pytest.raises(WireError):
        wire.FAULT.unpack(twice)


@pytest.mark.parametrize(
    "head", [b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xc9\xff\xff\xff\xff\x01"]
)
def test_lengths_that_promise_more_than_there_is(head: bytes) -> None:
    for packed in (head, b"\x92\x01" + head, b"\x91" * 100_000 + head):
        with pytest.raises(WireError):
            wire.TIP.unpack(packed)


def test_bounds_of_sizes() -> None:
    big = SealedPart("b" * 32, "a" * 32, Kind.REPORT, 0, b"k" * 80, bytes(wire.PART_LIMIT))
    with pytest.raises(WireError):
        wire.ADDITION.pack(Addition(big, False))
    assert wire.TIP.unpack(wire.TIP.pack(dataclasses.replace(A_TIP, parts=(big,), shares=()))).parts == (big,)
    with pytest.raises(WireError):
        wire.LOOKUP.unpack(bytes(wire.SMALL_LIMIT + 1))


def test_what_could_not_be_read_is_not_packed() -> None:
    for wrong in (dataclasses.replace(A_TIP, grants=()), dataclasses.replace(A_TIP, lookup=b"")):
        with pytest.raises(WireError):
            wire.TIP.pack(wrong)
    minute = SealedMessage("a" * 32, "b" * 32, datetime(2026, 1, 1, 0, 1, tzinfo=UTC), b"k" * 80, b"b")
    with pytest.raises(WireError):
        wire.MESSAGES.pack([minute])


def test_errors_quote_nothing() -> None:
    with pytest.raises(WireError) as caught:
        wire.FAULT.unpack(msgpack.packb([1, {"value": "a word of somebody"}]))
    assert "somebody" not in str(caught.value)
