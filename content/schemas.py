"""JSON Schemas of the content files, for the help that an editor's program gives while one types."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from content.model import Hotline, Place, Question, Source, Tongue, TopicFile, Words

KINDS: dict[str, Any] = {
    "topic.json": TopicFile,
    "questions.json": list[Question],
    "phrases.json": dict[str, Words],
    "sources.json": dict[str, Source],
    "hotlines.json": dict[str, Hotline],
    "places.json": list[Place],
    "language.json": Tongue,
}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def all_of_them() -> dict[str, dict[str, Any]]:
    """By file name."""
    return {name: {"$schema": _DRAFT, **TypeAdapter(kind).json_schema()} for name, kind in KINDS.items()}
