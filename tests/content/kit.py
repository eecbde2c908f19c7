"""A copy of the content that a test may change, and what the check says of it."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import yaml

from content.check import Finding, check
from content.files import FOLDER

INTENTS = tuple(yaml.safe_load((FOLDER.parent / "domain" / "domain.yml").read_text(encoding="utf-8"))["intents"])
TODAY = date(2026, 11, 24)
TOPIC = "topics/ask_law.yml"


def copy(folder: Path) -> Path:
    """The content as it is now, in a folder of its own."""
    target = folder / "content"
    shutil.copytree(FOLDER, target, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schema"))
    return target


def change(path: Path, old: str, new: str) -> None:
    """Replaces the first of these."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def lead(folder: Path, vi: str, en: str = "An English text.", topic: str = TOPIC, more: str = "") -> None:
    """Makes this the lead of a topic; `more`: further lines of YAML below it."""
    path = folder / topic
    text = path.read_text(encoding="utf-8")
    new = f"lead:\n  vi: {_quoted(vi)}\n  en: {_quoted(en)}\n  sources: [F1.01]\n{more}"
    path.write_text(
        re.sub(r"^lead:\n(  .*\n|- .*\n)+", lambda _: new, text, count=1, flags=re.MULTILINE), encoding="utf-8"
    )


def found(folder: Path, file: str = TOPIC, day: date = TODAY) -> list[Finding]:
    """What the check says of one file of the copy."""
    return [f for f in check(folder, INTENTS, day) if f.file == f"content/{file}"]


def rules(folder: Path, file: str = TOPIC, day: date = TODAY) -> set[str]:
    return {finding.rule for finding in found(folder, file, day)}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
