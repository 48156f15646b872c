"""One round of the clock: what is due becomes one message to a person, within limits."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app import clock
from app.domain import news, notices, preferences, reminders, rounds, trail
from app.domain.news import (
    AGAIN,
    ANSWERED,
    ASKED,
    CLOSURE,
    DIGEST,
    EVALUATION,
    GIVEN,
    NO_CONTACT,
    SILENCE,
    TRIAL,
    UNCOVERED,
    WEEK,
    WELLBEING,
)
from app.domain.notices import GATHERED, SENT, SPARED, WAITING, WITHDRAWN, Due
from app.domain.preferences import Wish
from tests import stored
from tests.weeks import A_WEDNESDAY, wednesday, with_cast

__all__ = ["wednesday", "with_cast"]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def at(hour, minute=0, day=A_WEDNESDAY):
    """On the wall in Denmark."""
    return datetime.combine(day, time(hour, minute), clock.DENMARK).astimezone(UTC)


NOON = at(12)


@pytest.fixture
def world(house, cast, monkeypatch, wednesday):
    """What stands is what the test says; everything else is the app's own."""
    standing = []

    def due(found, now, _):
        return [one for one in standing if one.mentorship_id == found.id and one.due_at <= now]

    monkeypatch.setattr(reminders, "due", due)
    monkeypatch.setattr(reminders, "decisions", lambda *_: [])
    monkeypatch.setattr(
        reminders, "digests", lambda *_: [d for d in standing if d.reminder == DIGEST]
    )

    def stands(reminder, name="Anna", due_at=NOON, on=None, mentorship="Samir"):
        about = None if reminder == DIGEST else cast.mentorships[mentorship]
        day = on or clock.in_denmark(due_at).date()
        made = Due(cast.people[name], reminder, uuid4(), about, day, due_at)
        standing.append(made)
        return made

    def look(now=NOON):
        """One round, and nothing of it sent."""
        wednesday.move_to(now)
        with house.work(writes=True) as (unit, _):
            made = rounds.make(now)
            unit.commit()
        return made

    def send(now=NOON):
        """One round, and all of its messages sent; how many."""
        made = look(now)
        with house.work(writes=True) as (unit, _):
            for one in made.push:
                assert notices.claim(one, now)
                notices.sent(one, now)
            unit.commit()
        return len(made.push)

    def state(due):
        [row] = [r for r in stored.rows(house, "notice") if notices_key(r) == due.key]
        return row.state

    def choose(name="Anna", **wish):
        with house.work(writes=True) as (unit, _):
            person = cast.people[name]
            preferences.choose(person, Wish(**wish), trail.Pen(house.keyring.trail, person, None))
            unit.commit()

    def do(verb, *given):
        with house.work(writes=True) as (unit, _):
            verb(*given)
            unit.commit()

    return SimpleNamespace(
        standing=standing, stands=stands, look=look, send=send, state=state, choose=choose, do=do
    )


def notices_key(row):
    return (row.person_id, row.reminder, row.about_id, row.due_on)


def states(world, *dues):
    return [world.state(due) for due in dues]


# One message


def test_what_is_due_at_once_to_one_person_is_one_message(world):
    first = world.stands(EVALUATION, due_at=at(11))
    others = [world.stands(WEEK), world.stands(ASKED), world.stands(AGAIN)]
    assert world.send() == 1
    assert states(world, first, *others) == [SENT, GATHERED, GATHERED, GATHERED]


def test_each_person_has_a_message_of_their_own(world):
    world.stands(WEEK), world.stands(WEEK, "Bo")
    assert world.send() == 2


def test_nothing_is_sent_twice(world):
    world.stands(WEEK), world.stands(EVALUATION)
    assert [world.send(NOON + n * MINUTE) for n in (0, 1, 60)] == [1, 0, 0]


def test_what_is_not_due_yet_waits(world):
    world.stands(WEEK, due_at=at(13))
    assert [world.send(at(12, 59)), world.send(at(13))] == [0, 1]


# What has lost its reason


def test_what_stands_no_longer_is_withdrawn_before_it_is_sent(world):
    gone, stays = world.stands(WEEK), world.stands(EVALUATION)
    world.look(at(21))  # written, and it is quiet
    world.standing.remove(gone)
    assert world.send(at(9, day=A_WEDNESDAY + DAY)) == 1
    assert states(world, gone, stays) == [WITHDRAWN, SENT]


def test_a_reason_that_comes_back_is_told_after_all_and_once(world):
    due = world.stands(UNCOVERED)
    world.look(at(21))
    world.standing.remove(due)
    world.look(at(22))
    assert world.state(due) == WITHDRAWN
    world.standing.append(due)
    world.look(at(23))
    assert world.state(due) == WAITING
    morning = at(9, day=A_WEDNESDAY + DAY)
    assert [world.send(morning), world.send(morning + HOUR)] == [1, 0]


