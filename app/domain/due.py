"""Who is to be erased when, and which mentorships lose their words: from rows and the clock."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from app import clock, db
from app.domain import belongings, closures, referrals, retention, rules, trail
from app.domain.belongings import PARTICIPANT, PERSON
from app.domain.erasure import ERASURES
from app.domain.mentors import STAGE_ROWS
from app.domain.mentorships import MENTORSHIPS, PARTICIPANTS, SEATS, months_after
from app.domain.people import HELD, PEOPLE
from app.domain.referrals import MATCHED, OPEN

WORDS = "words"


class Due(NamedTuple):
    """`subject_id` is the participant or the person; of words it is the mentorship."""

    on: date
    kind: str  # PARTICIPANT, PERSON or WORDS
    subject_id: UUID
    branch_id: UUID | None


_PARTICIPANTS = select(PARTICIPANTS.c.id)
_LIVES = select(MENTORSHIPS.c.participant_id, MENTORSHIPS.c.branch_id, MENTORSHIPS.c.ended_on)
_LIVES_OF = _LIVES.where(MENTORSHIPS.c.participant_id == bindparam("subject"))
_REFERRALS_OF = referrals.STANDING.where(
    referrals.REFERRALS.c.participant_id == bindparam("subject")
)
_PEOPLE = select(PEOPLE.c.id, PEOPLE.c.branch_id, PEOPLE.c.left_at).where(
    ~select(ERASURES.c.id)
    .where(ERASURES.c.subject_id == PEOPLE.c.id, ERASURES.c.done_at.is_not(None))
    .exists()
)
_ROLES = select(HELD.c.person_id, HELD.c.to_on)
_STAGES = select(STAGE_ROWS.c.person_id, func.max(STAGE_ROWS.c.at)).group_by(STAGE_ROWS.c.person_id)
_NEEDED = (  # sits in a pair that runs, or whose end waits for a leader
    select(SEATS.c.person_id)
    .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
    .where(
        or_(
            MENTORSHIPS.c.ended_on.is_(None)
            & or_(SEATS.c.to_on.is_(None), SEATS.c.to_on >= bindparam("day")),
            MENTORSHIPS.c.id.in_(select(closures.WAITING.subquery("waiting").c.mentorship_id)),
        )
    )
    .distinct()
)

_ENDED = (
    select(MENTORSHIPS.c.participant_id, MENTORSHIPS.c.ended_on)
    .where(MENTORSHIPS.c.id == bindparam("mentorship"))
    .with_for_update()
)


def everything(day: date) -> list[Due]:
    """All that has a day, the first first. What is due is on or before today."""
    return sorted([*participants(), *people(day), *words()], key=lambda one: (one.on, str(one)))


def participants() -> list[Due]:
    """Every participant whose day is known: none while anything of theirs goes on."""
    known = db.rows(_PARTICIPANTS)  # first: whoever comes meanwhile is not seen half
    lives: defaultdict[UUID, list[Any]] = defaultdict(list)
    asked: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in db.rows(_LIVES):
        lives[row.participant_id].append(row)
    for row in db.rows(referrals.STANDING):
        asked[row.participant_id].append(row)
    said = rules.values()
    found = (_one(row.id, lives[row.id], asked[row.id], said) for row in known)
    return [one for one in found if one]


def participant(subject: UUID) -> Due | None:
    """The same of one."""
    lives, asked = db.rows(_LIVES_OF, subject=subject), db.rows(_REFERRALS_OF, subject=subject)
    return _one(subject, lives, asked, rules.values())


def _one(subject: UUID, lives: list[Any], asked: list[Any], said: Mapping[str, int]) -> Due | None:
    days: list[date | None] = [_after_life(life, said) for life in lives]
    days += [_after_referral(row) for row in asked if row.step != MATCHED or not lives]
    branches = [row.branch_id for row in (*lives, *asked)]
    known = [on for on in days if on]
    if len(known) < len(days):
        return None
    # A participant without either has been left over: there is nothing to wait for.
    on = max(known, default=clock.today())
    return Due(on, PARTICIPANT, subject, branches[0] if branches else None)


def _after_life(life: Any, said: Mapping[str, int]) -> date | None:
    ended = retention.of(life.ended_on, said)
    return ended.identity_on if ended else None


def _after_referral(row: Any) -> date:
    last = clock.in_denmark(row.at).date()
    if row.step in (*OPEN, MATCHED):
        return months_after(max(last, row.release_on), retention.SILENT)
    return months_after(last, retention.REFUSED)


def people(day: date) -> list[Due]:
    """Everybody who has stopped and is not needed in a pair."""
    roles: defaultdict[UUID, list[date | None]] = defaultdict(list)
    for row in db.rows(_ROLES):
        roles[row.person_id].append(row.to_on)
    stages = {row[0]: clock.in_denmark(row[1]).date() for row in db.rows(_STAGES)}
    needed = {row.person_id for row in db.rows(_NEEDED, day=day)}
    found = []
    for row in db.rows(_PEOPLE):
        left = clock.in_denmark(row.left_at).date() if row.left_at else None
        stopped = left or _without_role(roles[row.id], stages.get(row.id), day)
        if stopped and row.id not in needed:
            on = months_after(stopped, retention.LEFT)
            found.append(Due(on, PERSON, row.id, row.branch_id))
    return found


def person(subject: UUID, day: date) -> Due | None:
    """The same of one; None of somebody who has a role, or is needed in a pair."""
    return next((one for one in people(day) if one.subject_id == subject), None)


def _without_role(roles: list[date | None], last_stage: date | None, day: date) -> date | None:
    """The day since which somebody has had no role; None for one who has, or nothing at all."""
    ends = [to_on for to_on in roles if to_on]
    if len(ends) < len(roles) or any(to_on >= day for to_on in ends):
        return None
    return max([*ends, *([last_stage] if last_stage else [])], default=None)


def words() -> list[Due]:
    """Mentorships that have ended and have words left, with the day on which these fade."""
    said, found = rules.values(), []
    for row in db.rows(belongings.worded()):
        ended = retention.of(row.ended_on, said)
        if ended:
            found.append(Due(ended.comments_on, WORDS, row.id, row.branch_id))
    return found


def fade(mentorship: UUID, day: date, pen: trail.Pen) -> bool:
    """Delete the words of one mentorship. False when it was opened again, or went, meanwhile."""
    row = db.first(_ENDED, mentorship=mentorship)
    ended = retention.of(row.ended_on, rules.values()) if row else None
    if row is None or ended is None or ended.comments_on > day:
        return False
    for _, statement in belongings.fadings():
        db.change(statement, mentorship=mentorship)
    pen.write(trail.FADED, "mentorship", mentorship, row.participant_id)
    return True
