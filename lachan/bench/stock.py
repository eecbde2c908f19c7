"""One measurement of Rasa as it comes, run by Rasa's own interpreter (Python 3.10): JSON on standard output.

`python stock.py MODEL TEXTS TURNS`. Rasa's Agent is called in its own process, without HTTP: to Rasa's advantage.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", LOG_LEVEL="ERROR")

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

sys.path.insert(0, str(Path(__file__).parent))
import load


async def main(model: str, texts_file: str, turns: str) -> None:
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    agent = Agent.load(model)

    async def say(talk: str, text: str) -> Any:
        return await agent.handle_message(UserMessage(text, CollectingOutputChannel(), talk))

    await say("first", texts["mixed"][0])
    print("answered", flush=True)
    figures = {
        **await load.one_client(say, texts["mixed"]),
        "turns_per_s": await load.many_clients(say, texts["mixed"], int(turns)),
        **await load.long_talk(say, texts["calm"], 500),
        "resident_mb": _resident_mb(),
    }
    print(json.dumps(figures))


def _resident_mb() -> float:
    """Rasa's environment has no psutil; Linux tells it in pages."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


asyncio.run(main(*sys.argv[1:]))
