"""Who signs in, as what and where: the consultant brings people in and ends their roles.

Nobody changes their own roles: so a consultant always remains, and nobody raises themselves.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from app import clock, db
from app.domain import (
    departures,
    devices,
    invitations,
    mentors,
    owners,
    people,
    roles,
    sign_ins,
    trail,
)
from app.domain.branches import BRANCHES
from app.domain.mentors import Newcomer, Refused
from app.domain.passkeys import PASSKEYS
from app.domain.people import (
    CONSULTANT,
    HELD,
    LEADER,
    MENTOR,
    PEOPLE,
    Person,
    first_name_of,
    surname_of,
)
from app.vault import ring


class Held(NamedTuple):
    """A role somebody has today, or from a day to come."""

    id: UUID
    role: str
    branch_id: UUID | None
    branch: str | None


class Colleague(NamedTuple):
    """One of those who sign in."""

    id: UUID
    first_name: str
    surname: str
    branch_id: UUID | None
    roles: tuple[Held, ...]
    has_way_in: bool  # has made one, of whatever kind
    invitation: str | None  # the state of the last one


_ROLES = (
    select(HELD.c.id, HELD.c.person_id, HELD.c.role, HELD.c.branch_id, BRANCHES.c.name)
    .outerjoin(BRANCHES, BRANCHES.c.id == HELD.c.branch_id)
    .where(or_(HELD.c.to_on.is_(None), HELD.c.to_on >= bindparam("day")))
    .order_by(HELD.c.role, BRANCHES.c.name)
)
_PEOPLE = select(
    PEOPLE.c.id,
    PEOPLE.c.branch_id,
    PEOPLE.c.first_name_ct,
    PEOPLE.c.surname_ct,
    or_(
        PEOPLE.c.password_hash.is_not(None),
        select(PASSKEYS.c.id).where(PASSKEYS.c.person_id == PEOPLE.c.id).correlate(PEOPLE).exists(),
    ).label("has_way_in"),
).where(PEOPLE.c.left_at.is_(None))
_PERSON = _PEOPLE.where(PEOPLE.c.id == bindparam("person"))
_MAILED_TO = select(PEOPLE.c.id).where(
    PEOPLE.c.id == bindparam("person"), PEOPLE.c.email_ct.is_not(None)
)
_ROLE = select(HELD.c.role, HELD.c.person_id, HELD.c.branch_id, HELD.c.from_on).where(
    HELD.c.id == bindparam("one")
)
_LEADS_STILL = select(HELD.c.id).where(
    HELD.c.id != bindparam("one"),
    HELD.c.person_id == bindparam("person_id"),
    HELD.c.role == bindparam("role"),
    HELD.c.branch_id == bindparam("branch_id"),
    people.held_today,
)
_END = update(HELD).where(HELD.c.id == bindparam("one")).values(to_on=bindparam("last"))


def everyone(day: date) -> list[Colleague]:
    """All who have not left, by first name."""
    found = _colleagues(db.rows(_PEOPLE), day)
    return sorted(found, key=lambda one: (one.first_name.casefold(), one.surname.casefold()))


def one(person_id: UUID, day: date) -> Colleague | None:
    found = _colleagues(db.rows(_PERSON, person=person_id), day)
    return found[0] if found else None


def can_be_written_to(person_id: UUID) -> bool:
    """Whether there is an address that a letter can go to."""
    return db.first(_MAILED_TO, person=person_id) is not None


def with_email(email: str, lookup: bytes) -> UUID | None:
    """Whose address it is."""
    return people.with_mark(people.email_mark(email, lookup))


def hire(
    client_id: UUID,
    who: Newcomer,
    role: str,
    branch: UUID | None,
    lookup: bytes,
    pen: trail.Pen,
) -> None:
    """Somebody new with a role from today. Sent again, it is the same person."""
    known = with_email(who.email, lookup)
    if known:
        if known == client_id:
            return
        raise Refused("known")
    ring().add_many([client_id])  # a second tap finds the key there
    row = Person(id=client_id, branch_id=branch, email_mark=people.email_mark(who.email, lookup))
    row.first_name, row.surname = who.first_name, who.surname
    row.email, row.phone = who.email, who.phone
    db.session().add(row)
    db.session().flush()
    pen.write(trail.LOGGED, "person", client_id)
    _give(client_id, role, branch, pen)


def give(colleague: Colleague, role: str, branch: UUID | None, pen: trail.Pen, by: UUID) -> None:
    """One more role, from today. Its person signs in anew: rights that change end a session."""
    _not_own(colleague.id, by)
    where = None if role == CONSULTANT else branch
    if any((held.role, held.branch_id) == (role, where) for held in colleague.roles):
        raise Refused("has")
    _give(colleague.id, role, where, pen)
    sign_ins.end_all(colleague.id)


def end(role_id: UUID, pen: trail.Pen, by: UUID) -> None:
    """The role ends this minute, and every device is signed out. A mentor's seats end with it; what
    a leader owns is handed on.
    """
    held, day = db.first(_ROLE, one=role_id), clock.today()
    if held is None:
        raise Refused("meanwhile")
    _not_own(held.person_id, by)
    _hand_on(role_id, held, pen)
    db.change(_END, one=role_id, last=day - timedelta(days=1))
    if held.role == MENTOR:
        for seat in db.rows(mentors.SEATED, person=held.person_id, day=day):
            departures.leave(seat.mentorship_id, seat.participant_id, held.person_id, pen)
    sign_ins.end_all(held.person_id)
    left = one(held.person_id, day)
    if left is not None and not left.roles:
        devices.forget_all(held.person_id)
        invitations.stop(held.person_id)
    pen.write(trail.LEFT, "role", held.person_id, reason=held.role)


def move(colleague: Colleague, branch: UUID, pen: trail.Pen, by: UUID) -> None:
    """To another branch: the roles of the old one end, the same begin in the new one.

    Pairs stay as they are; what a leader owns is handed on to another leader of the old branch.
    """
    _not_own(colleague.id, by)
    person, yesterday = (
        db.session().get_one(Person, colleague.id),
        clock.today() - timedelta(days=1),
    )
    person.branch_id = branch
    db.session().add(person)
    db.session().flush()
    for held in colleague.roles:
        if held.branch_id not in (None, branch):
            _hand_on(held.id, db.first(_ROLE, one=held.id), pen)
            db.change(_END, one=held.id, last=yesterday)
            _give(colleague.id, held.role, branch, pen)
    sign_ins.end_all(colleague.id)
    pen.write(trail.MOVED, "person", colleague.id)


def _hand_on(role_id: UUID, held: Any, pen: trail.Pen) -> None:
    """Before a leader's role ends. Whoever leads there by another role as well keeps it."""
    day = clock.today()
    if held.role != LEADER or db.first(_LEADS_STILL, one=role_id, day=day, **held._mapping):
        return
    try:
        owners.hand_all_on(held.person_id, held.branch_id, pen)
    except owners.NobodyLeads as error:
        raise Refused("nobody_leads") from error


def _give(person_id: UUID, role: str, branch: UUID | None, pen: trail.Pen) -> None:
    where = None if role == CONSULTANT else branch
    roles.give(person_id, role, where, (clock.today(), None), pen)


def _not_own(person_id: UUID, by: UUID) -> None:
    if person_id == by:
        raise Refused("own")


def _colleagues(found: list[Any], day: date) -> list[Colleague]:
    those, now = [row.id for row in found], clock.now()
    if not those:
        return []
    ring().take(those)
    held: defaultdict[UUID, list[Held]] = defaultdict(list)
    for row in db.rows(_ROLES, day=day):
        held[row.person_id].append(Held(row.id, row.role, row.branch_id, row.name))
    last = invitations.last_of(those)
    return [
        Colleague(
            row.id,
            first_name_of(row.id, row.first_name_ct),
            surname_of(row.id, row.surname_ct),
            row.branch_id,
            tuple(held[row.id]),
            row.has_way_in,
            last[row.id].state(now) if row.id in last else None,
        )
        for row in found
    ]
