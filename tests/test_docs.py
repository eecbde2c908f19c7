"""Documents that name files of this repository name files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_NAMED = re.compile(
    r"`((?:tests|docs|tips|nlu|bot|db|lachan|inbox|intake|quiz|content|organiser|web|actions|stories)/[\w./-]+)`"
)


@pytest.mark.parametrize(
    "document", sorted(ROOT.glob("docs/*.md")) + sorted(ROOT.glob("README*.md")), ids=lambda p: p.name
)
def test_what_a_document_names_is_there(document: Path) -> None:
    missing = {name for name in _NAMED.findall(document.read_text(encoding="utf-8")) if not (ROOT / name).exists()}
    assert not missing


def test_every_cell_about_attackers_has_a_test_or_says_that_none_can_show_it() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    listed = {int(number) for number in re.findall(r"^(\d+)\. `tests/", text, re.MULTILINE)}
    used = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    assert used == listed
