"""Sealing: only the right key opens, only in the right place, and sizes tell little."""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import dataclass, replace

import nacl.exceptions
import nacl.utils
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tips.envelope import (
    BIG_BUCKET,
    BUCKETS,
    CHUNK,
    HEAD_BYTES,
    STREAM_VERSION,
    VERSION,
    Cost,
    EnvelopeError,
    KeyPair,
    Kind,
    Label,
    derive,
    new_id,
    open_head,
    open_inner,
    open_original,
    open_piece,
    open_tip_key,
    pad,
    peel,
    seal_key,
    seal_message,
    seal_original,
    seal_part,
    seal_tip_key,
    unpad,
    unseal_key,
)

TIP = KeyPair.new()
CHEAP = Cost(memory_bytes=8192, passes=1)
slow = settings(deadline=None)
kinds = st.sampled_from(Kind)


names = st.text(max_size=40)
labels = st.builds(Label, names, names, kinds, st.integers(0, 2**31))


def label(kind: Kind = Kind.REPORT) -> Label:
    return Label(new_id(), new_id(), kind)


def big(size: int = 5 * CHUNK) -> bytes:
    return nacl.utils.random(size)


@dataclass(frozen=True)
class Officer:
    officer_id: int
    public_key: bytes


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


@pytest.mark.parametrize("size", [20, 3 * CHUNK])
def test_an_original_opens_for_two_in_order_and_for_nobody_else(size: int) -> None:
    content, where = big(size), label(Kind.ORIGINAL)
    pairs = {number: KeyPair.new() for number in (4, 9, 11)}
    body, shares = seal_original(content, where, [Officer(n, pair.public) for n, pair in pairs.items()])
    assert [(s.first_id, s.second_id) for s in shares] == list(itertools.permutations(pairs, 2))
    assert {s.part_id for s in shares} == {where.piece_id} and {len(s.sealed) for s in shares} == {128}
    for share in shares:
        for first, second in itertools.product(pairs, repeat=2):
            if (first, second) == (share.first_id, share.second_id):
                key = open_inner(peel(share.sealed, pairs[first]), pairs[second])
                assert open_original(body, where, key) == content
                with pytest.raises(EnvelopeError):
                    open_original(body, replace(where, position=9), key)
            else:
                with pytest.raises(EnvelopeError):
                    open_inner(peel(share.sealed, pairs[first]), pairs[second])
        assert repr(share.sealed) not in repr(share)
    with pytest.raises(EnvelopeError):
        open_original(body, where, bytes(32))
    with pytest.raises(EnvelopeError):
        open_original(body, where, b"short")


@pytest.mark.parametrize("count", [0, 1])
def test_without_a_second_recipient_there_are_no_shares(count: int) -> None:
    officers = [Officer(1, KeyPair.new().public)] * count
    assert seal_original(b"x", label(Kind.ORIGINAL), officers)[1] == ()
    same = [Officer(1, KeyPair.new().public), Officer(1, KeyPair.new().public)]
    assert seal_original(b"x", label(Kind.ORIGINAL), same)[1] == ()  # one officer twice is no pair


def test_a_content_key_can_be_sealed_to_somebody_else() -> None:
    where, other = label(), KeyPair.new()
    sealed_key, body = seal_part(b"x", where, TIP.public)
    anew = seal_key(unseal_key(sealed_key, TIP), other.public)
    assert len(anew) == 80 and open_piece(anew, body, where, other) == b"x"
    with pytest.raises(EnvelopeError):
        unseal_key(anew, TIP)


def test_a_grant_is_no_content_key() -> None:
    grant = seal_tip_key(TIP, TIP.public, KeyPair.new().public)
    with pytest.raises(EnvelopeError, match="no key is in there"):
        unseal_key(grant, TIP)


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


def test_a_grant_is_80_bytes_and_opens_for_one_officer_and_one_tip() -> None:
    officer, other_tip = KeyPair.new(), KeyPair.new()
    grant = seal_tip_key(TIP, officer.public)
    assert len(grant) == 80
    assert open_tip_key(grant, officer, TIP.public) == TIP
    for wrong_officer, wrong_tip in ((KeyPair.new(), TIP.public), (officer, other_tip.public)):
        with pytest.raises(EnvelopeError):
            open_tip_key(grant, wrong_officer, wrong_tip)


def test_a_grant_vouches_for_the_key_of_the_answers() -> None:
    officer, reply = KeyPair.new(), KeyPair.new().public
    grant = seal_tip_key(TIP, officer.public, reply)
    assert len(grant) == 112
    assert open_tip_key(grant, officer, TIP.public, reply) == TIP
    assert open_tip_key(grant, officer, TIP.public) == TIP
    with pytest.raises(EnvelopeError):
        open_tip_key(grant, officer, TIP.public, KeyPair.new().public)
    with pytest.raises(EnvelopeError):
        open_tip_key(grant, officer, TIP.public, b"")
    plain = seal_tip_key(TIP, officer.public)  # of a tip from before
    assert open_tip_key(plain, officer, TIP.public, reply) == TIP


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


def test_a_code_given_out_once_leads_to_the_same_tip_for_ever() -> None:
    """A change of the program that moves this value takes their tips from all who hold a code."""
    keys = derive("012345678901234567", b"p" * 32, CHEAP)
    assert keys.lookup.hex() == "1c86e5b1330d57acf1b8175ee08ed4a15cde73552c6c8644f0d7a5f77767eaa7"
    assert keys.reply.public.hex() == "4ac2d6c0eaaf054df3120ca38a9b9beb1fc5c13463829761a28907cb6af26e50"


def test_ids_are_random_and_short_enough_for_their_columns() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100 and all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


def test_a_private_key_of_another_length_is_refused_without_its_bytes() -> None:
    for wrong in (b"", b"short", bytes(33)):
        with pytest.raises(EnvelopeError, match="not a private key"):
            KeyPair.of(wrong)


def test_the_real_cost_is_64_mib_and_three_passes() -> None:
    assert Cost() == Cost(memory_bytes=64 * 1024 * 1024, passes=3)
    assert derive("0" * 18, b"p" * 32, Cost()).lookup


def test_no_private_key_shows_in_a_repr() -> None:
    keys = derive("0" * 18, b"p" * 32, CHEAP)
    assert repr(keys.reply.private) not in repr(keys) and repr(keys.lookup) not in repr(keys)
