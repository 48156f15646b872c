"""That a leader has called a mentor: who and when, never what was said.

Monthly in the first three months of a mentorship (product.md section 6).
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field

from app import clock, db
from app.domain import strand, trail

EVERY = timedelta(days=31)
FOR = timedelta(days=92)  # of a mentorship


class Call(db.Row, table=True):
    """One call; two on one day are one."""

    __table_args__ = (UniqueConstraint("person_id", "by", "on"),)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    on: date
    by: UUID = Field(foreign_key="person.id")
    at: datetime


_CALLS = db.columns(Call)


def among(those: Any) -> Any:
    """When each of these people was called last."""
    return (
        strand.of("called", on=func.max(_CALLS.c.on), person=_CALLS.c.person_id)
        .where(_CALLS.c.person_id.in_(those))
        .group_by(_CALLS.c.person_id)
    )


def called(person_id: UUID, pen: trail.Pen, by: UUID) -> None:
    """Today."""
    values = {"person_id": person_id, "on": clock.today(), "by": by, "at": clock.now()}
    if db.insert_once(Call, id=uuid4(), **values):
        pen.write(trail.LOGGED, "call", person_id)
