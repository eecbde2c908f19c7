"""A folder without a phrase that the program says, or with a file that a room cannot read, never goes live."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from content.check import examine
from content.finding import Finding
from lachan.content_rules import RULES
from tests.content.kit import INTENTS, TODAY


def wrong(folder: Path) -> list[Finding]:
    return examine(folder, INTENTS, TODAY, *RULES).wrong


@pytest.mark.parametrize(
    "key", ["talk.menu", "guide_danger.ask_speak", "lesson.of_topic", "topic.story", "channel.choose", "tip.ask_what"]
)
def test_a_phrase_that_is_taken_out_is_missed(folder: Path, key: str) -> None:
    stem, _, name = key.partition(".")
    path = folder / "phrases" / f"{stem}.yml"
    phrases = yaml.safe_load(path.read_text(encoding="utf-8"))
    del phrases[name]
    path.write_text(yaml.safe_dump(phrases, allow_unicode=True), encoding="utf-8")
    found = [f for f in wrong(folder) if f.rule == "missing phrase"]
    assert [(f.file, name in f.remedy) for f in found] == [(f"content/phrases/{stem}.yml", True)]


def test_a_file_of_phrases_that_is_gone_is_missed(folder: Path) -> None:
    (folder / "phrases" / "guide_back.yml").unlink()
    assert ("content/phrases/guide_back.yml", "missing phrase") in {(f.file, f.rule) for f in wrong(folder)}


def test_a_gap_that_nobody_fills_is_found_with_its_line(folder: Path) -> None:
    path = folder / "phrases" / "talk.yml"
    phrases = yaml.safe_load(path.read_text(encoding="utf-8"))
    phrases["menu"] = {"vi": "Về {cho}", "en": "To {cho}"}
    path.write_text(yaml.safe_dump(phrases, allow_unicode=True, sort_keys=False), encoding="utf-8")
    found = next(f for f in wrong(folder) if f.rule == "different gaps")
    assert "cho" in found.remedy and found.line > 1


@pytest.mark.parametrize("text", ["", "- a list\n", "a text", "about: ask_law\n", "about: [x]\nid: 3\n"])
@pytest.mark.parametrize("name", ["lessons/new.yml", "courses/new.yml", "abroad.yml", "offer/rules.yml"])
def test_a_file_that_a_room_cannot_read_is_named(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert f"content/{name}" in {found.file for found in wrong(folder)}


def test_a_language_has_two_letters(folder: Path) -> None:
    (folder / "languages" / "zh-hant").mkdir(parents=True)
    (folder / "languages" / "zh-hant" / "language.yml").write_text("name: x\nchosen: x\nasked: [x]\n", encoding="utf-8")
    assert any("two letters" in found.remedy for found in wrong(folder))
