"""What looks like curiosity (snageri): many participants in an hour, the night, a role just given.

Only pages about one participant count: a list names many at once, and whoever leads opens it daily.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app import clock, db
from app.domain import reviews, rules, trail
from app.domain.reviews import FROM_BESIDE
from app.domain.trail import ENTRIES
from app.language import mark

MANY, NIGHT, NEW_ROLE, CHAIN = "many", "night", "new_role", "chain"
CODES = {
    MANY: mark("Mange deltagere på en time"),
    NIGHT: mark("Læst om natten"),
    NEW_ROLE: mark("Læst lige efter, at en rolle blev givet"),
    CHAIN: mark("Adgangsloggen er ændret eller mangler noget"),
}
AN_HOUR = timedelta(hours=1)
NIGHT_HOURS = range(5)  # on the wall in Denmark

# All entries of one request share their instant: more than one participant is a list.
_ALONE = (
    select(ENTRIES.c.actor_id, ENTRIES.c.at, func.min(ENTRIES.c.seq).label("seq"))
    .where(ENTRIES.c.action == trail.READ, ENTRIES.c.at >= bindparam("since"))
    .group_by(ENTRIES.c.actor_id, ENTRIES.c.at)
    .having(func.count() == bindparam("one"))
    .subquery()
)
_LOOKED_UP = (
    select(ENTRIES.c.actor_id, ENTRIES.c.at, ENTRIES.c.subject_id)
    .join(_ALONE, _ALONE.c.seq == ENTRIES.c.seq)
    .where(ENTRIES.c.actor_id.is_not(None), FROM_BESIDE)
)
_GIVEN = (
    select(ENTRIES.c.object_id, func.min(ENTRIES.c.at).label("at"))
    .where(
        ENTRIES.c.action == trail.JOINED,
        ENTRIES.c.kind == "role",
        ENTRIES.c.at >= bindparam("since"),
    )
    .group_by(ENTRIES.c.object_id)
)


def most() -> int:
    """How many participants one may open in an hour."""
    return rules.value(rules.READINGS)


def watch(pen: trail.Pen) -> int:
    """Look at the last hour; how many alarms rang."""
    now = clock.now()
    read: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in db.rows(_LOOKED_UP, since=now - AN_HOUR, one=1):
        read[row.actor_id].append(row)
    if not read:
        return 0
    given = {row.object_id: row.at for row in db.rows(_GIVEN, since=now - 2 * AN_HOUR)}
    allowed, rung = most(), 0
    for person, rows in read.items():
        code = _suspect(rows, allowed, given.get(person))
        if code:
            count = len({row.subject_id for row in rows})
            rung += reviews.alarm(person, code, count, pen)
    return rung


def _suspect(rows: list[Any], most: int, given_at: datetime | None) -> str | None:
    if len({row.subject_id for row in rows}) > most:
        return MANY
    if any(clock.in_denmark(row.at).hour in NIGHT_HOURS for row in rows):
        return NIGHT
    if given_at and any(given_at <= row.at <= given_at + AN_HOUR for row in rows):
        return NEW_ROLE
    return None
