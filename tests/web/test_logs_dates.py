"""Log møde: the day."""

from datetime import timedelta

import pytest

from app import clock
from tests import logs, stored

FUTURE = "ligger i fremtiden"
TOO_EARLY = "ikke mentor her endnu"
NO_DATE = "Vælg en dato."


def test_tomorrow_is_refused(refused):
    tomorrow = clock.today() + timedelta(days=1)
    assert FUTURE in refused("date", when="other", date=tomorrow.isoformat())


def test_the_day_before_the_seat_began_is_refused(refused, cast):
    early = cast.seated - timedelta(days=1)
    assert TOO_EARLY in refused("date", when="other", date=early.isoformat())


def test_yesterday_is_refused_when_the_seat_began_today(house, cast, bo):
    begun = clock.today() - timedelta(days=9)
    day = begun - timedelta(days=1)
    before = stored.counts(house)
    answer = logs.send(bo, logs.filled(bo, when="other", date=day.isoformat()))
    assert answer.status_code == 422
    assert TOO_EARLY in answer.text
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    "nonsense",
    ["", "x", "i morgen", "2026-02-30", "2026-13-01", "24.11.2026", "0000-00-00", "-1", "9" * 40],
)
def test_what_is_no_date_is_refused(refused, nonsense):
    assert refused("date", when="other", date=nonsense) == NO_DATE


@pytest.mark.parametrize(("extreme", "why"), [("0001-01-01", TOO_EARLY), ("9999-12-31", FUTURE)])
def test_the_ends_of_the_calendar_are_refused(refused, extreme, why):
    assert why in refused("date", when="other", date=extreme)


def test_an_unknown_choice_of_day_is_refused(refused):
    assert refused("when", lost=("when",), when="someday") == "Vælg en af mulighederne."


def test_the_first_day_of_the_seat_is_accepted(anna, cast):
    logs.log(anna, when="other", date=cast.seated.isoformat())


def test_without_a_choice_the_meeting_was_today(house, anna):
    logs.log(anna, when="", date="")
    assert [row.held_on for row in stored.rows(house, "meeting")] == [clock.today()]


def test_yesterday_needs_no_date(house, anna):
    logs.log(anna, when="yesterday", date="")
    yesterday = clock.today() - timedelta(days=1)
    assert [row.held_on for row in stored.rows(house, "meeting")] == [yesterday]


@pytest.mark.parametrize("days", [-1, 367])
def test_the_next_meeting_lies_within_a_year(refused, days):
    day = clock.today() + timedelta(days=days)
    sentence = refused("next_date", next_date=day.isoformat())
    assert sentence == "Vælg i dag eller en senere dag, højst et år frem."


def test_what_is_no_date_is_refused_for_the_next_meeting_too(refused):
    assert refused("next_date", next_date="snart") == NO_DATE
