"""Sealing: only the right key opens, only in the right place, and sizes tell little."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tips.envelope import (
    BIG_BUCKET,
    BUCKETS,
    Cost,
    EnvelopeError,
    KeyPair,
    Kind,
    Label,
    derive,
    new_id,
    open_piece,
    open_tip_key,
    pad,
    seal_message,
    seal_part,
    seal_tip_key,
    unpad,
)

TIP = KeyPair.new()
CHEAP = Cost(memory_bytes=8192, passes=1)
slow = settings(deadline=None)
kinds = st.sampled_from(Kind)


def label(kind: Kind = Kind.REPORT) -> Label:
    return Label(new_id(), new_id(), kind)


@slow
@given(st.binary(max_size=3000), kinds)
def test_what_is_sealed_opens_again(content: bytes, kind: Kind) -> None:
    where = label(kind)
    sealed_key, body = seal_part(content, where, TIP.public)
    assert open_piece(sealed_key, body, where, TIP) == content


@slow
@given(st.binary(min_size=1, max_size=300), st.data())
def test_no_flipped_bit_opens(content: bytes, data: st.DataObject) -> None:
    where = label()
    sealed_key, body = seal_part(content, where, TIP.public)
    at = data.draw(st.integers(0, 8 * (len(sealed_key) + len(body)) - 1))
    both = bytearray(sealed_key + body)
    both[at // 8] ^= 1 << at % 8
    with pytest.raises(EnvelopeError):
        open_piece(bytes(both[: len(sealed_key)]), bytes(both[len(sealed_key) :]), where, TIP)


@slow
@given(st.binary(max_size=300), st.integers(0, 600))
def test_no_cut_body_opens(content: bytes, length: int) -> None:
    where = label()
    sealed_key, body = seal_part(content, where, TIP.public)
    with pytest.raises(EnvelopeError):
        open_piece(sealed_key, body[: min(length, len(body) - 1)], where, TIP)


@slow
@given(st.tuples(kinds, kinds), st.sampled_from(["tip", "piece", "kind", "key", "body"]))
def test_nothing_can_be_put_in_anothers_place(two: tuple[Kind, Kind], swap: str) -> None:
    mine, other = label(two[0]), label(two[1])
    sealed_key, body = seal_part(b"mine", mine, TIP.public)
    other_key, other_body = seal_part(b"other", other, TIP.public)
    tip_id = other.tip_id if swap == "tip" else mine.tip_id
    piece_id = other.piece_id if swap == "piece" else mine.piece_id
    kind = next(k for k in Kind if k is not mine.kind) if swap == "kind" else mine.kind
    with pytest.raises(EnvelopeError):
        open_piece(
            other_key if swap == "key" else sealed_key,
            other_body if swap == "body" else body,
            Label(tip_id, piece_id, kind),
            TIP,
        )


def test_labels_cannot_be_shifted_into_each_other() -> None:
    assert Label("ab", "c", Kind.PHOTO).bound(1) != Label("a", "bc", Kind.PHOTO).bound(1)
    assert Label("a", "b", Kind.PHOTO).bound(1) != Label("a", "b", Kind.PHOTO).bound(2)


def test_another_version_does_not_open() -> None:
    where = label()
    sealed_key, body = seal_part(b"x", where, TIP.public)
    with pytest.raises(EnvelopeError):
        open_piece(sealed_key, b"\x02" + body[1:], where, TIP)


def test_another_key_opens_nothing() -> None:
    where = label()
    sealed_key, body = seal_part(b"x", where, TIP.public)
    with pytest.raises(EnvelopeError):
        open_piece(sealed_key, body, where, KeyPair.new())


def test_the_same_content_is_never_sealed_the_same_way() -> None:
    where = label()
    assert len({seal_part(b"x", where, TIP.public) for _ in range(50)}) == 50


@slow
@given(st.binary(max_size=200))
def test_an_answer_opens_for_the_citizen_and_for_the_officers(content: bytes) -> None:
    reply, where = KeyPair.new(), label(Kind.MESSAGE)
    for_citizen, for_tip, body = seal_message(content, where, reply.public, TIP.public)
    assert open_piece(for_citizen, body, where, reply) == content
    assert open_piece(for_tip, body, where, TIP) == content
    with pytest.raises(EnvelopeError):
        open_piece(for_citizen, body, where, TIP)


def test_a_grant_is_80_bytes_and_opens_for_one_officer_and_one_tip() -> None:
    officer, other_tip = KeyPair.new(), KeyPair.new()
    grant = seal_tip_key(TIP, officer.public)
    assert len(grant) == 80
    assert open_tip_key(grant, officer, TIP.public) == TIP
    for wrong_officer, wrong_tip in ((KeyPair.new(), TIP.public), (officer, other_tip.public)):
        with pytest.raises(EnvelopeError):
            open_tip_key(grant, wrong_officer, wrong_tip)


@slow
@given(st.binary(max_size=2 * BIG_BUCKET))
def test_padding_comes_off_again(content: bytes) -> None:
    assert unpad(pad(content)) == content


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 2047, 2048, 8191, 8192, 32767, 32768, 65535, 65536, 200_000])
def test_padded_sizes_are_few(length: int) -> None:
    padded = len(pad(b"x" * length))
    assert padded > length
    assert padded in BUCKETS or (padded % BIG_BUCKET == 0 and padded - length <= BIG_BUCKET)
    assert unpad(pad(b"\x80" * length)) == b"\x80" * length


def test_a_hundred_reports_have_at_most_four_sizes() -> None:
    bodies = {len(seal_part(b"x" * (length * 320), label(), TIP.public)[1]) for length in range(100)}
    assert len(bodies) == 4


@pytest.mark.parametrize("padded", [b"", b"\0" * 512, b"x" * 512])
def test_broken_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(EnvelopeError):
        unpad(padded)


def test_a_private_key_of_another_length_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        KeyPair.of(b"short")


def test_a_code_leads_to_the_same_keys_every_time_and_only_with_the_pepper() -> None:
    keys = derive("0" * 18, b"p" * 32, CHEAP)
    assert keys == derive("0" * 18, b"p" * 32, CHEAP)
    assert len(keys.lookup) == 32 and keys.reply == KeyPair.of(keys.reply.private)
    others = [
        derive("1" + "0" * 17, b"p" * 32, CHEAP),
        derive("0" * 18, b"q" * 32, CHEAP),
        derive("0" * 18, b"p" * 32, Cost(memory_bytes=8192, passes=2)),
    ]
    assert len({keys.lookup, *(other.lookup for other in others)}) == 4
    assert keys.lookup not in (keys.reply.private, keys.reply.public)


def test_the_real_cost_is_64_mib_and_three_passes() -> None:
    assert Cost() == Cost(memory_bytes=64 * 1024 * 1024, passes=3)
    assert derive("0" * 18, b"p" * 32, Cost()).lookup


def test_no_private_key_shows_in_a_repr() -> None:
    keys = derive("0" * 18, b"p" * 32, CHEAP)
    assert repr(keys.reply.private) not in repr(keys) and repr(keys.lookup) not in repr(keys)
