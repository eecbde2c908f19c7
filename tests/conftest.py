"""Fixtures for all tests: the trained model (once a run) and a house on it; and where the tests' files lie."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from lachan.house import House
from tests.kit.content import parse_once
from tests.kit.model import TrainedModel
from tests.kit.shared import shared

IN_MEMORY, ENOUGH = Path("/dev/shm"), 2**31  # bytes


def pytest_configure() -> None:
    """Folders of tests are in memory where there is room: thousands of commits need not wait for a disk here."""
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    parse_once()
    settings.register_profile("lachan", deadline=None)  # no test asserts a time: other processes share the cores
    settings.load_profile("lachan")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    with shared(tmp_path_factory, "trained") as folder:
        return TrainedModel(folder)


@pytest.fixture
def house(trained: TrainedModel, tmp_path: Path) -> Iterator[House]:
    house = trained.house(tmp_path / "data")
    yield house
    house.close()
