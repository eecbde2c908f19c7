"""The same house on a real PostgreSQL: migrations, a day, and what must be gone from a dump."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from db.migrate import Kind, upgrade
from db.stores import Store
from tests.kit.day import a_day
from tests.kit.postgres import PostgresServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.mark.parametrize("kind", list(Kind))
def test_migrations_make_exactly_the_tables_of_the_code(server: PostgresServer, kind: Kind) -> None:
    store = Store(server.make(f"migrated-{kind.value}"))
    upgrade(store, kind)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, kind.metadata) == []
    store.close()


async def test_a_day_and_what_is_left_of_it(server: PostgresServer, tmp_path: Path) -> None:
    house = await a_day(tmp_path, citizen_db=server.make("citizen"), police_db=server.make("police"))
    house.close()
    dumps = server.dump("citizen") + server.dump("police")
    assert "COPY public.tip" in dumps
    for told in ("7319402551", "991188227733", "rủ em gái", "Lạng Sơn", "ông Ba", "Cảm ơn bạn", "chuyện ở nhà bên"):
        assert told not in dumps
        assert told.encode().hex() not in dumps
