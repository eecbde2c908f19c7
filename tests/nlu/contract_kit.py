"""The contract bot: where its files lie, its trained model, and actions that write down what they were asked."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nlu.engine import Action, Ask, Told
from nlu.model import ModelFile
from nlu.training import train

BOT = Path(__file__).parent / "contract_bot"
BROKEN = "Dao Thi Bi Mat"  # what the action that breaks has in its hands: a person's words, which nobody may see


class Trained:
    """The contract bot's model, the steps that its training told, and what it printed: in `folder`, unless made before."""

    steps: list[str]
    printed: str

    def __init__(self, folder: Path) -> None:
        self.model = ModelFile(folder / "models", b"k" * 32)
        report = folder / "report.json"
        if not report.exists():
            report.write_text(json.dumps(self._train()), encoding="utf-8")
        self.steps, self.printed = json.loads(report.read_text(encoding="utf-8"))

    def _train(self) -> tuple[list[str], str]:
        steps, screen = list[str](), io.StringIO()
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            train(self.model, steps.append, root=BOT)
        return steps, screen.getvalue()


class Actions:
    """Every action of the contract bot; `asked` is what they were asked, in turn."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []
        self.table: dict[str, Action] = {
            name: self._write_down(answer)
            for name, answer in {
                "action_answer": lambda ask: _said(ask, slots={"topic": ask.meaning.intent}),
                "action_ask_place": _said,
                "action_ask_agreed": _said,
                "validate_visit_form": _validated,
                "action_visit_booked": _said,
                "action_invite": _said,
                "action_open": _said,
                "action_close": _said,
                "action_break_down": _broken,
                "action_offer_readings": lambda ask: _said(ask, rewind=True),
                "action_default_fallback": lambda ask: _said(ask, rewind=True),
            }.items()
        }

    def _write_down(self, answer: Callable[[Ask], Told]) -> Action:
        async def action(ask: Ask) -> Told:
            self.asked.append(ask)
            return answer(ask)

        return action


def _said(ask: Ask, **more: Any) -> Told:
    return Told(said=({"by": ask.action},), **more)


def _validated(ask: Ask) -> Told:
    """A place has at least three letters; what is right is not set again."""
    place = ask.slots["place"]
    return Told(slots={"place": None}) if place and len(place) < 3 else Told()


def _broken(ask: Ask) -> Told:
    raise ValueError(f"{BROKEN} in {ask}")
