"""A mentorship: one participant, a pair of mentors, one owning leader, from match to closure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Index, bindparam, literal_column, or_, select, text
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import Field

from app import db
from app.domain import leading, rules
from app.domain.branches import INSTITUTIONS, MUNICIPALITIES
from app.domain.leading import Leading
from app.domain.people import PEOPLE, first_name_of, phone_of
from app.key_store import KeyGone
from app.vault import Secret, ring, sealed_column

FOLLOW_UP = 6  # months after release (rules for volunteers, 9)
RELEASE_DAYS = timedelta(days=28)  # on both sides of the release (evaluation report, lesson 1)
BEFORE, RELEASE, AFTER, ENDED = "before", "release", "after", "ended"


class Participant(db.Row, table=True):
    """The person released. Never an offence, a sentence or a CPR number."""

    first_name_ct: bytes | None = sealed_column()
    surname_ct: bytes | None = sealed_column()
    phone_ct: bytes | None = sealed_column()
    birth_date_ct: bytes | None = sealed_column()

    first_name = Secret(logged=True)
    surname = Secret(logged=True)
    phone = Secret(logged=True)
    birth_date = Secret(logged=True)


class Mentorship(db.Row, table=True):
    """Its phase follows from its dates and is never stored.

    What a leader's list asks of hundreds at once is kept here: see `latest`.
    """

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    leader_id: UUID = Field(foreign_key="person.id")
    municipality_id: UUID = Field(foreign_key="municipality.id")
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id")
    matched_on: date
    release_on: date
    ended_on: date | None = None
    ending: str | None = None  # "planned", "early" (good) or "interrupted"
    met_on: date | None = None  # the last meeting that came to something
    no_shows: int = 0  # since then
    reached_on: date | None = None  # the last contact, attempts apart


class Seat(db.Row, table=True):
    """One mentor's place in the pair, 1 or 2, between two days (both included)."""

    # Every page asks who sits where: both ways it is read from an index alone.
    __table_args__ = (
        Index(
            "ix_seat_pair",
            *("mentorship_id", "from_on", "to_on", "person_id", "place", "met_on"),
        ),
        Index("ix_seat_person", "person_id", "from_on", "to_on", "mentorship_id"),
        # Few have it; a leader's list finds them at once.
        Index(
            "ix_seat_scores",
            *("mentorship_id", "scored_at", "scores"),
            sqlite_where=text("scores > 0"),
            postgresql_where=text("scores > 0"),
        ),
    )
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    person_id: UUID = Field(foreign_key="person.id")
    place: int
    from_on: date
    to_on: date | None = None
    met_on: date | None = None  # the last meeting that the mentor was at; kept, see `latest`
    scored_at: datetime | None = None  # the mentor's newest answers
    scores: int = 0  # what they say: bits of `levels`


class Sitting(NamedTuple):
    """A seat as a row, with the first name of who holds it."""

    person_id: UUID
    place: int
    from_on: date
    to_on: date | None
    first_name: str
    phone_ct: bytes | None

    @property
    def phone(self) -> str | None:
        """Opened when it is asked for: few pages show it."""
        return phone_of(self.person_id, self.phone_ct)

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class Identity(NamedTuple):
    """What a leader reads of who a participant is."""

    first_name: str
    surname: str | None
    phone: str | None


class View(NamedTuple):
    """What a mentor's pages say of the mentorship that the mentor is in."""

    id: UUID
    participant_id: UUID
    participant: str
    phone_ct: bytes | None
    matched_on: date
    release_on: date
    ended_on: date | None
    end_months: int  # planned, after the release
    institution: str | None
    institution_phone: str | None
    visiting: str | None  # its visiting restrictions
    municipality: str
    leading: Leading  # who leads it today, from outside the pair
    seats: tuple[Sitting, ...]  # every seat there has been, oldest first
    co: Sitting | None  # the co-mentor of today

    @property
    def phone(self) -> str | None:
        """The participant's, opened when it is asked for."""
        return participant_phone(self.participant_id, self.phone_ct)

    @property
    def leader(self) -> str:
        """Whom the pair calls."""
        return self.leading.people[0].first_name if self.leading.people else "–"

    @property
    def leader_phone(self) -> str | None:
        return self.leading.people[0].phone if self.leading.people else None

    @property
    def co_mentor(self) -> str | None:
        return self.co and self.co.first_name

    def first_day(self, person_id: UUID) -> date | None:
        """The day from which that mentor may log."""
        return min((s.from_on for s in self.seats if s.person_id == person_id), default=None)

    def last_day(self, person_id: UUID) -> date | None:
        """The last day on which that mentor was of the pair; None while it goes on."""
        ends = [s.to_on or date.max for s in self.seats if s.person_id == person_id]
        last = min(max(ends, default=date.min), self.ended_on or date.max)
        return None if last == date.max else last

    def sat(self, person_id: UUID, day: date) -> bool:
        """Whether that mentor had a seat on that day."""
        return any(s.person_id == person_id and s.holds(day) for s in self.seats)

    def name_of(self, person_id: UUID | None) -> str | None:
        """The first name of someone who sits or sat in the pair."""
        return next((s.first_name for s in self.seats if s.person_id == person_id), None)


