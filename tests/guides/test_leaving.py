"""Whoever wants to go is let go by every guide; who is only polite is not thrown out, and is no answer either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from content.library import Library
from db.keys import KeyRing
from db.migrate import Kind, upgrade
from db.stores import Store
from guides import leaving
from guides.back.guide import BackGuide
from guides.company.guide import CompanyGuide
from guides.company.importing import read_companies
from guides.company.register import Register
from guides.danger import DangerGuide
from guides.handover.guide import HandoverGuide
from guides.offer import OfferGuide
from guides.port import Guide
from guides.relative.guide import RelativeGuide

LIBRARY = Library.load()
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "content" / "companies" / "sample.csv"
KEPT: Mapping[str, dict[str, Any]] = {
    "danger": {"speak": "no", "where": "abroad", "country": "KH"},
    "back": {"where": "abroad", "country": "KH"},
    "offer": {"a": {}, "q": ["what"]},
    "relative": {"o": {}, "w": {}, "at": "looks"},
    "handover": {"want": ["loan"], "province": "Nghệ An", "commune": ""},
    "company": {"asks": True},
}
GOES = ("menu", "về menu", "thôi", "thôi ạ", "Thôi nhé!", "thoi de sau", "để sau", "tạm biệt", "bye", "thoát")


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Guide]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('leaving') / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    register = Register(store, lambda: NOW)
    register.replace(read_companies(SAMPLE, date(2026, 11, 1)).entries, "Bảng mẫu", date(2026, 11, 1), sample=True)

    def today() -> date:
        return NOW.date()

    return {
        "danger": DangerGuide(LIBRARY, today),
        "back": BackGuide(LIBRARY, today),
        "offer": OfferGuide(LIBRARY, today),
        "relative": RelativeGuide(LIBRARY, today),
        "handover": HandoverGuide(LIBRARY, store, KeyRing(b"k" * 32), lambda: NOW),
        "company": CompanyGuide(LIBRARY, register),
    }


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("said", GOES)
def test_every_guide_lets_go(guides: dict[str, Guide], name: str, said: str) -> None:
    step = guides[name].hear(KEPT[name], "vi", said)
    assert step is not None
    assert step.kept is None
    assert not step.tip
    assert "say:help" in [button.payload for button in step.replies[-1].buttons]


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("said", ["cảm ơn", "cám ơn bạn", "xin chào"])
def test_a_polite_word_is_no_answer(guides: dict[str, Guide], name: str, said: str) -> None:
    assert guides[name].hear(KEPT[name], "vi", said) is None


@pytest.mark.parametrize("name", ["danger", "back"])
def test_the_numbers_of_the_country_stay(guides: dict[str, Guide], name: str) -> None:
    step = guides[name].hear(KEPT[name], "vi", "thôi")
    assert step is not None
    assert step.replies[0].calls[0].number == "+84981848484"


@pytest.mark.parametrize(
    "said", ["thôi việc ở quán đó rồi", "xem menu quán bar", "dừng xe ở cửa khẩu", "họ bảo để sau mới ký"]
)
def test_a_sentence_with_such_a_word_is_none(said: str) -> None:
    assert not leaving.leaves(LIBRARY, said)
