"""Everything that is kept about one participant, as the participant has a right to see it
(GDPR 15): by table, with third persons' data left out. Opening it is a reading for the access log.
"""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlmodel import SQLModel

from app import clock, db
from app.domain import alerts, consents, mentorships, people, trail
from app.domain.branches import BRANCHES, INSTITUTIONS, MUNICIPALITIES
from app.domain.extract_parts import PARTS
from app.domain.extract_words import BEFORE, SECTION, SENTENCE, WORDS, Column, Part
from app.domain.own_parts import OWN_PARTS
from app.domain.trail import ENTRIES
from app.key_store import KeyGone
from app.vault import Secret, ring

BEFORE_IT_WAS_CHANGED = ("comment", "victory")  # what may be told of earlier wordings
Fact = tuple[Column, Any]


class Told(NamedTuple):
    """One part with its rows, oldest first."""

    part: Part
    rows: list[list[Fact]]


class Extract(NamedTuple):
    """All parts that hold something, and how many texts the reader may not read."""

    told: list[Told]
    withheld: int


class Reading(NamedTuple):
    """That somebody read, without who: the day, the page, and what the reader was."""

    on: date
    kind: str
    reason: str | None


_LIVES = select(mentorships.MENTORSHIPS.c.id).where(
    mentorships.MENTORSHIPS.c.participant_id == bindparam("participant")
)
_READINGS = (
    select(ENTRIES.c.at, ENTRIES.c.kind, ENTRIES.c.reason)
    .where(ENTRIES.c.subject_id == bindparam("participant"), ENTRIES.c.action == trail.READ)
    .order_by(ENTRIES.c.seq)
)
_TICKED = "leader_may_read"


def lives_of(participant_id: UUID) -> list[UUID]:
    """The participant's mentorships."""
    return [row.id for row in db.rows(_LIVES, participant=participant_id)]


def of(participant_id: UUID, *, for_leader: bool) -> Extract:
    """What is kept. A leader's holds those of the mentors' words that their author ticked."""
    return _told(PARTS, participant_id, for_leader=for_leader)


def of_person(person_id: UUID) -> Extract:
    """What is kept about one of us, for that person alone."""
    return _told(OWN_PARTS, person_id, for_leader=False)


def _told(parts: tuple[Part, ...], owner: UUID, *, for_leader: bool) -> Extract:
    ring().take([owner])
    told, withheld = [], 0
    for part in parts:
        rows = []
        for row in db.rows(_statement(part.table, part.link), owner=owner):
            facts, hidden = _facts(part, row, for_leader=for_leader)
            withheld += hidden
            if facts:
                rows.append(facts)
        if rows:
            told.append(Told(part, rows))
    return Extract(told, withheld)


def readings(participant_id: UUID) -> list[Reading]:
    """Which day what was read; the same of a day is told once."""
    found = (
        Reading(clock.in_denmark(row.at).date(), row.kind, row.reason)
        for row in db.rows(_READINGS, participant=participant_id)
    )
    return list(dict.fromkeys(found))


def names(told: Iterable[Told], how: str) -> set[UUID]:
    """The ids that stand in columns told in that way."""
    return {
        value
        for one in told
        for row in one.rows
        for column, value in row
        if column.how == how and value
    }


def mentors(told: Iterable[Told], how: str) -> dict[UUID, people.PublicMentor]:
    """The participant's mentors: a first name and nothing else."""
    found = people.first_names(names(told, how))
    return {person: people.PublicMentor(name) for person, name in found.items()}


def places() -> dict[UUID, str]:
    """The names of branches, municipalities and institutions."""
    return {
        row.id: row.name
        for table in (BRANCHES, MUNICIPALITIES, INSTITUTIONS)
        for row in db.rows(select(table.c.id, table.c.name))
    }


def _facts(part: Part, row: Any, *, for_leader: bool) -> tuple[list[Fact], int]:
    facts: list[Fact] = []
    hidden = 0
    for name, column in part.shown.items():
        value = getattr(row, name)
        if value is None:
            continue
        if for_leader and not _leader_reads(part, name, column, row):
            hidden += 1
            continue
        if name.endswith("_ct"):
            value = _opened(_secret(part.table, name), row)
        if column.how == BEFORE:
            value = _before(value)
        if column.how == SENTENCE:
            value = consents.wording(value, row.version)
        if column.how == SECTION and value:
            value = (row.section, value)
        if value not in (None, "", {}):
            facts.append((column, value))
    return facts, hidden


def _leader_reads(part: Part, name: str, column: Column, row: Any) -> bool:
    """Product.md section 3: of the mentors' words, what was ticked; a victory is the pair's."""
    if column.how == BEFORE:
        return False
    if column.how != WORDS:
        return True
    return bool(getattr(row, _TICKED)) and name != "victory_ct"


def _opened(secret: Secret, row: Any) -> str | None:
    try:
        return secret.open(row.id, getattr(row, secret.owner), getattr(row, secret.cell))
    except KeyGone:
        return None


def _before(text: str | None) -> dict[str, str]:
    """Of an earlier wording, the texts that were others."""
    told = json.loads(text or "{}")
    return {name: told[name][0] for name in BEFORE_IT_WAS_CHANGED if told.get(name, [None])[0]}


# How a table hangs on the participant, by the column it does so with.
_PARENTS = {
    "mentorship_id": "mentorship",
    "referral_id": "referral",
    "expense_id": "expense",
    "alert_id": "alert",
}
_IN_ORDER = ("at", "made_at", "on", "held_on", "from_on", "received_on")


@cache
def _statement(name: str, link: str) -> Select[Any]:
    """The rows of a table. Of what was raised, a concern is not told of (product.md section 3).

    Made when first asked for: by then every noun has said what its table is.
    """
    known, owner = SQLModel.metadata.tables, bindparam("owner", type_=Uuid())
    table = known[name]
    here = table.c[link] == owner
    if link in _PARENTS:
        parent = known[_PARENTS[link]]
        theirs = select(parent.c.id).where(parent.c.participant_id == owner)
        if parent.name == "alert":
            theirs = theirs.where(parent.c.kind == alerts.BROKEN)
        here = table.c[link].in_(theirs)
    elif name == "alert":
        here &= table.c.kind == alerts.BROKEN
    order = [table.c[column] for column in (*_IN_ORDER, "id") if column in table.c]
    return select(table).where(here).order_by(*order)


@cache
def _secret(table: str, cell: str) -> Secret:
    """The one door to a sealed column."""
    models = (model for model in db.Row.__subclasses__() if model.__tablename__ == table)
    secrets = (one for model in models for one in vars(model).values())
    return next(one for one in secrets if isinstance(one, Secret) and one.cell == cell)
