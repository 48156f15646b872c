"""A pause: the participant has vanished, and both mentors are asked again after 14 days."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Index, Select, bindparam, func, select, text, update
from sqlmodel import Field

from app import clock, db
from app.domain import receipts, strand, trail
from app.domain.mentorships import View

ASK_AFTER = timedelta(days=14)
ATTEMPTS_BACK = timedelta(weeks=8)  # how far back the page looks for what has been tried
_RUNS = text("ended_on IS NULL")


class Meanwhile(Exception):
    """The other mentor was first: the pause is no longer what the page showed."""


class Pause(db.Row, table=True):
    """Fourteen days of a pause. To go on ends one row and begins another, so that all is kept."""

    __table_args__ = (  # two mentors at one moment start one pause
        Index(
            "ix_pause_running",
            "mentorship_id",
            unique=True,
            sqlite_where=_RUNS,
            postgresql_where=_RUNS,
        ),
    )
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    from_on: date  # the first day of the pause, however often it was prolonged
    ask_on: date  # the day from which both are asked
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime
    continues_id: UUID | None = Field(default=None, foreign_key="pause.id")
    ended_on: date | None = None
    ended_by: UUID | None = Field(default=None, foreign_key="person.id")


class Made(NamedTuple):
    """A row of a pause."""

    id: UUID
    mentorship_id: UUID
    from_on: date
    ask_on: date
    made_by: UUID
    made_at: datetime
    continues_id: UUID | None
    ended_on: date | None
    ended_by: UUID | None


_PAUSES = db.columns(Pause)
_MADE = select(*(_PAUSES.c[name] for name in Made._fields))
_RUNS_HERE = (_PAUSES.c.mentorship_id == bindparam("mentorship")) & _PAUSES.c.ended_on.is_(None)
_STRAND = strand.of(
    "pause",
    on=_PAUSES.c.from_on,
    until=_PAUSES.c.ask_on,
    person=_PAUSES.c.made_by,
    ref=_PAUSES.c.id,
    other=_PAUSES.c.mentorship_id,
)
RUNNING = _STRAND.where(_RUNS_HERE)
ALL_RUNNING = _STRAND.where(_PAUSES.c.ended_on.is_(None))
LAST_ENDED = (
    select(_PAUSES.c.mentorship_id, func.max(_PAUSES.c.ended_on))
    .where(_PAUSES.c.ended_on.is_not(None))
    .group_by(_PAUSES.c.mentorship_id)
)
_RUNNING = _MADE.where(_RUNS_HERE)
_ONE = _MADE.where(_PAUSES.c.id == bindparam("id"))
_OF = (
    _MADE.where(_PAUSES.c.mentorship_id == bindparam("mentorship"))
    .order_by(_PAUSES.c.made_at.desc())
    .limit(db.number("count"))
)
_END = (
    update(_PAUSES)
    .where(
        _PAUSES.c.id == bindparam("pause"),
        _PAUSES.c.ended_on.is_(None),
        _PAUSES.c.ask_on <= bindparam("asked_by"),
    )
    .values(ended_on=bindparam("day"), ended_by=bindparam("person"))
    .returning(_PAUSES.c.from_on)
)


def running_among(those: Any) -> Select[Any]:
    """The running pauses of these mentorships."""
    return _STRAND.where(_PAUSES.c.ended_on.is_(None), _PAUSES.c.mentorship_id.in_(those))


def resumed_among(those: Any) -> Select[Any]:
    """When the last pause of each of these mentorships ended."""
    ended = strand.of("resumed", on=func.max(_PAUSES.c.ended_on), other=_PAUSES.c.mentorship_id)
    return ended.where(
        _PAUSES.c.ended_on.is_not(None), _PAUSES.c.mentorship_id.in_(those)
    ).group_by(_PAUSES.c.mentorship_id)


def running(mentorship_id: UUID) -> Made | None:
    """The pause that the mentorship is on, if it is."""
    row = db.first(_RUNNING, mentorship=mentorship_id)
    return Made(*row) if row else None


def due(pause: Made, today: date) -> bool:
    """Whether the two are asked again; one answer is enough."""
    return pause.ended_on is None and pause.ask_on <= today


def of(mentorship_id: UUID, count: int = 20) -> list[Made]:
    """Every start and prolongation, newest first."""
    return [Made(*row) for row in db.rows(_OF, mentorship=mentorship_id, count=count)]


def one(pause_id: UUID) -> Made | None:
    """One row; whoever asks checks whose mentorship it is of."""
    row = db.first(_ONE, id=pause_id)
    return Made(*row) if row else None


def start(client_id: UUID, mentorship: View, day: date, pen: trail.Pen, by: UUID) -> UUID:
    """Put the mentorship on pause from that day; sent again, it gives the same pause."""
    stored = _receive(client_id, mentorship, "start", by)
    if stored:
        return stored
    _begin(client_id, mentorship, day, day, by, None)
    pen.write(trail.PAUSED, "pause", client_id, mentorship.participant_id)
    return client_id


def prolong(
    client_id: UUID, pause: Made, mentorship: View, day: date, pen: trail.Pen, by: UUID
) -> UUID:
    """Fourteen more days from that day, once the two have been asked."""
    stored = _receive(client_id, mentorship, str(pause.id), by)
    if stored:
        return stored
    claimed = db.first(_END, pause=pause.id, asked_by=day, day=day, person=by)
    if claimed is None:
        raise Meanwhile
    _begin(client_id, mentorship, claimed.from_on, day, by, pause.id)
    pen.write(trail.PROLONGED, "pause", client_id, mentorship.participant_id)
    return client_id


def end(pause: Made, mentorship: View, day: date, pen: trail.Pen, by: UUID) -> None:
    """The pause is over. Saying so twice is the same; after the other's answer it is too late."""
    if db.first(_END, pause=pause.id, asked_by=date.max, day=day, person=by):
        pen.write(trail.RESUMED, "pause", pause.id, mentorship.participant_id)
        return
    now = one(pause.id)
    if now is None or now.ended_by != by or running(mentorship.id):
        raise Meanwhile


def _receive(client_id: UUID, mentorship: View, what: str, by: UUID) -> UUID | None:
    content: dict[str, object] = {"pause": what, "in": str(mentorship.id)}
    return receipts.take(client_id, by, mentorship.participant_id, client_id, content)


def _begin(
    pause_id: UUID, mentorship: View, since: date, day: date, by: UUID, continues: UUID | None
) -> None:
    """A running row, unless there is one; waits for another who starts at the same moment."""
    made = db.insert_once(
        Pause,
        id=pause_id,
        mentorship_id=mentorship.id,
        participant_id=mentorship.participant_id,
        from_on=since,
        ask_on=day + ASK_AFTER,
        made_by=by,
        made_at=clock.now(),
        continues_id=continues,
    )
    if not made:
        raise Meanwhile
