"""Rasa as it comes: an environment of its own (Python 3.10, TensorFlow), and a bot of its own on our data.

Pipeline and policies are those that `rasa init` of 3.6.21 writes. Intents and sentences are ours; an answer is a plain
response of Rasa's, which costs it less than an action would.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from content import render
from content.library import Library
from nlu.model import ROOT

EPOCHS = 100  # Rasa's default for each neural part
_LOCK = ROOT / "requirements" / "stock.txt"


class StockError(Exception):
    """Rasa's own environment could not be made, or Rasa failed in it; the message says where."""


class StockBot:
    """Below `folder`: `venv/`, and `bot/` with the project and its model."""

    def __init__(self, folder: Path, python: str, tell: Callable[[str], None]) -> None:
        """`python`: a Python 3.10 as uv knows it (a version or a path)."""
        self._venv, self._bot, self._wanted, self._tell = folder / "venv", folder / "bot", python, tell

    @property
    def python(self) -> Path:
        return self._venv / "bin" / "python"

    @property
    def model(self) -> Path:
        return self._bot / "models" / "stock.tar.gz"

    def install(self) -> None:
        """Makes the environment (2.5 GB) from requirements/stock.txt. Raises StockError."""
        if (self._venv / "ready").exists():
            return
        uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
        self._tell("an environment for Rasa as it comes (2.5 GB)")
        _run([uv, "venv", "--quiet", "--clear", "--python", self._wanted, str(self._venv)])
        _run([uv, "pip", "install", "--quiet", "--python", str(self.python), "--require-hashes", "-r", str(_LOCK)])
        (self._venv / "ready").touch()

    def train(self, epochs: int) -> float:
        """Writes the bot and trains it; wall seconds. Raises StockError."""
        shutil.rmtree(self._bot, ignore_errors=True)
        self._write(epochs)
        self._tell(f"Rasa as it comes trains ({epochs} epochs)")
        begun = time.perf_counter()
        _run(
            [str(self._venv / "bin" / "rasa"), "train", "--quiet", "--fixed-model-name", "stock"],
            cwd=self._bot,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"},
        )
        return time.perf_counter() - begun

    def _write(self, epochs: int) -> None:
        domain = yaml.safe_load((ROOT / "domain" / "domain.yml").read_text(encoding="utf-8"))
        intents: list[str] = domain["intents"]
        library = Library.load()
        says = {f"utter_{name}": [{"text": _answer(library, name)}] for name in intents}
        _dump(
            self._bot / "domain.yml",
            {"version": "3.1", **_only(domain, "session_config", "intents"), "responses": says},
        )
        _dump(self._bot / "data" / "talks.yml", {"version": "3.1", "rules": _rules(intents), "stories": _STORIES})
        _dump(self._bot / "config.yml", _config(epochs))
        for file in (ROOT / "nlu" / "data").glob("*.yml"):
            shutil.copy(file, self._bot / "data")


def _answer(library: Library, intent: str) -> str:
    """What our bot says, as one text."""
    return "\n".join(reply.text for reply in render.answer(library, intent, "vi"))


_STORIES = [
    {
        "story": f"an offer, then {answer}",
        "steps": [
            {"intent": "check_offer"},
            {"action": "utter_check_offer"},
            {"intent": answer},
            {"action": f"utter_{then}"},
        ],
    }
    for answer, then in (("affirm", "report_tip"), ("deny", "deny"))
]


def _rules(intents: list[str]) -> list[dict[str, Any]]:
    alone = [name for name in intents if name not in ("affirm", "deny")]
    return [{"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in alone]


def _config(epochs: int) -> dict[str, Any]:
    neural = {"epochs": epochs, "constrain_similarities": True}
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "vi",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", **neural},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", **neural},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {"name": "TEDPolicy", "max_history": 5, **neural},
        ],
    }


def _only(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: mapping[key] for key in keys}


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _run(command: list[str], **how: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if done.returncode:
        raise StockError(f"`{Path(command[0]).name} {command[1]}` failed:\n{done.stderr[-2000:]}")
