"""Runs the measurements one after the other and puts the figures side by side."""

from __future__ import annotations

import json
import platform
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from lachan.bench.stock_bot import EPOCHS, StockBot
from lachan.settings import Settings
from nlu.model import ROOT
from nlu.training_files import sentences as training_sentences

SENTENCES_AN_INTENT = 5
STOCK_TURNS = 1000
SHARED_SECONDS = 15
_SETTLING = 12.0  # seconds that two processes get for loading before both begin to count
Tell = Callable[[str], None]


class MeasureError(Exception):
    """A measurement stopped without figures."""


@dataclass
class Figures:
    """What was measured; `stock` is empty where Rasa as it comes was not asked for."""

    machine: str
    sentences: int
    ours: dict[str, Any] = field(default_factory=dict)
    stock: dict[str, Any] = field(default_factory=dict)


def measure(settings: Settings, tell: Tell) -> Figures:
    """The product alone. The model of `settings` must be trained."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(sentences()), encoding="utf-8")
        figures = Figures(machine(), len(sentences()["mixed"]))
        tell("training")
        figures.ours["training_s"] = _training()
        tell("the conversation layer")
        figures.ours["conversation"] = _ours(settings, "conversation", texts)
        tell("the engine: 100,000 turns by 10,000 people")
        figures.ours["engine"] = _ours(settings, "engine", texts)
        if shutil.which("redis-server"):
            tell("processes that share talks through Redis")
            with _redis(Path(folder)) as redis:
                figures.ours["shared"] = {
                    f"{n}_processes_turns_per_s": _shared(settings, texts, redis, n) for n in (1, 2)
                }
    return figures


def measure_stock(folder: Path, epochs: int, python: str, figures: Figures, tell: Tell) -> None:
    """Rasa as it comes, into the same figures. With fewer than its 100 epochs the training time is a line drawn through two
    shorter trainings; turns, memory and start do not depend on it. Raises StockError, MeasureError."""
    bot = StockBot(folder, python, tell)
    bot.install()
    few = max(1, epochs // 3)
    short = bot.train(few) if epochs < EPOCHS else 0.0
    spent = bot.train(epochs)
    figures.stock["epochs"] = epochs
    figures.stock["training_s"] = spent + (spent - short) / (epochs - few) * (EPOCHS - epochs) if short else spent
    figures.stock["training_is_extrapolated"] = bool(short)
    tell("Rasa as it comes answers")
    with tempfile.TemporaryDirectory() as temporary:
        texts = Path(temporary) / "texts.json"
        texts.write_text(json.dumps(sentences()), encoding="utf-8")
        script = Path(__file__).with_name("stock.py")
        figures.stock["engine"] = _measured(
            [str(bot.python), str(script), str(bot.model), str(texts), str(STOCK_TURNS)], cwd=folder
        )


def sentences() -> dict[str, list[str]]:
    """What is said, the same each time. `mixed`: some training sentences of every intent, shuffled; `calm`: one of each
    question, which opens no tip and no quiz, so that the first and the last turns of a long talk can be compared."""
    dice = random.Random(4)  # noqa: S311  (no secret)
    mixed: list[str] = []
    calm: list[str] = []
    by_intent: dict[str, list[str]] = {}
    for sentence, intent in training_sentences():
        by_intent.setdefault(intent, []).append(sentence)
    for intent, said in by_intent.items():
        chosen = dice.sample(said, min(SENTENCES_AN_INTENT, len(said)))
        mixed += chosen
        calm += chosen[:1] if intent.startswith("ask_") else []
    dice.shuffle(mixed)
    return {"mixed": mixed, "calm": calm[:20]}


def machine() -> str:
    """Processor, cores, memory and Python, in one line."""
    name, told = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if told.exists():
        models = [
            line.partition(":")[2].strip() for line in told.read_text().splitlines() if line.startswith("model name")
        ]
        name = models[0] if models else name
    memory = psutil.virtual_memory().total / 2**30
    return f"{name}, {psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def _training() -> float:
    """Seconds of a training in a fresh process, imports included."""
    code = """
import sys
from pathlib import Path
from nlu.model import ModelFile
from nlu.training import train
train(ModelFile(Path(sys.argv[1]), b"k" * 32))
"""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, folder], check=True, cwd=ROOT, capture_output=True)
        return time.perf_counter() - begun


def _ours(settings: Settings, what: str, texts: Path, *more: str) -> dict[str, Any]:
    return _measured([sys.executable, "-m", "lachan.bench.ours", what, str(settings.data.resolve()), str(texts), *more])


def _measured(command: list[str], cwd: Path = ROOT) -> dict[str, Any]:
    """Runs a measurement; adds the seconds from nothing to its first answer. Raises MeasureError."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=cwd) as process:
        assert process.stdout is not None
        first = _line(process.stdout, "answered")
        start = time.perf_counter() - begun
        rest = process.stdout.read().strip().splitlines()
    if not first or process.returncode or not rest:
        raise MeasureError(f"no figures from {' '.join(command[:4])}")
    return {"start_s": start, **json.loads(rest[-1])}


def _line(lines: Iterator[str], wanted: str) -> bool:
    return any(line.strip() == wanted for line in lines)


def _shared(settings: Settings, texts: Path, redis: str, processes: int) -> float:
    """Turns a second of all processes together; each makes its own load, so no generator is counted."""
    start_at = str(time.time() + _SETTLING)
    clients = str(16 // processes)
    data = str(settings.data.resolve())
    command = [sys.executable, "-m", "lachan.bench.ours", "shared", data, str(texts), redis, clients, start_at]
    running = [
        subprocess.Popen([*command, str(SHARED_SECONDS)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
        for _ in range(processes)
    ]
    return sum(float(json.loads(process.communicate()[0].splitlines()[-1])["turns_per_s"]) for process in running)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """A Redis that writes nothing, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        time.sleep(0.5)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
