"""What Alembic runs; the connection and the tables come from db/migrate.py."""

from __future__ import annotations

from typing import Any

from alembic import context

# Tables that others make in the same database: APScheduler keeps its jobs in one of its own.
_FOREIGN = {"clock_job"}


def _ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return kind != "table" or name not in _FOREIGN


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,  # SQLite changes a table by making it anew
    include_object=_ours,
)
with context.begin_transaction():
    context.run_migrations()
