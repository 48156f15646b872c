"""How a mentorship ends: proposed by the pair or a leader, approved or sent back by a leader
outside the pair who did not propose it. Where there is none, the consultant answers.

Every step is a row, so who and when come free. The reason of an interrupted mentorship is sealed
under the participant's key: one of them says "ny dom".
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Select, bindparam, case, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import (
    agreements,
    leading,
    mentorships,
    news,
    notices,
    plans,
    receipts,
    strand,
    trail,
    turns,
)
from app.domain.leading import Leading
from app.domain.meetings import bits, codes
from app.domain.mentorships import MENTORSHIPS, PARTICIPANTS, SEATS, View, sits
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, sealed_column

PLANNED, EARLY, INTERRUPTED = "planned", "early", "interrupted"
ENDINGS = {
    PLANNED: mark("Som planlagt"),
    EARLY: mark("Godt, før tid: Målene er nået"),
    INTERRUPTED: mark("Afbrudt"),
}
REASONS = {  # evaluation report, why mentorships were interrupted
    "no_contact": mark("Ingen kontakt trods forsøg"),
    "never_began": mark("Kom aldrig i gang"),
    "no_need": mark("Intet behov længere"),
    "moved": mark("Flyttet"),
    "sentence": mark("Ny dom"),
    "treatment": mark("Har brug for behandling, eller hverdagen er for kaotisk"),
    "disagreement": mark("Uenighed, eller ingen kontakt til mentorerne"),
}
ENDERS = {
    "participant": mark("Deltageren"),
    "mentors": mark("Mentorerne"),
    "together": mark("Vi sammen"),
    "others": mark("Andre"),
}
GOODBYES = {  # bits in this order; new ones go last
    "talked": mark("Vi har talt om, at det slutter"),
    "met": mark("Vi har holdt et sidste møde"),
    "onward": mark("Deltageren ved, hvem der kan hjælpe bagefter"),
}
APPROVED, RETURNED, WITHDRAWN, REOPENED = "approved", "returned", "withdrawn", "reopened"
LONGEST_COMMENT = 1000  # characters
ONE_DAY = timedelta(days=1)


class Meanwhile(Exception):
    """Somebody was first: the closure is not what the page showed."""


class Closure(db.Row, table=True):
    """A proposal. The id is made on the page, so that sending it twice is harmless."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    ending: str  # one of ENDINGS
    ended_by: str  # one of ENDERS
    end_on: date  # the last day
    goodbye: int = 0  # bits of GOODBYES
    proposed_by: UUID = Field(foreign_key="person.id")
    proposed_at: datetime
    reason_ct: bytes | None = sealed_column()

    reason = Secret("participant_id")  # one of REASONS, when it was interrupted


