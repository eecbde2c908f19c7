"""Sealing: only the right key opens, only in the right place, and sizes tell little."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import nacl.exceptions
import nacl.utils
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tips.pieces import TIP, big, label
from tips.envelope import (
    BIG_BUCKET,
    BUCKETS,
    CHUNK,
    HEAD_BYTES,
    STREAM_VERSION,
    VERSION,
    EnvelopeError,
    KeyPair,
    Kind,
    Label,
    open_head,
    open_piece,
    pad,
    seal_message,
    seal_part,
    unpad,
)

slow = settings(deadline=None)
kinds = st.sampled_from(Kind)


names = st.text(max_size=40)
labels = st.builds(Label, names, names, kinds, st.integers(0, 2**31))


@slow
@given(st.binary(max_size=3000), labels)
def test_what_is_sealed_opens_again(content: bytes, where: Label) -> None:
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


@slow
@given(labels, labels, st.booleans())
def test_no_other_label_opens(mine: Label, other: Label, is_big: bool) -> None:
    content = bytes(CHUNK) if is_big else b"content"
    sealed_key, body = seal_part(content, mine, TIP.public)
    if other != mine:
        with pytest.raises(EnvelopeError):
            open_piece(sealed_key, body, other, TIP)
    assert open_piece(sealed_key, body, replace(mine), TIP) == content


@pytest.mark.parametrize("size", [3, CHUNK])
@pytest.mark.parametrize("field", ["tip_id", "piece_id", "kind", "position"])
def test_every_field_of_a_label_counts(size: int, field: str) -> None:
    where = Label("tip", "piece", Kind.FILE, 3)
    others = {"tip_id": "tiq", "piece_id": "piecf", "kind": Kind.ORIGINAL, "position": 4}
    sealed_key, body = seal_part(bytes(size), where, TIP.public)
    with pytest.raises(EnvelopeError):
        open_piece(sealed_key, body, replace(where, **{field: others[field]}), TIP)


def test_what_a_label_reads_is_fixed() -> None:
    """Whatever was sealed before has to open after a change of the program."""
    bound = Label("ab", "cde", Kind.FILE, 12).bound(2)
    assert bound == b"\0\x0alachan-tip\0\x012\0\x02ab\0\x03cde\0\x04file\0\x0212"
    assert Label("a", "b", Kind.FILE) == Label("a", "b", Kind.FILE, 0)
    assert Label("ấ", "", Kind.FILE).bound(1)[15:20] == b"\0\x03\xe1\xba\xa5"  # lengths are in bytes


@pytest.mark.parametrize(
    ("size", "version"),
    [
        (0, VERSION),
        (CHUNK - 1, VERSION),
        (CHUNK, STREAM_VERSION),
        (2 * CHUNK - 1, STREAM_VERSION),
        (2 * CHUNK, STREAM_VERSION),
        (7 * CHUNK + 5, STREAM_VERSION),
    ],
)
def test_more_than_64_kib_goes_as_a_stream(size: int, version: int) -> None:
    content, where = big(size), label(Kind.FILE)
    sealed_key, body = seal_part(content, where, TIP.public)
    assert body[0] == version
    assert len(body) == (
        1 + 24 + len(pad(content)) + 16 if version == VERSION else 1 + 24 + (size // CHUNK + 1) * (CHUNK + 17)
    )
    assert open_piece(sealed_key, body, where, TIP) == content


def chunks_of(body: bytes) -> list[bytes]:
    """Version and header, then the sealed chunks."""
    size = CHUNK + 17
    return [body[:25], *(body[at : at + size] for at in range(25, len(body), size))]


def test_chunks_left_out_moved_or_doubled_are_refused() -> None:
    where = label(Kind.FILE)
    sealed_key, body = seal_part(big(), where, TIP.public)
    header, *chunks = chunks_of(body)
    assert len(chunks) == 6
    others = [list(some) for n in range(len(chunks)) for some in itertools.combinations(chunks, n)]
    others += [list(order) for order in itertools.permutations(chunks) if list(order) != chunks]
    others += [[*chunks[:at], chunks[at], *chunks[at:]] for at in range(len(chunks))]
    others += [[*chunks, bytes(len(chunks[0]))], [*chunks, b"x"], [*chunks[:-1], chunks[-1][:-1]]]
    for other in [*others[:70], *others[70:-20:6], *others[-20:]]:
        with pytest.raises(EnvelopeError):
            open_piece(sealed_key, header + b"".join(other), where, TIP)


def test_no_cut_of_a_stream_opens() -> None:
    where = label(Kind.FILE)
    sealed_key, body = seal_part(big(), where, TIP.public)
    cuts = {0, 1, 2, 24, 25, 26, len(body) - 1, *(25 + n * (CHUNK + 17) for n in range(6))}
    cuts |= {random.Random(7).randrange(len(body)) for _ in range(20)}
    for cut in cuts:
        with pytest.raises(EnvelopeError):
            open_piece(sealed_key, body[:cut], where, TIP)


def test_no_flipped_bit_of_a_stream_opens() -> None:
    where = label(Kind.FILE)
    sealed_key, body = seal_part(big(), where, TIP.public)
    chance = random.Random(11)
    for at in [*range(40), *(chance.randrange(len(body)) for _ in range(60))]:
        flipped = bytearray(body)
        flipped[at] ^= 1 << chance.randrange(8)
        with pytest.raises(EnvelopeError):
            open_piece(sealed_key, bytes(flipped), where, TIP)


def test_chunks_of_two_streams_do_not_mix() -> None:
    where = label(Kind.FILE)
    sealed_key, body = seal_part(big(), where, TIP.public)
    _, other = seal_part(big(), where, TIP.public)
    mine, theirs = chunks_of(body), chunks_of(other)
    for at in range(len(mine)):
        with pytest.raises(EnvelopeError):
            open_piece(sealed_key, b"".join([*mine[:at], theirs[at], *mine[at + 1 :]]), where, TIP)


@pytest.mark.parametrize("size", [0, 100, CHUNK - 1, CHUNK, 5 * CHUNK + 1])
def test_the_head_opens_without_the_rest(size: int) -> None:
    content, where = big(size), label(Kind.FILE)
    sealed_key, body = seal_part(content, where, TIP.public)
    assert open_head(sealed_key, body[:HEAD_BYTES], where, TIP) == content[:CHUNK]
    assert open_head(sealed_key, body[: HEAD_BYTES + 9], where, TIP) == content[:CHUNK] or size < CHUNK
    for wrong in (replace(where, position=1), replace(where, kind=Kind.ORIGINAL)):
        with pytest.raises(EnvelopeError):
            open_head(sealed_key, body[:HEAD_BYTES], wrong, TIP)
    for cut in (0, 1, 25, min(len(body), HEAD_BYTES) - 1):
        with pytest.raises(EnvelopeError):
            open_head(sealed_key, body[:cut], where, TIP)
    with pytest.raises(EnvelopeError):
        open_head(sealed_key, body[:HEAD_BYTES], where, KeyPair.new())


def test_sealing_to_something_that_is_no_key_fails_loudly() -> None:
    with pytest.raises((ValueError, nacl.exceptions.CryptoError)):
        seal_part(b"x", label(), b"short")


def test_labels_cannot_be_shifted_into_each_other() -> None:
    assert Label("ab", "c", Kind.FILE).bound(1) != Label("a", "bc", Kind.FILE).bound(1)
    assert Label("a", "b", Kind.FILE).bound(1) != Label("a", "b", Kind.FILE).bound(2)


def test_another_version_does_not_open() -> None:
    where = label()
    sealed_key, body = seal_part(b"x", where, TIP.public)
    with pytest.raises(EnvelopeError):
        open_piece(sealed_key, b"\x02" + body[1:], where, TIP)
    for version in (b"\0", b"\x03", b"\xff"):
        with pytest.raises(EnvelopeError, match="another version"):
            open_piece(sealed_key, version + body[1:], where, TIP)


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


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(max_size=4000), min_size=100, max_size=100), st.randoms())
def test_a_hundred_random_texts_have_at_most_four_sizes(texts: list[str], chance: random.Random) -> None:
    texts = [text * chance.randrange(1, 8) for text in texts]
    assert len({len(pad(text.encode()[:32_000])) for text in texts}) <= 4


@pytest.mark.parametrize("padded", [b"", b"\0" * 512, b"x" * 512])
def test_broken_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(EnvelopeError):
        unpad(padded)
