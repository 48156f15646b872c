"""The cast: Anna and Bo share a participant, Lise leads, Otto is the outsider."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from app import db
from app.domain import guides, people
from app.domain.branches import Branch, Institution, Municipality
from app.domain.mentorships import Mentorship, Participant, Seat
from app.domain.people import CONSULTANT, LEADER, MENTOR, Person, Role
from app.house import House
from app.vault import ring

PASSWORD = "et-langt-ord-til-en-test"
# Made once by the app's own hasher: a hash per person and test would take minutes.
PASSWORD_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$i4mNAbr+6hM+18q44i1beQ"
    "$TVvq7Pf1v8t2obHy5qkYU534CJ9G01zMwhb8TLItBUs"
)
EVERYONE = 20  # at the most
LEFT = timedelta(days=10)  # since Mia's seat ended


@dataclass
class Cast:
    """Who is who: ids by first name, e-mail addresses, mentorships by participant."""

    people: dict[str, UUID] = field(default_factory=dict)
    participants: dict[str, UUID] = field(default_factory=dict)
    mentorships: dict[str, UUID] = field(default_factory=dict)
    branches: dict[str, UUID] = field(default_factory=dict)
    seated: date = date.min  # the day the seats began
    keyed: list[UUID] = field(default_factory=list)  # ids that have a key and wait for a person

    def email(self, name: str) -> str:
        return f"{name.lower()}@test.invalid"


def call(house: House, day: date) -> Cast:
    """Put the cast into an empty store.

    Anna and Bo: Samir, released 60 days ago, branch Havn; Mia sat there before Bo.
    Otto and Ida: Jonas, released in 40 days, branch Skov. Lise leads Havn, Lars leads Skov and
    Karen is the consultant. Nora is a mentor without a participant; Gustav has no role any more.
    """
    cast = Cast(seated=day - timedelta(days=120))
    with house.work(writes=True) as (unit, _):
        cast.keyed = [uuid4() for _ in range(EVERYONE)]
        ring().add_many(cast.keyed)  # at once: a key each is a commit each
        for name in ("Havn", "Skov"):
            branch = _row(Branch, name=name)
            cast.branches[name] = branch.id
            _row(Municipality, name=f"{name} Kommune", branch_id=branch.id)
        prison = _row(Institution, name="Øst Fængsel", phone="70102030")
        for name, branch, role in (
            ("Anna", "Havn", MENTOR),
            ("Bo", "Havn", MENTOR),
            ("Mia", "Havn", MENTOR),
            ("Nora", "Havn", MENTOR),
            ("Otto", "Skov", MENTOR),
            ("Ida", "Skov", MENTOR),
            ("Lise", "Havn", LEADER),
            ("Lars", "Skov", LEADER),
            ("Karen", None, CONSULTANT),
            ("Gustav", "Havn", MENTOR),
        ):
            _person(house, cast, name, branch, role, cast.seated)
        ended = db.session().exec(  # Gustav's role ran out long ago
            Role.__table__.update()
            .where(Role.__table__.c.person_id == cast.people["Gustav"])
            .values(to_on=day - LEFT)
        )
        assert ended.rowcount == 1
        municipalities = {row.branch_id: row.id for row in db.rows(Municipality.__table__.select())}
        for participant, branch, leader, release in (
            ("Samir", "Havn", "Lise", day - timedelta(days=60)),
            ("Jonas", "Skov", "Lars", day + timedelta(days=40)),
        ):
            _mentorship(cast, participant, branch, leader, release, municipalities, prison.id)
        for participant, name, place, since, until in (
            ("Samir", "Anna", 1, cast.seated, None),
            ("Samir", "Mia", 2, cast.seated, day - LEFT),
            ("Samir", "Bo", 2, day - LEFT + timedelta(days=1), None),
            ("Jonas", "Otto", 1, cast.seated, None),
            ("Jonas", "Ida", 2, cast.seated, None),
        ):
            _row(
                Seat,
                mentorship_id=cast.mentorships[participant],
                person_id=cast.people[name],
                place=place,
                from_on=since,
                to_on=until,
            )
        guides.publish()
        unit.commit()
    return cast


def _person(
    house: House, cast: Cast, name: str, branch: str | None, role: str, since: date
) -> None:
    row = Person(
        id=cast.keyed.pop(),
        branch_id=cast.branches[branch] if branch else None,
        email_mark=people.email_mark(cast.email(name), house.keyring.lookup),
        password_hash=PASSWORD_HASH,
    )
    row.first_name, row.surname = name, f"{name}efternavn"
    row.email, row.phone = cast.email(name), f"200000{len(cast.people):02}"
    cast.people[name] = row.id
    _keep(row)
    where = cast.branches[branch] if branch else None
    _row(Role, person_id=row.id, role=role, branch_id=where, from_on=since)


def _mentorship(
    cast: Cast,
    name: str,
    branch: str,
    leader: str,
    release: date,
    municipalities: dict[UUID, UUID],
    prison: UUID,
) -> None:
    row = Participant(id=cast.keyed.pop())
    row.first_name, row.surname = name, f"{name}efternavn"
    row.phone, row.birth_date = f"300000{len(cast.participants):02}", "1990-05-17"
    cast.participants[name] = row.id
    _keep(row)
    made = _row(
        Mentorship,
        participant_id=row.id,
        branch_id=cast.branches[branch],
        leader_id=cast.people[leader],
        municipality_id=municipalities[cast.branches[branch]],
        institution_id=prison,
        matched_on=cast.seated,
        release_on=release,
    )
    cast.mentorships[name] = made.id


def _row(model: type[Any], **values: Any) -> Any:
    return _keep(model(id=uuid4(), **values))


def _keep(row: Any) -> Any:
    db.session().add(row)
    db.session().flush()
    return row
