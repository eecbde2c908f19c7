"""How well the check tells traps from honest offers: `python -m guides.offer.scoring tests/guides/offer/offers.jsonl`.

Each line is an offer as somebody tells it, and what that person would tap at each question ("answers"; what is not in it is
answered with "I don't know"). The talk is driven through its port, as the bot drives it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from content.library import Library
from guides.offer.answers import UNKNOWN, Answers
from guides.offer.guide import OfferGuide
from guides.offer.model import Reader
from guides.offer.weighing import Grade, Verdict, weigh
from guides.port import Step

TODAY = date(2026, 11, 24)
LABELS = ("trap", "honest", "unclear")
HALVES = ("dev", "test")
URGENT = "urgent"
VIEWS = (
    ("As the bot does it", False, True),
    ("The rules alone, without the net for cries for help", False, False),
    ('Only the first message counts, "I don\'t know" to every question; the rules alone', True, False),
)
HEAD = "| offers | half | numbers at once | strong | clear | weak | not enough | called suspicious |"


@dataclass(frozen=True, slots=True)
class Told:
    """An offer of the set and what came of it; `verdict` None: taken for a cry for help, the numbers came at once."""

    case: dict[str, Any]
    verdict: Verdict | None
    questions: int  # that were asked

    @property
    def grade(self) -> str:
        return self.verdict.grade if self.verdict else URGENT

    @property
    def kind(self) -> str:
        return self.verdict.kind if self.verdict else URGENT

    @property
    def suspicious(self) -> bool:
        return self.verdict is None or self.verdict.suspicious


def tell(guide: OfferGuide, library: Library, case: dict[str, Any], language: str = "") -> Told:
    """Drives one offer to the end."""
    language = language or ("en" if case["style"] == "english" else "vi")
    tables = Reader().tables(library)
    step, asked = guide.begin(language, case["text"]), 0
    while step.kept is not None:
        asked += 1
        step = answer(guide, step, language, case["answers"])
    if step.urgent:
        return Told(case, None, asked)
    code = next(b.payload for b in step.replies[-1].buttons if b.payload.startswith("guide:offer:why:")).split(":")[3]
    answers = Answers.decode(code, tables)
    assert answers is not None
    return Told(case, weigh(tables, answers), asked)


def answer(guide: OfferGuide, step: Step, language: str, answers: dict[str, str]) -> Step:
    """Taps what that person would tap at the question that waits."""
    assert step.kept is not None
    question = step.kept["q"][-1]
    wanted = f"guide:offer:a:{question}:{answers.get(question, UNKNOWN)}"
    there = {button.payload for button in step.replies[-1].buttons}
    payload = wanted if wanted in there else f"guide:offer:a:{question}:{UNKNOWN}"
    return guide.press(step.kept, language, payload.removeprefix("guide:offer:"))


def tell_all(path: Path, library: Library, silent: bool = False, net: bool = True) -> list[Told]:
    """`silent`: everybody answers "I don't know" to whatever is asked; only what was typed counts. Not `net`: the rules alone,
    without the net for cries for help."""
    guide = OfferGuide(library, today=lambda: TODAY)
    guide = guide if net else replace(guide, cries=lambda text: None)
    lines = path.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line]
    return [tell(guide, library, case | {"answers": {}} if silent else case) for case in cases]


def share(told: Iterable[Told], label: str, half: str = "") -> tuple[int, int]:
    """How many of that label (and half) were called suspicious (strong, clear, or the numbers at once), of how many."""
    chosen = [t for t in told if t.case["label"] == label and half in ("", t.case["half"])]
    return sum(t.suspicious for t in chosen), len(chosen)


def table(told: list[Told]) -> str:
    """By label and half: the grades, and the share called suspicious; that share by kind and half."""
    lines = [HEAD, "| --- " * 8 + "|"]
    for label in LABELS:
        for half in (*HALVES, ""):
            chosen = [t for t in told if t.case["label"] == label and half in ("", t.case["half"])]
            counts = Counter(t.grade for t in chosen)
            marked, of = share(told, label, half)
            grades = " | ".join(str(counts[grade]) for grade in (URGENT, *Grade))
            lines.append(f"| {label} | {half or 'all'} | {grades} | {marked}/{of} = {marked / of:.0%} |")
    lines += ["", "| offers | kind | dev | test | all |", "| --- | --- | --- | --- | --- |"]
    for label, kind in sorted({(t.case["label"], t.kind) for t in told}):
        chosen = [t for t in told if t.kind == kind]
        shares = (share(chosen, label, half) for half in (*HALVES, ""))
        lines.append(f"| {label} | {kind} | {' | '.join(f'{marked}/{of}' for marked, of in shares)} |")
    asked = [t.questions for t in told]
    lines += ["", f"Questions asked: {min(asked)} to {max(asked)}, {sum(asked) / len(asked):.1f} on average."]
    return "\n".join(lines)


def main(paths: list[str]) -> None:
    library = Library.load()
    for title, silent, net in VIEWS:
        told = [each for path in paths for each in tell_all(Path(path), library, silent, net)]
        sys.stdout.write(f"{title}:\n\n{table(told)}\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
