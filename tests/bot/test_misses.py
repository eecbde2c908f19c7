"""The editors' list on a real store: kept once, counted, aged out, of nobody; and the way into the training data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import misses as module
from bot.misses import KEPT, Misses
from db.migrate import Kind, upgrade
from db.stores import Store
from lachan.cli import app
from nlu.training_files import FOLDER, SentenceError, known_words, sentences, take


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


def test_a_number_stays_with_its_text(misses: Misses) -> None:
    for said in ("câu hỏi thứ hai của em", "câu hỏi thứ ba của em"):
        misses.keep(said, "vi", [])
    second = misses.listed()[1].number
    misses.drop([misses.listed()[0].number])
    assert [m.number for m in misses.listed()] == [second]
    assert misses.get([second, 999])[0].text == "câu hỏi thứ ba của em"


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
    for said in ("câu hỏi chưa ai từng viết ra", "câu hỏi vô nghĩa của em"):
        misses.keep(said, "vi", ["ask_law"])
    run = CliRunner()

    shown = run.invoke(app, ["nlu", "review", "--json"]).stdout
    first, second = (json.loads(line) for line in shown.splitlines())
    assert first["text"] == "câu hỏi chưa ai từng viết ra"
    assert "likely readings" in run.invoke(app, ["nlu", "review"]).stdout
    wrong = run.invoke(app, ["nlu", "take", "999", "--intent", "ask_law", "--folder", str(data)])
    assert wrong.exit_code == 1
    taken = run.invoke(app, ["nlu", "take", str(first["number"]), "--intent", "ask_law", "--folder", str(data)])
    assert "lachan train" in taken.stdout
    assert ("câu hỏi chưa ai từng viết ra", "ask_law") in sentences(data)
    run.invoke(app, ["nlu", "drop", str(second["number"])])
    assert "Nothing" in run.invoke(app, ["nlu", "review"]).stdout
