"""The contract bot, trained once a run, and an engine on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlu.rasa_engine import RasaEngine
from nlu.talk_memory import LocalMemory
from tests.kit.shared import shared
from tests.nlu.contract_kit import BOT, Actions, Trained


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    with shared(tmp_path_factory, "contract") as folder:
        return Trained(folder)


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
def memory() -> LocalMemory:
    return LocalMemory()


@pytest.fixture
def engine(contract: Trained, actions: Actions, memory: LocalMemory) -> RasaEngine:
    return RasaEngine(contract.model.path, actions.table, memory)


@pytest.fixture
def bot_files(tmp_path: Path) -> Path:
    """A copy of the contract bot's files, to be changed."""
    return Path(shutil.copytree(BOT, tmp_path / "bot"))
