"""People and mentorships that come from somewhere else, in sheets.

A row is in, or it is out with a reason; the good ones do not wait for the bad ones. What came
before is known again, by e-mail or by the number it has where it comes from, and is left as it is.
The number is kept only as a keyed hash.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, or_, select
from sqlmodel import Field

from app import clock, db
from app.domain import people, places, plain_text, roles, trail
from app.domain.mentorships import MENTORSHIPS, SEATS, Mentorship, Participant, Seat
from app.domain.people import CONSULTANT, HELD, LEADER, MENTOR, PEOPLE, Person, held_today
from app.domain.sheets import Line, Refused, day, phone
from app.vault import ring

BATCH = 500  # rows of one transaction: nobody waits long for the lock
LONGEST_NAME = 80
FIRST_DAY = date(2010, 1, 1)  # before the project there was nothing
AHEAD = timedelta(days=3 * 366)
YOUNGEST, OLDEST = timedelta(days=15 * 365), timedelta(days=100 * 366)
PEOPLE_COLUMNS = ("fornavn", "efternavn", "e-mail", "rolle")
PEOPLE_MORE = ("telefon", "afdeling")
LIVES_COLUMNS = ("nr", "fornavn", "kommune", "løsladelse", "match", "mentor 1", "mentor 2", "leder")
LIVES_MORE = ("efternavn", "telefon", "fødselsdag", "institution")
ROLES = {
    "mentor": MENTOR,
    "aktivitetsleder": LEADER,
    "leder": LEADER,
    "konsulent": CONSULTANT,
}
_AND = re.compile(r"\s*(?:/|\+|\bog\b)\s*")
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]{2,}")


class Imported(db.Row, table=True):
    """That a mentorship came with that number. The number itself is not kept."""

    number_mark: bytes = Field(unique=True)
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    at: datetime


@dataclass
class Outcome:
    """What became of the rows."""

    taken: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


@dataclass
class Seen:
    """What a file has said so far: the same twice is refused the second time."""

    emails: dict[bytes, int] = field(default_factory=dict)
    numbers: dict[bytes, int] = field(default_factory=dict)
    seated: dict[UUID, int] = field(default_factory=dict)


class Somebody(NamedTuple):
    """Whom a mentorship's row points to."""

    id: UUID
    mentor: bool
    leads: frozenset[UUID]


class _Wrong(Exception):
    """Why a row stays outside."""


IMPORTED = db.columns(Imported)
_MARKS: Any = bindparam("marks", expanding=True)
_KNOWN_EMAILS = select(PEOPLE.c.email_mark).where(PEOPLE.c.email_mark.in_(_MARKS))
_KNOWN_NUMBERS = select(IMPORTED.c.number_mark).where(IMPORTED.c.number_mark.in_(_MARKS))
_SOMEBODY = (
    select(PEOPLE.c.id, PEOPLE.c.email_mark, HELD.c.role, HELD.c.branch_id)
    .join(HELD, HELD.c.person_id == PEOPLE.c.id)
    .where(PEOPLE.c.email_mark.in_(_MARKS), PEOPLE.c.left_at.is_(None), held_today)
)
_SEATED = (
    select(SEATS.c.person_id)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(
        SEATS.c.person_id.in_(bindparam("people", expanding=True)),
        or_(SEATS.c.to_on.is_(None), SEATS.c.to_on >= bindparam("day")),
        or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on >= bindparam("day")),
    )
)


def take_people(
    lines: Sequence[Line], seen: Seen, lookup: bytes, pen: trail.Pen, into: Outcome
) -> None:
    """One batch of people, each with a role from today and no way in yet."""
    branches = {places.folded(row.name): row.id for row in places.branches()}
    marks = {line.number: people.email_mark(line.cell("e-mail"), lookup) for line in lines}
    known = {row.email_mark for row in db.rows(_KNOWN_EMAILS, marks=list(marks.values()))}
    good: list[tuple[UUID, Line, list[str], UUID | None]] = []
    for line in lines:
        mark = marks[line.number]
        try:
            _whole(line)
            held, branch = _checked_person(line, branches)
            _not_twice(seen.emails, mark, line.number, "E-mailen")
        except _Wrong as wrong:
            into.refused.append(Refused(line, str(wrong)))
            continue
        if mark in known:
            into.known += 1
        else:
            good.append((uuid4(), line, held, branch))
    _keyed([made for made, *_ in good])
    for made, line, _, branch in good:
        row = Person(id=made, branch_id=branch, email_mark=marks[line.number])
        row.first_name, row.surname = line.cell("fornavn"), line.cell("efternavn")
        row.email, row.phone = line.cell("e-mail"), phone(line.cell("telefon"))
        db.session().add(row)
    db.session().flush()
    for made, _, held, branch in good:
        for role in held:
            where = None if role == CONSULTANT else branch
            roles.give(made, role, where, (clock.today(), None), pen)
        pen.write(trail.IMPORTED, "person", made)
    db.session().flush()
    into.taken += len(good)


