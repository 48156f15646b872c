"""Why a leader should look at a mentorship now. The one place that says it.

Facts of every running mentorship come in one question, however many there are; the reasons are
read from them by plain rules, the most urgent first. Scores alone never come before anything that
has happened: they stand last. The thresholds are those of the reminders (product.md section 5).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, bindparam, case, cast, func, literal, or_, select, union_all

from app import db
from app.clock import Week
from app.domain import agreements, alerts, closures, follow_ups, handovers, pauses, strand, wishes
from app.domain.agreements import AGREEMENTS
from app.domain.consents import CONSENTS, NEWEST
from app.domain.contacts import ATTEMPT, CONTACTS
from app.domain.evaluations import EVALUATIONS
from app.domain.follow_ups import FOLLOW_UPS
from app.domain.meetings import HELD, MEETINGS, NO_SHOW
from app.domain.mentorships import FOLLOW_UP as FOLLOW_UP_MONTHS
from app.domain.mentorships import MENTORSHIPS, SEATS, months_after
from app.domain.mentorships import PLANNED_END as PLANNED_END_MONTHS
from app.domain.rota import PLACES
from app.domain.strand import Strand

CONCERN, BROKEN = "concern", "broken"
CLOSURE, ALONE, WISH, UNCOVERED = "closure", "alone", "wish", "uncovered"
NEVER_MET, SILENT, NO_SHOWS = "never_met", "silent", "no_shows"
AGREEMENT, OVERDUE, FOLLOW_UP, RELEASE = "agreement", "overdue", "follow_up", "release"
TRANSFER = "transfer"  # no yes to being told of a transfer
CLEARANCE, REFERRAL, DEBRIEF, IDLE = "clearance", "referral", "debrief", "idle"  # see tasks
PARTNER = "partner"
UNEVEN, QUIET, PAUSED, WELLBEING, RELATION = "uneven", "quiet", "paused", "wellbeing", "relation"
ORDER = (  # the most urgent first
    CONCERN,
    BROKEN,
    CLOSURE,
    ALONE,
    WISH,
    UNCOVERED,
    CLEARANCE,
    NEVER_MET,
    SILENT,
    NO_SHOWS,
    REFERRAL,
    AGREEMENT,
    DEBRIEF,
    OVERDUE,
    FOLLOW_UP,
    IDLE,
    PARTNER,
    TRANSFER,
    RELEASE,
    UNEVEN,
    QUIET,
    PAUSED,
    WELLBEING,
    RELATION,
)
SOFT = frozenset({RELEASE, UNEVEN, QUIET, PAUSED, WELLBEING, RELATION})  # good to know

SILENT_DAYS, QUIET_DAYS = 14, 10  # without meeting or contact
WAITS_IN_VAIN = 2  # no-shows since the last meeting that came to something
FIRST_MEETING = timedelta(days=14)  # after the match
FIRST_AGREEMENT = timedelta(days=7)  # after the match, where nobody has met yet
RELEASE_NEAR = timedelta(days=14)
BALANCE = timedelta(weeks=8)
BALANCE_OF = 4  # meetings, before it says anything that one of the two was at none
LOW, FALL, FEWEST = 4, 3, 3  # wellbeing: at most this, or so far below a mean of so many
FRESH = timedelta(days=30)  # how long a score says how it is now
OWN_LEVEL = timedelta(days=120)  # what a score is held against


class Reason(NamedTuple):
    """One of ORDER, with what its sentence names: a number of days or times, a day, a row."""

    code: str
    number: int | None = None
    on: date | None = None
    ref: UUID | None = None


class Facts(NamedTuple):
    """What has happened in one mentorship, without a name."""

    id: UUID
    leader_id: UUID
    matched_on: date
    release_on: date
    met_on: date | None
    reached_on: date | None
    no_shows: int  # since the last meeting that came to something
    agreed: bool  # an agreement that is ready for the first visit
    followed_up: bool  # an agreement, or a note of a meeting, of six months after
    transfer: bool  # a yes to being told of a transfer, or nobody ever asked for consents here
    strands: Sequence[Strand]

    def of(self, what: str) -> list[Strand]:
        return [s for s in self.strands if s.what == what]

    def one(self, what: str) -> Strand | None:
        return next((s for s in self.strands if s.what == what), None)


class Look(NamedTuple):
    """A mentorship and why to look at it; without reasons there is none."""

    id: UUID
    leader_id: UUID
    release_on: date
    reasons: list[Reason]

    @property
    def rank(self) -> tuple[int, int, date]:
        """The most urgent reason first; of two alike, the one that has lasted longest."""
        if not self.reasons:
            return (len(ORDER), 0, self.release_on)
        first = self.reasons[0]
        return (ORDER.index(first.code), -(first.number or 0), self.release_on)


_LED: Any = (
    select(MENTORSHIPS.c.id)
    .where(
        MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)),
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on > bindparam("day")),
        MENTORSHIPS.c.id.not_in(  # one's own pair is read as a mentor, never as its leader
            select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("reader"))
        ),
    )
    .correlate(None)
    .scalar_subquery()
)


def _newest(column: Any, where: Any) -> Any:
    """By the index: the same work however many there are."""
    return (
        select(column)
        .where(where)
        .order_by(column.desc())
        .limit(db.ONE)
        .correlate(MENTORSHIPS)
        .scalar_subquery()
    )


def _ready(version: str) -> Any:
    """Whether that version of the agreement is ready."""
    ready = agreements.READY_ONES.where(
        AGREEMENTS.c.mentorship_id == MENTORSHIPS.c.id, AGREEMENTS.c.version == version
    )
    return ready.correlate(MENTORSHIPS).exists()


def _asked(*how: Any) -> Any:
    """Whether a consent of the participant is like that."""
    about = CONSENTS.c.participant_id == MENTORSHIPS.c.participant_id
    return select(CONSENTS.c.id).where(about, *how).correlate(MENTORSHIPS).exists()


_MET_ON = _newest(
    MEETINGS.c.held_on,
    (MEETINGS.c.mentorship_id == MENTORSHIPS.c.id) & (MEETINGS.c.outcome == HELD),
)
_REACHED_ON = _newest(
    CONTACTS.c.on, (CONTACTS.c.mentorship_id == MENTORSHIPS.c.id) & (CONTACTS.c.kind != ATTEMPT)
)
_NO_SHOWS = (
    select(func.count())
    .where(
        MEETINGS.c.mentorship_id == MENTORSHIPS.c.id,
        MEETINGS.c.outcome == NO_SHOW,
        MEETINGS.c.held_on > func.coalesce(_MET_ON, cast(literal(date.min), Date)),
    )
    .correlate(MENTORSHIPS)
    .scalar_subquery()
)
_FOLLOWED_UP = or_(
    _ready(agreements.SIX_MONTHS),
    select(FOLLOW_UPS.c.id)
    .where(
        FOLLOW_UPS.c.mentorship_id == MENTORSHIPS.c.id,
        FOLLOW_UPS.c.kind == follow_ups.SIX_MONTHS,
    )
    .correlate(MENTORSHIPS)
    .exists(),
)
_TRANSFER = or_(_asked(CONSENTS.c.purpose == TRANSFER, CONSENTS.c.given, NEWEST), ~_asked())
AGREED, FOLLOWED_UP, TRANSFERS = 1, 2, 4  # what the number of a "life" is made of
_LIFE = strand.of(
    "life",
    on=MENTORSHIPS.c.matched_on,
    until=MENTORSHIPS.c.release_on,
    person=MENTORSHIPS.c.leader_id,
    number=case((_ready(agreements.START), AGREED), else_=0)
    + case((_FOLLOWED_UP, FOLLOWED_UP), else_=0)
    + case((_TRANSFER, TRANSFERS), else_=0),
    other=MENTORSHIPS.c.id,
).where(MENTORSHIPS.c.id.in_(_LED))
_LAST = strand.of(
    "last", on=_MET_ON, until=_REACHED_ON, number=_NO_SHOWS, other=MENTORSHIPS.c.id
).where(MENTORSHIPS.c.id.in_(_LED))
_SCORES = (  # each mentor's answers, the newest numbered 1, beside what came before them
    select(
        MEETINGS.c.mentorship_id,
        EVALUATIONS.c.author_id,
        MEETINGS.c.held_on,
        EVALUATIONS.c.relation,
        EVALUATIONS.c.wellbeing,
        *(
            f.over(
                partition_by=(MEETINGS.c.mentorship_id, EVALUATIONS.c.author_id),
                order_by=(MEETINGS.c.held_on.desc(), EVALUATIONS.c.at.desc()),
                rows=rows,
            ).label(name)
            for name, f, rows in (
                ("newest", func.row_number(), None),
                ("mean", func.avg(EVALUATIONS.c.wellbeing), (1, None)),
                ("several", func.count(EVALUATIONS.c.wellbeing), (1, None)),
                ("before", func.max(EVALUATIONS.c.relation), (1, 1)),
                ("first", func.max(EVALUATIONS.c.relation), (2, 2)),
            )
        ),
    )
    .join(MEETINGS, MEETINGS.c.id == EVALUATIONS.c.meeting_id)
    .where(
        MEETINGS.c.mentorship_id.in_(_LED),
        MEETINGS.c.held_on >= bindparam("own_level"),
    )
    .subquery()
)
IS_LOW, FALLS = 1, 2  # what the number of "scores" is made of
_LOW = case(
    (
        or_(
            _SCORES.c.wellbeing <= LOW,
            (_SCORES.c.several >= FEWEST) & (_SCORES.c.wellbeing <= _SCORES.c.mean - FALL),
        ),
        IS_LOW,
    ),
    else_=0,
)
_FALLS = case(
    (
        (_SCORES.c.relation < _SCORES.c.before) & (_SCORES.c.before < _SCORES.c.first),
        FALLS,
    ),
    else_=0,
)
_FRESH = (_SCORES.c.newest == literal(1)) & (_SCORES.c.held_on >= bindparam("fresh"))
STRANDS = (
    _LIFE,
    _LAST,
    *handovers.rotas(_LED),
    wishes.OPEN,
    pauses.running_among(_LED),
    pauses.resumed_among(_LED),
    closures.waiting_among(_LED),
    alerts.open_among(_LED),
    *(
        strand.of("met", person=who, number=func.count(), other=MEETINGS.c.mentorship_id)
        .where(
            MEETINGS.c.mentorship_id.in_(_LED),
            MEETINGS.c.outcome == HELD,
            MEETINGS.c.held_on >= bindparam("balance"),
            who.is_not(None),
        )
        .group_by(MEETINGS.c.mentorship_id, who)
        for who in (MEETINGS.c.logged_by, MEETINGS.c.with_mentor)
    ),
    strand.of("scores", number=_LOW + _FALLS, other=_SCORES.c.mentorship_id).where(
        _FRESH, literal(0) < _LOW + _FALLS
    ),
)
_ASKED = union_all(*STRANDS)


def gather(branches: frozenset[UUID], reader: UUID, day: date) -> tuple[list[Facts], bool]:
    """The facts of every mentorship that runs in these branches; and whether a mentor who sits in
    none of them has a wish.
    """
    return read(map(Strand._make, db.rows(_ASKED, **asked(branches, reader, day))))


def asked(branches: Iterable[UUID], reader: UUID, day: date) -> dict[str, Any]:
    """What `STRANDS` is asked with."""
    return {
        "branches": list(branches),
        "reader": reader,
        "day": day,
        "since": Week.of(day).monday,
        "own_level": day - OWN_LEVEL,
        "fresh": day - FRESH,
        "balance": day - BALANCE,
    }


def read(found: Iterable[Strand]) -> tuple[list[Facts], bool]:
    """The facts of the rows of `STRANDS`."""
    of: defaultdict[UUID | None, list[Strand]] = defaultdict(list)
    for row in found:
        of[row.other].append(row)
    facts = [_facts(other, strands) for other, strands in of.items() if other]
    return [one for one in facts if one], any(s.what == "wish" for s in of[None])


def _facts(mentorship: UUID, strands: list[Strand]) -> Facts | None:
    """Of one mentorship; a wish may be about one that has ended, which has no life here."""
    life = next((s for s in strands if s.what == "life"), None)
    last = next((s for s in strands if s.what == "last"), None)
    if life is None or last is None or not (life.on and life.until and life.person):
        return None
    flags = life.number or 0
    return Facts(
        mentorship,
        life.person,
        life.on,
        life.until,
        last.on,
        last.until,
        last.number or 0,
        bool(flags & AGREED),
        bool(flags & FOLLOWED_UP),
        bool(flags & TRANSFERS),
        strands,
    )


def look(found: Sequence[Facts], day: date) -> list[Look]:
    """Each mentorship with its reasons, the most urgent first."""
    week = Week.of(day)
    soon = [week.monday, week.plus(1).monday]
    bare = handovers.first_uncovered({one.id: one.strands for one in found}, soon)
    seen = [
        Look(
            one.id,
            one.leader_id,
            one.release_on,
            sorted(_all(one, day, bare.get(one.id)), key=lambda r: ORDER.index(r.code)),
        )
        for one in found
    ]
    return sorted(seen, key=lambda one: one.rank)


def _all(one: Facts, day: date, bare: date | None) -> Iterator[Reason]:
    paused = one.one("pause")
    for alert in {s.word: s for s in one.of("alert")}.values():
        yield Reason(CONCERN if alert.word == alerts.CONCERN else BROKEN, ref=alert.ref)
    if ending := one.one("ending"):
        yield Reason(CLOSURE, ref=ending.ref)
    if len(_sitting(one, day)) < PLACES:
        yield Reason(ALONE)
    if one.one("wish"):
        yield Reason(WISH)
    if bare:
        yield Reason(UNCOVERED, on=bare)
    if paused:
        yield Reason(PAUSED, on=paused.on)
    else:
        yield from _contact(one, day)
    yield from _papers(one, day)
    yield from _balance(one, day)
    yield from _scores(one)


def _sitting(one: Facts, day: date) -> set[UUID | None]:
    return {
        s.person for s in one.of("seat") if s.on and s.on <= day and (not s.until or day <= s.until)
    }


def _contact(one: Facts, day: date) -> Iterator[Reason]:
    """Nobody has met the participant, or been in contact, for too long."""
    resumed = one.one("resumed")
    since = [one.matched_on, one.met_on, one.reached_on, resumed and resumed.on]
    days = (day - max(on for on in since if on)).days
    if one.met_on is None and day - one.matched_on >= FIRST_MEETING:
        yield Reason(NEVER_MET, (day - one.matched_on).days)
    elif days >= SILENT_DAYS:
        yield Reason(SILENT, days)
    elif days >= QUIET_DAYS:
        yield Reason(QUIET, days)
    if one.no_shows >= WAITS_IN_VAIN:
        yield Reason(NO_SHOWS, one.no_shows)


def _papers(one: Facts, day: date) -> Iterator[Reason]:
    """What is to be gone through, by the release date."""
    begun = one.met_on is not None or day - one.matched_on >= FIRST_AGREEMENT
    if not one.agreed and begun and day <= one.release_on:
        yield Reason(AGREEMENT)
    if not one.transfer and day < one.release_on:
        yield Reason(TRANSFER)
    end = months_after(one.release_on, PLANNED_END_MONTHS)
    if day > end:
        yield Reason(OVERDUE, (day - end).days)
    elif day >= months_after(one.release_on, FOLLOW_UP_MONTHS) and not one.followed_up:
        yield Reason(FOLLOW_UP)
    if timedelta() <= one.release_on - day <= RELEASE_NEAR:
        yield Reason(RELEASE, (one.release_on - day).days)


def _balance(one: Facts, day: date) -> Iterator[Reason]:
    """One of the two has been at none of the last weeks' meetings."""
    met: defaultdict[UUID | None, int] = defaultdict(int)
    for s in one.of("met"):
        met[s.person] += s.number or 0
    pair = _sitting(one, day)
    if len(pair) == PLACES and max(met.values(), default=0) >= BALANCE_OF:
        here = [one.matched_on, *(s.on for s in one.of("seat") if s.person in pair and s.on)]
        if max(here) <= day - BALANCE and any(not met[person] for person in pair):
            yield Reason(UNEVEN)


def _scores(one: Facts) -> Iterator[Reason]:
    flags = 0
    for s in one.of("scores"):
        flags |= s.number or 0
    if flags & IS_LOW:
        yield Reason(WELLBEING)
    if flags & FALLS:
        yield Reason(RELATION)
