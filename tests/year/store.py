"""Writes the lives into the store: what happens rarely by the app's own verbs, the rest as rows."""

import time as wall
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, update

from app import db
from app.clock import in_denmark
from app.domain import (
    absences,
    closures,
    departures,
    devices,
    hours,
    mentorships,
    notices,
    pauses,
    people,
    preferences,
    trail,
    turns,
)
from app.domain.branches import Branch, Institution, Municipality
from app.domain.contacts import CONTACTS
from app.domain.evaluations import Evaluation
from app.domain.hours import Hours
from app.domain.meetings import MEETINGS
from app.domain.mentorships import MENTORSHIPS, SEATS, Mentorship, Participant
from app.domain.people import HELD, LEADER, MENTOR, Person
from app.domain.plans import PLANS
from app.domain.turns import Note, Request
from app.house import House
from app.vault import ring
from tests.year.life import BEGINS, LOOKS, STEM, Event, Life, Somebody, Year, instant
from tests.year.oracle import MOVED, MOVED_IN
from tests.year.peer import Service

AGENT = f"Mozilla/5.0 (Linux; Android 15; {STEM}) Chrome/156.0 Mobile"
REFUSALS = (turns.Refused, turns.Gone, pauses.Meanwhile, closures.Meanwhile)


def hurried(house: House) -> None:
    """No disk waits: these kills end a worker, not the machine."""
    for engine in (house.data, house.keys.engine):
        event.listen(engine, "connect", _without_waiting)
        engine.dispose()


def _without_waiting(raw: Any, _: Any) -> None:
    raw.execute("PRAGMA synchronous=OFF").close()


