"""What a person is to be told. The table is the queue: written once, claimed, sent, withdrawn."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint, bindparam, case, func, or_, select, update
from sqlmodel import Field

from app import clock, db
from app.domain.news import TRIAL
from app.vault import Secret, sealed_column

WAITING, READY, SENDING, SENT = "waiting", "ready", "sending", "sent"
GATHERED, SPARED, WITHDRAWN, FAILED = "gathered", "spared", "withdrawn", "failed"
CLAIM = timedelta(minutes=2)  # a worker that has not come back by then is dead
WEEKLY = timedelta(days=7)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
TOPIC_BYTES = 24  # 32 characters, the most that RFC 8030 allows


class Notice(db.Row, table=True):
    """One thing to tell one person on one day. The same four facts make the same notice."""

    __table_args__ = (
        UniqueConstraint("person_id", "reminder", "about_id", "due_on"),
        Index(None, "state", "due_at"),
        Index(None, "person_id", "made_at"),
    )
    person_id: UUID = Field(foreign_key="person.id")
    reminder: str
    about_id: UUID  # the meeting, plan, request or mentorship
    mentorship_id: UUID | None = Field(default=None, foreign_key="mentorship.id", index=True)
    due_on: date
    due_at: datetime
    made_at: datetime
    state: str = WAITING
    topic: str  # random: the push service replaces what waits there, and learns nothing
    carrier_id: UUID | None = Field(default=None, foreign_key="notice.id", index=True)
    counts: bool = False  # toward the five a week
    tries: int = 0
    next_at: datetime | None = None
    claimed_at: datetime | None = None
    sent_at: datetime | None = None  # a push service or the mail server has taken it
    shown_at: datetime | None = None  # a phone says that it has shown it
    opened_at: datetime | None = None
    mailed_at: datetime | None = None
    mail_claimed_at: datetime | None = None
    ended_at: datetime | None = None
    # An address other than the person's; gone with the letter.
    to_ct: bytes | None = sealed_column()

    to = Secret("person_id")


class Delivery(db.Row, table=True):
    """A device whose push service has taken a notice: it is not sent there again."""

    __table_args__ = (UniqueConstraint("notice_id", "device_id"),)
    notice_id: UUID = Field(foreign_key="notice.id")
    device_id: UUID  # the device may be gone meanwhile
    at: datetime


class Due(NamedTuple):
    """What is to be told, as the rules say it."""

    person_id: UUID
    reminder: str
    about_id: UUID
    mentorship_id: UUID | None
    due_on: date
    due_at: datetime

    @property
    def key(self) -> tuple[UUID, str, UUID, date]:
        return (self.person_id, self.reminder, self.about_id, self.due_on)


class Told(NamedTuple):
    """A notice as a row."""

    id: UUID
    person_id: UUID
    reminder: str
    about_id: UUID
    mentorship_id: UUID | None
    due_on: date
    due_at: datetime
    made_at: datetime
    state: str
    topic: str
    carrier_id: UUID | None
    tries: int
    sent_at: datetime | None
    shown_at: datetime | None
    opened_at: datetime | None
    mailed_at: datetime | None
    ended_at: datetime | None

    @property
    def key(self) -> tuple[UUID, str, UUID, date]:
        return (self.person_id, self.reminder, self.about_id, self.due_on)


NOTICES, DELIVERIES = db.columns(Notice), db.columns(Delivery)
_TOLD = select(*(NOTICES.c[name] for name in Told._fields))
_ONE = _TOLD.where(NOTICES.c.id == bindparam("id"))
_UNSENT = _TOLD.where(
    or_(
        NOTICES.c.state.in_((WAITING, READY)),
        (NOTICES.c.state == SENDING) & (NOTICES.c.claimed_at < bindparam("dead")),
    ),
    or_(NOTICES.c.next_at.is_(None), NOTICES.c.next_at <= bindparam("now")),
).order_by(NOTICES.c.due_at, NOTICES.c.id)
_KEYS = select(NOTICES.c.person_id, NOTICES.c.reminder, NOTICES.c.about_id, NOTICES.c.due_on).where(
    NOTICES.c.due_on >= bindparam("since"), NOTICES.c.state != WITHDRAWN
)
_REVIVE = (
    update(NOTICES)
    .where(
        NOTICES.c.person_id == bindparam("person"),
        NOTICES.c.reminder == bindparam("its_reminder"),
        NOTICES.c.about_id == bindparam("about"),
        NOTICES.c.due_on == bindparam("on"),
        NOTICES.c.state == WITHDRAWN,
    )
    .values(state=WAITING, carrier_id=None, ended_at=None)
)
_TOLD_SINCE = select(NOTICES.c.id).where(
    NOTICES.c.person_id == bindparam("person"),
    NOTICES.c.reminder == bindparam("reminder"),
    NOTICES.c.made_at > bindparam("since"),
)
_SINCE = select(NOTICES.c.person_id, NOTICES.c.mentorship_id, NOTICES.c.reminder).where(
    NOTICES.c.sent_at >= bindparam("since")
)
_COUNTS = (
    select(NOTICES.c.person_id, func.count())
    .where(NOTICES.c.counts, NOTICES.c.sent_at > bindparam("since"))
    .group_by(NOTICES.c.person_id)
)
_MAKE_READY = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"), NOTICES.c.state.in_((WAITING, READY, SENDING)))
    .values(state=READY, carrier_id=None, counts=bindparam("its_counts"), next_at=bindparam("now"))
)
_CLAIM = (
    update(NOTICES)
    .where(
        NOTICES.c.id == bindparam("notice"),
        NOTICES.c.state == READY,
        NOTICES.c.next_at > bindparam("fresh"),  # else the reason may have gone since
    )
    .values(state=SENDING, claimed_at=bindparam("now"), tries=NOTICES.c.tries + 1)
    .returning(NOTICES.c.id)
)
_ASIDE = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"), NOTICES.c.state.in_((WAITING, READY, SENDING)))
    .values(
        state=bindparam("its_state"),
        carrier_id=bindparam("carrier"),
        ended_at=bindparam("ended"),
        to_ct=None,
    )
)
_SENT = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"))
    .values(state=SENT, sent_at=bindparam("now"))
)
_LATER = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"))
    .values(state=WAITING, next_at=bindparam("later"), mail_claimed_at=None)
)
_NOT_MAILED = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"))
    .values(
        state=case((NOTICES.c.state == SENT, SENT), else_=FAILED),
        mailed_at=None,
        ended_at=bindparam("now"),
        next_at=bindparam("never"),
        to_ct=None,
    )
)
_LET_GO = (
    update(NOTICES)
    .where(NOTICES.c.carrier_id == bindparam("carrier"), NOTICES.c.state == GATHERED)
    .values(state=WAITING, carrier_id=None, next_at=bindparam("later"))
)
_CARRIERS = NOTICES.alias("carriers")
_ALONE_AGAIN = (
    update(NOTICES)
    .where(
        NOTICES.c.state == GATHERED,
        NOTICES.c.carrier_id.in_(
            select(_CARRIERS.c.id).where(
                or_(
                    _CARRIERS.c.state.in_((WAITING, READY, WITHDRAWN, SPARED, FAILED)),
                    (_CARRIERS.c.state == SENDING) & (_CARRIERS.c.claimed_at < bindparam("dead")),
                )
            )
        ),
    )
    .values(state=WAITING, carrier_id=None)
)
_DELIVERED_TO = select(DELIVERIES.c.device_id).where(DELIVERIES.c.notice_id == bindparam("notice"))
_GATHERED = select(func.count()).where(
    NOTICES.c.carrier_id == bindparam("carrier"), NOTICES.c.state == GATHERED
)
_SHOWN = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"), NOTICES.c.shown_at.is_(None))
    .where(NOTICES.c.state.in_((SENDING, SENT)))
    .values(shown_at=bindparam("now"))
)
_OPENED = (
    update(NOTICES)
    .where(
        or_(NOTICES.c.id == bindparam("notice"), NOTICES.c.carrier_id == bindparam("notice")),
        NOTICES.c.opened_at.is_(None),
    )
    .values(opened_at=bindparam("now"))
)
_UNOPENED = _TOLD.where(
    NOTICES.c.state == SENT,
    NOTICES.c.sent_at <= bindparam("before"),
    NOTICES.c.sent_at > bindparam("after"),
    NOTICES.c.opened_at.is_(None),
    NOTICES.c.mailed_at.is_(None),
    or_(NOTICES.c.next_at.is_(None), NOTICES.c.next_at <= bindparam("now")),
).order_by(NOTICES.c.sent_at)
_CARRIED = _TOLD.where(
    NOTICES.c.carrier_id.in_(bindparam("carriers", expanding=True)), NOTICES.c.state == GATHERED
)
_CLAIM_MAIL = (
    update(NOTICES)
    .where(
        NOTICES.c.id == bindparam("notice"),
        NOTICES.c.mailed_at.is_(None),
        or_(NOTICES.c.mail_claimed_at.is_(None), NOTICES.c.mail_claimed_at < bindparam("dead")),
    )
    .values(mail_claimed_at=bindparam("now"))
    .returning(NOTICES.c.id)
)
_MAILED = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"))
    .values(
        state=SENT,
        mailed_at=bindparam("now"),
        sent_at=func.coalesce(NOTICES.c.sent_at, bindparam("now")),
        to_ct=None,
    )
)
_MAIL_LATER = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("notice"))
    .values(mail_claimed_at=None, next_at=bindparam("later"))
)
_LATELY = (
    _TOLD.where(NOTICES.c.person_id == bindparam("person"), NOTICES.c.made_at > bindparam("since"))
    .order_by(NOTICES.c.due_at.desc(), NOTICES.c.id)
    .limit(db.number("count"))
)
_ABOUT = _TOLD.where(
    NOTICES.c.about_id == bindparam("about"),
    NOTICES.c.person_id == bindparam("person"),
    NOTICES.c.reminder == bindparam("its_reminder"),
)


def write(due: Due) -> bool:
    """Put it in the queue, in whatever transaction is under way. False when it was there."""
    return db.insert_once(
        Notice,
        id=uuid4(),
        **due._asdict(),
        made_at=clock.now(),
        state=WAITING,
        topic=secrets.token_urlsafe(TOPIC_BYTES),
        counts=False,
        tries=0,
    )


def revive(due: Due) -> None:
    """Its reason had gone before it was sent, and is there again."""
    db.change(
        _REVIVE,
        person=due.person_id,
        its_reminder=due.reminder,
        about=due.about_id,
        on=due.due_on,
    )


def at_once(
    person_id: UUID, reminder: str, about_id: UUID, mentorship_id: UUID | None, now: datetime
) -> None:
    """What a request tells of, in its own transaction."""
    on = clock.in_denmark(now).date()
    write(Due(person_id, reminder, about_id, mentorship_id, on, now))


def by_letter(person_id: UUID, reminder: str, address: str, now: datetime) -> None:
    """The same to an address that is no longer the person's: each time anew."""
    row = Notice(
        id=uuid4(),
        person_id=person_id,
        reminder=reminder,
        about_id=uuid4(),
        due_on=clock.in_denmark(now).date(),
        due_at=now,
        made_at=now,
        topic=secrets.token_urlsafe(TOPIC_BYTES),
    )
    row.to = address
    db.session().add(row)
    db.session().flush()


