"""The names of what the dialogue understands, as its domain lists them."""

from __future__ import annotations

import yaml

from nlu.model import ROOT


def intents() -> tuple[str, ...]:
    """In the order of domain/domain.yml."""
    domain = yaml.safe_load((ROOT / "domain" / "domain.yml").read_text(encoding="utf-8"))
    return tuple(domain["intents"])
