"""The danger net: words that mean "help me now", met before the engine and in any state of the talk.

The rules are data (danger.yml) so that they can be explained ("why is this on top") and changed; they see the text without marks.
The classifier's intent `emergency` is the second net behind this one: a cry that uses none of these words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nlu.normalise import normalise, strip_marks

RULES = Path(__file__).parent / "danger.yml"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class DangerNet:
    """`danger` rules make a text urgent unless a `calm` rule matches as well."""

    danger: tuple[Rule, ...]
    calm: tuple[Rule, ...]

    def why(self, text: str) -> str | None:
        """The name of the rule that makes this text danger now, or None."""
        bare = strip_marks(normalise(text))
        found = next((rule.name for rule in self.danger if rule.pattern.search(bare)), None)
        if found is None or any(rule.pattern.search(bare) for rule in self.calm):
            return None
        return found


@cache
def load(path: Path = RULES) -> DangerNet:
    """Reads the rules. Raises re.error or KeyError if the file is wrong: the app must not start without its net."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))

    def rules(kind: str) -> tuple[Rule, ...]:
        return tuple(Rule(r["name"], re.compile(r["pattern"].replace("{who}", data["who"]))) for r in data[kind])

    return DangerNet(danger=rules("danger"), calm=rules("calm"))
