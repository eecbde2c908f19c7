"""All settings, from the environment (`LACHAN_…`) or a file `.env`; every one has a default that runs on one machine."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from content.files import FOLDER


class Part(StrEnum):
    """What can be started alone (`lachan run --only …`)."""

    BOT = "bot"
    INBOX = "inbox"
    ORGANISER = "organiser"
    WORKER = "worker"
    INTAKE = "intake"  # only on a machine of the police's own


EVERYDAY = tuple(part for part in Part if part is not Part.INTAKE)  # what one machine runs that has everything


class Settings(BaseSettings):
    """Values are checked when they are read; a wrong one stops the start with a sentence."""

    model_config = SettingsConfigDict(env_prefix="LACHAN_", env_file=".env", extra="ignore")

    data: Path = Path("data")
    content: Path = Field(FOLDER, description="folder of what the bot says; `lachan content copy` makes one to edit")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    citizen_db: str = ""  # SQLAlchemy URL; empty: SQLite below `data`
    police_db: str = ""
    redis: str = Field("", description="Redis URL; needed only where several processes answer citizens")

    telegram_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("TELEGRAM_BOT_TOKEN"))
    telegram_webhook: str = Field("", description="https address of this app; empty: polling")
    telegram_secret: SecretStr = SecretStr("")
    telegram_api: str = ""  # another Bot API server, for instance one of your own
    zalo_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("ZALO_BOT_TOKEN"))
    zalo_webhook: str = Field("", description="https address of this app")
    zalo_secret: SecretStr = SecretStr("")
    zalo_api: str = ""
    zalo_media_hosts: tuple[str, ...] = ()  # more host suffixes from which pictures may be fetched

    intake_url: str = Field("", description="of the police's own machine, for the bot; empty: the same database")
    intake_certificates: Path = Path("data/certificates")
    intake_host: str = "127.0.0.1"
    intake_port: int = Field(8443, ge=0, le=65535)

    @property
    def citizen_url(self) -> str:
        return self.citizen_db or f"sqlite:///{self.data / 'citizen.db'}"

    @property
    def police_url(self) -> str:
        return self.police_db or f"sqlite:///{self.data / 'police.db'}"

    @property
    def citizen_key(self) -> Path:
        return self.data / "keys" / "citizen.key"

    @property
    def models(self) -> Path:
        return self.data / "models"


def read_settings() -> Settings:
    """The settings, or a sentence for each wrong one and the end of the program (code 2)."""
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            print(f"setting {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
