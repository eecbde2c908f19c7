"""The editors' list on a real store: kept once, counted, aged out, of nobody; and the way into the training data."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from typer.testing import CliRunner

from bot import misses as module
from bot.misses import KEPT, Misses
from db.migrate import Kind, config, upgrade
from db.stores import Store
from lachan.cli import app
from nlu.model import ROOT
from nlu.training_files import FOLDER, SentenceError, known_words, sentences, take

_HELD_OUT = ROOT / "tests" / "nlu" / "heldout"


class _Clock:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    yield store
    store.close()


@pytest.fixture
def misses(store: Store, clock: _Clock) -> Misses:
    return Misses(store, lambda word: word in known_words(), clock)


def test_the_same_text_is_kept_once_and_counted(misses: Misses) -> None:
    for said in ("thế còn bên đó thì sao nhỉ", "thế còn bên đó thì sao nhỉ", "cho em hỏi chuyện khác"):
        assert misses.keep(said, "vi", ["ask_law", "help"])
    listed = misses.listed()
    assert [(m.text, m.times, m.last_day) for m in listed] == [
        ("thế còn bên đó thì sao nhỉ", 2, "2026-11-24"),
        ("cho em hỏi chuyện khác", 1, "2026-11-24"),
    ]
    assert listed[0].readings == ("ask_law", "help")


def test_days_are_kept_and_the_three_likeliest_readings_of_the_last_time(misses: Misses, clock: _Clock) -> None:
    misses.keep("cho em hỏi chuyện khác", "vi", ["help"])
    clock.now += timedelta(days=3)
    misses.keep("cho em hỏi chuyện khác", "vi", ["a", "b", "c", "d"])
    (missed,) = misses.listed()
    assert (missed.first_day, missed.last_day, missed.times) == ("2026-11-24", "2026-11-27", 2)
    assert missed.readings == ("a", "b", "c")


def test_what_cannot_be_made_anonymous_is_only_counted(misses: Misses, clock: _Clock) -> None:
    for said in ("Khuê 0912345678", "qwrt zxcv bnmp", "Nguyễn Thị Hoa"):
        assert not misses.keep(said, "vi", ["help"])
    assert misses.listed() == []
    assert misses.unkept() == 3
    clock.now += KEPT + timedelta(days=1)
    misses.purge()
    assert misses.unkept() == 0


def test_a_row_leads_to_nobody_and_to_no_hour(misses: Misses, store: Store) -> None:
    """The conversation keeps nothing of a tip, a code or a quiz here: tests/bot/test_conversation.py."""
    columns = {column["name"]: str(column["type"]) for column in inspect(store.engine).get_columns("miss")}
    assert columns.keys() == {"id", "text", "language", "readings", "times", "first_day", "last_day"}
    assert columns["first_day"] == columns["last_day"] == "DATE"
    for said in ("câu hỏi thứ hai của em", "câu hỏi thứ ba của em", "câu hỏi thứ tư của em", "câu hỏi thứ năm của em"):
        misses.keep(said, "vi", [])
    assert all(100_000 <= missed.number < 1_000_000 for missed in misses.listed())  # not 1, 2, 3: no order of coming


def test_many_at_once_are_all_counted(misses: Misses) -> None:
    threads = [threading.Thread(target=misses.keep, args=("câu hỏi thứ hai của em", "vi", [])) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [m.times for m in misses.listed()] == [12]


def test_a_list_of_the_first_days_is_taken_over(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'old.db'}")
    settings = config(Kind.CITIZEN)
    with store.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0002")
        connection.execute(text("INSERT INTO miss VALUES (1, 'câu cũ', 'vi', '[]', 3, '2026-11-20')"))
    upgrade(store, Kind.CITIZEN)
    (missed,) = Misses(store, lambda word: True, _Clock()).listed()
    assert (missed.number, missed.times, missed.first_day, missed.last_day) == (1, 3, "2026-11-20", "2026-11-20")


def test_texts_that_differ_in_a_number_or_a_name_are_one(misses: Misses) -> None:
    for said in ("gọi cho anh Tuấn số 0912345678 được không", "gọi cho anh Hải số 0987654321 được không"):
        misses.keep(said, "vi", [])
    assert [(m.text, m.times) for m in misses.listed()] == [("gọi cho anh Lan số 1 được không", 2)]


def test_nothing_of_a_person_is_in_the_files(misses: Misses, store: Store, tmp_path: Path) -> None:
    misses.keep("chị Nguyễn Thị Khuê ở xã Mường Khương gọi 0912345678 nhờ hỏi giúp chuyện này", "vi", [])
    assert not misses.keep("Khuê 0912345678", "vi", [])
    assert len(misses.listed()) == 1
    store.scrub()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in ("Khuê", "0912345678", "912345", "Mường"):
        assert secret.encode() not in kept


def test_what_is_old_or_too_much_is_forgotten(misses: Misses, clock: _Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    misses.keep("câu này đã cũ lắm rồi", "vi", [])
    clock.now += KEPT + timedelta(days=1)
    for said in ("câu hỏi thứ hai của em", "câu hỏi thứ ba của em", "câu hỏi thứ tư của em"):
        clock.now += timedelta(days=1)
        misses.keep(said, "vi", [])
    monkeypatch.setattr(module, "MOST", 2)
    assert misses.purge() == 2
    assert [m.text for m in misses.listed()] == ["câu hỏi thứ tư của em", "câu hỏi thứ ba của em"]


def test_there_are_never_more_than_so_many(misses: Misses, clock: _Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    for said in ("câu hỏi thứ hai của em", "câu hỏi thứ ba của em", "câu hỏi thứ hai của em", "câu hỏi thứ tư của em"):
        clock.now += timedelta(days=1)
        misses.keep(said, "vi", [])
    assert {m.text for m in misses.listed()} == {"câu hỏi thứ hai của em", "câu hỏi thứ tư của em"}


def test_a_number_stays_with_its_text(misses: Misses) -> None:
    for said in ("câu hỏi thứ hai của em", "câu hỏi thứ ba của em"):
        misses.keep(said, "vi", [])
    first, second = misses.listed()
    assert misses.drop([first.number]) == 1
    misses.keep("câu hỏi thứ tư của em", "vi", [])
    assert misses.get([first.number, second.number]) == [second]


# -- into the training data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "data"))


def test_a_sentence_goes_to_the_end_of_its_intent(data: Path) -> None:
    path = take(["câu chưa ai từng viết như thế này"], "ask_law", set(), data)
    block = [sentence for sentence, intent in sentences(data) if intent == "ask_law"]
    assert path.name == "law.yml"
    assert block[-1] == "câu chưa ai từng viết như thế này"
    assert len(sentences(data)) == len(sentences()) + 1


@pytest.mark.parametrize(
    ("sentence", "intent", "why"),
    [
        ("câu mới", "no_such_intent", "no intent"),
        (sentences()[0][0].upper(), "ask_law", "already there"),
        ("câu giữ riêng để đo", "ask_law", "held out"),
        ("Cau giu rieng, de do!", "ask_law", "held out"),
        ("Câu tốt trước đã.", "ask_law", "already there"),
        ("câu [lạ](x)", "ask_law", "brackets"),
    ],
)
def test_what_may_not_be_taken_in_changes_nothing(data: Path, sentence: str, intent: str, why: str) -> None:
    with pytest.raises(SentenceError, match=why):
        take(["câu tốt trước đã", sentence], intent, {"câu giữ riêng để đo"}, data)
    assert sentences(data) == sentences()


def test_an_editor_reviews_takes_and_drops(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LACHAN_DATA", str(tmp_path / "run"))
    store = Store(f"sqlite:///{tmp_path / 'run' / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    misses = Misses(store, lambda word: word in known_words(), _Clock())
    for said in ("câu hỏi chưa ai từng viết ra", "câu hỏi chưa ai từng viết ra", "câu hỏi vô nghĩa của em", "Khuê"):
        misses.keep(said, "vi", ["ask_law"])
    run = CliRunner()
    before = {path.name: path.read_bytes() for path in FOLDER.iterdir()}

    shown = run.invoke(app, ["nlu", "review", "--json"]).stdout
    first, second = (json.loads(line) for line in shown.splitlines())
    assert first["text"] == "câu hỏi chưa ai từng viết ra"
    assert (first["times"], first["last_day"], first["readings"]) == (2, "2026-11-24", ["ask_law"])
    table = run.invoke(app, ["nlu", "review", "--limit", "1"]).stdout
    assert "likely readings" in table
    assert second["text"] not in table
    assert "1 more could not be made anonymous" in table
    wrong = run.invoke(app, ["nlu", "take", "999", "--intent", "ask_law", "--folder", str(data)])
    assert wrong.exit_code == 1
    assert "not on the list: 999" in wrong.stderr
    unknown = run.invoke(app, ["nlu", "take", str(first["number"]), "--intent", "ask_lawx", "--folder", str(data)])
    assert "no intent ask_lawx" in unknown.stderr
    assert len(misses.listed()) == 2
    taken = run.invoke(app, ["nlu", "take", str(first["number"]), "--intent", "ask_law", "--folder", str(data)])
    assert "lachan train" in taken.stdout
    assert ("câu hỏi chưa ai từng viết ra", "ask_law") in sentences(data)
    run.invoke(app, ["nlu", "drop", str(second["number"])])
    assert "Nothing" in run.invoke(app, ["nlu", "review"]).stdout
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == before  # the project's own data is as it was


def test_what_is_held_out_is_refused_also_as_the_list_shows_it(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LACHAN_DATA", str(tmp_path / "run"))
    store = Store(f"sqlite:///{tmp_path / 'run' / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    misses = Misses(store, lambda word: word in known_words(), _Clock())
    rows = [
        json.loads(line) for path in sorted(_HELD_OUT.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    known = {" ".join(sentence.casefold().split()) for sentence, _ in sentences()}
    held = next(row["text"] for row in rows if row["text"][-1] != "?" and any(c.isdigit() for c in row["text"])
                and row["text"].casefold() not in known and misses.keep(row["text"], "vi", []))  # fmt: skip
    (missed,) = misses.listed()
    assert missed.text != held
    taken = CliRunner().invoke(app, ["nlu", "take", str(missed.number), "--intent", "ask_law", "--folder", str(data)])
    assert taken.exit_code == 1
    assert "held out" in taken.stderr
    assert misses.listed() == [missed]
