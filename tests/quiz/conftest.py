"""The content once, and a world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from content.library import Library
from tests.quiz.kit import World


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture
def world(tmp_path: Path, library: Library) -> Iterator[World]:
    made = World(tmp_path, library)
    yield made
    made.store.close()
