"""Days are Danish calendar days, weeks are ISO weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app import clock
from app.clock import Week


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),  # winter: one hour ahead
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),  # summer: two
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),  # the night of 23 hours
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),  # the night of 25
    ],
)
def test_today_is_the_day_in_denmark(instant, day):
    with time_machine.travel(instant, tick=False):
        assert clock.today() == day
        assert clock.now() == instant
        assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "year", "number"),
    [
        (date(2026, 11, 22), 2026, 47),
        (date(2026, 12, 31), 2026, 53),
        (date(2027, 1, 1), 2026, 53),
        (date(2027, 1, 3), 2026, 53),
        (date(2027, 1, 4), 2027, 1),
        (date(2024, 12, 30), 2025, 1),
        (date(2020, 12, 31), 2020, 53),
        (date(2023, 1, 1), 2022, 52),
    ],
)
def test_a_day_lies_in_its_iso_week(day, year, number):
    assert Week.of(day) == Week(year, number)


def test_a_week_runs_from_monday_to_sunday():
    week = Week(2026, 53)
    assert (week.monday, week.sunday) == (date(2026, 12, 28), date(2027, 1, 3))


def test_week_53_is_followed_by_week_1():
    assert Week(2026, 53).plus(1) == Week(2027, 1)
    assert Week(2027, 1).plus(-1) == Week(2026, 53)
    assert Week(2025, 52).plus(1) == Week(2026, 1)  # a year of 52


def test_weeks_are_counted_across_years_and_clock_changes():
    start = Week(2026, 1)
    for distance in range(-200, 201):
        week = start.plus(distance)
        assert week.since(start) == distance
        assert start.since(week) == -distance
        assert week.monday == start.monday + timedelta(weeks=distance)


def test_weeks_stand_in_order():
    assert Week(2026, 53) < Week(2027, 1) < Week(2027, 2)


def test_every_day_of_thirty_years_lies_in_exactly_one_week():
    day = date(2015, 1, 1)
    for _ in range(365 * 30):
        week = Week.of(day)
        assert week.monday <= day <= week.sunday
        day += timedelta(days=1)
