"""Reads the content files, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from content.model import Hotline, Place, Question, Source, Topic, Words

FOLDER = Path(__file__).parent


class ContentError(Exception):
    """A content file that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class Library:
    """All content of one moment. Made by `Library.load`; never changed afterwards."""

    topics: dict[str, Topic]
    questions: dict[str, Question]
    phrases: dict[str, Words]
    sources: dict[str, Source]
    hotlines: dict[str, Hotline]
    places: tuple[Place, ...]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Library:
        """Reads everything below `folder`. Raises ContentError naming the first file that is wrong."""
        library = cls(
            topics={t.name: t for t in _each(Topic, folder, sorted(folder.glob("topics/*.yml")))},
            questions=_questions(folder),
            phrases=_phrases(folder),
            sources=_mapping(Source, folder / "sources.yml"),
            hotlines=_mapping(Hotline, folder / "hotlines.yml"),
            places=tuple(_parse(Place, folder / "places.yml", item) for item in _yaml(folder / "places.yml")),
        )
        library._refuse_unsourced()
        return library

    def phrase(self, key: str, language: str = "vi", **values: object) -> str:
        """A short text of the bot, filled in. Raises KeyError for an unknown key: a person never sees a key."""
        return self.phrases[key].say(language).format(**values)

    def _refuse_unsourced(self) -> None:
        for name, sources in self._sourced():
            missing = [s for s in sources if s not in self.sources]
            if missing:
                raise ContentError(
                    f"{name}: source {missing[0]} is not in sources.yml; add it there or drop the statement"
                )
        for key, source in self.sources.items():
            if key != "ADVICE" and (source.mark is None or source.checked_on is None):
                raise ContentError(f"sources.yml: {key} needs a mark (A or B) and checked_on")

    def _sourced(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        for topic in self.topics.values():
            for statement in topic.statements():
                yield f"topics/{topic.name}.yml", statement.sources
        for question in self.questions.values():
            yield f"question {question.id}", question.sources
        for key, hotline in self.hotlines.items():
            yield f"hotlines.yml: {key}", hotline.sources


def _questions(folder: Path) -> dict[str, Question]:
    questions: dict[str, Question] = {}
    for path in sorted(folder.glob("questions/*.yml")):
        for item in _yaml(path):
            question = _parse(Question, path, item)
            if question.id in questions:
                raise ContentError(f"{path.name}: the id {question.id} is used twice")
            questions[question.id] = question
    return questions


def _phrases(folder: Path) -> dict[str, Words]:
    phrases: dict[str, Words] = {}
    for path in sorted(folder.glob("phrases/*.yml")):
        for key, words in _mapping(Words, path).items():
            phrases[f"{path.stem}.{key}"] = words
    return phrases


def _mapping[M: BaseModel](kind: type[M], path: Path) -> dict[str, M]:
    return {str(key): _parse(kind, path, value) for key, value in _yaml(path).items()}


def _each[M: BaseModel](kind: type[M], folder: Path, paths: Iterable[Path]) -> list[M]:
    return [_parse(kind, path, _yaml(path)) for path in paths]


def _parse[M: BaseModel](kind: type[M], path: Path, value: Any) -> M:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{path.name}: {where or 'file'}: {first['msg']}") from None


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise ContentError(f"{path.name} is missing") from None
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: not YAML: {str(error).splitlines()[-1].strip()}") from None
