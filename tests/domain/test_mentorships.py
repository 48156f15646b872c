"""Phases and milestones follow from the dates; a mentor sees the mentorship of today."""

from datetime import date, timedelta

import pytest

from app import clock
from app.domain import mentorships
from app.domain.mentorships import AFTER, BEFORE, ENDED, RELEASE, phase
from app.domain.rules import DEFAULTS, PLANNED_END

RELEASED = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-365, BEFORE),
        (-29, BEFORE),
        (-28, RELEASE),
        (0, RELEASE),
        (28, RELEASE),
        (29, AFTER),
        (500, AFTER),
    ],
)
def test_the_phase_follows_from_the_release_date(days, expected):
    assert phase(RELEASED, None, RELEASED + timedelta(days=days)) == expected


@pytest.mark.parametrize(("days", "expected"), [(-1, AFTER), (0, ENDED), (1, ENDED)])
def test_a_mentorship_ends_on_its_day(days, expected):
    ended = RELEASED + timedelta(days=200)
    assert phase(RELEASED, ended, ended + timedelta(days=days)) == expected


def test_an_end_may_come_before_the_release():
    assert phase(RELEASED, RELEASED - timedelta(days=60), RELEASED) == ENDED


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
    ],
)
def test_months_after_a_day_end_with_the_month(day, months, expected):
    assert mentorships.months_after(day, months) == expected


def test_the_milestones_are_those_of_the_scheme():
    days = mentorships.milestones(date(2026, 3, 1), RELEASED, DEFAULTS[PLANNED_END])
    assert days == [
        ("matched", date(2026, 3, 1)),
        ("release_meeting", RELEASED - timedelta(weeks=4)),
        ("released", RELEASED),
        ("follow_up", date(2026, 12, 15)),
        ("planned_end", date(2027, 6, 15)),
    ]


def seen(house, cast, name, day):
    with house.work(writes=False):
        return mentorships.of_mentor(cast.people[name], day)


def test_each_of_the_pair_sees_the_other_as_co_mentor(house, cast):
    day = clock.today()
    assert seen(house, cast, "Anna", day).co_mentor == "Bo"
    assert seen(house, cast, "Bo", day).co_mentor == "Anna"


def test_the_co_mentor_is_the_one_of_that_day(house, cast):
    then = clock.today() - timedelta(days=20)
    assert seen(house, cast, "Anna", then).co_mentor == "Mia"
    assert seen(house, cast, "Mia", then).participant == "Samir"
    assert seen(house, cast, "Bo", then) is None


def test_who_left_the_pair_sees_nothing_of_it(house, cast):
    assert seen(house, cast, "Mia", clock.today()) is None
    assert seen(house, cast, "Nora", clock.today()) is None


def test_a_mentor_may_log_from_the_day_the_seat_began(house, cast):
    view = seen(house, cast, "Bo", clock.today())
    assert view.first_day(cast.people["Anna"]) == cast.seated
    assert view.first_day(cast.people["Bo"]) == clock.today() - timedelta(days=9)
    assert view.first_day(cast.people["Otto"]) is None


def test_the_view_holds_no_surname_and_no_birth_date(house, cast):
    told = repr(seen(house, cast, "Anna", clock.today()))
    assert "efternavn" not in told
    assert "1990-05-17" not in told
