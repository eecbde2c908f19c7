"""What was answered so far, as it is remembered between two messages, and which question comes next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from guides.port import Kept

WANTS = ("loan", "training", "work", "support", "other")
TIMES = ("morning", "afternoon", "evening", "any")
FIELDS = ("want", "said", "province", "commune", "reach", "time")
SKIPPABLE = ("said", "commune", "time")
SKIPPED = ""  # asked, and not wanted to be told; None: not asked yet


@dataclass(frozen=True, slots=True)
class Answers:
    """`want`: keys of WANTS; `said`: in words, for "other"; `n`: grows with each change, so that a yes is to what was shown.

    `once`: random; the same yes that comes twice is one wish. All of it the person's, or about them: none of it is shown.
    """

    want: tuple[str, ...] = field(default=(), repr=False)
    said: str | None = field(default=None, repr=False)
    province: str = field(default="", repr=False)
    commune: str | None = field(default=None, repr=False)
    reach: str = field(default="", repr=False)
    time: str | None = field(default=None, repr=False)
    n: int = 0
    once: str = field(default="", repr=False)

    @property
    def asks(self) -> str:
        """The question that waits, or "confirm" when all is answered."""
        if not self.want:
            return "want"
        if self.want == ("other",) and self.said is None:
            return "said"
        if not self.province:
            return "province"
        if self.commune is None:
            return "commune"
        if not self.reach:
            return "reach"
        return "time" if self.time is None else "confirm"

    def put(self, **values: Any) -> Answers:
        """With these answers, or others in their place."""
        return replace(self, **values, n=self.n + 1)

    def without(self, name: str) -> Answers:
        """With one question open again."""
        empty = Answers()
        cleared = {"want": empty.want, "said": None} if name == "want" else {name: getattr(empty, name)}
        return self.put(**cleared)

    def kept(self) -> Kept:
        told = {name: getattr(self, name) for name in (*FIELDS, "n", "once")}
        skipped = {name for name in SKIPPABLE if told[name] == SKIPPED}
        return {name: list(v) if name == "want" else v for name, v in told.items() if v or name in skipped}

    @classmethod
    def of(cls, kept: Kept) -> Answers:
        known = {name: kept[name] for name in (*FIELDS, "n", "once") if name in kept}
        return cls(**{**known, "want": tuple(known.get("want", ()))})
