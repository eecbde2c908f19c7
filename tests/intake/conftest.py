"""Certificates once a run; for each test a police machine that is up, with an officer on duty, and a bot machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lachan.certificates import Folders, make_certificates
from tests.intake.kit import HOST, BotMachine, Clock, PoliceMachine, add_officer, bot_machine, closing


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    return make_certificates(tmp_path_factory.mktemp("certificates"), [HOST, "police.example"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def police(tmp_path: Path, certificates: Folders, clock: Clock) -> Iterator[PoliceMachine]:
    with closing(PoliceMachine(tmp_path, certificates, clock).start()) as machine:
        add_officer(machine.store)
        yield machine


@pytest.fixture
def bot(tmp_path: Path, certificates: Folders, clock: Clock, police: PoliceMachine) -> Iterator[BotMachine]:
    with closing(bot_machine(tmp_path, police.url, certificates.bot, clock)) as machine:
        yield machine
