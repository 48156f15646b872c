"""What Forløb asks beside the meetings, in one question: contacts, and weeks that changed hands."""

from datetime import date
from uuid import UUID

from sqlalchemy import union_all

from app import db
from app.domain import contacts, follow_ups, handovers
from app.domain.strand import Strand

_ASKED = union_all(contacts.LATELY, follow_ups.LATELY, handovers.TAKEN)


def around(
    mentorship_id: UUID, day: date, count: int
) -> tuple[list[Strand], list[Strand], list[Strand]]:
    """The latest contacts, the latest weeks until that day with who took each last, follow-ups."""
    found = db.rows(_ASKED, mentorship=mentorship_id, day=day, count=count)
    strands = [*map(Strand._make, found)]
    taken: dict[date | None, Strand] = {}
    for s in sorted((s for s in strands if s.what == "taken"), key=lambda s: s.number or 0):
        taken[s.on] = s
    made = [s for s in strands if s.what == "contact"]
    return made, list(taken.values()), [s for s in strands if s.what == "follow_up"]
