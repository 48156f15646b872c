"""The rows that a request wrote, found by comparing the store before and after."""

import os
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pysqlite3 import dbapi2 as sqlite

FILES = ("primus.db", "keys.db")


class Written(NamedTuple):
    file: str
    table: str
    columns: tuple[str, ...]
    unique: frozenset[str]
    row: tuple[object, ...]


Contents = dict[tuple[str, str], set[tuple[object, ...]]]


def contents(store: Path) -> Contents:
    found: Contents = {}
    for file in FILES:
        with closing(sqlite.connect(store / file)) as connection:
            for table in tables(connection):
                found[file, table] = set(connection.execute(f'SELECT * FROM "{table}"'))
    return found


def written(store: Path, before: Contents) -> list[Written]:
    """New rows, and changed ones in their new shape."""
    found = []
    for (file, table), rows in contents(store).items():
        new = rows - before[file, table]
        if new:
            with closing(sqlite.connect(store / file)) as connection:
                names = columns(connection, table)
                unique = unique_columns(connection, table)
            found += [Written(file, table, names, unique, row) for row in new]
    return found


def tables(connection: sqlite.Connection) -> list[str]:
    question = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in connection.execute(question)]


def columns(connection: sqlite.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in connection.execute(f'PRAGMA table_info("{table}")'))


def unique_columns(connection: sqlite.Connection, table: str) -> frozenset[str]:
    keys = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[5]}
    for row in connection.execute(f'PRAGMA index_list("{table}")').fetchall():
        if row[2]:
            keys |= {part[2] for part in connection.execute(f'PRAGMA index_info("{row[1]}")')}
    return frozenset(keys)


def another(value: object) -> object:
    """As long, of the same type, and never seen before."""
    if isinstance(value, str):
        return os.urandom(len(value)).hex()[: len(value)]
    if isinstance(value, bytes):
        return os.urandom(len(value))
    return int.from_bytes(os.urandom(6)) if isinstance(value, int) else value


class Floor:
    """Inserts rows of the same shapes, raw and durable, into a copy of the store."""

    def __init__(self, store: Path, rows: list[Written]) -> None:
        self.rows = rows
        self.stores = {row.file: open_raw(store / row.file) for row in rows}

    def insert(self) -> None:
        """One transaction a file, as the app has."""
        for file, connection in self.stores.items():
            connection.execute("BEGIN IMMEDIATE")
            for one in self.rows:
                if one.file == file:
                    connection.execute(statement(one), fresh(one))
            connection.execute("COMMIT")

    def close(self) -> None:
        for connection in self.stores.values():
            connection.close()


def open_raw(file: Path) -> sqlite.Connection:
    connection = sqlite.connect(file, isolation_level=None)
    question = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in connection.execute(question).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=OFF",
        "ignore_check_constraints=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


def statement(one: Written) -> str:
    names = ", ".join(f'"{name}"' for name in one.columns)
    return f'INSERT INTO "{one.table}" ({names}) VALUES ({", ".join("?" * len(one.columns))})'


def fresh(one: Written) -> list[object]:
    pairs = zip(one.columns, one.row, strict=True)
    return [another(value) if name in one.unique else value for name, value in pairs]
