"""How well entities are found in labelled files: `python -m nlu.entities.scoring tests/nlu/entities`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlu.entities import find

TODAY = date(2026, 11, 24)  # a Tuesday; the day that the labelled files are written on


@dataclass(frozen=True, slots=True)
class Scores:
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Line:
    """A text, the entities that it should give and those that it gives: (text, value as JSON)."""

    text: str
    wanted: Counter[tuple[str, str]]
    got: Counter[tuple[str, str]]


def lines(path: Path) -> list[Line]:
    """The labelled lines of one kind's file (its name is the kind), read on TODAY. Raises OSError, ValueError, KeyError."""
    out = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        wanted = Counter((each["text"], _json(each["value"])) for each in row["entities"])
        got = Counter((e.text, _json(e.value)) for e in find(row["text"], TODAY) if e.kind == path.stem)
        out.append(Line(row["text"], wanted, got))
    return out


def of(some: Iterable[Line]) -> Scores:
    """An entity counts as found if its text and its value are both right; 1.0 where there is nothing to find."""
    right = wanted = got = 0
    for line in some:
        right += (line.wanted & line.got).total()
        wanted += line.wanted.total()
        got += line.got.total()
    precision, recall = right / got if got else 1.0, right / wanted if wanted else 1.0
    return Scores(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)


def scores(path: Path) -> Scores:
    """Over one kind's whole file."""
    return of(lines(path))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def table(folder: Path) -> str:
    """Figures a kind: the half that rules were made with (odd lines), the half kept for testing (even), the whole file."""
    rows = [f"{'kind':10} {'lines':>5}  {'odd F1':>6}  {'even P':>6} {'R':>5} {'F1':>5}  {'all F1':>6}"]
    for path in sorted(folder.glob("*.jsonl")):
        every = lines(path)
        odd, even, whole = of(every[::2]), of(every[1::2]), of(every)
        rows.append(
            f"{path.stem:10} {len(every):5}  {odd.f1:6.3f}"
            f"  {even.precision:6.3f} {even.recall:5.3f} {even.f1:5.3f}  {whole.f1:6.3f}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1])) + "\n")
