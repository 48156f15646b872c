"""Mentors' newest scores held against their own level before: who has it harder than they used to,
and where the relation has fallen twice. Asked in one statement, for Overblik.

Scores are 1-10 (evaluation report, fig. 6 and 7). Both are asked for as of now, so the newest is
the one that was given last. Only it counts, and only while it says how it is now.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, func, literal, literal_column, or_, select

from app import clock, db
from app.domain import strand
from app.domain.evaluations import EVALUATIONS
from app.domain.mentorships import MENTORSHIPS, SEATS

LOW, FALL, FEWEST = 4, 3, 3  # wellbeing: at most this, or so far below a mean of so many
HIGHEST = 10
FRESH = timedelta(days=30)  # how long a score says how it is now
OWN_LEVEL = timedelta(days=120)  # what a score is held against
IS_LOW, FALLS = 1, 2  # what the number of "scores" is made of

_NOW = EVALUATIONS.alias("now")  # a mentor's newest answer
_BEFORE = (  # the same mentor's answers before it
    (EVALUATIONS.c.author_id == _NOW.c.author_id)
    & (EVALUATIONS.c.participant_id == _NOW.c.participant_id)
    & (EVALUATIONS.c.at >= bindparam("own_level"))
    & (EVALUATIONS.c.at < _NOW.c.at)
)
_MEAN = (
    select(func.avg(EVALUATIONS.c.wellbeing))
    .where(_BEFORE)
    .having(func.count(EVALUATIONS.c.wellbeing) >= FEWEST)
    .correlate(_NOW)
    .scalar_subquery()
)


def _nth_before(number: int) -> Any:
    """The relation that many answers before the newest."""
    return (
        select(EVALUATIONS.c.relation)
        .where(_BEFORE)
        .order_by(EVALUATIONS.c.at.desc())
        .limit(db.ONE)
        .offset(literal_column(str(number - 1)))
        .correlate(_NOW)
        .scalar_subquery()
    )


_LOW = or_(
    _NOW.c.wellbeing <= LOW,
    # A mean is at most the highest score, so most need not be reckoned.
    (_NOW.c.wellbeing <= HIGHEST - FALL) & (_NOW.c.wellbeing <= _MEAN - FALL),
)
_FALLEN = (_NOW.c.relation < _nth_before(1)) & (_nth_before(1) < _nth_before(2))


def among(those: Any) -> Select[Any]:
    """The mentorships of these where a mentor's newest scores say something."""
    newest = (
        select(func.max(EVALUATIONS.c.at))
        .where(
            EVALUATIONS.c.author_id == SEATS.c.person_id,
            EVALUATIONS.c.participant_id == MENTORSHIPS.c.participant_id,
            EVALUATIONS.c.at >= bindparam("fresh"),
        )
        .correlate(SEATS, MENTORSHIPS)
        .scalar_subquery()
    )
    flags = case((_LOW, IS_LOW), else_=0) + case((_FALLEN, FALLS), else_=0)
    said = (
        select(SEATS.c.mentorship_id, flags.label("flags"))
        .select_from(
            SEATS.join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id).join(
                _NOW,
                (_NOW.c.author_id == SEATS.c.person_id)
                & (_NOW.c.participant_id == MENTORSHIPS.c.participant_id)
                & (_NOW.c.at == newest),
            )
        )
        .where(SEATS.c.mentorship_id.in_(those))
        .cte("newest_scores")
        .prefix_with("MATERIALIZED")  # else what it reckons is reckoned for each use
    )
    return strand.of("scores", number=said.c.flags, other=said.c.mentorship_id).where(
        literal(0) < said.c.flags
    )


def since(day: date) -> dict[str, datetime]:
    """What `among` is asked with."""
    return {
        "fresh": clock.midnight(day - FRESH),
        "own_level": clock.midnight(day - OWN_LEVEL),
    }
