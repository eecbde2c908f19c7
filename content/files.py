"""Content files as they stand on the disk: their values, the line of each, and which version of them this is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from content.finding import Finding

FOLDER = Path(__file__).parent
_NEVER = datetime.fromtimestamp(0, UTC)
NO_CONTENT = ("schema", "__pycache__")  # folders beside the content
RULES_ONLY = "plain_words.yml"  # what the check reads, and nobody else

type At = tuple[str | int, ...]
"""Where a value stands in its file: keys and places in lists."""


@dataclass(frozen=True)
class Marked:
    """A file's values; `name` is its path below the content folder, with slashes."""

    name: str
    value: Any
    shown: str = ""  # what findings call the file
    changed: float = 0.0  # seconds since 1970
    doubled: tuple[At, ...] = ()  # keys that stand twice in one mapping: YAML keeps the last one and says nothing
    content: bytes = field(default=b"", repr=False)

    def line(self, at: At) -> int:
        """The line of a value, or of what it would stand in; from 1 on."""
        while at not in self._lines and at:
            at = at[:-1]
        return self._lines.get(at, 1)

    def finding(self, at: At, rule: str, remedy: str, warning: bool = False) -> Finding:
        return Finding(self.shown, rule, remedy, warning, self.line(at))

    @cached_property
    def _lines(self) -> dict[At, int]:
        """Looked for only where something was found."""
        node = yaml.CSafeLoader(self.content.decode()).get_single_node()
        return dict(_lines(node, ())) if node else {}


def names(folder: Path) -> list[str]:
    """All content files below a folder, in order."""
    found = (path.relative_to(folder) for path in folder.rglob("*.yml"))
    return sorted(path.as_posix() for path in found if path.parts[0] not in NO_CONTENT)


def read(folder: Path, name: str) -> Marked | Finding:
    """A file, or what is wrong with it as YAML."""
    shown = f"{folder.name}/{name}"
    try:
        content, changed = (folder / name).read_bytes(), (folder / name).stat().st_mtime
        value, doubled = _parsed(content)
        return Marked(name, value, shown, changed, doubled, content)
    except FileNotFoundError:
        return Finding(shown, "schema", "the file is missing")
    except UnicodeDecodeError:
        return Finding(shown, "schema", "save the file as UTF-8")
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day such as 2027-02-30
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        return Finding(shown, "schema", f"not YAML: {getattr(error, 'problem', None) or error}", line=line)


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> tuple[Any, tuple[At, ...]]:
    """The values, which nobody changes, and the doubled keys. Most files are the same at the next reload."""
    loader = yaml.CSafeLoader(content.decode())
    node = loader.get_single_node()
    return (loader.construct_document(node), tuple(_doubled(node, ()))) if node else (None, ())


def digest(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file changes; costs no more than looking at the folder."""
    seen = []
    for name in names(folder):
        try:
            status = (folder / name).stat()
        except FileNotFoundError:  # it went while we looked
            continue
        seen.append((name, status.st_mtime_ns, status.st_size))
    return tuple(seen)


@dataclass(frozen=True, slots=True)
class Version:
    """Which content this is: a short hash of all files, and when the newest of them was changed."""

    hash: str = ""
    newest: datetime = _NEVER


NO_VERSION = Version()


@dataclass(frozen=True, slots=True)
class Live:
    """What the pages show: which version is live, and where and why a newer one was refused ("" if none was)."""

    version: Version
    refused: str = ""


def version(read: Iterable[Marked]) -> Version:
    """The version that these files are together."""
    content, newest = hashlib.sha256(), 0.0
    for marked in sorted(read, key=lambda marked: marked.name):
        content.update(marked.name.encode() + b"\0" + hashlib.sha256(marked.content).digest())
        newest = max(newest, marked.changed)
    return Version(content.hexdigest()[:8], datetime.fromtimestamp(newest, UTC))


def _lines(node: yaml.Node, at: At) -> Iterator[tuple[At, int]]:
    yield at, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*at, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, (*at, place))


def _doubled(node: yaml.Node, at: At) -> Iterator[At]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*at, str(key.value))
            seen.add(key.value)
            yield from _doubled(value, (*at, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _doubled(value, (*at, place))
