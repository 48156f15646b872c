"""A unit of work on a store, for what needs no page."""

import pytest

from app.domain import trail


@pytest.fixture
def work(house, cast):
    """A writing unit of work on a store with the cast in it."""
    with house.work(writes=True) as (unit, _):
        yield unit


@pytest.fixture
def pen(house, cast):
    return trail.Pen(house.keyring.trail, cast.people["Anna"], None)
