"""Where the milliseconds of a turn go: `python -m lachan.bench.where DATA TEXTS`. Each part is timed by a wrapper around it."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import language
from bot.conversation import Conversation
from bot.inbound import Inbound
from bot.talks import Talks
from lachan.house import House
from lachan.settings import Settings
from nlu.components import LinearIntentClassifier, MarkFeaturizer, Normaliser
from nlu.danger import DangerNet
from nlu.policy import TurnRulePolicy
from nlu.rasa_engine import DirectAction, RasaEngine
from nlu.talk_memory import TalkStore

WARM, TURNS, A_TALK = 300, 1500, 5
# Part, where it lies, what it is called there; a part is told without the parts that are inside it.
PARTS: tuple[tuple[str, Any, str, tuple[str, ...]], ...] = (
    ("read the talk (SQLite)", Talks, "load", ()),
    ("language", language, "detect", ()),
    ("danger net", DangerNet, "why", ()),
    ("engine: normalise", Normaliser, "process", ()),
    ("engine: features", MarkFeaturizer, "process", ()),
    ("engine: classify", LinearIntentClassifier, "process", ()),
    ("engine: recall the talk", TalkStore, "retrieve", ()),
    ("engine: rules", TurnRulePolicy, "predict_action_probabilities", ()),
    ("engine: actions, content", DirectAction, "run", ()),
    ("engine: keep the talk", TalkStore, "save", ()),
    ("engine: Rasa between them", RasaEngine, "turn", ("engine: ",)),
    ("keep the talk (SQLite)", Talks, "save", ()),
    ("conversation, floors, threads", Conversation, "hear", ("",)),
)


def measure(data: Path, texts: list[str]) -> dict[str, float]:
    """Milliseconds of each part, the mean over `TURNS` turns of a mixture."""
    spent: dict[str, float] = defaultdict(float)
    for part, owner, name, _ in PARTS:
        setattr(owner, name, _timed(getattr(owner, name), part, spent))
    with tempfile.TemporaryDirectory() as folder:
        stores = {kind: f"sqlite:///{Path(folder) / kind}" for kind in ("citizen_db", "police_db")}
        house = House(Settings(data=data, redis="", _env_file=None, **stores))  # type: ignore[arg-type]
        house.migrate()
        asyncio.run(_talk(house.conversation, texts, spent))
        house.close()
    inside = {
        part: sum(spent[p] for p in spent if p != part and p.startswith(within))
        for part, _, _, within in PARTS
        if within
    }
    inside["conversation, floors, threads"] -= inside["engine: Rasa between them"]
    return {part: (spent[part] - inside.get(part, 0.0)) / TURNS * 1000 for part, *_ in PARTS}


async def _talk(conversation: Conversation, texts: list[str], spent: dict[str, float]) -> None:
    for turn in range(WARM + TURNS):
        if turn == WARM:
            spent.clear()
        await conversation.hear(Inbound("bench", f"w{turn // A_TALK}", text=texts[turn % len(texts)]))


def _timed(function: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def later(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return await function(*args, **kwargs)
            finally:
                spent[part] += time.perf_counter() - begun

        return later

    @functools.wraps(function)
    def now(*args: Any, **kwargs: Any) -> Any:
        begun = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[part] += time.perf_counter() - begun

    return now


if __name__ == "__main__":
    found = measure(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["mixed"])
    print(json.dumps(found))
