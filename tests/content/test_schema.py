"""The schemas for editors are those of the types, and the content keeps them."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from content import schemas
from content.files import FOLDER
from content.model import Question

OF = {
    "topic.json": "topics/*.yml",
    "questions.json": "questions/*.yml",
    "phrases.json": "phrases/*.yml",
    "sources.json": "sources.yml",
    "hotlines.json": "hotlines.yml",
    "places.json": "places.yml",
    "language.json": "languages/*/language.yml",
}


@pytest.mark.parametrize("name", list(schemas.KINDS))
def test_schemas_are_up_to_date(name: str) -> None:
    """If this fails: `lachan content schema`."""
    kept = json.loads((FOLDER / "schema" / name).read_text(encoding="utf-8"))
    assert kept == schemas.all_of_them()[name]


@pytest.mark.parametrize(("name", "pattern"), OF.items())
def test_every_file_keeps_its_schema(name: str, pattern: str) -> None:
    validator = Draft202012Validator(schemas.all_of_them()[name])
    paths = sorted(FOLDER.glob(pattern))
    assert paths
    for path in paths:
        value = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        assert [error.message for error in validator.iter_errors(value)] == [], path.name


def test_a_schema_refuses_what_the_types_refuse() -> None:
    validator = Draft202012Validator(schemas.all_of_them()["topic.json"])
    topic = yaml.safe_load((FOLDER / "topics" / "greet.yml").read_text(encoding="utf-8"))
    whole = json.loads(json.dumps(topic, default=str))
    assert validator.is_valid(whole)
    assert not validator.is_valid({**whole, "kind": "tropic"})
    assert not validator.is_valid({**whole, "wrong_key": 1})


@pytest.mark.parametrize(
    ("option", "fits"),
    [
        ("53/2024/QH15", True),
        ("+84 981 84 84 84", True),
        ("www.dolab.moha.gov.vn", True),
        ({"vi": "Sở Y tế", "en": "Health Department"}, True),
        ("Sở Y tế", False),
        ("60 ngày", False),
        ("No", False),
        ("Có.", False),
        ("", False),
    ],
)
def test_a_plain_option_is_figures_for_the_schema_as_for_the_types(option: object, fits: bool) -> None:
    questions = yaml.safe_load((FOLDER / "questions" / "luat.yml").read_text(encoding="utf-8"))
    question = {**questions[0], "options": [option, "1"], "answer": 0}
    validator = Draft202012Validator(schemas.all_of_them()["questions.json"])
    assert validator.is_valid([question]) == fits
    with nullcontext() if fits else pytest.raises(ValidationError, match="numbers and addresses"):
        Question.model_validate(question)
