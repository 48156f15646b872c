"""Any order of proposals and answers: no state but those that the rules know, with who and when."""

import os
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app import clock, db
from app.domain import closures, mentorships, trail
from app.domain.closures import APPROVED, REOPENED, RETURNED, STEPS, WITHDRAWN, Meanwhile, Terms
from app.domain.mentorships import MENTORSHIPS
from app.house import open_house
from tests.conftest import copied

EXAMPLES = 400 if os.environ.get("SOAK") else 60
PAIR = ("Anna", "Bo")
EVERYBODY = ("Anna", "Bo", "Mia", "Lise", "Karen")  # Mia sat there once
KNOWN = {  # what may follow what
    None: {None},  # nothing proposed, or a proposal that waits
    "open": {WITHDRAWN, RETURNED, APPROVED},
    APPROVED: {REOPENED},
}


def stands(states):
    """Those that nothing else can be proposed beside."""
    return {key for key, state in states.items() if state in ("open", APPROVED)}


def machine(house, cast):
    """Each run begins in a unit of work that is rolled back."""
    pair = cast.mentorships["Samir"]

    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.work = house.work(writes=True)
            self.unit, _ = self.work.__enter__()
            self.states = {}  # by closure: "open" or the outcome
            self.steps = {}  # by closure: who did what, in order

        def teardown(self):
            self.work.__exit__(None, None, None)

        def pen(self, name):
            return trail.Pen(house.keyring.trail, cast.people[name], None)

        def newest(self):
            found = closures.of(pair, 1)
            return found[0] if found else None

        @rule(name=st.sampled_from(PAIR), ending=st.sampled_from(list(closures.ENDINGS)))
        def propose(self, name, ending):
            made, who, before = uuid4(), cast.people[name], self.newest()
            mine = mentorships.one(pair, clock.today())
            terms = Terms(ending, "together", clock.today())
            try:
                closures.propose(made, mine, terms, self.pen(name), by=who)
            except Meanwhile:
                assert self.newest().id in stands(self.states)
            else:
                assert before is None or before.id not in stands(self.states)
                self.states[made], self.steps[made] = "open", []

        @rule(name=st.sampled_from(PAIR))
        def withdraw(self, name):
            self.act(WITHDRAWN, name, lambda c, pen, by: closures.withdraw(c, pen, by=by))

        @rule(name=st.sampled_from(EVERYBODY))
        def approve(self, name):
            self.act(APPROVED, name, lambda c, pen, by: closures.approve(c, pen, by=by))

        @rule(name=st.sampled_from(EVERYBODY))
        def send_back(self, name):
            self.act(RETURNED, name, lambda c, pen, by: closures.send_back(c, "x", pen, by=by))

        @rule(name=st.sampled_from(("Lise", "Karen")))
        def reopen(self, name):
            self.act(REOPENED, name, lambda c, pen, by: closures.reopen(c, pen, by=by))

        def act(self, outcome, name, verb):
            closure = self.newest()
            if closure is None:
                return
            may = outcome in KNOWN.get(self.states[closure.id], set())
            outside = outcome in (WITHDRAWN, REOPENED) or name not in (*PAIR, "Mia")
            try:
                verb(closure, self.pen(name), cast.people[name])
            except Meanwhile:
                assert not may
            except PermissionError:
                assert not outside
            else:
                assert may
                assert outside
                self.states[closure.id] = outcome
                self.steps[closure.id].append((outcome, cast.people[name]))

        @invariant()
        def the_mentorship_has_ended_when_it_was_approved_last(self):
            [row] = db.rows(MENTORSHIPS.select().where(MENTORSHIPS.c.id == pair))
            newest = self.newest()
            ended = newest is not None and self.states[newest.id] == APPROVED
            assert (row.ended_on is not None) is ended
            assert (row.ending is not None) is ended

        @invariant()
        def every_step_has_who_and_when_and_no_other_was_written(self):
            found = {}
            for step in db.rows(STEPS.select().order_by(STEPS.c.at)):
                assert step.at is not None
                found.setdefault(step.closure_id, []).append((step.outcome, step.by))
            assert found == {key: steps for key, steps in self.steps.items() if steps}
            assert list(self.states.values()).count("open") <= 1

    return Machine


def test_no_order_of_acts_leads_to_a_state_that_the_rules_do_not_know(with_cast, tmp_path):
    folder, cast = with_cast
    house = open_house(copied(folder, tmp_path))
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=15,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine(house, cast), settings=how)
    finally:
        house.data.dispose()
        house.keys.engine.dispose()
