"""Rules that documents disagree on, as the consultant sets them (product.md section 8).

Each change is a row, so who and when are a history. Only what the app really goes by stands here.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, select
from sqlmodel import Field

from app import clock, db
from app.domain import trail

MEETING_WEEKS, SUPERVISIONS = "meeting_weeks", "supervisions"
READINGS, SAMPLE = "readings", "sample"
PLANNED_END, MATCH_MONTHS, SILENT_DAYS = "planned_end", "match_months", "silent_days"
MENTOR_AGE, COMMENTS, IDENTITY = "mentor_age", "comments_months", "identity_months"


class Rule(NamedTuple):
    """What holds until somebody changes it, and what it may be."""

    default: int
    allowed: range


RULES = {
    MEETING_WEEKS: Rule(6, range(1, 27)),  # between mentor meetings (requirements for mentors, 9)
    SUPERVISIONS: Rule(2, range(13)),  # in twelve months (rules for volunteers, 11)
    READINGS: Rule(20, range(5, 201)),  # participants one may open in an hour before an alarm
    SAMPLE: Rule(10, range(1, 51)),  # readings that are looked at every month
    # Months after release. 18 in all are allowed, and a match is two months before it at the least.
    PLANNED_END: Rule(12, range(6, 17)),
    MATCH_MONTHS: Rule(2, range(2, 7)),  # before release, at the least
    SILENT_DAYS: Rule(14, range(7, 29)),  # without contact: each mentor meets every other week
    MENTOR_AGE: Rule(25, range(21, 36)),  # years (requirements for mentors, 1)
    # Months after a closure. Agreements and the privacy page promise these: never longer.
    COMMENTS: Rule(6, range(1, 7)),
    IDENTITY: Rule(12, range(6, 13)),
}
DEFAULTS = {name: rule.default for name, rule in RULES.items()}


class Setting(db.Row, table=True):
    """From then on the rule is that."""

    name: str = Field(index=True)  # one of RULES
    value: int
    at: datetime
    by: UUID = Field(foreign_key="person.id")


SETTINGS = db.columns(Setting)
_LATEST = select(
    SETTINGS.c.name,
    SETTINGS.c.value,
    func.row_number()
    .over(partition_by=SETTINGS.c.name, order_by=(SETTINGS.c.at.desc(), SETTINGS.c.id.desc()))
    .label("newest"),
).subquery()
_NOW = select(_LATEST.c.name, _LATEST.c.value).where(_LATEST.c.newest == bindparam("first"))


def now(name: str) -> Any:
    """A rule as it is now, as a part of another statement."""
    newest = (
        select(SETTINGS.c.value)
        .where(SETTINGS.c.name == name)
        .order_by(SETTINGS.c.at.desc(), SETTINGS.c.id.desc())
        .limit(db.ONE)
        .correlate(None)
        .scalar_subquery()
    )
    return func.coalesce(newest, RULES[name].default)


_HISTORY = select(SETTINGS).order_by(SETTINGS.c.at.desc(), SETTINGS.c.id.desc())


def values() -> dict[str, int]:
    """Every rule as it is now, in one question."""
    said = {row.name: row.value for row in db.rows(_NOW, first=1)}
    return {name: said.get(name, rule.default) for name, rule in RULES.items()}


def value(name: str) -> int:
    return values()[name]


def history() -> list[Any]:
    """Every change as a row, newest first: name, value, at, by."""
    return db.rows(_HISTORY)


def change(name: str, value: int, pen: trail.Pen, by: UUID) -> bool:
    """Set a rule. False when it was that already."""
    if value not in RULES[name].allowed:
        raise ValueError(name)
    if values()[name] == value:
        return False
    row = Setting(id=uuid4(), name=name, value=value, at=clock.now(), by=by)
    db.session().add(row)
    db.session().flush()
    pen.write(trail.EDITED, "setting", row.id, reason=name)
    return True
