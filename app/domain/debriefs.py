"""That a leader has talked with the mentors after the end: who and when, never what was said."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import closures, trail, turns
from app.domain.closures import APPROVED, Meanwhile, Proposed


class Debrief(db.Row, table=True):
    """One per closure."""

    closure_id: UUID = Field(foreign_key="closure.id", unique=True)
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    held_on: date
    by: UUID = Field(foreign_key="person.id")
    at: datetime


class Held(NamedTuple):
    """A debrief as a row."""

    id: UUID
    held_on: date
    by: UUID


DEBRIEFS = db.columns(Debrief)
_OF = select(*(DEBRIEFS.c[name] for name in Held._fields)).where(
    DEBRIEFS.c.closure_id == bindparam("closure")
)


def of(closure_id: UUID) -> Held | None:
    row = db.first(_OF, closure=closure_id)
    return Held(*row) if row else None


def hold(closure: Proposed, on: date, pen: trail.Pen, by: UUID) -> None:
    """They have talked. The first tap stands."""
    turns.lock(closure.mentorship_id)
    now = closures.one(closure.id)
    if now is None or now.outcome != APPROVED:
        raise Meanwhile
    if of(closure.id):
        return
    row = Debrief(
        closure_id=closure.id,
        mentorship_id=closure.mentorship_id,
        held_on=on,
        by=by,
        at=clock.now(),
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.LOGGED, "debrief", row.id, closure.participant_id)
