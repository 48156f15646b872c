"""How somebody may sign in: by passkey, or by password and code app. Both are two factors."""

from typing import NamedTuple
from uuid import UUID

from app.domain import code_apps, passkeys, people


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


def of(person_id: UUID) -> Ways:
    return Ways(
        len(passkeys.of(person_id)),
        code_apps.has(person_id),
        people.password_of(person_id) is not None,
    )
