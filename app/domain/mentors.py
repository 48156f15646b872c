"""Mentors from enquiry to leaving, and what a leader should know of each.

Where a mentor is, is a row with who and when. A mentor who was there before the pipeline counts as
active. `standing` answers for many at once; matches and the leader's list read it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Index, bindparam, func, literal, or_, select, union_all, update
from sqlmodel import Field

from app import clock, db
from app.domain import (
    calls,
    departures,
    devices,
    gatherings,
    mentorships,
    news,
    notices,
    people,
    profiles,
    requirements,
    roles,
    rules,
    sign_ins,
    strand,
    trail,
)
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.people import HELD, LEADER, MENTOR, PEOPLE, Person, first_name_of, held_today
from app.domain.profiles import NOTHING, Written
from app.domain.requirements import BASIC, CHILD, CLEARANCE, METHOD
from app.domain.rules import MEETING_WEEKS, MENTOR_AGE, SUPERVISIONS
from app.domain.strand import Strand
from app.language import mark
from app.vault import ring

ENQUIRY, CONVERSATION, CLEARING, COURSE = "enquiry", "conversation", "clearing", "course"
ACTIVE, PAUSE, LEFT = "active", "pause", "left"
STAGES = {
    ENQUIRY: mark("Henvendelse"),
    CONVERSATION: mark("Samtale"),
    CLEARING: mark("Sikkerhedsgodkendelse"),
    COURSE: mark("Grundkursus"),
    ACTIVE: mark("Aktiv"),
    PAUSE: mark("Pause"),
    LEFT: mark("Stoppet"),
}
NEXT = {  # what may follow; leaving is a verb of its own
    ENQUIRY: (CONVERSATION,),
    CONVERSATION: (CLEARING,),
    CLEARING: (COURSE,),
    COURSE: (ACTIVE,),
    ACTIVE: (PAUSE,),
    PAUSE: (ACTIVE,),
    LEFT: (),
}
RUNS_OUT_SOON = timedelta(weeks=8)
WAITS = timedelta(days=60)  # without a participant (product.md section 5)
# Why a leader should look, the most urgent first.
UNCLEARED, EXPIRES, UNCALLED, WAITING = "uncleared", "expires", "uncalled", "waiting"
UNMET, UNSUPERVISED = "unmet", "unsupervised"
UNREACHABLE = "phone"  # without a Red Cross phone, the only number a participant may have
ORDER = (UNCLEARED, EXPIRES, UNCALLED, WAITING, UNMET, UNSUPERVISED)


class Refused(Exception):
    """`why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Stage(db.Row, table=True):
    """From then on the mentor is there."""

    __tablename__ = "mentor_stage"
    __table_args__ = (Index(None, "person_id", "at"),)
    person_id: UUID = Field(foreign_key="person.id")
    stage: str  # one of STAGES
    at: datetime
    by: UUID = Field(foreign_key="person.id")


class Newcomer(NamedTuple):
    """Who has asked to become a mentor."""

    first_name: str
    surname: str
    email: str
    phone: str | None  # the Red Cross one


class Waiting(NamedTuple):
    """A mentor without a participant, whom to tell, and the day from which it is too long."""

    id: UUID
    branch_id: UUID
    leader_id: UUID
    on: date


class Standing(NamedTuple):
    """One mentor as a leader needs to know."""

    id: UUID
    branch_id: UUID | None
    first_name: str
    phone: bool  # whether there is a Red Cross one
    stage: str
    since: date | None  # of the stage; None for who was here before the pipeline
    met: dict[str, tuple[date, date | None]]  # by kind of requirement
    profile: Written
    mentorship_id: UUID | None  # the one that runs
    begun_on: date | None  # when the seat in it began
    from_on: date | None  # since when a mentor; None on the way in
    free_since: date | None  # since when an active mentor has none
    met_on: date | None  # the last mentor meeting
    supervisions: int  # in twelve months
    called_on: date | None
    rules: dict[str, int]  # as the consultant has set them

    def has(self, kind: str, day: date) -> bool:
        met = self.met.get(kind)
        return met is not None and met[0] <= day and (met[1] is None or day <= met[1])

    def of_age(self, day: date) -> bool | None:
        """Old enough; None where the day of birth is not known."""
        age = self.profile.age(day)
        return None if age is None else age >= self.rules[MENTOR_AGE]

    def blocks(self, day: date) -> list[str]:
        """Why this mentor cannot be matched: words for the page."""
        found = []
        if self.stage != ACTIVE:
            found.append("stage")
        if not self.has(CLEARANCE, day):
            found.append(UNCLEARED)
        if self.of_age(day) is not True:
            found.append("age")
        if not self.has(BASIC, day):
            found.append("basic")
        if self.mentorship_id:
            found.append("taken")
        return found

    def warnings(self, day: date) -> list[str]:
        """What a leader should know before matching."""
        found = [
            word for word, kind in (("method", METHOD), ("child", CHILD)) if not self.has(kind, day)
        ]
        return found if self.phone else [UNREACHABLE, *found]

    def reasons(self, day: date) -> list[tuple[str, int | None]]:
        """Why to look at this mentor, with a number of days where there is one."""
        if self.stage != ACTIVE:
            return []
        found: list[tuple[str, int | None]] = []
        until = self.met.get(CLEARANCE, (day, None))[1]
        if not self.has(CLEARANCE, day):
            found.append((UNCLEARED, None))
        elif until and until - day <= RUNS_OUT_SOON:
            found.append((EXPIRES, (until - day).days))
        if self.mentorship_id and self.begun_on and day - self.begun_on <= calls.FOR:
            last = max(self.begun_on, self.called_on or self.begun_on)
            if day - last >= calls.EVERY:
                found.append((UNCALLED, (day - last).days))
        if self.free_since and day - self.free_since >= WAITS:
            found.append((WAITING, (day - self.free_since).days))
        here = self.since or self.begun_on or self.from_on
        weeks = self.rules[MEETING_WEEKS]
        if here and day - max(here, self.met_on or here) > timedelta(weeks=weeks):
            found.append((UNMET, weeks))
        if here and day - here > gatherings.A_YEAR and self.supervisions < self.rules[SUPERVISIONS]:
            found.append((UNSUPERVISED, self.supervisions))
        return found


STAGE_ROWS = db.columns(Stage)
LATER = STAGE_ROWS.alias("later")
_IS_MENTOR = select(HELD.c.person_id).where(HELD.c.role == MENTOR, held_today)
_PIPED = select(STAGE_ROWS.c.person_id)
_LENT = _IS_MENTOR.where(HELD.c.branch_id.in_(bindparam("branches", expanding=True)))
_FROM = (  # a mentor from that day; a loan to another branch does not begin it anew
    select(func.min(HELD.c.from_on))
    .where(HELD.c.person_id == PEOPLE.c.id, HELD.c.role == MENTOR, held_today)
    .correlate(PEOPLE)
    .scalar_subquery()
)
_WHO = (
    PEOPLE.c.id,
    PEOPLE.c.branch_id,
    PEOPLE.c.first_name_ct,
    PEOPLE.c.phone_ct.is_not(None).label("phone"),
    _FROM.label("from_on"),
)
_IN = (
    select(*_WHO)
    .where(
        or_(
            PEOPLE.c.branch_id.in_(bindparam("branches", expanding=True)),
            PEOPLE.c.id.in_(_LENT),  # by another branch, for a while
        ),
        PEOPLE.c.left_at.is_(None),
        or_(PEOPLE.c.id.in_(_IS_MENTOR), PEOPLE.c.id.in_(_PIPED)),
    )
    .order_by(PEOPLE.c.id)
)
_THESE = select(*_WHO).where(
    PEOPLE.c.id.in_(bindparam("people", expanding=True)),
    PEOPLE.c.left_at.is_(None),
    or_(PEOPLE.c.id.in_(_IS_MENTOR), PEOPLE.c.id.in_(_PIPED)),
)
_PEOPLE: Any = bindparam("people", expanding=True)
_STAGED = select(
    STAGE_ROWS,
    func.row_number()
    .over(
        partition_by=STAGE_ROWS.c.person_id,
        order_by=(STAGE_ROWS.c.at.desc(), STAGE_ROWS.c.id.desc()),
    )
    .label("newest"),
).subquery()
_STAGES_OF = select(_STAGED.c.person_id, _STAGED.c.stage, _STAGED.c.at).where(
    _STAGED.c.newest == literal(1), _STAGED.c.person_id.in_(_PEOPLE)
)
_KNOWN = union_all(
    requirements.among(_PEOPLE),
    gatherings.among(_PEOPLE),
    calls.among(_PEOPLE),
    strand.of(
        "seat",
        on=SEATS.c.from_on,
        until=func.coalesce(SEATS.c.to_on, MENTORSHIPS.c.ended_on),
        person=SEATS.c.person_id,
        ref=SEATS.c.mentorship_id,
    )
    .select_from(SEATS.join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id))
    .where(SEATS.c.person_id.in_(_PEOPLE)),
)
_END: Any = func.coalesce(SEATS.c.to_on, MENTORSHIPS.c.ended_on)
_SEATS_OF = SEATS.join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
_NEWEST_STAGE = (
    select(_STAGED.c.person_id, _STAGED.c.stage, _STAGED.c.at)
    .where(_STAGED.c.newest == literal(1))
    .subquery()
)
_FREE = (  # who sits in no pair, with all that says since when
    select(
        PEOPLE.c.id,
        PEOPLE.c.branch_id,
        _FROM.label("from_on"),
        select(func.max(_END))
        .select_from(_SEATS_OF)
        .where(SEATS.c.person_id == PEOPLE.c.id)
        .correlate(PEOPLE)
        .scalar_subquery()
        .label("sat_until"),
        _NEWEST_STAGE.c.at.label("active_at"),
    )
    .outerjoin(_NEWEST_STAGE, _NEWEST_STAGE.c.person_id == PEOPLE.c.id)
    .where(
        PEOPLE.c.left_at.is_(None),
        PEOPLE.c.id.in_(_IS_MENTOR),
        or_(_NEWEST_STAGE.c.stage.is_(None), _NEWEST_STAGE.c.stage == ACTIVE),
        ~select(SEATS.c.id)
        .select_from(_SEATS_OF)
        .where(SEATS.c.person_id == PEOPLE.c.id, or_(_END.is_(None), bindparam("day") <= _END))
        .correlate(PEOPLE)
        .exists(),
    )
)
_LEADERS = select(HELD.c.branch_id, HELD.c.person_id).where(HELD.c.role == LEADER, held_today)
_HISTORY = (
    select(STAGE_ROWS.c.stage, STAGE_ROWS.c.at, STAGE_ROWS.c.by)
    .where(STAGE_ROWS.c.person_id == bindparam("person"))
    .order_by(STAGE_ROWS.c.at.desc(), STAGE_ROWS.c.id.desc())
)
_HOLDS = select(HELD.c.id).where(
    HELD.c.person_id == bindparam("person"), HELD.c.role == MENTOR, held_today
)
_LENT_OUT = select(HELD.c.branch_id, HELD.c.to_on).where(
    HELD.c.person_id == bindparam("person"),
    HELD.c.role == MENTOR,
    HELD.c.branch_id != bindparam("home"),
    held_today,
)
_LENT_TO = select(HELD.c.id).where(
    HELD.c.person_id == bindparam("person"),
    HELD.c.role == MENTOR,
    HELD.c.branch_id == bindparam("branch"),
    held_today,
)
_END_ROLES = (
    update(HELD)
    .where(
        HELD.c.person_id == bindparam("person"),
        or_(HELD.c.to_on.is_(None), HELD.c.to_on >= bindparam("day")),
    )
    .values(to_on=bindparam("last"))
)
_LEFT = update(PEOPLE).where(PEOPLE.c.id == bindparam("person")).values(left_at=bindparam("now"))
SEATED = (
    select(SEATS.c.mentorship_id, MENTORSHIPS.c.participant_id, MENTORSHIPS.c.leader_id)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(SEATS.c.person_id == bindparam("person"), mentorships.sits(SEATS, bindparam("day")))
)


def waiting(day: date) -> list[Waiting]:
    """Every active mentor without a participant, with each leader of the branch who may help."""
    leaders = defaultdict(list)
    for row in db.rows(_LEADERS, day=day):
        leaders[row.branch_id].append(row.person_id)
    return [
        Waiting(row.id, row.branch_id, leader, _free_since(row) + WAITS)
        for row in db.rows(_FREE, day=day)
        for leader in leaders[row.branch_id]
        if leader != row.id
    ]


def _free_since(row: Any) -> date:
    active = row.active_at and clock.in_denmark(row.active_at).date()
    return _since(row.from_on, row.sat_until, active)


def _since(from_on: date, sat_until: date | None, active: date | None) -> date:
    """The first day without anybody, as a mentor who could have had somebody."""
    ended = sat_until and sat_until + timedelta(days=1)
    return max(on for on in (from_on, ended, active) if on)


def of(branches: Iterable[UUID], day: date) -> list[Standing]:
    """Every mentor of these branches, also those on their way in."""
    return _standing(db.rows(_IN, branches=list(branches), day=day), day)


def standing(those: Iterable[UUID], day: date) -> dict[UUID, Standing]:
    """These people, those of them who are mentors."""
    found = _standing(db.rows(_THESE, people=list(those), day=day), day)
    return {one.id: one for one in found}


def history(person_id: UUID) -> list[Any]:
    """The stages as rows, newest first: stage, at, by."""
    return db.rows(_HISTORY, person=person_id)


def enquire(
    client_id: UUID, branch: UUID, who: Newcomer, lookup: bytes, pen: trail.Pen, by: UUID
) -> None:
    """Somebody asks to become a mentor: known, but without a way in. Sent again, it is the same."""
    email = people.email_mark(who.email, lookup)
    known = people.with_mark(email)
    if known:
        if known == client_id:
            return
        raise Refused("known")
    ring().add_many([client_id])  # a second tap finds the key there
    row = Person(id=client_id, branch_id=branch, email_mark=email)
    row.first_name, row.surname = who.first_name, who.surname
    row.email, row.phone = who.email, who.phone
    db.session().add(row)
    db.session().flush()
    _put(client_id, ENQUIRY, by)
    pen.write(trail.LOGGED, "mentor", client_id)


def move(one: Standing, stage: str, pen: trail.Pen, by: UUID) -> None:
    """On to the next stage. Active only with all that a match asks for."""
    if stage not in NEXT[one.stage]:
        raise Refused("meanwhile")
    if stage == ACTIVE and one.id == by:
        raise Refused("own")
    day = clock.today()
    if stage == ACTIVE and one.stage == COURSE:
        missing = [b for b in one.blocks(day) if b not in ("stage", "taken")]
        if missing:
            raise Refused(missing[0])
        if not db.first(_HOLDS, person=one.id, day=day):
            roles.give(one.id, MENTOR, one.branch_id, (day, None), pen)
    _put(one.id, stage, by)
    pen.write(trail.EDITED, "mentor", one.id)


def lend(one: Standing, branch: UUID, to_on: date, pen: trail.Pen) -> None:
    """Another branch can match the mentor until that day; a match that is made then goes on."""
    if one.stage != ACTIVE or one.mentorship_id:
        raise Refused("taken" if one.mentorship_id else "stage")
    day = clock.today()
    if db.first(_LENT_TO, person=one.id, branch=branch, day=day):
        return
    roles.give(one.id, MENTOR, branch, (day, to_on), pen)
    pen.write(trail.LENT, "mentor", one.id)


def lent(one: Standing, day: date) -> list[Any]:
    """The branches that the mentor is lent to, as rows: branch_id, to_on."""
    return db.rows(_LENT_OUT, person=one.id, home=one.branch_id, day=day)


def leave(one: Standing, pen: trail.Pen, by: UUID) -> list[UUID]:
    """The mentor stops: access, devices and seats end this minute. The pairs that are one short."""
    if one.id == by:
        raise Refused("own")
    day, now = clock.today(), clock.now()
    if people.is_more_than_mentor(one.id, day):  # no leader ends a colleague's
        raise Refused("roles")
    seats = db.rows(SEATED, person=one.id, day=day)
    for seat in seats:
        departures.leave(seat.mentorship_id, seat.participant_id, one.id, pen)
    db.change(_END_ROLES, person=one.id, day=day, last=day - timedelta(days=1))
    db.change(_LEFT, person=one.id, now=now)
    sign_ins.end_all(one.id)
    devices.forget_all(one.id)
    _put(one.id, LEFT, by)
    notices.at_once(one.id, news.FAREWELL, one.id, None, now)
    pen.write(trail.LEFT, "person", one.id)
    return [seat.mentorship_id for seat in seats]


def call_together(branch: UUID, gathering: UUID, by: UUID) -> None:
    """The branch's mentors are told of a meeting to come, also who has no participant."""
    for one in of([branch], clock.today()):
        if one.stage in (ACTIVE, PAUSE) and one.id != by:
            notices.at_once(one.id, news.GATHERING, gathering, None, clock.now())


def _put(person_id: UUID, stage: str, by: UUID) -> None:
    row = Stage(id=uuid4(), person_id=person_id, stage=stage, at=clock.now(), by=by)
    db.session().add(row)
    db.session().flush()


def _standing(found: list[Any], day: date) -> list[Standing]:
    those = [row.id for row in found]
    if not those:
        return []
    ring().take(those)
    written = profiles.of(those)
    stages = {row.person_id: row for row in db.rows(_STAGES_OF, people=those)}
    known: defaultdict[UUID | None, list[Strand]] = defaultdict(list)
    for row in map(Strand._make, db.rows(_KNOWN, people=those, a_year=day - gatherings.A_YEAR)):
        known[row.person].append(row)
    said = rules.values()
    return [_one(row, stages.get(row.id), known[row.id], written, said, day) for row in found]


def _one(
    row: Any,
    staged: Any,
    known: list[Strand],
    written: dict[UUID, Written],
    said: dict[str, int],
    day: date,
) -> Standing:
    stage = staged.stage if staged else ACTIVE
    since = clock.in_denmark(staged.at).date() if staged else None
    seats = [s for s in known if s.what == "seat" and s.on and s.on <= day]
    running = next((s for s in seats if not s.until or s.until >= day), None)
    ended = max((s.until for s in seats if s.until and s.until < day), default=None)
    came = {s.word: s for s in known if s.what == "came"}
    free = row.from_on and not running and stage == ACTIVE
    return Standing(
        id=row.id,
        branch_id=row.branch_id,
        first_name=first_name_of(row.id, row.first_name_ct),
        phone=row.phone,
        stage=stage,
        since=since,
        met={str(s.word): (s.on, s.until) for s in known if s.what == "met" and s.on},
        profile=written.get(row.id, NOTHING),
        mentorship_id=running.ref if running else None,
        begun_on=running.on if running else None,
        from_on=row.from_on,
        free_since=_since(row.from_on, ended, since) if free else None,
        met_on=came[gatherings.MEETING].on if gatherings.MEETING in came else None,
        supervisions=(came[gatherings.SUPERVISION].number or 0)
        if gatherings.SUPERVISION in came
        else 0,
        called_on=next((s.on for s in known if s.what == "called"), None),
        rules=said,
    )
