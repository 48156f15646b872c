"""What is put right about who somebody is: a name, a number, an address.

The trail gets the name of each field that changed, never what it said or says.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app import clock, db
from app.domain import (
    invitations,
    leading,
    news,
    notices,
    people,
    recovery_codes,
    referrals,
    trail,
    ways_in,
)
from app.domain.mentors import Newcomer, Refused
from app.domain.mentorships import Identity, Participant
from app.domain.people import Person
from app.domain.referrals import Referral

SETTLES = timedelta(days=7)  # before another address, with a code of a consultant, is a way in


def of_colleague(person_id: UUID, now: Newcomer, lookup: bytes, pen: trail.Pen) -> None:
    """Somebody who signs in. Another address is another way in: the one before is told."""
    person = db.session().get_one(Person, person_id)
    before, mark = person.email, people.email_mark(now.email, lookup)
    if people.with_mark(mark) not in (None, person_id):
        raise Refused("known")
    moved = mark != person.email_mark
    person.email_mark = mark
    _set(person, now._asdict(), pen, "person", None)
    if moved:
        invitations.stop(person_id)  # a link may lie at an address that was wrong
        recovery_codes.take_back(person_id)  # nor is a code of today good for a letter to there
        if ways_in.of(person_id).any:
            told_at = before or now.email  # also where there was none: it has to settle
            notices.by_letter(person_id, news.READDRESSED, told_at, clock.now())


def is_settling(person_id: UUID) -> bool:
    """Whether the address of somebody with a way in changed so lately that it lets nobody in yet:
    the owner of the one before is told meanwhile.
    """
    return notices.was_told_since(person_id, news.READDRESSED, clock.now() - SETTLES)


def of_number(person_id: UUID, phone: str | None, pen: trail.Pen) -> None:
    """One's own Red Cross phone. Whoever leads the branch is told."""
    person = db.session().get_one(Person, person_id)
    branch = person.branch_id
    if not _set(person, {"phone": phone}, pen, "person", None) or branch is None:
        return
    for leader in leading.of(branch, person_id, clock.today()).ids - {person_id}:
        notices.at_once(leader, news.RENUMBERED, person_id, None, clock.now())


def of_participant(participant_id: UUID, now: Identity, pen: trail.Pen) -> None:
    row = db.session().get_one(Participant, participant_id)
    _set(row, now._asdict(), pen, "participant", participant_id)


def of_referral(referral: referrals.Made, now: dict[str, Any], pen: trail.Pen) -> None:
    """Who has sent it, and where to: `now` by the names of its columns."""
    row = db.session().get_one(Referral, referral.id)
    _set(row, now, pen, "referral", referral.participant_id)


def _set(
    row: Any, now: dict[str, Any], pen: trail.Pen, kind: str, subject: UUID | None
) -> list[str]:
    """The fields that change."""
    made, changed = row.id, [name for name in now if getattr(row, name) != now[name]]
    for name in changed:
        setattr(row, name, now[name])
    db.session().add(row)
    db.session().flush()
    for name in changed:
        pen.write(trail.EDITED, kind, made, subject, reason=name)
    return changed
