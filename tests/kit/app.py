"""The real app, as `make run` starts it: one process with its own data folder, talked to over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Self

_ADDRESS = re.compile(r"^\s+(Citizens' chat|Police inbox|Organisers' pages)\s+(http\S+)", re.MULTILINE)
_ACCOUNT = re.compile(r"(/inbox|/organiser)\s+login: (\S+)\s+password: (\S+)")
_READY = "Ctrl-C stops"


@dataclass(frozen=True)
class Account:
    login: str
    password: str


class App:
    """`with App(folder, TELEGRAM_BOT_TOKEN=…) as app:` waits until the addresses are printed; leaving is Ctrl-C."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.log = data.parent / "app.log"
        self.exit_code: int | None = None
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LACHAN_", "TELEGRAM_", "ZALO_"))}
        self._settings = {**kept, "LACHAN_DATA": str(data), "LACHAN_PORT": "0", "COLUMNS": "200", **settings}
        self._printed: list[str] = []

    def __enter__(self) -> Self:
        self._log = self.log.open("ab")
        self._process = subprocess.Popen(
            [Path(sys.executable).parent / "lachan", "run"],
            env=self._settings,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        lines: Queue[str] = Queue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        while not any(_READY in line for line in self._printed):
            try:
                self._printed.append(lines.get(timeout=90))
            except Empty:
                self.kill()
                raise AssertionError(f"the app did not start: {self.printed}\n{self.log.read_text()[-3000:]}") from None
            if self._printed[-1] == "":
                raise AssertionError(f"the app ended: {self.printed}\n{self.log.read_text()[-3000:]}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                raise AssertionError("Ctrl-C did not stop the app") from None
        self.exit_code = self._process.returncode
        self._log.close()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()

    @property
    def printed(self) -> str:
        return "".join(self._printed)

    @property
    def chat(self) -> str:
        return self._addresses()["Citizens' chat"]

    @property
    def inbox(self) -> str:
        return self._addresses()["Police inbox"]

    @property
    def organiser(self) -> str:
        return self._addresses()["Organisers' pages"]

    def account(self, where: str) -> Account:
        """The login that the first start printed for "/inbox" or "/organiser"."""
        found = {path: Account(login, password) for path, login, password in _ACCOUNT.findall(self.printed)}
        return found[where]

    def _addresses(self) -> dict[str, str]:
        return dict(_ADDRESS.findall(self.printed))

    def _read(self, lines: Queue[str]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            lines.put(line)
        lines.put("")
