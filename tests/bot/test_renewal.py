"""A person who comes in a new period gets a new name, and goes on where they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, event, select, update
from sqlalchemy.orm import Session

from bot.renewal import Renewal, Reseal
from bot.talks import Talks
from content.library import Library
from db.citizen import Answer, Attempt, CitizenBase, LessonProgress, Talk, TipDraftFile
from db.keys import KeyRing
from db.pseudonyms import PERIOD, Pseudonyms
from tests.quiz.kit import World, text
from tips.citizen.drafts import Drafts, Step

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHANGE = EPOCH + PERIOD * 693  # a day in December 2026
ME, ANOTHER = ("telegram", "7001002003"), ("zalo", "7001002003")
STORY, PICTURES = "Chị hàng xóm bị rủ đi xa", [b"first picture", b"second picture"]
# What says nothing of who it is, or is the result itself; every other column must differ in two periods.
NOBODYS = {
    "talk": {"language", "floor", "misses", "seen_at"},
    "tip_draft": {"expires_at"},
    "tip_draft_file": {"id"},
    "attempt": {"id", "contest_id", "nickname", "items", "started_at", "finished_at"},
    "answer": {"attempt_id", "position", "option", "correct", "answered_at"},
}

Names = tuple[str, str]  # of the talk, and in the quiz


@dataclass
class Room:
    """The citizens' services on one store, and the names of its people."""

    world: World
    keys: KeyRing
    names: Pseudonyms

    def __post_init__(self) -> None:
        self.talks = Talks(self.world.store, self.keys, self.world.now)
        self.drafts = Drafts(self.world.store, self.keys, self.world.now)
        self.renewal = Renewal(self.world.store, self.reseal())

    def reseal(self) -> Sequence[Reseal]:
        return (self._reseal_menu, self.drafts.reseal)

    def now_of(self, person: tuple[str, str] = ME) -> Names:
        return self.names.of("talk", *person), self.names.of("quiz", *person)

    def before_of(self, person: tuple[str, str] = ME) -> Names:
        return self.names.before("talk", *person), self.names.before("quiz", *person)

    def carry(self, person: tuple[str, str] = ME) -> bool:
        """What the conversation does when a person comes."""
        (old_talk, old_quiz), (new_talk, new_quiz) = self.before_of(person), self.now_of(person)
        return self.renewal.carry(old_talk, new_talk, old_quiz, new_quiz)

    def talk(self, ref: str, floor: str = "tip") -> None:
        state = replace(self.talks.load(ref), floor=floor, menu=("tip:send", "tip:cancel"), topic="ask_law", misses=1)
        self.talks.save(state)

    def tell(self, ref: str, story: str = STORY, pictures: Sequence[bytes] = PICTURES) -> None:
        draft = self.drafts.start(ref)
        draft.answers[Step.WHAT] = story
        draft.step = Step.PHOTOS
        self.drafts.save(ref, draft)
        for picture in pictures:
            self.drafts.add_file(ref, draft, picture, picture)

    def told(self, ref: str) -> tuple[str, list[bytes]] | None:
        draft = self.drafts.load(ref)
        return (draft.answers[Step.WHAT], [file.content for file in self.drafts.files(ref)]) if draft else None

    def live(self, person: tuple[str, str] = ME) -> Names:
        """A person talks, tells a tip, practises, and is in the middle of a contest."""
        ref, participant = self.now_of(person)
        self.talk(ref)
        self.tell(ref)
        self.world.floor.start(participant, "vi")
        self.world.press(participant, 0)
        self.world.enter(participant, f"Bạn {person[0]}")
        self.world.press(participant, 0)
        return ref, participant

    def _reseal_menu(self, session: Session, old: str, new: str) -> None:
        sealed = session.scalar(select(Talk.menu).where(Talk.ref == new))
        if sealed is not None:
            try:
                content = self.keys.open("talk-menu", sealed, old)
            except ValueError:
                return
            menu = self.keys.seal("talk-menu", content, new)
            session.execute(update(Talk).where(Talk.ref == new).values(menu=menu))


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture
def room(tmp_path: Path, library: Library) -> Iterator[Room]:
    """A quarter of an hour before a new period, with an open contest."""
    (tmp_path / "store").mkdir()
    world = World(tmp_path / "store", library, CHANGE - timedelta(minutes=15))
    world.contest()
    keys = KeyRing.from_file(tmp_path / "keys" / "citizen.key")
    yield Room(world, keys, Pseudonyms(tmp_path / "keys" / "pseudonym.key", world.now))
    world.store.close()


def dump(room: Room) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as the database itself knows them."""
    metadata = MetaData()
    metadata.reflect(room.world.store.engine)
    with room.world.store.read() as session:
        return {
            name: [dict(row) for row in session.execute(select(table)).mappings()]
            for name, table in metadata.tables.items()
        }


def telling(rows: dict[str, list[dict[str, Any]]]) -> set[str]:
    """The values of all columns by which a person's rows could be known again."""
    return {
        repr(value)
        for table in NOBODYS
        for row in rows[table]
        for column, value in row.items()
        if column not in NOBODYS[table]
    }


