"""What still waits after an end, or half a year after a release: for Overblik, in one question."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, literal, or_, select, union_all

from app import db
from app.domain.closures import APPROVED, CLOSURES, STEPS
from app.domain.debriefs import DEBRIEFS
from app.domain.exit_forms import FORMS
from app.domain.follow_ups import FOLLOW_UPS, SIX_MONTHS
from app.domain.mentorships import FOLLOW_UP, MENTORSHIPS, SEATS, months_after

DEBRIEF, EXIT_FORM, SIX_MONTHS_DUE = "debrief", "exit_form", "six_months"


class Waiting(NamedTuple):
    """`ref` is the closure, or the mentorship that is due; `on` the end, or the release."""

    what: str
    mentorship_id: UUID
    ref: UUID
    on: date


_LATER = STEPS.alias("later")
_LED = MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)) & MENTORSHIPS.c.id.not_in(
    select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("person"))
)
_REOPENED = (  # only an approval that nothing followed
    select(_LATER.c.id)
    .where(_LATER.c.closure_id == CLOSURES.c.id, _LATER.c.outcome != APPROVED)
    .exists()
)


def _ended(what: str) -> Select[Any]:
    return (
        select(
            literal(what).label("what"),
            CLOSURES.c.mentorship_id,
            CLOSURES.c.id.label("ref"),
            CLOSURES.c.end_on.label("on"),
        )
        .join(STEPS, STEPS.c.closure_id == CLOSURES.c.id)
        .join(MENTORSHIPS, MENTORSHIPS.c.id == CLOSURES.c.mentorship_id)
        .where(_LED, STEPS.c.outcome == APPROVED, ~_REOPENED)
    )


_DUE = union_all(
    _ended(DEBRIEF).where(
        ~select(DEBRIEFS.c.id).where(DEBRIEFS.c.closure_id == CLOSURES.c.id).exists()
    ),
    _ended(EXIT_FORM).where(
        ~select(FORMS.c.id).where(FORMS.c.closure_id == CLOSURES.c.id).exists()
    ),
    select(
        literal(SIX_MONTHS_DUE).label("what"),
        MENTORSHIPS.c.id,
        MENTORSHIPS.c.id.label("ref"),
        MENTORSHIPS.c.release_on,
    ).where(
        _LED,
        MENTORSHIPS.c.release_on <= bindparam("released"),
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on >= bindparam("day")),
        ~select(FOLLOW_UPS.c.id)
        .where(FOLLOW_UPS.c.mentorship_id == MENTORSHIPS.c.id, FOLLOW_UPS.c.kind == SIX_MONTHS)
        .exists(),
    ),
)


def waiting(branches: frozenset[UUID], person_id: UUID, day: date) -> list[Waiting]:
    """For who leads these branches, but never of a pair they are or were in."""
    values = {"branches": list(branches), "person": person_id, "day": day}
    found = db.rows(_DUE, released=months_after(day, -FOLLOW_UP), **values)
    return [Waiting(*row) for row in found]
