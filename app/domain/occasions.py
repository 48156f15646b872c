"""What there may be reason to remind of: the facts of every running mentorship."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select, union_all

from app import clock, db
from app.clock import Week
from app.domain import (
    agreements,
    closures,
    grants,
    handovers,
    levels,
    mentorships,
    pauses,
    people,
    plans,
    referrals,
    requirements,
    rota,
    rules,
    wishes,
)
from app.domain.agreements import AGREEMENTS
from app.domain.closures import APPROVED
from app.domain.contacts import ATTEMPT, CONTACTS
from app.domain.evaluations import EVALUATIONS
from app.domain.handovers import (
    ACCEPTED,
    ANSWERS,
    DECLINED,
    HANDOVERS,
    LEADER,
    WEEKS,
    Place,
)
from app.domain.leading import Today
from app.domain.meetings import HELD, MEETINGS
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.news import CLEARANCE, EXPENSE, REFERRAL, WISH
from app.domain.people import HELD as HELD_ROLES
from app.domain.people import PEOPLE
from app.domain.plans import PLANS
from app.domain.requirements import NEWEST, REQUIREMENTS
from app.domain.rota import Rota
from app.domain.strand import Strand

LOOKS_BACK = timedelta(days=7)  # how long ago something may have happened and still be told of
THE_NEXT_DAY = timedelta(days=1)
WEEKS_BEFORE = (8, 4, 2)  # before a clearance runs out


class Meant(NamedTuple):
    """A planned meeting."""

    id: UUID
    on: date
    at: time | None
    comers: tuple[UUID, ...]


class Unscored(NamedTuple):
    """Somebody was there and has not given both scores."""

    meeting_id: UUID
    person_id: UUID
    logged_by: UUID
    logged_at: datetime


class Asking(NamedTuple):
    """A request with weeks that wait for an answer."""

    id: UUID
    to_id: UUID
    asked_at: datetime
    deadline: date  # of the first open week: the first day on which it is too late


class Event(NamedTuple):
    """Something that happened, to tell one person of."""

    about_id: UUID
    person_id: UUID
    at: datetime


class Decision(NamedTuple):
    """A closure that was approved or sent back, told to one of the pair, or to the leader who
    proposed it.
    """

    closure_id: UUID
    mentorship_id: UUID
    person_id: UUID
    approved: bool
    at: datetime


class Wait(NamedTuple):
    """What waits for a leader beside the mentorships, and the day on which it is told of."""

    reminder: str
    about_id: UUID
    person_id: UUID
    on: date
    branch_id: UUID | None = None  # whose hours it follows


class Occasion(NamedTuple):
    """One mentorship with all that reminders are read from."""

    id: UUID
    branch_id: UUID
    leaders: tuple[UUID, ...]  # who is told today, none of them of the pair
    matched_on: date
    release_on: date
    ended_on: date | None
    seats: tuple[Place, ...]
    rota: Rota
    plans: tuple[Meant, ...] = ()
    logged: frozenset[date] = frozenset()  # days with a log of any outcome
    last_on: date | None = None  # the last meeting held or contact made
    unscored: tuple[Unscored, ...] = ()
    asked: tuple[Asking, ...] = ()
    answered: tuple[Event, ...] = ()  # told to who asked
    given: tuple[Event, ...] = ()  # by a leader, told to who got it, until it is read
    pause_asks_on: date | None = None
    paused: bool = False
    agreed: bool = True  # the agreement is ready for the first visit
    resumed_on: date | None = None  # when the last pause ended
    ending: tuple[Event, ...] = ()  # a closure that waits for the leader
    low: tuple[Event, ...] = ()  # a mentor's wellbeing, told to the leader
    silent_days: int = rules.DEFAULTS[rules.SILENT_DAYS]  # as the consultant has set them
    end_months: int = rules.DEFAULTS[rules.PLANNED_END]

    def pair(self, day: date) -> set[UUID]:
        return plans.seated(self.seats, day)


_DAY: Any = bindparam("day")
_RUNS = or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on > _DAY)
_RUNNING = select(MENTORSHIPS.c.id).where(_RUNS).scalar_subquery()
_ALL = select(
    MENTORSHIPS.c.id,
    MENTORSHIPS.c.branch_id,
    MENTORSHIPS.c.leader_id,
    MENTORSHIPS.c.matched_on,
    MENTORSHIPS.c.release_on,
    MENTORSHIPS.c.ended_on,
).where(_RUNS)
_SEATS = select(
    SEATS.c.mentorship_id, SEATS.c.person_id, SEATS.c.place, SEATS.c.from_on, SEATS.c.to_on
).where(SEATS.c.mentorship_id.in_(_RUNNING))
_ROTAS = union_all(*handovers.strands(lambda column: column.in_(_RUNNING)))
_PLANS = select(
    PLANS.c.mentorship_id, PLANS.c.id, PLANS.c.on, PLANS.c.at, PLANS.c.comes_id, PLANS.c.also_id
).where(PLANS.c.on.between(bindparam("lately"), _DAY), PLANS.c.cancelled_at.is_(None))
_LOGGED = select(MEETINGS.c.mentorship_id, MEETINGS.c.held_on).where(
    MEETINGS.c.held_on >= bindparam("lately")
)
_LAST_MET = (
    select(MEETINGS.c.mentorship_id, func.max(MEETINGS.c.held_on))
    .where(MEETINGS.c.outcome == HELD, MEETINGS.c.mentorship_id.in_(_RUNNING))
    .group_by(MEETINGS.c.mentorship_id)
)
_LAST_REACHED = (
    select(CONTACTS.c.mentorship_id, func.max(CONTACTS.c.on))
    .where(CONTACTS.c.kind != ATTEMPT, CONTACTS.c.mentorship_id.in_(_RUNNING))
    .group_by(CONTACTS.c.mentorship_id)
)
_HELD = select(
    MEETINGS.c.id,
    MEETINGS.c.mentorship_id,
    MEETINGS.c.logged_by,
    MEETINGS.c.with_mentor,
    MEETINGS.c.logged_at,
).where(MEETINGS.c.outcome == HELD, MEETINGS.c.logged_at >= bindparam("since_instant"))
_SCORED = (
    select(EVALUATIONS.c.meeting_id, EVALUATIONS.c.author_id)
    .join(MEETINGS, MEETINGS.c.id == EVALUATIONS.c.meeting_id)
    .where(
        MEETINGS.c.logged_at >= bindparam("since_instant"),
        EVALUATIONS.c.relation.is_not(None),
        EVALUATIONS.c.wellbeing.is_not(None),
    )
)
_OPEN = (
    select(
        HANDOVERS.c.id,
        HANDOVERS.c.mentorship_id,
        HANDOVERS.c.to_id,
        HANDOVERS.c.asked_at,
        func.min(WEEKS.c.deadline).label("deadline"),
    )
    .select_from(
        WEEKS.join(HANDOVERS, HANDOVERS.c.id == WEEKS.c.handover_id).outerjoin(
            ANSWERS, ANSWERS.c.week_id == WEEKS.c.id
        )
    )
    .where(ANSWERS.c.id.is_(None), WEEKS.c.deadline > _DAY)
    .group_by(HANDOVERS.c.id, HANDOVERS.c.mentorship_id, HANDOVERS.c.to_id, HANDOVERS.c.asked_at)
)
_ANSWERED = (
    select(HANDOVERS.c.id, HANDOVERS.c.mentorship_id, HANDOVERS.c.asked_by, ANSWERS.c.at)
    .select_from(
        ANSWERS.join(WEEKS, WEEKS.c.id == ANSWERS.c.week_id).join(
            HANDOVERS, HANDOVERS.c.id == WEEKS.c.handover_id
        )
    )
    .where(
        ANSWERS.c.at >= bindparam("since_instant"),
        ANSWERS.c.outcome.in_((ACCEPTED, DECLINED)),
        HANDOVERS.c.kind != LEADER,
    )
    .order_by(ANSWERS.c.at)
)
_GIVEN = select(
    HANDOVERS.c.id, HANDOVERS.c.mentorship_id, HANDOVERS.c.to_id, HANDOVERS.c.asked_at
).where(
    HANDOVERS.c.kind == LEADER,
    HANDOVERS.c.asked_at >= bindparam("since_instant"),
    HANDOVERS.c.read_at.is_(None),
)
_DECIDED = closures.DECIDED.add_columns(SEATS.c.person_id, SEATS.c.from_on, SEATS.c.to_on).join(
    SEATS, SEATS.c.mentorship_id == closures.CLOSURES.c.mentorship_id
)
_RUNS_OUT = (
    select(
        REQUIREMENTS.c.person_id,
        REQUIREMENTS.c.until_on,
        HELD_ROLES.c.person_id.label("leader_id"),
        PEOPLE.c.branch_id,
    )
    .join(PEOPLE, PEOPLE.c.id == REQUIREMENTS.c.person_id)
    .join(HELD_ROLES, HELD_ROLES.c.branch_id == PEOPLE.c.branch_id)
    .where(
        REQUIREMENTS.c.kind == requirements.CLEARANCE,
        REQUIREMENTS.c.until_on.between(_DAY, bindparam("soon")),
        PEOPLE.c.left_at.is_(None),
        HELD_ROLES.c.role == people.LEADER,
        HELD_ROLES.c.person_id != REQUIREMENTS.c.person_id,
        people.held_today,
        NEWEST,
    )
)
_LED = (MENTORSHIPS.c.id.label("mentorship_id"), MENTORSHIPS.c.branch_id, MENTORSHIPS.c.leader_id)
_WISHED = wishes.WAITING.add_columns(*_LED).join(  # in a pair: to who leads the mentorship
    MENTORSHIPS, MENTORSHIPS.c.id == wishes.WISHES.c.mentorship_id
)
_WISHED_ALONE = (  # else to the leaders of the mentor's branch
    wishes.WAITING.add_columns(PEOPLE.c.branch_id, HELD_ROLES.c.person_id.label("leader_id"))
    .join(PEOPLE, PEOPLE.c.id == wishes.WISHES.c.person_id)
    .join(HELD_ROLES, HELD_ROLES.c.branch_id == PEOPLE.c.branch_id)
    .where(
        wishes.WISHES.c.mentorship_id.is_(None),
        HELD_ROLES.c.role == people.LEADER,
        HELD_ROLES.c.person_id != wishes.WISHES.c.person_id,
        people.held_today,
    )
)
_EXPENSES = grants.WAITING.add_columns(*_LED)
_LOW = (
    select(EVALUATIONS.c.id, MEETINGS.c.mentorship_id, EVALUATIONS.c.author_id, EVALUATIONS.c.at)
    .join(MEETINGS, MEETINGS.c.id == EVALUATIONS.c.meeting_id)
    .where(EVALUATIONS.c.at >= bindparam("since_instant"), levels.low(EVALUATIONS))
)
_AGREED = agreements.READY_ONES.where(
    AGREEMENTS.c.version == agreements.START, AGREEMENTS.c.mentorship_id.in_(_RUNNING)
)


def gather(now: datetime) -> list[Occasion]:
    """Every running mentorship as it stands at that instant. Names and texts stay sealed."""
    day = clock.in_denmark(now).date()
    since = now - LOOKS_BACK
    times = {"day": day, "lately": day - LOOKS_BACK, "since_instant": since}
    seats, strands = _by(_SEATS, day=day), _strands(day)
    met, reached = dict(db.rows(_LAST_MET, day=day)), dict(db.rows(_LAST_REACHED, day=day))
    planned, logged = _by(_PLANS, day=day, lately=times["lately"]), _logged(day)
    unscored, asked = _unscored(since), _by_noun(_OPEN, day=day)
    answered, given = (
        _by_noun(_ANSWERED, since_instant=since),
        _by_noun(_GIVEN, since_instant=since),
    )
    low, ending = _by_noun(_LOW, since_instant=since), _by_noun(closures.WAITING)
    paused = {p.other: p.until for p in map(Strand._make, db.rows(pauses.ALL_RUNNING))}
    resumed = dict(db.rows(pauses.LAST_ENDED))
    agreed = {row.mentorship_id for row in db.rows(_AGREED, day=day)}
    said, found, today = rules.values(), [], Today(day)
    for row in db.rows(_ALL, day=day):
        places = tuple(Place(*seat[1:]) for seat in seats[row.id])
        sat = {place.person_id for place in places}
        leaders = today.of(row.branch_id, row.leader_id, sat).told
        found.append(
            Occasion(
                id=row.id,
                branch_id=row.branch_id,
                leaders=leaders,
                matched_on=row.matched_on,
                release_on=row.release_on,
                ended_on=row.ended_on,
                seats=places,
                rota=rota.woven(strands[row.id], places, Week.of(row.matched_on)),
                plans=tuple(_meant(plan) for plan in planned[row.id]),
                logged=logged[row.id],
                last_on=max(filter(None, (met.get(row.id), reached.get(row.id))), default=None),
                unscored=tuple(unscored[row.id]),
                asked=tuple(Asking(a.id, a.to_id, a.asked_at, a.deadline) for a in asked[row.id]),
                answered=tuple(_once_a_day(answered[row.id])),
                given=tuple(Event(g.id, g.to_id, g.asked_at) for g in given[row.id]),
                pause_asks_on=paused.get(row.id),
                paused=row.id in paused,
                agreed=row.id in agreed,
                resumed_on=resumed.get(row.id),
                ending=tuple(_endings(ending[row.id], row, today, sat)),
                low=tuple(Event(o.id, one, o.at) for o in low[row.id] for one in leaders),
                silent_days=said[rules.SILENT_DAYS],
                end_months=said[rules.PLANNED_END],
            )
        )
    return found


def _endings(found: list[Any], life: Any, today: Today, sat: set[UUID]) -> Iterable[Event]:
    """Told to who can answer: a leader who did not propose it, or else the consultants."""
    for one in found:
        answering = today.reached(life.branch_id, life.leader_id, sat | {one.proposed_by})
        for person in answering.told:
            yield Event(one.id, person, one.at)


def decided(now: datetime) -> list[Decision]:
    """Of the last days; the mentorship may have ended with it, so it is asked apart."""
    found = db.rows(_DECIDED, since_instant=now - LOOKS_BACK)
    told = [
        (row, row.person_id)
        for row in found
        if plans.seated([row], clock.in_denmark(row.at).date())
    ]
    today = clock.in_denmark(now).date()
    for row in {row.id: row for row in found}.values():
        if row.proposed_by in mentorships.led_by(row.mentorship_id, today).ids:
            told.append((row, row.proposed_by))
    return [
        Decision(row.id, row.mentorship_id, person, row.outcome == APPROVED, row.at)
        for row, person in told
    ]


def waits(now: datetime) -> list[Wait]:
    """Referrals that stand still, clearances that run out within eight weeks, and what mentors wish
    and ask for: told of the next day.
    """
    day = clock.in_denmark(now).date()
    today = Today(day)
    found = [
        _wait(REFERRAL, row, leader, referrals.WAITS)
        for row in db.rows(referrals.WAITING, before=now - referrals.WAITS)
        for leader in today.of(row.branch_id, row.leader_id).told
    ]
    for row in db.rows(_RUNS_OUT, day=day, soon=day + timedelta(weeks=max(WEEKS_BEFORE))):
        found += [
            Wait(
                CLEARANCE,
                row.person_id,
                row.leader_id,
                row.until_on - timedelta(weeks=weeks),
                row.branch_id,
            )
            for weeks in WEEKS_BEFORE
        ]
    asked = [(WISH, row) for row in db.rows(_WISHED)]
    asked += [(EXPENSE, row) for row in db.rows(_EXPENSES)]
    sat = mentorships.ever_sat([row.mentorship_id for _, row in asked])
    found += [
        _wait(reminder, row, leader, THE_NEXT_DAY)
        for reminder, row in asked
        for leader in today.of(row.branch_id, row.leader_id, sat[row.mentorship_id]).told
    ]
    found += [
        _wait(WISH, row, row.leader_id, THE_NEXT_DAY) for row in db.rows(_WISHED_ALONE, day=day)
    ]
    return found


def _wait(reminder: str, row: Any, leader: UUID, after: timedelta) -> Wait:
    on = clock.in_denmark(row.at).date() + after
    return Wait(reminder, row.id, leader, on, row.branch_id)


def _by(statement: Any, **values: Any) -> defaultdict[UUID, list[Any]]:
    """Rows by their first column, the mentorship."""
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in db.rows(statement, **values):
        found[row[0]].append(row)
    return found


def _by_noun(statement: Any, **values: Any) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in db.rows(statement, **values):
        found[row.mentorship_id].append(row)
    return found


def _strands(day: date) -> defaultdict[UUID | None, list[Strand]]:
    found: defaultdict[UUID | None, list[Strand]] = defaultdict(list)
    for row in map(Strand._make, db.rows(_ROTAS, day=day, since=Week.of(day).monday)):
        found[row.other].append(row)
    return found


def _logged(day: date) -> defaultdict[UUID, frozenset[date]]:
    found: defaultdict[UUID, frozenset[date]] = defaultdict(frozenset)
    for mentorship, on in db.rows(_LOGGED, lately=day - LOOKS_BACK):
        found[mentorship] |= {on}
    return found


def _unscored(since: datetime) -> defaultdict[UUID, list[Unscored]]:
    scored = {(row.meeting_id, row.author_id) for row in db.rows(_SCORED, since_instant=since)}
    found: defaultdict[UUID, list[Unscored]] = defaultdict(list)
    for row in db.rows(_HELD, since_instant=since):
        for person in _present(row.logged_by, row.with_mentor):
            if (row.id, person) not in scored:
                one = Unscored(row.id, person, row.logged_by, row.logged_at)
                found[row.mentorship_id].append(one)
    return found


def _once_a_day(answers: Iterable[Any]) -> Iterable[Event]:
    """Weeks of one request that are answered on one day are told of together."""
    first: dict[tuple[UUID, date], Event] = {}
    for a in answers:
        key = (a.id, clock.in_denmark(a.at).date())
        first.setdefault(key, Event(a.id, a.asked_by, a.at))
    return first.values()


def _present(*people: UUID | None) -> Iterable[UUID]:
    return (person for person in people if person)


def _meant(row: Any) -> Meant:
    return Meant(row.id, row.on, row.at, tuple(_present(row.comes_id, row.also_id)))
