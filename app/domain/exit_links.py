"""The one-time link to a participant's exit form.

The link is the secret. Only its hash is kept, and whatever is wrong with it, the answer is none.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import closures, trail, turns
from app.domain.closures import APPROVED, Meanwhile, Proposed

LIFE = timedelta(days=14)
TOKEN_BYTES = 32


class ExitLink(db.Row, table=True):
    """A link that a leader has made. One lives per closure."""

    __tablename__ = "exit_link"
    closure_id: UUID = Field(foreign_key="closure.id", index=True)
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    token_hash: bytes = Field(unique=True)
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None  # a newer one was made
    used_at: datetime | None = None


class Link(NamedTuple):
    """One link as a row."""

    id: UUID
    closure_id: UUID
    mentorship_id: UUID
    participant_id: UUID
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


LINKS = db.columns(ExitLink)
_LINK = select(*(LINKS.c[name] for name in Link._fields))
_BY_HASH = _LINK.where(LINKS.c.token_hash == bindparam("token_hash"), LINKS.c.revoked_at.is_(None))
_NEWEST = _LINK.where(
    LINKS.c.closure_id == bindparam("closure"), LINKS.c.revoked_at.is_(None)
).limit(db.ONE)
_REVOKE = (
    update(LINKS)
    .where(LINKS.c.closure_id == bindparam("closure"), LINKS.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_USE = (
    update(LINKS)
    .where(LINKS.c.id == bindparam("link"), LINKS.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)


def make(closure: Proposed, pen: trail.Pen, by: UUID) -> tuple[str, datetime]:
    """A new link and the time it dies; the one before it is dead from now on."""
    turns.lock(closure.mentorship_id)
    if not _ended(closure.id):
        raise Meanwhile
    now, token, made = clock.now(), secrets.token_urlsafe(TOKEN_BYTES), uuid4()
    db.change(_REVOKE, closure=closure.id, now=now)
    row = ExitLink(
        id=made,
        closure_id=closure.id,
        mentorship_id=closure.mentorship_id,
        participant_id=closure.participant_id,
        token_hash=_hash(token),
        made_by=by,
        made_at=now,
        expires_at=now + LIFE,
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.LINKED, "exit_link", made, closure.participant_id)
    return token, row.expires_at


def newest(closure_id: UUID) -> Link | None:
    """The closure's link, dead of age or not."""
    row = db.first(_NEWEST, closure=closure_id)
    return Link(*row) if row else None


def known(token: str) -> Link | None:
    """The link with that token, used or not; None when it is dead."""
    row = db.first(_BY_HASH, token_hash=_hash(token))
    if row is None or row.expires_at <= clock.now() or not _ended(row.closure_id):
        return None
    return Link(*row)


def use(link: Link) -> bool:
    """Whether this was the first use."""
    return db.change(_USE, link=link.id, now=clock.now()) == 1


def _ended(closure_id: UUID) -> bool:
    """Not once the mentorship was opened again."""
    closure = closures.one(closure_id)
    return closure is not None and closure.outcome == APPROVED


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
