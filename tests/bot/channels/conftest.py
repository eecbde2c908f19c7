"""What the tests of the channels share: a doorstep, and the platforms on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.fake_telegram import FakeTelegram
from tests.kit.fake_zalo import FakeZalo
from tests.kit.memory import Doorstep, MemoryTalk


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Doorstep]:
    """A conversation in memory, admission on a store of its own, words."""
    with Doorstep(tmp_path) as door:
        yield door


@pytest.fixture
def talk(door: Doorstep) -> MemoryTalk:
    """The conversation of `door`."""
    return door.talk


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """Telegram's server."""
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    """Zalo's server."""
    with FakeZalo() as fake:
        yield fake
