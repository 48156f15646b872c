"""A meeting: one day, one outcome, who was there. What each mentor thought is an evaluation."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, bindparam, select
from sqlmodel import Field

from app import db
from app.language import mark

HELD, CANCELLED, NO_SHOW = "held", "cancelled", "no_show"
OUTCOMES = {
    HELD: mark("Ja"),
    CANCELLED: mark("Aflyst"),
    NO_SHOW: mark("Deltageren kom ikke"),
}
CANCELLERS = {"us": mark("Os"), "participant": mark("Deltageren"), "prison": mark("Fængslet")}
PLACES = {
    "prison": mark("Fængsel"),
    "leave": mark("Udgang"),
    "outside": mark("Ude"),
    "home": mark("Hjemme"),
    "authority": mark("Myndighed"),
}
# Several choices are one number, a bit each in this order, so that a million rows can be counted.
# New ones go last. Themes: evaluation report fig. 9, with family and network added.
THEMES = {
    "work": mark("Job/uddannelse"),
    "housing": mark("Bolig"),
    "economy": mark("Økonomi"),
    "health": mark("Sundhed"),
    "everyday": mark("Hverdagsting"),
    "social": mark("Socialt samvær"),
    "network": mark("Familie/netværk"),
    "other": mark("Andet"),
}
OTHERS = {  # roles, never names: evaluation report fig. 10
    "prison_service": mark("Kriminalforsorgen"),
    "municipality": mark("Kommunen"),
    "job_centre": mark("Jobcentret"),
    "bank": mark("Banken"),
    "treatment": mark("Behandler"),
    "family": mark("Familie"),
    "other": mark("Andre"),
}
SINCE_LAST = {"sms": mark("Sms"), "call": mark("Opkald")}
LONGEST_TRIP = 999  # kilometres driven for one meeting


class Meeting(db.Row, table=True):
    """Facts of one meeting, shared by the pair."""

    __table_args__ = (
        # Who met when is read from the index alone.
        Index(
            "ix_meeting_days",
            *("mentorship_id", "held_on", "logged_at", "outcome", "logged_by", "with_mentor"),
        ),
        CheckConstraint("outcome IN ('held', 'cancelled', 'no_show')", name="outcome"),
        CheckConstraint("km BETWEEN 0 AND 999", name="km"),
    )
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    held_on: date
    outcome: str  # one of OUTCOMES
    cancelled_by: str | None = None  # one of CANCELLERS
    place: str | None = None  # one of PLACES
    others: int = 0  # bits of OTHERS
    companion: bool = False  # a mentor was companion (bisidder)
    since_last: int = 0  # bits of SINCE_LAST: contact since the last meeting
    km: int | None = None  # kilometres driven, 0-999
    logged_by: UUID = Field(foreign_key="person.id")
    with_mentor: UUID | None = Field(
        default=None, foreign_key="person.id"
    )  # the co-mentor, if there
    logged_at: datetime
    apart_from: UUID | None = None  # the other log of that day, when it was another meeting


class Seen(NamedTuple):
    """One meeting as a row."""

    id: UUID
    mentorship_id: UUID
    held_on: date
    outcome: str
    cancelled_by: str | None
    place: str | None
    others: int
    companion: bool
    since_last: int
    km: int | None
    logged_by: UUID
    with_mentor: UUID | None
    logged_at: datetime
    apart_from: UUID | None

    @property
    def present(self) -> set[UUID]:
        """Who of the pair was there; each of them is asked for two scores, once."""
        if self.outcome != HELD:
            return set()
        return {person for person in (self.logged_by, self.with_mentor) if person}


MEETINGS = db.columns(Meeting)
_SEEN = select(*(MEETINGS.c[name] for name in Seen._fields))
_ONE = _SEEN.where(MEETINGS.c.id == bindparam("id"))
_ONE_LOCKED = _ONE.with_for_update()
_ON_DAY = _SEEN.where(
    MEETINGS.c.mentorship_id == bindparam("mentorship"), MEETINGS.c.held_on == bindparam("day")
).order_by(MEETINGS.c.logged_at)
_OF = (
    _SEEN.where(MEETINGS.c.mentorship_id == bindparam("mentorship"))
    .order_by(MEETINGS.c.held_on.desc(), MEETINGS.c.logged_at.desc())
    .limit(db.number("count"))
)


def one(meeting_id: UUID, *, locked: bool = False) -> Seen | None:
    """One meeting. Whoever will change it takes it locked: changes come one after another."""
    row = db.first(_ONE_LOCKED if locked else _ONE, id=meeting_id)
    return Seen(*row) if row else None


def of(mentorship_id: UUID, count: int = 60) -> list[Seen]:
    """The mentorship's meetings, newest first."""
    return [Seen(*row) for row in db.rows(_OF, mentorship=mentorship_id, count=count)]


def on_day(mentorship_id: UUID, day: date) -> list[Seen]:
    """What is logged for that day, oldest log first."""
    return [Seen(*row) for row in db.rows(_ON_DAY, mentorship=mentorship_id, day=day)]


def twins(seen: Iterable[Seen]) -> list[tuple[Seen, Seen]]:
    """Two logs of one day by two mentors, where neither is known to be another meeting."""
    in_order = sorted(seen, key=lambda m: m.logged_at)
    pairs = [
        (a, b)
        for a, b in combinations(in_order, 2)
        if a.held_on == b.held_on and a.outcome == b.outcome and a.logged_by != b.logged_by
    ]
    asked = [(a, b) for a, b in pairs if b.apart_from is None]
    return sorted(asked, key=lambda pair: pair[0].held_on, reverse=True)


def bits(chosen: Iterable[str], choices: dict[str, str]) -> int:
    """Several choices as one number."""
    order = list(choices)
    return sum(1 << order.index(code) for code in set(chosen))


def codes(number: int, choices: dict[str, str]) -> list[str]:
    """The choices that a number stands for."""
    return [code for place, code in enumerate(choices) if number >> place & 1]