def was_told_since(person_id: UUID, reminder: str, since: datetime) -> bool:
    return db.first(_TOLD_SINCE, person=person_id, reminder=reminder, since=since) is not None


def address_of(notice_id: UUID) -> str | None:
    """Where its letter goes, if not to the person's own address."""
    row = db.session().get_one(Notice, notice_id)
    return Notice.to.open(row.id, row.person_id, row.to_ct)


def trial(person_id: UUID, now: datetime) -> None:
    """The person asks for one; each is about nothing but itself."""
    on = clock.in_denmark(now).date()
    write(Due(person_id, TRIAL, uuid4(), None, on, now))


def one(notice_id: UUID) -> Told | None:
    row = db.first(_ONE, id=notice_id)
    return Told(*row) if row else None


def about(person_id: UUID, reminder: str, about_id: UUID) -> Told | None:
    """What was written of that matter to that person."""
    row = db.first(_ABOUT, person=person_id, its_reminder=reminder, about=about_id)
    return Told(*row) if row else None


def known(since: date) -> set[tuple[UUID, str, UUID, date]]:
    """The keys of all that were due since that day and have not been withdrawn."""
    return {(r.person_id, r.reminder, r.about_id, r.due_on) for r in db.rows(_KEYS, since=since)}


def part(now: datetime) -> None:
    """What was to ride on a message that has not gone is looked at by itself again."""
    db.change(_ALONE_AGAIN, dead=now - CLAIM)


