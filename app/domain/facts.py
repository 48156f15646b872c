"""What has happened in every mentorship that runs in some branches, without a name, in two
statements however many there are: the lives, and the few rows that only some of them have.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Date,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app import db
from app.clock import Week
from app.domain import (
    agreements,
    alerts,
    closures,
    follow_ups,
    handovers,
    levels,
    pauses,
    strand,
    wishes,
)
from app.domain.agreements import AGREEMENTS
from app.domain.consents import CONSENTS, NEWEST
from app.domain.consents import TRANSFER as TRANSFER_NOTICE
from app.domain.contacts import ATTEMPT, CONTACTS
from app.domain.follow_ups import FOLLOW_UPS
from app.domain.meetings import HELD, MEETINGS, NO_SHOW
from app.domain.mentorships import FOLLOW_UP, MENTORSHIPS, SEATS, months_after, sits
from app.domain.rota import ABSENCES, PLACES
from app.domain.strand import Strand

BALANCE = timedelta(weeks=8)
A_FEW_DAYS = timedelta(days=3)  # months have other last days; the rule itself is exact
BALANCE_OF = 4  # meetings, before it says anything that one of the two was at none


class Facts(NamedTuple):
    """What has happened in one mentorship, without a name."""

    id: UUID
    leader_id: UUID
    matched_on: date
    release_on: date
    met_on: date | None
    reached_on: date | None
    no_shows: int  # since the last meeting that came to something
    agreed: bool  # an agreement that is ready for the first visit, or it is too late for one
    followed_up: bool  # an agreement, or a note of a meeting, of six months after; or it is early
    transfer: bool  # a yes to being told of one, or nobody ever asked, or no longer in prison
    alone: bool  # fewer than two mentors sit in the pair
    uneven: bool  # the two have sat for eight weeks, and one of them met the participant at none
    strands: Sequence[Strand]  # what only some have: pauses, alerts, weeks at risk ...

    def of(self, what: str) -> list[Strand]:
        return [s for s in self.strands if s.what == what]

    def one(self, what: str) -> Strand | None:
        return next((s for s in self.strands if s.what == what), None)


def _newest(column: Any, where: Any, of: Any) -> Any:
    """By the index: the same work however many there are."""
    return (
        select(column)
        .where(where)
        .order_by(column.desc())
        .limit(db.ONE)
        .correlate(of)
        .scalar_subquery()
    )


_MET_ON = _newest(
    MEETINGS.c.held_on,
    (MEETINGS.c.mentorship_id == MENTORSHIPS.c.id) & (MEETINGS.c.outcome == HELD),
    MENTORSHIPS,
)
_LED = (
    select(
        MENTORSHIPS.c.id,
        MENTORSHIPS.c.participant_id,
        MENTORSHIPS.c.leader_id,
        MENTORSHIPS.c.matched_on,
        MENTORSHIPS.c.release_on,
        _MET_ON.label("met_on"),
    )
    .where(
        MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)),
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on > bindparam("day")),
        MENTORSHIPS.c.id.not_in(  # one's own pair is read as a mentor, never as its leader
            select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("reader"))
        ),
    )
    .correlate(None)
    .cte("led")
    .prefix_with("MATERIALIZED")  # once, however many strands ask for them
)
LED: Any = select(_LED.c.id)


def _ready(version: str) -> Any:
    """Whether that version of the agreement is ready."""
    ready = agreements.READY_ONES.where(
        AGREEMENTS.c.mentorship_id == _LED.c.id, AGREEMENTS.c.version == version
    )
    return ready.correlate(_LED).exists()


def _day(column: Any) -> Any:
    """A day as text; of none, nothing."""
    return func.coalesce(cast(column, String), "")


def _asked(*how: Any) -> Any:
    """Whether a consent of the participant is like that."""
    about = CONSENTS.c.participant_id == _LED.c.participant_id
    return select(CONSENTS.c.participant_id).where(about, *how).correlate(_LED).exists()


_REACHED_ON = _newest(
    CONTACTS.c.on, (CONTACTS.c.mentorship_id == _LED.c.id) & (CONTACTS.c.kind != ATTEMPT), _LED
)
_NO_SHOWS = (
    select(func.count())
    .where(
        MEETINGS.c.mentorship_id == _LED.c.id,
        MEETINGS.c.outcome == NO_SHOW,
        MEETINGS.c.held_on > func.coalesce(_LED.c.met_on, cast(literal(date.min), Date)),
    )
    .correlate(_LED)
    .scalar_subquery()
)
_FOLLOWED_UP = or_(
    _ready(agreements.SIX_MONTHS),
    select(FOLLOW_UPS.c.id)
    .where(
        FOLLOW_UPS.c.mentorship_id == _LED.c.id,
        FOLLOW_UPS.c.kind == follow_ups.SIX_MONTHS,
    )
    .correlate(_LED)
    .exists(),
)
_TRANSFER = or_(_asked(CONSENTS.c.purpose == TRANSFER_NOTICE, CONSENTS.c.given, NEWEST), ~_asked())
_HERE = SEATS.alias("here")  # who sits in the pair that day
_SITS = (_HERE.c.mentorship_id == _LED.c.id) & sits(_HERE, bindparam("day"))
_SITTING = select(func.count()).where(_SITS).correlate(_LED).scalar_subquery()
_LATE: Any = bindparam("balance")
_MET_LATELY = (
    (MEETINGS.c.mentorship_id == _LED.c.id)
    & (MEETINGS.c.outcome == HELD)
    & (MEETINGS.c.held_on >= _LATE)
)
_BY_ME = or_(MEETINGS.c.logged_by == _HERE.c.person_id, MEETINGS.c.with_mentor == _HERE.c.person_id)
_ABSENT = (
    ~select(MEETINGS.c.mentorship_id).where(_MET_LATELY, _BY_ME).correlate(_LED, _HERE).exists()
)
_UNEVEN = and_(  # the two have sat all that time, and all the meetings were the other's
    _LED.c.matched_on <= _LATE,
    select(_HERE.c.person_id).where(_SITS, _ABSENT).correlate(_LED).exists(),
    select(func.count()).where(_MET_LATELY).correlate(_LED).scalar_subquery() >= BALANCE_OF,
    _SITTING == PLACES,
    ~select(_HERE.c.person_id).where(_SITS, _HERE.c.from_on > _LATE).correlate(_LED).exists(),
)
_STAYS = SEATS.alias("stays")  # a seat that is held through this week and the next
_AT_RISK = (  # whose weeks may be uncovered; where both sit and nobody is away, none is
    select(_LED.c.id)
    .where(
        or_(
            select(func.count())
            .where(
                _STAYS.c.mentorship_id == _LED.c.id,
                sits(_STAYS, bindparam("since")),
                sits(_STAYS, bindparam("through")),
            )
            .correlate(_LED)
            .scalar_subquery()
            < PLACES,
            select(ABSENCES.c.mentorship_id)
            .where(
                ABSENCES.c.mentorship_id == _LED.c.id,
                ABSENCES.c.taken_back_at.is_(None),
                ABSENCES.c.from_on <= bindparam("through"),
                ABSENCES.c.to_on >= bindparam("since"),
            )
            .correlate(_LED)
            .exists(),
        ),
    )
    .correlate(None)
    .cte("at_risk")
    .prefix_with("MATERIALIZED")
)
AGREED, FOLLOWED_UP, TRANSFERS, ALONE, UNEVEN = 1, 2, 4, 8, 16  # what "flags" is made of
MANY = 32  # from here on it counts the no-shows
_TOLD = [
    tuple(bool(number & flag) for flag in (AGREED, FOLLOWED_UP, TRANSFERS, ALONE, UNEVEN))
    for number in range(MANY)
]
_FLAGS: Any = sum(
    case((where, flag), else_=0)
    for flag, where in (
        # Each is looked up only while it matters.
        (AGREED, or_(_LED.c.release_on < bindparam("day"), _ready(agreements.START))),
        (FOLLOWED_UP, or_(_LED.c.release_on > bindparam("half_year"), _FOLLOWED_UP)),
        (TRANSFERS, or_(_LED.c.release_on <= bindparam("day"), _TRANSFER)),
        (ALONE, _SITTING < PLACES),
        (UNEVEN, _UNEVEN),
    )
)
_LIFE = strand.of(
    "life",
    on=_LED.c.matched_on,
    until=_LED.c.release_on,
    person=_LED.c.leader_id,
    number=_FLAGS + _NO_SHOWS * MANY,
    word=_day(_LED.c.met_on) + "/" + _day(_REACHED_ON),
    other=_LED.c.id,
).select_from(_LED)
STRANDS = (
    _LIFE,
    *handovers.rotas(select(_AT_RISK.c.id)),
    wishes.OPEN,
    pauses.running_among(LED),
    pauses.resumed_among(LED),
    closures.waiting_among(LED),
    alerts.open_among(LED),
    levels.among(LED),
)
_ASKED = union_all(*STRANDS)


def gather(branches: frozenset[UUID], reader: UUID, day: date) -> tuple[list[Facts], bool]:
    """The facts of every mentorship that runs in these branches; and whether a mentor who sits in
    none of them has a wish.
    """
    return read(map(Strand._make, db.rows(_ASKED, **asked(branches, reader, day))))


def asked(branches: Iterable[UUID], reader: UUID, day: date) -> dict[str, Any]:
    """What `STRANDS` is asked with."""
    week = Week.of(day)
    return {
        "branches": list(branches),
        "reader": reader,
        "day": day,
        "since": week.monday,
        "through": week.plus(1).sunday,
        "balance": day - BALANCE,
        "half_year": months_after(day, -FOLLOW_UP) + A_FEW_DAYS,
        **levels.since(day),
    }


def read(found: Iterable[Strand]) -> tuple[list[Facts], bool]:
    """The facts of the mentorships, with the rows of `STRANDS` that are about each."""
    lives, of = [], defaultdict(list)
    for row in found:
        if row.what == "life":
            lives.append(row)
        else:
            of[row.other].append(row)
    # A wish may be about a mentorship that has ended: it has no life here.
    return [_facts(life, of.get(life.other, ())) for life in lives], any(
        s.what == "wish" for s in of[None]
    )


def _facts(life: Strand, strands: Sequence[Strand]) -> Facts:
    no_shows, flags = divmod(life.number or 0, MANY)
    met_on, _, reached_on = (life.word or "/").partition("/")
    return Facts._make(
        (
            life.other,
            life.person,
            life.on,
            life.until,
            date.fromisoformat(met_on) if met_on else None,
            date.fromisoformat(reached_on) if reached_on else None,
            no_shows,
            *_TOLD[flags],
            strands,
        )
    )