def take_mentorships(
    lines: Sequence[Line], seen: Seen, lookup: bytes, pen: trail.Pen, into: Outcome
) -> None:
    """One batch of mentorships that run, each with its participant and its pair."""
    places_by_name = _Places.now()
    emails = {
        people.email_mark(line.cell(column), lookup)
        for line in lines
        for column in ("mentor 1", "mentor 2", "leder")
    }
    known_people = _somebody(list(emails))
    day_now = clock.today()
    those = [one.id for one in known_people.values()]
    seated = {row.person_id for row in db.rows(_SEATED, people=those, day=day_now)}
    marks = {line.number: number_mark(line.cell("nr"), lookup) for line in lines}
    known = {row.number_mark for row in db.rows(_KNOWN_NUMBERS, marks=list(marks.values()))}
    good: list[tuple[UUID, Line, _Life]] = []
    for line in lines:
        mark = marks[line.number]
        try:
            _whole(line)
            if not line.cell("nr"):
                raise _Wrong("Nummeret mangler.")
            _not_twice(seen.numbers, mark, line.number, "Nummeret")
            if mark in known:
                into.known += 1
                continue
            life = _checked_life(line, places_by_name, known_people, lookup)
            _free(life, seated, seen, line.number)
        except _Wrong as wrong:
            into.refused.append(Refused(line, str(wrong)))
            continue
        good.append((uuid4(), line, life))
    _keyed([made for made, *_ in good])
    lives = []
    for made, line, life in good:
        row = Participant(id=made)
        row.first_name, row.surname = line.cell("fornavn"), line.cell("efternavn")
        row.phone = phone(line.cell("telefon"))
        born = day(line.cell("fødselsdag"))
        row.birth_date = born.isoformat() if born else None
        db.session().add(row)
        lives.append(
            Mentorship(
                id=uuid4(),
                participant_id=made,
                branch_id=life.branch_id,
                leader_id=life.leader,
                municipality_id=life.municipality_id,
                institution_id=life.institution_id,
                matched_on=life.matched_on,
                release_on=life.release_on,
            )
        )
    db.session().flush()
    db.session().add_all(lives)
    db.session().flush()
    for (_, line, life), mentorship in zip(good, lives, strict=True):
        for place, mentor in enumerate(life.pair, 1):
            seat = Seat(
                id=uuid4(),
                mentorship_id=mentorship.id,
                person_id=mentor,
                place=place,
                from_on=life.matched_on,
            )
            db.session().add(seat)
        db.session().add(
            Imported(
                id=uuid4(),
                number_mark=marks[line.number],
                mentorship_id=mentorship.id,
                at=clock.now(),
            )
        )
        pen.write(trail.IMPORTED, "mentorship", mentorship.id, mentorship.participant_id)
    db.session().flush()
    into.taken += len(good)


def number_mark(number: str, lookup: bytes) -> bytes:
    """The keyed hash by which a number from elsewhere is known again."""
    said = b"mentorship nr\0" + places.folded(number).encode()
    return hmac.new(lookup, said, hashlib.sha256).digest()


class _Life(NamedTuple):
    branch_id: UUID
    leader: UUID
    municipality_id: UUID
    institution_id: UUID | None
    matched_on: date
    release_on: date
    pair: tuple[UUID, UUID]


class _Places(NamedTuple):
    """Municipalities with their branch, and open institutions, by folded name."""

    towns: dict[str, tuple[UUID, UUID]]
    houses: dict[str, UUID]

    @classmethod
    def now(cls) -> "_Places":
        return cls(
            {places.folded(r.name): (r.id, r.branch_id) for r in places.municipalities()},
            {places.folded(r.name): r.id for r in places.institutions() if not r.closed_at},
        )


def _whole(line: Line) -> None:
    if line.problem:
        raise _Wrong(line.problem)


def _not_twice(seen: dict[bytes, int], mark: bytes, number: int, what: str) -> None:
    if mark in seen:
        raise _Wrong(f"{what} står også i række {seen[mark]}.")
    seen[mark] = number


def _named(line: Line, column: str, *, needed: bool = True) -> None:
    name = line.cell(column)
    if needed and not name:
        raise _Wrong(f"{column.capitalize()} mangler.")
    if len(name) > LONGEST_NAME:
        raise _Wrong(f"{column.capitalize()} er for langt.")
    if plain_text.problem(name):
        raise _Wrong(f"{column.capitalize()} indeholder et nummer eller en adresse.")


def _phone_or_none(line: Line) -> None:
    if line.cell("telefon") and not phone(line.cell("telefon")):
        raise _Wrong("Telefonen har ikke otte cifre.")


