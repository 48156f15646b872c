"""How somebody may sign in: by passkey, or by password and code app. Both are two factors."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, bindparam, select

from app import db
from app.domain import code_apps, passkeys, people
from app.domain.code_apps import CODE_APPS
from app.domain.passkeys import PASSKEYS
from app.domain.people import PEOPLE


class Ways(NamedTuple):
    """What a person has to sign in with."""

    passkeys: int
    code_app: bool
    password: bool

    @property
    def any(self) -> bool:
        """Whether the person has ever made one."""
        return self.password or self.passkeys > 0

    @property
    def second(self) -> bool:
        """Whether there is anything beside the password."""
        return self.code_app or self.passkeys > 0

    @property
    def whole(self) -> bool:
        """Whether the person can get in: nobody takes away the last way that they have."""
        return self.passkeys > 0 or (self.password and self.code_app)


_ABLE = select(PEOPLE.c.id).where(
    PEOPLE.c.id.in_(bindparam("people", expanding=True)),
    PEOPLE.c.id.in_(select(PASSKEYS.c.person_id))
    | (
        PEOPLE.c.password_hash.is_not(None)
        & (bindparam("alone", type_=Boolean()) | PEOPLE.c.id.in_(select(CODE_APPS.c.person_id)))
    ),
)


def able(people: Iterable[UUID], *, alone: bool) -> set[UUID]:
    """Who of them can get in: with two factors, or with a password alone where that is enough."""
    return {row.id for row in db.rows(_ABLE, people=list(people), alone=alone)}


def of(person_id: UUID) -> Ways:
    return Ways(
        len(passkeys.of(person_id)),
        code_apps.has(person_id),
        people.password_of(person_id) is not None,
    )
