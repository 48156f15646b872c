"""What Uger asks, in one question: the rota, what is asked for, planned meetings, past contact."""

from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import union_all

from app import db
from app.domain import contacts, handovers, plans, rota
from app.domain.mentorships import View
from app.domain.rota import Rota
from app.domain.strand import Strand


class Planned(NamedTuple):
    """A planned meeting as the strip shows it."""

    id: UUID
    on: date
    at: time | None


class Weeks(NamedTuple):
    rota: Rota
    asked: dict[date, UUID]  # by Monday: the request that waits for an answer
    planned: list[Planned]
    touched: set[date]  # days on which either mentor met or reached the participant


_ASKED = union_all(*handovers.ROTA, handovers.OPEN, plans.SOON, contacts.DAYS, contacts.MET)


def ask(mine: View, since: date, day: date) -> Weeks:
    """What stands on the strip from a Monday on, as seen on that day."""
    values = {"mentorship": mine.id, "since": since, "day": day}
    found = [*map(Strand._make, db.rows(_ASKED, **values))]
    planned = [
        Planned(s.ref, s.on, time.fromisoformat(s.word) if s.word else None)
        for s in found
        if s.what == "plan" and s.ref and s.on
    ]
    return Weeks(
        rota=rota.woven(found, mine.seats, handovers.start_of(mine)),
        asked={s.on: s.ref for s in found if s.what == "ask" and s.on and s.ref},
        planned=sorted(planned, key=lambda plan: (plan.on, plan.at or time.max)),
        touched={s.on for s in found if s.what == "touch" and s.on},
    )
