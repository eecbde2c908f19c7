"""One trained model for all tests of a run: training is real and takes a minute of a core, so it is done once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from lachan.house import House
from lachan.settings import Settings
from nlu.engine import Engine
from tests.kit.stores import lay_stores

LACHAN = Path(sys.executable).parent / "lachan"


class TrainedModel:
    """A data folder with a key and a model, from which other folders are stocked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        house = House(Settings(data=folder, _env_file=None))  # type: ignore[call-arg]
        if not house.model.is_current():
            self._first_talk()
        house.close()

    def _first_talk(self) -> None:
        """A talk in an empty folder begins with a training, as on somebody's first day; what it says then has a test of its own."""
        talk = subprocess.run(
            [LACHAN, "chat", "--json"],
            env={**os.environ, "LACHAN_DATA": str(self.folder), "COLUMNS": "200"},
            input="chào bạn",
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert (self.folder / "models" / "lachan.json").exists(), talk.stdout + talk.stderr
        (self.folder / "first_talk.json").write_text(json.dumps([talk.stdout, talk.stderr]), encoding="utf-8")

    @property
    def first_talk(self) -> tuple[str, str]:
        """What the talk that began with the training wrote to standard output and standard error."""
        out, err = json.loads((self.folder / "first_talk.json").read_text(encoding="utf-8"))
        return out, err

    @cached_property
    def engine(self) -> Engine:
        """One engine for many houses: loading takes seconds, and talks in it have random names."""
        return House(Settings(data=self.folder, _env_file=None)).engine  # type: ignore[call-arg]

    @property
    def model(self) -> Path:
        return House(Settings(data=self.folder, _env_file=None)).model.check()  # type: ignore[call-arg]

    def stock(self, folder: Path) -> Path:
        """Puts the key and the model into a fresh data folder."""
        shutil.copytree(self.folder / "keys", folder / "keys")
        shutil.copytree(self.folder / "models", folder / "models")
        return folder

    def house(self, folder: Path) -> House:
        """A migrated house of its own on this model."""
        lay_stores(folder)
        house = House(Settings(data=self.stock(folder), _env_file=None))  # type: ignore[call-arg]
        house.__dict__["engine"] = self.engine
        return house
