"""Why a leader should look at a mentorship now. The one place that says it.

The reasons are read from the facts of every running mentorship by plain rules, the most urgent
first. Scores alone never come before anything that has happened: they stand last. The thresholds
are those of the reminders (product.md section 5).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from app.clock import Week
from app.domain import alerts, handovers, levels
from app.domain.facts import Facts
from app.domain.mentorships import FOLLOW_UP as FOLLOW_UP_MONTHS
from app.domain.mentorships import PLANNED_END as PLANNED_END_MONTHS
from app.domain.mentorships import months_after

CONCERN, BROKEN = "concern", "broken"
CLOSURE, ALONE, WISH, UNCOVERED = "closure", "alone", "wish", "uncovered"
NEVER_MET, SILENT, NO_SHOWS = "never_met", "silent", "no_shows"
AGREEMENT, OVERDUE, FOLLOW_UP, RELEASE = "agreement", "overdue", "follow_up", "release"
TRANSFER = "transfer"  # no yes to being told of a transfer
CLEARANCE, REFERRAL, DEBRIEF, IDLE = "clearance", "referral", "debrief", "idle"  # see tasks
PARTNER = "partner"
UNEVEN, QUIET, PAUSED, WELLBEING, RELATION = "uneven", "quiet", "paused", "wellbeing", "relation"
ORDER = (  # the most urgent first
    CONCERN,
    BROKEN,
    CLOSURE,
    ALONE,
    WISH,
    UNCOVERED,
    CLEARANCE,
    NEVER_MET,
    SILENT,
    NO_SHOWS,
    REFERRAL,
    AGREEMENT,
    DEBRIEF,
    OVERDUE,
    FOLLOW_UP,
    IDLE,
    PARTNER,
    TRANSFER,
    RELEASE,
    UNEVEN,
    QUIET,
    PAUSED,
    WELLBEING,
    RELATION,
)
PLACE = {code: place for place, code in enumerate(ORDER)}
SOFT = frozenset({RELEASE, UNEVEN, QUIET, PAUSED, WELLBEING, RELATION})  # good to know

SILENT_DAYS, QUIET_DAYS = 14, 10  # without meeting or contact
WAITS_IN_VAIN = 2  # no-shows since the last meeting that came to something
FIRST_MEETING = timedelta(days=14)  # after the match
FIRST_AGREEMENT = timedelta(days=7)  # after the match, where nobody has met yet
RELEASE_NEAR = timedelta(days=14)
NOTHING_DUE = timedelta(days=150)  # after a release, in any case


class Reason(NamedTuple):
    """One of ORDER, with what its sentence names: a number of days or times, a day, a row."""

    code: str
    number: int | None = None
    on: date | None = None
    ref: UUID | None = None


class Look(NamedTuple):
    """A mentorship and why to look at it; without reasons there is none."""

    id: UUID
    leader_id: UUID
    release_on: date
    reasons: list[Reason]

    @property
    def rank(self) -> tuple[int, int, date]:
        """The most urgent reason first; of two alike, the one that has lasted longest."""
        if not self.reasons:
            return (len(ORDER), 0, self.release_on)
        first = self.reasons[0]
        return (PLACE[first.code], -(first.number or 0), self.release_on)


def look(found: Sequence[Facts], day: date) -> list[Look]:
    """Each mentorship with its reasons, the most urgent first."""
    week = Week.of(day)
    soon = [week.monday, week.plus(1).monday]
    bare = handovers.first_uncovered(
        {one.id: one.strands for one in found if one.one("start")}, soon
    )
    seen = [
        Look(
            one.id,
            one.leader_id,
            one.release_on,
            sorted(_all(one, day, bare.get(one.id)), key=lambda r: PLACE[r.code]),
        )
        for one in found
    ]
    return sorted(seen, key=lambda one: one.rank)


def _all(one: Facts, day: date, bare: date | None) -> Iterator[Reason]:
    paused = one.one("pause")
    if one.strands:
        yield from _rows(one)
    if one.alone:
        yield Reason(ALONE)
    if bare:
        yield Reason(UNCOVERED, on=bare)
    if paused:
        yield Reason(PAUSED, on=paused.on)
    else:
        yield from _contact(one, day)
    yield from _papers(one, day)
    if one.uneven:
        yield Reason(UNEVEN)


def _rows(one: Facts) -> Iterator[Reason]:
    """What a row of its own says."""
    for alert in {s.word: s for s in one.of("alert")}.values():
        yield Reason(CONCERN if alert.word == alerts.CONCERN else BROKEN, ref=alert.ref)
    if ending := one.one("ending"):
        yield Reason(CLOSURE, ref=ending.ref)
    if one.one("wish"):
        yield Reason(WISH)
    yield from _scores(one)


def _contact(one: Facts, day: date) -> Iterator[Reason]:
    """Nobody has met the participant, or been in contact, for too long."""
    resumed = one.one("resumed")
    since = [one.matched_on, one.met_on, one.reached_on, resumed and resumed.on]
    days = (day - max(on for on in since if on)).days
    if one.met_on is None and day - one.matched_on >= FIRST_MEETING:
        yield Reason(NEVER_MET, (day - one.matched_on).days)
    elif days >= SILENT_DAYS:
        yield Reason(SILENT, days)
    elif days >= QUIET_DAYS:
        yield Reason(QUIET, days)
    if one.no_shows >= WAITS_IN_VAIN:
        yield Reason(NO_SHOWS, one.no_shows)


def _papers(one: Facts, day: date) -> Iterator[Reason]:
    """What is to be gone through, by the release date."""
    begun = one.met_on is not None or day - one.matched_on >= FIRST_AGREEMENT
    if not one.agreed and begun and day <= one.release_on:
        yield Reason(AGREEMENT)
    if not one.transfer and day < one.release_on:
        yield Reason(TRANSFER)
    if timedelta() <= one.release_on - day <= RELEASE_NEAR:
        yield Reason(RELEASE, (one.release_on - day).days)
    if day - one.release_on < NOTHING_DUE:
        return
    end = months_after(one.release_on, PLANNED_END_MONTHS)
    if day > end:
        yield Reason(OVERDUE, (day - end).days)
    elif day >= months_after(one.release_on, FOLLOW_UP_MONTHS) and not one.followed_up:
        yield Reason(FOLLOW_UP)


def _scores(one: Facts) -> Iterator[Reason]:
    flags = 0
    for s in one.of("scores"):
        flags |= s.number or 0
    if flags & levels.IS_LOW:
        yield Reason(WELLBEING)
    if flags & levels.FALLS:
        yield Reason(RELATION)
