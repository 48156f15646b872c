"""Believable people who do not exist: three branches, thirty mentorships, fourteen months.

The same seed on the same day makes the same people. It refuses a store that holds anything else.
"""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import Engine, inspect, select
from sqlmodel import Field, SQLModel

from app import clock, db
from app.config import ROOT, Settings
from app.domain import guides, latest, people
from app.domain.branches import Branch, Institution, Municipality
from app.domain.contacts import Contact
from app.domain.demo_branch import Rooms
from app.domain.demo_weeks import Hand, Weeks
from app.domain.evaluations import Evaluation
from app.domain.guides import Acceptance, Guide
from app.domain.meetings import (
    CANCELLED,
    HELD,
    NO_SHOW,
    THEMES,
    Meeting,
)
from app.domain.mentorships import Mentorship, Participant, Seat
from app.domain.people import CONSULTANT, LEADER, MENTOR, Person, Role
from app.domain.plans import Plan
from app.domain.receipts import Receipt
from app.domain.referrals import INTERVIEWED, SCREENED
from app.keyring import Keyring
from app.language import mark
from app.vault import ring

PASSWORD = "demo-primus-motor"  # noqa: S105 - the demo's own, printed on its first page
ACCOUNTS = (
    ("anna@demo.invalid", mark("mentor, sammen med Bo")),
    ("bo@demo.invalid", mark("mentor, sammen med Anna")),
    ("carla@demo.invalid", mark("mentor, sammen med Dan")),
    ("dan@demo.invalid", mark("mentor, sammen med Carla")),
    ("leder@demo.invalid", mark("aktivitetsleder i samme afdeling")),
    ("leder2@demo.invalid", mark("aktivitetsleder i en anden afdeling")),
    ("konsulent@demo.invalid", mark("konsulent på landskontoret")),
)
MENTORSHIPS = 30
HISTORY = timedelta(days=14 * 30)
COURSES = ("good", "good", "good", "silent", "uneven", "interrupted", "ended", "young")


class NotADemo(Exception):
    """The store is not the demo's own."""


class Demo(SQLModel, table=True):
    """Says that a store holds demo data only."""

    seed: int = Field(primary_key=True)
    made_on: date


@dataclass
class Words:
    """Names and sentences to draw from."""

    participants: list[str]
    mentors: list[str]
    surnames: list[str]
    comments: list[str]
    notes: list[str]
    victories: list[str]
    institutions: list[str]
    branches: list[dict[str, Any]]


def fill(settings: Settings, keyring: Keyring, seed: int, day: date, scale: int = 1) -> bool:
    """Fill an empty store; False when its demo is there already."""
    if settings.mode == "production":
        raise NotADemo("Demodata kan ikke lægges i produktion.")
    if db.connection().execute(select(db.columns(Demo))).first():
        return False
    if db.connection().execute(select(db.columns(Person).c.id)).first():
        raise NotADemo("Lageret er i brug og er ikke demoens eget. Intet er ændret.")
    Maker(keyring, seed, day).make(scale)
    latest.keep_all()
    db.session().add(Demo(seed=seed, made_on=day))
    db.session().flush()
    return True


def lies_in(store: Engine) -> bool:
    """Whether a store holds the demo's data; one without tables does not."""
    with store.connect() as connection:
        there = inspect(connection).has_table(db.columns(Demo).name)
        return there and connection.execute(select(db.columns(Demo))).first() is not None


