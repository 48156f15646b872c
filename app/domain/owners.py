"""Who owns what: every running mentorship and open referral has one leader, and is handed on.

An owner leads the branch by a role of their own, and is never one of the pair: not now, not once,
not asked to be. When a leader's role ends, all that is theirs goes to another in the same moment.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from app import clock, db
from app.domain import matches, mentorships, people, stand_ins, trail, turns
from app.domain.branches import BRANCHES
from app.domain.leading import Today
from app.domain.mentorships import MENTORSHIPS
from app.domain.referrals import REFERRALS, WAITING
from app.domain.stand_ins import Named

MENTORSHIP, REFERRAL = "mentorship", "referral"


class NobodyLeads(Exception):
    """There is no other leader of the branch who can take it."""


class Refused(Exception):
    """`why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Owned(NamedTuple):
    """A running mentorship, or a referral that has not become one yet."""

    kind: str  # MENTORSHIP or REFERRAL
    id: UUID
    participant_id: UUID
    branch_id: UUID
    owner_id: UUID
    since: date
    pair: frozenset[UUID]  # who sits, sat or is asked to sit in it

    def heirs(self, today: Today) -> list[UUID]:
        """The other leaders who can take it."""
        return today.of(self.branch_id, self.owner_id, self.pair).heirs


_LIVES = select(
    MENTORSHIPS.c.id,
    MENTORSHIPS.c.participant_id,
    MENTORSHIPS.c.branch_id,
    MENTORSHIPS.c.leader_id,
    MENTORSHIPS.c.matched_on.label("since"),
).where(
    MENTORSHIPS.c.branch_id.in_(bindparam("branches", expanding=True)),
    or_(MENTORSHIPS.c.ended_on.is_(None), MENTORSHIPS.c.ended_on >= bindparam("day")),
)
_REFERRALS = WAITING.with_only_columns(
    REFERRALS.c.id,
    REFERRALS.c.participant_id,
    REFERRALS.c.branch_id,
    REFERRALS.c.leader_id,
    REFERRALS.c.received_on.label("since"),
).where(REFERRALS.c.branch_id.in_(bindparam("branches", expanding=True)))
_BRANCHES = select(BRANCHES.c.id)
_SET = {
    MENTORSHIP: update(MENTORSHIPS)
    .where(MENTORSHIPS.c.id == bindparam("which"))
    .values(leader_id=bindparam("to")),
    REFERRAL: update(REFERRALS)
    .where(REFERRALS.c.id == bindparam("which"))
    .values(leader_id=bindparam("to")),
}


def in_branches(branches: Iterable[UUID]) -> list[Owned]:
    """All that runs or is open there, the oldest first."""
    where, day = list(branches), clock.today()
    lives = db.rows(_LIVES, branches=where, day=day)
    pairs = _pairs([life.id for life in lives], where)
    referrals = db.rows(_REFERRALS, branches=where, before=clock.now())
    found = [
        Owned(
            kind,
            row.id,
            row.participant_id,
            row.branch_id,
            row.leader_id,
            row.since,
            frozenset(pairs[row.id]),
        )
        for kind, rows in ((MENTORSHIP, lives), (REFERRAL, referrals))
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.since, str(one.id)))


def of(person: UUID) -> list[Owned]:
    """All that is theirs, in whatever branch."""
    return [one for one in in_branches(_everywhere()) if one.owner_id == person]


def theirs_to_give(person: UUID, branches: Iterable[UUID]) -> list[Owned]:
    """What a leader of these branches may hand on: their own, and what nobody there owns."""
    today = Today(clock.today())
    return [
        one
        for one in in_branches(branches)
        if person not in one.pair
        and today.of(one.branch_id, one.owner_id, one.pair).may_be_given_by(person)
    ]


def takers(some: Iterable[Owned]) -> list[tuple[UUID, str]]:
    """Who can take any of these, by first name."""
    today, found = Today(clock.today()), list(some)
    names = people.first_names({heir for one in found for heir in one.heirs(today)})
    return sorted(names.items(), key=lambda pair: pair[1])


def hand_on(some: Iterable[Owned], to: UUID, pen: trail.Pen) -> None:
    """These are another's from now on: a leader of the branch by a role of their own."""
    wanted = {one.id: one for one in some}
    for one in wanted.values():
        if one.kind == MENTORSHIP:
            turns.lock(one.id)  # nobody comes into the pair meanwhile
    now = {one.id: one for one in in_branches({one.branch_id for one in wanted.values()})}
    today = Today(clock.today())
    for one in wanted.values():
        if one.id not in now or now[one.id].owner_id != one.owner_id:
            raise Refused("meanwhile")
        if to in now[one.id].pair:
            raise Refused("pair")
        if to not in now[one.id].heirs(today):
            raise Refused("not_there")
        _give(one, to, pen)


def hand_all_on(person: UUID, branch: UUID, pen: trail.Pen) -> None:
    """Somebody stops leading that branch: all that is theirs there goes to another leader of it."""
    today = Today(clock.today())
    for one in in_branches([branch]):
        if one.owner_id == person:
            heirs = one.heirs(today)
            if not heirs:
                raise NobodyLeads
            _give(one, heirs[0], pen)


def end_stand_in(named: Named, pen: trail.Pen) -> None:
    """No longer, from this minute on; what they received goes back to a leader of the branch."""
    if named.ended_at is None and not _leads_besides(named):
        hand_all_on(named.person_id, named.branch_id, pen)
    stand_ins.end(named, pen)


def _leads_besides(named: Named) -> bool:
    there = Today(clock.today()).of(named.branch_id, named.person_id).people
    return any(one.person_id == named.person_id and not one.named_by for one in there)


def settle(pen: trail.Pen) -> int:
    """What belongs to nobody who leads there goes to who does: a stand-in's days run out by
    themselves. How many; what nobody can take stays.
    """
    today, settled = Today(clock.today()), 0
    for one in in_branches(_everywhere()):
        heirs = one.heirs(today)
        if heirs and one.owner_id not in today.of(one.branch_id, one.owner_id, one.pair).ids:
            _give(one, heirs[0], pen)
            settled += 1
    return settled


def _everywhere() -> list[UUID]:
    return [row.id for row in db.rows(_BRANCHES)]


def _pairs(lives: list[UUID], branches: list[UUID]) -> defaultdict[UUID, set[UUID]]:
    """By mentorship or referral: who sits, sat, or is asked now."""
    found = mentorships.ever_sat(lives)
    for match in matches.waiting_in(branches):
        about = match.mentorship_id or match.referral_id
        if about:
            found[about] |= set(match.mentors)
    return found


def _give(one: Owned, to: UUID, pen: trail.Pen) -> None:
    db.change(_SET[one.kind], which=one.id, to=to)
    pen.write(trail.HANDED_OVER, one.kind, one.id, one.participant_id)
