"""Who leads a branch, changed at the store."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from app import clock, db
from app.domain import stand_ins, trail
from app.domain.mentorships import MENTORSHIPS
from app.domain.people import HELD, LEADER, Role
from app.house import House
from tests.cast import Cast


def lead(
    house: House, cast: Cast, name: str, branch: str = "Havn", since: date | None = None
) -> UUID:
    """A leader's role of one's own."""
    with house.work(writes=True) as (unit, _):
        role = Role(
            id=uuid4(),
            person_id=cast.people[name],
            role=LEADER,
            branch_id=cast.branches[branch],
            from_on=since or clock.today(),
        )
        made = role.id
        db.session().add(role)
        db.session().flush()
        unit.commit()
    return made


def step_down(house: House, cast: Cast, name: str) -> None:
    """As if the role had run out yesterday, with nothing handed on."""
    with house.work(writes=True) as (unit, _):
        role = (HELD.c.person_id == cast.people[name]) & (HELD.c.role == LEADER)
        yesterday = clock.today() - timedelta(days=1)
        db.change(HELD.update().where(role).values(to_on=yesterday))
        unit.commit()


def stand_in(house: House, cast: Cast, name: str, by: str = "Lise", branch: str = "Havn") -> UUID:
    """From today and three days on."""
    with house.work(writes=True) as (unit, _):
        made, today = uuid4(), clock.today()
        pen = trail.Pen(house.keyring.trail, cast.people[by], None)
        span = (today, today + timedelta(days=3))
        where, who = cast.branches[branch], cast.people[name]
        stand_ins.name(made, where, who, span, pen, by=cast.people[by])
        unit.commit()
    return made


def own(house: House, cast: Cast, name: str, participant: str = "Samir") -> None:
    """The mentorship is theirs."""
    with house.work(writes=True) as (unit, _):
        mine = MENTORSHIPS.c.id == cast.mentorships[participant]
        db.change(MENTORSHIPS.update().where(mine).values(leader_id=cast.people[name]))
        unit.commit()


def owner(house: House, cast: Cast, participant: str = "Samir") -> UUID:
    with house.work(writes=False):
        mine = MENTORSHIPS.c.id == cast.mentorships[participant]
        found: UUID = db.rows(MENTORSHIPS.select().where(mine))[0].leader_id
        return found
