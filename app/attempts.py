"""Counts attempts in the app's own database, so that a restart or a second worker forgets none."""

from collections.abc import Iterable

from limits import RateLimitItem
from sqlalchemy import (
    Column,
    Engine,
    Float,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlmodel import SQLModel

from app import clock, db

attempt = Table(
    "attempt",
    SQLModel.metadata,
    Column("key", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),
)
_ONE = attempt.c.key == bindparam("its_key")
_ALIVE = select(attempt.c.count).where(_ONE, attempt.c.expires_at > bindparam("now"))
_OLD = delete(attempt).where(attempt.c.expires_at <= bindparam("now"))
_UP = update(attempt).where(_ONE).values(count=attempt.c.count + 1).returning(attempt.c.count)
_DOWN = update(attempt).where(_ONE).values(count=attempt.c.count - 1)
_EMPTY = delete(attempt).where(_ONE, attempt.c.count <= 0)


class Attempts:
    """Fixed windows in one table. The keys hold hashes, never an address or a name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, limits: Iterable[tuple[RateLimitItem, str]]) -> bool:
        """One attempt of each, in one transaction. False, and nothing is taken, when one is full.

        Looked at once before: whoever floods us takes no lock.
        """
        wanted = [(often, often.key_for(key)) for often, key in limits]
        if any(self._count(key) >= often.amount for often, key in wanted):
            return False
        now = clock.now().timestamp()
        with db.unit(self._engine, writes=True) as unit:
            unit.connection.execute(_OLD, {"now": now})
            for often, key in wanted:
                db.insert_once(attempt, key=key, count=0, expires_at=now + often.get_expiry())
                if unit.connection.execute(_UP, {"its_key": key}).scalar_one() > often.amount:
                    return False
            unit.commit()
        return True

    def give_back(self, limits: Iterable[tuple[RateLimitItem, str]]) -> None:
        """Those attempts never were."""
        with db.unit(self._engine, writes=True) as unit:
            for often, key in limits:
                named = {"its_key": often.key_for(key)}
                unit.connection.execute(_DOWN, named)
                unit.connection.execute(_EMPTY, named)
            unit.commit()

    def _count(self, key: str) -> int:
        values = {"its_key": key, "now": clock.now().timestamp()}
        with self._engine.connect() as connection:
            return int(connection.execute(_ALIVE, values).scalar() or 0)
