"""Erasing one person: asked for or due, carried out in steps that may break off, and its receipt.

A row says how far it has come: begun, rows gone, done. Whoever finds one that is not done goes on
with it. The receipt holds an id that means nobody any more, and how many rows went from where.
"""

import secrets
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import (
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field

from app import clock, db
from app.domain import belongings, figures, notices, trail
from app.domain.belongings import PARTICIPANT, PERSON
from app.domain.mentorships import MENTORSHIPS, PARTICIPANTS
from app.domain.notices import NOTICES, READY, SENDING, WAITING
from app.domain.people import PEOPLE
from app.domain.referrals import REFERRALS
from app.language import mark

DUE, RESTORED = "due", "restored"
WISH, CONSENT, MISTAKE, OTHER = "wish", "consent", "mistake", "other"
REASONS = {  # why ahead of time; a code, since a text would be about the person
    WISH: mark("Personen har bedt om det"),
    CONSENT: mark("Et samtykke er trukket tilbage"),
    MISTAKE: mark("Skrevet ind ved en fejl"),
    OTHER: mark("Databeskyttelsesrådgiveren har bedt om det"),
}
WHY = {
    DUE: mark("Fristen er udløbet"),
    RESTORED: mark("Slettet igen, da en kopi blev lagt tilbage"),
} | REASONS
ASKED, CONFIRMED, BEGUN, REMOVED, DONE, ENDED = (
    "asked",
    "confirmed",
    "begun",
    "removed",
    "done",
    "ended",
)
_OPEN = text("done_at IS NULL AND ended_at IS NULL")


class Meanwhile(Exception):
    """It is not where the page showed it."""


class Refused(Exception):
    """`why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Erasure(db.Row, table=True):
    """One erasing of one person, from the wish for it to the receipt."""

    __table_args__ = (
        Index(
            "ix_erasure_open", "subject_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )
    subject_id: UUID
    kind: str  # PARTICIPANT or PERSON
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")
    why: str  # one of WHY
    asked_by: UUID | None = Field(default=None, foreign_key="person.id")  # None: by the clock
    asked_at: datetime
    confirmed_by: UUID | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    ended_by: UUID | None = Field(default=None, foreign_key="person.id")  # taken back, or refused
    ended_at: datetime | None = None
    begun_at: datetime | None = None
    removed_at: datetime | None = None  # the rows are gone
    done_at: datetime | None = None  # the key too, and nothing lies in a log


class ErasureCount(db.Row, table=True):
    """How many rows went from one table."""

    __tablename__ = "erasure_count"
    __table_args__ = (UniqueConstraint("erasure_id", "name"),)
    erasure_id: UUID = Field(foreign_key="erasure.id")
    name: str
    n: int


class Told(NamedTuple):
    """An erasing as a row."""

    id: UUID
    subject_id: UUID
    kind: str
    branch_id: UUID | None
    why: str
    asked_by: UUID | None
    asked_at: datetime
    confirmed_by: UUID | None
    confirmed_at: datetime | None
    ended_by: UUID | None
    ended_at: datetime | None
    begun_at: datetime | None
    removed_at: datetime | None
    done_at: datetime | None

    @property
    def state(self) -> str:
        steps = (
            (ENDED, self.ended_at),
            (DONE, self.done_at),
            (REMOVED, self.removed_at),
            (BEGUN, self.begun_at),
            (CONFIRMED, self.confirmed_at),
        )
        return next((name for name, at in steps if at), ASKED)


ERASURES, COUNTS = db.columns(Erasure), db.columns(ErasureCount)
_TOLD = select(*(ERASURES.c[name] for name in Told._fields))
_ONE = _TOLD.where(ERASURES.c.id == bindparam("id"))
_LOCKED = _ONE.with_for_update()
_IS_OPEN = ERASURES.c.done_at.is_(None) & ERASURES.c.ended_at.is_(None)
_OPEN_OF = _TOLD.where(ERASURES.c.subject_id == bindparam("subject"), _IS_OPEN)
_AGREED = or_(ERASURES.c.begun_at.is_not(None), ERASURES.c.confirmed_at.is_not(None))
_UNFINISHED = _TOLD.where(_IS_OPEN, _AGREED).order_by(ERASURES.c.asked_at)
_ALL = _TOLD.order_by(
    ERASURES.c.done_at.is_not(None), ERASURES.c.asked_at.desc(), ERASURES.c.id
).limit(db.number("count"))
_OF_BRANCHES = _ALL.where(ERASURES.c.branch_id.in_(bindparam("branches", expanding=True)))
_CONFIRM = (
    update(ERASURES)
    .where(
        ERASURES.c.id == bindparam("erasure"),
        _IS_OPEN,
        ERASURES.c.confirmed_at.is_(None),
        ERASURES.c.begun_at.is_(None),
    )
    .values(confirmed_by=bindparam("person"), confirmed_at=bindparam("now"))
)
_END = (
    update(ERASURES)
    .where(ERASURES.c.id == bindparam("erasure"), _IS_OPEN, ERASURES.c.begun_at.is_(None))
    .values(ended_by=bindparam("person"), ended_at=bindparam("now"))
)
_SET = {
    name: update(ERASURES)
    .where(ERASURES.c.id == bindparam("erasure"))
    .values({name: bindparam("now")})
    for name in ("begun_at", "removed_at", "done_at")
}
_DROP = delete(ERASURES).where(ERASURES.c.id == bindparam("erasure"))
_COUNTS = (
    select(COUNTS.c.name, COUNTS.c.n)
    .where(COUNTS.c.erasure_id == bindparam("erasure"))
    .order_by(COUNTS.c.name)
)
_LOCKS: dict[str, tuple[Any, ...]] = {  # whoever writes about them waits, and then finds nobody
    PARTICIPANT: (
        select(PARTICIPANTS.c.id).where(PARTICIPANTS.c.id == bindparam("subject")),
        select(MENTORSHIPS.c.id).where(MENTORSHIPS.c.participant_id == bindparam("subject")),
        select(REFERRALS.c.id).where(REFERRALS.c.participant_id == bindparam("subject")),
    ),
    PERSON: (select(PEOPLE.c.id).where(PEOPLE.c.id == bindparam("subject")),),
}
_EMPTY = (
    update(PEOPLE)
    .where(PEOPLE.c.id == bindparam("subject"))
    .values(
        branch_id=None,
        email_mark=bindparam("nobody"),
        password_hash=None,
        language="da",
        left_at=bindparam("now"),
        no_install_at=None,
        first_name_ct=None,
        surname_ct=None,
        email_ct=None,
        phone_ct=None,
    )
)
_DELETE_PERSON = delete(PEOPLE).where(PEOPLE.c.id == bindparam("subject"))
_SHELLS = select(PEOPLE.c.id).where(
    PEOPLE.c.left_at.is_not(None),
    exists().where(ERASURES.c.subject_id == PEOPLE.c.id, ERASURES.c.done_at.is_not(None)),
)
_UNCARRY = (
    update(NOTICES)
    .where(NOTICES.c.carrier_id.in_(bindparam("carriers", expanding=True)))
    .values(carrier_id=None)
)


def _branch(table: Table, since: Any) -> Any:
    """The branch of the participant's newest row there."""
    return (
        select(table.c.branch_id)
        .where(table.c.participant_id == PARTICIPANTS.c.id)
        .order_by(since.desc())
        .limit(db.ONE)
        .scalar_subquery()
    )


_PARTICIPANT = select(
    PARTICIPANTS.c.id,
    _branch(MENTORSHIPS, MENTORSHIPS.c.matched_on).label("branch_of_life"),
    _branch(REFERRALS, REFERRALS.c.made_at).label("branch_of_referral"),
).where(PARTICIPANTS.c.id == bindparam("subject"))
_PERSON = select(PEOPLE.c.id, PEOPLE.c.branch_id).where(PEOPLE.c.id == bindparam("subject"))


def one(erasure_id: UUID) -> Told | None:
    row = db.first(_ONE, id=erasure_id)
    return Told(*row) if row else None


def open_of(subject: UUID) -> Told | None:
    """The one under way, if there is one."""
    row = db.first(_OPEN_OF, subject=subject)
    return Told(*row) if row else None


def everything(count: int) -> list[Told]:
    """Those that are not done first, then the newest."""
    return [Told(*row) for row in db.rows(_ALL, count=count)]


def of(branches: frozenset[UUID], count: int) -> list[Told]:
    return [Told(*row) for row in db.rows(_OF_BRANCHES, branches=list(branches), count=count)]


def unfinished() -> list[Told]:
    """What two have agreed on, and what has begun and broken off."""
    return [Told(*row) for row in db.rows(_UNFINISHED)]


def counts(erasure_id: UUID) -> list[tuple[str, int]]:
    """The receipt: rows by table."""
    return [(row.name, row.n) for row in db.rows(_COUNTS, erasure=erasure_id)]


def subject_of(subject: UUID) -> tuple[str, UUID | None] | None:
    """Who has that id, and in which branch; None when nobody has."""
    row = db.first(_PARTICIPANT, subject=subject)
    if row:
        return PARTICIPANT, row.branch_of_life or row.branch_of_referral
    row = db.first(_PERSON, subject=subject)
    return (PERSON, row.branch_id) if row else None


def ask(subject: UUID, kind: str, branch: UUID | None, why: str, pen: trail.Pen, by: UUID) -> UUID:
    """Somebody asks for it ahead of time. Asked again, it is the same wish."""
    known = open_of(subject)
    if known:
        return known.id
    made = _begin(subject, kind, branch, why, by, None)
    pen.write(trail.ASKED, "erasure", made, subject, reason=why)
    return made


def confirm(told: Told, pen: trail.Pen, by: UUID) -> None:
    """Another one says yes: from now on it is carried out (ASVS 2.3.5)."""
    if by == told.asked_by:
        raise Refused("own")
    if not db.change(_CONFIRM, erasure=told.id, person=by, now=clock.now()):
        raise Meanwhile
    pen.write(trail.APPROVED, "erasure", told.id, told.subject_id, reason=told.why)


def end(told: Told, pen: trail.Pen, by: UUID) -> None:
    """It is taken back by whoever asked, or refused; nothing was erased."""
    if not db.change(_END, erasure=told.id, person=by, now=clock.now()):
        raise Meanwhile
    word = trail.TOOK_BACK if by == told.asked_by else trail.DECLINED
    pen.write(word, "erasure", told.id, told.subject_id)


def begin(subject: UUID, kind: str, branch: UUID | None, why: str, now: datetime) -> UUID:
    """By the clock, or from the shell: there is nobody to confirm it. Begun before, it goes on."""
    known = open_of(subject)
    made = known.id if known else _begin(subject, kind, branch, why, None, now)
    if known and known.begun_at is None:
        db.change(_SET["begun_at"], erasure=made, now=now)
    return made


def drop(told: Told) -> None:
    """It is due no longer, and no row of theirs has gone."""
    db.change(_DROP, erasure=told.id)


def remove(erasure_id: UUID, pen: trail.Pen, now: datetime) -> None:
    """Figures are kept, then every row is deleted: all of it in the transaction under way."""
    row = db.first(_LOCKED, id=erasure_id)
    told = Told(*row) if row else None
    if told is None or told.removed_at or told.ended_at:
        return
    subject = told.subject_id
    for locked in _LOCKS[told.kind]:
        db.rows(locked.with_for_update(), subject=subject)
    if told.kind == PARTICIPANT:
        figures.freeze_participant(subject)
    else:
        figures.freeze_person(subject)
    _let_go_of_notices(told.kind, subject, now)
    gone = belongings.remove(told.kind, subject)
    if told.kind == PERSON:
        gone |= _empty(subject, now)
    for name, n in gone.items():
        db.connection().execute(
            insert(COUNTS).values(id=uuid4(), erasure_id=erasure_id, name=name, n=n)
        )
    db.change(_SET["removed_at"], erasure=erasure_id, now=now)
    pen.write(trail.ERASED, told.kind, erasure_id, subject, reason=told.why)


def finish(erasure_id: UUID, now: datetime) -> None:
    """The key is destroyed, and nothing lies beside the files."""
    db.change(_SET["done_at"], erasure=erasure_id, now=now)


def bury() -> int:
    """Delete the empty rows of erased people that nothing names any more."""
    found = [row.id for row in db.rows(_SHELLS)]
    free = [one for one in found if not db.first(belongings.named_still(), subject=one)]
    return sum(db.change(_DELETE_PERSON, subject=one) for one in free)


def _begin(
    subject: UUID,
    kind: str,
    branch: UUID | None,
    why: str,
    by: UUID | None,
    begun_at: datetime | None,
) -> UUID:
    made = uuid4()
    db.connection().execute(
        insert(ERASURES).values(
            id=made,
            subject_id=subject,
            kind=kind,
            branch_id=branch,
            why=why,
            asked_by=by,
            asked_at=clock.now(),
            begun_at=begun_at,
        )
    )
    return made


def _let_go_of_notices(kind: str, subject: UUID, now: datetime) -> None:
    """What rode on a message of theirs stands by itself again, or has been sent with it."""
    theirs = select(NOTICES.c.id, NOTICES.c.state).where(belongings.theirs("notice", kind))
    found = db.rows(theirs, subject=subject)
    for row in found:
        if row.state in (WAITING, READY, SENDING):
            notices.withdraw(row.id, now)
    notices.part(now)
    db.change(_UNCARRY, carriers=[row.id for row in found])


def _empty(subject: UUID, now: datetime) -> dict[str, int]:
    """The person's own row: deleted, or without anything while others' rows name the id."""
    if not db.first(belongings.named_still(), subject=subject):
        return {PERSON: db.change(_DELETE_PERSON, subject=subject)}
    return {PERSON: db.change(_EMPTY, subject=subject, nobody=secrets.token_bytes(32), now=now)}
