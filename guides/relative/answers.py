"""What was answered about a relative: an option's name or the person's own words; bounded, as JSON between two messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from guides.danger.hearing import tidy

STEPS = ("who", "place", "looks", "when", "company", "papers", "said", "money")
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "who": ("girl", "boy", "woman", "man"),
    "place": ("home", "abroad"),
    "company": ("alone",),
    "papers": ("passport", "none", "taken"),
    "money": ("asked", "not_asked"),
}
LONGEST = 500  # characters of one answer
MOST_KEPT = 3800  # bytes of all of it as JSON
_RESERVED = 240  # bytes of them for each question that is still to come
SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Answers:
    """`options` and `words` by step. `at`: the step that waits, or `SUMMARY`."""

    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    at: str = STEPS[0]

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Answers:
        """What `kept` gave; what no longer exists is left out."""
        options = {s: str(o) for s, o in dict(kept.get("o", {})).items() if o in OPTIONS.get(s, ())}
        words = {s: str(w)[:LONGEST] for s, w in dict(kept.get("w", {})).items() if s in STEPS}
        at = str(kept.get("at", STEPS[0]))
        return cls(options, words, at if at in (*STEPS, SUMMARY) else STEPS[0])

    def kept(self) -> dict[str, Any]:
        return {"o": dict(self.options), "w": dict(self.words), "at": self.at}

    @property
    def nothing(self) -> bool:
        return not self.options and not self.words

    def given(self, step: str) -> bool:
        return step in self.options or step in self.words

    def chosen(self, step: str, option: str) -> Answers:
        """With an option; the words of that step go."""
        return replace(self, options={**self.options, step: option}, words=_without(self.words, step))

    def told(self, step: str, text: str) -> tuple[Answers, bool]:
        """With the person's words, and whether all of them had room."""
        fresh = replace(self, options=_without(self.options, step), words=_without(self.words, step))
        whole = tidy(text, LONGEST + 1)
        words = whole[:LONGEST].rstrip()
        room = MOST_KEPT - _RESERVED * sum(not fresh.given(s) for s in STEPS[STEPS.index(step) + 1 :])
        while words and fresh._with(step, words).size > room:
            words = words[: len(words) * 3 // 4].rstrip()
        return (fresh._with(step, words) if words else fresh), words == whole

    def dropped(self, step: str) -> Answers:
        return replace(self, options=_without(self.options, step), words=_without(self.words, step))

    def on(self, by: int = 1) -> Answers:
        """At the next step, or so many further; behind the last one is the summary."""
        places = (*STEPS, SUMMARY)
        return replace(self, at=places[min(max(places.index(self.at) + by, 0), len(places) - 1)])

    def to(self, step: str) -> Answers:
        return replace(self, at=step)

    @property
    def size(self) -> int:
        """Bytes of what is kept."""
        return len(json.dumps(self.kept(), ensure_ascii=False).encode())

    def _with(self, step: str, words: str) -> Answers:
        return replace(self, words={**self.words, step: words})


def _without(values: Mapping[str, str], step: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name != step}
