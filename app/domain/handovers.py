"""Giving one or more weeks to the co-mentor: asked, answered, read.

Until a week is accepted the giver still has it. Every state is a row: what was asked, and one
answer to each week of it. That an unanswered week has expired follows from the clock at once; the
row that says so is written by whoever acts next.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    UniqueConstraint,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlmodel import Field

from app import db
from app.clock import Week
from app.domain import rota, strand
from app.domain.mentorships import MENTORSHIPS, SEATS, View
from app.domain.rota import AHEAD, Held, Rota
from app.domain.strand import Strand
from app.key_store import KeyGone
from app.vault import Secret, sealed_column

GIVE, SWAP, ABSENCE, LEADER = "give", "swap", "absence", "leader"
ASKED, ACCEPTED, DECLINED = "asked", "accepted", "declined"
WITHDRAWN, EXPIRED, LAPSED = "withdrawn", "expired", "lapsed"
PROMPTS = ("going", "agreed", "watch", "promised")
_WEEK = timedelta(weeks=1)


class Handover(db.Row, table=True):
    """One request, with its note. The id is made on the phone."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id")
    kind: str  # GIVE, SWAP, ABSENCE or LEADER
    asked_by: UUID = Field(foreign_key="person.id")
    to_id: UUID = Field(foreign_key="person.id")  # who answers
    asked_at: datetime
    absence_id: UUID | None = Field(default=None, foreign_key="absence.id", index=True)
    leader_may_read: bool = False
    going_ct: bytes | None = sealed_column()
    agreed_ct: bytes | None = sealed_column()
    watch_ct: bytes | None = sealed_column()
    promised_ct: bytes | None = sealed_column()
    read_at: datetime | None = None

    going = Secret("participant_id")  # how it goes now
    agreed = Secret("participant_id")  # what is agreed next
    watch = Secret("participant_id")  # what to watch out for
    promised = Secret("participant_id")  # what was promised, by whom


class HandoverWeek(db.Row, table=True):
    """One week of a request: from whom, to whom, and the first day on which it is too late."""

    __tablename__ = "handover_week"
    __table_args__ = (UniqueConstraint("handover_id", "monday"),)
    handover_id: UUID = Field(foreign_key="handover.id", index=True)
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    monday: date
    from_id: UUID | None = Field(default=None, foreign_key="person.id")  # None: an empty seat's
    to_id: UUID = Field(foreign_key="person.id")
    deadline: date


class HandoverAnswer(db.Row, table=True):
    """What became of one week. There is one answer to each; `number` is the order in the pair."""

    __tablename__ = "handover_answer"
    __table_args__ = (UniqueConstraint("mentorship_id", "number"),)
    week_id: UUID = Field(foreign_key="handover_week.id", unique=True)
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    outcome: str
    number: int
    at: datetime
    by: UUID | None = Field(default=None, foreign_key="person.id")  # None: nobody, by rule
    words_ct: bytes | None = sealed_column()

    words = Secret("participant_id")


class Place(NamedTuple):
    """A seat without a name."""

    person_id: UUID
    place: int
    from_on: date
    to_on: date | None


class AskedWeek(NamedTuple):
    """One week of a request as it stands today."""

    id: UUID
    handover_id: UUID
    monday: date
    from_id: UUID | None
    to_id: UUID
    deadline: date
    state: str
    at: datetime | None
    by: UUID | None
    words_ct: bytes | None
    answer_id: UUID | None


class Asked(NamedTuple):
    """A request with its weeks, oldest week first."""

    row: Any
    weeks: tuple[AskedWeek, ...]

    @property
    def open(self) -> tuple[AskedWeek, ...]:
        return tuple(week for week in self.weeks if week.state == ASKED)

    def text(self, prompt: str) -> str | None:
        """Open one prompt of the note; one whose key has been destroyed has faded."""
        secret: Secret = getattr(Handover, prompt)
        return _opened(secret, self.row.id, self.row, getattr(self.row, prompt + "_ct"))

    @property
    def has_note(self) -> bool:
        return any(getattr(self.row, prompt + "_ct") for prompt in PROMPTS)

    def reply(self) -> str | None:
        """The few words that came with an answer, if any did."""
        for w in self.weeks:
            if w.words_ct and w.answer_id:
                return _opened(HandoverAnswer.words, w.answer_id, self.row, w.words_ct)
        return None


def _opened(secret: Secret, row_id: UUID, handed: Any, cell: bytes | None) -> str | None:
    try:
        return secret.open(row_id, handed.participant_id, cell)
    except KeyGone:
        return None


