"""Brings a store to the present schema with Alembic; each store has its own history below `db/migrations/`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from db.citizen import CitizenBase
from db.police import PoliceBase
from db.stores import Store

_FOLDER = Path(__file__).parent / "migrations"


class Kind(StrEnum):
    CITIZEN = "citizen"
    POLICE = "police"

    @property
    def metadata(self) -> MetaData:
        return CitizenBase.metadata if self is Kind.CITIZEN else PoliceBase.metadata


def config(kind: Kind) -> Config:
    """Alembic's settings for one store, without a database: `env.py` takes the connection from the attributes."""
    settings = Config()
    settings.set_main_option("script_location", str(_FOLDER))
    settings.set_main_option("version_locations", str(_FOLDER / kind.value))
    settings.set_main_option("path_separator", "os")
    settings.attributes["metadata"] = kind.metadata
    return settings


def upgrade(store: Store, kind: Kind) -> None:
    """Applies every revision that the store does not have yet. Safe to call at each start."""
    settings = config(kind)
    with store.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def head(kind: Kind) -> str:
    """The newest revision of a store's history."""
    return ScriptDirectory.from_config(config(kind)).get_current_head() or ""
