"""What must be said to the leader now: a concern, or an agreement that is broken. Never what it is.

A concern (bekymring) is raised and nothing more: the two talk on the phone. Of a broken agreement a
code is kept. Every answer is a row with who and when.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Index, Select, bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import news, notices, receipts, strand, trail, turns
from app.domain.branches import BRANCHES
from app.domain.mentorships import MENTORSHIPS, PARTICIPANTS, SEATS, View, sits
from app.domain.people import PEOPLE
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, ring, sealed_column

CONCERN, BROKEN = "concern", "broken"
CODES = {  # how an agreement is broken
    "appointments": mark("Aftaler bliver ikke holdt"),
    "contact": mark("Kontakt ud over det aftalte"),
    "money": mark("Penge, gaver eller ærinder"),
    "influence": mark("Påvirket til et møde"),
    "other": mark("Noget andet"),
}
KINDS = {CONCERN: mark("Bekymring"), BROKEN: mark("Aftalen er brudt")}
SEEN = "seen"
DECISIONS = {  # by kind; what the leader has done or decided
    CONCERN: {
        "talked": mark("Talt igennem: ikke mere nu"),
        "municipality": mark("Kommunen er underrettet"),
        "police": mark("Politiet har fået besked"),
    },
    BROKEN: {
        "continues": mark("Kontakten fortsætter"),
        "changes": mark("Kontakten fortsætter på en anden måde"),
        "pause": mark("Forløbet holder pause"),
        "ends": mark("Forløbet skal slutte"),
    },
}
LONGEST = 500  # characters, of the leader's word to the pair


class Meanwhile(Exception):
    """Somebody has decided it."""


class Alert(db.Row, table=True):
    """Raised by one of the pair. The id is made on the page, so that a second tap is harmless."""

    __table_args__ = (Index(None, "mentorship_id", "raised_at"),)
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    kind: str  # CONCERN or BROKEN
    code: str | None = None  # one of CODES, of a broken agreement
    raised_by: UUID = Field(foreign_key="person.id", index=True)
    raised_at: datetime


class AlertStep(db.Row, table=True):
    """The leader has seen it, or decided."""

    __tablename__ = "alert_step"
    alert_id: UUID = Field(foreign_key="alert.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    outcome: str  # SEEN, or one of DECISIONS
    at: datetime
    by: UUID = Field(foreign_key="person.id")
    comment_ct: bytes | None = sealed_column()

    comment = Secret("participant_id")  # a word to the pair


class Step(NamedTuple):
    """An answer as a row."""

    id: UUID
    alert_id: UUID
    participant_id: UUID
    outcome: str
    at: datetime
    by: UUID
    comment_ct: bytes | None

    def comment(self) -> str | None:
        try:
            return AlertStep.comment.open(self.id, self.participant_id, self.comment_ct)
        except KeyGone:
            return None


class Raised(NamedTuple):
    """An alert with its answers, oldest first."""

    id: UUID
    mentorship_id: UUID
    participant_id: UUID
    kind: str
    code: str | None
    raised_by: UUID
    raised_at: datetime
    first_name_ct: bytes | None
    steps: tuple[Step, ...] = ()

    @property
    def decided(self) -> Step | None:
        return next((step for step in self.steps if step.outcome != SEEN), None)

    @property
    def seen(self) -> bool:
        return bool(self.steps)


ALERTS, STEP_ROWS = db.columns(Alert), db.columns(AlertStep)
_RAISED = select(
    *(ALERTS.c[name] for name in Raised._fields[:7]), PARTICIPANTS.c.first_name_ct
).join(PARTICIPANTS, PARTICIPANTS.c.id == ALERTS.c.participant_id)
_ONE = _RAISED.where(ALERTS.c.id == bindparam("id"))
_OF = (
    _RAISED.where(
        ALERTS.c.mentorship_id == bindparam("mentorship"), ALERTS.c.kind == bindparam("its_kind")
    )
    .order_by(ALERTS.c.raised_at.desc())
    .limit(db.number("count"))
)
_LED = (
    _RAISED.join(MENTORSHIPS, MENTORSHIPS.c.id == ALERTS.c.mentorship_id)
    .where(
        MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)),
        MENTORSHIPS.c.id.not_in(
            select(SEATS.c.mentorship_id).where(SEATS.c.person_id == bindparam("reader"))
        ),
    )
    .order_by(ALERTS.c.raised_at.desc())
    .limit(db.number("count"))
)
_ALL = (
    select(
        ALERTS.c.kind,
        ALERTS.c.mentorship_id,
        ALERTS.c.raised_at,
        ALERTS.c.raised_by,
        PEOPLE.c.first_name_ct,
        PEOPLE.c.phone_ct,
        MENTORSHIPS.c.branch_id,
        MENTORSHIPS.c.leader_id,
        BRANCHES.c.name.label("branch"),
        STEP_ROWS.c.outcome,
        STEP_ROWS.c.at,
    )
    .select_from(
        ALERTS.join(MENTORSHIPS, MENTORSHIPS.c.id == ALERTS.c.mentorship_id)
        .join(BRANCHES, BRANCHES.c.id == MENTORSHIPS.c.branch_id)
        .join(PEOPLE, PEOPLE.c.id == ALERTS.c.raised_by)
        .outerjoin(STEP_ROWS, (STEP_ROWS.c.alert_id == ALERTS.c.id) & (STEP_ROWS.c.outcome != SEEN))
    )
    .order_by(STEP_ROWS.c.outcome.is_not(None), ALERTS.c.raised_at.desc())
    .limit(db.number("count"))
)
_STEPS = (
    select(*(STEP_ROWS.c[name] for name in Step._fields))
    .where(STEP_ROWS.c.alert_id.in_(bindparam("alerts", expanding=True)))
    .order_by(STEP_ROWS.c.at, STEP_ROWS.c.id)
)
_PAIR = select(SEATS.c.person_id).where(
    SEATS.c.mentorship_id == bindparam("mentorship"), sits(SEATS, bindparam("day"))
)


def open_among(those: Any) -> Select[Any]:
    """Those of these mentorships that nobody has decided; `word` is the kind."""
    found = strand.of("alert", ref=ALERTS.c.id, word=ALERTS.c.kind, other=ALERTS.c.mentorship_id)
    return found.where(
        ALERTS.c.mentorship_id.in_(those),
        ~select(STEP_ROWS.c.id)
        .where(STEP_ROWS.c.alert_id == ALERTS.c.id, STEP_ROWS.c.outcome != SEEN)
        .exists(),
    )


def one(alert_id: UUID) -> Raised | None:
    found = _with_steps(db.rows(_ONE, id=alert_id))
    return found[0] if found else None


def of(mentorship_id: UUID, kind: str, count: int = 20) -> list[Raised]:
    """Of one mentorship, newest first."""
    return _with_steps(db.rows(_OF, mentorship=mentorship_id, its_kind=kind, count=count))


def led(branches: Iterable[UUID], reader: UUID, count: int = 60) -> list[Raised]:
    """Of these branches, those that wait first; never of a pair that the reader is or was in."""
    found = _with_steps(db.rows(_LED, branches=list(branches), reader=reader, count=count))
    ring().take(one.participant_id for one in found)
    return sorted(found, key=lambda one: one.decided is not None)


def everywhere(count: int = 60) -> list[Any]:
    """Of every branch, for the national office, as rows without a participant: kind, when, by
    which mentor, branch, what was decided and when.
    """
    found = db.rows(_ALL, count=count)
    ring().take(row.raised_by for row in found if row.outcome is None)
    return found


def raise_one(
    client_id: UUID, mine: View, kind: str, code: str | None, pen: trail.Pen, by: UUID
) -> UUID:
    """Said at once to whoever leads it today. Sent again, it is the same one."""
    content: dict[str, object] = {"to": str(mine.id), "kind": kind, "code": code}
    stored = receipts.take(client_id, by, mine.participant_id, client_id, content)
    if stored:
        return stored
    row = Alert(
        id=client_id,
        mentorship_id=mine.id,
        participant_id=mine.participant_id,
        kind=kind,
        code=code,
        raised_by=by,
        raised_at=clock.now(),
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.RAISED, kind, client_id, mine.participant_id)
    for leader in mine.leading.told:
        notices.at_once(leader, news.ALERT, client_id, mine.id, clock.now())
    return client_id


def see(alert: Raised, pen: trail.Pen, by: UUID) -> None:
    """The leader has seen it; the first time counts."""
    turns.lock(alert.mentorship_id)
    now = one(alert.id)
    if now and not now.seen:
        _put(now, SEEN, None, by)
        pen.write(trail.EDITED, alert.kind, alert.id, alert.participant_id)


def decide(alert: Raised, outcome: str, comment: str | None, pen: trail.Pen, by: UUID) -> None:
    """What came of it. The pair is told of what concerns their agreement, never of a concern."""
    turns.lock(alert.mentorship_id)
    now = one(alert.id)
    if now is None or now.decided or outcome not in DECISIONS[alert.kind]:
        raise Meanwhile
    _put(now, outcome, comment if alert.kind == BROKEN else None, by)
    pen.write(trail.SETTLED, alert.kind, alert.id, alert.participant_id)
    if alert.kind == BROKEN:
        for seat in db.rows(_PAIR, mentorship=alert.mentorship_id, day=clock.today()):
            notices.at_once(
                seat.person_id, news.DECIDED, alert.id, alert.mentorship_id, clock.now()
            )


def _put(alert: Raised, outcome: str, comment: str | None, by: UUID) -> None:
    row = AlertStep(
        id=uuid4(),
        alert_id=alert.id,
        participant_id=alert.participant_id,
        outcome=outcome,
        at=clock.now(),
        by=by,
    )
    row.comment = comment
    db.session().add(row)
    db.session().flush()


def _with_steps(found: list[Any]) -> list[Raised]:
    if not found:
        return []
    steps: dict[UUID, list[Step]] = {}
    for row in db.rows(_STEPS, alerts=[row.id for row in found]):
        steps.setdefault(row.alert_id, []).append(Step(*row))
    return [Raised(**row._asdict(), steps=tuple(steps.get(row.id, ()))) for row in found]
