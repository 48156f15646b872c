"""What moves around a mentorship: the release date, the institution, the municipality.

Each move is a row with what it was and what it became, so that the institutions a participant has
been in are a history. Everything that hangs on the release date is read from it and moves along.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import mentorships, news, notices, strand, trail, turns
from app.domain.branches import INSTITUTIONS, MUNICIPALITIES
from app.domain.mentorships import MENTORSHIPS, SEATS, sits
from app.domain.people import HELD, LEADER, PEOPLE, held_today

RELEASE, INSTITUTION, MUNICIPALITY = "release", "institution", "municipality"
AHEAD = timedelta(days=3 * 366)  # how far a release can be moved


class NobodyLeads(Exception):
    """The branch that it would move to has no leader who could take it."""


class Move(db.Row, table=True):
    """One move. A date's before and after, or a place's."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    kind: str  # "release", "institution" or "municipality"
    at: datetime
    by: UUID = Field(foreign_key="person.id")
    from_on: date | None = None
    to_on: date | None = None
    from_id: UUID | None = None
    to_id: UUID | None = None


class Made(NamedTuple):
    """A move in words: days as dates, places by name."""

    kind: str
    at: datetime
    by: UUID
    was: date | str | None
    became: date | str | None


class Shift(NamedTuple):
    """What a new release date does to a milestone."""

    key: str
    was: date
    becomes: date


class Place(NamedTuple):
    """An institution, or a municipality with the branch that answers for it."""

    id: UUID
    name: str
    branch_id: UUID | None = None


MOVES = db.columns(Move)
_OF = (
    select(MOVES)
    .where(MOVES.c.mentorship_id == bindparam("mentorship"))
    .order_by(MOVES.c.at.desc(), MOVES.c.id)
)
_LIFE = select(
    MENTORSHIPS.c.id,
    MENTORSHIPS.c.participant_id,
    MENTORSHIPS.c.branch_id,
    MENTORSHIPS.c.matched_on,
    MENTORSHIPS.c.release_on,
    MENTORSHIPS.c.institution_id,
    MENTORSHIPS.c.municipality_id,
).where(MENTORSHIPS.c.id == bindparam("mentorship"))
_SET = update(MENTORSHIPS).where(MENTORSHIPS.c.id == bindparam("mentorship"))
_SET_RELEASE = _SET.values(release_on=bindparam("to_on"))
_SET_INSTITUTION = _SET.values(institution_id=bindparam("to_id"))
_SET_MUNICIPALITY = _SET.values(
    municipality_id=bindparam("to_id"),
    branch_id=bindparam("branch"),
    leader_id=bindparam("leader"),
)
_PAIR = select(SEATS.c.person_id).where(
    SEATS.c.mentorship_id == bindparam("mentorship"), sits(SEATS, bindparam("day"))
)
_LEADERS = (
    select(HELD.c.person_id)
    .join(PEOPLE, PEOPLE.c.id == HELD.c.person_id)
    .where(
        HELD.c.role == LEADER,
        HELD.c.branch_id == bindparam("branch"),
        held_today,
        PEOPLE.c.left_at.is_(None),
        HELD.c.person_id.not_in(
            select(SEATS.c.person_id).where(SEATS.c.mentorship_id == bindparam("mentorship"))
        ),
    )
    .order_by(HELD.c.from_on, HELD.c.person_id)
)
_INSTITUTION_NAMES = (
    select(INSTITUTIONS.c.id, INSTITUTIONS.c.name)
    .where(INSTITUTIONS.c.closed_at.is_(None) | (INSTITUTIONS.c.id == bindparam("now")))
    .order_by(INSTITUTIONS.c.name)
)
_MUNICIPALITY_NAMES = select(
    MUNICIPALITIES.c.id, MUNICIPALITIES.c.name, MUNICIPALITIES.c.branch_id
).order_by(MUNICIPALITIES.c.name)
_PLACE_NAMES = select(INSTITUTIONS.c.id, INSTITUTIONS.c.name).union_all(
    select(MUNICIPALITIES.c.id, MUNICIPALITIES.c.name)
)
_RELEASE = (
    select(MOVES.c.from_on, MOVES.c.to_on)
    .where(
        MOVES.c.mentorship_id == bindparam("mentorship"),
        MOVES.c.kind == RELEASE,
        MOVES.c.at >= bindparam("since"),
    )
    .order_by(MOVES.c.at.desc())
    .limit(db.ONE)
    .subquery("released")
)
RELEASE_LATELY = strand.of("release", on=_RELEASE.c.from_on, until=_RELEASE.c.to_on)