MENTORSHIPS, PARTICIPANTS = db.columns(Mentorship), db.columns(Participant)
SEATS = db.columns(Seat)
SAID_SOMETHING = SEATS.c.scores > literal_column("0")  # as the index says it; no bound value
_ALL_SEATS, _SITTERS = SEATS.alias("seats"), PEOPLE.alias("sitter")
_DAY: Any = bindparam("day")


def sits(seats: Any, day: Any) -> ColumnElement[bool]:
    """Whether a seat is held on that day (both ends included)."""
    c = seats.c
    return (c.from_on <= day) & or_(c.to_on.is_(None), c.to_on >= day)  # type: ignore[no-any-return]


_MINE = (
    select(SEATS.c.mentorship_id)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(
        SEATS.c.person_id == bindparam("person"),
        sits(SEATS, _DAY),
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on >= _DAY),
    )
    .order_by(SEATS.c.from_on.desc(), SEATS.c.mentorship_id)
    .limit(db.ONE)
    .scalar_subquery()
)
_VIEW = (
    select(
        MENTORSHIPS.c.id,
        MENTORSHIPS.c.participant_id,
        MENTORSHIPS.c.matched_on,
        MENTORSHIPS.c.release_on,
        MENTORSHIPS.c.ended_on,
        MENTORSHIPS.c.branch_id,
        MENTORSHIPS.c.leader_id,
        rules.now(rules.PLANNED_END).label("end_months"),
        PARTICIPANTS.c.first_name_ct,
        PARTICIPANTS.c.phone_ct,
        INSTITUTIONS.c.name.label("institution"),
        INSTITUTIONS.c.phone.label("institution_phone"),
        INSTITUTIONS.c.visiting,
        MUNICIPALITIES.c.name.label("municipality"),
        _ALL_SEATS.c.person_id,
        _ALL_SEATS.c.place,
        _ALL_SEATS.c.from_on,
        _ALL_SEATS.c.to_on,
        _SITTERS.c.first_name_ct.label("sitter_first_name_ct"),
        _SITTERS.c.phone_ct.label("sitter_phone_ct"),
    )
    .join(PARTICIPANTS, PARTICIPANTS.c.id == MENTORSHIPS.c.participant_id)
    .join(MUNICIPALITIES, MUNICIPALITIES.c.id == MENTORSHIPS.c.municipality_id)
    .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == MENTORSHIPS.c.institution_id)
    .join(_ALL_SEATS, _ALL_SEATS.c.mentorship_id == MENTORSHIPS.c.id)
    .join(_SITTERS, _SITTERS.c.id == _ALL_SEATS.c.person_id)
    .order_by(_ALL_SEATS.c.from_on, _ALL_SEATS.c.place)
)
_SAT = select(SEATS.c.id).where(
    SEATS.c.person_id == bindparam("person"),
    SEATS.c.mentorship_id == bindparam("mentorship"),
    SEATS.c.from_on <= _DAY,
)
_HOLD = (  # other rows may still refer to it meanwhile
    select(MENTORSHIPS.c.id)
    .where(MENTORSHIPS.c.id == bindparam("mentorship"))
    .with_for_update(key_share=True)
)
_LEADER_OF = select(MENTORSHIPS.c.leader_id, MENTORSHIPS.c.branch_id).where(
    MENTORSHIPS.c.id == bindparam("mentorship")
)
_EVER_SAT = select(SEATS.c.mentorship_id, SEATS.c.person_id).where(
    SEATS.c.mentorship_id.in_(bindparam("mentorships", expanding=True))
)
_OF_MENTOR = _VIEW.where(MENTORSHIPS.c.id == _MINE)
_ONE = _VIEW.where(MENTORSHIPS.c.id == bindparam("mentorship"))
_RUNNING_OF = select(MENTORSHIPS.c.id).where(
    MENTORSHIPS.c.participant_id == bindparam("participant"),
    or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on >= bindparam("day")),
)


def of_mentor(person_id: UUID, day: date) -> View | None:
    """The mentorship that the mentor is in on that day.

    A mentor visits one inmate at most (rules for volunteers, 4); should there be two, the newest.
    """
    return _view(db.rows(_OF_MENTOR, person=person_id, day=day), person_id, day)


def formerly(person_id: UUID, mentorship_id: UUID, day: date) -> View | None:
    """A mentorship in which the mentor has or had a seat; None of any other."""
    if not db.first(_SAT, person=person_id, mentorship=mentorship_id, day=day):
        return None
    return one(mentorship_id, day)