class ClosureStep(db.Row, table=True):
    """What became of it: approved or returned by a leader, withdrawn by the pair, reopened."""

    __tablename__ = "closure_step"
    closure_id: UUID = Field(foreign_key="closure.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    outcome: str
    at: datetime
    by: UUID = Field(foreign_key="person.id")
    comment_ct: bytes | None = sealed_column()

    comment = Secret("participant_id")  # why it was sent back


class Terms(NamedTuple):
    """What the pair says of the end."""

    ending: str
    ended_by: str
    end_on: date
    goodbye: tuple[str, ...] = ()
    reason: str | None = None


class Proposed(NamedTuple):
    """A closure with the last thing that happened to it, as a row."""

    id: UUID
    mentorship_id: UUID
    participant_id: UUID
    ending: str
    ended_by: str
    end_on: date
    goodbye: int
    proposed_by: UUID
    proposed_at: datetime
    reason_ct: bytes | None
    step_id: UUID | None
    outcome: str | None
    at: datetime | None
    by: UUID | None
    comment_ct: bytes | None

    @property
    def open(self) -> bool:
        """Waits for a leader."""
        return self.outcome is None

    @property
    def stands(self) -> bool:
        """Nothing else can be proposed: it waits, or the mentorship has ended with it."""
        return self.outcome in (None, APPROVED)

    def reason(self) -> str | None:
        return _opened(Closure.reason, self.id, self, self.reason_ct)

    def comment(self) -> str | None:
        if self.step_id is None:
            return None
        return _opened(ClosureStep.comment, self.step_id, self, self.comment_ct)

    def goodbyes(self) -> list[str]:
        return codes(self.goodbye, GOODBYES)


def _opened(secret: Secret, row: UUID, closure: Proposed, cell: bytes | None) -> str | None:
    try:
        return secret.open(row, closure.participant_id, cell)
    except KeyGone:
        return None


CLOSURES, STEPS = db.columns(Closure), db.columns(ClosureStep)
_LATER = STEPS.alias("later")
_NEWER = CLOSURES.alias("newer")
_LAST_STEP = (STEPS.c.closure_id == CLOSURES.c.id) & ~select(_LATER.c.id).where(
    _LATER.c.closure_id == CLOSURES.c.id,
    (_LATER.c.at > STEPS.c.at) | ((_LATER.c.at == STEPS.c.at) & (_LATER.c.id > STEPS.c.id)),
).exists()
_OWN = ("id", "mentorship_id", "participant_id", "ending", "ended_by", "end_on", "goodbye")
_PROPOSED = select(
    *(CLOSURES.c[name] for name in (*_OWN, "proposed_by", "proposed_at", "reason_ct")),
    STEPS.c.id.label("step_id"),
    STEPS.c.outcome,
    STEPS.c.at,
    STEPS.c.by,
    STEPS.c.comment_ct,
).select_from(CLOSURES.outerjoin(STEPS, _LAST_STEP))
_ONE = _PROPOSED.where(CLOSURES.c.id == bindparam("id"))
_OF = (
    _PROPOSED.where(CLOSURES.c.mentorship_id == bindparam("mentorship"))
    .order_by(CLOSURES.c.proposed_at.desc())
    .limit(db.number("count"))
)
_LED = (
    _PROPOSED.add_columns(
        PARTICIPANTS.c.first_name_ct.label("participant_ct"), MENTORSHIPS.c.release_on
    )
    .join(MENTORSHIPS, MENTORSHIPS.c.id == CLOSURES.c.mentorship_id)
    .join(PARTICIPANTS, PARTICIPANTS.c.id == CLOSURES.c.participant_id)
    .where(
        MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)),
        MENTORSHIPS.c.id.not_in(  # nobody approves the end of a pair they are or were in
            select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("person"))
        ),
    )
    .order_by(STEPS.c.id.is_not(None), CLOSURES.c.proposed_at.desc())
    .limit(db.number("count"))
)
_ALL_WAITING = (
    _PROPOSED.add_columns(
        PARTICIPANTS.c.first_name_ct.label("participant_ct"),
        MENTORSHIPS.c.branch_id,
        MENTORSHIPS.c.leader_id,
    )
    .join(MENTORSHIPS, MENTORSHIPS.c.id == CLOSURES.c.mentorship_id)
    .join(PARTICIPANTS, PARTICIPANTS.c.id == CLOSURES.c.participant_id)
    .where(STEPS.c.id.is_(None))
    .order_by(CLOSURES.c.proposed_at)
)
WAITING = select(
    CLOSURES.c.id,
    CLOSURES.c.mentorship_id,
    CLOSURES.c.proposed_by,
    CLOSURES.c.proposed_at.label("at"),
).where(~select(STEPS.c.id).where(STEPS.c.closure_id == CLOSURES.c.id).exists())
# Of the mentorship asked about: the newest proposal; `word` is what became of it, and `number`
# whether the agreement has been gone through for the last time.
NEWEST = (
    strand.of(
        "closure",
        ref=CLOSURES.c.id,
        word=STEPS.c.outcome,
        number=case(
            (
                agreements.READY_ONES.where(
                    agreements.AGREEMENTS.c.mentorship_id == CLOSURES.c.mentorship_id,
                    agreements.AGREEMENTS.c.version == agreements.END,
                )
                .correlate(CLOSURES)
                .exists(),
                1,
            ),
            else_=0,
        ),
    )
    .select_from(CLOSURES.outerjoin(STEPS, _LAST_STEP))
    .where(
        CLOSURES.c.mentorship_id == bindparam("mentorship"),
        ~select(_NEWER.c.id)
        .where(
            _NEWER.c.mentorship_id == CLOSURES.c.mentorship_id,
            _NEWER.c.proposed_at > CLOSURES.c.proposed_at,
        )
        .correlate(CLOSURES)
        .exists(),
    )
)
DECIDED = (
    select(
        CLOSURES.c.id,
        CLOSURES.c.mentorship_id,
        CLOSURES.c.proposed_by,
        STEPS.c.outcome,
        STEPS.c.at,
        CLOSURES.c.end_on,
    )
    .join(STEPS, STEPS.c.closure_id == CLOSURES.c.id)
    .where(STEPS.c.outcome.in_((APPROVED, RETURNED)), STEPS.c.at >= bindparam("since_instant"))
)
_END = (
    update(MENTORSHIPS)
    .where(MENTORSHIPS.c.id == bindparam("mentorship"))
    .values(ended_on=bindparam("end"), ending=bindparam("how"))
)
_PAIR = select(SEATS.c.person_id).where(
    SEATS.c.mentorship_id == bindparam("mentorship"), sits(SEATS, bindparam("day"))
)
_EVER = select(SEATS.c.id).where(
    SEATS.c.mentorship_id == bindparam("mentorship"), SEATS.c.person_id == bindparam("person")
)


