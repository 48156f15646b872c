"""Who reads about more people than the work asks for is seen, and looked at by somebody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from app import clock, db
from app.domain import heartbeats, news, notices, reviews, snooping, staff, trail
from app.domain.reviews import ALARM, OwnReading
from app.house import House
from app.mail import Mailer, folder_of
from app.push import Pusher
from app.worker import Worker
from tests import stored

NOON = clock.midnight(clock.today()) + timedelta(hours=12)
CONSULTANT = "karen@test.invalid"
ONE_IN_THE_NIGHT = clock.midnight(clock.today()) + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def worker(any_house, any_cast):
    return Worker(any_house, Pusher(any_house.settings), Mailer(any_house.settings))


def read(house, reader, subjects, at, *, at_once=False):
    """Readings, one a page; or all on one list."""
    pen = trail.Pen(house.keyring.trail, reader, uuid4())
    for n, some in enumerate([subjects] if at_once else [[one] for one in subjects]):
        then = time_machine.travel(at + timedelta(seconds=20 * n), tick=False)
        with then, house.work(writes=True) as (unit, _):
            pen.read("leader.mentorship", some)
            unit.commit()


def alarms(house):
    return [row for row in stored.rows(house, "review") if row.kind == ALARM]


def letters(house):
    """To the consultant; the pair has letters of its own on some weekdays."""
    folder = folder_of(house.settings)
    return [one for one in folder.glob("*.eml") if f"To: {CONSULTANT}" in one.read_text()]


def run(worker, at):
    with time_machine.travel(at, tick=False):
        worker.run(clock.now())


def test_T30_thirty_readings_in_ten_minutes_are_one_alarm_and_one_letter(
    worker, any_house, any_cast
):
    lise = any_cast.people["Lise"]
    read(any_house, lise, [uuid4() for _ in range(30)], NOON)
    for minute in (10, 11, 40):
        run(worker, NOON + timedelta(minutes=minute))
    [alarm] = alarms(any_house)
    assert (alarm.person_id, alarm.code, alarm.how_many) == (lise, snooping.MANY, 30)
    [letter] = letters(any_house)
    for word in ("Lise", "Samir"):
        assert word not in letter.read_text()
    read(any_house, lise, [uuid4() for _ in range(30)], NOON + timedelta(minutes=50))
    run(worker, NOON + timedelta(minutes=70))
    assert len(alarms(any_house)) == len(letters(any_house)) == 1  # one a day


def test_T30_another_day_is_another_alarm(worker, any_house, any_cast):
    for day in (0, 1):
        at = NOON + timedelta(days=day)
        read(any_house, any_cast.people["Lise"], [uuid4() for _ in range(21)], at)
        run(worker, at + timedelta(minutes=10))
    assert len(alarms(any_house)) == len(letters(any_house)) == 2


def test_as_many_as_the_rule_allows_ring_nothing(worker, any_house, any_cast):
    same = uuid4()
    some = [*(uuid4() for _ in range(19)), same, same, same]
    read(any_house, any_cast.people["Lise"], some, NOON)
    run(worker, NOON + timedelta(minutes=10))
    assert alarms(any_house) == []


def test_a_list_of_many_rings_nothing(worker, any_house, any_cast):
    some = [uuid4() for _ in range(60)]
    for at in (NOON, ONE_IN_THE_NIGHT):
        read(any_house, any_cast.people["Lise"], some, at, at_once=True)
        run(worker, at + timedelta(minutes=10))
    assert alarms(any_house) == []


def test_T30_a_leader_who_reads_at_night_is_seen_and_a_mentor_is_not(worker, any_house, any_cast):
    samir = any_cast.participants["Samir"]
    read(any_house, any_cast.people["Anna"], [samir], ONE_IN_THE_NIGHT)
    run(worker, ONE_IN_THE_NIGHT + timedelta(minutes=5))
    assert alarms(any_house) == []
    read(any_house, any_cast.people["Lise"], [samir], ONE_IN_THE_NIGHT)
    run(worker, ONE_IN_THE_NIGHT + timedelta(minutes=6))
    assert [row.code for row in alarms(any_house)] == [snooping.NIGHT]


def test_T30_reading_right_after_a_role_was_given_is_seen(worker, any_house, any_cast):
    nora, karen = any_cast.people["Nora"], any_cast.people["Karen"]
    with any_house.work(writes=True) as (unit, _):
        one = staff.one(nora, clock.today())
        pen = trail.Pen(any_house.keyring.trail, karen, None)
        staff.give(one, "leader", any_cast.branches["Havn"], pen, by=karen)
        unit.commit()
    read(any_house, nora, [any_cast.participants["Samir"]], NOON + timedelta(minutes=5))
    run(worker, NOON + timedelta(minutes=10))
    assert [(row.code, row.person_id) for row in alarms(any_house)] == [(snooping.NEW_ROLE, nora)]


def test_a_consultant_who_snoops_is_told_of_to_the_others(worker, any_house, any_cast):
    karen, nora = any_cast.people["Karen"], any_cast.people["Nora"]
    with any_house.work(writes=True) as (unit, _):
        one = staff.one(nora, clock.today())
        staff.give(one, "consultant", None, trail.Pen(any_house.keyring.trail, karen, None), karen)
        unit.commit()
    read(any_house, karen, [uuid4() for _ in range(25)], NOON + timedelta(hours=3))
    run(worker, NOON + timedelta(hours=3, minutes=15))
    with any_house.work(writes=False):
        told = {
            name: [n.reminder for n in notices.lately(any_cast.people[name], NOON, 9)]
            for name in ("Karen", "Nora")
        }
    assert told == {"Karen": [], "Nora": [news.WATCH]}


def test_nobody_ticks_their_own_reading(any_house, any_cast):
    karen, lise = any_cast.people["Karen"], any_cast.people["Lise"]
    read(any_house, lise, [any_cast.participants["Jonas"]], NOON)
    with any_house.work(writes=True) as (unit, _):
        pen = trail.Pen(any_house.keyring.trail, karen, None)
        assert reviews.draw(10) == 1
        assert reviews.draw(10) == 0  # once a month
        [one] = reviews.waiting()
        with pytest.raises(OwnReading):
            reviews.look(one, pen, by=lise)
        reviews.look(one, pen, by=karen)
        assert reviews.waiting() == []
        [seen] = reviews.lately(9)
        assert (seen.looked_by, seen.person_id) == (karen, lise)
        assert seen.subject_id == any_cast.participants["Jonas"]
        unit.commit()
    assert len(stored.acts(any_house, trail.LOOKED_AT)) == 1


def test_a_sample_is_some_of_the_readings_and_not_always_the_same(any_house, any_cast):
    lise = any_cast.people["Lise"]
    read(any_house, lise, [any_cast.participants["Jonas"]] * 40, NOON)
    drawn = set()
    for _ in range(3):
        with any_house.work(writes=True):  # and rolled back
            assert reviews.draw(5) == 5
            drawn.add(tuple(sorted(row.seq for row in db.rows(reviews.REVIEWS.select()))))
    assert len(drawn) > 1


def test_T34_the_worker_finds_a_log_that_was_changed_and_says_so_once(
    worker, any_house: House, any_cast
):
    run(worker, NOON)
    with any_house.work(writes=False):
        assert heartbeats.all_of_them()[heartbeats.TRAIL].trouble is None
    with any_house.data.execution_options(writes=True).begin() as connection:
        connection.execute(db.columns(trail.Head).update().values(mac=b"x" * 32))
    for day in (1, 2):
        run(worker, NOON + timedelta(days=day))
        run(worker, NOON + timedelta(days=day, minutes=1))
    assert [(row.code, row.person_id) for row in alarms(any_house)] == [(snooping.CHAIN, None)] * 2
    with any_house.work(writes=False):
        assert heartbeats.all_of_them()[heartbeats.TRAIL].trouble == heartbeats.BROKEN