def files_of(room: Room) -> bytes:
    """Every byte of the store: the file, the write-ahead log, the index of the log."""
    folder = Path(str(room.world.store.engine.url.database)).parent
    return b"\n".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_one_person_in_two_periods_has_no_equal_column(room: Room) -> None:
    old = room.live()
    before = dump(room)
    room.world.later(minutes=20)
    assert room.carry()
    after = dump(room)
    for table in NOBODYS:
        assert before[table] and len(before[table]) == len(after[table]), table
    assert len(telling(before)) == 1 + 2 + 1 + 4 + 1  # ref, engine and menu, draft, pictures and originals, participant
    assert not telling(before) & telling(after)
    new = room.now_of()
    assert {row["ref"] for table in ("talk", "tip_draft", "tip_draft_file") for row in after[table]} == {new[0]}
    assert {row["participant"] for row in after["attempt"]} == {new[1]}
    content = files_of(room)
    assert all(name.encode() not in content for name in old)
    assert all(name.encode() in content for name in new)


def test_whoever_comes_back_after_a_period_of_silence_is_nobody_known(room: Room) -> None:
    room.live()
    first = dump(room)
    room.world.later(days=60)
    assert not room.carry()
    room.world.contest()
    room.live()
    second = {name: [row for row in rows if row not in first[name]] for name, rows in dump(room).items()}
    assert all(len(second[table]) == len(first[table]) for table in NOBODYS)
    assert not telling(first) & telling(second)


def test_the_tip_and_the_talk_go_on_under_the_new_name(room: Room) -> None:
    old, _ = room.live()
    engine_id = room.talks.load(old).engine_id
    room.world.later(minutes=20)
    room.carry()
    new, _ = room.now_of()
    assert room.told(new) == (STORY, PICTURES)
    assert room.told(old) is None and room.drafts.files(old) == []
    state = room.talks.load(new)
    assert (state.floor, state.menu, state.topic, state.misses) == ("tip", ("tip:send", "tip:cancel"), "ask_law", 1)
    assert not state.new and not state.left_engine_id and state.engine_id != engine_id
    assert room.talks.load(old).new
    draft = room.drafts.load(new)
    assert draft and draft.step is Step.PHOTOS
    draft.answers[Step.PHOTOS] = "Hai tấm"
    room.drafts.save(new, draft)
    assert room.drafts.load(new) == draft


def test_a_draft_ends_when_it_would_have_ended(room: Room) -> None:
    room.live()
    room.world.later(minutes=20)
    room.carry()
    room.world.later(hours=23)
    assert room.told(room.now_of()[0])
    room.world.later(hours=1)
    assert room.told(room.now_of()[0]) is None


def test_the_quiz_goes_on_with_the_buttons_of_before(room: Room) -> None:
    _, old = room.live()
    contest = room.world.attempt(old)
    assert contest.contest_id is not None
    button = room.world.payload(old, 1)
    room.world.later(minutes=20)
    room.carry()
    _, new = room.now_of()
    assert "Câu 3/5" in text(room.world.floor.press(new, "vi", button))
    for position in range(2, 5):
        room.world.press(new, position)
    finished = room.world.attempt(new)
    assert (finished.id, finished.nickname, finished.items) == (contest.id, contest.nickname, contest.items)
    assert finished.finished_at == room.world.at
    assert room.world.floor.forget(new) == 2  # the round of practice before it came along


def test_a_round_of_practice_goes_on(room: Room) -> None:
    _, old = room.now_of()
    room.world.floor.start(old, "vi")
    room.world.press(old, 0)
    button = room.world.payload(old, 1)
    room.world.later(minutes=20)
    room.carry()
    _, new = room.now_of()
    assert "Câu 2/5" in text(room.world.floor.resume(new, "vi"))
    assert "Câu 3/5" in text(room.world.floor.press(new, "vi", button))
    assert room.world.floor.resume(old, "vi") is None


def test_nobody_can_enter_a_contest_twice_by_waiting_for_a_new_name(room: Room) -> None:
    room.live()
    room.world.later(minutes=20)
    room.carry()
    assert "Câu 2/5" in text(room.world.enter(room.now_of()[1], "Người khác"))
    assert len([row for row in dump(room)["attempt"] if row["contest_id"]]) == 1


def test_attachments_come_along_as_well(room: Room) -> None:
    ref, _ = room.live()
    with room.world.store.begin() as session:
        session.add(TipDraftFile(ref=ref, sealed=b"sealed copy", original=b"sealed original"))
    room.world.later(minutes=20)
    room.carry()
    rows, (new, _) = dump(room), room.now_of()
    assert {row["ref"] for row in rows["tip_draft_file"]} == {new}
    assert rows["tip_draft_file"][-1]["original"] == b"sealed original"


