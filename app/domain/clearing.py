"""What only grows old: rows that are of no use any more, each after its days; and stray keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlmodel import Field

from app import db
from app.domain import belongings, retention
from app.domain.devices import DEVICES
from app.domain.exit_links import LINKS
from app.domain.feeds import FEEDS
from app.domain.half_sign_ins import HALVES
from app.domain.invitations import INVITATIONS
from app.domain.notices import DELIVERIES, NOTICES
from app.domain.partners import PARTNERS
from app.domain.recovery_codes import CODES
from app.domain.sign_ins import SIGN_INS


class Stray(db.Row, table=True):
    """A key that nobody has, and since when that is known."""

    key_id: UUID = Field(unique=True)
    seen_at: datetime


STRAYS = db.columns(Stray)
_BEFORE: Any = bindparam("before")


def _ended(*columns: Any) -> Any:
    """The first of what made it useless lies long back."""
    return or_(*(column < _BEFORE for column in columns))


_OLD: dict[str, Any] = {
    "device": delete(DEVICES).where(DEVICES.c.seen_at < _BEFORE),
    "sign_in": delete(SIGN_INS).where(
        _ended(SIGN_INS.c.ended_at, SIGN_INS.c.until),
        SIGN_INS.c.id.not_in(select(DEVICES.c.sign_in_id).where(DEVICES.c.sign_in_id.is_not(None))),
    ),
    "invitation": delete(INVITATIONS).where(
        _ended(INVITATIONS.c.used_at, INVITATIONS.c.stopped_at, INVITATIONS.c.until)
    ),
    "half_sign_in": delete(HALVES).where(HALVES.c.until < _BEFORE),
    "recovery_code": delete(CODES).where(_ended(CODES.c.used_at, CODES.c.until)),
    "exit_link": delete(LINKS).where(
        _ended(LINKS.c.used_at, LINKS.c.revoked_at, LINKS.c.expires_at)
    ),
    "feed": delete(FEEDS).where(FEEDS.c.revoked_at < _BEFORE),
    "partner": delete(PARTNERS).where(PARTNERS.c.closed_at < _BEFORE),
    "notice": delete(NOTICES).where(NOTICES.c.made_at < _BEFORE),
}
_OLD_NOTICES = select(NOTICES.c.id).where(NOTICES.c.made_at < _BEFORE)
_CARRIERS = NOTICES.alias("carriers")
_BEFORE_NOTICES = (
    delete(DELIVERIES).where(DELIVERIES.c.notice_id.in_(_OLD_NOTICES)),
    update(NOTICES)
    .where(NOTICES.c.carrier_id.in_(select(_CARRIERS.c.id).where(_CARRIERS.c.made_at < _BEFORE)))
    .values(carrier_id=None),
)
_STRAYS_BEFORE = select(STRAYS.c.key_id).where(STRAYS.c.seen_at <= _BEFORE)
_KNOWN = select(STRAYS.c.key_id)
_FOUND_AGAIN = delete(STRAYS).where(STRAYS.c.key_id == bindparam("key"))


def sweep(now: datetime) -> dict[str, int]:
    """Delete all that is older than its days; how many rows, by table."""
    gone = {}
    for name, statement in _OLD.items():
        before = now - timedelta(days=retention.DAYS[name])
        for first in _BEFORE_NOTICES if name == "notice" else ():
            db.change(first, before=before)
        gone[name] = db.change(statement, before=before)
    return {name: count for name, count in gone.items() if count}


def strays(held: Iterable[UUID], now: datetime) -> list[UUID]:
    """Of these keys, the ones that have been nobody's for a day. Newer ones are written down.

    A key is made before the first row that needs it, so a young one may still find its owner.
    """
    owned = {row[0] for row in db.rows(belongings.keyed())}
    stray = set(held) - owned
    for row in db.rows(_KNOWN):
        if row.key_id not in stray:
            db.change(_FOUND_AGAIN, key=row.key_id)
    for key in stray:
        db.insert_once(Stray, id=uuid4(), key_id=key, seen_at=now)
    old = {row.key_id for row in db.rows(_STRAYS_BEFORE, before=now - retention.STRAY)}
    return sorted(old & stray)


def strays_waiting() -> int:
    return int(db.rows(select(func.count()).select_from(STRAYS))[0][0])
