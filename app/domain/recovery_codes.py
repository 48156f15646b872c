"""Codes for when the code app is lost: ten of one's own, or one that a consultant gives in person.

Each works once, in the place of the app's digits, and never in the place of the password. Kept as
keyed hashes: whoever has the table cannot try them.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlmodel import Field

from app import clock, db

HOW_MANY = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
OWN_LENGTH, LENT_LENGTH = 12, 26  # 59 and 128 bits
LENT_LASTS = timedelta(minutes=15)  # security.md, T13
GROUP = 4  # letters written together


class RecoveryCode(db.Row, table=True):
    """One code. Those of one's own last until they are used or made anew."""

    __tablename__ = "recovery_code"
    person_id: UUID = Field(foreign_key="person.id", index=True)
    code_mark: bytes = Field(unique=True)
    at: datetime
    until: datetime | None = None
    given_by: UUID | None = Field(default=None, foreign_key="person.id")  # None: one's own
    used_at: datetime | None = None


CODES = db.columns(RecoveryCode)
_GOOD = (
    CODES.c.used_at.is_(None),
    or_(CODES.c.until.is_(None), CODES.c.until > bindparam("now")),
)
_SPEND = (  # in one statement: of two at once, one gets in
    update(CODES)
    .where(CODES.c.code_mark == bindparam("mark"), CODES.c.person_id == bindparam("person"), *_GOOD)
    .values(used_at=bindparam("now"))
)
_LEFT = select(func.count()).where(
    CODES.c.person_id == bindparam("person"), CODES.c.given_by.is_(None), CODES.c.used_at.is_(None)
)
_OWN = delete(CODES).where(CODES.c.person_id == bindparam("person"), CODES.c.given_by.is_(None))
_LENT = delete(CODES).where(CODES.c.person_id == bindparam("person"), CODES.c.given_by.is_not(None))


def make(person_id: UUID, lookup: bytes) -> list[str]:
    """Ten new ones, told once; the old ones are worth nothing."""
    db.change(_OWN, person=person_id)
    return [_add(person_id, OWN_LENGTH, lookup) for _ in range(HOW_MANY)]


def give(person_id: UUID, by: UUID, lookup: bytes) -> str:
    """One for a colleague who stands in front of the consultant, for a quarter of an hour."""
    take_back(person_id)
    return _add(person_id, LENT_LENGTH, lookup, clock.now() + LENT_LASTS, by)


def take_back(person_id: UUID) -> None:
    """The one that a consultant gave."""
    db.change(_LENT, person=person_id)


def left(person_id: UUID) -> int:
    """How many of one's own are unused."""
    row = db.first(_LEFT, person=person_id)
    return int(row[0]) if row else 0


def spend(person_id: UUID, code: str, lookup: bytes) -> bool:
    """Whether it was a good one of theirs. It is not from then on."""
    values = {"mark": _mark(person_id, code, lookup), "person": person_id, "now": clock.now()}
    return db.change(_SPEND, **values) > 0


def remove_all(person_id: UUID) -> None:
    db.change(_OWN, person=person_id)
    take_back(person_id)


def _add(
    person_id: UUID,
    length: int,
    lookup: bytes,
    until: datetime | None = None,
    by: UUID | None = None,
) -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(length))
    row = RecoveryCode(
        id=uuid4(),
        person_id=person_id,
        code_mark=_mark(person_id, code, lookup),
        at=clock.now(),
        until=until,
        given_by=by,
    )
    db.session().add(row)
    db.session().flush()
    return "-".join(code[at : at + GROUP] for at in range(0, length, GROUP))


def _mark(person_id: UUID, code: str, lookup: bytes) -> bytes:
    """However it is typed: with or without dashes, in small letters or large."""
    letters = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hmac.new(lookup, person_id.bytes + letters.encode(), hashlib.sha256).digest()
