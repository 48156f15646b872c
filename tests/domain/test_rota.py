"""Who has the week."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.clock import Week
from app.domain import rota
from app.domain.mentorships import Sitting

START = Week(2026, 40)
ANNA, BO, MIA = uuid4(), uuid4(), uuid4()


def seat(person, place, since=START.monday, until=None):
    return Sitting(person, place, since, until, "x", None)


PAIR = [seat(ANNA, 1), seat(BO, 2)]


def test_the_two_alternate_and_place_1_begins():
    holders = [rota.holder(PAIR, START, START.plus(n)) for n in range(6)]
    assert holders == [ANNA, BO, ANNA, BO, ANNA, BO]


def test_the_order_of_the_rows_decides_nothing():
    for n in range(6):
        week = START.plus(n)
        assert rota.holder(PAIR[::-1], START, week) == rota.holder(PAIR, START, week)


def test_alternation_goes_on_through_week_53():
    weeks = [Week(2026, 52), Week(2026, 53), Week(2027, 1), Week(2027, 2)]
    holders = [rota.holder(PAIR, START, week) for week in weeks]
    assert holders == [ANNA, BO, ANNA, BO]


def test_an_empty_seat_s_weeks_fall_to_nobody():
    alone = [seat(ANNA, 1)]
    holders = [rota.holder(alone, START, START.plus(n)) for n in range(4)]
    assert holders == [ANNA, None, ANNA, None]


def test_a_new_mentor_takes_over_the_place_and_its_weeks():
    change = START.plus(3).monday
    seats = [seat(ANNA, 1), seat(MIA, 2, until=change - timedelta(days=1)), seat(BO, 2, change)]
    assert [rota.holder(seats, START, START.plus(n)) for n in range(1, 8, 2)] == [MIA, BO, BO, BO]


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (START.monday, START.sunday, True),
        (START.monday, START.sunday - timedelta(days=1), False),  # gone before the week is out
        (START.sunday, None, True),  # there before the week is out
        (START.sunday + timedelta(days=1), None, False),
        (START.monday, START.monday - timedelta(days=1), False),
    ],
)
def test_a_seat_holds_a_week_that_it_is_held_at_the_end_of(since, until, holds):
    assert (rota.holder([seat(ANNA, 1, since, until)], START, START) == ANNA) is holds


def test_every_week_has_at_most_one_holder_and_both_get_as_many():
    holders = [rota.holder(PAIR, START, START.plus(n)) for n in range(104)]
    assert holders.count(ANNA) == holders.count(BO) == 52


def test_before_the_start_the_pattern_is_the_same_backwards():
    assert (
        rota.holder([seat(ANNA, 1, date.min), seat(BO, 2, date.min)], START, START.plus(-1)) == BO
    )


@pytest.mark.parametrize(
    ("week", "name"),
    [
        (Week(2026, 14), "Skærtorsdag"),
        (Week(2026, 14), "Langfredag"),
        (Week(2026, 15), "Anden påskedag"),
        (Week(2026, 20), "Kristi himmelfartsdag"),
        (Week(2026, 52), "Juledag"),
        (Week(2026, 53), "Nytårsdag"),
    ],
)
def test_danish_public_holidays_are_shown_with_their_week(week, name):
    assert any(name.lower() in holiday.lower() for holiday in rota.public_holidays(week))


def test_the_great_prayer_day_is_no_holiday_any_more():
    assert rota.public_holidays(Week(2026, 18)) == []


def test_an_ordinary_week_has_none():
    assert rota.public_holidays(Week(2026, 47)) == []
