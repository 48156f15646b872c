"""Who leads a mentorship today: the one place that says it.

A mentorship has an owner, but an owner's role ends, or a stand-in takes over for a while. What must
reach a leader goes by who leads the branch on that day, never to one who sits or sat in the pair.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from app import db
from app.domain.people import (
    CONSULTANT,
    HELD,
    LEADER,
    PEOPLE,
    first_name_of,
    held_today,
    phone_of,
)
from app.domain.stand_ins import StandIn


class Leader(NamedTuple):
    """Somebody who leads a branch that day, as a row; or a consultant, who leads none."""

    person_id: UUID
    branch_id: UUID | None
    from_on: date
    named_by: UUID | None  # of a stand-in: whom for
    first_name_ct: bytes | None
    phone_ct: bytes | None

    @property
    def first_name(self) -> str:
        return first_name_of(self.person_id, self.first_name_ct)

    @property
    def phone(self) -> str | None:
        return phone_of(self.person_id, self.phone_ct)

    def when_called(self, owner: UUID) -> tuple[bool, int, date, str]:
        """The owner's stand-in first, then the owner; nobody can call who has no phone."""
        if self.named_by:
            place = 0 if self.named_by == owner else 2
        else:
            place = 1 if self.person_id == owner else 3
        return (self.phone_ct is None, place, self.from_on, str(self.person_id))


class Leading(NamedTuple):
    """Who leads one thing; whom to call first stands first."""

    owner: UUID
    people: tuple[Leader, ...]

    @property
    def ids(self) -> set[UUID]:
        return {one.person_id for one in self.people}

    def may_be_given_by(self, leader: UUID) -> bool:
        """One's own, and what nobody who leads there owns."""
        return leader == self.owner or self.owner not in self.ids

    def is_offered_to(self, leader: UUID) -> bool:
        """The same, where somebody can take it."""
        return self.may_be_given_by(leader) and bool(self.heirs)

    @property
    def heirs(self) -> list[UUID]:
        """Who else can own it, the longest there first; nobody who stands in."""
        own = [one for one in self.people if not one.named_by and one.person_id != self.owner]
        return [one.person_id for one in sorted(own, key=lambda one: one.from_on)]

    @property
    def told(self) -> tuple[UUID, ...]:
        """The owner alone; all of them when the owner leads no more, or somebody stands in."""
        if self.owner in self.ids and not any(one.named_by for one in self.people):
            return (self.owner,)
        return tuple(one.person_id for one in self.people)


_STAND_INS = db.columns(StandIn)
_THERE = (
    select(
        HELD.c.person_id,
        HELD.c.branch_id,
        HELD.c.from_on,
        _STAND_INS.c.named_by,
        PEOPLE.c.first_name_ct,
        PEOPLE.c.phone_ct,
        HELD.c.role,
    )
    .select_from(
        HELD.join(PEOPLE, PEOPLE.c.id == HELD.c.person_id).outerjoin(
            _STAND_INS, _STAND_INS.c.role_id == HELD.c.id
        )
    )
    .where(held_today, PEOPLE.c.left_at.is_(None))
    .order_by(_STAND_INS.c.id.is_not(None))  # whoever leads by a role of their own is no stand-in
)
_EVERYWHERE = _THERE.where(HELD.c.role.in_((LEADER, CONSULTANT)))
_IN = _THERE.where(
    or_(
        HELD.c.role == CONSULTANT,
        (HELD.c.role == LEADER) & (HELD.c.branch_id == bindparam("branch")),
    )
)


class Today:
    """Who leads what on that day; asked once for all branches, or for one."""

    def __init__(self, day: date, branch: UUID | None = None) -> None:
        asked = {"branch": branch} if branch else {}
        self._leaders: defaultdict[UUID | None, dict[UUID, Leader]] = defaultdict(dict)
        self._consultants: dict[UUID, Leader] = {}
        for row in db.rows(_IN if branch else _EVERYWHERE, day=day, **asked):
            one = Leader(*row[:-1])
            kept = self._consultants if row.role == CONSULTANT else self._leaders[one.branch_id]
            kept.setdefault(one.person_id, one)

    def of(self, branch: UUID, owner: UUID, outside: Collection[UUID | None] = ()) -> Leading:
        """The branch's leaders who are none of those outside whom they must be: a pair."""
        return _first(self._leaders[branch].values(), owner, outside)

    def reached(self, branch: UUID, owner: UUID, outside: Collection[UUID | None] = ()) -> Leading:
        """The same of what must reach somebody: where nobody leads, the consultants."""
        found = self.of(branch, owner, outside)
        return found if found.people else self.consultants(owner, outside)

    def consultants(self, owner: UUID, outside: Collection[UUID | None] = ()) -> Leading:
        return _first(self._consultants.values(), owner, outside)


def of(branch: UUID, owner: UUID, day: date) -> Leading:
    """Who leads what belongs to that branch."""
    return Today(day, branch).of(branch, owner)


def told(
    branch: UUID, owner: UUID, day: date, outside: Collection[UUID | None] = ()
) -> tuple[UUID, ...]:
    """Whom to tell of something in that branch."""
    return Today(day, branch).of(branch, owner, outside).told


def owner_for(branch: UUID, by: UUID, day: date) -> UUID:
    """Who comes to own what that leader receives: of a stand-in's, whom they stand in for."""
    there = {one.person_id: one for one in Today(day, branch).of(branch, by).people}
    here = there.get(by)
    if here is None or here.named_by is None:
        return by
    own = [one.person_id for one in there.values() if not one.named_by]
    return here.named_by if here.named_by in own else next(iter(own), by)


def _first(found: Iterable[Leader], owner: UUID, outside: Collection[UUID | None]) -> Leading:
    some = [one for one in found if one.person_id not in outside]
    return Leading(owner, tuple(sorted(some, key=lambda one: one.when_called(owner))))