class Words:
    """A word for every name, place and text, none of them used twice."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, kind: str) -> str:
        self.said.append(f"{STEM}{len(self.said):05}{kind}")
        return self.said[-1]


class Store:
    """One store with a year in it."""

    def __init__(self, house: House, year: Year, service: Service) -> None:
        self.house, self.year, self.service = house, year, service
        self.words = Words()
        self.refused: set[UUID | tuple[UUID, str, Any]] = set()
        self.named: dict[UUID, UUID] = {}  # ids that the app made itself, and ours
        self.owner: dict[str, UUID] = {}  # of an endpoint's path
        self.second: set[str] = set()  # endpoints of the phone that somebody has got later
        self.participants = {life.id: life_id(life) for life in year.lives}
        self.seconds = 0.0

    def fill(self) -> None:
        """Everybody, and where they are."""
        with self.house.work(writes=True) as (unit, _):
            ring().add_many([*self.year.people, *self.participants.values()])
            self.branches = [self._keep(Branch(name=self.words("afdeling"))).id for _ in range(4)]
            self.towns = [
                self._keep(Municipality(name=self.words("kommune"), branch_id=branch)).id
                for branch in self.branches
            ]
            self.prison = self._keep(Institution(name=self.words("anstalt"), phone="70102030")).id
            for number, somebody in enumerate(self.year.people.values()):
                self._person(number, somebody)
            pen = self._pen(None)
            hours.move(self.branches[MOVED_IN], Hours(**MOVED), pen)
            unit.commit()

    def _person(self, number: int, somebody: Somebody) -> None:
        mail = f"p{number}@test.invalid"
        row = Person(
            id=somebody.id,
            branch_id=self.branches[somebody.branch],
            email_mark=people.email_mark(mail, self.house.keyring.lookup),
        )
        row.first_name, row.surname, row.email = self.words("fornavn"), self.words("navn"), mail
        self._keep(row)
        role = {"role": LEADER if somebody.leads else MENTOR, "branch_id": row.branch_id}
        self._insert(
            HELD, id=self._id(somebody.id, 1), person_id=somebody.id, **role, from_on=BEGINS
        )
        pen, wish = self._pen(somebody.id), somebody.wish
        if wish != type(wish)():
            off = preferences.off(sorted(wish.off))
            away = wish.away or (None, None)
            chosen = preferences.Wish(wish.quiet_from, wish.quiet_to, off, *away)
            preferences.choose(somebody.id, chosen, pen)
        for phone in range(somebody.devices):
            made = self.service.subscribe().address
            self.owner[made.endpoint.partition(self.service.netloc)[2]] = somebody.id
            if phone:
                self.second.add(made.endpoint)
            lookup, now = self.house.keyring.lookup, instant(BEGINS, LOOKS[phone])
            args = (somebody.id, None, made, AGENT, 1, lookup, pen, now)
            devices.subscribe(*args)

    def begin(self, life: Life) -> None:
        """The app hears of a mentorship."""
        with self.house.work(writes=True) as (unit, _):
            row = Participant(id=self.participants[life.id])
            row.first_name, row.surname = self.words("deltager"), self.words("efternavn")
            self._keep(row)
            self._keep(
                Mentorship(
                    id=life.id,
                    participant_id=row.id,
                    branch_id=self.branches[life.branch],
                    leader_id=life.leader,
                    municipality_id=self.towns[life.branch],
                    institution_id=self.prison,
                    matched_on=life.matched_on,
                    release_on=life.release_on,
                )
            )
            for place, person in enumerate(life.pair, start=1):
                self._sit(life, person, place, life.matched_on)
            unit.commit()

    def happen(self, life: Life, happens: Event) -> None:
        """One event, in a unit of work of its own, as a request would be."""
        began = wall.process_time()
        with self.house.work(writes=True) as (unit, _):
            act: Callable[[Life, Event], None] = getattr(self, f"_{happens.what}")
            try:
                act(life, happens)
            except REFUSALS:
                self.refused.add((happens.about, happens.what, happens.at))
            else:
                unit.commit()
        self.seconds += wall.process_time() - began

    def ask_for_trial(self, happens: Event) -> None:
        with self.house.work(writes=True) as (unit, _):
            notices.trial(happens.by, happens.at)
            unit.commit()

    def open(self, notice: UUID, at: datetime) -> None:
        """Somebody taps the notification."""
        with self.house.work(writes=True) as (unit, _):
            told = notices.one(notice)
            assert told
            notices.opened(told.carrier_id or told.id, at)
            unit.commit()

    def _view(self, life: Life, happens: Event, by: UUID | None = None) -> Any:
        day = in_denmark(happens.at).date()
        found = mentorships.of_mentor(by, day) if by else mentorships.one(life.id, day)
        if found is None:
            raise turns.Refused("unknown")
        return found

    def _planned(self, life: Life, e: Event) -> None:
        comes = (*e.comers, None)
        self._insert(
            PLANS,
            id=e.about,
            mentorship_id=life.id,
            on=e.on,
            at=e.time,
            comes_id=comes[0],
            also_id=comes[1],
            made_by=e.by,
            made_at=e.at,
            changed_at=e.at,
            sequence=0,
        )

    def _moved(self, _: Life, e: Event) -> None:
        comes = (*e.comers, None)
        moved = update(PLANS).where(PLANS.c.id == e.about)
        values = {"on": e.on, "at": e.time, "comes_id": comes[0], "also_id": comes[1]}
        db.connection().execute(moved.values(**values, changed_at=e.at, sequence=1))

    def _called_off(self, _: Life, e: Event) -> None:
        off = update(PLANS).where(PLANS.c.id == e.about)
        db.connection().execute(off.values(cancelled_at=e.at, cancelled_by=e.by))

    def _logged(self, life: Life, e: Event) -> None:
        self._insert(
            MEETINGS,
            id=e.about,
            mentorship_id=life.id,
            held_on=e.on,
            outcome=e.outcome,
            others=0,
            companion=False,
            since_last=0,
            logged_by=e.by,
            with_mentor=e.also,
            logged_at=e.at,
        )
        if e.outcome == "held":
            self._evaluate(life, e)

    def _joined(self, life: Life, e: Event) -> None:
        self._evaluate(life, e)

    def _evaluate(self, life: Life, e: Event) -> None:
        relation, wellbeing = e.scores or (None, None)
        row = Evaluation(
            id=e.answer,
            meeting_id=e.about,
            participant_id=self.participants[life.id],
            author_id=e.by,
            at=e.at,
            relation=relation,
            wellbeing=wellbeing,
        )
        row.comment, row.note = self.words("kommentar"), self.words("note")
        self._keep(row)

    def _reached(self, life: Life, e: Event) -> None:
        self._insert(
            CONTACTS,
            id=e.about,
            mentorship_id=life.id,
            participant_id=self.participants[life.id],
            author_id=e.by,
            kind=e.kind,
            on=e.on,
            at=e.at,
        )

    def _asked(self, life: Life, e: Event) -> None:
        mine = self._view(life, e, e.by)
        request = Request(e.about, e.weeks, note=Note(going=self.words("overdragelse")))
        turns.ask(request, mine, self._pen(e.by), e.by)

    def _answered(self, life: Life, e: Event) -> None:
        mine, about = self._view(life, e, e.by), self._app_id(e.about)
        words = self.words("svar")
        turns.answer(about, mine, e.outcome, self._pen(e.by), e.by, e.weeks, words)

    def _took_back(self, life: Life, e: Event) -> None:
        about = self._app_id(e.about)
        turns.withdraw(about, self._view(life, e, e.by), self._pen(e.by), e.by)

    def _given(self, life: Life, e: Event) -> None:
        request = Request(e.about, e.weeks, note=Note(watch=self.words("besked")))
        turns.give_for(request, self._view(life, e), e.to, self._pen(e.by), e.by)

    def _read(self, life: Life, e: Event) -> None:
        turns.read(e.about, self._view(life, e, e.by), self._pen(e.by), e.by)

    def _went_away(self, life: Life, e: Event) -> None:
        mine = self._view(life, e, e.by)
        request = Request(e.about, (), note=Note(agreed=self.words("fravaer")))
        absences.be_away(request, e.on, e.until, mine, self._pen(e.by), e.by)
        found = turns.HANDOVERS.select().where(turns.HANDOVERS.c.absence_id == e.about)
        for row in db.rows(found):
            self.named[row.id] = e.request

    def _came_back(self, life: Life, e: Event) -> None:
        absences.back_again(e.about, self._view(life, e, e.by), self._pen(e.by), e.by)

    def _paused(self, life: Life, e: Event) -> None:
        day = in_denmark(e.at).date()
        pauses.start(e.about, self._view(life, e), day, self._pen(e.by), e.by)

    def _prolonged(self, life: Life, e: Event) -> None:
        day, runs = in_denmark(e.at).date(), pauses.running(life.id)
        if runs is None:
            raise pauses.Meanwhile
        pauses.prolong(e.about, runs, self._view(life, e), day, self._pen(e.by), e.by)

    def _resumed(self, life: Life, e: Event) -> None:
        runs = pauses.running(life.id)
        if runs is None:
            raise pauses.Meanwhile
        day = in_denmark(e.at).date()
        pauses.end(runs, self._view(life, e), day, self._pen(e.by), e.by)

    def _moved_release(self, life: Life, e: Event) -> None:
        moved = update(MENTORSHIPS).where(MENTORSHIPS.c.id == life.id)
        db.connection().execute(moved.values(release_on=e.on))

    def _left(self, life: Life, e: Event) -> None:
        departures.leave(life.id, self.participants[life.id], e.by, self._pen(life.leader))

    def _sat_down(self, life: Life, e: Event) -> None:
        self._sit(life, e.by, e.place, in_denmark(e.at).date())

    def _proposed(self, life: Life, e: Event) -> None:
        reason = self.words("grund")
        terms = closures.Terms(
            closures.INTERRUPTED, "together", in_denmark(e.at).date(), (), reason
        )
        closures.propose(e.about, self._view(life, e), terms, self._pen(e.by), e.by)

    def _sent_back(self, _: Life, e: Event) -> None:
        closures.send_back(self._closure(e), self.words("retur"), self._pen(e.by), e.by)

    def _approved(self, _: Life, e: Event) -> None:
        closures.approve(self._closure(e), self._pen(e.by), e.by)

    def _closure(self, e: Event) -> Any:
        found = closures.one(e.about)
        if found is None:
            raise closures.Meanwhile
        return found

    def _ended(self, life: Life, e: Event) -> None:
        ended = update(MENTORSHIPS).where(MENTORSHIPS.c.id == life.id)
        db.connection().execute(ended.values(ended_on=e.on, ending="planned"))

    def _sit(self, life: Life, person: UUID, place: int, since: Any) -> None:
        self._insert(
            SEATS,
            id=self._id(person, 2),
            mentorship_id=life.id,
            person_id=person,
            place=place,
            from_on=since,
        )

    def _app_id(self, ours: UUID) -> UUID:
        return next((app for app, own in self.named.items() if own == ours), ours)

    def _pen(self, by: UUID | None) -> trail.Pen:
        return trail.Pen(self.house.keyring.trail, by, None)

    def _keep(self, row: Any) -> Any:
        db.session().add(row)
        db.session().flush()
        return row

    def _insert(self, table: Any, **values: Any) -> None:
        db.connection().execute(insert(table), values)

    @staticmethod
    def _id(of: UUID, step: int) -> UUID:
        return UUID(int=of.int ^ step)


def life_id(life: Life) -> UUID:
    return UUID(int=life.id.int ^ 3)
