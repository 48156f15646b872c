"""Which reminders are due: a pure function of a mentorship's facts and the clock.

The table is product.md section 5. What is due and stands is what these rules say now: a notice that
they say no longer is withdrawn before it is sent. Times are on the wall in Denmark.

What the table leaves open: "day 3" is the third day after the meeting; an unanswered request is
asked about in the afternoon; follow-up, goodbye and the planned end come in the morning, the
follow-up a week ahead like the release meeting; the agreement on the morning after the match, since
the first visit may come on any day; a leader's alarms wait for the next morning, so
that there is one message a day at most; the digest is a letter, since 08:00 is in quiet hours.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app import clock
from app.clock import Week
from app.domain import plans, rota
from app.domain.hours import DEFAULTS, Hours
from app.domain.mentorships import FOLLOW_UP as FOLLOW_UP_MONTHS
from app.domain.mentorships import months_after
from app.domain.news import (
    AGAIN,
    AGREEMENT,
    ANSWERED,
    ASKED,
    CLOSED,
    CLOSURE,
    DIGEST,
    EVALUATION,
    FOLLOW_UP,
    GIVEN,
    GOODBYE,
    NO_CONTACT,
    PAUSE,
    PLANNED_END,
    RELEASE_MEETING,
    RELEASE_WEEK,
    SCORES,
    SENT_BACK,
    SILENCE,
    UNCOVERED,
    WEEK,
    WELLBEING,
)
from app.domain.notices import Due
from app.domain.occasions import Decision, Occasion, Wait

AFTER_MEETING = timedelta(hours=2)
REPEATED = (1, 3)  # days after a planned meeting
LADDER = (14, 7, 3, 1)  # days before it is too late to answer
STEP_APART = timedelta(days=1)  # the first step of the ladder comes no sooner after the request
AHEAD = timedelta(days=7)  # uncovered weeks, the release meeting, the follow-up
GOODBYE_BEFORE = timedelta(weeks=4)
DIGEST_AT = time(8)  # Mondays
THURSDAY = timedelta(days=3)
THE_NEXT_DAY = timedelta(days=1)
# How long after its time a reminder may still begin: then the moment has passed.
STALE = timedelta(days=2)
STALE_SLOWLY = timedelta(days=7)


def due(found: Occasion, now: datetime, hours: Hours = DEFAULTS) -> Iterator[Due]:
    """All that is due at that instant and whose reason stands; never to who has left the pair."""
    told = found.pair(clock.in_denmark(now).date()) | set(found.leaders)
    told |= {event.person_id for event in found.ending}  # where no leader is left, a consultant
    for notice in _all(found, now, hours):
        if notice.due_at <= now and notice.person_id in told:
            yield notice


def digests(leaders: set[UUID], now: datetime) -> Iterator[Due]:
    """The weekly letter to each leader of a running mentorship."""
    monday = Week.of(clock.in_denmark(now).date()).monday
    at = _instant(monday, DIGEST_AT)
    if at <= now < at + STALE:
        for leader in leaders:
            yield Due(leader, DIGEST, leader, None, monday, at)


def waits(found: Iterable[Wait], now: datetime, hours: Hours = DEFAULTS) -> Iterator[Due]:
    """A referral after seven days, a clearance 8, 4 and 2 weeks before, a mentor who has waited 60
    days, a wish or an expense on the day after: to the leader, in the morning.
    """
    for one in found:
        at = _instant(one.on, hours.morning)
        if at <= now < at + STALE_SLOWLY:
            yield Due(one.person_id, one.reminder, one.about_id, None, one.on, at)


def decisions(found: Iterable[Decision], now: datetime) -> Iterator[Due]:
    """Approved or sent back: told to the pair at once."""
    for one in found:
        if one.at <= now < one.at + STALE:
            reminder = CLOSED if one.approved else SENT_BACK
            on = clock.in_denmark(one.at).date()
            yield Due(one.person_id, reminder, one.closure_id, one.mentorship_id, on, one.at)


def _all(found: Occasion, now: datetime, hours: Hours) -> Iterator[Due]:
    day = clock.in_denmark(now).date()
    yield from _evaluations(found, now, hours)
    yield from _scores(found, now, hours)
    yield from _requests(found, now, hours)
    yield from _told(found, now)
    yield from _alarms(found, now, hours)
    if found.paused:
        yield from _pause(found, day, now, hours)
        return
    yield from _week(found, day, now, hours)
    yield from _uncovered(found, day, hours)
    yield from _agreement(found, day, now, hours)
    yield from _milestones(found, day, now, hours)
    yield from _silence(found, now, hours)


def _evaluations(found: Occasion, now: datetime, hours: Hours) -> Iterator[Due]:
    """Two hours after a planned meeting, the next day, the third: until anybody has logged it."""
    for plan in found.plans:
        if plan.on in found.logged:
            continue
        first = plans.begins(plan.on, plan.at) + AFTER_MEETING if plan.at else None
        first = first or _instant(plan.on, hours.evening)
        steps = [(EVALUATION, plan.on, first)]
        for days in REPEATED:
            on = plan.on + timedelta(days=days)
            steps.append((AGAIN, on, _instant(on, hours.afternoon)))
        for reminder, on, at in steps:
            if now < at + STALE:
                for person in sorted(set(plan.comers) & found.pair(plan.on), key=str):
                    yield Due(person, reminder, plan.id, found.id, on, at)


def _scores(found: Occasion, now: datetime, hours: Hours) -> Iterator[Due]:
    """In the evening of the day on which the other logged; once."""
    for one in found.unscored:
        if one.person_id == one.logged_by:
            continue  # who logged without scores meant it so
        on = clock.in_denmark(one.logged_at).date()
        at = max(_instant(on, hours.evening), one.logged_at)
        if now < at + STALE:
            yield Due(one.person_id, SCORES, one.meeting_id, found.id, on, at)


def _requests(found: Occasion, now: datetime, hours: Hours) -> Iterator[Due]:
    """At once, then 14, 7, 3 and 1 days before it is too late."""
    for ask in found.asked:
        on = clock.in_denmark(ask.asked_at).date()
        yield Due(ask.to_id, ASKED, ask.id, found.id, on, ask.asked_at)
        for days in LADDER:
            on = ask.deadline - timedelta(days=days)
            at = _instant(on, hours.afternoon)
            if ask.asked_at + STEP_APART <= at and now < at + STALE:
                yield Due(ask.to_id, ASKED, ask.id, found.id, on, at)


def _told(found: Occasion, now: datetime) -> Iterator[Due]:
    """The answer to who asked; weeks that a leader has moved, to who got them."""
    for reminder, events in ((ANSWERED, found.answered), (GIVEN, found.given)):
        for event in events:
            if now < event.at + STALE:
                on = clock.in_denmark(event.at).date()
                yield Due(event.person_id, reminder, event.about_id, found.id, on, event.at)


def _pause(found: Occasion, day: date, now: datetime, hours: Hours) -> Iterator[Due]:
    """Both are asked again when the fourteen days are over."""
    on = found.pause_asks_on
    if on and now < _instant(on, hours.morning) + STALE_SLOWLY:
        for person in sorted(found.pair(day), key=str):
            yield Due(person, PAUSE, found.id, found.id, on, _instant(on, hours.morning))


def _week(found: Occasion, day: date, now: datetime, hours: Hours) -> Iterator[Due]:
    """The holder's week begins on Monday; on Thursday, if nobody has been in contact."""
    monday = Week.of(day).monday
    holder = rota.holder_from(found.rota, monday)
    if holder is None or monday < found.matched_on or rota.uncovered(found.rota, monday):
        return
    begins = _instant(monday, hours.morning)
    if now < begins + STALE:
        yield Due(holder, WEEK, found.id, found.id, monday, begins)
    thursday = monday + THURSDAY
    at = _instant(thursday, hours.afternoon)
    if (found.last_on is None or found.last_on < monday) and now < at + STALE:
        yield Due(holder, NO_CONTACT, found.id, found.id, thursday, at)


