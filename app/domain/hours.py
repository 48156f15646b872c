"""The times of day at which a branch's reminders come; its leader can move them."""

from datetime import time
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, delete, select
from sqlmodel import Field

from app import db
from app.domain import trail


class BranchHour(db.Row, table=True):
    """One time that differs from the default."""

    __tablename__ = "branch_hour"
    __table_args__ = (UniqueConstraint("branch_id", "name"),)
    branch_id: UUID = Field(foreign_key="branch.id")
    name: str  # a field of Hours
    at: time  # on the wall in Denmark


class Hours(NamedTuple):
    """On the wall in Denmark (product.md section 5)."""

    morning: time = time(9)  # the week begins, milestones, what calls for a leader
    afternoon: time = time(17)  # the next day, no contact yet, unanswered requests
    evening: time = time(19)  # the evaluation of a meeting without a time, missing scores


DEFAULTS = Hours()
_HOURS = db.columns(BranchHour)
_ALL = select(_HOURS.c.branch_id, _HOURS.c.name, _HOURS.c.at)
_OF = _ALL.where(_HOURS.c.branch_id == bindparam("branch"))
_CLEAR = delete(_HOURS).where(_HOURS.c.branch_id == bindparam("branch"))


def of(branch_id: UUID) -> Hours:
    return Hours(**{row.name: row.at for row in db.rows(_OF, branch=branch_id)})


def by_branch() -> dict[UUID, Hours]:
    """Of the branches that have moved something."""
    moved: dict[UUID, Hours] = {}
    for row in db.rows(_ALL):
        known = moved.get(row.branch_id, DEFAULTS)
        moved[row.branch_id] = known._replace(**{row.name: row.at})
    return moved


def move(branch_id: UUID, chosen: Hours, pen: trail.Pen) -> None:
    """From now on the branch's reminders come at these times."""
    db.connection().execute(_CLEAR, {"branch": branch_id})
    for name, at in chosen._asdict().items():
        if at != getattr(DEFAULTS, name):
            db.insert_once(BranchHour, id=uuid4(), branch_id=branch_id, name=name, at=at)
    pen.write(trail.EDITED, "hours", branch_id)
