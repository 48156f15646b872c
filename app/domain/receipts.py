"""What a phone has sent us. An id that comes again gets the record that it made the first time."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.vault import ring


class NotTheirs(Exception):
    """The id has been used by somebody else."""


class Different(Exception):
    """The same id came again with other content; the stored record stands."""


class Receipt(db.Row, table=True):
    """One record received: by whom, what became of it. Kept when the record is taken back."""

    author_id: UUID = Field(foreign_key="person.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    record_id: UUID  # the meeting or contact that it made or joined
    mark: bytes  # keyed fingerprint of the content; dies with the participant's key
    at: datetime
    taken_back_at: datetime | None = None


_RECEIPTS = db.columns(Receipt)
_ONE = select(_RECEIPTS).where(_RECEIPTS.c.id == bindparam("id"))
_FOR_RECORD = (
    select(_RECEIPTS.c.at)
    .where(
        _RECEIPTS.c.record_id == bindparam("record"), _RECEIPTS.c.author_id == bindparam("author")
    )
    .order_by(_RECEIPTS.c.at.desc())
    .limit(db.ONE)
)
_TAKE_BACK = (
    update(_RECEIPTS)
    .where(
        _RECEIPTS.c.record_id == bindparam("record"), _RECEIPTS.c.author_id == bindparam("author")
    )
    .values(taken_back_at=bindparam("at_time"))
)
_MOVE = (
    update(_RECEIPTS)
    .where(_RECEIPTS.c.record_id == bindparam("old"))
    .values(record_id=bindparam("new"))
)


def known(
    client_id: UUID, author: UUID, participant: UUID, content: dict[str, object]
) -> UUID | None:
    """The record that an id has made before; None when it is new."""
    stored = db.first(_ONE, id=client_id)
    return stored and _same(stored, author, participant, _mark(participant, content))


def take(
    client_id: UUID, author: UUID, participant: UUID, record: UUID, content: dict[str, object]
) -> UUID | None:
    """Claim an id made on a phone. None when it is new; else the record it made before.

    A second sender of the same id waits here until the first has committed.
    """
    fingerprint = _mark(participant, content)
    new = db.insert_once(
        Receipt,
        id=client_id,
        author_id=author,
        participant_id=participant,
        record_id=record,
        mark=fingerprint,
        at=clock.now(),
    )
    if new:
        return None
    return _same(db.rows(_ONE, id=client_id)[0], author, participant, fingerprint)


def _same(stored: Any, author: UUID, participant: UUID, fingerprint: bytes) -> UUID:
    if stored.author_id != author or stored.participant_id != participant:
        raise NotTheirs
    if stored.mark != fingerprint:
        raise Different
    record: UUID = stored.record_id
    return record


def _mark(participant: UUID, content: dict[str, object]) -> bytes:
    return ring().mark(participant, json.dumps(content, sort_keys=True).encode())


def of_author(client_id: UUID, author: UUID) -> Any:
    """The receipt (a row) for an id that its author has sent; None for anybody else."""
    stored = db.first(_ONE, id=client_id)
    return stored if stored and stored.author_id == author else None


def record_of(client_id: UUID, author: UUID) -> UUID | None:
    """The record that an id has made or joined."""
    stored = of_author(client_id, author)
    return stored.record_id if stored else None


def received_at(record: UUID, author: UUID) -> datetime | None:
    """When we stored what this author sent about the record."""
    row = db.first(_FOR_RECORD, record=record, author=author)
    return row.at if row else None


def taken_back(record: UUID, author: UUID) -> None:
    """The record is gone by its author's wish; its id can never make it again."""
    values = {"record": record, "author": author, "at_time": clock.now()}
    db.connection().execute(_TAKE_BACK, values)


def moved(old: UUID, new: UUID) -> None:
    """Two records have become one."""
    db.connection().execute(_MOVE, {"old": old, "new": new})
