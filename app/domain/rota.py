"""Who has the week. One function answers it, everywhere."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, delete
from sqlmodel import Field

from app import clock, db
from app.clock import Week
from app.domain import strand
from app.domain.strand import Strand

PLACES = 2
BACK, AHEAD = 12, 26  # weeks that Uger shows (product.md section 4); nothing is planned beyond
BALANCE = 8  # weeks that the quiet line about balance looks back on
MOST_IN_A_ROW = 4  # weeks that one mentor may have in a row by rhythm
_WEEK = timedelta(weeks=1)
_SIX_DAYS = timedelta(days=6)


class Rhythm(db.Row, table=True):
    """From a Monday on the two alternate anew: which place begins, how many weeks in a row."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    monday: date
    first_place: int
    in_a_row: int
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime


class Absence(db.Row, table=True):
    """Days, both included, on which a mentor is away. Taken back, it counts for nothing."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    from_on: date
    to_on: date
    made_at: datetime
    taken_back_at: datetime | None = None


class Held(Protocol):
    """A seat: who, which place, from and to which day."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def place(self) -> int: ...
    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...


class Beat(NamedTuple):
    """A rhythm as a row."""

    monday: date
    first_place: int
    in_a_row: int


class Away(NamedTuple):
    """An absence as a row."""

    id: UUID | None
    person_id: UUID
    from_on: date
    to_on: date


class Rota(NamedTuple):
    """All that decides who has a week."""

    seats: Sequence[Held]
    beats: Sequence[Beat]  # oldest first; the first is the start of the mentorship
    turns: Mapping[date, UUID]  # by Monday: who took the week last
    away: Sequence[Away] = ()


RHYTHMS, ABSENCES = db.columns(Rhythm), db.columns(Absence)
_REPLACE = delete(RHYTHMS).where(
    RHYTHMS.c.mentorship_id == bindparam("mentorship"),
    RHYTHMS.c.monday == bindparam("from_monday"),
)


def strands(here: Callable[[Any], ColumnElement[bool]]) -> tuple[Select[Any], ...]:
    """Rhythms and absences of the mentorships that `here` says yes to; `other` is whose."""
    return (
        strand.of(
            "beat",
            on=RHYTHMS.c.monday,
            number=RHYTHMS.c.first_place * 10 + RHYTHMS.c.in_a_row,
            ref=RHYTHMS.c.id,
            other=RHYTHMS.c.mentorship_id,
        ).where(here(RHYTHMS.c.mentorship_id)),
        strand.of(
            "away",
            on=ABSENCES.c.from_on,
            until=ABSENCES.c.to_on,
            person=ABSENCES.c.person_id,
            ref=ABSENCES.c.id,
            other=ABSENCES.c.mentorship_id,
        ).where(
            here(ABSENCES.c.mentorship_id),
            ABSENCES.c.taken_back_at.is_(None),
            ABSENCES.c.to_on >= bindparam("since"),
        ),
    )


def woven(strands: Sequence[Strand], seats: Sequence[Held], start: Week) -> Rota:
    """A rota from its rows: rhythms, absences, and turns in the order in which they were taken."""
    beats, turns, away = [Beat(start.monday, 1, 1)], [], []
    for s in strands:
        if s.what == "beat":
            beats.append(Beat(s.on, *divmod(s.number or 0, 10)))  # type: ignore[arg-type]
        elif s.what == "turn":
            turns.append((s.number or 0, s.on, s.person))
        elif s.what == "away":
            away.append(Away(s.ref, s.person, s.on, s.until))  # type: ignore[arg-type]
    beats.sort(key=lambda beat: beat.monday)
    turns.sort(key=lambda turn: turn[0])
    taken = {monday: person for _, monday, person in turns}
    return Rota(seats, beats, taken, away)  # type: ignore[arg-type]


def holder(rota: Rota, week: Week) -> UUID | None:
    """The mentor who has the week: who took it last, else whose place it is by the rhythm.

    A week counts as the one's who sits there on its Sunday. None when the place is empty then: an
    empty seat's weeks never fall silently to the one who stays. What somebody took who has since
    left goes back to whose place it is.
    """
    return holder_from(rota, week.monday)


def holder_from(rota: Rota, monday: date) -> UUID | None:
    """The same, of the week that begins on that Monday."""
    sunday = monday + _SIX_DAYS
    taker = rota.turns.get(monday)
    if taker is not None:
        for seat in rota.seats:
            if seat.person_id == taker and _sits(seat, sunday):
                return taker
    place = _place(rota.beats, monday)
    for seat in rota.seats:
        if seat.place == place and _sits(seat, sunday):
            return seat.person_id
    return None


def uncovered(rota: Rota, monday: date) -> bool:
    """Whether the week's holder is away, or its seat is empty (product.md section 4)."""
    who = holder_from(rota, monday)
    return who is None or is_away(rota, who, monday)


def is_away(rota: Rota, person_id: UUID, monday: date) -> bool:
    """Whether the person is away on any day of that week."""
    if not rota.away:
        return False
    sunday = monday + _SIX_DAYS
    return any(
        a.person_id == person_id and a.from_on <= sunday and monday <= a.to_on for a in rota.away
    )


def balance(rota: Rota, monday: date) -> dict[UUID, int]:
    """How many of the last eight whole weeks each mentor has had."""
    had: dict[UUID, int] = {}
    first = rota.beats[0].monday
    for back in range(1, BALANCE + 1):
        week = monday - back * _WEEK
        who = holder_from(rota, week) if week >= first else None
        if who is not None:
            had[who] = had.get(who, 0) + 1
    return had


def mondays(first: date, count: int) -> list[date]:
    return [first + n * _WEEK for n in range(count)]


def _sits(seat: Held, sunday: date) -> bool:
    return seat.from_on <= sunday and (seat.to_on is None or seat.to_on >= sunday)


def _place(beats: Sequence[Beat], monday: date) -> int:
    """Whose place it is by the newest rhythm that has begun."""
    beat = beats[0]
    for later in beats[1:]:
        if later.monday <= monday:
            beat = later
    since = (monday - beat.monday).days // 7
    return 1 + (beat.first_place - 1 + since // beat.in_a_row) % PLACES


def set_rhythm(mentorship_id: UUID, beat: Beat, by: UUID) -> UUID:
    """From that Monday on the two alternate anew, whatever was set from that Monday before."""
    db.connection().execute(_REPLACE, {"mentorship": mentorship_id, "from_monday": beat.monday})
    made = Rhythm(mentorship_id=mentorship_id, made_by=by, made_at=clock.now(), **beat._asdict())
    db.session().add(made)
    db.session().flush()
    return made.id
