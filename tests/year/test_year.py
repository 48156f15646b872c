"""A year of 200 mentorships: what the rules say is delivered, once, whatever ends the worker."""

import os

import pytest

from tests.year import facts, life
from tests.year.walk import OFTEN

pytestmark = pytest.mark.slow

SOAK = bool(os.environ.get("SOAK"))
KILLS = 500 if SOAK else 20
ALL = (
    facts.exactly_what_the_rules_say_is_written_and_comes_of_it,
    facts.what_is_told_together_is_one_message,
    facts.every_reminder_comes,
    facts.every_fate_comes,
    facts.every_stop_comes,
    facts.each_device_shows_each_message_once,
    facts.one_message_has_one_tag,
    facts.a_kill_costs_one_repetition_at_most,
    facts.nothing_rings_in_quiet_hours_or_on_a_holiday,
    facts.nine_is_nine_on_the_wall_before_and_after_both_nights,
    facts.two_hours_are_two_hours_in_both_nights,
    facts.nobody_hears_more_than_five_in_seven_days,
    facts.a_leader_hears_of_mentorships_once_a_day,
    facts.every_push_is_one_of_three_texts_of_one_length,
    facts.the_texts_that_name_a_thing_name_the_right_one,
    facts.what_leaves_the_house_names_nobody,
)


# Kills, and how many messages are on their way at once. Two at once, unhurt, take twice as long.
WALKS = [(KILLS, 1), *([(0, 2)] if SOAK else [])]


@pytest.mark.parametrize(("kills", "at_once"), WALKS)
def test_a_year_goes_as_the_rules_say_whatever_ends_the_worker(kills, at_once, walk, subtests):
    seen = walk(kills=kills, at_once=at_once)
    killed = seen.walk.fate.done
    assert (len(seen.year.lives), life.DAYS, len(killed)) == (200, 365, kills)
    assert {moment for _, moment in killed} == (set(OFTEN) if kills else set())
    assert_all(seen, subtests)


def assert_all(seen, subtests):
    """One walk is dear, so all is asked of it, and each fact that fails is named."""
    for fact in ALL:
        with subtests.test(fact.__name__):
            fact(seen)
