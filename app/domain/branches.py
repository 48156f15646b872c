"""Branches, the municipalities they cover, and the institutions they visit."""

from uuid import UUID

from sqlmodel import Field

from app.db import Row


class Branch(Row, table=True):
    """A local group (afdeling). It covers one or more municipalities."""

    name: str


class Municipality(Row, table=True):
    """Where participants are released to; one branch answers for it."""

    name: str
    branch_id: UUID = Field(foreign_key="branch.id", index=True)


class Institution(Row, table=True):
    """A prison, an arrest or a halfway house (pension)."""

    name: str
    phone: str | None = None  # the switchboard, never a person's number
