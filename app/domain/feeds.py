"""The calendar link of one mentor: weeks and planned meetings, without a name or a place.

The link is the secret: whoever has it reads the calendar without signing in, so it says nothing
but when. It needs no key of anybody's.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field

from app import clock, db
from app.clock import Week
from app.domain import gatherings, handovers, plans, rota, trail
from app.domain.gatherings import Coming
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.people import HELD, MENTOR, PEOPLE, held_today
from app.domain.plans import Planned

WEEKS_BACK, WEEKS_AHEAD = 4, 52
MOST_CALLED = 60  # meetings of mentors in a feed
WORD = "Mentor"  # all that a calendar shows of anything
LENGTH = timedelta(hours=1)  # of a meeting
TOKEN_BYTES = 32


class Feed(db.Row, table=True):
    """A link somebody has made. One lives per person; the token is in nobody's hand but theirs."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: bytes = Field(unique=True)
    made_at: datetime
    revoked_at: datetime | None = None


class Chair(NamedTuple):
    """A seat in one of the person's mentorships."""

    mentorship_id: UUID
    matched_on: date
    ended_on: date | None
    person_id: UUID
    place: int
    from_on: date
    to_on: date | None


FEEDS, _OWN = db.columns(Feed), SEATS.alias("own")
_LIVE = select(FEEDS.c.id, FEEDS.c.made_at).where(
    FEEDS.c.person_id == bindparam("person"), FEEDS.c.revoked_at.is_(None)
)
_LOCK = select(PEOPLE.c.id).where(PEOPLE.c.id == bindparam("person")).with_for_update()
_MAKE = insert(FEEDS)
_REVOKE = (
    update(FEEDS)
    .where(FEEDS.c.person_id == bindparam("person"), FEEDS.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_OWNER = (
    select(FEEDS.c.person_id)
    .join(PEOPLE, PEOPLE.c.id == FEEDS.c.person_id)
    .join(HELD, HELD.c.person_id == PEOPLE.c.id)
    .where(
        FEEDS.c.token_hash == bindparam("token_hash"),
        FEEDS.c.revoked_at.is_(None),
        PEOPLE.c.left_at.is_(None),
        HELD.c.role == MENTOR,
        held_today,
    )
    .limit(db.ONE)
)
_CHAIRS = (
    select(
        SEATS.c.mentorship_id,
        MENTORSHIPS.c.matched_on,
        MENTORSHIPS.c.ended_on,
        SEATS.c.person_id,
        SEATS.c.place,
        SEATS.c.from_on,
        SEATS.c.to_on,
    )
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(
        SEATS.c.mentorship_id.in_(
            select(_OWN.c.mentorship_id).where(_OWN.c.person_id == bindparam("person"))
        )
    )
    .order_by(SEATS.c.mentorship_id, SEATS.c.from_on, SEATS.c.place)
)


def since(person_id: UUID) -> datetime | None:
    """When the person's link was made; None for who has none."""
    row = db.first(_LIVE, person=person_id)
    return row.made_at if row else None


def make(pen: trail.Pen, by: UUID) -> str:
    """A new link; the one before it is dead from now on. The token is not kept, only its hash."""
    db.first(_LOCK, person=by)  # two at once must not leave two links
    revoke(pen, by)
    token, made = secrets.token_urlsafe(TOKEN_BYTES), uuid4()
    row = {"id": made, "person_id": by, "token_hash": _hash(token), "made_at": clock.now()}
    db.connection().execute(_MAKE, row)
    pen.write(trail.LINKED, "feed", made)
    return token


def revoke(pen: trail.Pen, by: UUID) -> None:
    """Remove the link, if there is one."""
    live = db.first(_LIVE, person=by)
    if live:
        db.connection().execute(_REVOKE, {"person": by, "now": clock.now()})
        pen.write(trail.UNLINKED, "feed", live.id)


def owner(token: str, day: date) -> UUID | None:
    """Whose link it is. None for one that is unknown or removed, or whose owner is no mentor."""
    row = db.first(_OWNER, token_hash=_hash(token), day=day)
    return row.person_id if row else None


def year(person_id: UUID, day: date) -> bytes:
    """The weeks that the person has and the meetings they come to, around that day."""
    made, current = _empty(), Week.of(day)
    first, last = current.plus(-WEEKS_BACK), current.plus(WEEKS_AHEAD)
    chairs: dict[UUID, list[Chair]] = {}
    for row in db.rows(_CHAIRS, person=person_id):
        chairs.setdefault(row.mentorship_id, []).append(Chair(*row))
    for mentorship, taken in chairs.items():
        for week in _weeks(mentorship, taken, person_id, first, last):
            made.add_component(_week_event(mentorship, week, clock.midnight(day)))
        for planned in plans.coming(mentorship, first.monday, last.sunday, cancelled=True):
            if person_id in planned.comers and _there(taken, person_id, planned.on):
                made.add_component(_meeting_event(planned))
    for called in gatherings.coming(person_id, first.monday, last.sunday, MOST_CALLED):
        made.add_component(_called_event(called))
    return bytes(made.to_ical())


def single(planned: Planned) -> bytes:
    """One meeting as a calendar of its own."""
    made = _empty()
    made.add_component(_meeting_event(planned))
    return bytes(made.to_ical())


def _weeks(
    mentorship: UUID, chairs: list[Chair], person_id: UUID, first: Week, last: Week
) -> Iterator[Week]:
    """The weeks that the person has, in order."""
    start, ends = Week.of(chairs[0].matched_on), chairs[0].ended_on
    own = [chair for chair in chairs if chair.person_id == person_id]
    if all(chair.to_on and chair.to_on < first.monday for chair in own):
        return
    turns = handovers.rota_of(mentorship, chairs, start)
    for distance in range(last.since(first) + 1):
        week = first.plus(distance)
        over = ends is not None and ends < week.monday
        if week >= start and not over and rota.holder(turns, week) == person_id:
            yield week


def _there(chairs: list[Chair], person_id: UUID, day: date) -> bool:
    ends = chairs[0].ended_on
    return (ends is None or day <= ends) and person_id in plans.seated(chairs, day)


def _week_event(mentorship: UUID, week: Week, at: datetime) -> Event:
    made = _event(str(uuid5(mentorship, week.monday.isoformat())), at)
    made.add("dtstart", week.monday)
    made.add("dtend", week.plus(1).monday)
    made.add("transp", "TRANSPARENT")  # having the week keeps nobody busy
    return made


def _meeting_event(planned: Planned) -> Event:
    made = _event(str(planned.id), planned.changed_at)
    made.add("last-modified", planned.changed_at)
    made.add("sequence", planned.sequence)
    _put(made, planned.on, planned.at)
    if planned.cancelled_at:
        made.add("status", "CANCELLED")
    return made


def _called_event(called: Coming) -> Event:
    """A meeting of the branch's mentors, without its place."""
    made = _event(str(called.id), called.made_at)
    _put(made, called.on, called.at)
    return made


def _put(made: Event, on: date, at: time | None) -> None:
    """When it is: a whole day where no time has been set."""
    if at is None:
        made.add("dtstart", on)
        made.add("dtend", on + timedelta(days=1))
    else:
        made.add("dtstart", datetime.combine(on, at, clock.DENMARK))
        made.add("duration", LENGTH)  # an end on the wall is not an hour later every night


def _event(uid: str, at: datetime) -> Event:
    made = Event()
    made.add("uid", f"{uid}@mentor")
    made.add("dtstamp", at)
    made.add("summary", WORD)
    return made


def _empty() -> Calendar:
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Mentor//Mentor//DA")
    made.add("x-wr-calname", WORD)  # else an app shows the address, which is the secret
    made.add_component(_DANISH_TIME)
    return made


def _danish_time() -> Timezone:
    """The rule that all of Europe has kept since 1996.

    Written out, since the library's own draft lets summer begin an hour too late.
    """
    zone, winter, summer = Timezone(), timedelta(hours=1), timedelta(hours=2)
    zone.add("tzid", clock.DENMARK.key)
    for part, name, begins, before, after, month in (
        (
            TimezoneStandard(),
            "CET",
            datetime.combine(date(1996, 10, 27), time(3)),
            summer,
            winter,
            10,
        ),
        (
            TimezoneDaylight(),
            "CEST",
            datetime.combine(date(1996, 3, 31), time(2)),
            winter,
            summer,
            3,
        ),
    ):
        part.add("dtstart", begins)
        part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_DANISH_TIME = _danish_time()
