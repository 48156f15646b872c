"""Several choices as one number; logs of one day that may be one meeting."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.meetings import OTHERS, THEMES, Seen, bits, codes, twins

DAY = date(2026, 11, 22)
ANNA, BO = uuid4(), uuid4()


def seen(by, minute=0, on=DAY, outcome="held", apart_from=None):
    at = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=minute)
    return Seen(uuid4(), ANNA, on, outcome, None, None, 0, False, 0, None, by, None, at, apart_from)


@given(st.sets(st.sampled_from(list(THEMES))))
def test_a_number_gives_back_the_choices_it_was_made_of(chosen):
    assert set(codes(bits(chosen, THEMES), THEMES)) == chosen


def test_every_choice_has_a_bit_of_its_own():
    for choices in (THEMES, OTHERS):
        numbers = [bits([code], choices) for code in choices]
        assert len(set(numbers)) == len(choices)
        assert sum(numbers) == 2 ** len(choices) - 1


def test_the_order_of_the_stored_choices_is_never_changed():
    """New ones go last: the numbers in the store would mean something else."""
    first = ["work", "housing", "economy", "health", "everyday", "social", "network", "other"]
    assert list(THEMES)[: len(first)] == first
    roles = ["prison_service", "municipality", "job_centre", "bank", "treatment", "family", "other"]
    assert list(OTHERS)[: len(roles)] == roles


def test_two_mentors_logs_of_one_day_are_twins():
    a, b = seen(ANNA), seen(BO, 5)
    assert twins([b, a]) == [(a, b)]


@pytest.mark.parametrize(
    "second",
    [
        seen(ANNA, 5),
        seen(BO, 5, on=DAY - timedelta(days=1)),
        seen(BO, 5, outcome="cancelled"),
        seen(BO, 5, apart_from=uuid4()),
    ],
    ids=["one mentor", "two days", "two outcomes", "kept apart"],
)
def test_these_are_no_twins(second):
    assert twins([seen(ANNA), second]) == []


@pytest.mark.parametrize(
    ("outcome", "with_mentor", "present"),
    [
        ("held", None, {ANNA}),
        ("held", BO, {ANNA, BO}),
        ("cancelled", BO, set()),
        ("no_show", None, set()),
    ],
)
def test_only_those_at_a_meeting_that_was_held_are_asked(outcome, with_mentor, present):
    assert seen(ANNA, outcome=outcome)._replace(with_mentor=with_mentor).present == present