def test_what_rode_on_a_message_that_is_withdrawn_goes_by_itself(world):
    carrier, rider = world.stands(WEEK, due_at=at(11)), world.stands(EVALUATION)
    world.look()
    assert states(world, carrier, rider) == ["ready", GATHERED]
    world.standing.remove(carrier)
    assert world.send(NOON + MINUTE) == 1
    assert states(world, carrier, rider) == [WITHDRAWN, SENT]


def test_what_a_dead_worker_had_claimed_is_taken_up_after_two_minutes(world):
    due = world.stands(WEEK)
    [one] = world.look().push
    world.do(notices.claim, one, NOON)
    assert world.look(NOON + 2 * MINUTE).push == []
    assert world.look(NOON + 2 * MINUTE + MINUTE).push == [one]
    assert world.state(due) == "ready"


# When


@pytest.mark.parametrize(
    ("now", "heard"), [(at(8, 59), 0), (at(9), 1), (at(19, 59), 1), (at(20), 0), (at(23), 0)]
)
def test_nothing_is_heard_from_20_to_9(world, now, heard):
    world.stands(WEEK, due_at=at(8))
    assert world.send(now) == heard


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_quiet_hours_are_on_the_wall_when_the_clocks_change(world, day):
    world.stands(WEEK, due_at=at(1, day=day), on=day)
    assert [world.send(at(9, day=day) - MINUTE), world.send(at(9, day=day))] == [0, 1]


@pytest.mark.parametrize(
    ("quiet", "now", "heard"),
    [
        ((time(22), time(7)), at(20, 30), 1),
        ((time(22), time(7)), at(22), 0),
        ((time(13), time(15)), at(14), 0),
        ((time(13), time(15)), at(15), 1),
        ((time(0), time(0)), at(3), 1),
    ],
)
def test_each_has_quiet_hours_of_their_own(world, quiet, now, heard):
    world.choose(quiet_from=quiet[0], quiet_to=quiet[1])
    world.stands(WEEK, due_at=at(2))
    assert world.send(now) == heard


def test_on_a_holiday_nothing_is_heard_and_what_still_stands_comes_after_it(world):
    world.choose(away_from=A_WEDNESDAY, away_to=A_WEDNESDAY + DAY)
    gone, stays = world.stands(EVALUATION), world.stands(ASKED)
    assert [world.send(), world.send(at(12, day=A_WEDNESDAY + DAY))] == [0, 0]
    world.standing.remove(gone)
    assert world.send(at(9, day=A_WEDNESDAY + 2 * DAY)) == 1
    assert states(world, gone, stays) == [WITHDRAWN, SENT]


def test_a_trial_is_heard_in_quiet_hours_and_only_while_it_is_fresh(world, cast, wednesday):
    for asked, seen, heard in ((at(23), at(23, 14), 1), (at(22), at(22, 15), 0)):
        wednesday.move_to(asked)
        world.do(notices.trial, cast.people["Anna"], asked)
        assert len(world.look(seen).push) == heard


def test_the_digest_is_a_letter_and_needs_no_waking_hour(world):
    world.stands(DIGEST, "Lise", due_at=at(8))
    made = world.look(at(8))
    assert (len(made.mail), made.push) == (1, [])


# Who wants it


def test_a_group_that_is_off_is_not_written(world, house):
    world.choose(off=preferences.off(["weeks"]))
    world.stands(WEEK)
    assert world.send() == 0
    assert not stored.rows(house, "notice")


def test_what_a_request_has_written_for_who_does_not_want_it_is_withdrawn(world, cast):
    world.choose(off=preferences.off(["handovers"]))
    due = world.stands(GIVEN)
    world.do(notices.write, due)
    assert world.send() == 0
    assert world.state(due) == WITHDRAWN


def test_an_uncovered_week_cannot_be_switched_off(world):
    world.choose(off=preferences.off(list(preferences.GROUPS)))
    world.stands(UNCOVERED)
    assert world.send() == 1


# Five a week


@pytest.fixture
def had(world):
    """Anna has had so many messages, one an hour."""

    def messages(count, reminder=WEEK):
        for n in range(count):
            now = NOON - (count - n) * MINUTE
            world.stands(reminder, due_at=now)
            assert world.send(now) == 1

    return messages


@pytest.mark.parametrize(("count", "fate"), [(4, SENT), (5, SPARED)])
def test_the_sixth_message_in_seven_days_is_spared(world, had, count, fate):
    had(count)
    due = world.stands(NO_CONTACT)
    world.send()
    assert world.state(due) == fate