def waiting_among(those: Any) -> Select[Any]:
    """The closures of these mentorships that wait for a leader, but those the reader proposed."""
    waiting = strand.of("ending", ref=CLOSURES.c.id, other=CLOSURES.c.mentorship_id)
    return waiting.where(
        ~select(STEPS.c.id).where(STEPS.c.closure_id == CLOSURES.c.id).exists(),
        CLOSURES.c.mentorship_id.in_(those),
        CLOSURES.c.proposed_by != bindparam("reader"),
    )


def of(mentorship_id: UUID, count: int = 10) -> list[Proposed]:
    """The mentorship's closures, newest first."""
    return [Proposed(*row) for row in db.rows(_OF, mentorship=mentorship_id, count=count)]


def one(closure_id: UUID) -> Proposed | None:
    row = db.first(_ONE, id=closure_id)
    return Proposed(*row) if row else None


def led(branches: frozenset[UUID], person_id: UUID, count: int) -> list[Any]:
    """The closures of these branches, those that wait first, with the participants' names."""
    return db.rows(_LED, branches=list(branches), person=person_id, count=count)


def for_the_consultant(day: date) -> list[Any]:
    """Those that wait and no leader can answer, the oldest first, with the participants' names."""
    found, today = db.rows(_ALL_WAITING), leading.Today(day)
    sat = mentorships.ever_sat([row.mentorship_id for row in found])
    return [
        row
        for row in found
        if not today.of(
            row.branch_id, row.leader_id, sat[row.mentorship_id] | {row.proposed_by}
        ).people
    ]


def answered_by(closure: Any, day: date) -> Leading:
    """The leaders who can answer it: from outside the pair, and never who proposed it."""
    return mentorships.led_by(closure.mentorship_id, day, but=closure.proposed_by)


def propose(client_id: UUID, mine: View, terms: Terms, pen: trail.Pen, by: UUID) -> UUID:
    """One of the pair, or a leader, says that it ends. Sent again, it is the same proposal."""
    turns.lock(mine.id)
    content: dict[str, object] = {"to": str(mine.id)}
    content |= {name: str(value) for name, value in terms._asdict().items()}
    stored = receipts.take(client_id, by, mine.participant_id, client_id, content)
    if stored:
        return stored
    if any(closure.stands for closure in of(mine.id, 1)):
        raise Meanwhile
    row = Closure(
        id=client_id,
        mentorship_id=mine.id,
        participant_id=mine.participant_id,
        ending=terms.ending,
        ended_by=terms.ended_by,
        end_on=terms.end_on,
        goodbye=bits(terms.goodbye, GOODBYES),
        proposed_by=by,
        proposed_at=clock.now(),
    )
    row.reason = terms.reason
    db.session().add(row)
    db.session().flush()
    pen.write(trail.PROPOSED, "closure", client_id, mine.participant_id)
    return client_id


