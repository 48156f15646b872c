"""What waits for a leader beside the running mentorships, in one question.

A referral that stands still, a mentor who waits or whose clearance runs out, an end without
a talk or without the participant's answer.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from app import clock, db
from app.domain import facts, mentors, reasons, referrals, requirements, rules, strand
from app.domain.closures import APPROVED, CLOSURES, STEPS
from app.domain.debriefs import DEBRIEFS
from app.domain.exit_forms import FORMS
from app.domain.facts import Facts
from app.domain.mentors import ACTIVE, RUNS_OUT_SOON, STAGE_ROWS, WAITS
from app.domain.mentorships import MENTORSHIPS, PARTICIPANTS, SEATS, participant_name, sits
from app.domain.partners import PARTNERS
from app.domain.partners import SOON as REVIEW_SOON
from app.domain.people import HELD, MENTOR, PEOPLE, first_name_of, held_today
from app.domain.reasons import (
    CLEARANCE,
    DEBRIEF,
    EXIT_FORM,
    IDLE,
    PARTNER,
    RAN_OUT,
    REFERRAL,
    UNCLEARED,
)
from app.domain.referrals import REFERRALS
from app.domain.requirements import REQUIREMENTS
from app.domain.strand import Strand
from app.vault import ring

OF_MENTORS = frozenset({CLEARANCE, RAN_OUT, UNCLEARED, IDLE})
EXIT_FORM_FOR = timedelta(weeks=8)  # after the end; a participant need not answer
FAR = frozenset({PARTNER})  # far work: partners; all else is near: mentors and mentorships


class Task(NamedTuple):
    """One thing to do. `code` is one of the reasons, `ref` the row that it is about."""

    code: str
    ref: UUID
    person: UUID | None  # whom it is about; of a partner nobody
    cell: bytes | None  # the first name, sealed
    word: str | None  # a partner's name
    owner: UUID | None  # the leader whose it is, where it is somebody's
    on: date | None

    @property
    def first_name(self) -> str:
        """Opened when it is asked for: a page shows a few of them. Of a partner the place's."""
        if self.person is None:
            return self.word or ""
        name = first_name_of if self.code in OF_MENTORS else participant_name
        return name(self.person, self.cell)

    @property
    def rank(self) -> tuple[int, int, date]:
        return (reasons.PLACE[self.code], 0, self.on or date.min)


_BRANCHES: Any = bindparam("branches", expanding=True)
_OURS = (
    select(PEOPLE.c.id)
    .where(PEOPLE.c.branch_id.in_(_BRANCHES), PEOPLE.c.left_at.is_(None))
    .cte("ours")  # the people of these branches
    .prefix_with("MATERIALIZED")
)
_IS_MENTOR = (  # asked last: of the few of whom there is something to say
    select(func.count())
    .where(HELD.c.person_id == _OURS.c.id, HELD.c.role == MENTOR, held_today)
    .correlate(_OURS)
    .scalar_subquery()
    > literal_column("0")  # SQLite would ask an EXISTS first
)
_NAME = (
    select(PEOPLE.c.first_name_ct)
    .where(PEOPLE.c.id == _OURS.c.id)
    .correlate(_OURS)
    .scalar_subquery()
)
_RUNS = (
    select(MENTORSHIPS.c.id)
    .where(
        MENTORSHIPS.c.id == SEATS.c.mentorship_id,
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on >= bindparam("long_ago")),
    )
    .correlate(SEATS)
    .exists()
)
_BUSY = (  # sits in a pair, or did until lately
    select(SEATS.c.person_id)
    .where(
        SEATS.c.person_id == _OURS.c.id,
        or_(SEATS.c.to_on.is_(None), SEATS.c.to_on >= bindparam("long_ago")),
        _RUNS,
    )
    .correlate(_OURS)
    .exists()
)
_SEATED = (  # sits in a pair that runs
    select(SEATS.c.person_id)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(
        SEATS.c.person_id == _OURS.c.id,
        sits(SEATS, bindparam("day")),
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on > bindparam("day")),
    )
    .correlate(_OURS)
    .exists()
)
_ELSEWHERE = (  # became active lately, or is not active
    select(STAGE_ROWS.c.person_id)
    .where(
        STAGE_ROWS.c.person_id == _OURS.c.id,
        or_(STAGE_ROWS.c.stage != ACTIVE, STAGE_ROWS.c.at > bindparam("long_ago_at")),
        ~select(mentors.LATER.c.person_id)
        .where(
            mentors.LATER.c.person_id == STAGE_ROWS.c.person_id,
            mentors.LATER.c.at > STAGE_ROWS.c.at,
        )
        .exists(),
    )
    .correlate(_OURS)
    .exists()
)
_NEW = (
    select(HELD.c.person_id)
    .where(
        HELD.c.person_id == _OURS.c.id,
        HELD.c.role == MENTOR,
        HELD.c.from_on > bindparam("long_ago"),
    )
    .correlate(_OURS)
    .exists()
)
_LAST = STEPS.alias("last")
_STOOD = (  # approved, and nothing followed on it
    select(STEPS.c.id)
    .where(
        STEPS.c.closure_id == CLOSURES.c.id,
        STEPS.c.outcome == APPROVED,
        ~select(_LAST.c.id)
        .where(_LAST.c.closure_id == STEPS.c.closure_id, _LAST.c.at > STEPS.c.at)
        .exists(),
    )
    .exists()
)


