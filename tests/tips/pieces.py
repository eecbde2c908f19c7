"""What the tests of sealing seal: pieces of a tip and their labels."""

from __future__ import annotations

import nacl.utils

from tips.envelope import CHUNK, KeyPair, Kind, Label, new_id

TIP = KeyPair.new()


def label(kind: Kind = Kind.REPORT) -> Label:
    return Label(new_id(), new_id(), kind)


def big(size: int = 5 * CHUNK) -> bytes:
    return nacl.utils.random(size)
