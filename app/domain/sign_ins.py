"""Who is signed in on which device. The cookie holds a token; the table only its hash."""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.domain.agents import browser_of, system_of
from app.domain.people import CONSULTANT, HELD, LEADER, MENTOR, PEOPLE, held_today

MENTOR_STAYS = timedelta(days=30)  # security decision A4
OTHERS_STAY = timedelta(hours=12)
OTHERS = frozenset({LEADER, CONSULTANT})
TOKEN_BYTES = 32
LOST_ANSWER = timedelta(minutes=2)  # how long an old token is still known by the lock
NEVER = datetime.min.replace(tzinfo=UTC)
PIN_DIGITS, PIN_TRIES = 6, 5


class SignIn(db.Row, table=True):
    """One device that a person has signed in on."""

    __tablename__ = "sign_in"
    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: bytes = Field(unique=True)
    at: datetime
    until: datetime
    ended_at: datetime | None = None
    system: str | None = None  # one of agents.SYSTEMS
    browser: str | None = None  # one of agents.BROWSERS
    # While the phone is lent to a participant: the one page that answers (of a secret address only
    # the hash), and what opens the rest.
    lent_path: str | None = None
    lent_pin_hash: str | None = None
    lent_tries: int = 0
    seen_at: datetime  # the last use, to the minute: a device that was left alone is locked
    proved_at: datetime  # when the person last showed who they are, by more than a PIN
    pin_hash: str | None = None  # opens the lock of this device only
    pin_tries: int = 0
    old_token_hash: bytes | None = None  # of before the lock was opened, for a lost answer
    renewed_at: datetime | None = None
    device_hash: bytes | None = None  # of a cookie that outlives the sign-in: a phone known before


@dataclass(frozen=True)
class Me:
    """The person at the other end of the request, and what they may be today."""

    id: UUID
    sign_in_id: UUID
    token: str
    language: str
    roles: frozenset[str]
    leads: frozenset[UUID]  # branches
    waiting: frozenset[str] = frozenset()  # roles that ask for a newer sign-in than this one
    lent: str | None = None  # the one path that answers while the phone is lent, or its hash
    seen_at: datetime = field(default_factory=clock.now)  # the last use
    proved_at: datetime = field(default_factory=clock.now)  # who it is, the last time
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


SIGN_INS = db.columns(SignIn)
_ALIVE = (
    select(
        SIGN_INS.c.id.label("sign_in_id"),
        PEOPLE.c.id,
        PEOPLE.c.language,
        SIGN_INS.c.at,
        SIGN_INS.c.lent_path,
        SIGN_INS.c.seen_at,
        SIGN_INS.c.proved_at,
        HELD.c.role,
        HELD.c.branch_id.label("led"),
    )
    .join(PEOPLE, PEOPLE.c.id == SIGN_INS.c.person_id)
    .join(HELD, HELD.c.person_id == PEOPLE.c.id)
    .where(
        SIGN_INS.c.ended_at.is_(None),
        SIGN_INS.c.until > bindparam("now"),
        PEOPLE.c.left_at.is_(None),
        held_today,
    )
)
_WHO = _ALIVE.where(SIGN_INS.c.token_hash == bindparam("token_hash"))
_WAS = _ALIVE.where(
    SIGN_INS.c.old_token_hash == bindparam("token_hash"), SIGN_INS.c.renewed_at > bindparam("since")
)
_ROLES = select(HELD.c.role).where(HELD.c.person_id == bindparam("person"), held_today)
_END = (
    update(SIGN_INS)
    .where(SIGN_INS.c.id == bindparam("sign_in"))
    .values(ended_at=bindparam("ended"), lent_path=None, lent_pin_hash=None)
)

_END_ALL = (
    update(SIGN_INS)
    .where(SIGN_INS.c.person_id == bindparam("person"), SIGN_INS.c.ended_at.is_(None))
    .values(ended_at=bindparam("ended"), lent_path=None, lent_pin_hash=None)
)


_LEND = (
    update(SIGN_INS)
    .where(SIGN_INS.c.id == bindparam("sign_in"), SIGN_INS.c.ended_at.is_(None))
    .values(lent_path=bindparam("path"), lent_pin_hash=bindparam("pin"), lent_tries=0)
)
_PIN = select(SIGN_INS.c.lent_pin_hash).where(SIGN_INS.c.id == bindparam("sign_in"))
_MISS = (
    update(SIGN_INS)
    .where(SIGN_INS.c.id == bindparam("sign_in"))
    .values(lent_tries=SIGN_INS.c.lent_tries + 1)
    .returning(SIGN_INS.c.lent_tries)
)


_RUNNING = (
    select(SIGN_INS.c.id, SIGN_INS.c.at, SIGN_INS.c.system, SIGN_INS.c.browser)
    .where(
        SIGN_INS.c.person_id == bindparam("person"),
        SIGN_INS.c.ended_at.is_(None),
        SIGN_INS.c.until > bindparam("now"),
    )
    .order_by(SIGN_INS.c.at.desc(), SIGN_INS.c.id)
)
_KNOWN_DEVICE = select(SIGN_INS.c.id).where(
    SIGN_INS.c.person_id == bindparam("person"), SIGN_INS.c.device_hash == bindparam("device")
)
_HERE = select(SIGN_INS.c.id).where(
    SIGN_INS.c.person_id == bindparam("person"),
    SIGN_INS.c.device_hash == bindparam("device"),
    SIGN_INS.c.id != bindparam("sign_in"),
    SIGN_INS.c.ended_at.is_(None),
    SIGN_INS.c.until > bindparam("now"),
)
_BEFORE = select(SIGN_INS.c.id).where(SIGN_INS.c.person_id == bindparam("person")).limit(db.ONE)
_OWN = select(SIGN_INS.c.id).where(
    SIGN_INS.c.id == bindparam("sign_in"), SIGN_INS.c.person_id == bindparam("person")
)


