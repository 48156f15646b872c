"""What I dag asks besides the meetings, in one question: weeks, requests, notes, what is next."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import union_all

from app import clock, db
from app.clock import Week
from app.domain import contacts, guides, handovers, pauses, plans, rota, threads
from app.domain.mentorships import View
from app.domain.rota import Rota
from app.domain.strand import Strand

NEWS = timedelta(days=7)  # how long a no is told of


class Today(NamedTuple):
    rota: Rota  # from this week on
    asked: list[Strand]  # weeks that wait for an answer: `person` answers, `ref` is the request
    untaken: list[Strand]  # weeks of mine that were lately declined: `person` could not
    unread: list[Strand]  # notes of handovers that I accepted and have not ticked
    letters: list[Strand]  # notes of the thread to me that I have not ticked, newest first
    planned: Strand | None  # the next meeting: `person` and `other` come, `word` is the time
    contact: Strand | None  # the last one: `word` is its kind
    pause: Strand | None  # the running one: `until` is when the two are asked
    to_accept: list[str]  # kinds of text whose newest version waits


_ASKED = union_all(
    *handovers.ROTA,
    handovers.OPEN,
    handovers.UNTAKEN,
    handovers.UNREAD,
    threads.UNREAD,
    plans.NEXT,
    contacts.LAST,
    pauses.RUNNING,
    guides.STATE,
)


def ask(mine: View, person_id: UUID, day: date) -> Today:
    """What stands on I dag for that mentor on that day."""
    since, lately = Week.of(day).monday, clock.now() - NEWS
    values = {"mentorship": mine.id, "person": person_id, "day": day, "since": since}
    values["lately"] = lately
    found = [*map(Strand._make, db.rows(_ASKED, **values))]
    by_kind: defaultdict[str, list[Strand]] = defaultdict(list)
    for s in found:
        by_kind[s.what].append(s)
    one = {name: next(iter(by_kind[name]), None) for name in ("plan", "contact", "pause")}
    return Today(
        rota=rota.woven(found, mine.seats, handovers.start_of(mine)),
        asked=by_kind["ask"],
        untaken=by_kind["untaken"],
        unread=by_kind["unread"],
        letters=by_kind["letter"],
        planned=one["plan"],
        contact=one["contact"],
        pause=one["pause"],
        to_accept=guides.unaccepted(by_kind["text"]),
    )
