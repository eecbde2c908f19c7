"""Talks as lists of (a person says, the bot says), played over the real conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.channels import Hears
from bot.inbound import Inbound
from content.reply import Reply


@dataclass(frozen=True)
class Step:
    """What is said, or which button is tapped (by title); `hears` are found in what comes back, `not_hears` are not."""

    says: str = ""
    taps: str = ""
    hears: tuple[str, ...] = ()
    not_hears: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transcript:
    name: str
    steps: tuple[Step, ...] = field(repr=False)


def load(path: Path) -> list[Transcript]:
    """Reads `[{name, steps: [{says|taps, hears, not_hears}]}]`."""

    def step(value: dict[str, Any]) -> Step:
        return Step(
            str(value.get("says", "")),
            str(value.get("taps", "")),
            tuple(map(str, value.get("hears", ()))),
            tuple(map(str, value.get("not_hears", ()))),
        )

    talks = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Transcript(t["name"], tuple(step(s) for s in t["steps"])) for t in talks]


async def play(conversation: Hears, transcript: Transcript, channel: str = "web") -> None:
    """Raises AssertionError at the first step that goes otherwise, telling what was heard."""
    sender, heard = f"person of {transcript.name}", list[Reply]()
    for number, step in enumerate(transcript.steps, 1):
        if step.taps:
            inbound = Inbound(channel, sender, payload=_payload(heard, step.taps))
        else:
            inbound = Inbound(channel, sender, text=step.says)
        heard = await conversation.hear(inbound)
        said = as_text(heard)
        where = f"{transcript.name}, step {number} ({step.says or step.taps!r}):\n{said}"
        for expected in step.hears:
            assert expected.casefold() in said.casefold(), f"{expected!r} was not heard in {where}"
        for unwanted in step.not_hears:
            assert unwanted.casefold() not in said.casefold(), f"{unwanted!r} was heard in {where}"


def as_text(replies: Sequence[Reply]) -> str:
    """All that a person sees: texts, small print, calls, buttons."""
    lines = []
    for reply in replies:
        lines += [reply.text, reply.aside, reply.note, *(f"[{c.title}: {c.number or c.url}]" for c in reply.calls)]
        lines += [f"<{button.title}>" for button in reply.buttons]
    return "\n".join(line for line in lines if line)


def _payload(heard: Sequence[Reply], title: str) -> str:
    for reply in reversed(heard):
        for button in reply.buttons:
            if title.casefold() in button.title.casefold():
                return button.payload
    raise AssertionError(f"no button {title!r}; there are {[b.title for r in heard for b in r.buttons]}")