def of(mentorship_id: UUID) -> list[Made]:
    """What has moved, newest first."""
    found = db.rows(_OF, mentorship=mentorship_id)
    names = {row.id: row.name for row in db.rows(_PLACE_NAMES)} if found else {}
    return [
        Made(
            row.kind,
            row.at,
            row.by,
            row.from_on or names.get(row.from_id),
            row.to_on or names.get(row.to_id),
        )
        for row in found
    ]


def life_of(mentorship_id: UUID) -> Any:
    """The dates and places of a mentorship, as a row."""
    return db.first(_LIFE, mentorship=mentorship_id)


def shifts(matched_on: date, was: date, becomes: date, end_months: int) -> list[Shift]:
    """Which milestones a new release date moves, and whereto."""
    before = dict(mentorships.milestones(matched_on, was, end_months))
    after = dict(mentorships.milestones(matched_on, becomes, end_months))
    return [Shift(key, before[key], after[key]) for key in after if before[key] != after[key]]


def move_release(life: Any, to: date, pen: trail.Pen, by: UUID) -> bool:
    """Reminders and milestones follow from the date. False when it was that day already."""
    turns.lock(life.id)
    now = life_of(life.id)
    if now.release_on == to:
        return False
    db.change(_SET_RELEASE, mentorship=life.id, to_on=to)
    _write(now, RELEASE, pen, by, from_on=now.release_on, to_on=to)
    return True


def move_institution(life: Any, to: UUID | None, pen: trail.Pen, by: UUID) -> bool:
    """The participant is somewhere else; None when it is no institution."""
    turns.lock(life.id)
    now = life_of(life.id)
    if now.institution_id == to:
        return False
    db.change(_SET_INSTITUTION, mentorship=life.id, to_id=to)
    _write(now, INSTITUTION, pen, by, from_id=now.institution_id, to_id=to)
    return True


def move_municipality(life: Any, to: Place, pen: trail.Pen, by: UUID) -> bool:
    """Released to another municipality; its branch and one of its leaders take over with it."""
    turns.lock(life.id)
    now = life_of(life.id)
    if now.municipality_id == to.id:
        return False
    branch, leader = now.branch_id, None
    if to.branch_id != branch:
        branch = to.branch_id
        leader = db.first(_LEADERS, branch=branch, mentorship=life.id, day=clock.today())
        if leader is None:
            raise NobodyLeads
    keeps = mentorships.leader_of(life.id)
    values = {"to_id": to.id, "branch": branch, "leader": leader.person_id if leader else keeps}
    db.change(_SET_MUNICIPALITY, mentorship=life.id, **values)
    _write(now, MUNICIPALITY, pen, by, from_id=now.municipality_id, to_id=to.id)
    return True


def institutions(now: UUID | None = None) -> list[Place]:
    """Those that can be chosen, and the one somebody is in now, even if it has closed."""
    found = db.rows(_INSTITUTION_NAMES, now=now)
    return [Place(row.id, row.name) for row in found]


def municipalities() -> list[Place]:
    found = db.rows(_MUNICIPALITY_NAMES)
    return [Place(row.id, row.name, row.branch_id) for row in found]


def _write(life: Any, kind: str, pen: trail.Pen, by: UUID, **what: Any) -> None:
    """The row, the trail, and a word to the pair."""
    row = Move(id=uuid4(), mentorship_id=life.id, kind=kind, at=clock.now(), by=by, **what)
    db.session().add(row)
    db.session().flush()
    pen.write(trail.MOVED, kind, life.id, life.participant_id)
    for seat in db.rows(_PAIR, mentorship=life.id, day=clock.today()):
        notices.at_once(seat.person_id, news.MOVED, row.id, life.id, row.at)
