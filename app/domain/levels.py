"""Mentors' scores held against their own level before: who has it harder than they used to, and
where the relation has fallen twice. The one place that says it, for Overblik and for reminders.

Scores are 1-10 (evaluation report, fig. 6 and 7). Both are asked for as of now, so the newest is
the one that was given last, and only it says how it is.

product.md section 5 says "own mean" and no more. Here it is the mean of the mentor's ten newest
scores of the same mentorship before the one that is looked at, where there are three or more: at
the pace of the rhythm that is four months. It hangs on no day of reading, so a reminder and
Overblik say the same of an answer; it knows a mentor again after a pause; and it is the same work
however long a mentorship has lasted.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, literal_column, or_, select

from app import db
from app.domain.evaluations import EVALUATIONS

LOW, FALL, FEWEST = 4, 3, 3  # wellbeing: at most this, or so far below a mean of so many
HIGHEST = 10
NEWEST: Any = literal_column("10")  # scores that make the own level
FRESH = timedelta(days=30)  # how long a score says how it is now
IS_LOW, FALLS = 1, 2  # bits


def said(now: Any) -> Any:
    """What an answer says, as bits: a statement's column, about a row of `EVALUATIONS`."""
    fallen = (now.c.relation < _nth_before(now, 1)) & (_nth_before(now, 1) < _nth_before(now, 2))
    return case((low(now), IS_LOW), else_=0) + case((fallen, FALLS), else_=0)


def low(now: Any) -> Any:
    """Whether the mentor is not well: low, or far below the own level."""
    return or_(
        now.c.wellbeing <= LOW,
        # A mean is at most the highest score, so most need not be reckoned.
        (now.c.wellbeing <= HIGHEST - FALL) & (now.c.wellbeing <= _mean(now) - FALL),
    )


def _mean(now: Any) -> Any:
    before = EVALUATIONS.alias("before")
    scores = (
        _before(now, before, before.c.wellbeing)
        .where(before.c.wellbeing.is_not(None))
        .limit(NEWEST)
        .subquery("own")
    )
    return (
        select(func.avg(scores.c.wellbeing))
        .having(func.count(scores.c.wellbeing) >= FEWEST)
        .scalar_subquery()
    )


def _nth_before(now: Any, number: int) -> Any:
    """The relation that many answers before."""
    before = EVALUATIONS.alias("before")
    nth: Any = literal_column(str(number - 1))
    return _before(now, before, before.c.relation).limit(db.ONE).offset(nth).scalar_subquery()


def _before(now: Any, before: Any, column: Any) -> Any:
    """That column of the same mentor's answers before, the newest first."""
    return (
        select(column)
        .where(
            before.c.author_id == now.c.author_id,
            before.c.participant_id == now.c.participant_id,
            before.c.at < now.c.at,
        )
        .order_by(before.c.at.desc())
        .correlate(now)
    )
