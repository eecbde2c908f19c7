"""A store is one database: an engine, and transactions to work in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session


class Store:
    """One database. Services open one transaction a use case: `with store.begin() as session: …`."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's; a SQLite file's folder is made if it is missing (but for SQLite's own `file:` addresses)."""
        self.engine = _engine(url)
        self._glances = self.engine.execution_options(lachan_read=True)
        self._quick = self.engine.execution_options(lachan_quick=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A writing transaction: committed at the end, rolled back on an exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def erase(self) -> Iterator[Session]:
        """A transaction that deletes what must be gone at once, also from SQLite's write-ahead log beside the file."""
        with self.begin() as session:
            yield session
        self.scrub()

    def scrub(self) -> None:
        """Empties SQLite's write-ahead log; what a reader still needs stays until the next time."""
        if self.engine.dialect.name == "sqlite":
            raw = self.engine.raw_connection()  # outside any transaction
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads, and so waits for nobody."""
        with Session(self._glances, expire_on_commit=False) as session:
            yield session

    def glance(self) -> AbstractContextManager[Connection]:
        """`read` for what every turn asks, without the machinery of a session (a third of its time)."""
        return self._glances.connect()

    def jot(self, *, lasting: bool) -> AbstractContextManager[Connection]:
        """`begin` for what every turn keeps, without the machinery of a session.

        What is not `lasting` outlives the process but, in SQLite, not a power cut before the next lasting write: the disk is
        not waited for. Enough for what the next message would set anew.
        """
        return (self.engine if lasting else self._quick).begin()

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    # hide_parameters: an error of the database never quotes what was to be stored.
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        if engine.url.database and not engine.url.database.startswith("file:"):  # an address of SQLite's, no path
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # this module says BEGIN itself
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    # A writer takes the lock at once: upgrading a read to a write halfway fails under load instead of waiting.
    options = connection.get_execution_options()
    if options.get("lachan_read", False):
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get('lachan_quick') else 'FULL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
