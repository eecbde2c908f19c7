"""One trained model for all tests of a run: training is real and takes seconds, so it is done once."""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

from lachan.house import House
from lachan.settings import Settings
from nlu.engine import Engine


class TrainedModel:
    """A data folder with a key and a model, from which other folders are stocked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        house = House(Settings(data=folder, _env_file=None))  # type: ignore[call-arg]
        if not house.model.is_current():
            from nlu.training import train

            train(house.model)

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
        house = House(Settings(data=self.stock(folder), _env_file=None))  # type: ignore[call-arg]
        house.migrate()
        house.__dict__["engine"] = self.engine
        return house
