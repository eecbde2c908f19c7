"""Weighs the answers by the rules: what speaks against an offer, what for it, and how sure that makes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from guides.offer.answers import Answers
from guides.offer.model import Rule, Tables


class Grade(StrEnum):
    """How like the cases of the press an offer is. There is no grade "safe"."""

    STRONG = "strong"
    CLEAR = "clear"
    WEAK = "weak"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`against` and `speaks_for`: the rules that count, the heaviest first. `facts`: the answers, as `question.option`."""

    grade: Grade
    kind: str
    against: tuple[Rule, ...]
    speaks_for: tuple[Rule, ...]
    facts: frozenset[str]

    @property
    def suspicious(self) -> bool:
        return self.grade in (Grade.STRONG, Grade.CLEAR)


def weigh(tables: Tables, answers: Answers) -> Verdict:
    """Good signs take away from bad ones, at most `credit`; never from what decides by itself (weight 5)."""
    kind = answers.kind(tables)
    facts = answers.facts(tables, kind)
    against = _heaviest(rule for rule in tables.rules.against if rule.counts(kind, facts))
    speaks_for = _heaviest(rule for rule in tables.rules.speaks_for if rule.counts(kind, facts))
    grades = tables.rules.grades
    deciding = sum(rule.weight for rule in against if rule.weight >= grades.clear)
    credit = min(grades.credit, sum(rule.weight for rule in speaks_for))
    total = max(deciding, sum(rule.weight for rule in against) - credit)
    if total >= grades.strong:
        grade = Grade.STRONG
    elif total >= grades.clear:
        grade = Grade.CLEAR
    else:
        grade = Grade.WEAK if answers.known(tables, kind) >= grades.known else Grade.UNSURE
    return Verdict(grade, kind, against, speaks_for, facts)


def _heaviest(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: -rule.weight))
