"""A third language is a folder: a made-up one, whose words are the Vietnamese ones with a bell behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.inbound import Inbound
from bot.language import asked_for, detect
from content import files, packs, render
from content.check import check
from content.library import Library
from content.shelf import Shelf
from tests.bot.room import Room
from tests.content.kit import INTENTS, TODAY, rules

ABOUT = {"name": "Bellish", "chosen": "Ding dong.", "asked": ["tieng chuong", "bellish"], "script": "KHMER"}
FILES = (
    "topics/ask_law.yml",
    "topics/help.yml",
    "topics/change_language.yml",
    "phrases/talk.yml",
    "hotlines.yml",
    "questions/luat.yml",
)


@pytest.fixture
def bells(folder: Path) -> Path:
    """The content with a pack "zz" for a few files."""
    home = folder / "languages" / "zz"
    home.mkdir(parents=True)
    (home / "language.yml").write_text(yaml.safe_dump(ABOUT), encoding="utf-8")
    for name in FILES:
        texts = {path: f"{words['vi']} 🔔" for path, words in _texts(folder, name)}
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    return folder


def _texts(folder: Path, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    read = files.read(folder, name)
    assert isinstance(read, files.Marked)
    return packs.wanted(read.value)


def test_texts_of_a_pack_are_said_and_what_it_lacks_is_english(bells: Path) -> None:
    library = Library.load(bells)
    (reply,) = render.answer(library, "ask_law", "zz")
    assert all(line.endswith("🔔") for line in reply.text.splitlines() if line)
    assert "🔔" in reply.note
    assert reply.calls[0].title.endswith("🔔")
    assert render.answer(library, "greet", "zz")[0].text == render.answer(library, "greet", "en")[0].text
    vietnamese_only = library.topics["greet"].lead.model_copy(update={"en": None})
    assert vietnamese_only.say("zz") == vietnamese_only.vi


def test_questions_of_a_pack_are_asked_and_wrong_options_may_be_wrong_there(bells: Path) -> None:
    question = Library.load(bells).questions["luat-05"]
    assert all(words.say("zz").endswith("🔔") for words in (question.text, *question.options, question.why))
    assert Library.load(bells).questions["luat-02"].options[0].say("zz") == "66/2011/QH12"
    path = bells / "languages" / "zz" / "questions" / "luat.yml"
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**texts, "6.options.0": "district police"}), encoding="utf-8")
    assert "T2 district office" not in rules(bells, "languages/zz/questions/luat.yml")
    path.write_text(yaml.safe_dump({**texts, "6.why": "district police"}), encoding="utf-8")
    assert "T2 district office" in rules(bells, "languages/zz/questions/luat.yml")


def test_vietnamese_and_english_are_as_they_were(bells: Path) -> None:
    library = Library.load(bells)
    for language in ("vi", "en"):
        for name in library.topics:
            assert "🔔" not in render.answer(library, name, language)[0].text


def test_the_check_tells_what_a_pack_lacks_and_nothing_of_a_whole_file(bells: Path) -> None:
    told = {f.file: f for f in check(bells, INTENTS, TODAY) if f.rule == "incomplete language zz"}
    assert "content/languages/zz/topics/greet.yml" in told
    assert "content/languages/zz/topics/ask_law.yml" not in told
    assert all(finding.warning for finding in told.values())
    path = bells / "languages" / "zz" / "topics" / "ask_law.yml"
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    del texts["lead"]
    path.write_text(yaml.safe_dump({**texts, "nothing": "x"}, allow_unicode=True), encoding="utf-8")
    found = [f for f in check(bells, INTENTS, TODAY) if f.file == "content/languages/zz/topics/ask_law.yml"]
    assert {f.rule for f in found} == {"incomplete language zz", "unknown text in zz"}
    assert "lead" in next(f.remedy for f in found if f.rule.startswith("incomplete"))


def test_gaps_of_phrases_are_the_same_in_a_pack(bells: Path) -> None:
    path = bells / "languages" / "zz" / "phrases" / "talk.yml"
    path.write_text('sources: "Ding {nobody}"\n', encoding="utf-8")
    wrong = [f for f in check(bells, INTENTS, TODAY) if not f.warning]
    assert [f.rule for f in wrong] == ["different gaps"]


def test_traps_are_looked_for_in_a_pack(bells: Path) -> None:
    path = bells / "languages" / "zz" / "topics" / "ask_law.yml"
    path.write_text('lead: "Ding 66/2011 dong"\n', encoding="utf-8")
    assert "T1 old law" in {f.rule for f in check(bells, INTENTS, TODAY)}


def test_a_language_without_its_own_file_does_not_load(bells: Path) -> None:
    (bells / "languages" / "zz" / "language.yml").unlink()
    assert any(f.rule == "schema" and not f.warning for f in check(bells, INTENTS, TODAY))


def test_a_language_is_asked_for_by_its_words_known_by_its_script_and_never_left_by_a_short_message(
    bells: Path,
) -> None:
    tongues = Library.load(bells).tongues
    assert list(tongues) == ["vi", "en", "zz"]
    assert asked_for("nói tiếng Chuông đi", tongues) == "zz"
    assert asked_for("can you speak English", tongues) == "en"
    assert asked_for("chuông nhà thờ", tongues) is None
    assert detect("ជួយខ្ញុំផង", "vi", tongues) == "zz"
    assert detect("ជួយខ្ញុំផង", None) == "vi"
    for short in ("ok", "help", "cảm ơn", "113"):
        assert detect(short, "zz", tongues) == "zz"
    assert detect("Cho mình hỏi cách báo tin cho công an với ạ", "zz", tongues) == "vi"


async def test_whoever_chooses_it_is_answered_in_it_and_sees_no_key(bells: Path, tmp_path: Path) -> None:
    room = Room(tmp_path / "data")
    shelf = Shelf(bells, INTENTS, room.clock)
    for name in ("library", "conversation"):
        room.house.__dict__.pop(name, None)
    room.house.__dict__["library"] = shelf
    room.talk = room.house.conversation
    assert "Ding dong." in await room.says(payload="lang:zz")
    said = await room.talk.hear(Inbound("web", "anna", payload="more:ask_law"))
    assert all("🔔" in reply.text for reply in said)
    assert "Ding dong." not in await room.says(payload="lang:yy")  # nobody's button: the menu
    (asked,) = await room.talk.hear(Inbound("web", "anna", text="…!?"))
    assert "talk." not in asked.text