def withdraw(closure: Proposed, pen: trail.Pen, by: UUID) -> None:
    """Taken back before it is decided: the pair's by the pair, a leader's by a leader."""
    mentorship = closure.mentorship_id
    if was_in_the_pair(mentorship, by) != was_in_the_pair(mentorship, closure.proposed_by):
        raise PermissionError("whose proposal it is takes it back")
    _step(closure, WITHDRAWN, by)
    pen.write(trail.TOOK_BACK, "closure", closure.id, closure.participant_id)


def approve(closure: Proposed, pen: trail.Pen, by: UUID) -> None:
    """The mentorship ends. Requests for weeks lapse with it; the pair is told."""
    _step(closure, APPROVED, by)
    values = {"mentorship": closure.mentorship_id, "end": closure.end_on, "how": closure.ending}
    pair = _pair(closure)
    for person in pair:
        turns.lapse_for(closure.mentorship_id, person, clock.today())
    db.change(_END, **values)
    first, last = closure.end_on + ONE_DAY, closure.end_on + plans.AHEAD
    for planned in plans.coming(closure.mentorship_id, first, last):
        plans.cancel(planned, pen, closure.participant_id, by)
    pen.write(trail.APPROVED, "closure", closure.id, closure.participant_id)
    _tell(closure, pair, news.CLOSED)


def send_back(closure: Proposed, comment: str, pen: trail.Pen, by: UUID) -> None:
    """Not yet: the pair reads why."""
    _step(closure, RETURNED, by, comment)
    pen.write(trail.RETURNED, "closure", closure.id, closure.participant_id)
    _tell(closure, _pair(closure), news.SENT_BACK)


def reopen(closure: Proposed, pen: trail.Pen, by: UUID) -> None:
    """It did not end after all: the mentorship runs on."""
    turns.lock(closure.mentorship_id)
    now = one(closure.id)
    if now is None or now.outcome != APPROVED:
        raise Meanwhile
    _write(closure, REOPENED, by, None)
    db.change(_END, mentorship=closure.mentorship_id, end=None, how=None)
    pen.write(trail.REOPENED, "closure", closure.id, closure.participant_id)


def was_in_the_pair(mentorship_id: UUID, person_id: UUID) -> bool:
    """At any time: such a person never approves."""
    return bool(db.rows(_EVER, mentorship=mentorship_id, person=person_id))


def _step(closure: Proposed, outcome: str, by: UUID, comment: str | None = None) -> None:
    """The first answer stands; whoever comes later is told so."""
    turns.lock(closure.mentorship_id)
    now = one(closure.id)
    if now is None or not now.open:
        raise Meanwhile
    if outcome != WITHDRAWN and was_in_the_pair(closure.mentorship_id, by):
        raise PermissionError("an approver is never one of the pair")
    if outcome != WITHDRAWN and by == closure.proposed_by:
        raise PermissionError("nobody approves what they proposed")
    _write(closure, outcome, by, comment)


def _write(closure: Proposed, outcome: str, by: UUID, comment: str | None) -> None:
    row = ClosureStep(
        id=uuid4(),
        closure_id=closure.id,
        participant_id=closure.participant_id,
        outcome=outcome,
        at=clock.now(),
        by=by,
    )
    row.comment = comment
    db.session().add(row)
    db.session().flush()


def _pair(closure: Proposed) -> list[UUID]:
    found = db.rows(_PAIR, mentorship=closure.mentorship_id, day=clock.today())
    return [row.person_id for row in found]


def _tell(closure: Proposed, pair: list[UUID], what: str) -> None:
    for person in pair:
        notices.at_once(person, what, closure.id, closure.mentorship_id, clock.now())
