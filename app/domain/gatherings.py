"""Mentor meetings and supervision: when they were, and who came. No content."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, delete, func, select
from sqlmodel import Field

from app import clock, db
from app.domain import strand, trail
from app.domain.people import PEOPLE
from app.language import mark

MEETING, SUPERVISION = "meeting", "supervision"
KINDS = {MEETING: mark("Mentormøde"), SUPERVISION: mark("Supervision")}
A_YEAR = timedelta(days=365)


class Gathering(db.Row, table=True):
    """One meeting of a branch's mentors."""

    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    kind: str  # one of KINDS
    on: date
    at: time | None = None  # on the wall in Denmark
    place: str | None = None  # where mentors meet; never where a participant is
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime


class Attendance(db.Row, table=True):
    """Somebody was there."""

    __table_args__ = (UniqueConstraint("gathering_id", "person_id"),)
    gathering_id: UUID = Field(foreign_key="gathering.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    by: UUID = Field(foreign_key="person.id")
    at: datetime


class Held(NamedTuple):
    """A gathering with how many came."""

    id: UUID
    branch_id: UUID
    kind: str
    on: date
    at: time | None
    place: str | None
    came: int


class Coming(NamedTuple):
    """One that a mentor of the branch is called to."""

    id: UUID
    kind: str
    on: date
    at: time | None
    place: str | None
    made_at: datetime


GATHERINGS, ATTENDANCES = db.columns(Gathering), db.columns(Attendance)
_HELD = select(
    GATHERINGS.c.id,
    GATHERINGS.c.branch_id,
    GATHERINGS.c.kind,
    GATHERINGS.c.on,
    GATHERINGS.c.at,
    GATHERINGS.c.place,
    select(func.count())
    .where(ATTENDANCES.c.gathering_id == GATHERINGS.c.id)
    .scalar_subquery()
    .label("came"),
)
_OF = (
    _HELD.where(GATHERINGS.c.branch_id.in_(bindparam("branches", expanding=True)))
    .order_by(GATHERINGS.c.on.desc(), GATHERINGS.c.id)
    .limit(db.number("count"))
)
_COMING = (
    select(*(GATHERINGS.c[name] for name in Coming._fields))
    .join(PEOPLE, PEOPLE.c.branch_id == GATHERINGS.c.branch_id)
    .where(
        PEOPLE.c.id == bindparam("person"),
        GATHERINGS.c.on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(GATHERINGS.c.on, GATHERINGS.c.at, GATHERINGS.c.id)
    .limit(db.number("count"))
)
NEXT = (  # of the person's branch; in the question that asks for the person
    select(GATHERINGS.c.id)
    .where(
        GATHERINGS.c.branch_id == PEOPLE.c.branch_id,
        GATHERINGS.c.on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(GATHERINGS.c.on, GATHERINGS.c.at, GATHERINGS.c.id)
    .limit(db.ONE)
    .correlate(PEOPLE)
    .scalar_subquery()
)
_ONE = _HELD.where(GATHERINGS.c.id == bindparam("id"))
_CAME = select(ATTENDANCES.c.person_id).where(ATTENDANCES.c.gathering_id == bindparam("gathering"))
_GONE = delete(ATTENDANCES).where(
    ATTENDANCES.c.gathering_id == bindparam("gathering"),
    ATTENDANCES.c.person_id.in_(bindparam("people", expanding=True)),
)


def among(those: Any) -> Any:
    """What these people came to in the last twelve months: `word` is the kind, `number` how often,
    `on` the last time.
    """
    return (
        strand.of(
            "came",
            on=func.max(GATHERINGS.c.on),
            person=ATTENDANCES.c.person_id,
            number=func.count(),
            word=GATHERINGS.c.kind,
        )
        .select_from(ATTENDANCES.join(GATHERINGS, GATHERINGS.c.id == ATTENDANCES.c.gathering_id))
        .where(ATTENDANCES.c.person_id.in_(those), GATHERINGS.c.on > bindparam("a_year"))
        .group_by(ATTENDANCES.c.person_id, GATHERINGS.c.kind)
    )


def of(branches: Iterable[UUID], count: int) -> list[Held]:
    """The latest of these branches."""
    return [Held(*row) for row in db.rows(_OF, branches=list(branches), count=count)]


def one(gathering_id: UUID) -> Held | None:
    row = db.first(_ONE, id=gathering_id)
    return Held(*row) if row else None


def coming(person_id: UUID, first: date, last: date, count: int) -> list[Coming]:
    """What the mentors of somebody's branch are called to in these days, the first first."""
    found = db.rows(_COMING, person=person_id, first=first, last=last, count=count)
    return [Coming(*row) for row in found]


def came(gathering_id: UUID) -> set[UUID]:
    return {row.person_id for row in db.rows(_CAME, gathering=gathering_id)}


def hold(
    client_id: UUID,
    branch: UUID,
    kind: str,
    on: date,
    pen: trail.Pen,
    by: UUID,
    at: time | None = None,
    place: str | None = None,
) -> bool:
    """Write a gathering down; sent again it is the same one, and False."""
    new = db.insert_once(
        Gathering,
        id=client_id,
        branch_id=branch,
        kind=kind,
        on=on,
        at=at,
        place=place,
        made_by=by,
        made_at=clock.now(),
    )
    if new:
        pen.write(trail.PLANNED, "gathering", client_id)
    return new


def tick(held: Held, there: set[UUID], asked: set[UUID], pen: trail.Pen, by: UUID) -> None:
    """Of those who were asked about, these were there; the others were not."""
    before = came(held.id)
    gone = (asked - there) & before
    if gone:
        db.change(_GONE, gathering=held.id, people=list(gone))
    for person in sorted((there & asked) - before):
        db.insert_once(
            Attendance,
            id=uuid4(),
            gathering_id=held.id,
            person_id=person,
            by=by,
            at=clock.now(),
        )
    pen.write(trail.EDITED, "gathering", held.id)
