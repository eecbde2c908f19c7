"""Drafts: sealed, bound to one person, gone after a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from db.citizen import TipDraft, TipDraftPhoto
from db.keys import KeyRing
from tests.tips.kit import ANNA, BINH, House
from tips.citizen.drafts import KEPT_FOR, Draft, Drafts, Step


def rows(house: House) -> tuple[int, int]:
    with house.citizen_store.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (TipDraft, TipDraftPhoto)]
    return counts[0], counts[1]


def test_a_draft_comes_back_as_it_was(house: House) -> None:
    draft = house.drafts.start(ANNA)
    draft.answers[Step.WHAT] = "Chuyện"
    draft.step, draft.danger, draft.editing, draft.leaving = Step.WHO, True, True, True
    house.drafts.save(ANNA, draft)
    house.drafts.add_photo(ANNA, b"one")
    house.drafts.add_photo(ANNA, b"two")
    assert house.drafts.load(ANNA) == draft
    assert house.drafts.photos(ANNA) == [b"one", b"two"]
    assert house.drafts.count_photos(ANNA) == 2
    assert house.drafts.load(BINH) is None and house.drafts.photos(BINH) == []


def test_the_end_is_kept_in_whole_ten_minutes(house: House) -> None:
    for move in ({"seconds": 0}, {"minutes": 9, "seconds": 27}, {"seconds": 0, "microseconds": 1}):
        house.clock.move(**move)
        house.drafts.save(ANNA, house.drafts.start(ANNA))
        with house.citizen_store.read() as session:
            end = session.scalars(select(TipDraft.expires_at)).one()
        assert end.timestamp() % 600 == 0
        assert timedelta(0) <= end - house.clock() - KEPT_FOR < timedelta(minutes=10)


def test_24_hours_after_the_last_word_it_is_gone(house: House) -> None:
    draft = house.drafts.start(ANNA)
    house.clock.move(hours=23)
    house.drafts.save(ANNA, draft)
    house.drafts.add_photo(ANNA, b"one")
    house.clock.move(hours=23, minutes=59)
    assert house.drafts.load(ANNA) is not None
    assert house.drafts.purge(house.clock()) == 0
    house.clock.move(minutes=11)  # the end is rounded up to ten minutes
    assert house.drafts.load(ANNA) is None
    assert rows(house) == (1, 1)
    assert house.drafts.purge(house.clock()) == 1
    assert rows(house) == (0, 0)


def test_starting_again_takes_nothing_over(house: House) -> None:
    house.drafts.start(ANNA)
    house.drafts.add_photo(ANNA, b"one")
    assert house.drafts.start(ANNA) == Draft()
    assert house.drafts.photos(ANNA) == []


def test_dropping_takes_the_photos_along(house: House) -> None:
    draft = house.drafts.start(ANNA)
    house.drafts.add_photo(ANNA, b"one")
    house.drafts.drop(ANNA)
    assert rows(house) == (0, 0)
    house.drafts.save(ANNA, draft)  # too late: nothing comes back
    assert rows(house) == (0, 0)


def test_a_draft_opens_neither_for_another_person_nor_under_another_key(house: House) -> None:
    house.drafts.start(ANNA)
    with house.citizen_store.begin() as session:
        session.execute(update(TipDraft).values(ref=BINH))
    assert house.drafts.load(BINH) is None
    house.drafts.start(ANNA)
    assert Drafts(house.citizen_store, KeyRing(b"n" * 32), house.clock).load(ANNA) is None


def test_lengths_of_short_drafts_are_alike(house: House) -> None:
    sizes = set()
    for length in (0, 10, 100, 200):
        draft = house.drafts.start(ANNA)
        draft.answers[Step.WHAT] = "x" * length
        house.drafts.save(ANNA, draft)
        with house.citizen_store.read() as session:
            sizes.add(len(session.scalars(select(TipDraft.sealed)).one()))
    assert len(sizes) == 1