def one(mentorship_id: UUID, day: date) -> View | None:
    """The same of any mentorship, seen from beside the pair."""
    return _view(db.rows(_ONE, mentorship=mentorship_id), None, day)


def sitting(mentorship_id: UUID, day: date) -> list[Sitting]:
    """Who is of the pair on that day."""
    life = one(mentorship_id, day)
    return [seat for seat in life.seats if seat.holds(day)] if life else []


def running_of(participant_id: UUID, day: date) -> list[UUID]:
    """The participant's mentorships that have not ended."""
    return [row.id for row in db.rows(_RUNNING_OF, participant=participant_id, day=day)]


def hold(mentorship_id: UUID) -> None:
    """Whoever keeps something up on it does so one after another: each sees what is there."""
    db.first(_HOLD, mentorship=mentorship_id)


def leader_of(mentorship_id: UUID) -> UUID | None:
    """Who owns it."""
    row = db.first(_LEADER_OF, mentorship=mentorship_id)
    return row and row.leader_id


def led_by(mentorship_id: UUID, day: date, but: UUID | None = None) -> Leading:
    """Who leads it that day, but that person; nobody, where all who lead the branch sit or sat in
    the pair.
    """
    life = db.rows(_LEADER_OF, mentorship=mentorship_id)[0]
    outside = ever_sat([mentorship_id])[mentorship_id] | {but}
    return leading.Today(day, life.branch_id).of(life.branch_id, life.leader_id, outside)


def ever_sat(mentorships: Sequence[UUID]) -> defaultdict[UUID, set[UUID]]:
    """By mentorship, who sits or sat in the pair."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in db.rows(_EVER_SAT, mentorships=mentorships) if mentorships else ():
        found[row.mentorship_id].add(row.person_id)
    return found


def _view(found: list[Any], person_id: UUID | None, day: date) -> View | None:
    if not found:
        return None
    row = found[0]
    participant, sat = row.participant_id, {r.person_id for r in found}
    led = leading.Today(day, row.branch_id).reached(row.branch_id, row.leader_id, sat)
    ring().take([participant, *led.ids, *sat])
    seats = tuple(_sitting(r) for r in found)
    return View(
        id=row.id,
        participant_id=participant,
        participant=participant_name(participant, row.first_name_ct),
        phone_ct=row.phone_ct,
        matched_on=row.matched_on,
        release_on=row.release_on,
        ended_on=row.ended_on,
        end_months=row.end_months,
        institution=row.institution,
        institution_phone=row.institution_phone,
        visiting=row.visiting,
        municipality=row.municipality,
        leading=led,
        seats=seats,
        co=next((s for s in seats if s.person_id != person_id and s.holds(day)), None)
        if person_id
        else None,
    )


def participant_name(participant: UUID, cell: bytes | None) -> str:
    """A participant's first name from a row; "–" for one who has been erased."""
    try:
        return Participant.first_name.open(participant, participant, cell) or "–"
    except KeyGone:
        return "–"


def participant_phone(participant: UUID, cell: bytes | None) -> str | None:
    try:
        return Participant.phone.open(participant, participant, cell)
    except KeyGone:
        return None


def identity_of(participant_id: UUID) -> Identity:
    """Who a participant is, for the leader; empty for one who has been erased."""
    person = db.session().get_one(Participant, participant_id)
    try:
        return Identity(person.first_name or "–", person.surname, person.phone)
    except KeyGone:
        return Identity("–", None, None)


def _sitting(row: Any) -> Sitting:
    person = row.person_id
    return Sitting(
        person,
        row.place,
        row.from_on,
        row.to_on,
        first_name_of(person, row.sitter_first_name_ct),
        row.sitter_phone_ct,
    )


def phase(release_on: date, ended_on: date | None, day: date) -> str:
    """Where in its life a mentorship is on that day."""
    if ended_on and ended_on <= day:
        return ENDED
    if abs(release_on - day) <= RELEASE_DAYS:
        return RELEASE
    return BEFORE if day < release_on else AFTER


def months_before(day: date, months: int) -> date:
    """The newest day of which that many months later is no later than this one."""
    newest = months_after(day, -months)
    while months_after(newest + timedelta(days=1), months) <= day:  # months have other last days
        newest += timedelta(days=1)
    return newest


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def milestones(matched_on: date, release_on: date, end_months: int) -> list[tuple[str, date]]:
    """The days that everything else hangs on, in their order."""
    return [
        ("matched", matched_on),
        ("release_meeting", release_on - timedelta(weeks=4)),
        ("released", release_on),
        ("follow_up", months_after(release_on, FOLLOW_UP)),
        ("planned_end", months_after(release_on, end_months)),
    ]
