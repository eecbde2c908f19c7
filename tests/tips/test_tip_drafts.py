"""Drafts: sealed, bound to one person, gone after a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from db.citizen import TipDraft, TipDraftFile
from db.keys import KeyRing
from tests.tips.kit import ANNA, BINH, House
from tips.citizen.drafts import KEPT_FOR, SENT_FOR, Draft, Drafts, Step, Weight
from tips.citizen.steps import Sending


def rows(house: House) -> tuple[int, int]:
    with house.citizen_store.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (TipDraft, TipDraftFile)]
    return counts[0], counts[1]


def test_a_draft_comes_back_as_it_was(house: House) -> None:
    draft = house.drafts.start(ANNA)
    draft.answers[Step.WHAT] = "Chuyện"
    draft.step, draft.danger, draft.editing, draft.leaving = Step.WHO, True, True, True
    draft.alarm(True, "bị nhốt")
    draft.sending = Sending.new()
    draft.sending.take(draft.answers, [1, 2])
    house.drafts.save(ANNA, draft)
    house.drafts.add_file(ANNA, draft, b"one", b"one as it came")
    house.drafts.add_file(ANNA, draft, b"two", None)
    assert house.drafts.load(ANNA) == draft
    told = [(file.content, file.original) for file in house.drafts.files(ANNA)]
    assert told == [(b"one", b"one as it came"), (b"two", None)]
    weight = house.drafts.weigh(ANNA)
    assert (weight.files, weight.cards, weight.count) == (1, 1, 2) and 512 <= weight.size < 600
    assert house.drafts.load(BINH) is None and house.drafts.files(BINH) == []


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
    house.drafts.add_file(ANNA, draft, b"one", b"original")
    house.clock.move(hours=23, minutes=59)
    assert house.drafts.load(ANNA) is not None
    assert house.drafts.purge(house.clock()) == 0
    house.clock.move(minutes=11)  # the end is rounded up to ten minutes
    assert house.drafts.load(ANNA) is None
    assert rows(house) == (1, 1)
    assert house.drafts.purge(house.clock()) == 1
    assert rows(house) == (0, 0)


def test_starting_again_takes_nothing_over(house: House) -> None:
    draft = house.drafts.start(ANNA)
    house.drafts.add_file(ANNA, draft, b"one", b"original")
    assert house.drafts.start(ANNA) == Draft()
    assert house.drafts.files(ANNA) == [] and house.drafts.weigh(ANNA) == Weight(0, 0, 0)


def test_dropping_takes_the_files_along(house: House) -> None:
    draft = house.drafts.start(ANNA)
    house.drafts.add_file(ANNA, draft, b"one", b"original")
    house.drafts.drop(ANNA)
    assert rows(house) == (0, 0)
    house.drafts.save(ANNA, draft)  # too late: nothing comes back
    house.drafts.add_file(ANNA, draft, b"one", b"original")
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


def test_of_a_tip_that_was_sent_only_the_code_stays_and_for_15_minutes(house: House) -> None:
    draft = house.drafts.start(ANNA)
    draft.answers[Step.WHAT] = "Chuyện"
    draft.sending = Sending("123456789012345678", "f" * 32, "ab" * 32, "lane", {Step.WHAT: "x"}, [1])
    house.drafts.save(ANNA, draft)
    house.drafts.add_file(ANNA, draft, b"one", b"original")
    house.drafts.mark_sent(ANNA, draft.sending)
    left = house.drafts.load(ANNA)
    assert left and left.is_sent and left.answers == {} and rows(house) == (1, 0)
    assert left.sending == Sending("123456789012345678", "", "ab" * 32)
    house.clock.move(seconds=SENT_FOR.total_seconds() - 1)
    assert house.drafts.load(ANNA)
    house.clock.move(seconds=1)
    assert house.drafts.load(ANNA) is None
    house.clock.move(minutes=10)  # the row's own end is rounded up
    assert house.drafts.purge(house.clock()) == 1 and rows(house) == (0, 0)
    house.drafts.mark_sent(ANNA, draft.sending)  # too late: nothing comes back
    assert rows(house) == (0, 0)


def test_a_draft_under_another_name_is_sealed_anew(house: House) -> None:
    draft = house.drafts.start(ANNA)
    draft.answers[Step.WHAT] = "Chuyện"
    house.drafts.save(ANNA, draft)
    house.drafts.add_file(ANNA, draft, b"one", b"original")
    house.drafts.add_file(ANNA, draft, b"two", None)
    told = house.drafts.files(ANNA)
    with house.citizen_store.begin() as session:
        session.add(TipDraft(ref=BINH, sealed=b"", expires_at=house.clock()))
        session.flush()
        session.execute(update(TipDraftFile).values(ref=BINH))
        sealed = session.scalar(select(TipDraft.sealed).where(TipDraft.ref == ANNA))
        end = session.scalar(select(TipDraft.expires_at).where(TipDraft.ref == ANNA))
        session.execute(update(TipDraft).where(TipDraft.ref == BINH).values(sealed=sealed, expires_at=end))
        session.execute(delete(TipDraft).where(TipDraft.ref == ANNA))
        house.drafts.reseal(session, ANNA, BINH)
        house.drafts.reseal(session, ANNA, BINH)  # what does not open under the old name stays as it is
    assert house.drafts.load(BINH) == draft
    assert house.drafts.files(BINH) == told
    assert house.drafts.load(ANNA) is None and house.drafts.files(ANNA) == []
