"""Something in a content file that an editor should mend, or look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Which file and line (0: the file as a whole), which rule, what to do. A `warning` keeps nothing from being used."""

    file: str
    rule: str
    remedy: str
    warning: bool = False
    line: int = 0

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.remedy}"


class ContentError(Exception):
    """Content that cannot be used; the message names the file, the line and what to do. `rule`: which rule it breaks."""

    def __init__(self, told: str, rule: str = "schema") -> None:
        super().__init__(told)
        self.rule = rule

    @classmethod
    def of(cls, finding: Finding) -> ContentError:
        return cls(str(finding), finding.rule)
