"""A closure in words, as the pair and the leader read it."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import abort

from app import clock
from app.domain import access, closures, contacts, meetings
from app.domain.closures import ENDERS, ENDINGS, GOODBYES, REASONS, Proposed
from app.domain.contacts import ATTEMPT
from app.domain.meetings import NO_SHOW
from app.language import say
from app.web.asking import me
from app.web.hypertext import labels

TRIED_BACK = timedelta(weeks=8)
A_LOT = 60  # rows that attempts are counted among


class ShownClosure(NamedTuple):
    id: UUID
    ending: str
    reason: str | None
    ended_by: str
    end_on: date
    goodbyes: list[str]


def led_or_404(closure_id: UUID) -> Proposed:
    """Of a mentorship that one leads, and never sat in."""
    closure = closures.one(closure_id)
    if closure is None or not access.leads(me(), closure.mentorship_id):
        abort(404)
    return closure


def shown(closure: Proposed) -> ShownClosure:
    reason = closure.reason()
    return ShownClosure(
        closure.id,
        say(ENDINGS[closure.ending]),
        say(REASONS[reason]) if reason in REASONS else None,
        say(ENDERS[closure.ended_by]),
        closure.end_on,
        labels(closure.goodbyes(), GOODBYES),
    )


def tried(mentorship_id: UUID, closure: Proposed | None = None) -> int:
    """How often the two had tried to get in contact, in the weeks before they proposed the end, or
    before today: calls in vain, and waits in vain.
    """
    until = clock.in_denmark(closure.proposed_at).date() if closure else clock.today()
    calls = [c.on for c in contacts.of(mentorship_id, A_LOT) if c.kind == ATTEMPT]
    waits = [m.held_on for m in meetings.of(mentorship_id, A_LOT) if m.outcome == NO_SHOW]
    return sum(until - TRIED_BACK <= on <= until for on in calls + waits)
