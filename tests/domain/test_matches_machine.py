"""Any order of proposals, answers, departures and ends: a mentorship is only what the rules let it.

Never more than two in it, never one mentor in two, never begun without every yes; and every step
has who and when.
"""

import os
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app import clock, db
from app.domain import closures, departures, matches, mentorships, referrals, trail
from app.domain.branches import MUNICIPALITIES
from app.domain.matches import BEGUN, MATCHES, NO, STEP_ROWS, WITHDRAWN, YES, Meanwhile, Refused
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.house import open_house
from tests.conftest import copied
from tests.mentors import ready

EXAMPLES = 200 if os.environ.get("SOAK") else 40
MENTORS = ("Anna", "Bo", "Nora", "Mia")
NAMES = st.sampled_from(MENTORS)
PAIRS = st.sampled_from(
    [("Nora", "Mia"), ("Anna", "Nora")] * 3 + [("Mia", "Bo"), ("Nora", "Nora"), ("Anna", "Bo")]
)


def machine(house, cast):
    """Each run begins in a unit of work that is rolled back."""
    people = cast.people

    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.work = house.work(writes=True)
            self.unit, _ = self.work.__enter__()
            self.referral, day = uuid4(), clock.today()
            town = db.rows(MUNICIPALITIES.select())[0].id
            ahead = day + timedelta(days=90)
            terms = referrals.Terms("T", None, None, town, None, ahead, None, day, None, None)
            terms = terms._replace(consents=("contact",))
            pen, branch = self.pen("Lise"), cast.branches["Havn"]
            referrals.receive(self.referral, branch, terms, pen, by=people["Lise"])
            for step in ("screened", "interviewed"):
                now = referrals.one(self.referral)
                referrals.move(now, step, pen, by=people["Lise"])

        def teardown(self):
            self.work.__exit__(None, None, None)

        def pen(self, name):
            return trail.Pen(house.keyring.trail, people[name], None)

        def newest(self):
            rows = db.rows(MATCHES.select().order_by(MATCHES.c.proposed_at.desc()).limit(1))
            return matches.one(rows[0].id) if rows else None

        @rule(names=PAIRS)
        def propose(self, names):
            one, two = names
            referral, pair = referrals.one(self.referral), [people[one], people[two]]
            try:
                matches.propose(uuid4(), referral, pair, self.pen("Lise"), by=people["Lise"])
            except (Meanwhile, Refused):
                return
            assert one != two

        @rule(name=NAMES)
        def propose_for_the_seat(self, name):
            life, pen = cast.mentorships["Samir"], self.pen("Lise")
            try:
                matches.propose_for_seat(uuid4(), life, people[name], pen, by=people["Lise"])
            except (Meanwhile, Refused):
                return

        @rule(which=st.integers(0, 4), yes=st.sampled_from([True, True, True, False]))
        def answer(self, which, yes):
            """Most often by who is asked."""
            match = self.newest()
            if match is None:
                return
            asked = [name for name in MENTORS if people[name] in match.mentors]
            name = asked[which % len(asked)] if which < 4 else "Bo"
            asked = match.waits_for(people[name])
            point = self.unit.connection.begin_nested()  # what is refused is rolled back
            try:
                begun = matches.answer(match, yes, self.pen(name), by=people[name])
            except (Meanwhile, Refused):
                point.rollback()
                return
            point.commit()
            assert asked
            assert begun is None or yes

        @rule()
        def withdraw(self):
            match = self.newest()
            if match is not None:
                try:
                    matches.withdraw(match, self.pen("Lise"), by=people["Lise"])
                except Meanwhile:
                    assert not match.open

        @rule(name=NAMES)
        def leave(self, name):
            mine = mentorships.of_mentor(people[name], clock.today())
            if mine is not None:
                departures.leave(mine.id, mine.participant_id, people[name], self.pen("Lise"))

        @rule(name=NAMES)
        def end(self, name):
            mine = mentorships.of_mentor(people[name], clock.today())
            if mine is None:
                return
            yesterday = clock.today() - timedelta(days=1)
            terms = closures.Terms("planned", "together", yesterday)
            try:
                made = closures.propose(uuid4(), mine, terms, self.pen(name), by=people[name])
            except closures.Meanwhile:
                return
            closures.approve(closures.one(made), self.pen("Lise"), by=people["Lise"])

        @invariant()
        def never_more_than_two_and_never_in_two(self):
            day = clock.today()
            rows = db.rows(
                SEATS.select()
                .add_columns(MENTORSHIPS.c.ended_on)
                .join(MENTORSHIPS, MENTORSHIPS.c.id == SEATS.c.mentorship_id)
            )
            held = [
                r
                for r in rows
                if r.from_on <= day
                and (r.to_on is None or r.to_on >= day)
                and (r.ended_on is None or r.ended_on >= day)
            ]
            places = [(r.mentorship_id, r.place) for r in held]
            assert len(places) == len(set(places))
            assert {r.place for r in held} <= {1, 2}
            sitting = [r.person_id for r in held]
            assert len(sitting) == len(set(sitting))

        @invariant()
        def it_begins_with_every_yes_and_no_step_follows_the_last(self):
            for row in db.rows(MATCHES.select()):
                match = matches.one(row.id)
                steps = [
                    (s.outcome, s.by, s.at)
                    for s in db.rows(STEP_ROWS.select().order_by(STEP_ROWS.c.at, STEP_ROWS.c.id))
                    if s.match_id == match.id
                ]
                said = [outcome for outcome, _, _ in steps]
                assert all(by and at for _, by, at in steps)
                assert sum(outcome in (NO, WITHDRAWN, BEGUN) for outcome in said) <= 1
                if BEGUN in said:
                    assert {by for o, by, _ in steps if o == YES} == set(match.mentors)
            begun = [r for r in db.rows(STEP_ROWS.select()) if r.outcome == BEGUN]
            of_pairs = [r for r in begun if matches.one(r.match_id).referral_id]
            matched = referrals.one(self.referral).step == "matched"
            assert len(of_pairs) == int(matched)

    return Machine


def test_no_order_of_acts_makes_what_the_rules_do_not_know(with_cast, tmp_path):
    folder, cast = with_cast
    house = open_house(copied(folder, tmp_path))
    for name in MENTORS:
        ready(house, cast, name)
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=20,
        deadline=None,
        derandomize=not os.environ.get("SOAK"),
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine(house, cast), settings=how)
    finally:
        house.data.dispose()
        house.keys.engine.dispose()
