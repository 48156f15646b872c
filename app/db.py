"""The data store: one engine, one session per unit of work, the base of every table."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

SQLITE_FLOOR = (3, 51, 3)  # older ones can lose commits in WAL mode (sqlite.org/wal.html)
LOCK_WAIT = 10  # seconds a writer waits for another
AT_ONCE = {
    "pool_size": 16,
    "max_overflow": 112,
    "pool_use_lifo": True,
}  # one connection per thread of the server
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_session: ContextVar[Session] = ContextVar("session")


class Row(SQLModel):
    """What every table has: an id that nobody can guess."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)


def engine(url: str) -> Engine:
    """An engine for either database, with the settings of security decision A1."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, **AT_ONCE)
    if pysqlite3.dbapi2.sqlite_version_info < SQLITE_FLOOR:
        raise RuntimeError(f"SQLite {pysqlite3.dbapi2.sqlite_version} is unsafe in WAL mode")
    made = create_engine(
        make_url(url),
        module=pysqlite3.dbapi2,
        hide_parameters=True,
        **AT_ONCE,
        connect_args={"timeout": LOCK_WAIT, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(made, "connect", _set_up_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _set_up_sqlite(raw: Any, _: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock before it reads: read first, write later fails under load.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def unit(bind: Engine, *, writes: bool) -> Iterator[Session]:
    """One unit of work. Whoever opens it commits it; what is not committed is rolled back."""
    with Session(bind.execution_options(writes=writes), expire_on_commit=False) as made:
        token = _session.set(made)
        try:
            yield made
        finally:
            _session.reset(token)


def session() -> Session:
    """The session of the unit of work that is under way."""
    return _session.get()


def connection() -> Connection:
    """The session's connection; asked for once per transaction, since asking is slow."""
    held = session().info
    if "connection" not in held or held["connection"].closed:
        held["connection"] = session().connection()
    made: Connection = held["connection"]
    return made


def rows(statement: Any, **values: Any) -> list[Any]:
    """Run a statement built at import, and fetch what it finds."""
    return list(connection().execute(statement, values))


def first(statement: Any, **values: Any) -> Any | None:
    return connection().execute(statement, values).first()


def insert_once(table: type[SQLModel] | Table, **values: Any) -> bool:
    """Insert a row unless its key is taken; waits for another writer of the same key."""
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    into = table if isinstance(table, Table) else columns(table)
    statement = dialect.insert(into).values(values).on_conflict_do_nothing()
    # Not every driver counts the rows of an insert; what it returns is certain.
    return connection().execute(statement.returning(*into.primary_key)).first() is not None


def columns(table: type[SQLModel]) -> Table:
    """The table behind a model, for statements that only read."""
    return table.__table__  # type: ignore[attr-defined,no-any-return]
