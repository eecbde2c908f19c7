"""How well two wishes in one message are heard: two figures on tests/nlu/two_wishes.jsonl.

The odd lines are those that the rules were tuned on, the even ones measure.
`PYTHONPATH=. .venv/bin/python -m tests.nlu.two_wishes` prints both with the app's model, and what went wrong on the odd lines.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

from nlu import danger
from nlu.engine import Engine
from nlu.talk.wishes import asked, wishes

FILE = Path(__file__).with_name("two_wishes.jsonl")
ODD, EVEN = 1, 0
_DANGER = "emergency"


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1, and the texts behind the failures with what was heard."""

    served: float
    split: float
    lost: list[str] = field(repr=False)
    torn: list[str] = field(repr=False)


async def heard(text: str, engine: Engine) -> tuple[str, ...]:
    """What the conversation hears: the net first, then the clauses. () is one wish, whatever it is."""
    if danger.load().why(text):
        more = [intent for intent in await asked(text, engine.read) if intent != _DANGER]
        return (_DANGER, *more)
    return await wishes(text, engine.read)


async def measure(engine: Engine, half: int) -> Figures:
    """`half` is ODD or EVEN, by the number of the line, from 1."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    mine = [row for number, row in enumerate(rows, 1) if number % 2 == half]
    lost, torn = [], []
    for row in mine:
        text, meant = row["text"], row["intents"]
        found = await heard(text, engine)
        if len(meant) > 1 and list(found[:2]) != meant:
            lost.append(f"{text} {meant} {found}")
        by_net = {_DANGER} if danger.load().why(text) else set()  # the net's own false alarms are counted elsewhere
        if len(meant) == 1 and set(found) - {*meant, *by_net}:
            torn.append(f"{text} {meant} {found}")
    two = sum(len(row["intents"]) > 1 for row in mine)
    return Figures(1 - len(lost) / two, len(torn) / (len(mine) - two), lost, torn)


def main() -> None:
    from lachan.house import House
    from lachan.settings import Settings

    engine = House(Settings()).engine
    odd, even = (asyncio.run(measure(engine, half)) for half in (ODD, EVEN))
    print(f"odd lines (tuned on): both served in order {odd.served:.3f}, wrongly split {odd.split:.3f}")
    print(f"even lines (measure): both served in order {even.served:.3f}, wrongly split {even.split:.3f}")
    print(*odd.lost, *odd.torn, sep="\n")


if __name__ == "__main__":
    main()
