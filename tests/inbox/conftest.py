"""Fixtures of the inbox's tests: a house with one officer on duty, and that officer's browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inbox.kit import Browser
from tests.tips.kit import PASSWORD, House, make_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path)
    unit = made.officers.make_unit("Đội trực")
    made.officers.enrol("lan", "Trung tá Lan", unit, PASSWORD)
    yield made
    made.citizen_store.close()
    made.police_store.close()


@pytest.fixture
def stranger(house: House) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(house)


@pytest.fixture
def lan(house: House) -> Browser:
    """The browser of an officer who is signed in."""
    browser = Browser(house)
    assert browser.sign_in().status_code == 303
    return browser
