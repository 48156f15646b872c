"""A mentor's profile in the catalogue: what the mentor writes, and what a participant may see.

A participant sees first name, gender, age band, interests and competences: never a surname, a day
of birth, or who has not been chosen.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import db
from app.domain import trail
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, ring, sealed_column

GENDERS = {
    "woman": mark("Kvinde"),
    "man": mark("Mand"),
    "other": mark("Andet"),
}
TEXTS = ("interests", "competences", "languages", "co_mentor")
LONGEST = 400  # characters, each of the texts
ADULT = 25  # years (requirements for mentors, 1)
BAND = 10  # years in a band, counted from ADULT
OLDEST = 100


class Profile(db.Row, table=True):
    """One mentor's own words, sealed under the mentor's own key."""

    person_id: UUID = Field(foreign_key="person.id", unique=True)
    gender: str | None = None  # one of GENDERS
    shown: bool = False  # in the catalogue: the mentor's own yes
    birth_date_ct: bytes | None = sealed_column()
    interests_ct: bytes | None = sealed_column()
    competences_ct: bytes | None = sealed_column()
    languages_ct: bytes | None = sealed_column()
    co_mentor_ct: bytes | None = sealed_column()  # wishes for a co-mentor: for the leader alone

    birth_date = Secret("person_id")
    interests = Secret("person_id")
    competences = Secret("person_id")
    languages = Secret("person_id")
    co_mentor = Secret("person_id")


class Written(NamedTuple):
    """A profile, opened."""

    gender: str | None
    shown: bool
    birth_date: date | None
    texts: dict[str, str | None]  # by one of TEXTS

    def age(self, day: date) -> int | None:
        """Whole years."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def band(self, day: date) -> str | None:
        """The ten years that the age lies in, "25-34"."""
        age = self.age(day)
        if age is None or age < ADULT:
            return None
        first = ADULT + (age - ADULT) // BAND * BAND
        return f"{first}-{first + BAND - 1}"


NOTHING = Written(None, False, None, dict.fromkeys(TEXTS))
_PROFILES = db.columns(Profile)
_OF = select(_PROFILES).where(_PROFILES.c.person_id.in_(bindparam("people", expanding=True)))


def of(people: Iterable[UUID]) -> dict[UUID, Written]:
    """The profiles of those who have one."""
    found = db.rows(_OF, people=list(people))
    ring().take(row.person_id for row in found)
    return {row.person_id: _opened(row) for row in found}


def write(person_id: UUID, written: Written, pen: trail.Pen) -> None:
    """The mentor's profile from now on."""
    found = db.rows(_OF, people=[person_id])
    session = db.session()
    row = session.get_one(Profile, found[0].id) if found else None
    if row is None:
        row = Profile(id=uuid4(), person_id=person_id)
    row.gender, row.shown = written.gender, written.shown
    row.birth_date = written.birth_date and written.birth_date.isoformat()
    for name in TEXTS:
        setattr(row, name, written.texts.get(name))
    session.add(row)
    session.flush()
    pen.write(trail.EDITED, "profile", person_id)


def born(person_id: UUID, on: date, pen: trail.Pen, by: UUID) -> None:
    """The day of birth, as a leader has been told it: nobody gets in before writing a profile."""
    if person_id == by:
        raise PermissionError("nobody records what they have met themselves")
    known = of([person_id]).get(person_id, NOTHING)
    write(person_id, known._replace(birth_date=on), pen)


def _opened(row: Any) -> Written:
    def text(name: str) -> str | None:
        secret: Secret = getattr(Profile, name)
        try:
            return secret.open(row.id, row.person_id, getattr(row, f"{name}_ct"))
        except KeyGone:
            return None

    born = text("birth_date")
    return Written(
        row.gender,
        row.shown,
        date.fromisoformat(born) if born else None,
        {name: text(name) for name in TEXTS},
    )
