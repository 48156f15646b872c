"""The code app beside a password: six digits that last 30 seconds (RFC 6238), each good once."""

import hmac
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Field

from app import clock, db
from app.vault import Secret, sealed_column

PERIOD = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off
NAME = "Primus Motor"  # in the app's list: it names nobody


class CodeApp(db.Row, table=True):
    """The secret that somebody's app and we share."""

    __tablename__ = "code_app"
    person_id: UUID = Field(foreign_key="person.id", unique=True)
    at: datetime
    last_step: int  # of 30 seconds since 1970: no code works twice
    secret_ct: bytes | None = sealed_column()

    secret = Secret("person_id")


CODE_APPS = db.columns(CodeApp)
_OF = select(CODE_APPS.c.id, CODE_APPS.c.secret_ct).where(
    CODE_APPS.c.person_id == bindparam("person")
)
_SPEND = (  # in one statement: of two at once, one gets in
    update(CODE_APPS)
    .where(CODE_APPS.c.person_id == bindparam("person"), CODE_APPS.c.last_step < bindparam("step"))
    .values(last_step=bindparam("step"))
)
_REMOVE = delete(CODE_APPS).where(CODE_APPS.c.person_id == bindparam("person"))


def new_secret() -> str:
    """160 bits, as apps take them."""
    return pyotp.random_base32()


def address(secret: str) -> str:
    """What the picture says, and what opens an app on the same phone."""
    return pyotp.TOTP(secret).provisioning_uri(name=NAME, issuer_name=NAME)


def step_of(secret: str, code: str) -> int | None:
    """Which step those six digits belong to, now or one step off; None for any others."""
    now, codes = int(clock.now().timestamp()) // PERIOD, pyotp.TOTP(secret)
    near = range(now - DRIFT, now + DRIFT + 1)
    fits = [step for step in near if hmac.compare_digest(_at(codes, step), code.encode())]
    return fits[0] if fits else None


def _at(codes: pyotp.TOTP, step: int) -> bytes:
    return codes.generate_otp(step).encode()


def has(person_id: UUID) -> bool:
    return db.first(_OF, person=person_id) is not None


def put(person_id: UUID, secret: str, step: int) -> None:
    """This app from now on, and no other. Its first code is spent by having shown that it fits."""
    db.change(_REMOVE, person=person_id)
    row = CodeApp(id=uuid4(), person_id=person_id, at=clock.now(), last_step=step)
    row.secret = secret
    db.session().add(row)
    db.session().flush()


def spend(person_id: UUID, code: str) -> bool:
    """Whether the digits are right and new. They are not from then on."""
    found = db.first(_OF, person=person_id)
    if found is None:
        return False
    secret = CodeApp.secret.open(found.id, person_id, found.secret_ct)
    step = step_of(secret or "", code) if secret else None
    return step is not None and db.change(_SPEND, person=person_id, step=step) > 0


def remove(person_id: UUID) -> None:
    db.change(_REMOVE, person=person_id)
