"""What I dag asks besides the meetings, in one question: weeks, requests, notes, what is next."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, bindparam, cast, select, union_all

from app import clock, db
from app.clock import Week
from app.domain import (
    agreements,
    closures,
    contacts,
    guides,
    handovers,
    pauses,
    plans,
    rota,
    strand,
    threads,
)
from app.domain.meetings import MEETINGS
from app.domain.mentorships import View
from app.domain.plans import PLANS
from app.domain.rota import Rota
from app.domain.strand import Strand

NEWS = timedelta(days=7)  # how long a no is told of
REMINDED = timedelta(days=3)  # how long a planned meeting is asked about


class Today(NamedTuple):
    rota: Rota  # from this week on
    asked: list[Strand]  # weeks that wait for an answer: `person` answers, `ref` is the request
    untaken: list[Strand]  # weeks of mine that were lately declined: `person` could not
    unread: list[Strand]  # notes of handovers that I accepted and have not ticked
    letters: list[Strand]  # notes of the thread to me that I have not ticked, newest first
    planned: Strand | None  # the next meeting: `person` and `other` come, `word` is the time
    contact: Strand | None  # the last one: `word` is its kind
    pause: Strand | None  # the running one: `until` is when the two are asked
    unlogged: list[Strand]  # planned meetings of the last days: `word` is the time
    closure: Strand | None  # the newest proposal of an end, as `closures.NEWEST` has it
    unagreed: bool  # nothing is agreed yet with the participant
    to_accept: list[str]  # kinds of text whose newest version waits


_UNLOGGED = strand.of(
    "unlogged", on=PLANS.c.on, ref=PLANS.c.id, word=cast(PLANS.c.at, String)
).where(
    PLANS.c.mentorship_id == bindparam("mentorship"),
    PLANS.c.on.between(bindparam("reminded"), bindparam("day")),
    PLANS.c.cancelled_at.is_(None),
    ~select(MEETINGS.c.id)
    .where(MEETINGS.c.mentorship_id == PLANS.c.mentorship_id, MEETINGS.c.held_on == PLANS.c.on)
    .exists(),
)
_ASKED = union_all(
    *handovers.ROTA,
    handovers.OPEN,
    handovers.UNTAKEN,
    handovers.UNREAD,
    threads.UNREAD,
    plans.NEXT,
    contacts.LAST,
    pauses.RUNNING,
    _UNLOGGED,
    guides.STATE,
    agreements.MISSING,
    closures.NEWEST,
)


def ask(mine: View, person_id: UUID, day: date) -> Today:
    """What stands on I dag for that mentor on that day."""
    since, lately = Week.of(day).monday, clock.now() - NEWS
    values = {"mentorship": mine.id, "person": person_id, "day": day, "since": since}
    values |= {"lately": lately, "reminded": day - REMINDED}
    found = [*map(Strand._make, db.rows(_ASKED, **values))]
    by_kind: defaultdict[str, list[Strand]] = defaultdict(list)
    for s in found:
        by_kind[s.what].append(s)
    one = {
        name: next(iter(by_kind[name]), None) for name in ("plan", "contact", "pause", "closure")
    }
    return Today(
        rota=rota.woven(found, mine.seats, handovers.start_of(mine)),
        asked=by_kind["ask"],
        untaken=by_kind["untaken"],
        unread=by_kind["unread"],
        letters=by_kind["letter"],
        planned=one["plan"],
        contact=one["contact"],
        pause=one["pause"],
        unlogged=by_kind["unlogged"],
        closure=one["closure"],
        unagreed=bool(by_kind["agreement"]),
        to_accept=guides.unaccepted(by_kind["text"]),
    )
