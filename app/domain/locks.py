"""The lock of a device that was left alone, and how it is opened again (security decision A4).

Fifteen minutes without use, and nothing answers until the person has shown who they are: by
passkey, by the PIN of this device, or by the password. Opening changes the token, so that a copy of
the old cookie is worth nothing. The gravest acts ask for a fresh proof (FRESH), never for the PIN.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update

from app import clock, db
from app.domain.sign_ins import SIGN_INS, TOKEN_BYTES, Me, hashed

FRESH = timedelta(minutes=15)  # so long is a proof
NOTED = timedelta(minutes=1)  # use is written down this often: the lock comes at most so much early
PIN_TRIES = 5

_SEE = (
    update(SIGN_INS).where(SIGN_INS.c.id == bindparam("sign_in")).values(seen_at=bindparam("now"))
)
_OPEN = (
    update(SIGN_INS)
    .where(SIGN_INS.c.id == bindparam("sign_in"), SIGN_INS.c.ended_at.is_(None))
    .values(
        seen_at=bindparam("now"),
        token_hash=bindparam("token"),
        old_token_hash=SIGN_INS.c.token_hash,
        renewed_at=bindparam("now"),
        pin_tries=0,
    )
)
_PROVE = (
    update(SIGN_INS).where(SIGN_INS.c.id == bindparam("sign_in")).values(proved_at=bindparam("now"))
)
_PIN = select(SIGN_INS.c.pin_hash).where(SIGN_INS.c.id == bindparam("sign_in"))
_SET_PIN = (
    update(SIGN_INS)
    .where(SIGN_INS.c.id == bindparam("sign_in"))
    .values(pin_hash=bindparam("pin"), pin_tries=0)
)
_TRY = (  # counted before it is looked at: of many at once, five are looked at
    update(SIGN_INS)
    .where(SIGN_INS.c.id == bindparam("sign_in"), SIGN_INS.c.pin_tries < PIN_TRIES)
    .values(pin_tries=SIGN_INS.c.pin_tries + 1)
    .returning(SIGN_INS.c.pin_tries)
)


def is_closed(who: Me, idle: timedelta) -> bool:
    """Whether the device was left alone for too long. A lent one has a PIN of its own."""
    return not who.lent and clock.now() - who.seen_at >= idle


def is_fresh(who: Me, within: timedelta) -> bool:
    """Whether the person has shown who they are so lately."""
    return timedelta(0) <= clock.now() - who.proved_at <= within


def is_to_be_noted(who: Me) -> bool:
    return clock.now() - who.seen_at >= NOTED


def see(sign_in_id: UUID) -> None:
    """The device is in use."""
    db.change(_SEE, sign_in=sign_in_id, now=clock.now())


def open_again(sign_in_id: UUID, *, proved: bool) -> str:
    """The device is its person's. A new token for the cookie; the old one is worth nothing."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    db.change(_OPEN, sign_in=sign_in_id, token=hashed(token), now=now)
    if proved:
        db.change(_PROVE, sign_in=sign_in_id, now=now)
    return token


def pin_of(sign_in_id: UUID) -> str | None:
    """The hash of the PIN of this device."""
    row = db.first(_PIN, sign_in=sign_in_id)
    return row and row.pin_hash


def set_pin(sign_in_id: UUID, pin_hash: str | None) -> None:
    db.change(_SET_PIN, sign_in=sign_in_id, pin=pin_hash)


def attempt(sign_in_id: UUID) -> int:
    """Count one try of the PIN or the password. How many are left after it; -1: not this one."""
    row = db.first(_TRY, sign_in=sign_in_id)
    return PIN_TRIES - int(row.pin_tries) if row else -1
