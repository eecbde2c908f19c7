"""Trains the model with Rasa, telling how far it is."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import nlu.compat  # noqa: F401  (before rasa)
from nlu import quiet
from nlu.model import ROOT, ModelError, ModelFile, inputs_hash

_STARTED = re.compile(r"Starting to train component '(?:.*\.)?(\w+)'")


class _Progress(logging.Handler):
    """Rasa says in its log which component it trains; nothing else of the log is passed on."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        found = _STARTED.search(record.getMessage())
        if found:
            self._tell(found[1])


def train(model: ModelFile, tell: Callable[[str], None] = lambda step: None, root: Path = ROOT) -> None:
    """Trains from the files below `root` and puts the model in its place, whole or not at all.

    `tell` is called with the name of each step. Raises ModelError if Rasa refuses the inputs.
    """
    quiet.install()
    from rasa.model_training import train as rasa_train

    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # a training takes seconds; a cache of pickles is not worth it
    inputs = inputs_hash(root)
    tell("reading")
    silence = contextlib.redirect_stdout(io.StringIO())  # Rasa prints; standard output is for whoever called
    with tempfile.TemporaryDirectory() as folder, _Listening(tell), silence:
        try:
            result = rasa_train(
                domain=str(root / "domain"),
                config=str(root / "config.yml"),
                training_files=[str(root / "nlu" / "data"), str(root / "stories")],
                output=folder,
                fixed_model_name="lachan",
                force_training=True,
            )
        except (Exception, SystemExit) as error:  # Rasa's refusals have no ancestor in common
            raise ModelError(f"Rasa could not train: {error.__cause__ or error}") from error
        if result.code != 0 or result.model is None:
            raise ModelError("Rasa could not train: run `lachan rasa data validate` to see why")
        tell("sealing")
        model.folder.mkdir(parents=True, exist_ok=True)
        staged = model.path.with_suffix(".new")
        shutil.move(result.model, staged)
        staged.replace(model.path)
    model.seal(inputs)


class _Listening:
    """Hears Rasa's progress while it trains, at a level that is off otherwise."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._handler = _Progress(tell)
        self._log = logging.getLogger("rasa.engine.training.hooks")

    def __enter__(self) -> None:
        self._level = self._log.level
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        self._log.addHandler(self._handler)

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self._handler)
        self._log.propagate = True
        self._log.setLevel(self._level)
