"""All content files, parsed, with every version of every statement; `on` makes of them what holds on one day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from content import files, packs
from content.files import NO_VERSION, At, Marked, Version
from content.finding import ContentError, Finding
from content.model import ADVICE, Hotline, Place, Question, Source, Tongue, TopicFile, Words

_CODE = re.compile("[a-z]{2}")
SINGLE = ("sources.yml", "hotlines.yml", "places.yml")
FOLDERS = ("topics", "questions", "phrases")


@dataclass(frozen=True)
class Stock:
    """Everything of one version of the content folder. Never changed afterwards."""

    topics: Mapping[str, TopicFile]
    questions: Mapping[str, Question]
    phrases: Mapping[str, Words]
    sources: Mapping[str, Source]
    hotlines: Mapping[str, Hotline]
    places: tuple[Place, ...]
    tongues: Mapping[str, Tongue]
    extra: Mapping[str, Any]  # by name, the values of files that other rooms read
    version: Version = NO_VERSION


@dataclass
class Gathered:
    """What came of reading a folder: the files, what is wrong with them, and the stock if it can be used."""

    files: dict[str, Marked] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    topic_files: dict[str, str] = field(default_factory=dict)  # the file of each topic
    stock: Stock | None = None


def read(folder: Path) -> Stock:
    """Raises ContentError naming the first thing that is wrong."""
    gathered = gather(folder)
    if gathered.stock is None:
        raise ContentError.of(gathered.findings[0])
    return gathered.stock


def gather(folder: Path) -> Gathered:
    """Reads everything below a folder. Never raises for what is in the files."""
    out = Gathered()
    for name in dict.fromkeys((*SINGLE, *files.names(folder))):
        found = files.read(folder, name)
        if isinstance(found, Finding):
            out.findings.append(found)
        else:
            out.files[name] = found
    translations = packs.read(out.files)
    parse = _Parser(out, translations)
    stock = Stock(
        topics=_topics(out, parse),
        questions=_questions(out, parse),
        phrases=_phrases(out, parse),
        sources=parse.mapping(Source, "sources.yml"),
        hotlines=parse.mapping(Hotline, "hotlines.yml"),
        places=tuple(place for _, place in parse.listed(Place, "places.yml")),
        tongues=_tongues(out, parse),
        extra={n: translations.into(n, (), marked.value) for n, marked in out.files.items() if _is_extra(n)},
        version=files.version(out.files.values()),
    )
    _unsourced(out, stock)
    out.findings.sort(key=lambda finding: finding.warning)
    out.stock = None if any(not finding.warning for finding in out.findings) else stock
    return out


def _topics(out: Gathered, parse: _Parser) -> dict[str, TopicFile]:
    topics: dict[str, TopicFile] = {}
    for name in parse.below("topics"):
        topic = parse.one(TopicFile, name, (), out.files[name].value)
        if topic is None:
            continue
        if topic.name in topics:
            parse.wrong(name, (), f"{topic.name} is in {out.topic_files[topic.name]}, too")
        topics[topic.name] = topic
        out.topic_files[topic.name] = name
    return topics


def _questions(out: Gathered, parse: _Parser) -> dict[str, Question]:
    questions: dict[str, Question] = {}
    for name in parse.below("questions"):
        for place, question in parse.listed(Question, name):
            if question.id in questions:
                parse.wrong(name, (place,), f"the id {question.id} is used twice")
            questions[question.id] = question
    return questions


def _phrases(out: Gathered, parse: _Parser) -> dict[str, Words]:
    phrases = {}
    for name in parse.below("phrases"):
        stem = name.removeprefix("phrases/").removesuffix(".yml")
        phrases.update({f"{stem}.{key}": words for key, words in parse.mapping(Words, name).items()})
    return phrases


def _tongues(out: Gathered, parse: _Parser) -> dict[str, Tongue]:
    """Vietnamese first, then English, then what else there is a folder for."""
    tongues = {}
    for code in dict.fromkeys(("vi", "en", *packs.codes(out.files))):
        name = f"{packs.FOLDER}/{code}/{packs.ABOUT}"
        if not _CODE.fullmatch(code):  # a talk has room for two letters (db/citizen.py), and PostgreSQL means it
            remedy = f"call the folder {code} by the language's two letters, as “km”"
            out.findings.append(Finding(f"{packs.FOLDER}/{code}", "schema", remedy))
        elif name not in out.files:
            out.findings.append(Finding(name, "schema", "the file is missing: name, chosen and asked of the language"))
        elif tongue := parse.one(Tongue, name, (), out.files[name].value):
            tongues[code] = tongue
    return tongues


class _Parser:
    """Parses values into types; what is wrong becomes a finding."""

    def __init__(self, out: Gathered, translations: packs.Translations) -> None:
        self._out, self._translations = out, translations

    def below(self, folder: str) -> list[str]:
        """The files in a folder of the content."""
        return [name for name in self._out.files if name.startswith(f"{folder}/")]

    def one[M: BaseModel](self, kind: type[M], name: str, at: At, value: Any) -> M | None:
        try:
            return kind.model_validate(self._translations.into(name, at, value))
        except ValidationError as error:
            for fault in error.errors():
                where = tuple(part for part in fault["loc"] if isinstance(part, str | int))
                told = ".".join(str(part) for part in (*at, *where)) or "file"
                self.wrong(name, (*at, *where), f"{told}: {fault['msg']}")
            return None

    def mapping[M: BaseModel](self, kind: type[M], name: str) -> dict[str, M]:
        value = self._out.files[name].value if name in self._out.files else {}
        if not isinstance(value, dict):
            self.wrong(name, (), "file: keys with values below them are wanted")
            return {}
        found = {str(key): self.one(kind, name, (str(key),), item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not None}

    def listed[M: BaseModel](self, kind: type[M], name: str) -> list[tuple[int, M]]:
        value = self._out.files[name].value if name in self._out.files else []
        if not isinstance(value, list):
            self.wrong(name, (), "file: a list is wanted")
            return []
        found = [(place, self.one(kind, name, (place,), item)) for place, item in enumerate(value)]
        return [(place, item) for place, item in found if item is not None]

    def wrong(self, name: str, at: At, remedy: str) -> None:
        self._out.findings.append(self._out.files[name].finding(at, "schema", remedy))


def _unsourced(out: Gathered, stock: Stock) -> None:
    """Every source that a file names is one that there is, and says how sure it is and since when."""
    for marked in out.files.values():
        for at, ids in named_sources(marked.value):
            for missing in (source for source in ids if source not in stock.sources):
                remedy = f"source {missing} is not in sources.yml; add it there or drop the statement"
                out.findings.append(marked.finding(at, "unsourced", remedy))
    for key, source in stock.sources.items():
        if key != ADVICE and (source.mark is None or source.checked_on is None):
            remedy = f"{key} needs a mark (A or B) and checked_on"
            out.findings.append(out.files["sources.yml"].finding((key,), "unsourced", remedy))


def named_sources(value: Any, at: At = ()) -> Iterable[tuple[At, list[str]]]:
    """Every list of sources in a file, wherever it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "sources" and isinstance(item, list):
                yield (*at, key), [str(source) for source in item]
            else:
                yield from named_sources(item, (*at, str(key)))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from named_sources(item, (*at, place))


def _is_extra(name: str) -> bool:
    return name not in (*SINGLE, files.RULES_ONLY) and not name.startswith((*(f"{f}/" for f in FOLDERS), packs.FOLDER))
