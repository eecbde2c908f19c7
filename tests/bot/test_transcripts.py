"""Talks over the real engine: what people say and what they must hear (transcripts.yml, followups.yml beside this file)."""

from __future__ import annotations

from pathlib import Path

import pytest

from lachan.first_start import first_accounts
from lachan.house import House
from tests.kit import transcript

TALKS = [t for name in ("transcripts.yml", "followups.yml") for t in transcript.load(Path(__file__).with_name(name))]


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.name)
async def test_talk(house: House, talk: transcript.Transcript) -> None:
    first_accounts(house)  # somebody must be on duty for a tip to be sent
    await transcript.play(house.conversation, talk)
