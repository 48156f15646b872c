"""What Forløb asks beside the meetings, in one question: contacts, weeks that changed hands ..."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import union_all

from app import clock, db
from app.domain import contacts, follow_ups, grants, handovers, moves
from app.domain.strand import Strand

_ASKED = union_all(
    contacts.LATELY, follow_ups.LATELY, handovers.TAKEN, grants.OFF, moves.RELEASE_LATELY
)
TOLD_FOR = timedelta(days=14)  # how long a moved release is shown


class Around(NamedTuple):
    made: list[Strand]  # the latest contacts
    taken: list[Strand]  # the latest weeks until that day, with who took each last
    followed: list[Strand]  # follow-ups
    release: Strand | None  # the last move of the release date, while it is told of
    grants: bool  # whether the branch has a fixed amount


def around(mentorship_id: UUID, day: date, count: int) -> Around:
    since = clock.now() - TOLD_FOR
    found = db.rows(_ASKED, mentorship=mentorship_id, day=day, count=count, since=since)
    strands = [*map(Strand._make, found)]
    taken: dict[date | None, Strand] = {}
    for s in sorted((s for s in strands if s.what == "taken"), key=lambda s: s.number or 0):
        taken[s.on] = s
    return Around(
        [s for s in strands if s.what == "contact"],
        list(taken.values()),
        [s for s in strands if s.what == "follow_up"],
        next((s for s in strands if s.what == "release"), None),
        not any(s.what == "no_grants" for s in strands),
    )
