"""Any order of steps: a referral is only ever where the rules let it be, with who and when."""

import os
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app import clock, db
from app.domain import consents, referrals, trail
from app.domain.branches import MUNICIPALITIES
from app.domain.referrals import NEXT, OPEN, RECEIVED, SCREENED, STEPS, Meanwhile, Refused

EXAMPLES = 300 if os.environ.get("SOAK") else 40
LEADERS = ("Lise", "Lars")


def machine(house, cast):
    """Each run begins in a unit of work that is rolled back."""

    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.work = house.work(writes=True)
            self.unit, _ = self.work.__enter__()
            self.id = uuid4()
            day = clock.today()
            town = db.rows(MUNICIPALITIES.select())[0].id
            terms = referrals.Terms(
                "Tarek", None, None, town, None, day + timedelta(days=90), None, day, None, None
            )
            pen, by = self.pen("Lise"), cast.people["Lise"]
            referrals.receive(self.id, cast.branches["Havn"], terms, pen, by=by)
            self.states, self.by, self.contact = [RECEIVED], [by], False
            self.page = referrals.one(self.id)  # what somebody has had before them for a while

        def teardown(self):
            self.work.__exit__(None, None, None)

        def pen(self, name):
            return trail.Pen(house.keyring.trail, cast.people[name], None)

        @rule(name=st.sampled_from(LEADERS), step=st.sampled_from(list(STEPS)), old=st.booleans())
        def move(self, name, step, old):
            now = self.page if old else referrals.one(self.id)
            legal = step in NEXT[self.states[-1]] and now.step == self.states[-1]
            try:
                referrals.move(now, step, self.pen(name), by=cast.people[name])
            except Meanwhile:
                assert not legal
            except Refused:
                assert step == SCREENED
                assert not self.contact
            else:
                assert legal
                assert step != SCREENED or self.contact
                self.states.append(step)
                self.by.append(cast.people[name])

        @rule()
        def look(self):
            self.page = referrals.one(self.id)

        @rule(yes=st.booleans())
        def consent(self, yes):
            who, day = referrals.one(self.id).participant_id, clock.today()
            by = cast.people["Lise"]
            consents.say(who, consents.CONTACT, yes, day, self.pen("Lise"), by)
            self.contact = yes

        @invariant()
        def it_stands_where_the_steps_say(self):
            found = referrals.history(self.id)
            assert [row.step for row in found] == self.states
            assert [row.by for row in found] == self.by
            assert all(row.at for row in found)
            now = referrals.one(self.id)
            assert now.step == self.states[-1]
            assert now.open == (self.states[-1] in OPEN)
            assert consents.given(now.participant_id, consents.CONTACT) == self.contact

    return Machine


def test_no_illegal_step_can_be_reached(house, cast):
    run_state_machine_as_test(
        machine(house, cast),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            derandomize=not os.environ.get("SOAK"),
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
