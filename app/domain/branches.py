"""Branches, the municipalities they cover, and the institutions they visit."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import db
from app.db import Row


class Branch(Row, table=True):
    """A local group (afdeling). It covers one or more municipalities."""

    name: str
    no_grants: bool = False  # this branch gives no fixed amount


class Municipality(Row, table=True):
    """Where participants are released to; one branch answers for it."""

    name: str
    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    by_agreement: bool = False  # a neighbour that the branch helps out


class Institution(Row, table=True):
    """A prison, an arrest or a halfway house (pension)."""

    name: str
    phone: str | None = None  # the switchboard, never a person's number
    visiting: str | None = None  # the visiting restrictions, for the pair to read
    closed_at: datetime | None = None  # no longer offered; who is there stays there


BRANCHES = db.columns(Branch)
MUNICIPALITIES, INSTITUTIONS = db.columns(Municipality), db.columns(Institution)
_NAMES = (
    select(BRANCHES.c.id, BRANCHES.c.name)
    .where(BRANCHES.c.id.in_(bindparam("branches", expanding=True)))
    .order_by(BRANCHES.c.name)
)

_ALL_NAMES = select(BRANCHES.c.id, BRANCHES.c.name).order_by(BRANCHES.c.name)


def names(branches: Iterable[UUID]) -> dict[UUID, str]:
    """These branches by name."""
    return {row.id: row.name for row in db.rows(_NAMES, branches=list(branches))}


def all_names() -> dict[UUID, str]:
    """Every branch by name."""
    return {row.id: row.name for row in db.rows(_ALL_NAMES)}


def has_no_grants(branch: UUID) -> bool:
    """Whether the branch gives no fixed amount."""
    row = db.first(_GRANTS_OFF, branch=branch)
    return bool(row and row.no_grants)


_GRANTS_OFF = select(BRANCHES.c.no_grants).where(BRANCHES.c.id == bindparam("branch"))
