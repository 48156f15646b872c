"""The data store: one engine, one session per unit of work, the base of every table."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import pysqlite3.dbapi2
from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    Table,
    Uuid,
    bindparam,
    create_engine,
    event,
    literal_column,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

SQLITE_FLOOR = (3, 51, 3)  # older ones can lose commits in WAL mode (sqlite.org/wal.html)
CACHE = 4000  # KiB a connection; Overblik with 190 mentorships reads 2,900
LOCK_WAIT = 10  # seconds a writer waits for another
READERS_WAIT = 1  # seconds for who still reads; whoever would write waits meanwhile
PROBE_BYTES = 64 * 1024  # written to see whether a store takes more; as much as a long form
GLANCE = 0.002  # seconds between two looks at the gate
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

ONE: Any = literal_column("1")  # for LIMIT; see `number`

_unit: ContextVar["Unit"] = ContextVar("unit")


class Row(SQLModel):
    """What every table has: an id that nobody can guess."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)


class _Id(Uuid[UUID]):
    """An id in SQLite: text there; the same few come again and again, so they are made once."""

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        return _id


@lru_cache(maxsize=4096)
def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


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
    made.dialect.colspecs = {**made.dialect.colspecs, Uuid: _Id}
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
        f"cache_size=-{CACHE}",
    ):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock before it reads: read first, write later fails under load.
    options = connection.get_execution_options()
    if options.get("alone"):  # one statement that only reads is a transaction by itself
        return
    writes = options.get("writes", False)
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN").close()


def settle(engine: Engine) -> bool:
    """Write SQLite's journal back, which keeps what pages were; False while somebody reads on."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={READERS_WAIT * 1000}").close()
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        connection.exec_driver_sql(f"PRAGMA busy_timeout={LOCK_WAIT * 1000}").close()
        return not busy


class Gate:
    """Lets SQLite's writers in by short turns.

    Its own wait sleeps up to a tenth of a second at a time, so that some writers starve. Whoever
    cannot pass in `LOCK_WAIT` goes on: the store's own lock is what keeps it whole.
    """

    def __init__(self, store: str) -> None:
        self._file: IO[str] | None = None
        with suppress(OSError):  # without a gate the store's own wait is what there is
            self._file = Path(f"{store}-gate").open("a")  # noqa: SIM115 - held until `leave`
        until = time.monotonic() + LOCK_WAIT
        while not self._passed() and time.monotonic() < until:
            time.sleep(GLANCE)

    def _passed(self) -> bool:
        if self._file is None:
            return True
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        """Closing the file lets go of the lock; a process that dies does the same."""
        if self._file is not None:
            self._file.close()


class Unit:
    """One unit of work: a connection, and a session on it for whoever changes rows as objects.

    Both come when they are first asked for: most pages only read, and need no session.
    """

    def __init__(self, bind: Engine, *, writes: bool) -> None:
        self._bind, self._writes = bind, writes
        self._connection: Connection | None = None
        self._session: Session | None = None
        self._gate: Gate | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            store = self._bind.url.database
            if self._writes and store and self._bind.dialect.name == "sqlite":
                self._gate = Gate(store)
            self._connection = self._bind.connect().execution_options(writes=self._writes)
        return self._connection

    @property
    def session(self) -> Session:
        if self._session is None:
            # The transaction is the connection's, so that it is committed in one place.
            self._session = Session(
                self.connection, expire_on_commit=False, join_transaction_mode="rollback_only"
            )
        return self._session

    def commit(self) -> None:
        if self._session is not None:
            self._session.commit()
        if self._connection is not None:
            self._connection.commit()
        self._leave()

    def rollback(self) -> None:
        """Nothing of it is kept. The connection is given back: what this thread writes next is
        written through the same one, whose cache then still holds the pages just read.
        """
        self.close()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._leave()

    def _leave(self) -> None:
        if self._gate is not None:
            self._gate.leave()
            self._gate = None


@contextmanager
def unit(bind: Engine, *, writes: bool) -> Iterator[Unit]:
    """Open a unit of work. Whoever opens it commits it; what is not committed is rolled back."""
    made = Unit(bind, writes=writes)
    token = _unit.set(made)
    try:
        yield made
    finally:
        _unit.reset(token)
        made.close()


def session() -> Session:
    """The session of the unit of work that is under way."""
    return _unit.get().session


def connection() -> Connection:
    """The connection of the unit of work that is under way."""
    return _unit.get().connection


def number(name: str) -> Any:
    """A bound number for LIMIT and OFFSET. Bare, SQLite would plan the statement at every call."""
    return bindparam(name, type_=Integer) + 0


def rows(statement: Any, **values: Any) -> list[Any]:
    """Run a statement built at import, and fetch what it finds."""
    return list(connection().execute(statement, values).all())


def first(statement: Any, **values: Any) -> Any | None:
    return connection().execute(statement, values).first()


def change(statement: Any, **values: Any) -> int:
    """Run a statement that changes rows; how many it found."""
    return int(connection().execute(statement, values).rowcount)


def insert_once(table: type[SQLModel] | Table, **values: Any) -> bool:
    """Insert a row unless its key is taken; waits for another writer of the same key."""
    dialect = postgresql if connection().dialect.name == "postgresql" else sqlite
    into = table if isinstance(table, Table) else columns(table)
    statement = dialect.insert(into).values(values).on_conflict_do_nothing()
    # Not every driver counts the rows of an insert; what it returns is certain.
    return connection().execute(statement.returning(*into.primary_key)).first() is not None


def add_up(
    table: type[SQLModel], new: dict[str, Any], key: tuple[str, ...], sums: dict[str, int]
) -> None:
    """Add to the counts of the row with that key; a new row where there is none."""
    dialect = postgresql if connection().dialect.name == "postgresql" else sqlite
    into = columns(table)
    statement = dialect.insert(into).values(**new, **sums)
    more = {name: into.c[name] + statement.excluded[name] for name in sums}
    connection().execute(statement.on_conflict_do_update(index_elements=key, set_=more))


def write_over(bind: Engine) -> bool:
    """Let what is deleted lie nowhere any more. False when somebody still reads the old pages.

    SQLite overwrites deleted rows itself; what remains is the log beside the file. PostgreSQL frees
    the place of dead rows here; on the disk they go with VACUUM FULL, and are sealed until then.
    """
    if bind.dialect.name == "sqlite":
        return settle(bind)
    with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as open_one:
        open_one.exec_driver_sql("VACUUM")
    return True


def columns(table: type[SQLModel]) -> Table:
    """The table behind a model, for statements that only read."""
    return table.__table__  # type: ignore[attr-defined,no-any-return]
