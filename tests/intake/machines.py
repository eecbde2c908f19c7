"""The two machines as processes of their own, to be killed: `python -m tests.intake.machines police|bot …`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from intake import intake_app, listening
from tests.intake.kit import HOST, bot_machine, police_store
from tips.police.store import SqlDropbox

READY = "ready"


def utc_now() -> datetime:
    return datetime.now(UTC)


async def police(folder: Path, port: int, certificates: Path) -> None:
    """The intake, until it is killed."""
    app = intake_app(SqlDropbox(police_store(folder), utc_now))
    async with listening(app, HOST, port, certificates):
        print(READY, flush=True)
        await asyncio.Event().wait()


def bot(folder: Path, url: str, certificates: Path) -> None:
    """Delivers what is in the outbox, and says how many are left."""
    machine = bot_machine(folder, url, certificates, utc_now)
    print(READY, flush=True)
    machine.dropbox.courier.run_once()
    print(machine.outbox.count(), flush=True)


def start(role: str, *arguments: object) -> subprocess.Popen[str]:
    """The process, once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.machines", role, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == READY
    return process


def kill(process: subprocess.Popen[str]) -> None:
    """As a power cut would."""
    process.kill()
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


if __name__ == "__main__":
    what, folder, where, certificates = sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    if what == "police":
        asyncio.run(police(folder, int(where), certificates))
    else:
        bot(folder, where, certificates)