def test_seven_days_later_there_is_room_again(world, had):
    had(5)
    later = NOON - 5 * MINUTE + 7 * DAY
    due = [world.stands(NO_CONTACT, due_at=later + n * MINUTE) for n in (-1, 0)]
    world.send(later - MINUTE)
    world.send(later)
    assert states(world, *due) == [SPARED, SENT]


@pytest.mark.parametrize(("count", "fate"), [(2, SENT), (3, SPARED)])
def test_repeats_of_evaluations_are_the_first_to_go(world, had, count, fate):
    had(count)
    due = world.stands(AGAIN)
    world.send()
    assert world.state(due) == fate


@pytest.mark.parametrize(("count", "fates"), [(4, [SENT, GATHERED]), (5, [SPARED, SPARED])])
def test_a_repeat_rides_along_with_something_new(world, had, count, fates):
    had(count)
    new, repeat = world.stands(NO_CONTACT, due_at=at(11, 59)), world.stands(AGAIN)
    world.send()
    assert states(world, new, repeat) == fates


def test_an_uncovered_week_is_never_spared_and_takes_the_rest_along(world, had):
    had(5)
    bare, other = world.stands(UNCOVERED, due_at=at(11, 59)), world.stands(AGAIN)
    assert world.send() == 1
    assert states(world, bare, other) == [SENT, GATHERED]


@pytest.mark.parametrize("reminder", [ASKED, ANSWERED, GIVEN])
def test_weeks_that_change_hands_stand_apart(world, had, reminder):
    had(5)
    assert world.stands(reminder)
    assert world.send() == 1


@pytest.mark.parametrize("reminder", [ASKED, ANSWERED, GIVEN])
def test_and_take_no_room_from_others(world, had, reminder):
    had(6, reminder)
    due = world.stands(NO_CONTACT)
    world.send()
    assert world.state(due) == SENT


# Leaders


def test_a_leader_hears_of_mentorships_once_a_day(world):
    first = world.stands(SILENCE, "Lise", due_at=at(9))
    second = world.stands(UNCOVERED, "Lise", due_at=at(10))
    third = world.stands(WELLBEING, "Lise", due_at=at(11))
    closure = world.stands(CLOSURE, "Lise", due_at=at(12))
    heard = [world.send(at(hour)) for hour in (9, 10, 11, 12, 19)]
    assert heard == [1, 0, 0, 0, 0]
    assert world.send(at(9, day=A_WEDNESDAY + DAY)) == 1
    assert states(world, first, second, third, closure) == [SENT, SENT, GATHERED, GATHERED]


def test_mentors_hear_of_an_uncovered_week_whatever_else_came_that_day(world):
    world.stands(WEEK, due_at=at(9))
    world.stands(UNCOVERED, due_at=at(10))
    assert [world.send(at(9)), world.send(at(10))] == [1, 1]


# By mail, a day later


def test_what_is_opened_nowhere_in_24_hours_goes_by_mail(world):
    world.stands(ASKED)
    world.send()
    assert world.look(NOON + DAY - MINUTE).unopened == []
    [one] = world.look(NOON + DAY).unopened
    world.do(notices.claim_mail, one, NOON + DAY)
    world.do(notices.mailed, one, NOON + DAY)
    assert world.look(NOON + DAY + MINUTE).unopened == []


def test_what_has_been_opened_does_not(world):
    world.stands(ASKED)
    [one] = world.look().push
    world.do(notices.claim, one, NOON)
    world.do(notices.sent, one, NOON)
    world.do(notices.opened, one, NOON + HOUR)
    assert world.look(NOON + DAY).unopened == []


def test_what_stands_no_longer_does_not_unless_something_that_it_carried_does(world):
    carrier, rider = world.stands(WEEK, due_at=at(11)), world.stands(ASKED)
    world.send()
    world.standing.remove(carrier)
    assert len(world.look(NOON + DAY).unopened) == 1
    world.standing.remove(rider)
    assert world.look(NOON + DAY + MINUTE).unopened == []


def test_a_digest_is_not_sent_again_by_mail(world):
    world.stands(DIGEST, "Lise")
    [one] = world.look().mail
    world.do(notices.claim_mail, one, NOON)
    world.do(notices.mailed, one, NOON)
    made = world.look(NOON + DAY)
    assert (made.mail, made.unopened) == ([], [])


def test_a_trial_is_not_sent_by_mail(world, cast):
    world.do(notices.trial, cast.people["Anna"], NOON)
    assert world.send() == 1
    assert world.look(NOON + DAY).unopened == []
    assert news.GROUP[TRIAL] is None
