"""One store as it stands at one moment, out of a running app and back into it.

SQLite by its own copy (VACUUM INTO, and the backup that other connections see as one write);
PostgreSQL by pg_dump and pg_restore, which must be at least as new as the server.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, inspect

from app import db

PIECE = 64 * 1024
# What guards the tables in PostgreSQL outlives them, and the copy brings its own.
_TRIGGER_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype
"""
Counts = dict[str, int]


class Failed(Exception):
    """A copy could not be made or put back; the message is for whoever typed the command."""


def save(engine: Engine, folder: Path, write: Callable[[bytes], None]) -> Counts:
    """Hand out the store as of now, while others write on; how many rows each table has."""
    if engine.dialect.name == "sqlite":
        return _save_sqlite(engine, folder, write)
    return _save_postgres(engine, write)


def put(engine: Engine, folder: Path, pieces: Iterable[bytes]) -> None:
    """Let the store hold what was saved, and nothing else: all of it or, broken off, none."""
    if engine.dialect.name == "sqlite":
        _put_sqlite(engine, folder, pieces)
    else:
        _put_postgres(engine, pieces)


@contextmanager
def scratch(engine: Engine, folder: Path) -> Iterator[Engine]:
    """An empty store of the same kind beside that one, to try a copy in."""
    if engine.dialect.name == "sqlite":
        made = db.engine(f"sqlite:///{folder}/{uuid4().hex}.db")
        try:
            yield made
        finally:
            made.dispose()
        return
    with _scratch_database(engine) as made:
        yield made


def counts(connection: Connection) -> Counts:
    """The rows of every table; the queue's own are no part of a copy."""
    names = [name for name in inspect(connection).get_table_names() if not _is_queue(name)]
    quoted = connection.dialect.identifier_preparer.quote
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(name)}").scalar_one()  # noqa: S608 - a table's name from the store itself
        for name in names
    }


def _is_queue(table: str) -> bool:
    return table.startswith("huey_")


# --- SQLite ---------------------------------------------------------------------------------------


def _save_sqlite(engine: Engine, folder: Path, write: Callable[[bytes], None]) -> Counts:
    file = folder / f"{uuid4().hex}.db"
    try:
        with closing(_plain(Path(str(engine.url.database)))) as live:
            live.execute("VACUUM INTO ?", (str(file),)).close()
        copy = create_engine(f"sqlite:///{file}", module=pysqlite3.dbapi2)
        with copy.connect() as connection:
            found = counts(connection)
        copy.dispose()
        with file.open("rb") as source:
            while piece := source.read(PIECE):
                write(piece)
    except pysqlite3.dbapi2.Error as error:
        raise Failed(f"Kopien kunne ikke laves: {error}") from error
    finally:
        file.unlink(missing_ok=True)
    return found


def _put_sqlite(engine: Engine, folder: Path, pieces: Iterable[bytes]) -> None:
    file = folder / f"{uuid4().hex}.db"
    try:
        with file.open("wb") as whole:
            for piece in pieces:
                whole.write(piece)
        with closing(_plain(file)) as copy:
            damage = copy.execute("PRAGMA integrity_check").fetchall()
            orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
            if damage != [("ok",)] or orphans:
                raise Failed("Kopien er beskadiget.")
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                live: Any = connection.connection.driver_connection
                copy.backup(live)
    except pysqlite3.dbapi2.Error as error:
        raise Failed(f"Kopien kunne ikke lægges ind: {error}") from error
    finally:
        file.unlink(missing_ok=True)
    db.settle(engine)


def _plain(file: Path) -> Any:
    return pysqlite3.dbapi2.connect(file, timeout=db.LOCK_WAIT, isolation_level=None)


# --- PostgreSQL -----------------------------------------------------------------------------------


def _save_postgres(engine: Engine, write: Callable[[bytes], None]) -> Counts:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        found = counts(connection)
        how = ("--format=custom", "--no-owner", "--no-acl", "--exclude-table=huey_*")
        command = [_program("pg_dump"), *how, f"--snapshot={moment}"]
        with _running(engine, command, stdout=subprocess.PIPE) as dump:
            while piece := dump.stdout.read(PIECE):
                write(piece)
    return found


def _put_postgres(engine: Engine, pieces: Iterable[bytes]) -> None:
    with engine.begin() as connection:
        for name in inspect(connection).get_table_names():
            if not _is_queue(name):
                connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
        for name in connection.exec_driver_sql(_TRIGGER_FUNCTIONS).scalars().all():
            connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")
    how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")
    command = [_program("pg_restore"), *how, f"--dbname={engine.url.database}"]
    with _running(engine, command, stdin=subprocess.PIPE) as restore:
        for piece in pieces:
            restore.stdin.write(piece)
    engine.dispose()  # what the old tables were planned for


@contextmanager
def _running(engine: Engine, command: list[str], **pipes: Any) -> Iterator[Any]:
    """One of PostgreSQL's programs. The password goes by the environment: none else reads it."""
    url = engine.url
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password and str(url.password),
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
        "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }
    env = os.environ | {name: str(value) for name, value in told.items() if value}
    with TemporaryFile() as said, ExitStack() as ends:
        program: Any = subprocess.Popen(command, env=env, stderr=said, **pipes)  # noqa: S603 - no shell, our own words
        ends.callback(program.wait)
        for pipe in (program.stdin, program.stdout):
            if pipe:
                ends.callback(_close, pipe)
        gave_up = False
        try:
            yield program
        except BrokenPipeError:
            gave_up = True
        except BaseException:
            program.kill()
            raise
        _close(program.stdin)
        if program.wait() or gave_up:
            said.seek(0)
            why = said.read().decode(errors="replace").strip()
            raise Failed(f"{Path(command[0]).name} gav op: {why}")


def _close(pipe: Any) -> None:
    with suppress(BrokenPipeError):  # what was not taken is of no use to anybody
        if pipe:
            pipe.close()


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Failed(f"{name} mangler. Installer pakken postgresql-client.")
    return found


@contextmanager
def _scratch_database(engine: Engine) -> Iterator[Engine]:
    start = f"{engine.url.database}_scratch_"
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        ask = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for name in connection.exec_driver_sql(ask, (start,)).scalars().all():  # of one broken off
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        name = start + uuid4().hex[:8]
        try:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except Exception as error:
            raise Failed(
                "Kopien kan ikke prøves: databasebrugeren må ikke lave en database. "
                "Giv den ret til det: ALTER ROLE … CREATEDB."
            ) from error
    made = db.engine(engine.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield made
    finally:
        made.dispose()
        with alone.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
