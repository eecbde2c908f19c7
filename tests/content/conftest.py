"""A copy of the content for each test that changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content import kit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return kit.copy(tmp_path)
