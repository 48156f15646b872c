"""A role is given: a row, and a line in the trail that who watches for curiosity reads."""

from datetime import date
from uuid import UUID, uuid4

from app import db
from app.domain import trail
from app.domain.people import Role


def give(
    person: UUID, role: str, branch: UUID | None, span: tuple[date, date | None], pen: trail.Pen
) -> UUID:
    """From the first of these days to the last, both included. The role's id."""
    made, (first, last) = uuid4(), span
    row = Role(id=made, person_id=person, role=role, branch_id=branch, from_on=first, to_on=last)
    db.session().add(row)
    db.session().flush()
    pen.write(trail.JOINED, "role", person, reason=role)
    return made
