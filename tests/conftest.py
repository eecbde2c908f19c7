"""Fixtures for all tests: the trained model (once a run) and a house on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lachan.house import House
from tests.kit.model import TrainedModel


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    return TrainedModel(tmp_path_factory.mktemp("trained"))


@pytest.fixture
def house(trained: TrainedModel, tmp_path: Path) -> Iterator[House]:
    house = trained.house(tmp_path / "data")
    yield house
    house.close()