def _email(line: Line, column: str) -> None:
    address = line.cell(column)
    if not address:
        raise _Wrong(f"{column.capitalize()} mangler.")
    if not _EMAIL.fullmatch(address) or len(address) > 2 * LONGEST_NAME:
        raise _Wrong(f"{column.capitalize()} er ikke en e-mailadresse.")


def _checked_person(line: Line, branches: dict[str, UUID]) -> tuple[list[str], UUID | None]:
    _named(line, "fornavn")
    _named(line, "efternavn")
    _email(line, "e-mail")
    _phone_or_none(line)
    words = [word for word in _AND.split(line.cell("rolle").casefold()) if word]
    if not words:
        raise _Wrong("Rollen mangler.")
    held = list(dict.fromkeys(ROLES.get(word, "") for word in words))
    if "" in held:
        raise _Wrong("Rollen kendes ikke. Skriv mentor, aktivitetsleder eller konsulent.")
    branch = branches.get(places.folded(line.cell("afdeling")))
    if line.cell("afdeling") and branch is None:
        raise _Wrong("Afdelingen kendes ikke.")
    if branch is None and held != [CONSULTANT]:
        raise _Wrong("Afdelingen mangler.")
    return held, branch


def _checked_life(
    line: Line, known: _Places, somebody: dict[bytes, Somebody], lookup: bytes
) -> _Life:
    _named(line, "fornavn")
    _named(line, "efternavn", needed=False)
    _phone_or_none(line)
    today = clock.today()
    if line.cell("fødselsdag"):
        _day(line, "fødselsdag", today - OLDEST, today - YOUNGEST)
    town = known.towns.get(places.folded(line.cell("kommune")))
    if town is None:
        raise _Wrong("Kommunen kendes ikke." if line.cell("kommune") else "Kommunen mangler.")
    house = known.houses.get(places.folded(line.cell("institution")))
    if line.cell("institution") and house is None:
        raise _Wrong("Institutionen kendes ikke.")
    release = _day(line, "løsladelse", FIRST_DAY, today + AHEAD)
    matched = _day(line, "match", FIRST_DAY, today)
    pair = [_person(line, column, somebody, lookup) for column in ("mentor 1", "mentor 2")]
    if pair[0].id == pair[1].id:
        raise _Wrong("De to mentorer er den samme person.")
    for column, one in zip(("Mentor 1", "Mentor 2"), pair, strict=True):
        if not one.mentor:
            raise _Wrong(f"{column} er ikke mentor.")
    leader = _person(line, "leder", somebody, lookup)
    if town[1] not in leader.leads:
        raise _Wrong("Lederen leder ikke den afdeling, der dækker kommunen.")
    if leader.id in (pair[0].id, pair[1].id):
        raise _Wrong("Lederen er selv mentor i forløbet.")
    both = (pair[0].id, pair[1].id)
    return _Life(town[1], leader.id, town[0], house, matched, release, both)


def _day(line: Line, column: str, first: date, last: date) -> date:
    said = line.cell(column)
    if not said:
        raise _Wrong(f"{column.capitalize()} mangler.")
    found = day(said)
    if found is None:
        raise _Wrong(f"{column.capitalize()} er ikke en dato. Skriv den som 24-11-2026.")
    if not first <= found <= last:
        raise _Wrong(f"{column.capitalize()} ligger for langt tilbage eller frem.")
    return found


def _person(line: Line, column: str, known: dict[bytes, Somebody], lookup: bytes) -> Somebody:
    _email(line, column)
    found = known.get(people.email_mark(line.cell(column), lookup))
    if found is None:
        raise _Wrong(f"{column.capitalize()} kendes ikke.")
    return found


def _free(life: _Life, seated: set[UUID], seen: Seen, number: int) -> None:
    """A mentor has one participant at a time."""
    for mentor in life.pair:
        if mentor in seen.seated:
            raise _Wrong(f"En af mentorerne står også i række {seen.seated[mentor]}.")
        if mentor in seated:
            raise _Wrong("En af mentorerne er i et andet forløb.")
    seen.seated.update(dict.fromkeys(life.pair, number))


def _somebody(marks: list[bytes]) -> dict[bytes, Somebody]:
    found: dict[bytes, Somebody] = {}
    for row in db.rows(_SOMEBODY, marks=marks, day=clock.today()):
        one = found.get(row.email_mark, Somebody(row.id, False, frozenset()))
        found[row.email_mark] = Somebody(
            row.id,
            one.mentor or row.role == MENTOR,
            one.leads | ({row.branch_id} if row.role == LEADER and row.branch_id else set()),
        )
    return found


def _keyed(made: list[UUID]) -> None:
    """A key each, made and fetched at once."""
    ring().add_many(made)
    ring().take(made)
