"""Tells an editor what is wrong with the content: file, line, rule, remedy. Runs in `make test`, and before a reload.

Shape and sources are looked at while the files are read (stock.py); here is what all texts must keep (texts_rules), what a topic
must have (topic_rules), and what the days say (day_rules).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from content import day_rules, phrase_rules, stock, text_rules, topic_rules
from content.finding import Finding
from content.library import Library, on
from content.stock import Stock

__all__ = ["Examined", "Finding", "check", "examine"]

type FurtherRule = Callable[[Library], Iterable[tuple[str, str, str, bool]]]
"""Rules of rooms above: of a library, (a topic's or a file's name, rule, remedy, warning)."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and the stock: None if the folder cannot be used at all."""

    findings: list[Finding]
    stock: Stock | None

    @property
    def wrong(self) -> list[Finding]:
        """Without the warnings."""
        return [finding for finding in self.findings if not finding.warning]


def check(folder: Path, intents: Iterable[str], today: date, *further: FurtherRule) -> list[Finding]:
    """Everything that can be seen without a person; the worst first, then by file and line."""
    return examine(folder, intents, today, *further).findings


def examine(folder: Path, intents: Iterable[str], today: date, *further: FurtherRule) -> Examined:
    """The same, with what was read. Never raises for what is in the files. `today`: in Vietnam."""
    read = stock.gather(folder)
    files = read.files
    findings = [*read.findings, *text_rules.findings(files), *phrase_rules.findings(files)]
    if read.stock is not None:
        of = topic_rules.Folder(read.stock, files, read.topic_files, frozenset(intents))
        findings += [*topic_rules.findings(of), *day_rules.findings(of, today)]
        library = on(read.stock, today)
        findings += [_placed(of, folder, *found) for rule in further for found in _asked(rule, library)]
    return Examined(sorted(set(findings), key=lambda f: (f.warning, f.file, f.line, f.rule)), read.stock)


def _asked(rule: FurtherRule, library: Library) -> Iterable[tuple[str, str, str, bool]]:
    """What a rule finds; content that cannot even be shown is wrong, and stops no other rule."""
    try:
        return list(rule(library))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return [("", "schema", f"it cannot be shown: {type(error).__name__}: {error}", False)]


def _placed(of: topic_rules.Folder, folder: Path, name: str, rule: str, remedy: str, warning: bool) -> Finding:
    return Finding(f"{folder.name}/{of.topic_files.get(name, name)}", rule, remedy, warning)
