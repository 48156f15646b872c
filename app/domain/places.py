"""What the consultant keeps: branches, the municipalities they cover, institutions.

Nothing is deleted: mentorships point to it. An institution is closed, and no longer offered. A
municipality that moves to another branch takes nobody along: who runs stays with their branch.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from app import clock, db
from app.domain import trail
from app.domain.branches import (
    BRANCHES,
    INSTITUTIONS,
    MUNICIPALITIES,
    Branch,
    Institution,
    Municipality,
)

LONGEST_NAME = 80
LONGEST_VISITING = 2000


class Taken(Exception):
    """Another one has that name."""


class House(NamedTuple):
    """What is kept of an institution."""

    name: str
    phone: str | None = None
    visiting: str | None = None
    closed: bool = False


class Town(NamedTuple):
    """What is kept of a municipality."""

    name: str
    branch_id: UUID
    by_agreement: bool = False


_BRANCHES = select(BRANCHES.c.id, BRANCHES.c.name).order_by(BRANCHES.c.name)
_MUNICIPALITIES = select(
    MUNICIPALITIES.c.id,
    MUNICIPALITIES.c.name,
    MUNICIPALITIES.c.branch_id,
    MUNICIPALITIES.c.by_agreement,
).order_by(MUNICIPALITIES.c.name)
_INSTITUTIONS = select(
    INSTITUTIONS.c.id,
    INSTITUTIONS.c.name,
    INSTITUTIONS.c.phone,
    INSTITUTIONS.c.visiting,
    INSTITUTIONS.c.closed_at,
).order_by(INSTITUTIONS.c.closed_at.is_not(None), INSTITUTIONS.c.name)


def branches() -> list[Any]:
    """Every branch as a row: id, name."""
    return db.rows(_BRANCHES)


def municipalities() -> list[Any]:
    """Every municipality as a row: id, name, branch_id, by_agreement."""
    return db.rows(_MUNICIPALITIES)


def institutions() -> list[Any]:
    """Every institution as a row, those that are closed last."""
    return db.rows(_INSTITUTIONS)


def add_branch(client_id: UUID, name: str, pen: trail.Pen) -> None:
    if _is_new(client_id, name, branches()):
        _keep(Branch(id=client_id, name=name), trail.LOGGED, pen)


def rename_branch(branch_id: UUID, name: str, pen: trail.Pen) -> None:
    _free(branch_id, name, branches())
    row = db.session().get_one(Branch, branch_id)
    row.name = name
    _keep(row, trail.EDITED, pen)


def add_municipality(client_id: UUID, town: Town, pen: trail.Pen) -> None:
    if _is_new(client_id, town.name, municipalities()):
        _keep(Municipality(id=client_id, **town._asdict()), trail.LOGGED, pen)


def change_municipality(municipality_id: UUID, town: Town, pen: trail.Pen) -> None:
    """Mentorships that run stay with the branch that they are in."""
    _free(municipality_id, town.name, municipalities())
    row = db.session().get_one(Municipality, municipality_id)
    moved = row.branch_id != town.branch_id
    row.name, row.branch_id, row.by_agreement = town
    _keep(row, trail.MOVED if moved else trail.EDITED, pen)


def add_institution(client_id: UUID, house: House, pen: trail.Pen) -> None:
    if _is_new(client_id, house.name, institutions()):
        row = Institution(id=client_id, name=house.name, phone=house.phone, visiting=house.visiting)
        _keep(row, trail.LOGGED, pen)


def change_institution(institution_id: UUID, house: House, pen: trail.Pen) -> None:
    """Closed: no longer offered. Who is there stays there until moved."""
    _free(institution_id, house.name, institutions())
    row = db.session().get_one(Institution, institution_id)
    row.name, row.phone, row.visiting = house[:3]
    row.closed_at = (row.closed_at or clock.now()) if house.closed else None
    _keep(row, trail.EDITED, pen)


def folded(name: str) -> str:
    """Two names that differ in case or space are the same name."""
    return " ".join(name.split()).casefold()


def _is_new(client_id: UUID, name: str, known: list[Any]) -> bool:
    """False when it was sent before."""
    if any(row.id == client_id for row in known):
        return False
    _free(client_id, name, known)
    return True


def _free(own: UUID, name: str, known: list[Any]) -> None:
    if any(row.id != own and folded(row.name) == folded(name) for row in known):
        raise Taken


def _keep(row: Branch | Municipality | Institution, act: str, pen: trail.Pen) -> None:
    db.session().add(row)
    db.session().flush()
    pen.write(act, type(row).__name__.lower(), row.id)
