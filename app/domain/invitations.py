"""How a person gets in the first time: a link that works once, for a week.

It is shown to whoever invites, or goes by letter. The table holds only the token's hash; that of a
letter is made as the letter is written, so that it waits nowhere. Unknown, used, stopped and run
out are one answer: no.

Whoever has a second factor gets a link by letter alone: the consultant who gives a code must not
hold the link as well, or one person could take over any account (security.md, T13).
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import devices, half_sign_ins, news, notices, people, trail, ways_in
from app.domain.people import HELD, PEOPLE, held_today

LASTS = timedelta(days=7)
TOKEN_BYTES = 32
SENT, USED, STOPPED, RUN_OUT = "sent", "used", "stopped", "run_out"


class Invitation(db.Row, table=True):
    """One link to one person. A new one stops those before it."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: bytes = Field(unique=True)
    made_by: UUID | None = Field(default=None, foreign_key="person.id")  # None: by a command
    at: datetime
    until: datetime
    used_at: datetime | None = None
    stopped_at: datetime | None = None


class Invited(NamedTuple):
    """The last invitation of a person, as a row."""

    id: UUID
    person_id: UUID
    at: datetime
    until: datetime
    used_at: datetime | None
    stopped_at: datetime | None

    def state(self, now: datetime) -> str:
        if self.used_at:
            return USED
        if self.stopped_at:
            return STOPPED
        return SENT if now < self.until else RUN_OUT


INVITATIONS = db.columns(Invitation)
_OPEN = (
    INVITATIONS.c.used_at.is_(None),
    INVITATIONS.c.stopped_at.is_(None),
)
_GOOD = (*_OPEN, INVITATIONS.c.until > bindparam("now"))
_BY_TOKEN = (
    select(INVITATIONS.c.person_id, PEOPLE.c.email_mark, INVITATIONS.c.id, INVITATIONS.c.made_by)
    .join(PEOPLE, PEOPLE.c.id == INVITATIONS.c.person_id)
    .where(
        INVITATIONS.c.token_hash == bindparam("hashed_token"),
        PEOPLE.c.left_at.is_(None),
        select(HELD.c.id).where(HELD.c.person_id == PEOPLE.c.id, held_today).exists(),
        *_GOOD,
    )
)
_OF = (
    select(*(INVITATIONS.c[name] for name in Invited._fields))
    .where(INVITATIONS.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(INVITATIONS.c.at, INVITATIONS.c.stopped_at.is_(None))
)
_STOP = (
    update(INVITATIONS)
    .where(INVITATIONS.c.person_id == bindparam("person"), *_OPEN)
    .values(stopped_at=bindparam("stopped"))
)
_USE = (  # in one statement: of two at once, one gets in
    update(INVITATIONS)
    .where(INVITATIONS.c.token_hash == bindparam("hashed_token"), *_GOOD)
    .values(used_at=bindparam("used"))
    .returning(INVITATIONS.c.id)
)
_RENEW = (
    update(INVITATIONS)
    .where(INVITATIONS.c.id == bindparam("invitation"), *_GOOD)
    .values(token_hash=bindparam("made"))
)


class Opened(NamedTuple):
    """Whom a good link belongs to."""

    person_id: UUID
    email_mark: bytes


def only_by_letter(person_id: UUID) -> bool:
    """Whether a link for that person may be shown to nobody."""
    return ways_in.of(person_id).second


def invite(person_id: UUID, pen: trail.Pen, by: UUID | None) -> str:
    """A new link for the person; its token is told once. Those before it stop."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _invite(person_id, token, pen, by)
    return token


def send(person_id: UUID, pen: trail.Pen, by: UUID) -> None:
    """The same by letter: it is queued here, and its link is made when it goes."""
    made = _invite(person_id, secrets.token_urlsafe(TOKEN_BYTES), pen, by)
    notices.at_once(person_id, news.INVITED, made, None, clock.now())


def written(invitation_id: UUID) -> str | None:
    """A token for the letter that is being written; None when the invitation is good no more.

    A letter that is written again has a link of its own, and that one works.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"invitation": invitation_id, "now": clock.now(), "made": _hash(token)}
    return token if db.change(_RENEW, **values) else None


def letter_of(last: Invited) -> notices.Told | None:
    """The letter that brings it; None where the link was shown."""
    return notices.about(last.person_id, news.INVITED, last.id)


def _invite(person_id: UUID, token: str, pen: trail.Pen, by: UUID | None) -> UUID:
    now = clock.now()
    stop(person_id)
    row = Invitation(
        id=uuid4(),
        person_id=person_id,
        token_hash=_hash(token),
        made_by=by,
        at=now,
        until=now + LASTS,
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.INVITED, "person", person_id)
    return row.id


def stop(person_id: UUID) -> None:
    """No link of the person's works any more."""
    db.connection().execute(_STOP, {"person": person_id, "stopped": clock.now()})


def opened(token: str) -> Opened | None:
    """Whom the link is for; None for any link that does not work, whatever the reason."""
    found = db.first(_BY_TOKEN, hashed_token=_hash(token), now=clock.now(), day=clock.today())
    if found is None or _is_in_other_hands(found):
        return None
    return Opened(found.person_id, found.email_mark)


def _is_in_other_hands(found: Any) -> bool:
    """A link that a colleague was shown, to somebody who has a second factor by now."""
    if found.made_by is None or notices.about(found.person_id, news.INVITED, found.id):
        return False
    return only_by_letter(found.person_id)


def accept(token: str, password_hash: str | None, pen: trail.Pen) -> bool:
    """The person has come in, with a password or without. Only the first use of a link counts."""
    found, now = opened(token), clock.now()
    if found is None:
        return False
    values = {"hashed_token": _hash(token), "now": now, "used": now}
    if db.connection().execute(_USE, values).first() is None:
        return False
    if password_hash is not None:
        people.set_password(found.person_id, password_hash)
    devices.sign_out_all(found.person_id, pen)  # whoever knew an older password is out
    devices.forget_all(found.person_id)  # also where a sign-in had run out
    half_sign_ins.end_all(found.person_id)
    pen.write(trail.CAME_IN, "person", found.person_id)
    return True


def last_of(those: list[UUID]) -> dict[UUID, Invited]:
    """The last invitation of each who has had one."""
    return {row.person_id: Invited(*row) for row in db.rows(_OF, people=those)}


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
