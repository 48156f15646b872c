"""The simulated year, and how to walk through it."""

import dataclasses
import os
import secrets

import pytest
import time_machine

from app import push_keys, worker
from app.house import open_house
from tests.year import life
from tests.year.facts import Facts
from tests.year.peer import Service
from tests.year.store import hurried
from tests.year.walk import Fate, Walk


@pytest.fixture(scope="session")
def year():
    """All lives; YEAR_SEED makes the same ones again. `make soak` makes others each time."""
    ours = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")[:8] or secrets.token_hex(4)
    return life.of(os.environ.get("YEAR_SEED", ours if os.environ.get("SOAK") else "1"))


@pytest.fixture
def service():
    made = Service()
    yield made
    made.close()


@pytest.fixture
def walk(settings, service, year, monkeypatch):
    """Walk through the year; the worker is killed that often, and sends that many at once."""
    print(f"YEAR_SEED={year.seed}")  # noqa: T201 - the run can be made again with it
    settings = dataclasses.replace(settings, push_peers=frozenset({service.netloc}))
    push_keys.make_key(settings.push_keys, first=True)
    house = open_house(settings)
    hurried(house)

    def go(kills, at_once):
        monkeypatch.setattr(worker, "AT_ONCE", at_once)
        morning = life.instant(life.BEGINS, life.LOOKS[0])
        with time_machine.travel(morning, tick=False) as clock:
            walked = Walk(house, year, service, clock, Fate(year, kills))
            walked.go()
        return Facts(walked)

    yield go
    house.data.dispose()
    house.keys.engine.dispose()
