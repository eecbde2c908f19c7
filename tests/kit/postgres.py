"""A real PostgreSQL server, on a port of its own, for the time of a test."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

_ADMIN = "postgres"  # PostgreSQL refuses to run as root: then it runs as the user of Debian's package


class PostgresServer:
    """`with PostgresServer() as server: server.make("citizen")` gives the address of a new database."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))

    def make(self, name: str) -> str:
        """SQLAlchemy's address of a new, empty database."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        return self._address(name).replace("postgresql://", "postgresql+psycopg://")

    def dump(self, name: str) -> str:
        """All of a database as pg_dump writes it."""
        command = [_program("pg_dump"), "--dbname", self._address(name)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def __enter__(self) -> Self:
        user = _ADMIN if os.getuid() == 0 else None
        if user:
            os.chown(self._folder, pwd.getpwnam(user).pw_uid, -1)
        data = self._folder / "data"
        make = [
            _program("initdb"),
            "-D",
            data,
            "-U",
            _ADMIN,
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ]
        subprocess.run(make, check=True, user=user, stdout=subprocess.DEVNULL)
        run = [_program("postgres"), "-D", data, "-p", str(self.port), "-k", self._folder, "-c", "fsync=off"]
        self._process = subprocess.Popen([*run, "-h", "127.0.0.1"], user=user, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=1).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return self
        raise RuntimeError("PostgreSQL did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _address(self, name: str) -> str:
        return f"postgresql://{_ADMIN}@127.0.0.1:{self.port}/{name}"


def _program(name: str) -> str:
    """Debian keeps the server's programs outside the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    assert found, f"{name} is missing: `make postgres` installs Debian's PostgreSQL"
    return found
