"""The organisers' pages on a real store, with two groups, and a browser signed in for the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest

from content.library import Library
from organiser import accounts
from tests.organiser.room import LOGIN, OTHER_LOGIN, PASSWORD, Browser
from tests.quiz.kit import World


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real Argon2, with little memory: one test looks at the real parameters."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_HASHER", cheap)
    monkeypatch.setattr(accounts, "_NOBODY", cheap.hash("nobody at all"))


@pytest.fixture
def world(tmp_path: Path, library: Library) -> Iterator[World]:
    made = World(tmp_path, library)
    made.organiser = accounts.create_organiser(made.store, LOGIN, "Hội Phụ nữ xã Đại Phước", PASSWORD).id
    accounts.create_organiser(made.store, OTHER_LOGIN, "Hội Phụ nữ phường An Phú", PASSWORD)
    yield made
    made.store.close()


@pytest.fixture
def stranger(world: World) -> Browser:
    return Browser(world)


@pytest.fixture
def browser(world: World) -> Browser:
    made = Browser(world)
    made.sign_in()
    return made
