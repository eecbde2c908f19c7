"""The tables of `words.yml`, read once and parsed into types."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Talk(_Table):
    """What people say around a name, without marks."""

    leads: tuple[str, ...]
    before: frozenset[str]
    before_typed: frozenset[str]
    after: frozenset[str]
    after_typed: frozenset[str]
    names_none: frozenset[str]
    names_none_typed: frozenset[str]
    chatter: frozenset[str]
    typed: frozenset[str]
    small: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    unknown: frozenset[str]


class Tables(_Table):
    forms: dict[str, tuple[str, ...]]
    no_form: tuple[str, ...]
    joining: frozenset[str]
    fields: tuple[str, ...]
    everyday: frozenset[str]
    short: dict[str, str]
    talk: Talk
    columns: dict[str, tuple[str, ...]]
    not_columns: frozenset[str]
    statuses: dict[str, tuple[str, ...]]
    negations: frozenset[str]


@cache
def tables() -> Tables:
    """Raises pydantic.ValidationError if the file has another shape."""
    text = Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    values = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  (makes strings only: "no" and "on" are words here)
    return Tables.model_validate(values)
