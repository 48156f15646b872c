"""Half way in: the password was right, the second factor is asked for. It opens nothing."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Field

from app import clock, db
from app.domain.people import PEOPLE

LASTS = timedelta(minutes=10)
TRIES = 5
TOKEN_BYTES = 32


class HalfSignIn(db.Row, table=True):
    """One device that has given a password. Not among the sign-ins, nor ever taken for one."""

    __tablename__ = "half_sign_in"
    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: bytes = Field(unique=True)
    until: datetime = Field(index=True)
    tries: int = 0


class Half(NamedTuple):
    id: UUID
    person_id: UUID


HALVES = db.columns(HalfSignIn)
_OF = (
    select(HALVES.c.id, HALVES.c.person_id)
    .join(PEOPLE, PEOPLE.c.id == HALVES.c.person_id)
    .where(
        HALVES.c.token_hash == bindparam("token"),
        HALVES.c.until > bindparam("now"),
        HALVES.c.tries < TRIES,
        PEOPLE.c.left_at.is_(None),
    )
)
_TRY = (  # in one statement, and before the code is looked at: of many at once, five are looked at
    update(HALVES)
    .where(HALVES.c.id == bindparam("half"), HALVES.c.tries < TRIES)
    .values(tries=HALVES.c.tries + 1)
)
_END = delete(HALVES).where(HALVES.c.id == bindparam("half"))
_SWEEP = delete(HALVES).where(HALVES.c.until <= bindparam("now"))
_END_ALL = delete(HALVES).where(HALVES.c.person_id == bindparam("person"))


def begin(person_id: UUID) -> str:
    """The token for the cookie; those that have run out go."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    db.change(_SWEEP, now=now)
    row = HalfSignIn(id=uuid4(), person_id=person_id, token_hash=_hash(token), until=now + LASTS)
    db.session().add(row)
    db.session().flush()
    return token


def of(token: str) -> Half | None:
    """Whose it is, while it may still be tried."""
    row = db.first(_OF, token=_hash(token), now=clock.now())
    return Half(*row) if row else None


def attempt(half_id: UUID) -> bool:
    """Count one try. False when there were none left."""
    return db.change(_TRY, half=half_id) > 0


def finish(half_id: UUID) -> bool:
    """The whole way in. False when another tap was first."""
    return db.change(_END, half=half_id) > 0


def end_all(person_id: UUID) -> None:
    """Whoever knew the old password is no longer half way in."""
    db.change(_END_ALL, person=person_id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
