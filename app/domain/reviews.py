"""Readings that somebody else looks at: a monthly sample, what was opened with a reason, alarms.

Who and when is kept. Nobody ticks their own.
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, delete, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import news, notices, trail
from app.domain.mentorships import MENTORSHIPS, SEATS, months_after
from app.domain.people import CONSULTANT, HELD, held_today
from app.domain.trail import ENTRIES

SAMPLE, OPENING, ALARM = "sample", "opening", "alarm"
LOOKED_AT_WITHIN = timedelta(days=7)  # what was opened with a reason (security goal G26)
KEPT = 24  # months (security goal G26)
SAMPLED = timedelta(days=30)  # how far back a sample reaches


class OwnReading(Exception):
    """Nobody looks at what they have done themselves."""


class Review(db.Row, table=True):
    """One thing to look at. The same four facts make the same one."""

    __table_args__ = (UniqueConstraint("kind", "person_id", "on", "seq"),)
    kind: str  # SAMPLE, OPENING or ALARM
    code: str | None = None  # of an alarm: what rang; of an opening: the reason given
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    on: date  # the month of a sample, the day of the others
    seq: int = 0  # the entry of the trail; none of an alarm
    how_many: int = 0  # of an alarm: how many
    at: datetime
    looked_by: UUID | None = Field(default=None, foreign_key="person.id")
    looked_at: datetime | None = None


class Row(NamedTuple):
    """One as a row, with what the entry says; empty where there is none."""

    id: UUID
    kind: str
    code: str | None
    person_id: UUID | None
    on: date
    how_many: int
    at: datetime
    looked_by: UUID | None
    looked_at: datetime | None
    page: str | None
    subject_id: UUID | None

    @property
    def late(self) -> bool:
        return self.looked_at is None and clock.now() > self.at + LOOKED_AT_WITHIN


REVIEWS = db.columns(Review)
_ROWS = select(
    *(REVIEWS.c[name] for name in Row._fields[:9]),
    ENTRIES.c.kind.label("page"),
    ENTRIES.c.subject_id,
).outerjoin(ENTRIES, ENTRIES.c.seq == REVIEWS.c.seq)
_WAITING = _ROWS.where(REVIEWS.c.looked_at.is_(None)).order_by(REVIEWS.c.at)
_DONE = (
    _ROWS.where(REVIEWS.c.looked_at.is_not(None))
    .order_by(REVIEWS.c.looked_at.desc())
    .limit(db.number("count"))
)
_ONE = _ROWS.where(REVIEWS.c.id == bindparam("id"))
_LOOK = (
    update(REVIEWS)
    .where(REVIEWS.c.id == bindparam("review"), REVIEWS.c.looked_at.is_(None))
    .values(looked_by=bindparam("who"), looked_at=bindparam("now"))
)
_DRAWN = select(REVIEWS.c.id).where(REVIEWS.c.kind == SAMPLE, REVIEWS.c.on == bindparam("month"))
_RUNG = select(REVIEWS.c.id).where(
    REVIEWS.c.kind == ALARM,
    REVIEWS.c.person_id.is_(None),
    REVIEWS.c.on == bindparam("day"),
)
_FORGET = delete(REVIEWS).where(REVIEWS.c.at < bindparam("before"))
# Whoever sits or sat in the pair reads about their own participant: that is no matter of ours.
FROM_BESIDE = ~(
    select(SEATS.c.id)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(
        SEATS.c.person_id == ENTRIES.c.actor_id,
        MENTORSHIPS.c.participant_id == ENTRIES.c.subject_id,
    )
    .correlate(ENTRIES)
    .exists()
)
_READINGS = select(ENTRIES.c.seq, ENTRIES.c.actor_id, ENTRIES.c.at).where(
    ENTRIES.c.action == trail.READ,
    ENTRIES.c.at >= bindparam("since"),
    ENTRIES.c.actor_id.is_not(None),
    FROM_BESIDE,
)
_CONSULTANTS = select(HELD.c.person_id).where(HELD.c.role == CONSULTANT, held_today).distinct()


def waiting() -> list[Row]:
    """What nobody has looked at, the oldest first."""
    return [Row(*row) for row in db.rows(_WAITING)]


def lately(count: int) -> list[Row]:
    """What was looked at last."""
    return [Row(*row) for row in db.rows(_DONE, count=count)]


def one(review_id: UUID) -> Row | None:
    row = db.first(_ONE, id=review_id)
    return Row(*row) if row else None


def look(review: Row, pen: trail.Pen, by: UUID) -> None:
    """Somebody has looked at it; the first stands."""
    if review.person_id == by:
        raise OwnReading
    if db.change(_LOOK, review=review.id, who=by, now=clock.now()):
        pen.write(trail.LOOKED_AT, review.kind, review.id, review.subject_id)


def open_up(mentorship: UUID, participant: UUID, reason: str, pen: trail.Pen, by: UUID) -> None:
    """Write down why somebody will read what is behind a reason, and let another look at it."""
    pen.write(trail.OPENED, "mentorship", mentorship, participant, reason)
    _put(OPENING, reason, by, clock.today(), trail.head()[0])


def draw(size: int) -> int:
    """Once a month: some of the last thirty days' readings, which nobody can foresee."""
    month = clock.today().replace(day=1)
    if db.first(_DRAWN, month=month):
        return 0
    found: list[Any] = db.rows(_READINGS, since=clock.now() - SAMPLED)
    drawn = secrets.SystemRandom().sample(found, min(size, len(found)))
    for entry in drawn:
        _put(SAMPLE, None, entry.actor_id, month, entry.seq)
    return len(drawn)


def alarm(person: UUID | None, code: str, how_many: int, pen: trail.Pen) -> bool:
    """Somebody should look now. One a day and person; the consultants get one letter each."""
    day = clock.today()
    if person is None and db.first(_RUNG, day=day):
        return False
    made = _put(ALARM, code, person, day, 0, how_many)
    if made is None:
        return False
    pen.write(trail.RAISED, "alarm", made)
    everyone = {row.person_id for row in db.rows(_CONSULTANTS, day=day)}
    for consultant in everyone - {person} or everyone:
        notices.at_once(consultant, news.WATCH, made, None, clock.now())
    return True


def prune(key: bytes, day: date, pen: trail.Pen) -> int:
    """Seal and delete what the trail has kept for 24 months on that day, and its reviews."""
    before = clock.midnight(months_after(day, -KEPT))
    db.change(_FORGET, before=before)
    return trail.prune(key, before, pen)


def people_in(rows: Iterable[Row]) -> set[UUID]:
    return {one for row in rows for one in (row.person_id, row.looked_by) if one}


def _put(
    kind: str, code: str | None, person: UUID | None, on: date, seq: int, how_many: int = 0
) -> UUID | None:
    made = uuid4()
    values = {"kind": kind, "code": code, "person_id": person, "on": on, "seq": seq}
    put = db.insert_once(Review, id=made, at=clock.now(), how_many=how_many, **values)
    return made if put else None
