"""Counts attempts in the app's own database, so that a restart or a second worker forgets none."""

from typing import Any

from limits.storage import Storage
from sqlalchemy import Column, Engine, Float, Integer, String, Table, delete, select, update
from sqlmodel import SQLModel

from app import clock, db

attempt = Table(
    "attempt",
    SQLModel.metadata,
    Column("key", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),
)


class Attempts(Storage):
    """Fixed windows in one table. The keys hold hashes, never an address or a name."""

    STORAGE_SCHEME = ["house"]  # noqa: RUF012 - the library declares it so

    def __init__(self, uri: str | None = None, *, engine: Engine, **options: Any) -> None:
        super().__init__(uri, **options)
        self._engine = engine

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = clock.now().timestamp()
        with db.unit(self._engine, writes=True) as unit:
            connection = unit.connection
            connection.execute(delete(attempt).where(attempt.c.expires_at <= now))
            db.insert_once(attempt, key=key, count=0, expires_at=now + expiry)
            connection.execute(
                update(attempt).where(attempt.c.key == key).values(count=attempt.c.count + amount)
            )
            count = connection.execute(
                select(attempt.c.count).where(attempt.c.key == key)
            ).scalar_one()
            unit.commit()
        return int(count)

    def get(self, key: str) -> int:
        return int(self._field(attempt.c.count, key) or 0)

    def get_expiry(self, key: str) -> float:
        return float(self._field(attempt.c.expires_at, key) or clock.now().timestamp())

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with self._engine.execution_options(writes=True).begin() as connection:
            return connection.execute(delete(attempt)).rowcount

    def clear(self, key: str) -> None:
        with self._engine.execution_options(writes=True).begin() as connection:
            connection.execute(delete(attempt).where(attempt.c.key == key))

    def _field(self, column: Any, key: str) -> Any:
        now = clock.now().timestamp()
        alive = select(column).where(attempt.c.key == key, attempt.c.expires_at > now)
        with self._engine.connect() as connection:
            return connection.execute(alive).scalar()
