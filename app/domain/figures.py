"""Figures that stay when a person is erased: counts by branch and month, and nothing else.

Each is counted by itself, so that no row is about one person: what one mentorship was cannot be put
together again. Small counts are hidden where figures are shown.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import intakes, who5
from app.domain.closures import APPROVED, CLOSURES, STEPS, Closure
from app.domain.contacts import CONTACTS
from app.domain.evaluations import EVALUATIONS
from app.domain.exit_forms import FORMS, Filled
from app.domain.gatherings import ATTENDANCES, GATHERINGS
from app.domain.intakes import INTAKES, Answers
from app.domain.meetings import HELD, MEETINGS, bits
from app.domain.mentors import ACTIVE, LEFT, STAGE_ROWS
from app.domain.mentorships import MENTORSHIPS
from app.domain.outcomes import OUTCOMES
from app.domain.people import PEOPLE
from app.domain.referrals import REFERRALS, STEP_ROWS
from app.vault import KeyGone

# What is counted. `value` is a code, a score of 1-10, a band, or bits of choices as one number.
MEETING, PLACE, CANCELLED_BY, BOTH = "meeting", "place", "cancelled_by", "both"
OTHERS, COMPANION, SINCE_LAST, GAP, KM = "others", "companion", "since_last", "gap", "km"
RELATION, WELLBEING, THEMES, CONTACT = "relation", "wellbeing", "themes", "contact"
BEGUN, ENDED, ENDED_BY, REASON, LASTED = "begun", "ended", "ended_by", "reason", "lasted"
MET, REFERRED, GENDER = "met", "referral", "gender"
WISHES, ACHIEVED, SATISFACTION = "wishes", "achieved", "satisfaction"
WHO5_START, WHO5_END, WHO5_CHANGE = "who5_start", "who5_end", "who5_change"
BECAME_MENTOR, STOPPED, CAME = "became_mentor", "stopped", "came"
WEEK, TWO_WEEKS, LONGER, FIRST = "week", "two_weeks", "longer", "first"  # evaluation report fig. 7
MONTH_BANDS = (3, 6, 12, 18)  # lasted less than so many months
MEETING_BANDS = (1, 5, 10, 20, 40)  # held fewer than so many

_KEY = ("kind", "branch_id", "month", "value")


class Figure(db.Row, table=True):
    """So often, in that month and branch."""

    __table_args__ = (
        UniqueConstraint(*_KEY),
        {"sqlite_with_rowid": False},  # in the order of random ids: none tells which came together
    )
    kind: str
    branch_id: UUID = Field(foreign_key="branch.id")
    month: date  # its first day
    value: str
    n: int
    total: int = 0  # of what is a number: points, kilometres


class Fact(NamedTuple):
    """One thing to count once."""

    kind: str
    branch_id: UUID
    on: date
    value: str
    total: int = 0


FIGURES = db.columns(Figure)
_LIVES = select(MENTORSHIPS).where(MENTORSHIPS.c.participant_id == bindparam("subject"))
_MEETINGS = (
    select(MEETINGS)
    .where(MEETINGS.c.mentorship_id == bindparam("mentorship"))
    .order_by(MEETINGS.c.held_on, MEETINGS.c.logged_at)
)
_ANSWERS = (
    select(
        MEETINGS.c.held_on, EVALUATIONS.c.relation, EVALUATIONS.c.wellbeing, EVALUATIONS.c.themes
    )
    .join(MEETINGS, MEETINGS.c.id == EVALUATIONS.c.meeting_id)
    .where(MEETINGS.c.mentorship_id == bindparam("mentorship"))
)
_CONTACTS = select(CONTACTS.c.on, CONTACTS.c.kind).where(
    CONTACTS.c.mentorship_id == bindparam("mentorship")
)
_LATER = STEPS.alias("later")
_CLOSURE = (
    select(CLOSURES)
    .join(STEPS, STEPS.c.closure_id == CLOSURES.c.id)
    .where(
        CLOSURES.c.mentorship_id == bindparam("mentorship"),
        STEPS.c.outcome == APPROVED,
        ~select(_LATER.c.id)
        .where(_LATER.c.closure_id == CLOSURES.c.id, _LATER.c.at > STEPS.c.at)
        .exists(),
    )
)
_EXIT = (
    select(*(FORMS.c[name] for name in Filled._fields))
    .where(FORMS.c.mentorship_id == bindparam("mentorship"))
    .order_by(FORMS.c.at)
)
_REFERRALS = (
    select(REFERRALS.c.id, REFERRALS.c.branch_id, REFERRALS.c.received_on, STEP_ROWS.c.step)
    .join(STEP_ROWS, STEP_ROWS.c.referral_id == REFERRALS.c.id)
    .where(REFERRALS.c.participant_id == bindparam("subject"))
    .order_by(STEP_ROWS.c.at, STEP_ROWS.c.id)
)
_INTAKES = (
    select(INTAKES, REFERRALS.c.branch_id)
    .join(REFERRALS, REFERRALS.c.id == INTAKES.c.referral_id)
    .where(INTAKES.c.participant_id == bindparam("subject"))
    .order_by(INTAKES.c.begun_at)
)
_STAGES = (
    select(STAGE_ROWS.c.stage, STAGE_ROWS.c.at, PEOPLE.c.branch_id)
    .join(PEOPLE, PEOPLE.c.id == STAGE_ROWS.c.person_id)
    .where(PEOPLE.c.id == bindparam("subject"), STAGE_ROWS.c.stage.in_((ACTIVE, LEFT)))
    .order_by(STAGE_ROWS.c.at)
)
_CAME = (
    select(GATHERINGS.c.kind, GATHERINGS.c.on, GATHERINGS.c.branch_id)
    .join(ATTENDANCES, ATTENDANCES.c.gathering_id == GATHERINGS.c.id)
    .where(ATTENDANCES.c.person_id == bindparam("subject"))
)


def freeze_participant(subject: UUID) -> None:
    """Keep what is counted of a participant. Asked while the rows and the key are there."""
    _add([*_of_referrals(subject), *_of_start_forms(subject), *_of_lives(subject)])


def freeze_person(subject: UUID) -> None:
    """The same of somebody who signs in."""
    _add([*_of_stages(subject), *_of_gatherings(subject)])


def _of_lives(subject: UUID) -> Iterator[Fact]:
    start = _start_score(subject)
    for life in db.rows(_LIVES, subject=subject):
        met = db.rows(_MEETINGS, mentorship=life.id)
        yield Fact(BEGUN, life.branch_id, life.matched_on, "yes")
        yield from _of_meetings(life.branch_id, met)
        yield from _of_answers(life)
        for reached in db.rows(_CONTACTS, mentorship=life.id):
            yield Fact(CONTACT, life.branch_id, reached.on, reached.kind)
        if life.ended_on:
            yield from _of_end(life, sum(m.outcome == HELD for m in met))
        yield from _of_exit(life, start)


def _of_meetings(branch: UUID, met: list[Any]) -> Iterator[Fact]:
    before: date | None = None
    for one in met:
        facts = {MEETING: one.outcome, CANCELLED_BY: one.cancelled_by, PLACE: one.place}
        facts |= {OTHERS: str(one.others), SINCE_LAST: str(one.since_last)}
        if one.outcome == HELD:
            facts |= {BOTH: _yes(one.with_mentor), COMPANION: _yes(one.companion)}
            facts[GAP], before = gap(before, one.held_on), one.held_on
        for kind, value in facts.items():
            if value is not None:
                yield Fact(kind, branch, one.held_on, value)
        if one.km is not None:
            yield Fact(KM, branch, one.held_on, "yes", one.km)


def _of_answers(life: Any) -> Iterator[Fact]:
    for answer in db.rows(_ANSWERS, mentorship=life.id):
        for kind in (RELATION, WELLBEING, THEMES):
            value = getattr(answer, kind)
            if value is not None:
                yield Fact(kind, life.branch_id, answer.held_on, str(value))


def _of_end(life: Any, held: int) -> Iterator[Fact]:
    months = (life.ended_on - life.matched_on).days // 30
    yield Fact(ENDED, life.branch_id, life.ended_on, life.ending or "unknown")
    yield Fact(LASTED, life.branch_id, life.ended_on, band(months, MONTH_BANDS))
    yield Fact(MET, life.branch_id, life.ended_on, band(held, MEETING_BANDS))
    for closure in db.rows(_CLOSURE, mentorship=life.id):
        yield Fact(ENDED_BY, life.branch_id, life.ended_on, closure.ended_by)
        try:
            reason = Closure.reason.open(closure.id, closure.participant_id, closure.reason_ct)
        except KeyGone:
            reason = None
        if reason:
            yield Fact(REASON, life.branch_id, life.ended_on, reason)


def _of_exit(life: Any, start: int | None) -> Iterator[Fact]:
    for row in db.rows(_EXIT, mentorship=life.id):
        form = Filled(*row)
        said, on = form.answers(), _day(form.at)
        if said is None:
            continue
        yield Fact(ACHIEVED, life.branch_id, on, str(bits(said.outcomes, OUTCOMES)))
        if said.satisfaction is not None:
            value = str(said.satisfaction)
            yield Fact(SATISFACTION, life.branch_id, on, value, said.satisfaction)
        end = said.score
        if end is not None:
            yield Fact(WHO5_END, life.branch_id, on, who5.band(end), end)
        if start is not None and end is not None:
            value = f"{who5.band(start)}>{who5.band(end)}"
            yield Fact(WHO5_CHANGE, life.branch_id, on, value, end - start)


def _of_referrals(subject: UUID) -> Iterator[Fact]:
    last = {row.id: row for row in db.rows(_REFERRALS, subject=subject)}
    for row in last.values():
        yield Fact(REFERRED, row.branch_id, row.received_on, row.step)


def _of_start_forms(subject: UUID) -> Iterator[Fact]:
    for row, told in _start_forms(subject):
        on = _day(row.begun_at)
        if "wishes" in told:
            chosen = told["wishes"].get("wishes") or ()
            yield Fact(WISHES, row.branch_id, on, str(bits(chosen, OUTCOMES)))
        if gender := told.get("about", {}).get("gender"):
            yield Fact(GENDER, row.branch_id, on, gender)
        points = intakes.wellbeing(told)
        if points is not None:
            yield Fact(WHO5_START, row.branch_id, on, who5.band(points), points)


def _start_forms(subject: UUID) -> Iterator[tuple[Any, dict[str, Answers]]]:
    for row in db.rows(_INTAKES, subject=subject):
        begun = intakes.Begun(*(getattr(row, name) for name in intakes.Begun._fields))
        yield row, intakes.answers(begun)


def _start_score(subject: UUID) -> int | None:
    scores = [intakes.wellbeing(told) for _, told in _start_forms(subject)]
    return next((points for points in reversed(scores) if points is not None), None)


def _of_stages(subject: UUID) -> Iterator[Fact]:
    seen = set()
    for row in db.rows(_STAGES, subject=subject):
        kind = BECAME_MENTOR if row.stage == ACTIVE else STOPPED
        if row.branch_id and kind not in seen:  # back from a pause is no new mentor
            seen.add(kind)
            yield Fact(kind, row.branch_id, _day(row.at), "yes")


def _of_gatherings(subject: UUID) -> Iterator[Fact]:
    for row in db.rows(_CAME, subject=subject):
        yield Fact(CAME, row.branch_id, row.on, row.kind)


def gap(before: date | None, day: date) -> str:
    """How long since the last meeting, as the evaluation report has it."""
    if before is None:
        return FIRST
    days = (day - before).days
    return WEEK if days <= 7 else TWO_WEEKS if days <= 14 else LONGER


def band(number: int, borders: tuple[int, ...]) -> str:
    """ "<3", "3-5" and so on; from the last border on "18+"."""
    below = 0
    for border in borders:
        if number < border:
            return f"{below}-{border - 1}"
        below = border
    return f"{below}+"


def _day(at: datetime) -> date:
    return clock.in_denmark(at).date()


def _yes(said: Any) -> str:
    return "yes" if said else "no"


def _add(facts: list[Fact]) -> None:
    """Onto what is counted already, in one order, so that two who count at once do not lock."""
    sums: defaultdict[tuple[str, UUID, date, str], list[int]] = defaultdict(lambda: [0, 0])
    for fact in facts:
        counted = sums[fact.kind, fact.branch_id, fact.on.replace(day=1), fact.value]
        counted[0] += 1
        counted[1] += fact.total
    for key, (n, total) in sorted(sums.items(), key=str):
        new = {"id": uuid4(), **dict(zip(_KEY, key, strict=True))}
        db.add_up(Figure, new, _KEY, {"n": n, "total": total})
