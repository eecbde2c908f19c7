"""What is kept of a wish, for how long, and that the store's bytes tell nobody how somebody is reached."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from db.citizen import Handover, Organiser
from db.keys import KeyRing
from db.stores import Store
from guides.handover import wishes as module
from guides.handover.wishes import KEPT, WAITS, Wish, Wishes, Withdrawn
from tests.guides.handover.conftest import GROUP
from tests.kit.canaries import Canaries, found

WISH = Wish(wants="Vay vốn", commune="", reach="0912 345 678", time="", agreed="…")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_stores_bytes_hold_nothing_of_what_was_told(talks, rows, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = Canaries()
    phone = canaries.phone("phone")
    canaries.planted |= {"phone as written": f"{phone[:4]} {phone[4:7]} {phone[7:]}", "E.164": f"+84{phone[1:]}"}
    commune, said, time = canaries.word("commune"), canaries.word("said"), canaries.word("time")
    person = talks()
    person.says(f"xin {said}", "Đồng Nai", commune, phone, time)
    for step in (person.step, person.says("đồng ý")):
        assert not found(canaries.planted, {"repr": repr(step).partition("replies=")[0].encode()})
    assert len(rows()) == 1
    content = bytes_of(tmp_path)
    assert any("citizen.db" in name for name in content)
    assert found(canaries.planted, content) == []
    assert found(canaries.planted, {"log": caplog.text.encode(), "rows": repr(rows()).encode()}) == []


def test_a_withdrawn_wish_leaves_no_bytes_behind(store: Store, wishes: Wishes, tmp_path: Path) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    with store.read() as session:
        sealed = session.query(Handover).one().sealed
    assert any(sealed[30:90] in content for content in bytes_of(tmp_path).values())
    assert wishes.withdraw(wish_id) is Withdrawn.UNREAD
    assert not any(sealed[30:90] in content for content in bytes_of(tmp_path).values())


def test_a_wish_is_not_in_a_repr_and_its_length_tells_nothing(wishes: Wishes, store: Store) -> None:
    assert "0912" not in repr(WISH)
    wishes.add("Đồng Nai", WISH)
    wishes.add("Đồng Nai", Wish("Vay vốn, Học nghề", "xã Bình An", "nhắn chị gái " * 5, "tối", "…" * 20))
    with store.read() as session:
        assert len({len(row.sealed) for row in session.query(Handover)}) == 1


def test_a_wish_opens_only_in_its_own_row_and_province(wishes: Wishes, store: Store) -> None:
    first, second = wishes.add("Đồng Nai", WISH), wishes.add("Lào Cai", WISH)
    for wish_id in (first, second):
        assert wishes.take(wish_id, 1)
    assert wishes.open(first, GROUP).wish == WISH
    with store.begin() as session:
        session.execute(update(Handover).where(Handover.id == first).values(province="Lào Cai"))
    assert wishes.open(first, GROUP).wish is None
    with store.begin() as session:
        sealed = session.get(Handover, first).sealed
        session.execute(update(Handover).where(Handover.id == second).values(sealed=sealed))
    assert wishes.open(second, GROUP).wish is None


def test_another_key_opens_nothing(store: Store, clock, wishes: Wishes) -> None:
    wish_id = wishes.add("Đồng Nai", WISH)
    wishes.take(wish_id, 1)
    assert Wishes(store, KeyRing(b"o" * 32), clock).open(wish_id, GROUP).wish is None


def test_the_first_who_takes_it_has_it(store: Store, wishes: Wishes, clock) -> None:
    with store.begin() as session:
        session.add(Organiser(login="other", group_name="Hội khác", password_hash="-", created_at=clock()))
    wish_id = wishes.add("Đồng Nai", WISH)
    assert wishes.open(wish_id, GROUP) is None
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: wishes.take(wish_id, n % 2 + 1), range(16)))
    assert taken.count(True) == 1
    winner = taken.index(True) % 2
    mine, theirs = (GROUP, "Hội khác") if winner == 0 else ("Hội khác", GROUP)
    assert wishes.open(wish_id, mine).wish == WISH
    assert wishes.open(wish_id, theirs) is None
    assert not wishes.done(wish_id, theirs)
    assert [each.group for each in wishes.listed()] == [mine]
    assert wishes.done(wish_id, mine)
    assert wishes.listed() == []


def test_kept_for_60_days_unread_and_30_days_taken(wishes: Wishes, clock, rows) -> None:
    unread, taken = wishes.add("Đồng Nai", WISH), wishes.add("Lào Cai", WISH)
    clock.time += timedelta(days=10)
    wishes.take(taken, 1)
    clock.time += KEPT - timedelta(days=1)
    assert wishes.purge() == 0
    clock.time += timedelta(days=1)
    assert wishes.get(taken) is None, "not shown on the day on which it goes"
    assert wishes.purge() == 1
    assert [row.id for row in rows()] == [unread]
    clock.time += WAITS - KEPT - timedelta(days=11)
    assert wishes.purge() == 0
    clock.time += timedelta(days=1)
    assert wishes.purge() == 1
    assert rows() == []


def test_days_are_vietnams(wishes: Wishes, clock, rows) -> None:
    clock.time = clock.time.replace(hour=18)  # 01:00 of the next day in Vietnam
    wishes.add("Đồng Nai", WISH)
    assert rows()[0].asked_on.isoformat() == "2026-11-25"


def test_the_list_has_the_untaken_first_and_can_be_of_one_province(wishes: Wishes, clock) -> None:
    old = wishes.add("Lào Cai", WISH)
    clock.time += timedelta(days=1)
    young = wishes.add("Đồng Nai", WISH)
    wishes.take(old, 1)
    assert [each.id for each in wishes.listed()] == [young, old]
    assert [each.id for each in wishes.listed("Lào Cai")] == [old]
    assert wishes.waiting() == {"Đồng Nai": 1}


def test_a_flood_is_refused(wishes: Wishes, talks, monkeypatch: pytest.MonkeyPatch, rows) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    assert wishes.add("Đồng Nai", WISH)
    assert wishes.add("Đồng Nai", WISH) == ""
    person = talks()
    person.says("vay vốn", "Đồng Nai", "bỏ qua", "0912345678", "bỏ qua")
    step = person.says("đồng ý")
    assert "không nhận thêm" in step.replies[-1].text and step.kept is None
    assert len(rows()) == 1
