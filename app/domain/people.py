"""Staff: mentors, leaders and consultants. One person can hold several roles."""

import hashlib
import hmac
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, bindparam, or_, select, update
from sqlmodel import Field

from app import db
from app.key_store import KeyGone
from app.vault import Secret, ring, sealed_column

MENTOR, LEADER, CONSULTANT = "mentor", "leader", "consultant"
ROLES = (MENTOR, LEADER, CONSULTANT)


class Person(db.Row, table=True):
    """Someone who signs in. The only phone kept is the Red Cross one."""

    # Who is in a branch is read from the index alone.
    __table_args__ = (Index("ix_person_there", "branch_id", "left_at", "id"),)
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")
    email_mark: bytes = Field(unique=True)  # keyed hash: finds the account, tells no address
    password_hash: str | None = None
    language: str = "da"
    left_at: datetime | None = None
    no_install_at: datetime | None = None  # does not want the app on the phone: never ask again
    first_name_ct: bytes | None = sealed_column()
    surname_ct: bytes | None = sealed_column()
    email_ct: bytes | None = sealed_column()
    phone_ct: bytes | None = sealed_column()

    first_name = Secret()
    surname = Secret()
    email = Secret()
    phone = Secret()


class Role(db.Row, table=True):
    """What a person may do, where, and between which days."""

    __table_args__ = (
        # Asked at every request, and read from the index alone.
        Index("ix_role_held", "person_id", "role", "from_on", "to_on", "branch_id"),
        Index("ix_role_leads", "role", "branch_id"),  # the few who lead, among many mentors
    )
    person_id: UUID = Field(foreign_key="person.id")
    role: str  # one of ROLES
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")  # None: everywhere
    from_on: date
    to_on: date | None = None


class PublicMentor(NamedTuple):
    """All of a mentor that a page for a participant may hold: never a second fact (T14)."""

    first_name: str


class Card(NamedTuple):
    """Somebody as those who work with them may know and call them."""

    first_name: str
    surname: str
    phone: str | None  # the Red Cross one
    email: str | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.surname}".strip()


PEOPLE = db.columns(Person)
HELD = db.columns(Role)
_BY_EMAIL = select(PEOPLE.c.id, PEOPLE.c.password_hash).where(
    PEOPLE.c.email_mark == bindparam("mark"), PEOPLE.c.left_at.is_(None)
)
_BY_MARK = select(PEOPLE.c.id).where(PEOPLE.c.email_mark == bindparam("mark"))
_PASSWORD = select(PEOPLE.c.password_hash).where(PEOPLE.c.id == bindparam("person"))
_SET_PASSWORD = (
    update(PEOPLE)
    .where(PEOPLE.c.id == bindparam("person"))
    .values(password_hash=bindparam("hashed"))
)
_FIRST_NAMES = select(PEOPLE.c.id, PEOPLE.c.first_name_ct).where(
    PEOPLE.c.id.in_(bindparam("people", expanding=True))
)
_CARDS = select(
    PEOPLE.c.id,
    PEOPLE.c.first_name_ct,
    PEOPLE.c.surname_ct,
    PEOPLE.c.phone_ct,
    PEOPLE.c.email_ct,
).where(PEOPLE.c.id.in_(bindparam("people", expanding=True)))
_NO_INSTALL = select(PEOPLE.c.no_install_at).where(PEOPLE.c.id == bindparam("person"))
held_today = (HELD.c.from_on <= bindparam("day")) & or_(
    HELD.c.to_on.is_(None), HELD.c.to_on >= bindparam("day")
)
_MORE = select(HELD.c.id).where(
    HELD.c.person_id == bindparam("person"),
    HELD.c.role != MENTOR,
    or_(HELD.c.to_on.is_(None), HELD.c.to_on >= bindparam("day")),
)


def email_mark(email: str, lookup_key: bytes) -> bytes:
    """The keyed hash an address is found by, whatever its case and surrounding space."""
    return hmac.new(lookup_key, email.strip().casefold().encode(), hashlib.sha256).digest()


def credentials(mark: bytes) -> tuple[UUID, str | None] | None:
    """The id and password hash of the account with that e-mail address."""
    found = db.first(_BY_EMAIL, mark=mark)
    return (found.id, found.password_hash) if found else None


def with_mark(mark: bytes) -> UUID | None:
    """Whose address it is, or was when they left."""
    row = db.first(_BY_MARK, mark=mark)
    return row and row.id


def is_more_than_mentor(person_id: UUID, day: date) -> bool:
    """Whether the person leads or is a consultant, today or from a day to come."""
    return db.first(_MORE, person=person_id, day=day) is not None


def password_of(person_id: UUID) -> str | None:
    """The hash of the person's password."""
    row = db.first(_PASSWORD, person=person_id)
    return row and row.password_hash


def set_password(person_id: UUID, password_hash: str) -> None:
    db.change(_SET_PASSWORD, person=person_id, hashed=password_hash)


def first_name_of(person_id: UUID, cell: bytes | None) -> str:
    """A colleague's first name from a row; "–" for one who has been erased."""
    try:
        return Person.first_name.open(person_id, person_id, cell) or "–"
    except KeyGone:
        return "–"


def first_names(people: set[UUID]) -> dict[UUID, str]:
    """Colleagues by first name."""
    ring().take(people)
    found = db.rows(_FIRST_NAMES, people=list(people)) if people else ()
    return {row.id: first_name_of(row.id, row.first_name_ct) for row in found}


def surname_of(person_id: UUID, cell: bytes | None) -> str:
    """A colleague's surname from a row."""
    try:
        return Person.surname.open(person_id, person_id, cell) or ""
    except KeyGone:
        return ""


def cards(people: set[UUID]) -> dict[UUID, Card]:
    """These, with what a leader calls them by."""
    ring().take(people)
    found = db.rows(_CARDS, people=list(people)) if people else ()
    return {
        row.id: Card(
            first_name_of(row.id, row.first_name_ct),
            surname_of(row.id, row.surname_ct),
            phone_of(row.id, row.phone_ct),
            _email_of(row.id, row.email_ct),
        )
        for row in found
    }


def phone_of(person_id: UUID, cell: bytes | None) -> str | None:
    """A colleague's Red Cross phone from a row."""
    try:
        return Person.phone.open(person_id, person_id, cell)
    except KeyGone:
        return None


def _email_of(person_id: UUID, cell: bytes | None) -> str | None:
    try:
        return Person.email.open(person_id, person_id, cell)
    except KeyGone:
        return None


def speak(person_id: UUID, language: str) -> None:
    """The person wants the app in that language."""
    person = db.session().get_one(Person, person_id)
    person.language = language
    db.session().add(person)
    db.session().flush()


def may_be_offered_install(person_id: UUID) -> bool:
    """Whether the person has not yet said no to the app on the phone."""
    found = db.first(_NO_INSTALL, person=person_id)
    return found is not None and found.no_install_at is None


def decline_install(person_id: UUID, at: datetime) -> None:
    """The first no stands: on every phone, whatever that phone has forgotten."""
    person = db.session().get_one(Person, person_id)
    if person.no_install_at is None:
        person.no_install_at = at
        db.session().add(person)
        db.session().flush()
