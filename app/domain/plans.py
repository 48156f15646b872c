"""The meetings that the pair has planned: the day, perhaps a time, and which of the two comes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID, uuid4

from sqlalchemy import String, bindparam, cast, delete, insert, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import receipts, strand, trail

WHO = ME, CO, BOTH = "me", "co", "both"  # as the forms ask it; rows name people
AHEAD = timedelta(weeks=26)


class Plan(db.Row, table=True):
    """A planned meeting. It is never deleted for being called off: calendars must hear of it."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    on: date
    at: time | None = None  # on the wall in Denmark; None: no time is agreed
    place: str | None = None  # one of the places of meetings
    comes_id: UUID | None = Field(default=None, foreign_key="person.id")
    also_id: UUID | None = Field(default=None, foreign_key="person.id")
    meeting_id: UUID | None = Field(  # in whose log it was planned
        default=None, foreign_key="meeting.id", index=True
    )
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime
    sequence: int = 0  # one more at every change (RFC 5545, 3.8.7.4)
    changed_at: datetime
    cancelled_at: datetime | None = None
    cancelled_by: UUID | None = Field(default=None, foreign_key="person.id")


class Changed(Exception):
    """Somebody was first: the plan is not what it was when the page was shown."""


class Sits(Protocol):
    """A seat: who, from and to which day (both included)."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...


@dataclass(frozen=True)
class Terms:
    """What is agreed."""

    on: date
    at: time | None = None
    place: str | None = None
    comes_id: UUID | None = None
    also_id: UUID | None = None


class Planned(NamedTuple):
    """One planned meeting as a row."""

    id: UUID
    mentorship_id: UUID
    on: date
    at: time | None
    place: str | None
    comes_id: UUID | None
    also_id: UUID | None
    made_by: UUID
    sequence: int
    changed_at: datetime
    cancelled_at: datetime | None
    cancelled_by: UUID | None

    @property
    def comers(self) -> tuple[UUID, ...]:
        """Which of the pair come."""
        return tuple(person for person in (self.comes_id, self.also_id) if person)

    @property
    def terms(self) -> Terms:
        return Terms(self.on, self.at, self.place, self.comes_id, self.also_id)


PLANS = db.columns(Plan)
_PLANNED = select(*(PLANS.c[name] for name in Planned._fields))
_IN_ORDER = (PLANS.c.on, PLANS.c.at.is_(None), PLANS.c.at, PLANS.c.made_at.desc(), PLANS.c.id)
_ONE = _PLANNED.where(PLANS.c.id == bindparam("id"))
_ALL_COMING = _PLANNED.where(
    PLANS.c.mentorship_id == bindparam("mentorship"),
    PLANS.c.on.between(bindparam("from_day"), bindparam("until_day")),
).order_by(*_IN_ORDER)
_COMING = _ALL_COMING.where(PLANS.c.cancelled_at.is_(None))
_SOONEST = (
    _PLANNED.where(
        PLANS.c.mentorship_id == bindparam("mentorship"),
        PLANS.c.on >= bindparam("day"),
        PLANS.c.cancelled_at.is_(None),
    )
    .order_by(*_IN_ORDER)
    .limit(db.ONE)
)
_NEXT = _SOONEST.subquery("next")
NEXT = strand.of(
    "plan",
    on=_NEXT.c.on,
    person=_NEXT.c.comes_id,
    other=_NEXT.c.also_id,
    ref=_NEXT.c.id,
    word=cast(_NEXT.c.at, String),
)
SOON = strand.of("plan", on=PLANS.c.on, ref=PLANS.c.id, word=cast(PLANS.c.at, String)).where(
    PLANS.c.mentorship_id == bindparam("mentorship"),
    PLANS.c.on >= bindparam("since"),
    PLANS.c.cancelled_at.is_(None),
)
_MAKE = insert(PLANS)
_OF_LOG = PLANS.c.meeting_id == bindparam("log")
_BY_AUTHOR = _OF_LOG & (PLANS.c.made_by == bindparam("author"))
_UNTOUCHED = PLANS.c.sequence == 0


def plan(
    client_id: UUID,
    mentorship_id: UUID,
    participant_id: UUID,
    terms: Terms,
    pen: trail.Pen,
    by: UUID,
) -> UUID:
    """Plan a meeting once, however often it is sent."""
    content: dict[str, object] = {name: str(value) for name, value in asdict(terms).items()}
    content |= {"to": str(mentorship_id)}
    stored = receipts.take(client_id, by, participant_id, client_id, content)
    if stored:
        return stored
    add(mentorship_id, terms, by, plan_id=client_id)
    pen.write(trail.PLANNED, "plan", client_id, participant_id)
    return client_id


def add(
    mentorship_id: UUID,
    terms: Terms,
    by: UUID,
    *,
    plan_id: UUID | None = None,
    meeting_id: UUID | None = None,
) -> None:
    """Put a plan down as a part of another act, such as a log."""
    now = clock.now()
    made = {"id": plan_id or uuid4(), "mentorship_id": mentorship_id, "meeting_id": meeting_id}
    when = {"made_at": now, "changed_at": now, "sequence": 0}
    db.connection().execute(_MAKE, made | when | asdict(terms) | {"made_by": by})


def one(plan_id: UUID) -> Planned | None:
    """One planned meeting, called off or not."""
    row = db.first(_ONE, id=plan_id)
    return Planned(*row) if row else None


def next_of(mentorship_id: UUID, day: date) -> Planned | None:
    """The first meeting on that day or later."""
    row = db.first(_SOONEST, mentorship=mentorship_id, day=day)
    return Planned(*row) if row else None


def coming(
    mentorship_id: UUID, from_day: date, until_day: date, *, cancelled: bool = False
) -> list[Planned]:
    """What is planned between two days (both included), in order; what is called off on request."""
    asked = _ALL_COMING if cancelled else _COMING
    rows = db.rows(asked, mentorship=mentorship_id, from_day=from_day, until_day=until_day)
    return [Planned(*row) for row in rows]


def change(planned: Planned, terms: Terms, pen: trail.Pen, participant_id: UUID) -> None:
    """Move a meeting, or let another of the pair come. The same terms again change nothing."""
    if planned.cancelled_at:
        raise Changed
    if terms != planned.terms:
        _set(planned, **asdict(terms))
        pen.write(trail.EDITED, "plan", planned.id, participant_id)


def cancel(planned: Planned, pen: trail.Pen, participant_id: UUID, by: UUID) -> None:
    """Call a meeting off. The row stays."""
    if planned.cancelled_at:
        raise Changed
    _set(planned, cancelled_at=clock.now(), cancelled_by=by)
    pen.write(trail.CALLED_OFF, "plan", planned.id, participant_id)


def take_over(planned: Planned, pen: trail.Pen, participant_id: UUID, by: UUID) -> None:
    """The one who stays comes, in place of whoever has left."""
    if planned.cancelled_at:
        raise Changed
    _set(planned, comes_id=by, also_id=None)
    pen.write(trail.TOOK_ON, "plan", planned.id, participant_id)


def drop(meeting_id: UUID, by: UUID | None = None) -> None:
    """What was planned in a log goes with it; that of one author, or all.

    What has been changed since then is an agreement of its own, and stays.
    """
    mine = _OF_LOG if by is None else _BY_AUTHOR
    values = {"log": meeting_id} | ({"author": by} if by else {})
    db.connection().execute(delete(PLANS).where(mine, _UNTOUCHED), values)
    db.connection().execute(update(PLANS).where(mine).values(meeting_id=None), values)


def follow(old: UUID, new: UUID) -> None:
    """Two logs have become one: what was planned in either belongs to it."""
    followed = update(PLANS).where(PLANS.c.meeting_id == old).values(meeting_id=new)
    db.connection().execute(followed)


def seated(seats: Iterable[Sits], day: date) -> set[UUID]:
    """Who sits in the pair on that day."""
    return {s.person_id for s in seats if s.from_on <= day and (s.to_on is None or day <= s.to_on)}


def comers(who: str, seats: Iterable[Sits], day: date, by: UUID) -> tuple[UUID | None, UUID | None]:
    """Who "me", "co" and "both" are on that day; who is alone in the pair comes alone."""
    co = min(seated(seats, day) - {by}, default=None, key=str)
    if co is None or who == ME:
        return by, None
    return (co, None) if who == CO else (by, co)


def unmanned(planned: Planned, seats: Iterable[Sits]) -> bool:
    """Whether none of those who were to come sits in the pair on that day."""
    return not seated(seats, planned.on).intersection(planned.comers)


def begins(on: date, at: time) -> datetime:
    """The instant in UTC. In the night that has an hour twice, the first of the two."""
    return datetime.combine(on, at, clock.DENMARK).astimezone(UTC)


def exists(on: date, at: time) -> bool:
    """Whether the clocks in Denmark show that time on that day: one night a year skips an hour."""
    shown = clock.in_denmark(begins(on, at))
    return (shown.date(), shown.time()) == (on, at)


def _set(planned: Planned, **values: object) -> None:
    """Change the row if it still is what was read: two changes never cross unseen."""
    changed = (
        update(PLANS)
        .where(
            PLANS.c.id == planned.id,
            PLANS.c.sequence == planned.sequence,
            PLANS.c.cancelled_at.is_(None),
        )
        .values(sequence=planned.sequence + 1, changed_at=clock.now(), **values)
    )
    if db.connection().execute(changed.returning(PLANS.c.id)).first() is None:
        raise Changed
