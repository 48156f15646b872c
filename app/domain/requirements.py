"""What a mentor has to have before a match: each thing met is a row, and the newest counts.

Requirements for mentors, 1-6 (the scheme's own list): 25 years, security clearance, basic course;
the method course is expected, the child certificate only where there are children.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, bindparam, or_, select
from sqlmodel import Field

from app import clock, db
from app.domain import strand, trail
from app.language import mark

CONVERSATION, CLEARANCE, BASIC = "conversation", "clearance", "basic_course"
METHOD, CHILD = "method_course", "child_certificate"
KINDS = {
    CONVERSATION: mark("Samtale"),
    CLEARANCE: mark("Sikkerhedsgodkendelse"),
    BASIC: mark("Grundkursus"),
    METHOD: mark("Metodekursus: Medmenneskelighed i Praksis"),
    CHILD: mark("Børneattest"),
}
RUNS_OUT = frozenset({CLEARANCE, CHILD})  # these can have a last day
LONGEST = timedelta(days=10 * 366)  # how far ahead a last day can be
OLDEST = date(2015, 1, 1)  # when the scheme began


class Requirement(db.Row, table=True):
    """That somebody met one of KINDS on a day, or no longer meets it (`met_on` empty)."""

    # What runs out is read from the index alone.
    __table_args__ = (Index("ix_requirement_days", "person_id", "kind", "at", "until_on"),)
    person_id: UUID = Field(foreign_key="person.id")
    kind: str  # one of KINDS
    met_on: date | None = None
    until_on: date | None = None  # its last day, where it runs out
    at: datetime
    by: UUID = Field(foreign_key="person.id")


REQUIREMENTS = db.columns(Requirement)
_LATER = REQUIREMENTS.alias("later")
NEWEST = ~(  # of its kind; two of one moment count by their ids
    select(_LATER.c.person_id)
    .where(
        _LATER.c.person_id == REQUIREMENTS.c.person_id,
        _LATER.c.kind == REQUIREMENTS.c.kind,
        or_(
            _LATER.c.at > REQUIREMENTS.c.at,
            (_LATER.c.at == REQUIREMENTS.c.at) & (_LATER.c.id < REQUIREMENTS.c.id),
        ),
    )
    .correlate(REQUIREMENTS)
    .exists()
)


def among(those: Any) -> Any:
    """What these people have met: `person`, `word` is the kind, `on` and `until` its days."""
    return strand.of(
        "met",
        on=REQUIREMENTS.c.met_on,
        until=REQUIREMENTS.c.until_on,
        person=REQUIREMENTS.c.person_id,
        word=REQUIREMENTS.c.kind,
    ).where(
        REQUIREMENTS.c.person_id.in_(those),
        REQUIREMENTS.c.met_on.is_not(None),
        NEWEST,
    )


_OF = among(bindparam("people", expanding=True))


def of(people: Iterable[UUID]) -> dict[UUID, dict[str, tuple[date, date | None]]]:
    """What each has met: day and last day by kind."""
    found: dict[UUID, dict[str, tuple[date, date | None]]] = {}
    for row in db.rows(_OF, people=list(people)):
        found.setdefault(row.person, {})[row.word] = (row.on, row.until)
    return found


def record(
    person_id: UUID, kind: str, met_on: date | None, until_on: date | None, pen: trail.Pen, by: UUID
) -> None:
    """Met on that day; without a day, no longer met."""
    if person_id == by:
        raise PermissionError("nobody records what they have met themselves")
    row = Requirement(
        id=uuid4(),
        person_id=person_id,
        kind=kind,
        met_on=met_on,
        until_on=until_on if kind in RUNS_OUT else None,
        at=clock.now(),
        by=by,
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.EDITED, "requirement", person_id)
