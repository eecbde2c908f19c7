"""The sentences: complete in both languages, within the limits of the channels, in the voice of the house."""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path

import pytest

import tips.citizen
from tests.tips.kit import make_library, read_yaml
from tips.citizen.drafts import QUESTIONS
from tips.cleaning import FileFault
from tips.code import CodeFault

PHRASES = [
    (f"{name}.{key}", words) for name in ("tip", "code") for key, words in read_yaml(f"phrases/{name}.yml").items()
]
BOTS = {"left", "watching", "watch_gone", "notice", "watch_ended"}  # said by the bot, which keeps the watches
FAMILIES = ("photo", "video", "voice", "paper", "place", "contact")
FORBIDDEN = (
    "tuyệt đối",
    "bảo mật",
    "an toàn tuyệt",
    "miễn tội",
    "không bị phạt",
    "tại sao",
    "bạn đã bị lừa",
    "tên bạn là",
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("key", "words"), PHRASES, ids=[key for key, _ in PHRASES])
def test_a_phrase(key: str, words: dict[str, str]) -> None:
    assert set(words) == {"vi", "en"} and all(text.strip() for text in words.values())
    assert fields(words["vi"]) == fields(words["en"])
    assert unicodedata.is_normalized("NFC", words["vi"])
    assert all(len(text) <= 600 for text in words.values())
    assert not any(word in words["vi"].lower() for word in FORBIDDEN)
    assert "safe" not in words["en"].lower() and "your name" not in words["en"].lower()
    for text in words.values():
        sentences = re.split(r"[.!?…:;\n]+", re.sub(r"\{\w+\}", "x", text))
        assert max(len(sentence.split()) for sentence in sentences) <= 25
    if ".button_" in key or ".label_" in key:
        assert all(len(text) <= 30 for text in words.values())


def test_every_phrase_is_used_and_every_key_in_use_exists() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(tips.citizen.__path__[0]).glob("*.py"))
    used = set(re.findall(r"""(?:phrase|closed|not_sent)\(\s*["'](\w+)["']""", source))
    used |= set(re.findall(r"""["']((?:cards|files)_full|cancel\w*_unsure|cancelled|cancel_ask)["']""", source))
    used |= {f"button_{name}" for name in re.findall(r'(?:button|_button)\("(\w+)"', source)}
    used |= {f"button_{name}" for name in ("done", "no_files", "read", "add_text", "add_photo", "watch", "close")}
    used |= {f"button_{name}" for name in ("send", "drop", "leave")}
    used |= {f"{kind}_{step}" for kind in ("ask", "label") for step in QUESTIONS} | {"ask_more_photos"}
    used |= {f"file_{fault}" for fault in FileFault} | {f"fault_{fault}" for fault in CodeFault}
    used |= {f"kept_{family}" for family in FAMILIES} | {
        "ask_text",
        "ask_photo",
        "sent",
        "answers",
        "no_answer",
        "unsure",
    }
    known = {key.split(".")[1] for key, _ in PHRASES}
    assert known - used == BOTS
    assert used - known == set()


@pytest.mark.parametrize("key", ["tip.notice", "tip.watch_ended"])
def test_what_is_said_unasked_tells_a_bystander_nothing(key: str) -> None:
    words = dict(PHRASES)[key]
    for text in words.values():
        assert not re.search(
            r"công an|buôn|người|báo tin|tố|\btip|police|traffick|officer|answer|trả lời|\d", text.lower()
        )


def test_payloads_are_short_and_hold_nothing() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(tips.citizen.__path__[0]).glob("*.py"))
    assert not re.search(r'f"(tip|code):[^"]*\{(?!action|step)', source)
    assert make_library().phrase("tip.sent", "en", code="1234")