def _uncovered(found: Occasion, day: date, hours: Hours) -> Iterator[Due]:
    """This week and the one that begins within seven days: both mentors and the leader."""
    first = Week.of(day).monday
    for monday in (first, first + AHEAD):
        if monday < Week.of(found.matched_on).monday or not rota.uncovered(found.rota, monday):
            continue
        on = monday - AHEAD
        for person in sorted(found.pair(day) | set(found.leaders), key=str):
            yield Due(person, UNCOVERED, found.id, found.id, on, _instant(on, hours.morning))


def _agreement(found: Occasion, day: date, now: datetime, hours: Hours) -> Iterator[Due]:
    """To the pair, until it is ready; after the release it is the follow-up's turn."""
    on = found.matched_on + THE_NEXT_DAY
    at = _instant(on, hours.morning)
    if not found.agreed and day <= found.release_on and now < at + STALE_SLOWLY:
        for person in sorted(found.pair(day), key=str):
            yield Due(person, AGREEMENT, found.id, found.id, on, at)


def _milestones(found: Occasion, day: date, now: datetime, hours: Hours) -> Iterator[Due]:
    """All hang on the release: when it moves, what has not been sent moves with it."""
    end = months_after(found.release_on, found.end_months)
    steps = (
        (RELEASE_MEETING, found.release_on - timedelta(weeks=4) - AHEAD),
        (RELEASE_WEEK, Week.of(found.release_on).monday),
        (FOLLOW_UP, months_after(found.release_on, FOLLOW_UP_MONTHS) - AHEAD),
        (GOODBYE, end - GOODBYE_BEFORE),
        (PLANNED_END, end),
    )
    for reminder, on in steps:
        at = _instant(on, hours.morning)
        if on >= found.matched_on and now < at + STALE_SLOWLY:
            for person in sorted(found.pair(day), key=str):
                yield Due(person, reminder, found.id, found.id, on, at)


def _silence(found: Occasion, now: datetime, hours: Hours) -> Iterator[Due]:
    """To the leader in the morning; after a pause the days are counted anew."""
    since = max(filter(None, (found.last_on, found.matched_on, found.resumed_on)))
    silent_on = since + timedelta(days=found.silent_days)
    at = _instant(silent_on, hours.morning)
    if now < at + STALE_SLOWLY:
        for leader in found.leaders:
            yield Due(leader, SILENCE, found.id, found.id, silent_on, at)


def _alarms(found: Occasion, now: datetime, hours: Hours) -> Iterator[Due]:
    """To the leader in the morning, also in a pause: a mentor who is not well, a closure."""
    for reminder, events in ((WELLBEING, found.low), (CLOSURE, found.ending)):
        for event in events:
            on = _next_morning(event.at, hours)
            at = _instant(on, hours.morning)
            stale = (
                reminder == WELLBEING and now >= at + STALE
            )  # a closure waits until it is decided
            if not stale:
                yield Due(event.person_id, reminder, event.about_id, found.id, on, at)


def _next_morning(at: datetime, hours: Hours) -> date:
    there = clock.in_denmark(at)
    return there.date() + timedelta(days=there.time() >= hours.morning)


def _instant(day: date, at: time) -> datetime:
    return plans.begins(day, at)
