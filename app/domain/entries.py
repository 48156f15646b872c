"""The access log as somebody reads it: newest first, a page at a time, by what is asked for."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select

from app import clock, db
from app.domain import people, trail
from app.domain.mentorships import PARTICIPANTS, participant_name
from app.domain.people import HELD
from app.domain.trail import ENTRIES
from app.language import mark
from app.vault import ring

READ, CHANGED, TAKEN = "read", "changed", "taken"
WHAT = {
    READ: mark("Læst"),
    CHANGED: mark("Skrevet og ændret"),
    TAKEN: mark("Åbnet med grund, udleveret og eksporteret"),
}
_TAKEN = (trail.OPENED, trail.EXPORTED, trail.DISCLOSED)


class Asked(NamedTuple):
    """What somebody looks for."""

    person: UUID | None = None
    participant: UUID | None = None
    role: str | None = None
    what: str | None = None  # one of WHAT
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None  # the next page: older than that entry


_NAMES = select(PARTICIPANTS.c.id, PARTICIPANTS.c.first_name_ct).where(
    PARTICIPANTS.c.id.in_(bindparam("participants", expanding=True))
)
_ROLES = select(HELD.c.person_id, HELD.c.role, HELD.c.from_on, HELD.c.to_on).where(
    HELD.c.person_id.in_(bindparam("people", expanding=True))
)
_ABOUT = (
    select(ENTRIES)
    .where(
        ENTRIES.c.subject_id == bindparam("participant"),
        ENTRIES.c.action.in_((trail.READ, trail.OPENED)),
    )
    .order_by(ENTRIES.c.seq.desc())
    .limit(db.number("count"))
)


def found(asked: Asked, count: int) -> list[Any]:
    """The newest entries that it fits, as whole rows: their seals can be looked at."""
    return db.rows(_statement(asked), count=count)


def about(participant_id: UUID, count: int) -> list[Any]:
    """Who has read about a participant, newest first."""
    return db.rows(_ABOUT, participant=participant_id, count=count)


def names(participants: Iterable[UUID | None]) -> dict[UUID, str]:
    """Participants by first name. To open them is a reading like any other."""
    those = {one for one in participants if one}
    ring().take(those)
    rows = db.rows(_NAMES, participants=list(those)) if those else ()
    return {row.id: participant_name(row.id, row.first_name_ct) for row in rows}


def roles(rows: Iterable[Any]) -> dict[tuple[UUID, date], list[str]]:
    """What each person was on the day of the entry."""
    acts = {(row.actor_id, clock.in_denmark(row.at).date()) for row in rows if row.actor_id}
    held: defaultdict[UUID, list[Any]] = defaultdict(list)
    for role in db.rows(_ROLES, people=list({person for person, _ in acts})) if acts else ():
        held[role.person_id].append(role)
    return {
        (person, day): [
            name
            for name in people.ROLES
            if any(
                r.role == name and r.from_on <= day and (r.to_on is None or day <= r.to_on)
                for r in held[person]
            )
        ]
        for person, day in acts
    }


def _statement(asked: Asked) -> Select[Any]:
    c = ENTRIES.c
    statement = select(ENTRIES).order_by(c.seq.desc()).limit(db.number("count"))
    if asked.before is not None:
        statement = statement.where(c.seq < asked.before)
    if asked.person:
        statement = statement.where(c.actor_id == asked.person)
    if asked.participant:
        statement = statement.where(c.subject_id == asked.participant)
    if asked.role:
        of_role = select(HELD.c.person_id).where(HELD.c.role == asked.role)
        statement = statement.where(c.actor_id.in_(of_role))
    if asked.from_on:
        statement = statement.where(c.at >= clock.midnight(asked.from_on))
    if asked.to_on:
        statement = statement.where(c.at < clock.midnight(asked.to_on + timedelta(days=1)))
    if asked.what == READ:
        statement = statement.where(c.action == trail.READ)
    elif asked.what == TAKEN:
        statement = statement.where(c.action.in_(_TAKEN))
    elif asked.what == CHANGED:
        statement = statement.where(~or_(c.action == trail.READ, c.action.in_(_TAKEN)))
    return statement
