"""One round of the clock: what is due is written, what has lost its reason withdrawn, and what may
be heard now made ready, one message to a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app import clock
from app.domain import hours, mentors, notices, occasions, preferences, reminders
from app.domain.news import (
    ANNOUNCED,
    APART,
    BY_MAIL,
    GROUP,
    IDLE,
    NEVER_SPARED,
    REPEATS,
    TRIAL,
    WAITS,
)
from app.domain.notices import Due, Told
from app.domain.occasions import Occasion, Wait
from app.domain.preferences import Wish

MOST = 5  # messages a week to one person (product.md section 5)
MOST_WITH_REPEATS = 3  # repeats leave room for what is new: they are the first to go
UNOPENED = timedelta(hours=24)  # then the same goes by mail
MAIL_WITHIN = timedelta(days=7)  # a mail server that is down longer has nothing to catch up on
TRIAL_LIVES = timedelta(minutes=15)
ANNOUNCED_LIVES = timedelta(days=4)
KNOWN = timedelta(days=30)  # how far back keys are compared; older ones meet the table's own rule
Key = tuple[UUID, str, UUID, date]


class Round(NamedTuple):
    """What a worker has to do now: ids of notices."""

    push: list[UUID]
    mail: list[UUID]  # at once: letters by nature
    unopened: list[UUID]  # a day old and not opened


def make(now: datetime) -> Round:
    """Plan everything that is due at this instant. Whoever calls it commits."""
    wishes, found = preferences.all_of_them(), occasions.gather(now)
    standing = {due.key: due for due in _due(found, now) if _wanted(due, wishes)}
    _write(standing.values(), now)
    waiting: defaultdict[UUID, list[Told]] = defaultdict(list)
    notices.part(now)
    for told in notices.unsent(now):
        if told.key in standing or _stands_alone(told, now):
            waiting[told.person_id].append(told)
        else:
            notices.withdraw(told.id, now)
    counted, led = notices.counted(now), _led(found)
    had_today = notices.sent_since(clock.midnight(clock.in_denmark(now).date()))
    calm = {person for person, life, what in had_today if (person, life) in led or what in WAITS}
    made = Round([], [], _unopened(standing, now))
    for person, some in waiting.items():
        letters = [told for told in some if told.reminder in BY_MAIL]
        for letter in letters:
            notices.make_ready(letter, (), False, now)
            made.mail.append(letter.id)
        asked_for = [told for told in some if told.reminder == TRIAL]
        for trial in asked_for:  # also in quiet hours: whoever asked is awake
            notices.make_ready(trial, (), False, now)
            made.push.append(trial.id)
        if wishes.get(person, preferences.DEFAULTS).hears(now):
            rest = [
                told
                for told in some
                if told.reminder not in BY_MAIL | {TRIAL}
                and not (
                    person in calm
                    and ((person, told.mentorship_id) in led or told.reminder in WAITS)
                )
            ]
            made.push.extend(_message(rest, counted.get(person, 0), now))
    return made


def _stands_alone(told: Told, now: datetime) -> bool:
    """What no rule says again: it stands for a while by itself."""
    lives = TRIAL_LIVES if told.reminder == TRIAL else ANNOUNCED_LIVES
    return told.reminder in ANNOUNCED | {TRIAL} and now - told.due_at < lives


def _led(found: Iterable[Occasion]) -> set[tuple[UUID, UUID | None]]:
    """Who leads which mentorship: told of those in one message a day at most."""
    return {(leader, one.id) for one in found for leader in one.leaders}


def _due(found: Sequence[Occasion], now: datetime) -> Iterable[Due]:
    moved = hours.by_branch()
    for occasion in found:
        yield from reminders.due(occasion, now, moved.get(occasion.branch_id, hours.DEFAULTS))
    for wait in _waits(now):
        here = moved.get(wait.branch_id, hours.DEFAULTS) if wait.branch_id else hours.DEFAULTS
        yield from reminders.waits([wait], now, here)
    yield from reminders.decisions(occasions.decided(now), now)
    yield from reminders.digests({one for occasion in found for one in occasion.leaders}, now)


def _waits(now: datetime) -> Iterable[Wait]:
    """What waits for a leader beside the mentorships."""
    yield from occasions.waits(now)
    for one in mentors.waiting(clock.in_denmark(now).date()):
        yield Wait(IDLE, one.id, one.leader_id, one.on, one.branch_id)


def _wanted(due: Due, wishes: dict[UUID, Wish]) -> bool:
    wish = wishes.get(due.person_id)
    return wish is None or GROUP[due.reminder] not in wish.unwanted


def _write(standing: Iterable[Due], now: datetime) -> None:
    known = notices.known((now - KNOWN).date())
    for due in standing:
        if due.key not in known and not notices.write(due):
            notices.revive(due)


def _message(some: list[Told], had: int, now: datetime) -> list[UUID]:
    """The one message that these make, within the budget; nothing when all are spared."""
    kept = [told for told in some if told.reminder in NEVER_SPARED | APART]
    if not any(told.reminder in NEVER_SPARED for told in some):  # else all ride along
        for told in some:
            limit = MOST_WITH_REPEATS if told.reminder in REPEATS else MOST
            if told in kept:
                continue
            if had < limit or _new_with(some, had):
                kept.append(told)
            else:
                notices.spare(told.id, now)
    else:
        kept = some
    if not kept:
        return []
    kept.sort(key=lambda told: (told.due_at, told.id))
    counts = any(told.reminder not in APART for told in kept)
    notices.make_ready(kept[0], kept[1:], counts, now)
    return [kept[0].id]


def _new_with(some: list[Told], had: int) -> bool:
    """Whether something new goes anyway, so that a repeat in the same message costs nothing."""
    return had < MOST and any(told.reminder not in REPEATS | APART for told in some)


def _unopened(standing: dict[Key, Due], now: datetime) -> list[UUID]:
    """What was sent a day ago and opened nowhere, and still stands, it or what it carried."""
    found = notices.unopened(now, UNOPENED, MAIL_WITHIN)
    carried = notices.carried(told.id for told in found)
    return [
        told.id
        for told in found
        if told.reminder not in BY_MAIL
        and any(
            one.key in standing or (one.reminder in ANNOUNCED and _stands_alone(one, now))
            for one in (told, *carried.get(told.id, ()))
        )
    ]
