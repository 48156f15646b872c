"""How often something may be tried: counted first, given back, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from limits import parse

from app import clock
from app.attempts import Attempts
from tests import stored

TEN, THREE = parse("10 per hour"), parse("3 per hour")


@pytest.fixture
def attempts(any_house):
    return Attempts(any_house.data)


def kept(house):
    return {row.key.split("/")[1]: row.count for row in stored.rows(house, "attempt")}


def test_T24_of_many_at_once_no_more_are_taken_than_may_be(attempts, any_house):
    gate = Barrier(24)

    def take(_):
        gate.wait()
        return attempts.take([(TEN, "anna"), (parse("100 per hour"), "network")])

    with ThreadPoolExecutor(24) as pool:
        assert sum(pool.map(take, range(24))) == 10
    assert kept(any_house) == {"anna": 10, "network": 10}


def test_where_one_is_full_nothing_is_taken(attempts, any_house):
    for _ in range(3):
        assert attempts.take([(THREE, "anna")])
    assert not attempts.take([(TEN, "network"), (THREE, "anna")])
    assert kept(any_house) == {"anna": 3}


def test_what_is_given_back_never_was(attempts, any_house):
    both = [(TEN, "network"), (THREE, "anna")]
    for _ in range(9):
        assert attempts.take(both)
        attempts.give_back(both)
    assert kept(any_house) == {}
    attempts.give_back(both)
    assert kept(any_house) == {}


def test_an_hour_later_it_begins_anew(attempts, any_house, time_machine):
    for _ in range(4):
        attempts.take([(THREE, "anna")])
    time_machine.move_to(clock.now() + timedelta(hours=1, seconds=1))
    assert attempts.take([(THREE, "anna")])
    assert kept(any_house) == {"anna": 1}
