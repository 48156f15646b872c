"""The next meeting that the pair has planned."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Field

from app import clock, db

WHO = ("me", "co", "both")


class Plan(db.Row, table=True):
    """A planned meeting: the day and which of the pair comes."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    on: date
    who: str  # one of WHO, as seen by made_by
    meeting_id: UUID | None = Field(  # in whose log it was planned
        default=None, foreign_key="meeting.id", index=True
    )
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime
    cancelled_at: datetime | None = None


class Next(NamedTuple):
    on: date
    who: str
    made_by: UUID


_PLANS = db.columns(Plan)
NEXT = (
    select(_PLANS.c.on, _PLANS.c.who, _PLANS.c.made_by)
    .where(
        _PLANS.c.mentorship_id == bindparam("mentorship"),
        _PLANS.c.on >= bindparam("day"),
        _PLANS.c.cancelled_at.is_(None),
    )
    .order_by(_PLANS.c.on, _PLANS.c.made_at.desc())
    .limit(1)
)


def plan(mentorship_id: UUID, on: date, who: str, meeting_id: UUID, by: UUID) -> None:
    """Plan the next meeting, in the log of one."""
    made = Plan(
        mentorship_id=mentorship_id,
        on=on,
        who=who,
        meeting_id=meeting_id,
        made_by=by,
        made_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()


def drop(meeting_id: UUID, by: UUID | None = None) -> None:
    """What was planned in a log goes with it; that of one author, or all."""
    planned = delete(_PLANS).where(_PLANS.c.meeting_id == meeting_id)
    db.connection().execute(planned.where(_PLANS.c.made_by == by) if by else planned)


def move(old: UUID, new: UUID) -> None:
    """Two logs have become one."""
    moved = update(_PLANS).where(_PLANS.c.meeting_id == old).values(meeting_id=new)
    db.connection().execute(moved)


def seen_by(planned: Next, person_id: UUID) -> str:
    """Who comes, from that mentor's side."""
    if planned.made_by == person_id or planned.who == "both":
        return planned.who
    return "co" if planned.who == "me" else "me"