def test_no_table_has_a_persons_name_that_would_stay_behind() -> None:
    """A name is carried, leads to a draft, or (a screen's) is one of its own and gone after two days."""
    carried = {"talk.ref", "tip_draft.ref", "attempt.participant", "lesson_progress.participant", "screen.ref"}
    for table in CitizenBase.metadata.sorted_tables:
        for column in table.columns:
            if column.name in ("ref", "participant") and f"{table.name}.{column.name}" not in carried:
                assert {foreign.target_fullname for foreign in column.foreign_keys} == {"tip_draft.ref"}, column


def test_others_keep_what_they_have(room: Room) -> None:
    room.live()
    others = room.live(ANOTHER)
    room.world.later(minutes=20)
    room.carry()
    assert room.told(others[0]) == (STORY, PICTURES)
    assert room.talks.load(others[0]).menu == ("tip:send", "tip:cancel")
    assert room.world.floor.resume(others[1], "vi") is not None
    assert room.carry(ANOTHER)
    assert room.told(room.now_of(ANOTHER)[0]) == room.told(room.now_of()[0]) == (STORY, PICTURES)
    assert not {*others} & {value[1:-1] for value in telling(dump(room))}


def test_where_there_is_nothing_it_is_one_read(room: Room) -> None:
    room.live()
    said, engine = list[str](), room.world.store.engine

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    before = dump(room)
    said.clear()
    assert not room.carry()
    assert [statement.split()[0] for statement in said] == ["BEGIN", "SELECT"]
    room.world.later(minutes=20)
    assert room.carry()
    said.clear()
    assert not room.carry()
    assert [statement.split()[0] for statement in said] == ["BEGIN", "SELECT"]
    assert dump(room).keys() == before.keys()


@pytest.mark.parametrize("kept", ["talk", "tip_draft", "attempt", "lesson_progress"])
def test_each_kind_alone_is_carried(room: Room, kept: str) -> None:
    ref, participant = room.now_of()
    if kept == "talk":
        room.talk(ref)
    elif kept == "tip_draft":
        room.tell(ref)
    elif kept == "lesson_progress":
        with room.world.store.begin() as session:
            session.add(LessonProgress(participant=participant, lesson="papers", card=3, seen_on=date(2026, 11, 24)))
    else:
        room.world.floor.start(participant, "vi")
    room.world.later(minutes=20)
    assert room.carry()
    (row,) = dump(room)[kept]
    assert {row.get("ref"), row.get("participant")} & {*room.now_of()}


def test_what_has_the_new_name_already_stays_and_the_old_goes(room: Room) -> None:
    old = room.live()
    room.world.later(minutes=20)
    new_talk, new_quiz = room.now_of()
    room.talk(new_talk, floor="quiz")
    room.tell(new_talk, "Chuyện mới", [b"new picture"])
    room.world.enter(new_quiz, "Tên mới")
    mine = room.world.attempt(new_quiz)
    assert room.carry()
    assert room.told(new_talk) == ("Chuyện mới", [b"new picture"])
    assert room.talks.load(new_talk).floor == "quiz"
    rows = dump(room)
    assert [len(rows[table]) for table in ("talk", "tip_draft", "tip_draft_file")] == [1, 1, 1]
    assert [(row["id"] == mine.id, row["participant"]) for row in rows["attempt"] if row["contest_id"]] == [
        (True, new_quiz)
    ]
    practice = [row for row in rows["attempt"] if row["contest_id"] is None]
    assert [row["participant"] for row in practice] == [new_quiz]  # a round of practice is in nobody's way
    assert {row["attempt_id"] for row in rows["answer"]} == {practice[0]["id"]}  # no answer without its attempt
    assert all(name.encode() not in files_of(room) for name in old)


def test_it_is_all_or_nothing(room: Room) -> None:
    old = room.live()
    before = dump(room)
    room.world.later(minutes=20)

    def fails(_session: Session, _old: str, _new: str) -> None:
        raise RuntimeError("the power went")

    failing = Renewal(room.world.store, [*room.reseal(), fails])
    with pytest.raises(RuntimeError):
        failing.carry(old[0], room.now_of()[0], old[1], room.now_of()[1])
    assert dump(room) == before
    assert room.carry()
    assert room.told(room.now_of()[0]) == (STORY, PICTURES)


def test_what_was_sealed_under_a_key_that_is_gone_hinders_nothing(room: Room) -> None:
    room.live()
    lost = Room(room.world, KeyRing(b"l" * 32), room.names)
    room.world.later(minutes=20)
    assert lost.carry()
    new_talk, new_quiz = lost.now_of()
    assert lost.told(new_talk) is None and lost.talks.load(new_talk).menu == ()
    assert lost.talks.load(new_talk).floor == "tip"
    with room.world.store.read() as session:
        assert session.scalars(select(Attempt.participant).distinct()).all() == [new_quiz]
        assert len(session.scalars(select(Answer.attempt_id)).all()) == 2
