"""A phone or computer that reminders reach: where its push service listens, and its keys."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Field

from app import db
from app.domain import sign_ins, trail
from app.domain.agents import browser_of, system_of
from app.vault import Secret, sealed_column

MOST = 10  # devices of one person
LONGEST_ENDPOINT = 1000  # characters
POINT_BYTES, AUTH_BYTES = 65, 16  # RFC 8291, section 3.1 and 3.2
# The push services of the browsers, whole names or whole endings (security.md, T26).
HOSTS = ("fcm.googleapis.com",)
ENDINGS = (".push.apple.com", ".push.services.mozilla.com", ".notify.windows.com")


class Refused(Exception):
    """The address is none that we send to; `why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Taken(Exception):
    """Somebody else has registered the same address; theirs stands."""


class Device(db.Row, table=True):
    """One subscription. Its address is a capability: whoever has it can make the phone ring."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    sign_in_id: UUID | None = Field(default=None, foreign_key="sign_in.id", index=True)
    address_mark: bytes = Field(unique=True)  # keyed hash: one row per address, tells none
    key_number: int  # which of our push keys it was made for
    system: str  # one of SYSTEMS
    browser: str  # one of BROWSERS
    made_at: datetime
    seen_at: datetime
    address_ct: bytes | None = sealed_column()

    address = Secret("person_id")


class Address(NamedTuple):
    """Where a push service listens for this device, and what it is encrypted to."""

    endpoint: str
    p256dh: str
    auth: str


class Known(NamedTuple):
    """A device as a row."""

    id: UUID
    person_id: UUID
    key_number: int
    system: str
    browser: str
    made_at: datetime
    seen_at: datetime
    address_ct: bytes | None

    def address(self) -> Address:
        text = Device.address.open(self.id, self.person_id, self.address_ct)
        return Address(**json.loads(text or "{}"))


DEVICES = db.columns(Device)
_KNOWN = select(*(DEVICES.c[name] for name in Known._fields))
_OF = _KNOWN.where(DEVICES.c.person_id == bindparam("person")).order_by(DEVICES.c.made_at)
_BY_MARK = select(DEVICES.c.id, DEVICES.c.person_id).where(
    DEVICES.c.address_mark == bindparam("mark")
)
_HERE = select(DEVICES.c.id).where(DEVICES.c.sign_in_id == bindparam("sign_in"))
_SEEN = (
    update(DEVICES)
    .where(DEVICES.c.id == bindparam("device"))
    .values(seen_at=bindparam("now"), sign_in_id=bindparam("sign_in"), key_number=bindparam("key"))
)
_REMOVE = delete(DEVICES).where(
    DEVICES.c.id == bindparam("device"), DEVICES.c.person_id == bindparam("person")
)
_GONE = delete(DEVICES).where(DEVICES.c.id == bindparam("device"))
_FORGET_ALL = delete(DEVICES).where(DEVICES.c.person_id == bindparam("person"))
_CARRY = (
    update(DEVICES)
    .where(DEVICES.c.sign_in_id == bindparam("old"))
    .values(sign_in_id=bindparam("new"))
)
_FORGET = delete(DEVICES).where(DEVICES.c.sign_in_id == bindparam("sign_in"))


def of(person_id: UUID) -> list[Known]:
    """The person's devices, oldest first."""
    return [Known(*row) for row in db.rows(_OF, person=person_id)]


def subscribed_on(sign_in_id: UUID) -> UUID | None:
    """The device that this sign-in has been reminded on."""
    row = db.first(_HERE, sign_in=sign_in_id)
    return row.id if row else None


def checked(endpoint: str, p256dh: str, auth: str, peers: frozenset[str]) -> Address:
    """An address that we may send to. Raises Refused for every other."""
    check_endpoint(endpoint, peers)
    point, secret = _bytes(p256dh, POINT_BYTES), _bytes(auth, AUTH_BYTES)
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError as error:
        raise Refused("key") from error
    return Address(endpoint, _base64(point), _base64(secret))


def check_endpoint(endpoint: str, peers: frozenset[str]) -> str:
    """The host of an endpoint that belongs to a known push service; asked again at every send.

    `peers` are further host:port pairs, for tests and demos only.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        raise Refused("endpoint")
    if any(sign in endpoint for sign in '\\ "<>'):
        raise Refused("endpoint")
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise Refused("endpoint") from error
    if parts.netloc in peers:
        return parts.netloc
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.username or parts.password or parts.fragment:
        raise Refused("endpoint")
    if port not in (None, 443) or parts.netloc.lower() not in (host, f"{host}:443"):
        raise Refused("endpoint")
    if host not in HOSTS and not host.endswith(ENDINGS):
        raise Refused("endpoint")
    return host


def subscribe(
    person_id: UUID,
    sign_in_id: UUID,
    address: Address,
    agent: str,
    key_number: int,
    lookup: bytes,
    pen: trail.Pen,
    now: datetime,
) -> UUID:
    """Remind the person on this device; the same address again is the same device."""
    fingerprint = _mark(address, lookup)
    known = db.first(_BY_MARK, mark=fingerprint)
    if known and known.person_id != person_id:
        raise Taken
    if known:
        values = {"device": known.id, "now": now, "sign_in": sign_in_id, "key": key_number}
        db.connection().execute(_SEEN, values)
        return UUID(str(known.id))
    if len(of(person_id)) >= MOST:
        raise Refused("many")
    made = Device(
        id=uuid4(),
        person_id=person_id,
        sign_in_id=sign_in_id,
        address_mark=fingerprint,
        key_number=key_number,
        system=system_of(agent),
        browser=browser_of(agent),
        made_at=now,
        seen_at=now,
    )
    made.address = json.dumps(address._asdict())
    db.session().add(made)
    db.session().flush()
    pen.write(trail.LINKED, "device", made.id)
    return made.id


def knows(address: Address, person_id: UUID, lookup: bytes) -> bool:
    """Whether the person is reminded at that address."""
    known = db.first(_BY_MARK, mark=_mark(address, lookup))
    return known is not None and known.person_id == person_id


def _mark(address: Address, lookup: bytes) -> bytes:
    return hmac.new(lookup, address.endpoint.encode(), hashlib.sha256).digest()


def remove(device_id: UUID, person_id: UUID, pen: trail.Pen) -> bool:
    """The person wants no reminders there any more. False for a device that is not theirs."""
    removed = db.connection().execute(_REMOVE, {"device": device_id, "person": person_id})
    if not removed.rowcount:
        return False
    pen.write(trail.UNLINKED, "device", device_id)
    return True


def gone(device_id: UUID) -> None:
    """The push service knows it no longer."""
    db.connection().execute(_GONE, {"device": device_id})


def forget(sign_in_id: UUID) -> None:
    """Whoever signs out is not reminded on that phone: the next one may hold it."""
    db.connection().execute(_FORGET, {"sign_in": sign_in_id})


def sign_in_anew(old: UUID, new: UUID, pen: trail.Pen) -> None:
    """The same person on the same phone: the new sign-in takes the place of the old one, and
    reminders go on.
    """
    db.change(_CARRY, old=old, new=new)
    sign_ins.end(old)
    pen.write(trail.SIGNED_OUT, "sign_in", old)


def sign_out(sign_in_id: UUID, pen: trail.Pen) -> None:
    """Its next request is refused, and no reminder reaches it any more."""
    sign_ins.end(sign_in_id)
    forget(sign_in_id)
    pen.write(trail.SIGNED_OUT, "sign_in", sign_in_id)


def sign_out_all(person_id: UUID, pen: trail.Pen, but: UUID | None = None) -> None:
    """Every device of a person, or every other than the one in hand."""
    for one in sign_ins.of(person_id):
        if one.id != but:
            sign_out(one.id, pen)


def forget_all(person_id: UUID) -> None:
    """Whoever has left is reminded of nothing."""
    db.change(_FORGET_ALL, person=person_id)


def _bytes(text: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Refused("key") from error
    if len(raw) != length:
        raise Refused("key")
    return raw


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
