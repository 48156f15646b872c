"""What a leader and a consultant read of many mentorships at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app import db
from app.domain import mentorships
from app.domain.branches import Branch, Municipality
from app.domain.meetings import HELD, MEETINGS
from app.domain.mentorships import (
    AFTER,
    BEFORE,
    MENTORSHIPS,
    PARTICIPANTS,
    RELEASE,
    SEATS,
    participant_name,
    sits,
)
from app.domain.people import PEOPLE, first_name_of
from app.vault import ring

LATELY = timedelta(days=90)


class Line(NamedTuple):
    """One mentorship of the branch."""

    id: UUID
    participant_id: UUID
    participant: str
    mentors: list[str]
    release_on: date
    ended_on: date | None
    last_on: date | None  # the last meeting or contact of anybody in the pair


class BranchCount(NamedTuple):
    """How many mentorships a branch has, by phase, and its registered meetings of 90 days."""

    name: str
    municipalities: list[str]
    phases: Counter[str]
    meetings: int


_LINES = (
    select(
        MENTORSHIPS.c.id,
        MENTORSHIPS.c.participant_id,
        MENTORSHIPS.c.release_on,
        MENTORSHIPS.c.ended_on,
        PARTICIPANTS.c.first_name_ct,
        PEOPLE.c.id.label("mentor_id"),
        PEOPLE.c.first_name_ct.label("mentor_ct"),
        MENTORSHIPS.c.met_on,
        MENTORSHIPS.c.reached_on,
    )
    .join(PARTICIPANTS, PARTICIPANTS.c.id == MENTORSHIPS.c.participant_id)
    .outerjoin(SEATS, (SEATS.c.mentorship_id == MENTORSHIPS.c.id) & sits(SEATS, bindparam("day")))
    .outerjoin(PEOPLE, PEOPLE.c.id == SEATS.c.person_id)
    .order_by(MENTORSHIPS.c.release_on, MENTORSHIPS.c.id, SEATS.c.place)
)
_THESE = _LINES.where(MENTORSHIPS.c.id.in_(bindparam("mentorships", expanding=True)))
_OF_BRANCH = (
    select(MENTORSHIPS.c.id)
    .where(MENTORSHIPS.c.branch_id == bindparam("branch"))
    .order_by(MENTORSHIPS.c.ended_on.is_not(None), MENTORSHIPS.c.release_on, MENTORSHIPS.c.id)
    .limit(db.number("count"))
)
_ONE = _LINES.where(MENTORSHIPS.c.id == bindparam("mentorship"))
_BRANCHES, _MUNICIPALITIES = db.columns(Branch), db.columns(Municipality)
_BRANCH_ROWS = (
    select(_BRANCHES.c.id, _BRANCHES.c.name, _MUNICIPALITIES.c.name.label("municipality"))
    .outerjoin(_MUNICIPALITIES, _MUNICIPALITIES.c.branch_id == _BRANCHES.c.id)
    .order_by(_BRANCHES.c.name, _MUNICIPALITIES.c.name)
)
_DATES = select(MENTORSHIPS.c.branch_id, MENTORSHIPS.c.release_on, MENTORSHIPS.c.ended_on)
_MET = (
    select(MENTORSHIPS.c.branch_id, func.count().label("met"))
    .join(MEETINGS, MEETINGS.c.mentorship_id == MENTORSHIPS.c.id)
    .where(MEETINGS.c.outcome == HELD, MEETINGS.c.held_on > bindparam("since"))
    .group_by(MENTORSHIPS.c.branch_id)
)


def lines(those: Sequence[UUID], day: date) -> dict[UUID, Line]:
    """These mentorships with the names of who is in them."""
    found = db.rows(_THESE, mentorships=list(those), day=day) if those else []
    return {line.id: line for line in _lines(found)}


def of_branch(branch_id: UUID, day: date, count: int) -> list[Line]:
    """A branch's mentorships, those that run first."""
    ids = [row.id for row in db.rows(_OF_BRANCH, branch=branch_id, count=count)]
    found = lines(ids, day)
    return [found[one] for one in ids]


def one(mentorship_id: UUID, day: date) -> Line:
    """One mentorship, running or ended."""
    return _lines(db.rows(_ONE, mentorship=mentorship_id, day=day))[0]


def by_branch(day: date) -> list[BranchCount]:
    """Every branch with its municipalities and counts; names of places only."""
    phases: dict[UUID, Counter[str]] = {}
    for row in db.rows(_DATES):
        phases.setdefault(row.branch_id, Counter())[_phase(row, day)] += 1
    met = {row.branch_id: row.met for row in db.rows(_MET, since=day - LATELY)}
    counts: dict[UUID, BranchCount] = {}
    for row in db.rows(_BRANCH_ROWS):
        fresh = BranchCount(row.name, [], phases.get(row.id, Counter()), met.get(row.id, 0))
        count = counts.setdefault(row.id, fresh)
        if row.municipality:
            count.municipalities.append(row.municipality)
    return list(counts.values())


def _lines(found: list[Any]) -> list[Line]:
    ring().take(p for row in found for p in (row.participant_id, row.mentor_id))
    lines: dict[UUID, Line] = {}
    for row in found:
        line = lines.get(row.id) or lines.setdefault(row.id, _line(row))
        if row.mentor_id:
            line.mentors.append(first_name_of(row.mentor_id, row.mentor_ct))
    return list(lines.values())


def _line(row: Any) -> Line:
    days = [day for day in (row.met_on, row.reached_on) if day]
    return Line(
        id=row.id,
        participant_id=row.participant_id,
        participant=participant_name(row.participant_id, row.first_name_ct),
        mentors=[],
        release_on=row.release_on,
        ended_on=row.ended_on,
        last_on=max(days, default=None),
    )


def _phase(row: Any, day: date) -> str:
    """The weeks around the release count on their own side of it."""
    phase = mentorships.phase(row.release_on, row.ended_on, day)
    if phase != RELEASE:
        return phase
    return BEFORE if row.release_on > day else AFTER
