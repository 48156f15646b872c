"""What a person wants to be reminded of, and when not: groups, quiet hours, a holiday."""

from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import trail
from app.domain.meetings import bits, codes
from app.language import mark

QUIET_FROM, QUIET_TO = time(20), time(9)  # product.md section 5
GROUPS = {  # bits in this order; new ones go last
    "evaluations": mark("Evalueringer"),
    "weeks": mark("Min uge"),
    "handovers": mark("Når uger skifter hænder"),
    "milestones": mark("Løsladelse, opfølgning og afslutning"),
    "care": mark("Forløb, der har brug for dig"),
}


OF_MENTORS = ("evaluations", "weeks", "handovers", "milestones")
OF_LEADERS = ("care",)


class Preference(db.Row, table=True):
    """One person's choices. Whoever has made none has the defaults."""

    person_id: UUID = Field(foreign_key="person.id", unique=True)
    quiet_from: time = QUIET_FROM  # on the wall in Denmark
    quiet_to: time = QUIET_TO
    off: int = 0  # bits of GROUPS that are not wanted
    away_from: date | None = None  # a holiday: both days included
    away_to: date | None = None


class Wish(NamedTuple):
    """The same as a row."""

    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    off: int = 0
    away_from: date | None = None
    away_to: date | None = None

    @property
    def unwanted(self) -> list[str]:
        return codes(self.off, GROUPS)

    def away(self, day: date) -> bool:
        return bool(self.away_from and self.away_to and self.away_from <= day <= self.away_to)

    def hears(self, now: datetime) -> bool:
        """Whether the person may be told something at this instant."""
        there = clock.in_denmark(now)
        return not self.away(there.date()) and not self.quiet(there.time())

    def quiet(self, at: time) -> bool:
        """Quiet hours run over midnight; the same time twice means none."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


DEFAULTS = Wish()
_PREFERENCES = db.columns(Preference)
_WISHES = select(_PREFERENCES.c.person_id, *(_PREFERENCES.c[name] for name in Wish._fields))
_ONE = _WISHES.where(_PREFERENCES.c.person_id == bindparam("person"))


def of(person_id: UUID) -> Wish:
    row = db.first(_ONE, person=person_id)
    return Wish(*row[1:]) if row else DEFAULTS


def all_of_them() -> dict[UUID, Wish]:
    """Everybody who has chosen something."""
    return {row.person_id: Wish(*row[1:]) for row in db.rows(_WISHES)}


def choose(person_id: UUID, wish: Wish, pen: trail.Pen) -> None:
    """The person's choices from now on."""
    found = db.first(_ONE, person=person_id)
    if found is None:
        db.insert_once(Preference, id=person_id, person_id=person_id, **wish._asdict())
    else:
        changed = _PREFERENCES.update().where(_PREFERENCES.c.person_id == person_id)
        db.connection().execute(changed.values(**wish._asdict()))
    pen.write(trail.EDITED, "preference", person_id)


def off(unwanted: list[str]) -> int:
    return bits(unwanted, GROUPS)
