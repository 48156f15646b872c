"""Random journeys: nothing is lost, doubled, shown to another, or said to be sent too early."""

import os

import pytest

from tests.faults.journey import Journey, days
from tests.faults.search import found

AT_A_TIME = 3
ROUNDS = 100 if os.environ.get("SOAK") else 10
CONTROL = "Zqkontrolordet" + " og endnu en gang Zqkontrolordet" * 40


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_is_lost_doubled_shown_or_said_too_early(number, seed, phone, server, story):
    print(f"JOURNEY_SEED={seed}")  # noqa: T201 - the run can be made again with it
    anna = phone("Anna")
    free, markers = days(), []
    for part in range(AT_A_TIME):
        journey = Journey(anna, server, story, free, f"{seed}:{number}:{part}")
        journey.run()
        print("\n".join(journey.told), journey.summary())  # noqa: T201
        markers += [one.marker for one in journey.written]
        while len(anna.context.pages) > 1:
            anna.context.pages[0].close()
        anna.page = anna.context.pages[0]
        anna.sign_in("Anna")
    anna.plant(CONTROL)  # a log-out clears the phone
    anna.close()
    assert found(anna.profile, ["Zqkontrolordet"])  # else the search is blind
    assert found(anna.profile, markers) == []
