"""What has happened in every mentorship that runs in some branches, without a name, in one
statement however many there are: a row for each, and the few rows that only some of them have.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from app import clock, db
from app.clock import Week
from app.domain import (
    agreements,
    alerts,
    closures,
    follow_ups,
    grants,
    handovers,
    levels,
    pauses,
    strand,
    wishes,
)
from app.domain.agreements import AGREEMENTS
from app.domain.consents import CONSENTS, NEWEST
from app.domain.consents import TRANSFER as TRANSFER_NOTICE
from app.domain.follow_ups import FOLLOW_UPS
from app.domain.meetings import HELD, MEETINGS
from app.domain.mentorships import (
    FOLLOW_UP,
    MENTORSHIPS,
    SAID_SOMETHING,
    SEATS,
    months_before,
    sits,
)
from app.domain.rota import ABSENCES, PLACES
from app.domain.strand import Strand

BALANCE = timedelta(weeks=8)
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
    transfer: bool  # a yes to being told of one, or no longer in prison
    alone: bool  # fewer than two mentors sit in the pair
    uneven: bool  # the two have sat for eight weeks, and one of them met the participant at none
    strands: Sequence[Strand]  # what only some have: pauses, alerts, weeks at risk ...

    def of(self, what: str) -> list[Strand]:
        return [s for s in self.strands if s.what == what]

    def one(self, what: str) -> Strand | None:
        return next((s for s in self.strands if s.what == what), None)


MOST = 8  # more never sit in one pair
FOR_LONG, LATELY, STAYS = MOST, MOST**2, MOST**3  # what `_SITTING` counts beside
_HERE = SEATS.alias("here")  # who sits in the pair that day
_LATE: Any = bindparam("balance")


def _each(where: Any, worth: int) -> Any:
    return func.coalesce(func.sum(case((where, worth), else_=0)), 0)


_SITTING: Any = (  # one look at the seats: who has sat all that time, met since, stays these weeks
    select(
        func.count()
        + _each(_HERE.c.from_on <= _LATE, FOR_LONG)
        + _each(_HERE.c.met_on >= _LATE, LATELY)
        + _each(sits(_HERE, bindparam("since")) & sits(_HERE, bindparam("through")), STAYS)
    )
    .where(_HERE.c.mentorship_id == MENTORSHIPS.c.id, sits(_HERE, bindparam("day")))
    .correlate(MENTORSHIPS)
    .scalar_subquery()
)
_LED = (
    select(
        MENTORSHIPS.c.id,
        MENTORSHIPS.c.participant_id,
        MENTORSHIPS.c.leader_id,
        MENTORSHIPS.c.matched_on,
        MENTORSHIPS.c.release_on,
        MENTORSHIPS.c.met_on,
        MENTORSHIPS.c.reached_on,
        MENTORSHIPS.c.no_shows,
        _SITTING.label("sitting"),
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
_TRANSFER = (
    select(CONSENTS.c.participant_id)
    .where(
        CONSENTS.c.participant_id == _LED.c.participant_id,
        CONSENTS.c.purpose == TRANSFER_NOTICE,
        CONSENTS.c.given,
        NEWEST,
    )
    .correlate(_LED)
    .exists()
)
_OFTEN = (  # enough meetings lately to say something; the day of the first of them is read alone
    select(MEETINGS.c.held_on)
    .where(
        MEETINGS.c.mentorship_id == _LED.c.id,
        MEETINGS.c.outcome == HELD,
        MEETINGS.c.held_on >= _LATE,
    )
    .limit(db.ONE)
    .offset(literal_column(str(BALANCE_OF - 1)))
    .correlate(_LED)
    .exists()
)
_AT_RISK = (  # whose weeks may be uncovered; where both stay and nobody is away, none is
    select(_LED.c.id)
    .where(
        or_(
            _LED.c.sitting < PLACES * STAYS,
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
_ONE_ALONE_MET: list[Any] = [
    literal_column(str(PLACES + PLACES * FOR_LONG + met * LATELY)) for met in range(PLACES)
]
_UNEVEN = and_(  # the two have sat all that time, and all the meetings were the other's
    _LED.c.matched_on <= _LATE,
    (_LED.c.sitting % literal_column(str(STAYS))).in_(_ONE_ALONE_MET),
    _OFTEN,
)
AGREED, FOLLOWED_UP, TRANSFERS, ALONE, UNEVEN = 1, 2, 4, 8, 16  # what "number" is made of
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
        (ALONE, _LED.c.sitting % literal_column(str(MOST)) < PLACES),
        (UNEVEN, _UNEVEN),
    )
)
_LIFE = strand.of(  # `word` holds the two last days: a strand has room for no more
    "life",
    on=_LED.c.matched_on,
    until=_LED.c.release_on,
    person=_LED.c.leader_id,
    number=_FLAGS + _LED.c.no_shows * MANY,
    word=_day(_LED.c.met_on) + "/" + _day(_LED.c.reached_on),
    other=_LED.c.id,
).select_from(_LED)
_SCORES = strand.of("scores", number=SEATS.c.scores, other=SEATS.c.mentorship_id).where(
    SEATS.c.mentorship_id.in_(LED), SAID_SOMETHING, SEATS.c.scored_at >= bindparam("fresh")
)
STRANDS = (
    _LIFE,
    *handovers.rotas(select(_AT_RISK.c.id)),
    wishes.OPEN,
    pauses.running_among(LED),
    pauses.resumed_among(LED),
    closures.waiting_among(LED),
    alerts.open_among(LED),
    grants.waiting_among(LED),
    _SCORES,
)


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
        "half_year": months_before(day, FOLLOW_UP),
        "fresh": clock.midnight(day - levels.FRESH),
    }


def read(found: Iterable[Any]) -> tuple[list[Facts], bool]:
    """The facts of every mentorship that runs in some branches, from the rows of `STRANDS`; and
    whether a mentor who sits in none of them has a wish.
    """
    lives: list[Any] = []
    of: defaultdict[UUID | None, list[Strand]] = defaultdict(list)
    for row in found:
        if row[0] == "life":
            lives.append(row)
        else:
            strand = Strand._make(row)
            of[strand.other].append(strand)
    # A wish may be about a mentorship that has ended: it has no life here.
    return [_facts(life, of) for life in lives], any(s.what == "wish" for s in of[None])


def _facts(life: Any, of: Mapping[UUID | None, Sequence[Strand]]) -> Facts:
    _, matched_on, release_on, leader, number, _, word, mentorship, _ = life
    no_shows, flags = divmod(number, MANY)
    met_on, _, reached_on = word.partition("/")
    return Facts._make(
        (
            mentorship,
            leader,
            matched_on,
            release_on,
            date.fromisoformat(met_on) if met_on else None,
            date.fromisoformat(reached_on) if reached_on else None,
            no_shows,
            *_TOLD[flags],
            of.get(mentorship, ()),
        )
    )
