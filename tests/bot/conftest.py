"""What the tests of the conversation share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from content.reply import Reply
from tests.bot.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    room.engine.answers |= {
        "báo tin": [{"do": "tip"}],
        "đố vui": [{"do": "quiz"}],
        "xoá hết": [{"do": "delete_data"}],
        "english please": [{"do": "language"}],
        "tôi có mã": [{"do": "code"}],
        "hả": [{"miss": ["ask_law"]}, Reply("chưa rõ").to_dict()],
    }
    yield room
    room.house.close()
