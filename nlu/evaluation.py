"""How well texts are understood: accuracy, macro-F1, confusions, calibration, in all and by style."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlu.engine import FALLBACK, Meaning

_BINS = 10


class SampleError(ValueError):
    """The file cannot be used; the message names the line."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, what it means, and how it is written."""

    text: str
    intent: str
    style: str = "all"


@dataclass(frozen=True, slots=True)
class Score:
    """Of one group of samples. `accuracy` and `macro_f1` look at the likeliest reading; `answered` is the share in which that
    reading was right and sure enough to be answered without asking back."""

    count: int
    accuracy: float
    macro_f1: float
    answered: float


@dataclass(frozen=True, slots=True)
class Report:
    """`confusions` are (meant, understood, how often); `calibration_error` is the expected one, in ten bins."""

    total: Score
    by_style: dict[str, Score]
    by_intent: dict[str, dict[str, float]]
    confusions: list[tuple[str, str, int]]
    calibration_error: float
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        def score(value: Score) -> dict[str, Any]:
            return {
                "count": value.count,
                "accuracy": round(value.accuracy, 4),
                "macro_f1": round(value.macro_f1, 4),
                "answered": round(value.answered, 4),
            }

        return {
            **score(self.total),
            "calibration_error": round(self.calibration_error, 4),
            "by_style": {style: score(value) for style, value in self.by_style.items()},
            "by_intent": self.by_intent,
            "confusions": [{"meant": a, "understood": b, "count": n} for a, b, n in self.confusions],
        }


def read_samples(path: Path) -> list[Sample]:
    """JSON lines of `text`, `intent`, `style` (optional), in a file or in a folder's `*.jsonl`. Raises SampleError, OSError."""
    samples = []
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
                samples.append(Sample(value["text"], value["intent"], value.get("style", "all")))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise SampleError(f"{file.name}, line {number} is no JSON object with text and intent") from None
    if not samples:
        raise SampleError("there are no samples")
    return samples


async def evaluate(samples: Sequence[Sample], read: Callable[[str], Awaitable[Meaning]]) -> Report:
    """Reads every sample. Raises EngineError."""
    return report(samples, [await read(sample.text) for sample in samples])


def report(samples: Sequence[Sample], meanings: Sequence[Meaning]) -> Report:
    """Pure: samples and their meanings, one each."""
    rows = [(s, *_best(m), m.intent == s.intent) for s, m in zip(samples, meanings, strict=True)]
    styles: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for sample, understood, _, answered in rows:
        styles[sample.style].append((sample.intent, understood, answered))
    everything = [row for group in styles.values() for row in group]
    confusions = Counter((s.intent, u) for s, u, _, _ in rows if u != s.intent)
    return Report(
        total=_score(everything),
        by_style={style: _score(group) for style, group in sorted(styles.items())},
        by_intent=_by_intent(everything),
        confusions=[(meant, understood, n) for (meant, understood), n in confusions.most_common(15)],
        calibration_error=_calibration_error([(sure, u == s.intent) for s, u, sure, _ in rows]),
        wrong=[
            {"text": s.text, "meant": s.intent, "understood": u, "confidence": round(sure, 3), "style": s.style}
            for s, u, sure, _ in rows
            if u != s.intent
        ],
    )


def _best(meaning: Meaning) -> tuple[str, float]:
    """The likeliest reading, also where the fallback stands before it."""
    ranking = [pair for pair in meaning.ranking if pair[0] != FALLBACK]
    return ranking[0] if ranking else (meaning.intent, meaning.confidence)


def _score(rows: Sequence[tuple[str, str, bool]]) -> Score:
    right = sum(meant == understood for meant, understood, _ in rows)
    f1 = [row["f1"] for row in _by_intent(rows).values()]
    return Score(len(rows), right / len(rows), sum(f1) / len(f1), sum(a for _, _, a in rows) / len(rows))


def _by_intent(rows: Iterable[tuple[str, str, bool]]) -> dict[str, dict[str, float]]:
    meant, understood, both = Counter[str](), Counter[str](), Counter[str]()
    for intent, reading, _ in rows:
        meant[intent] += 1
        understood[reading] += 1
        both[intent] += intent == reading
    result = {}
    for intent, count in sorted(meant.items()):
        recall = both[intent] / count
        precision = both[intent] / understood[intent] if understood[intent] else 0.0
        f1 = 2 * precision * recall / (precision + recall) if both[intent] else 0.0
        result[intent] = {"count": count, "precision": round(precision, 4), "recall": round(recall, 4), "f1": f1}
    return result


def _calibration_error(rows: Sequence[tuple[float, bool]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, right in rows:
        bins[min(int(sure * _BINS), _BINS - 1)].append((sure, right))
    gaps = (abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins.values())
    return sum(gaps) / len(rows)
