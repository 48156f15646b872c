"""The fixed amount of a mentorship: granted, asked for, and the leader's yes. In øre, never a debt.

It is for the relation and well-being (rules for volunteers, 10); no money passes between the two.
"""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Select, bindparam, func, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import receipts, strand, trail
from app.domain.branches import BRANCHES
from app.domain.meetings import HELD, MEETINGS
from app.domain.mentorships import MENTORSHIPS
from app.key_store import KeyGone
from app.vault import Secret, sealed_column

MOST = 100_000_00  # øre
LONGEST = 200  # characters


class Meanwhile(Exception):
    """It has been answered."""


class Grant(db.Row, table=True):
    """What a mentorship may use; the newest counts."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    amount: int  # øre
    at: datetime
    by: UUID = Field(foreign_key="person.id")


class Expense(db.Row, table=True):
    """Something that one of the pair has spent, or will."""

    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    on: date
    amount: int  # øre
    asked_by: UUID = Field(foreign_key="person.id")
    asked_at: datetime
    what_ct: bytes | None = sealed_column()

    what = Secret("participant_id")


class ExpenseAnswer(db.Row, table=True):
    """The leader's yes or no."""

    __tablename__ = "expense_answer"
    expense_id: UUID = Field(foreign_key="expense.id", unique=True)
    yes: bool
    at: datetime
    by: UUID = Field(foreign_key="person.id")


class Spent(NamedTuple):
    """An expense with its answer; `yes` is None while it waits."""

    id: UUID
    participant_id: UUID
    on: date
    amount: int
    asked_by: UUID
    what_ct: bytes | None
    yes: bool | None

    def what(self) -> str | None:
        try:
            return Expense.what.open(self.id, self.participant_id, self.what_ct)
        except KeyGone:
            return None


class Account(NamedTuple):
    """How a mentorship stands, in øre."""

    granted: int
    spent: list[Spent]  # newest first

    @property
    def used(self) -> int:
        return sum(one.amount for one in self.spent if one.yes)

    @property
    def rest(self) -> int:
        return self.granted - self.used


_GRANTS, EXPENSES = db.columns(Grant), db.columns(Expense)
ANSWERS = db.columns(ExpenseAnswer)
_GRANTED = (
    select(_GRANTS.c.amount)
    .where(_GRANTS.c.mentorship_id == bindparam("mentorship"))
    .order_by(_GRANTS.c.at.desc(), _GRANTS.c.id)
    .limit(db.ONE)
)
_SPENT = (
    select(
        EXPENSES.c.id,
        EXPENSES.c.participant_id,
        EXPENSES.c.on,
        EXPENSES.c.amount,
        EXPENSES.c.asked_by,
        EXPENSES.c.what_ct,
        ANSWERS.c.yes,
    )
    .outerjoin(ANSWERS, ANSWERS.c.expense_id == EXPENSES.c.id)
    .where(EXPENSES.c.mentorship_id == bindparam("mentorship"))
    .order_by(EXPENSES.c.on.desc(), EXPENSES.c.asked_at.desc())
)
_UNANSWERED = (  # where the branch has a fixed amount still
    ~select(ANSWERS.c.id).where(ANSWERS.c.expense_id == EXPENSES.c.id).exists(),
    MENTORSHIPS.c.branch_id.not_in(select(BRANCHES.c.id).where(BRANCHES.c.no_grants)),
)
WAITING = (
    select(EXPENSES.c.id, EXPENSES.c.asked_at.label("at"))
    .join(MENTORSHIPS, MENTORSHIPS.c.id == EXPENSES.c.mentorship_id)
    .where(*_UNANSWERED)
)
_OWNER = select(EXPENSES.c.mentorship_id).where(EXPENSES.c.id == bindparam("expense"))
_KM = (
    select(MENTORSHIPS.c.branch_id, MEETINGS.c.held_on, MEETINGS.c.km)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == MEETINGS.c.mentorship_id)
    .where(
        MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)),
        MEETINGS.c.outcome == HELD,
        MEETINGS.c.held_on >= bindparam("since"),
        MEETINGS.c.km > 0,
    )
)
_KM_OF = select(func.sum(MEETINGS.c.km)).where(
    MEETINGS.c.mentorship_id == bindparam("mentorship"), MEETINGS.c.outcome == HELD
)
_OFF = select(BRANCHES.c.no_grants).where(
    BRANCHES.c.id
    == select(MENTORSHIPS.c.branch_id)
    .where(MENTORSHIPS.c.id == bindparam("mentorship"))
    .scalar_subquery()
)
# Of the mentorship asked about: that its branch has no fixed amount.
OFF = strand.of("no_grants", other=MENTORSHIPS.c.id).where(
    MENTORSHIPS.c.id == bindparam("mentorship"),
    MENTORSHIPS.c.branch_id.in_(select(BRANCHES.c.id).where(BRANCHES.c.no_grants)),
)
_SWITCH = (
    update(BRANCHES).where(BRANCHES.c.id == bindparam("branch")).values(no_grants=bindparam("off"))
)


