"""Signs of life of what works in the background, and what troubles it."""

import os
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Field

from app import db

TIMER, PUSH, MAIL, ERASING = "timer", "push", "mail", "erasing"
TRAIL = "trail"  # when the access log was last followed from end to end, and held
TRAIL_SEEN = "trail_seen"  # when that was last tried
LATE = timedelta(minutes=10)  # without a beat
A_NIGHT = timedelta(hours=25)  # without a night in which all that was due was erased
REFUSED, UNREACHABLE = "refused", "unreachable"  # our key or password; the other side
BROKEN = "broken"  # the access log


class Heartbeat(db.Row, table=True):
    """One row a part: when it last worked, and since when it does not."""

    name: str = Field(unique=True)
    at: datetime | None = None
    trouble: str | None = None
    trouble_at: datetime | None = None


class Beat(NamedTuple):
    at: datetime | None = None
    trouble: str | None = None
    trouble_at: datetime | None = None


_BEATS = db.columns(Heartbeat)
_ALL = select(_BEATS.c.name, _BEATS.c.at, _BEATS.c.trouble, _BEATS.c.trouble_at)
_ONE = _BEATS.c.name == bindparam("its_name")
_BEAT = update(_BEATS).where(_ONE).values(at=bindparam("now"), trouble=None, trouble_at=None)
_TROUBLE = (
    update(_BEATS)
    .where(_ONE, _BEATS.c.trouble.is_distinct_from(bindparam("what")))
    .values(trouble=bindparam("what"), trouble_at=bindparam("now"))
)

_TAKE_AWAY = delete(_BEATS).where(_BEATS.c.id == bindparam("probe"))


def beat(name: str, now: datetime) -> None:
    """It works."""
    if not db.change(_BEAT, its_name=name, now=now):
        db.insert_once(Heartbeat, id=uuid4(), name=name, at=now)


def trouble(name: str, what: str, now: datetime) -> None:
    """It does not; the first moment is kept."""
    db.insert_once(Heartbeat, id=uuid4(), name=name)
    db.change(_TROUBLE, its_name=name, what=what, now=now)


def probe() -> None:
    """Write as much as any row may take, and take it away again."""
    made, filler = uuid4(), os.urandom(db.PROBE_BYTES // 2).hex()
    row = {"id": made, "name": str(made), "trouble": filler}
    db.connection().execute(insert(_BEATS), row)
    db.change(_TAKE_AWAY, probe=made)


def all_of_them() -> dict[str, Beat]:
    return {row.name: Beat(*row[1:]) for row in db.rows(_ALL)}


def late(timer: Beat | None, now: datetime) -> bool:
    """Whether nobody keeps the time."""
    return timer is None or timer.at is None or timer.at < now - LATE


def late_to_erase(erasing: Beat | None, now: datetime) -> bool:
    """Whether what is due is left lying: no good run in a night and an hour."""
    return erasing is None or erasing.at is None or erasing.at < now - A_NIGHT