def unsent(now: datetime) -> list[Told]:
    """What waits, and what a worker took and died with, in the order in which it fell due."""
    return [Told(*row) for row in db.rows(_UNSENT, now=now, dead=now - CLAIM)]


def counted(now: datetime) -> dict[UUID, int]:
    """How many each person has had in the last seven days, of those that count."""
    return dict(db.rows(_COUNTS, since=now - WEEKLY))


def sent_since(since: datetime) -> set[tuple[UUID, UUID | None, str]]:
    """Who has been sent something since then, of which mentorship, and what."""
    return {tuple(row) for row in db.rows(_SINCE, since=since)}


def make_ready(carrier: Told, others: Sequence[Told], counts: bool, now: datetime) -> None:
    """One message to a person: the first carries the others."""
    db.change(_MAKE_READY, notice=carrier.id, its_counts=counts, now=now)
    for other in others:
        _aside(other.id, GATHERED, now, carrier.id)


def withdraw(notice_id: UUID, now: datetime) -> None:
    """Its reason has gone."""
    _aside(notice_id, WITHDRAWN, now)


def spare(notice_id: UUID, now: datetime) -> None:
    """The person has had enough this week."""
    _aside(notice_id, SPARED, now)


def _aside(notice_id: UUID, state: str, now: datetime, carrier: UUID | None = None) -> None:
    db.change(_ASIDE, notice=notice_id, its_state=state, carrier=carrier, ended=now)


