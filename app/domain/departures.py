"""A mentor leaves a pair: what becomes of requests, weeks and planned meetings.

Requests by or to the one who leaves lapse. Weeks follow from the seats: those of the empty seat are
uncovered, and what the leaver had taken goes back to whose place it is. A planned meeting that only
the leaver was to come to stays in sight without a mentor, until somebody takes it or cancels it.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, or_, update

from app import clock, db
from app.domain import trail, turns
from app.domain.mentorships import SEATS

_END = (
    update(SEATS)
    .where(
        SEATS.c.mentorship_id == bindparam("mentorship"),
        SEATS.c.person_id == bindparam("person"),
        or_(SEATS.c.to_on.is_(None), SEATS.c.to_on >= bindparam("day")),
    )
    .values(to_on=bindparam("last"))
)


def leave(mentorship_id: UUID, participant_id: UUID, person_id: UUID, pen: trail.Pen) -> bool:
    """End the seat now, so that access ends with it. False when there was none to end."""
    day = clock.today()
    turns.lapse_for(mentorship_id, person_id, day)
    values = {"mentorship": mentorship_id, "person": person_id, "day": day}
    ended = db.connection().execute(_END, values | {"last": day - timedelta(days=1)}).rowcount
    if not ended:
        return False
    pen.write(trail.LEFT, "seat", person_id, participant_id)
    return True
