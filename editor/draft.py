"""What the content folder holds right now, live or not, with what the check finds in it; read anew when a file changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from content import files
from content.check import Finding, FurtherRule, examine
from content.library import Library, on, vietnams_day


@dataclass(frozen=True, slots=True)
class Written:
    """`library` is None while the files cannot be read at all."""

    library: Library | None
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.warning)

    def of(self, *names: str) -> tuple[Finding, ...]:
        """What was found in these files, by their names below the folder."""
        return tuple(f for f in self.findings if f.file.partition("/")[2] in names)


class Draft:
    """For the editors' pages. `read` takes half a second after a change, and is called in a thread."""

    def __init__(
        self, folder: Path, intents: Iterable[str], now: Callable[[], datetime], *further: FurtherRule
    ) -> None:
        """`further`: the same rules as the shelf's."""
        self._folder, self._intents, self._now, self._further = folder, tuple(intents), now, further
        self._lock = Lock()
        self._known: tuple[object, Written] | None = None

    def read(self) -> Written:
        with self._lock:
            day = vietnams_day(self._now())
            state = (files.digest(self._folder), day)
            if self._known is None or self._known[0] != state:
                examined = examine(self._folder, self._intents, day, *self._further)
                library = on(examined.stock, day) if examined.stock else None
                self._known = (state, Written(library, tuple(examined.findings)))
            return self._known[1]