def claim(notice_id: UUID, now: datetime) -> Told | None:
    """Take it to send it. None when another has it, or it is not to be sent any more."""
    if db.first(_CLAIM, notice=notice_id, now=now, fresh=now - CLAIM) is None:
        return None
    return one(notice_id)


def delivered_to(notice_id: UUID) -> set[UUID]:
    """The devices that have had it."""
    return {row.device_id for row in db.rows(_DELIVERED_TO, notice=notice_id)}


def delivered(notice_id: UUID, device_id: UUID, now: datetime) -> None:
    db.insert_once(Delivery, id=uuid4(), notice_id=notice_id, device_id=device_id, at=now)


def gathers(carrier_id: UUID) -> bool:
    """Whether it stands for others too."""
    return bool(db.rows(_GATHERED, carrier=carrier_id)[0][0])


def sent(notice_id: UUID, now: datetime) -> None:
    db.change(_SENT, notice=notice_id, now=now)


def later(notice_id: UUID, at: datetime) -> None:
    """It could not be sent now; it and what it carried are looked at anew then."""
    db.change(_LATER, notice=notice_id, later=at)
    db.change(_LET_GO, carrier=notice_id, later=at)


def not_mailed(notice_id: UUID, now: datetime) -> None:
    """The mail server refuses the address for good: what a device has had stays sent."""
    db.change(_NOT_MAILED, notice=notice_id, now=now, never=NEVER)


def fail(notice_id: UUID, now: datetime) -> None:
    """No way leads to the person."""
    _aside(notice_id, FAILED, now)


def shown(notice_id: UUID, now: datetime) -> None:
    """A phone says so. Whoever knows the id may: it is random, and nothing is told back."""
    db.change(_SHOWN, notice=notice_id, now=now)


def opened(notice_id: UUID, now: datetime) -> None:
    """It and all that it carried."""
    db.change(_OPENED, notice=notice_id, now=now)


def unopened(now: datetime, after: timedelta, until: timedelta) -> list[Told]:
    """What was sent so long ago and not opened on any device, and has not gone by mail."""
    values = {"before": now - after, "after": now - until, "now": now}
    return [Told(*row) for row in db.rows(_UNOPENED, **values)]


def carried(carriers: Iterable[UUID]) -> dict[UUID, list[Told]]:
    """What each of them stands for beside itself."""
    found: dict[UUID, list[Told]] = {}
    ids = list(carriers)
    for row in db.rows(_CARRIED, carriers=ids) if ids else ():
        found.setdefault(row.carrier_id, []).append(Told(*row))
    return found


def claim_mail(notice_id: UUID, now: datetime) -> Told | None:
    """Take it to send it as a letter."""
    if db.first(_CLAIM_MAIL, notice=notice_id, now=now, dead=now - CLAIM) is None:
        return None
    return one(notice_id)


def mailed(notice_id: UUID, now: datetime) -> None:
    db.change(_MAILED, notice=notice_id, now=now)


def mail_later(notice_id: UUID, at: datetime) -> None:
    db.change(_MAIL_LATER, notice=notice_id, later=at)


def lately(person_id: UUID, since: datetime, count: int) -> list[Told]:
    """The newest of one person, with their fates."""
    return [Told(*row) for row in db.rows(_LATELY, person=person_id, since=since, count=count)]


def fate(told: Told, carrier: Any = None) -> str:
    """How far it came, in one word; what was gathered shares the fate of what carried it."""
    seen = carrier or told
    if told.state == GATHERED and carrier is None:
        return SENT
    if told.state in (SPARED, WITHDRAWN, FAILED):
        return told.state
    if seen.opened_at:
        return "opened"
    if seen.shown_at:
        return "shown"
    if seen.mailed_at:
        return "mailed"
    return SENT if seen.state == SENT else WAITING