HANDOVERS, WEEKS = db.columns(Handover), db.columns(HandoverWeek)
ANSWERS = db.columns(HandoverAnswer)
_MENTORSHIP: Any = bindparam("mentorship")
_ANSWERED = WEEKS.join(ANSWERS, ANSWERS.c.week_id == WEEKS.c.id)
_UNANSWERED = WEEKS.outerjoin(ANSWERS, ANSWERS.c.week_id == WEEKS.c.id)


def strands(here: Callable[[Any], ColumnElement[bool]]) -> tuple[Select[Any], ...]:
    """All that a rota is woven from but the seats, for the mentorships that `here` says yes to."""
    turns = (
        strand.of(
            "turn",
            on=WEEKS.c.monday,
            person=WEEKS.c.to_id,
            number=ANSWERS.c.number,
            other=WEEKS.c.mentorship_id,
        )
        .select_from(_ANSWERED)
        .where(
            here(WEEKS.c.mentorship_id),
            ANSWERS.c.outcome == ACCEPTED,
            WEEKS.c.monday >= bindparam("since"),
        )
    )
    return (turns, *rota.strands(here))


ROTA = strands(lambda column: column == _MENTORSHIP)
OPEN = (
    strand.of(
        "ask",
        on=WEEKS.c.monday,
        until=WEEKS.c.deadline,
        person=HANDOVERS.c.to_id,
        ref=WEEKS.c.handover_id,
    )
    .select_from(_UNANSWERED.join(HANDOVERS, HANDOVERS.c.id == WEEKS.c.handover_id))
    .where(
        WEEKS.c.mentorship_id == _MENTORSHIP,
        ANSWERS.c.id.is_(None),
        WEEKS.c.deadline > bindparam("day"),
    )
)
_TAKEN = (
    select(WEEKS.c.monday, WEEKS.c.to_id, WEEKS.c.handover_id, ANSWERS.c.number)
    .select_from(_ANSWERED)
    .where(
        WEEKS.c.mentorship_id == _MENTORSHIP,
        ANSWERS.c.outcome == ACCEPTED,
        WEEKS.c.monday <= bindparam("day"),
    )
    .order_by(WEEKS.c.monday.desc(), ANSWERS.c.number.desc())
    .limit(db.number("count"))
    .subquery("taken")
)
TAKEN = strand.of(
    "taken",
    on=_TAKEN.c.monday,
    person=_TAKEN.c.to_id,
    ref=_TAKEN.c.handover_id,
    number=_TAKEN.c.number,
)
UNTAKEN = (
    strand.of("untaken", on=WEEKS.c.monday, person=HANDOVERS.c.to_id, ref=WEEKS.c.handover_id)
    .select_from(_ANSWERED.join(HANDOVERS, HANDOVERS.c.id == WEEKS.c.handover_id))
    .where(
        WEEKS.c.mentorship_id == _MENTORSHIP,
        WEEKS.c.from_id == bindparam("person"),
        WEEKS.c.monday >= bindparam("since"),
        ANSWERS.c.outcome == DECLINED,
        ANSWERS.c.at >= bindparam("lately"),
    )
)
UNREAD = strand.of(  # the first prompt that was answered stands for the note
    "unread",
    person=HANDOVERS.c.asked_by,
    ref=HANDOVERS.c.id,
    word=case(*((HANDOVERS.c[name + "_ct"].is_not(None), name) for name in PROMPTS), else_=""),
    cell=func.coalesce(*(HANDOVERS.c[name + "_ct"] for name in PROMPTS)),
).where(
    HANDOVERS.c.mentorship_id == _MENTORSHIP,
    HANDOVERS.c.to_id == bindparam("person"),
    HANDOVERS.c.read_at.is_(None),
    or_(  # a leader's hand is told of also without a word
        HANDOVERS.c.kind == LEADER,
        *(HANDOVERS.c[prompt + "_ct"].is_not(None) for prompt in PROMPTS),
    ),
    select(WEEKS.c.id)
    .select_from(_ANSWERED)
    .where(WEEKS.c.handover_id == HANDOVERS.c.id, ANSWERS.c.outcome == ACCEPTED)
    .exists(),
)
_ROTA = union_all(*ROTA)
_STRIP = union_all(*ROTA, OPEN)
_ONE = select(HANDOVERS).where(HANDOVERS.c.id == bindparam("handover"))
_LATEST = (
    select(HANDOVERS)
    .where(HANDOVERS.c.mentorship_id == _MENTORSHIP)
    .order_by(HANDOVERS.c.asked_at.desc(), HANDOVERS.c.id)
    .limit(db.number("count"))
)
_STATES = select(
    WEEKS.c.id,
    WEEKS.c.handover_id,
    WEEKS.c.monday,
    WEEKS.c.from_id,
    WEEKS.c.to_id,
    WEEKS.c.deadline,
    ANSWERS.c.outcome,
    ANSWERS.c.at,
    ANSWERS.c.by,
    ANSWERS.c.words_ct,
    ANSWERS.c.id.label("answer_id"),
).select_from(_UNANSWERED)
_WEEKS_OF = _STATES.where(WEEKS.c.handover_id.in_(bindparam("handovers", expanding=True))).order_by(
    WEEKS.c.monday
)
_ALL_OPEN = _STATES.where(WEEKS.c.mentorship_id == _MENTORSHIP, ANSWERS.c.id.is_(None)).order_by(
    WEEKS.c.monday
)