def waiting_among(those: Any) -> Select[Any]:
    """The expenses of these mentorships that wait for the leader's answer."""
    waiting = strand.of("expense", other=EXPENSES.c.mentorship_id).select_from(
        EXPENSES.join(MENTORSHIPS, MENTORSHIPS.c.id == EXPENSES.c.mentorship_id)
    )
    return waiting.where(EXPENSES.c.mentorship_id.in_(those), *_UNANSWERED)


def account(mentorship_id: UUID) -> Account:
    row = db.first(_GRANTED, mentorship=mentorship_id)
    spent = [Spent(*found) for found in db.rows(_SPENT, mentorship=mentorship_id)]
    return Account(row.amount if row else 0, spent)


def switched_off(mentorship_id: UUID) -> bool:
    """Whether the branch has no fixed amount."""
    row = db.first(_OFF, mentorship=mentorship_id)
    return bool(row and row.no_grants)


def switch(branch: UUID, off: bool, pen: trail.Pen) -> None:
    db.change(_SWITCH, branch=branch, off=off)
    pen.write(trail.EDITED, "branch", branch)


def kilometres_of(mentorship_id: UUID) -> int:
    """Driven for one mentorship's meetings."""
    return int(db.connection().execute(_KM_OF, {"mentorship": mentorship_id}).scalar() or 0)


def kilometres(branches: frozenset[UUID], since: date) -> dict[tuple[UUID, int, int], int]:
    """By branch, year and quarter."""
    found: dict[tuple[UUID, int, int], int] = {}
    for row in db.rows(_KM, branches=list(branches), since=since):
        key = (row.branch_id, row.held_on.year, (row.held_on.month + 2) // 3)
        found[key] = found.get(key, 0) + row.km
    return found


def grant(mentorship_id: UUID, participant: UUID, amount: int, pen: trail.Pen, by: UUID) -> None:
    """So much may be used, from now on."""
    row = Grant(id=uuid4(), mentorship_id=mentorship_id, amount=amount, at=clock.now(), by=by)
    db.session().add(row)
    db.session().flush()
    pen.write(trail.EDITED, "grant", mentorship_id, participant)


def ask(
    client_id: UUID, life: Any, on: date, amount: int, what: str, pen: trail.Pen, by: UUID
) -> UUID:
    """One of the pair asks. Sent again, it is the same. `life` has an id and a participant_id."""
    content: dict[str, object] = {"on": str(on), "amount": amount, "what": what}
    stored = receipts.take(client_id, by, life.participant_id, client_id, content)
    if stored:
        return stored
    row = Expense(
        id=client_id,
        mentorship_id=life.id,
        participant_id=life.participant_id,
        on=on,
        amount=amount,
        asked_by=by,
        asked_at=clock.now(),
    )
    row.what = what
    db.session().add(row)
    db.session().flush()
    pen.write(trail.LOGGED, "expense", client_id, life.participant_id)
    return client_id


def owner_of(expense_id: UUID) -> UUID | None:
    """Of which mentorship an expense is."""
    row = db.first(_OWNER, expense=expense_id)
    return row and row.mentorship_id


def answer(expense_id: UUID, participant: UUID, yes: bool, pen: trail.Pen, by: UUID) -> None:
    """The leader's yes or no; the first stands."""
    new = db.insert_once(
        ExpenseAnswer, id=uuid4(), expense_id=expense_id, yes=yes, at=clock.now(), by=by
    )
    if not new:
        raise Meanwhile
    pen.write(trail.APPROVED if yes else trail.DECLINED, "expense", expense_id, participant)