def _ended(what: str, done: Any) -> Select[Any]:
    """What follows on an end and has no row in that table yet."""
    waiting = strand.of(
        what,
        on=CLOSURES.c.end_on,
        person=CLOSURES.c.participant_id,
        ref=CLOSURES.c.id,
        other=MENTORSHIPS.c.leader_id,
        cell=PARTICIPANTS.c.first_name_ct,
    ).select_from(
        CLOSURES.join(MENTORSHIPS, MENTORSHIPS.c.id == CLOSURES.c.mentorship_id).join(
            PARTICIPANTS, PARTICIPANTS.c.id == CLOSURES.c.participant_id
        )
    )
    return waiting.where(
        MENTORSHIPS.c.branch_id.in_(_BRANCHES),
        MENTORSHIPS.c.ended_on <= bindparam("day"),
        MENTORSHIPS.c.id.not_in(
            select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("reader"))
        ),
        _STOOD,
        ~select(done.c.id).where(done.c.closure_id == CLOSURES.c.id).exists(),
    )


_TASKS = (
    strand.of(PARTNER, on=PARTNERS.c.review_on, ref=PARTNERS.c.id, word=PARTNERS.c.name).where(
        PARTNERS.c.branch_id.in_(_BRANCHES),
        PARTNERS.c.closed_at.is_(None),
        PARTNERS.c.review_on <= bindparam("review_soon"),
    ),
    strand.of(
        REFERRAL,
        until=REFERRALS.c.release_on,
        person=REFERRALS.c.participant_id,
        ref=REFERRALS.c.id,
        other=REFERRALS.c.leader_id,
        cell=PARTICIPANTS.c.first_name_ct,
    )
    .select_from(REFERRALS.join(PARTICIPANTS, PARTICIPANTS.c.id == REFERRALS.c.participant_id))
    .where(
        REFERRALS.c.branch_id.in_(_BRANCHES),
        REFERRALS.c.id.in_(
            referrals.WAITING.with_only_columns(REFERRALS.c.id)  # by the day on which it came there
        ),
    ),
    strand.of(
        CLEARANCE,
        on=REQUIREMENTS.c.until_on,
        person=_OURS.c.id,
        ref=_OURS.c.id,
        cell=_NAME,
    )
    .select_from(
        _OURS.outerjoin(
            REQUIREMENTS,
            (REQUIREMENTS.c.person_id == _OURS.c.id)
            & (REQUIREMENTS.c.kind == requirements.CLEARANCE),
        )
    )
    .where(
        or_(
            REQUIREMENTS.c.until_on <= bindparam("soon"),
            and_(  # never had one, or it was withdrawn
                REQUIREMENTS.c.until_on.is_(None), REQUIREMENTS.c.met_on.is_(None), _SEATED
            ),
        ),
        requirements.NEWEST,
        _IS_MENTOR,
    ),
    strand.of(IDLE, person=_OURS.c.id, ref=_OURS.c.id, cell=_NAME).where(
        ~_BUSY, _IS_MENTOR, ~_ELSEWHERE, ~_NEW
    ),
    _ended(DEBRIEF, DEBRIEFS),
    _ended(EXIT_FORM, FORMS).where(CLOSURES.c.end_on >= bindparam("still_asked")),
)


_RULES = (rules.PLANNED_END, rules.SILENT_DAYS)  # what the reasons go by
_SAID = [strand.of("rule", word=literal(name), number=rules.now(name)) for name in _RULES]
_ALL = union_all(*facts.STRANDS, *_TASKS, *_SAID)
_CODES = frozenset({REFERRAL, CLEARANCE, IDLE, DEBRIEF, EXIT_FORM, PARTNER})


def overview(
    branches: frozenset[UUID], reader: UUID, day: date
) -> tuple[list[Facts], bool, list[Task], dict[str, int]]:
    """The facts of the mentorships (see `facts.read`), the tasks in no order and the rules that
    the reasons go by, in one question.
    """
    values = facts.asked(branches, reader, day) | _asked(branches, reader, day)
    found = db.rows(_ALL, **values)
    waiting = [_task(Strand._make(row), day) for row in found if row[0] in _CODES]
    said = {row.word: row.number for row in found if row[0] == "rule"}
    lives, unplaced = facts.read(row for row in found if row[0] not in _CODES)
    return lives, unplaced, waiting, said


def _asked(branches: Iterable[UUID], reader: UUID, day: date) -> dict[str, Any]:
    now = clock.now()
    return {
        "branches": list(branches),
        "reader": reader,
        "day": day,
        "before": now - referrals.WAITS,
        "soon": day + RUNS_OUT_SOON,
        "review_soon": day + REVIEW_SOON,
        "still_asked": day - EXIT_FORM_FOR,
        "long_ago": day - WAITS,
        "long_ago_at": now - WAITS,
    }


def expect(some: Iterable[Task]) -> None:
    """The names of these will be asked for."""
    ring().expect(task.person for task in some if task.person)


def _task(s: Strand, day: date) -> Task:
    if s.ref is None:
        raise AssertionError("every task is about something")
    code = _clearance(s.on, day) if s.what == CLEARANCE else s.what
    return Task(code, s.ref, s.person, s.cell, s.word, s.other, s.on or s.until)


def _clearance(until: date | None, day: date) -> str:
    """Missing, run out, or soon to run out: its last day counts."""
    if until is None:
        return UNCLEARED
    return RAN_OUT if until < day else CLEARANCE
