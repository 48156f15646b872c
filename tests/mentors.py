"""Mentors who can be matched, made at the store."""

from datetime import date
from uuid import UUID, uuid4

from app import clock, db
from app.domain import profiles, requirements, trail
from app.domain.people import MENTOR, Person, Role
from app.domain.profiles import TEXTS, Written
from app.domain.requirements import BASIC, CLEARANCE
from app.house import House
from app.vault import ring
from tests.cast import PASSWORD_HASH, Cast

BORN = date(1985, 3, 1)


def ready(house: House, cast: Cast, name: str, *without: str, **said: str) -> UUID:
    """Somebody with all that a match asks for, but what is named; `said` is for the profile."""
    person = cast.people[name]
    with house.work(writes=True) as (unit, _):
        leader = cast.people["Lars" if name == "Lise" else "Lise"]
        pen = trail.Pen(house.keyring.trail, leader, None)
        for kind in (CLEARANCE, BASIC):
            if kind not in without:
                requirements.record(person, kind, clock.today(), None, pen, by=leader)
        born = None if "age" in without else BORN
        texts = dict.fromkeys(TEXTS) | said
        profiles.write(person, Written("woman", "shown" not in without, born, texts), pen)
        unit.commit()
    return person


def join(house: House, cast: Cast, name: str, branch: str = "Havn") -> UUID:
    """Another mentor of a branch."""
    with house.work(writes=True) as (unit, _):
        made = uuid4()
        ring().add_many([made])
        row = Person(
            id=made,
            branch_id=cast.branches[branch],
            email_mark=made.bytes,
            password_hash=PASSWORD_HASH,
        )
        row.first_name, row.surname = name, f"{name}efternavn"
        row.email = cast.email(name)
        db.session().add(row)
        db.session().flush()
        role = Role(
            id=uuid4(),
            person_id=made,
            role=MENTOR,
            branch_id=cast.branches[branch],
            from_on=cast.seated,
        )
        db.session().add(role)
        db.session().flush()
        unit.commit()
    cast.people[name] = made
    return made
