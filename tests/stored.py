"""What the two stores hold: to see that nothing was stored, or exactly what."""

from typing import Any

from sqlalchemy import Connection, Table, func, select, text
from sqlmodel import SQLModel

from app import key_store, schema
from app.domain import trail
from app.house import House

TABLES = SQLModel.metadata.tables
assert schema.NOUNS, "imported so that every table is known"
TRAIL = ("trail", "trail_head")


def counts(house: House) -> dict[str, int]:
    """Rows per table. Readings are left out: they are logged whatever else happens."""
    with house.data.connect() as connection:
        found = {
            name: connection.execute(_written(table)).scalar_one() for name, table in TABLES.items()
        }
    with house.keys.engine.connect() as connection:
        keys = select(func.count()).select_from(key_store.person_key)
        return found | {"person_key": connection.execute(keys).scalar_one()}


def contents(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the trail, and but when a device was last used: any request
    may write that, once a minute.
    """
    with house.data.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(_lasting(table))), key=str)
            for name, table in TABLES.items()
            if name not in TRAIL
        }


def rows(house: House, table: str) -> list[Any]:
    with house.data.connect() as connection:
        return list(connection.execute(TABLES[table].select()))


def acts(house: House, action: str) -> list[Any]:
    """The trail's entries of one kind."""
    return [row for row in rows(house, "trail") if row.action == action]


def since(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The tables that grew or shrank, and by how much."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def _lasting(table: Table) -> Any:
    return select(*(c for c in table.c if (table.name, c.name) != ("sign_in", "seen_at")))


def _written(table: Table) -> Any:
    count = select(func.count()).select_from(table)
    return count.where(table.c.action != trail.READ) if table.name == "trail" else count


OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"
OF_POSTGRES = (
    "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:t AS regclass) AND NOT tgisinternal"
)


def drop_triggers(connection: Connection, *tables: str) -> None:
    """What somebody does first who may do all in the store, and means to change it."""
    in_sqlite = connection.dialect.name == "sqlite"
    for table in tables:
        found = connection.execute(text(OF_SQLITE if in_sqlite else OF_POSTGRES), {"t": table})
        for trigger in found.scalars().all():
            connection.execute(text(f"DROP TRIGGER {trigger}{'' if in_sqlite else f' ON {table}'}"))