class Maker:
    """Draws everything from one seeded source, oldest first."""

    def __init__(self, keyring: Keyring, seed: int, day: date) -> None:
        self.keyring, self.seed, self.day = keyring, seed, day
        self.source = random.Random(seed)  # noqa: S311 - not a secret
        self.words = _words()
        self.rows: list[SQLModel] = []
        self.sealed: list[tuple[Any, dict[str, str | None]]] = []
        self.password_hash = PasswordHasher().hash(PASSWORD)
        self.names = self._endless(self.words.participants)
        self.mentor_names = self._endless(
            [n for n in self.words.mentors if n not in ("Anna", "Bo", "Carla", "Dan", "Lise")]
        )

    def make(self, scale: int) -> None:
        branches, municipalities = self._branches()
        institutions = [self._row(Institution, name=n, phone=None) for n in self.words.institutions]
        leaders = self._leaders(branches)
        hand = Hand(self._row, self._seal, self._at, self._id)
        weeks = Weeks(hand, self.seed, self.day, self.words.notes)
        named = [("Anna", "Bo", "anna", "bo", -96), ("Carla", "Dan", "carla", "dan", 42)]
        lives: list[tuple[Mentorship, list[Person]]] = []
        for number in range(MENTORSHIPS * scale):
            branch = branches[0 if number < len(named) else number % len(branches)]
            pair, release, course = self._pair(branch, number, named)
            life = self._life(
                branch=branch,
                municipality=self.source.choice(municipalities[branch.id]),
                institution=self.source.choice(institutions),
                leader=leaders[branch.id],
                release=release,
                course=course,
            )
            self._meetings(life, pair, course, told=number == 0)
            weeks.of(life, pair)
            lives.append((life, pair))
            if number == 0:
                weeks.told(life, *pair)
        rooms = Rooms(hand, self.seed, self.day)
        self._rooms(rooms, lives, leaders)
        first: dict[str, Any] = {
            "branch": branches[0],
            "municipality": municipalities[branches[0].id][0],
            "institution": institutions[0],
            "leader": leaders[branches[0].id],
        }
        rooms.referred(first, next(self.names), 9)
        rooms.referred(first, next(self.names), 3, SCREENED)
        rooms.referred(first, next(self.names), 20, SCREENED, INTERVIEWED)
        self._store()
        self._accept_texts()

    def _rooms(
        self,
        rooms: Rooms,
        lives: list[tuple[Mentorship, list[Person]]],
        leaders: dict[UUID, UUID],
    ) -> None:
        """What the leaders keep: of mentors, agreements, meetings; and some who wait."""
        since = self.day - HISTORY - timedelta(days=30)
        for branch, leader in leaders.items():
            there = next(life for life, _ in lives if life.branch_id == branch)
            waiting = [
                self._person(next(self.mentor_names), None, None, (MENTOR,)) for _ in range(4)
            ]
            for person in waiting:
                person.branch_id = there.branch_id
            some = [p for life, pair in lives if life.branch_id == branch for p in pair]
            for person in [*some, *waiting]:
                rooms.mentor(person, leader, since)
            rooms.gathered(branch, leader, [person.id for person in some])
        for life, pair in lives:
            rooms.agreed(life, pair[0].id)

    def _branches(self) -> tuple[list[Branch], dict[UUID, list[Municipality]]]:
        made, covered = [], {}
        for raw in self.words.branches:
            branch = self._row(Branch, name=raw["name"])
            made.append(branch)
            covered[branch.id] = [
                self._row(Municipality, name=name, branch_id=branch.id)
                for name in raw["municipalities"]
            ]
        return made, covered

    def _leaders(self, branches: list[Branch]) -> dict[UUID, UUID]:
        logins = ("leder", "leder2", None)
        leaders = {}
        for branch, login in zip(branches, logins, strict=False):
            name = "Lise" if login == "leder" else next(self.mentor_names)
            roles = (LEADER,) if login else (LEADER, MENTOR)
            leaders[branch.id] = self._person(name, branch, login, roles).id
        self._person(next(self.mentor_names), None, "konsulent", (CONSULTANT,))
        return leaders

    def _pair(
        self, branch: Branch, number: int, named: list[tuple[str, str, str, str, int]]
    ) -> tuple[list[Person], date, str]:
        if number < len(named):
            one, two, login_one, login_two, distance = named[number]
            pair = [
                self._person(one, branch, login_one, (MENTOR,)),
                self._person(two, branch, login_two, (MENTOR,)),
            ]
            return pair, self.day + timedelta(days=distance), "good"
        pair = [self._person(next(self.mentor_names), branch, None, (MENTOR,)) for _ in range(2)]
        course = COURSES[number % len(COURSES)]
        spans = {"ended": (-400, -366), "interrupted": (-330, -60), "young": (35, 85)}
        low, high = spans.get(course, (-330, 60))
        return pair, self.day + timedelta(days=self.source.randint(low, high)), course

    def _life(self, *, release: date, course: str, **where: Any) -> Mentorship:
        name = next(self.names)
        participant = Participant(id=self._id())
        self._seal(
            participant,
            first_name=name,
            surname=self.source.choice(self.words.surnames),
            phone=self._phone(),
            birth_date=date(
                self.source.randint(1965, 2003), self.source.randint(1, 12), 14
            ).isoformat(),
        )
        matched = release - timedelta(days=self.source.randint(60, 100))
        matched = min(matched, self.day - timedelta(days=9))
        ended, ending = None, None
        if course == "ended":
            ended, ending = self.day - timedelta(days=self.source.randint(1, 20)), "planned"
        if course == "interrupted":
            span = (self.day - matched).days
            ended = matched + timedelta(days=self.source.randint(span // 2, span - 5))
            ending = self.source.choice(["interrupted", "interrupted", "early"])
        life: Mentorship = self._row(
            Mentorship,
            participant_id=participant.id,
            branch_id=where["branch"].id,
            municipality_id=where["municipality"].id,
            institution_id=where["institution"].id,
            leader_id=where["leader"],
            matched_on=matched,
            release_on=release,
            ended_on=ended,
            ending=ending,
        )
        return life

    def _meetings(self, life: Mentorship, pair: list[Person], course: str, told: bool) -> None:
        """A meeting a week by turns; how the course goes decides which come to something."""
        for place, person in enumerate(pair, 1):
            self._row(
                Seat,
                mentorship_id=life.id,
                person_id=person.id,
                place=place,
                from_on=life.matched_on,
                to_on=life.ended_on,
            )
        last = min(life.ended_on or self.day, self.day)
        silent_from = self.day - timedelta(days=self.source.randint(16, 45))
        on, number, relation = life.matched_on + timedelta(days=4), 0, self.source.randint(4, 7)
        while on < last - timedelta(days=2):
            author, other = pair[number % 2], pair[1 - number % 2]
            if course == "uneven" and self.source.random() < 0.75:
                author, other = pair
            relation = max(1, min(10, relation + self.source.choice([-1, 0, 0, 1, 1])))
            if course == "silent" and on > silent_from:
                self._contact(life, author, on, "attempt")
            elif self.source.random() < 0.88:
                self._meeting(life, author, other, on, relation)
            if self.source.random() < 0.3:
                self._contact(
                    life, other, on + timedelta(days=2), self.source.choice(["call", "sms"])
                )
            on += timedelta(days=self.source.choice([6, 7, 7, 7, 8, 9]))
            number += 1
        if told:
            self._told(life, *pair)

    def _told(self, life: Mentorship, anna: Person, bo: Person) -> None:
        """What Anna sees first: Bo met the participant, wrote her a note, and planned ahead."""
        on = self.day - timedelta(days=2)
        self._meeting(life, bo, anna, on, 8, note=self.words.notes[0], both=False)
        planned_at = self._at(on, 20)
        self._row(
            Plan,
            mentorship_id=life.id,
            on=self.day + timedelta(days=5),
            at=time(16, 30),
            place="outside",
            comes_id=anna.id,
            made_by=bo.id,
            made_at=planned_at,
            changed_at=planned_at,
        )

    def _meeting(
        self,
        life: Mentorship,
        author: Person,
        other: Person,
        on: date,
        relation: int,
        *,
        note: str | None = None,
        both: bool | None = None,
    ) -> None:
        draw = self.source
        outcome = draw.choices([HELD, NO_SHOW, CANCELLED], [88, 6, 6])[0] if note is None else HELD
        together = both if both is not None else outcome == HELD and draw.random() < 0.25
        inside = on < life.release_on
        meeting = self._row(
            Meeting,
            mentorship_id=life.id,
            held_on=on,
            outcome=outcome,
            cancelled_by=draw.choice(["us", "participant"]) if outcome == CANCELLED else None,
            place=("prison" if inside else draw.choice(["outside", "outside", "home", "authority"]))
            if outcome == HELD
            else None,
            others=1 << draw.randrange(4) if outcome == HELD and draw.random() < 0.17 else 0,
            companion=outcome == HELD and draw.random() < 0.1,
            since_last=draw.choice([0, 1, 2, 3]),
            km=draw.choice([None, None, 12, 34, 58]),
            logged_by=author.id,
            with_mentor=other.id if together else None,
            logged_at=self._at(on, 19),
        )
        if outcome == HELD:
            self._evaluation(life, meeting, author, relation, note)
            if together and draw.random() < 0.8:
                self._evaluation(life, meeting, other, max(1, relation - 1), None, joined=True)

    def _evaluation(
        self,
        life: Mentorship,
        meeting: Meeting,
        author: Person,
        relation: int,
        note: str | None,
        *,
        joined: bool = False,
    ) -> None:
        draw = self.source
        share = {
            "work": 36,
            "housing": 28,
            "health": 23,
            "economy": 20,
            "everyday": 12,
            "social": 48,
        }
        ticked = sum(
            1 << place
            for place, code in enumerate(THEMES)
            if draw.randrange(100) < share.get(code, 8)
        )
        row = Evaluation(
            id=self._id(),
            meeting_id=meeting.id,
            participant_id=life.participant_id,
            author_id=author.id,
            at=meeting.logged_at + timedelta(minutes=90 if joined else 0),
            relation=relation,
            wellbeing=draw.choices(range(4, 11), [2, 3, 5, 12, 25, 30, 23])[0],
            themes=None if joined else ticked,
            leader_may_read=draw.random() < 0.3,
        )
        self._seal(
            row,
            comment=draw.choice(self.words.comments)
            if not joined and draw.random() < 0.5
            else None,
            note=note or (draw.choice(self.words.notes) if draw.random() < 0.3 else None),
            victory=draw.choice(self.words.victories) if draw.random() < 0.06 else None,
        )
        self.rows.append(
            Receipt(
                id=row.id,
                author_id=author.id,
                participant_id=life.participant_id,
                record_id=meeting.id,
                mark=b"demo",
                at=row.at,
            )
        )

    def _contact(self, life: Mentorship, author: Person, on: date, kind: str) -> None:
        if on < self.day:
            self._row(
                Contact,
                mentorship_id=life.id,
                participant_id=life.participant_id,
                author_id=author.id,
                kind=kind,
                on=on,
                at=self._at(on, 18),
            )

    def _person(
        self, name: str, branch: Branch | None, login: str | None, roles: tuple[str, ...]
    ) -> Person:
        email = f"{login or 'person' + str(len(self.sealed))}@demo.invalid"
        person = Person(
            id=self._id(),
            branch_id=branch.id if branch else None,
            email_mark=people.email_mark(email, self.keyring.lookup),
            password_hash=self.password_hash if login else None,
        )
        surname = self.source.choice(self.words.surnames)
        self._seal(person, first_name=name, surname=surname, email=email, phone=self._phone())
        for role in roles:
            where = branch.id if branch and role != CONSULTANT else None
            since = self.day - HISTORY - timedelta(days=60)
            self._row(Role, person_id=person.id, role=role, branch_id=where, from_on=since)
        return person

    def _store(self) -> None:
        """Keys first, then every row in the order of its parents."""
        owners = (row.id for row, _ in self.sealed if isinstance(row, (Person, Participant)))
        ring().add_many(owners)
        for row, texts in self.sealed:
            for name, text in texts.items():
                setattr(row, name, text)
        by_table: dict[Any, list[SQLModel]] = {}
        for row in self.rows:
            by_table.setdefault(db.columns(type(row)), []).append(row)
        for table in SQLModel.metadata.sorted_tables:
            db.session().add_all(by_table.get(table, ()))
            db.session().flush()

    def _accept_texts(self) -> None:
        """Everyone knows the rules and guides, but Dan, who has yet to read the mentor guide."""
        guides.publish()
        dan = next(r.id for r, texts in self.sealed if texts.get("email") == "dan@demo.invalid")
        everyone = [r.id for r, _ in self.sealed if isinstance(r, Person)]
        texts = db.rows(db.columns(Guide).select())
        db.session().add_all(
            Acceptance(person_id=person, guide_id=text.id, at=self._at(self.day - HISTORY, 12))
            for person in everyone
            for text in texts
            if not (person == dan and text.kind == guides.MENTOR_GUIDE)
        )
        db.session().flush()

    def _row(self, model: type[Any], **values: Any) -> Any:
        made = model(id=self._id(), **values)
        self.rows.append(made)
        return made

    def _seal(self, row: Any, **texts: str | None) -> None:
        self.rows.append(row)
        self.sealed.append((row, texts))

    def _id(self) -> UUID:
        return UUID(int=self.source.getrandbits(128), version=4)

    def _phone(self) -> str:
        return f"2{self.source.randrange(10_000_000):07}"

    def _at(self, on: date, hour: int) -> datetime:
        at = datetime.combine(on, time(hour, self.source.randrange(60)), clock.DENMARK)
        return at.astimezone(UTC)

    def _endless(self, names: list[str]) -> Iterator[str]:
        while True:
            yield from self.source.sample(names, len(names))


def _words() -> Words:
    raw = tomllib.loads((ROOT / "app" / "texts" / "demo.toml").read_text())
    return Words(
        participants=raw["participants"],
        mentors=raw["mentor_first_names"],
        surnames=raw["surnames"],
        comments=raw["comments"],
        notes=raw["notes"],
        victories=raw["victories"],
        institutions=raw["institutions"],
        branches=raw["branch"],
    )
