"""Thousands of random acts of a pair and its leader, beside a small model of the rules.

After every act each week has the holder and the flag that the model says,
and the stored history alone gives the same rota again.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app import clock, db
from app.clock import Week
from app.domain import absences, departures, handovers, mentorships, rota, trail, turns
from app.domain.handovers import ACCEPTED, DECLINED
from app.domain.rota import AHEAD, Beat
from app.domain.turns import Gone, Refused, Request
from app.house import open_house
from tests import cast as casting
from tests.conftest import copied

FIRST_DAY = date(2026, 11, 18)  # a Wednesday; week 53 lies ahead
WEEK = timedelta(weeks=1)
EXAMPLES = 400 if os.environ.get("SOAK") else 100
PAIR = ("Anna", "Bo")
near = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)
weeks = near | st.lists(st.integers(-1, AHEAD + 1), min_size=0, max_size=4, unique=True)
soon = st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True)
who = st.sampled_from(PAIR)


def at_noon(day):
    return datetime.combine(day, time(11), UTC)


@pytest.fixture(scope="module")
def template(migrated, tmp_path_factory):
    """A store with the cast as it stood on the first day."""
    folder = tmp_path_factory.mktemp("machine")
    with time_machine.travel(at_noon(FIRST_DAY), tick=False):
        house = open_house(copied(migrated, folder))
        made = casting.call(house, FIRST_DAY)
    for engine in (house.data, house.keys.engine):
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
        engine.dispose()
    return folder, made


class Model:
    """The rules of product.md section 4 once more, in the plainest way."""

    def __init__(self, start):
        self.day = FIRST_DAY
        self.beats = [(start, 1, 1)]
        self.places = {1: "Anna", 2: "Bo"}
        self.taken = {}
        self.requests = {}
        self.away = {}

    @property
    def now(self):
        return self.day - timedelta(days=self.day.weekday())

    def base(self, monday):
        begun, first, each = max(b for b in self.beats if b[0] <= monday)
        turn = (monday - begun).days // 7 // each
        return self.places[1 + (first - 1 + turn) % 2]

    def holder(self, monday):
        taker = self.taken.get(monday)
        return taker if taker and taker in self.places.values() else self.base(monday)

    def uncovered(self, monday):
        name = self.holder(monday)
        absent = [(a, b) for n, a, b in self.away.values() if n == name]
        return name is None or any(
            a <= monday + timedelta(days=6) and monday <= b for a, b in absent
        )

    def asked(self):
        return {m for r in self.requests.values() for m in self.open(r)}

    def open(self, request):
        return {m for m, deadline in request["waits"].items() if self.day < deadline}

    def request(self, key, by, to, moves, together=False, absence=None):
        late = {m: m + WEEK if m <= self.day else m for m in moves}
        first = min(late.values())
        waits = {m: first if together else late[m] for m in moves}
        self.requests[key] = {
            "by": by,
            "to": to,
            "moves": moves,
            "waits": waits,
            "swap": together,
            "absence": absence,
        }

    def lapse(self, mondays):
        for request in self.requests.values():
            hit = self.open(request) & mondays
            for monday in list(request["waits"]) if request["swap"] and hit else hit:
                del request["waits"][monday]


class Pair(RuleBasedStateMachine):
    """Anna and Bo, and Lise who leads, on a store of their own."""

    folder = made = tmp = None

    def __init__(self):
        super().__init__()
        self.travel = time_machine.travel(at_noon(FIRST_DAY), tick=False)
        self.clock = self.travel.start()
        self.house = open_house(copied(self.folder, self.tmp()))
        self.ids = self.made.people
        self.names = {person: name for name, person in self.ids.items()}
        self.life = self.made.mentorships["Samir"]
        self.model = Model(Week.of(self.made.seated).monday)

    def teardown(self):
        self.travel.stop()
        self.house.data.dispose()
        self.house.keys.engine.dispose()

    def act(self, name, do):
        """Let somebody act, in a unit of work; what was refused is what nobody stored."""
        with self.house.work(writes=True) as (unit, _):
            person = self.ids[name]
            pen = trail.Pen(self.house.keyring.trail, person, None)
            day = clock.today()
            mine = (
                mentorships.of_mentor(person, day)
                if name in PAIR
                else mentorships.one(self.life, day)
            )
            try:
                found = do(mine, pen, person)
            except (Refused, Gone) as refused:
                return refused
            unit.commit()
            return found

    def both(self):
        return all(self.model.places.values())

    def other(self, name):
        return "Bo" if name == "Anna" else "Anna"

    def mondays(self, numbers):
        return [self.model.now + n * WEEK for n in numbers]

    @rule(name=who, numbers=weeks)
    def ask(self, name, numbers):
        if name not in self.model.places.values():
            return
        model, give, key = self.model, self.mondays(numbers), uuid4()
        found = self.act(name, lambda m, pen, by: turns.ask(Request(key, give), m, pen, by))
        fits = all(model.now <= m <= model.now + AHEAD * WEEK for m in give)
        fine = (
            self.both()
            and give
            and fits
            and all(model.holder(m) == name and m not in model.asked() for m in give)
        )
        if fine:
            assert found == key
            model.request(key, name, self.other(name), {m: self.other(name) for m in give})
        else:
            assert isinstance(found, Refused)

    @rule(name=who, give=soon, take=soon)
    def swap(self, name, give, take):
        if not self.both():
            return
        model, key, other = self.model, uuid4(), self.other(name)
        given = [m for m in self.mondays(give) if model.holder(m) == name]
        taken = [m for m in self.mondays(take) if model.holder(m) == other]
        if not given or not taken or set(given + taken) & model.asked():
            return
        found = self.act(name, lambda m, pen, by: turns.ask(Request(key, given, taken), m, pen, by))
        assert found == key
        moves = dict.fromkeys(given, other) | dict.fromkeys(taken, name)
        model.request(key, name, other, moves, together=True)

    @precondition(lambda self: self.model.requests)
    @rule(data=st.data(), yes=st.booleans(), asked=st.sampled_from([True, True, True, False]))
    def answer(self, data, yes, asked):
        model = self.model
        key = data.draw(st.sampled_from(list(model.requests)[-3:]))
        request = model.requests[key]
        name = request["to"] if asked else request["by"]
        if name not in model.places.values():
            return
        some = data.draw(st.lists(st.sampled_from(sorted(request["moves"])), unique=True))
        outcome = ACCEPTED if yes else DECLINED
        found = self.act(
            name, lambda m, pen, by: turns.answer(key, m, outcome, pen, by, weeks=some)
        )
        waiting = model.open(request)
        meant = set(some) or waiting
        if request["swap"] and meant:
            meant = set(request["moves"])
        if request["to"] != name or not self.both():
            assert isinstance(found, (Refused, Gone))
        elif not meant or not meant <= waiting:
            assert isinstance(found, Gone)
        else:
            assert found is None
            for monday in meant:
                del request["waits"][monday]
                if yes:
                    model.taken[monday] = request["moves"][monday]

    @precondition(lambda self: self.model.requests)
    @rule(data=st.data(), name=who)
    def withdraw(self, data, name):
        if name not in self.model.places.values():
            return
        key = data.draw(st.sampled_from(list(self.model.requests)))
        request = self.model.requests[key]
        found = self.act(name, lambda m, pen, by: turns.withdraw(key, m, pen, by))
        if request["by"] != name:
            assert isinstance(found, Refused)
        elif not self.model.open(request):
            assert isinstance(found, Gone)
        else:
            assert found is None
            request["waits"].clear()

    @rule(name=who, wait=st.integers(-1, 30), length=st.integers(0, 160))
    def be_away(self, name, wait, length):
        if name not in self.model.places.values():
            return
        model, key = self.model, uuid4()
        first = model.day + timedelta(days=wait)
        last = first + timedelta(days=length)
        found = self.act(
            name, lambda m, pen, by: absences.be_away(Request(key, ()), first, last, m, pen, by)
        )
        if wait < 0 or last >= model.now + (AHEAD + 1) * WEEK:
            assert isinstance(found, Refused)
            return
        assert found == key
        start = first - timedelta(days=first.weekday())
        mondays = [start + n * WEEK for n in range((last - start).days // 7 + 1)]
        free = [m for m in mondays if model.holder(m) == name and m not in model.asked()]
        model.away[key] = (name, first, last)
        if free and self.both():
            other = self.other(name)
            asked = self.request_of(key)
            model.request(asked, name, other, dict.fromkeys(free, other), absence=key)

    def request_of(self, absence):
        with self.house.work(writes=False):
            found = handovers.of(self.life, self.model.day, 1000)
        return next(asked.row.id for asked in found if asked.row.absence_id == absence)

    @precondition(lambda self: self.model.away)
    @rule(data=st.data())
    def be_back(self, data):
        key = data.draw(st.sampled_from(list(self.model.away)))
        name = self.model.away[key][0]
        if name not in self.model.places.values():
            return
        assert self.act(name, lambda m, pen, by: absences.back_again(key, m, pen, by)) is None
        del self.model.away[key]
        for request in self.model.requests.values():
            if request["absence"] == key:
                request["waits"].clear()

    @rule(name=who, numbers=weeks)
    def leader_hands_over(self, name, numbers):
        model, give, key = self.model, self.mondays(numbers), uuid4()
        taker = self.ids[name]
        found = self.act(
            "Lise", lambda m, pen, by: turns.give_for(Request(key, give), m, taker, pen, by)
        )
        fits = all(model.now <= m <= model.now + AHEAD * WEEK for m in give)
        seated = name in model.places.values()
        if not (give and fits and seated and all(model.holder(m) != name for m in give)):
            assert isinstance(found, Refused)
            return
        assert found == key
        model.lapse(set(give))
        model.taken.update(dict.fromkeys(give, name))

    @rule(place=st.integers(1, 2), each=st.integers(1, 3), wait=st.integers(0, 12))
    def leader_changes_the_rhythm(self, place, each, wait):
        model = self.model
        monday = model.now + wait * WEEK
        if any(b[0] == monday for b in model.beats):
            return
        beat = Beat(monday, place, each)
        before = {m: model.holder(m) for m in model.asked()}
        found = self.act("Lise", lambda m, pen, by: turns.change_rhythm(m, beat, pen, by))
        assert found is None
        model.beats.append((monday, place, each))
        model.lapse({m for m, name in before.items() if model.holder(m) != name})

    @precondition(lambda self: self.both() and len(self.model.requests) > 4)
    @rule(name=who)
    def leave(self, name):
        model, person = self.model, self.ids[name]
        found = self.act(
            "Lise", lambda m, pen, by: departures.leave(m.id, m.participant_id, person, pen)
        )
        assert found is True
        place = next(p for p, n in model.places.items() if n == name)
        model.places[place] = None
        model.left = name
        for request in model.requests.values():
            request["waits"].clear()

    @rule(days=st.integers(1, 12))
    def time_goes_by(self, days):
        self.model.day += timedelta(days=days)
        self.clock.move_to(at_noon(self.model.day))

    @invariant()
    def every_week_has_the_holder_that_the_rules_say(self):
        model = self.model
        with self.house.work(writes=False):
            life = mentorships.one(self.life, model.day)
            held = handovers.rota_of(life.id, life.seats, handovers.start_of(life))
            again = self.replayed(life)
            asked = handovers.still_open(self.life, model.day)
            for n in range(AHEAD + 3):
                monday = model.now + n * WEEK
                found = rota.holder_from(held, monday)
                assert self.names.get(found) == model.holder(monday), monday
                assert rota.uncovered(held, monday) == model.uncovered(monday), monday
                assert rota.holder_from(again, monday) == found, "history gives another rota"
            waiting = [week.monday for week in asked if week.state == handovers.ASKED]
            assert len(waiting) == len(set(waiting)), "a week is asked for twice"
            assert set(waiting) == model.asked()

    def replayed(self, life):
        """The rota from the answers alone, one after the other."""
        taken = {}
        found = handovers.of(self.life, self.model.day, 1000)
        rows = db.rows(db.columns(handovers.HandoverAnswer).select().order_by("number"))
        asked = {week.id: week for handed in found for week in handed.weeks}
        for row in rows:
            if row.outcome == ACCEPTED:
                taken[asked[row.week_id].monday] = asked[row.week_id].to_id
        held = handovers.rota_of(life.id, life.seats, handovers.start_of(life))
        return held._replace(turns=taken)


@pytest.mark.slow
def test_the_rota_follows_the_rules_whatever_the_pair_does(template, tmp_path_factory):
    class Here(Pair):
        folder, made = template
        tmp = staticmethod(lambda: tmp_path_factory.mktemp("pair"))

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.generate],  # a failing story is told as it was: shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
