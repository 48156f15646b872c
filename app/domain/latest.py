"""What was last in a mentorship, kept beside it, so that a leader's list need not read the rows.

All of it follows from meetings and evaluations (and contacts, which keep up their own) and is
written anew from them whenever one is made, changed or taken back; nothing is added to what was.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, cast, func, literal, or_, select, update

from app import db
from app.domain import contacts, levels, mentorships
from app.domain.evaluations import EVALUATIONS
from app.domain.meetings import HELD, MEETINGS, NO_SHOW
from app.domain.mentorships import MENTORSHIPS, SEATS

_OF_LIFE = MEETINGS.c.mentorship_id == MENTORSHIPS.c.id
_MET_ON = (
    select(func.max(MEETINGS.c.held_on))
    .where(_OF_LIFE, MEETINGS.c.outcome == HELD)
    .correlate(MENTORSHIPS)
    .scalar_subquery()
)
_NO_SHOWS = (
    select(func.count())
    .where(
        _OF_LIFE,
        MEETINGS.c.outcome == NO_SHOW,
        MEETINGS.c.held_on > func.coalesce(_MET_ON, cast(literal(date.min), Date)),
    )
    .correlate(MENTORSHIPS)
    .scalar_subquery()
)
_THERE_ON = (
    select(func.max(MEETINGS.c.held_on))
    .where(
        MEETINGS.c.mentorship_id == SEATS.c.mentorship_id,
        MEETINGS.c.outcome == HELD,
        or_(MEETINGS.c.logged_by == SEATS.c.person_id, MEETINGS.c.with_mentor == SEATS.c.person_id),
    )
    .correlate(SEATS)
    .scalar_subquery()
)
_NOW = EVALUATIONS.alias("now")


def _newest(column: Any) -> Any:
    """Of a mentor's newest answers about the participant."""
    participant = (
        select(MENTORSHIPS.c.participant_id)
        .where(MENTORSHIPS.c.id == SEATS.c.mentorship_id)
        .correlate(SEATS)
        .scalar_subquery()
    )
    return (
        select(column)
        .where(_NOW.c.author_id == SEATS.c.person_id, _NOW.c.participant_id == participant)
        .order_by(_NOW.c.at.desc())
        .limit(db.ONE)
        .correlate(SEATS)
        .scalar_subquery()
    )


_LIVES = update(MENTORSHIPS).values(met_on=_MET_ON, no_shows=_NO_SHOWS)
_SEATS = update(SEATS).values(
    met_on=_THERE_ON,
    scored_at=_newest(_NOW.c.at),
    scores=func.coalesce(_newest(levels.said(_NOW)), 0),
)
_LIFE = _LIVES.where(MENTORSHIPS.c.id == bindparam("mentorship"))
_PAIR = _SEATS.where(SEATS.c.mentorship_id == bindparam("mentorship"))


def keep(mentorship_id: UUID) -> None:
    """After a meeting or its evaluation was made, changed or taken back, or a seat was filled."""
    mentorships.hold(mentorship_id)
    db.change(_LIFE, mentorship=mentorship_id)
    db.change(_PAIR, mentorship=mentorship_id)


def keep_all() -> None:
    """Of rows that came by no act: the demo's."""
    contacts.keep_all()
    db.change(_LIVES)
    db.change(_SEATS)