def rotas(those: Any) -> tuple[Select[Any], ...]:
    """All that decides who has the weeks of these mentorships, with their seats and beginnings."""
    return (
        *strands(lambda column: column.in_(those)),
        strand.of(
            "seat",
            on=SEATS.c.from_on,
            until=SEATS.c.to_on,
            person=SEATS.c.person_id,
            number=SEATS.c.place,
            other=SEATS.c.mentorship_id,
        ).where(SEATS.c.mentorship_id.in_(those)),
        strand.of("start", on=MENTORSHIPS.c.matched_on, other=MENTORSHIPS.c.id).where(
            MENTORSHIPS.c.id.in_(those)
        ),
    )


def rota_of(mentorship_id: UUID, seats: Sequence[Held], start: Week) -> Rota:
    """The whole rota of a mentorship, from its first week on, in one question."""
    found = db.rows(_ROTA, mentorship=mentorship_id, since=start.monday - _WEEK)
    return rota.woven([*map(Strand._make, found)], seats, start)


def strip(mine: View, since: date, day: date) -> tuple[Rota, list[Strand]]:
    """The rota from a Monday on, and the weeks that are asked for, in one question."""
    found = [*map(Strand._make, db.rows(_STRIP, mentorship=mine.id, since=since, day=day))]
    return rota.woven(found, mine.seats, start_of(mine)), [s for s in found if s.what == "ask"]


def first_uncovered(
    strands_of: Mapping[UUID, Sequence[Strand]], mondays: Sequence[date]
) -> dict[UUID, date]:
    """Of mentorships with their rows of `rotas`, the first of these weeks that is uncovered."""
    first: dict[UUID, date] = {}
    for mentorship, some in strands_of.items():
        start = next((s.on for s in some if s.what == "start"), None)
        seats = [
            Place(s.person, s.number, s.on, s.until)  # type: ignore[arg-type]
            for s in some
            if s.what == "seat"
        ]
        held = rota.woven(some, seats, Week.of(start or mondays[0]))
        bare = next((monday for monday in mondays if rota.uncovered(held, monday)), None)
        if bare:
            first[mentorship] = bare
    return first


def start_of(mine: View) -> Week:
    return Week.of(mine.matched_on)


def of(mentorship_id: UUID, day: date, count: int = 60) -> list[Asked]:
    """The pair's requests as they stand that day, newest first."""
    found = db.rows(_LATEST, mentorship=mentorship_id, count=count)
    return _with_weeks(found, day)


def one(handover_id: UUID, day: date) -> Asked | None:
    """One request as it stands that day."""
    return next(iter(_with_weeks(db.rows(_ONE, handover=handover_id), day)), None)


def _with_weeks(found: Sequence[Any], day: date) -> list[Asked]:
    weeks: dict[UUID, list[AskedWeek]] = {row.id: [] for row in found}
    for row in db.rows(_WEEKS_OF, handovers=list(weeks)) if weeks else ():
        weeks[row.handover_id].append(_as_of(row, day))
    return [Asked(row, tuple(weeks[row.id])) for row in found]


def _as_of(row: Any, day: date) -> AskedWeek:
    week = AskedWeek(*row)
    return week._replace(state=week.state or (ASKED if day < week.deadline else EXPIRED))


def deadline(monday: date, asked_on: date) -> date:
    """The first day on which it is too late: the week's Monday, or for the running one the next."""
    return monday + _WEEK if monday <= asked_on else monday


def still_open(mentorship_id: UUID, day: date) -> list[AskedWeek]:
    """The weeks that no answer is written to, as they stand that day."""
    return [_as_of(row, day) for row in db.rows(_ALL_OPEN, mentorship=mentorship_id)]


def last_day(day: date) -> date:
    """The last day that can be planned for: the Sunday of the last week that Uger shows."""
    return Week.of(day).plus(AHEAD).sunday
