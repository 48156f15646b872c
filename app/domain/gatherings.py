"""Mentor meetings and supervision: when they were, and who came. No content."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, delete, func, select
from sqlmodel import Field

from app import clock, db
from app.domain import strand, trail
from app.language import mark

MEETING, SUPERVISION = "meeting", "supervision"
KINDS = {MEETING: mark("Mentormøde"), SUPERVISION: mark("Supervision")}
A_YEAR = timedelta(days=365)


class Gathering(db.Row, table=True):
    """One meeting of a branch's mentors."""

    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    kind: str  # one of KINDS
    on: date
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
    came: int


_GATHERINGS, _ATTENDANCES = db.columns(Gathering), db.columns(Attendance)
_HELD = select(
    _GATHERINGS.c.id,
    _GATHERINGS.c.branch_id,
    _GATHERINGS.c.kind,
    _GATHERINGS.c.on,
    select(func.count())
    .where(_ATTENDANCES.c.gathering_id == _GATHERINGS.c.id)
    .scalar_subquery()
    .label("came"),
)
_OF = (
    _HELD.where(_GATHERINGS.c.branch_id.in_(bindparam("branches", expanding=True)))
    .order_by(_GATHERINGS.c.on.desc(), _GATHERINGS.c.id)
    .limit(db.number("count"))
)
_ONE = _HELD.where(_GATHERINGS.c.id == bindparam("id"))
_CAME = select(_ATTENDANCES.c.person_id).where(
    _ATTENDANCES.c.gathering_id == bindparam("gathering")
)
_GONE = delete(_ATTENDANCES).where(
    _ATTENDANCES.c.gathering_id == bindparam("gathering"),
    _ATTENDANCES.c.person_id.in_(bindparam("people", expanding=True)),
)


def among(those: Any) -> Any:
    """What these people came to in the last twelve months: `word` is the kind, `number` how often,
    `on` the last time.
    """
    return (
        strand.of(
            "came",
            on=func.max(_GATHERINGS.c.on),
            person=_ATTENDANCES.c.person_id,
            number=func.count(),
            word=_GATHERINGS.c.kind,
        )
        .select_from(
            _ATTENDANCES.join(_GATHERINGS, _GATHERINGS.c.id == _ATTENDANCES.c.gathering_id)
        )
        .where(_ATTENDANCES.c.person_id.in_(those), _GATHERINGS.c.on > bindparam("a_year"))
        .group_by(_ATTENDANCES.c.person_id, _GATHERINGS.c.kind)
    )


def of(branches: Iterable[UUID], count: int) -> list[Held]:
    """The latest of these branches."""
    return [Held(*row) for row in db.rows(_OF, branches=list(branches), count=count)]


def one(gathering_id: UUID) -> Held | None:
    row = db.first(_ONE, id=gathering_id)
    return Held(*row) if row else None


def came(gathering_id: UUID) -> set[UUID]:
    return {row.person_id for row in db.rows(_CAME, gathering=gathering_id)}


def hold(client_id: UUID, branch: UUID, kind: str, on: date, pen: trail.Pen, by: UUID) -> None:
    """Write a gathering down; sent again it is the same one."""
    new = db.insert_once(
        Gathering,
        id=client_id,
        branch_id=branch,
        kind=kind,
        on=on,
        made_by=by,
        made_at=clock.now(),
    )
    if new:
        pen.write(trail.PLANNED, "gathering", client_id)


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
