"""Contact between meetings: a call, a text message, or an attempt. Never counted as a meeting."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, bindparam, delete, func, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import mentorships, receipts, strand, trail
from app.domain.meetings import HELD, MEETINGS
from app.domain.mentorships import MENTORSHIPS, View
from app.language import mark

CALL, SMS, ATTEMPT = "call", "sms", "attempt"
KINDS = {CALL: mark("Opkald"), SMS: mark("Sms"), ATTEMPT: mark("Forsøgte at få kontakt")}


class Contact(db.Row, table=True):
    """Logged in two taps. The id is made on the phone."""

    __table_args__ = (Index("ix_contact_days", "mentorship_id", "on", "at", "kind"),)
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    author_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str  # one of KINDS
    on: date
    at: datetime


class Made(NamedTuple):
    """A contact as a row."""

    id: UUID
    kind: str
    on: date
    author_id: UUID
    at: datetime


CONTACTS = db.columns(Contact)
_OF = (
    select(*(CONTACTS.c[name] for name in Made._fields))
    .where(CONTACTS.c.mentorship_id == bindparam("mentorship"))
    .order_by(CONTACTS.c.on.desc(), CONTACTS.c.at.desc())
    .limit(db.number("count"))
)
_NEWEST = _OF.limit(db.ONE).subquery("newest")
LAST = strand.of(
    "contact", on=_NEWEST.c.on, person=_NEWEST.c.author_id, ref=_NEWEST.c.id, word=_NEWEST.c.kind
)
_SOME = _OF.subquery("some")
LATELY = strand.of(
    "contact", on=_SOME.c.on, person=_SOME.c.author_id, ref=_SOME.c.id, word=_SOME.c.kind
)
DAYS = strand.of("touch", on=CONTACTS.c.on).where(
    CONTACTS.c.mentorship_id == bindparam("mentorship"),
    CONTACTS.c.on >= bindparam("since"),
    CONTACTS.c.kind != ATTEMPT,
)
MET = strand.of("touch", on=MEETINGS.c.held_on).where(
    MEETINGS.c.mentorship_id == bindparam("mentorship"),
    MEETINGS.c.held_on >= bindparam("since"),
    MEETINGS.c.outcome == HELD,
)
_ONE = select(CONTACTS).where(CONTACTS.c.id == bindparam("id"))
_REACHED_ON = (
    select(func.max(CONTACTS.c.on))
    .where(CONTACTS.c.mentorship_id == MENTORSHIPS.c.id, CONTACTS.c.kind != ATTEMPT)
    .correlate(MENTORSHIPS)
    .scalar_subquery()
)
_KEEP_ALL = update(MENTORSHIPS).values(reached_on=_REACHED_ON)
_KEEP = _KEEP_ALL.where(MENTORSHIPS.c.id == bindparam("mentorship"))
_DELETE = delete(CONTACTS).where(CONTACTS.c.id == bindparam("contact"))


def log(client_id: UUID, mentorship: View, kind: str, on: date, pen: trail.Pen, by: UUID) -> UUID:
    """Log a contact once, however often it is sent."""
    content: dict[str, object] = {"kind": kind, "on": on.isoformat(), "to": str(mentorship.id)}
    stored = receipts.take(client_id, by, mentorship.participant_id, client_id, content)
    if stored:
        return stored
    db.session().add(
        Contact(
            id=client_id,
            mentorship_id=mentorship.id,
            participant_id=mentorship.participant_id,
            author_id=by,
            kind=kind,
            on=on,
            at=clock.now(),
        )
    )
    db.session().flush()
    keep(mentorship.id)
    pen.write(trail.LOGGED, "contact", client_id, mentorship.participant_id)
    return client_id


def of(mentorship_id: UUID, count: int = 60) -> list[Made]:
    """The mentorship's contacts, newest first."""
    return [Made(*row) for row in db.rows(_OF, mentorship=mentorship_id, count=count)]


def one(contact_id: UUID) -> Contact | None:
    """One contact (a row)."""
    row: Contact | None = db.first(_ONE, id=contact_id)
    return row


def take_back(contact: Contact, pen: trail.Pen, by: UUID) -> None:
    """Delete a contact that should not have been logged."""
    db.connection().execute(_DELETE, {"contact": contact.id})
    keep(contact.mentorship_id)
    receipts.taken_back(contact.id, by)
    pen.write(trail.TOOK_BACK, "contact", contact.id, contact.participant_id)


def keep(mentorship_id: UUID) -> None:
    """What was last, kept beside the mentorship for a leader's list (see `latest`)."""
    mentorships.hold(mentorship_id)
    db.change(_KEEP, mentorship=mentorship_id)


def keep_all() -> None:
    db.change(_KEEP_ALL)
