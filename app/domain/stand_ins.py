"""A stand-in (stedfortræder): somebody leads a branch for a while, and then no longer.

It is a leader's role with a first and a last day, so that every right follows from one place.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import roles, trail
from app.domain.people import HELD, LEADER, PEOPLE, first_name_of, held_today
from app.vault import ring

LONGEST = timedelta(days=92)
AHEAD = timedelta(days=183)  # that the first day may lie
ONE_DAY = timedelta(days=1)


class StandIn(db.Row, table=True):
    """Named by a leader. Ended early, the role ends with it."""

    __tablename__ = "stand_in"
    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    role_id: UUID = Field(foreign_key="role.id", unique=True)
    named_by: UUID = Field(foreign_key="person.id")
    named_at: datetime
    ended_at: datetime | None = None


class Named(NamedTuple):
    """One stand-in as a row."""

    id: UUID
    branch_id: UUID
    role_id: UUID
    person_id: UUID
    from_on: date
    to_on: date | None
    ended_at: datetime | None
    first_name_ct: bytes | None

    @property
    def first_name(self) -> str:
        return first_name_of(self.person_id, self.first_name_ct)


_STAND_INS = db.columns(StandIn)
_NAMED = (
    select(
        _STAND_INS.c.id,
        _STAND_INS.c.branch_id,
        _STAND_INS.c.role_id,
        HELD.c.person_id,
        HELD.c.from_on,
        HELD.c.to_on,
        _STAND_INS.c.ended_at,
        PEOPLE.c.first_name_ct,
    )
    .join(HELD, HELD.c.id == _STAND_INS.c.role_id)
    .join(PEOPLE, PEOPLE.c.id == HELD.c.person_id)
    .order_by(HELD.c.from_on.desc(), _STAND_INS.c.id)
)
_OF = _NAMED.where(_STAND_INS.c.branch_id.in_(bindparam("branches", expanding=True)))
_ONE = _NAMED.where(_STAND_INS.c.id == bindparam("id"))
_WORKS = select(HELD.c.person_id).where(held_today)
_STEADY = (HELD.c.role == LEADER) & HELD.c.to_on.is_(None) & held_today
_LEADERS = select(HELD.c.person_id).where(_STEADY)
_STEADILY_LED = select(HELD.c.branch_id).where(HELD.c.person_id == bindparam("person"), _STEADY)
_CHOICES = (
    select(PEOPLE.c.id, PEOPLE.c.first_name_ct)
    .where(
        PEOPLE.c.left_at.is_(None),
        PEOPLE.c.id.in_(_WORKS),
        PEOPLE.c.id != bindparam("reader"),
        PEOPLE.c.branch_id.in_(bindparam("branches", expanding=True)) | PEOPLE.c.id.in_(_LEADERS),
    )
    .order_by(PEOPLE.c.id)
)
_END = update(HELD).where(HELD.c.id == bindparam("role_id")).values(to_on=bindparam("last"))
_ENDED = (
    update(_STAND_INS)
    .where(_STAND_INS.c.id == bindparam("stand_in"), _STAND_INS.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)


def of(branches: Iterable[UUID]) -> list[Named]:
    """Of these branches, the latest first."""
    found = [Named(*row) for row in db.rows(_OF, branches=list(branches))]
    ring().take(one.person_id for one in found)
    return found


def one(stand_in_id: UUID) -> Named | None:
    row = db.first(_ONE, id=stand_in_id)
    return Named(*row) if row else None


def steadily_led_by(person: UUID, day: date) -> frozenset[UUID]:
    """The branches that somebody leads until further notice: a stand-in's have a last day."""
    found = db.rows(_STEADILY_LED, person=person, day=day)
    return frozenset(row.branch_id for row in found)


def choices(branches: Iterable[UUID], reader: UUID, day: date) -> list[tuple[UUID, str]]:
    """Who can be named: people of the branch with a role today, and leaders of others."""
    found = db.rows(_CHOICES, branches=list(branches), reader=reader, day=day)
    ring().take(row.id for row in found)
    named = [(row.id, first_name_of(row.id, row.first_name_ct)) for row in found]
    return sorted(named, key=lambda pair: pair[1])


def name(
    client_id: UUID,
    branch: UUID,
    person: UUID,
    span: tuple[date, date],
    pen: trail.Pen,
    by: UUID,
) -> None:
    """Somebody leads the branch on these days, both included. Sent again, it is the same."""
    if one(client_id):
        return
    role_id = roles.give(person, LEADER, branch, span, pen)
    row = StandIn(
        id=client_id, branch_id=branch, role_id=role_id, named_by=by, named_at=clock.now()
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.HANDED_OVER, "stand_in", client_id)


def end(named: Named, pen: trail.Pen) -> None:
    """No longer, from this minute on."""
    if db.change(_ENDED, stand_in=named.id, now=clock.now()):
        db.change(_END, role_id=named.role_id, last=clock.today() - ONE_DAY)
        pen.write(trail.TOOK_BACK, "stand_in", named.id)
