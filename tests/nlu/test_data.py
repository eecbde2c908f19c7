"""The sentences themselves: what is held out is never trained on, every intent has its sentences, labels are known."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter

import yaml

from nlu.model import ROOT
from nlu.normalise import strip_marks
from nlu.training_files import sentences

_HELDOUT = ROOT / "tests" / "nlu" / "heldout"


def _heldout() -> list[dict[str, str]]:
    return [
        json.loads(line) for path in _HELDOUT.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", strip_marks(text.casefold())))


def test_no_sentence_that_is_held_out_is_trained_on() -> None:
    """Texts of up to two words ("ok", "cảm ơn") are what everybody says; longer ones must differ, marks or no marks."""
    held = {_bare(row["text"]) for row in _heldout() if len(row["text"].split()) > 2}
    assert [text for text, _ in sentences() if _bare(text) in held] == []


def test_every_intent_has_sentences_enough_and_no_sentence_has_two() -> None:
    domain = yaml.safe_load((ROOT / "domain" / "domain.yml").read_text(encoding="utf-8"))
    training = sentences()
    counts = Counter(intent for _, intent in training)
    assert set(counts) == set(domain["intents"])
    assert min(counts.values()) >= 80
    meant: dict[str, set[str]] = {}
    for text, intent in training:
        meant.setdefault(text.casefold(), set()).add(intent)
    assert {text: intents for text, intents in meant.items() if len(intents) > 1} == {}


def test_the_held_out_file_covers_every_intent_in_every_style() -> None:
    rows = _heldout()
    intents = {intent for _, intent in sentences()}
    for style in {row["style"] for row in rows}:
        assert {row["intent"] for row in rows if row["style"] == style} == intents, style


def test_texts_are_composed() -> None:
    texts = [text for text, _ in sentences()] + [row["text"] for row in _heldout()]
    assert [text for text in texts if text != unicodedata.normalize("NFC", text)] == []
