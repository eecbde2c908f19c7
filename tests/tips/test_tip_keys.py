"""Keys: a grant opens for one officer and one tip, a code leads to the same keys for ever, and none shows itself."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

import pytest

from tests.tips.kit import CHEAP
from tests.tips.pieces import TIP, big, label
from tips.envelope import (
    CHUNK,
    Cost,
    EnvelopeError,
    KeyPair,
    Kind,
    derive,
    new_id,
    open_inner,
    open_original,
    open_piece,
    open_tip_key,
    peel,
    seal_key,
    seal_original,
    seal_part,
    seal_tip_key,
    unseal_key,
)


@dataclass(frozen=True)
class Officer:
    officer_id: int
    public_key: bytes


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
