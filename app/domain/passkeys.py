"""Passkeys: a phone's own key, opened by face, finger or the phone's code (WebAuthn level 3).

A passkey is two factors by itself: the device, and what opens it. Only the public half is here.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, bindparam, delete, select, update
from sqlmodel import Field

from app import clock, db
from app.domain.agents import browser_of, system_of
from app.domain.people import PEOPLE

MOST = 10  # of one person


class Refused(Exception):
    """It is known already, or there are too many; `why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Passkey(db.Row, table=True):
    """One key that somebody signs in with."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    credential: bytes = Field(unique=True)  # its name, random: tells nothing without the device
    public_key: bytes
    # As its device counts, 32 bits; 0 for ever where it is shared between devices.
    uses: int = Field(sa_type=BigInteger)
    at: datetime
    used_at: datetime | None = None
    system: str | None = None  # where it was made, one of agents.SYSTEMS
    browser: str | None = None


class Known(NamedTuple):
    """A passkey as a row."""

    id: UUID
    person_id: UUID
    credential: bytes
    public_key: bytes
    uses: int
    at: datetime
    used_at: datetime | None
    system: str | None
    browser: str | None


PASSKEYS = db.columns(Passkey)
_KNOWN = select(*(PASSKEYS.c[name] for name in Known._fields))
_OF = _KNOWN.where(PASSKEYS.c.person_id == bindparam("person")).order_by(PASSKEYS.c.at)
_NAMED = _KNOWN.join(PEOPLE, PEOPLE.c.id == PASSKEYS.c.person_id).where(
    PASSKEYS.c.credential == bindparam("name"), PEOPLE.c.left_at.is_(None)
)
_USED = (
    update(PASSKEYS)
    .where(PASSKEYS.c.id == bindparam("passkey"))
    .values(uses=bindparam("its_uses"), used_at=bindparam("now"))
)
_REMOVE = delete(PASSKEYS).where(
    PASSKEYS.c.id == bindparam("passkey"), PASSKEYS.c.person_id == bindparam("person")
)


def of(person_id: UUID) -> list[Known]:
    """The person's, oldest first."""
    return [Known(*row) for row in db.rows(_OF, person=person_id)]


def named(credential: bytes) -> Known | None:
    """The one with that name, of somebody who has not left."""
    row = db.first(_NAMED, name=credential)
    return Known(*row) if row else None


def add(person_id: UUID, credential: bytes, public_key: bytes, uses: int, agent: str) -> None:
    """One more. Raises Refused for one that is known, or one too many."""
    if named(credential) is not None:
        raise Refused("known")
    if len(of(person_id)) >= MOST:
        raise Refused("many")
    row = Passkey(
        id=uuid4(),
        person_id=person_id,
        credential=credential,
        public_key=public_key,
        uses=uses,
        at=clock.now(),
        system=system_of(agent),
        browser=browser_of(agent),
    )
    db.session().add(row)
    db.session().flush()


def used(passkey_id: UUID, uses: int) -> None:
    """It has just opened the app; a copy would count apart from it."""
    db.change(_USED, passkey=passkey_id, its_uses=uses, now=clock.now())


def remove(passkey_id: UUID, person_id: UUID) -> bool:
    """Whether there was one of theirs to remove."""
    return db.change(_REMOVE, passkey=passkey_id, person=person_id) > 0