class Running(NamedTuple):
    """A device that is signed in: since when, and what it says it is."""

    id: UUID
    at: datetime
    system: str | None
    browser: str | None


class Begun(NamedTuple):
    """A device that has just signed in: its row, the token for its cookie, the roles."""

    id: UUID
    token: str
    roles: frozenset[str]


def of(person_id: UUID) -> list[Running]:
    """Where a person is signed in, the newest first."""
    return [Running(*row) for row in db.rows(_RUNNING, person=person_id, now=clock.now())]


def is_of(person_id: UUID, sign_in_id: UUID) -> bool:
    """Whether that person signed in there, now or before."""
    return db.first(_OWN, sign_in=sign_in_id, person=person_id) is not None


def knows(person_id: UUID, device: str | None) -> bool:
    """Whether that person has signed in on that phone before."""
    if not device:
        return False
    return db.first(_KNOWN_DEVICE, person=person_id, device=hashed(device)) is not None


def is_first(person_id: UUID) -> bool:
    """Whether the person has never signed in anywhere."""
    return db.first(_BEFORE, person=person_id) is None


def begin(person_id: UUID, day: date, agent: str = "", device: str | None = None) -> Begun | None:
    """Sign a device in; `device` is what its other cookie says. None without a role today."""
    roles = frozenset(row.role for row in db.rows(_ROLES, person=person_id, day=day))
    if not roles:
        return None
    token, at = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    stays = OTHERS_STAY if roles & OTHERS else MENTOR_STAYS
    made = SignIn(
        id=uuid4(),
        person_id=person_id,
        token_hash=hashed(token),
        at=at,
        until=at + stays,
        seen_at=at,
        proved_at=at,
        device_hash=hashed(device) if device else None,
        system=system_of(agent),
        browser=browser_of(agent),
    )
    db.session().add(made)
    db.session().flush()
    return Begun(made.id, token, roles)


def who(token: str) -> Me | None:
    """Whose token it is, with the roles held today; rights are looked up at every request."""
    return _me(_WHO, token)


def was(token: str) -> Me | None:
    """Whose token it was until the lock was opened, a moment ago: that answer may have been lost.

    It opens nothing: whoever has it may show once more who they are.
    """
    found = _me(_WAS, token, since=clock.now() - LOST_ANSWER)
    return found and replace(found, seen_at=NEVER, proved_at=NEVER)


def _me(statement: Any, token: str, **more: datetime) -> Me | None:
    now = clock.now()
    day = clock.in_denmark(now).date()
    found = db.rows(statement, token_hash=hashed(token), now=now, day=day, **more)
    if not found:
        return None
    one = found[0]
    held = frozenset(row.role for row in found)
    # Somebody who signed in as a mentor may since have become a stand-in.
    waiting = held & OTHERS if now - one.at > OTHERS_STAY else frozenset()
    roles = held - waiting
    if not roles:
        return None
    return Me(
        id=one.id,
        sign_in_id=one.sign_in_id,
        token=token,
        language=one.language,
        roles=roles,
        leads=frozenset(row.led for row in found if row.role in roles & {LEADER} and row.led),
        waiting=waiting,
        lent=one.lent_path,
        seen_at=one.seen_at,
        proved_at=one.proved_at,
    )


def others_on(person_id: UUID, device: str | None, sign_in_id: UUID) -> list[UUID]:
    """Older sign-ins of the person on that phone: a newer cookie has taken their place."""
    if not device:
        return []
    here, now = hashed(device), clock.now()
    found = db.rows(_HERE, person=person_id, device=here, sign_in=sign_in_id, now=now)
    return [row.id for row in found]


def end(sign_in_id: UUID) -> None:
    """Sign a device out at the server: a kept cookie is worth nothing afterwards."""
    db.connection().execute(_END, {"sign_in": sign_in_id, "ended": clock.now()})


def end_all(person_id: UUID) -> None:
    """Every device of a person at once."""
    db.change(_END_ALL, person=person_id, ended=clock.now())


def lend(sign_in_id: UUID, path: str, pin_hash: str) -> None:
    """From now on that device answers on one page only, until the PIN is given."""
    db.change(_LEND, sign_in=sign_in_id, path=path, pin=pin_hash)


def pin_of(sign_in_id: UUID) -> str | None:
    """The hash of the PIN that a lent device waits for."""
    row = db.first(_PIN, sign_in=sign_in_id)
    return row and row.lent_pin_hash


def give_back(sign_in_id: UUID) -> None:
    db.change(_LEND, sign_in=sign_in_id, path=None, pin=None)


def miss(sign_in_id: UUID) -> int:
    """A wrong PIN. How many are left; after the last one the device is to be signed out."""
    return PIN_TRIES - int(db.first(_MISS, sign_in=sign_in_id).lent_tries)  # type: ignore[union-attr]


def home_of(roles: frozenset[str]) -> str:
    """The role whose start page a person lands on."""
    return next(role for role in (MENTOR, LEADER, CONSULTANT) if role in roles)


def hashed(token: str) -> bytes:
    """What the table keeps of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()
