"""What we rely on in Rasa, first half: training a model and validating the data, on the contract bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from nlu.model import ModelError, ModelFile
from nlu.training import train
from tests.nlu.contract_kit import BOT, Trained

# isort: split
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator


@pytest.fixture(autouse=True)
def nothing_is_written() -> Iterator[None]:
    """Rasa must not write into the bot's folder, whatever it does."""
    before = sorted(BOT.rglob("*"))
    yield
    assert sorted(BOT.rglob("*")) == before


# -- training


def test_a_training_tells_its_steps_and_seals_its_model(contract: Trained) -> None:
    assert contract.steps[0] == "reading"
    assert contract.steps[-1] == "sealing"
    assert {"MarkFeaturizer", "LinearIntentClassifier", "TurnRulePolicy", "MemoizationPolicy"} <= set(contract.steps)
    assert contract.model.check() == contract.model.path
    assert contract.model.is_current(BOT)
    assert sorted(p.name for p in contract.model.folder.iterdir()) == ["lachan.json", "lachan.tar.gz"]
    assert contract.printed == "", "neither Rasa's notices nor its progress bars"


def test_a_refused_training_leaves_the_model_as_it_was(
    contract: Trained, bot_files: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = ModelFile(tmp_path / "model", b"k" * 32)
    (bot_files / "domain" / "domain.yml").write_text("intents: 3\n")
    with pytest.raises(ModelError, match="could not train"):
        train(model, root=bot_files)
    assert not model.path.exists()
    assert capfd.readouterr().out == ""


def test_a_neural_component_is_refused_by_name(bot_files: Path, tmp_path: Path) -> None:
    config = yaml.safe_load((bot_files / "config.yml").read_text())
    config["pipeline"] = [
        {"name": "WhitespaceTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "DIETClassifier", "epochs": 1},
    ]
    (bot_files / "config.yml").write_text(yaml.safe_dump(config))
    with pytest.raises(ModelError, match=r"DIET needs keras.*neural components"):
        train(ModelFile(tmp_path / "model", b"k" * 32), root=bot_files)


# -- validation of the data


def _validator(root: Path) -> Validator:
    return Validator.from_importer(
        TrainingDataImporter.load_from_config(
            str(root / "config.yml"), str(root / "domain"), [str(root / "nlu" / "data"), str(root / "stories")]
        )
    )


def _valid(root: Path) -> bool:
    """What `lachan rasa data validate --fail-on-warnings` looks at."""
    validator = _validator(root)
    return all(
        (
            validator.verify_domain_validity(),
            validator.verify_nlu(ignore_warnings=False),
            validator.verify_intents_in_stories(ignore_warnings=False),
            validator.verify_actions_in_stories_rules(),
            validator.verify_forms_in_stories_rules(),
            validator.verify_form_slots(),
            validator.verify_slot_mappings(),
            validator.verify_story_structure(ignore_warnings=False),
        )
    )


_FAULTS = {
    "an action that is nowhere": ("stories/stories.yml", "- action: action_open\n", "- action: action_opne\n"),
    "an intent that is nowhere": ("stories/stories.yml", "- intent: affirm\n", "- intent: afirm\n"),
    "a sentence under two intents": ("nlu/data/nlu.yml", "    - máy lỗi\n", "    - máy lỗi\n    - xin chào\n"),
    "a form's slot that is nowhere": ("domain/domain.yml", "[place, agreed]", "[place, agree]"),
    "a form that is nowhere": ("domain/domain.yml", "active_loop: visit_form\n            requested_slot: place",
                               "active_loop: visit_from\n            requested_slot: place"),
    "two stories that contradict each other": ("stories/stories.yml", "- action: action_close\n",
                                               "- action: action_close\n\n  - story: another no\n    steps:\n"
                                               "      - intent: check_offer\n      - action: action_answer\n"
                                               "      - action: action_invite\n      - intent: deny\n"
                                               "      - action: action_open\n"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_the_contract_bot_is_valid() -> None:
    assert _valid(BOT)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("fault", list(_FAULTS))
def test_validation_finds_a_planted_fault(bot_files: Path, fault: str) -> None:
    path, right, wrong = _FAULTS[fault]
    content = (bot_files / path).read_text()
    assert content.count(right) >= 1
    (bot_files / path).write_text(content.replace(right, wrong, 1))
    assert not _valid(bot_files)
