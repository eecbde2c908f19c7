"""The sentences: all there, in both languages, with equal blanks; none unused; payloads fit every channel."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

from content.library import FOLDER, Library
from content.model import Question
from quiz import asking
from quiz.attempts import Run
from tests.quiz.kit import LAN, World, payloads, text

ROOT = FOLDER.parent
FILES = {name: yaml.safe_load((FOLDER / "phrases" / f"{name}.yml").read_text()) for name in ("quiz", "contest")}
KEYS = [(name, key) for name, phrases in FILES.items() for key in phrases]


def blanks(words: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(words) if field}


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_each_sentence(name: str, key: str) -> None:
    words = FILES[name][key]
    assert words["vi"]
    if key != "player":  # on the board, which is the same for everybody
        assert blanks(words["vi"]) >= blanks(words["en"])
    assert "tuyệt đối" not in words["vi"]
    assert len(words["vi"]) <= 600


def test_no_sentence_is_unused() -> None:
    code = "\n".join(path.read_text() for path in sorted(Path(ROOT, "quiz").glob("*.py")))
    named = set(re.findall(r"[a-z_]{4,}", code))
    composed = {f"name_{problem}" for problem in ("long", "short", "phone", "link")}
    unused = [key for _, key in KEYS if key not in named | composed]
    assert unused == []


def test_buttons_are_short(library: Library) -> None:
    for key in ("quiz.again", "quiz.begin", "contest.enter", "contest.skip_name", "contest.leave", "contest.submit"):
        for language in ("vi", "en"):
            assert len(library.phrases[key].say(language)) <= 24


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_bubble_with_the_longest_question_fits(library: Library, world: World, language: str) -> None:
    """Zalo takes 2000 characters a message."""

    def length(question: Question) -> int:
        return sum(len(words.say(language)) for words in (question.text, *question.options, question.why))

    longest = max(library.questions.values(), key=length)
    world.floor.start(LAN, "vi")
    attempt = world.attempt(LAN)
    attempt.items = [{"question": longest.id, "order": list(range(len(longest.options)))}]
    assert len(asking.question(library, Run(attempt, {}, 0), language, "x" * 200).text) < 1200


def test_payloads_of_contests_fit_a_telegram_button(world: World) -> None:
    world.contest("Cuộc một")
    world.contest("Cuộc hai")
    seen = payloads(world.floor.join(LAN, "vi"))
    seen += payloads(world.floor.press(LAN, "vi", seen[0]))
    seen += payloads(world.floor.press(LAN, "vi", "contest:name:skip"))
    seen += payloads(world.floor.press(LAN, "vi", "quiz:stop"))
    seen += payloads(world.floor.board(LAN, "vi")) + payloads(world.floor.rules("vi"))
    assert len(set(seen)) >= 12
    assert all(len(payload.encode()) <= 64 for payload in seen)
    for payload in set(seen) - {"say:help"}:
        assert text(world.floor.press(LAN, "vi", payload))
