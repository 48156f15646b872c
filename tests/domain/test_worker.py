"""The timer and the senders: on both databases, several at once, not longer than their parent."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock, keyring, schema
from app.config import ROOT
from app.domain import devices, heartbeats, notices, trail
from app.domain.devices import Address
from app.eraser import Eraser
from app.mail import Mailer
from app.push import Pusher
from app.worker import Worker, pause_after, timer
from tests.push_service import PushService

pytestmark = pytest.mark.slow
MANY = 200
START_LIMIT = 30  # seconds


@pytest.fixture
def service():
    made = PushService()
    yield made
    made.close()


@pytest.fixture
def workers(any_house, any_cast, service):
    """Two of them, as in two processes; Anna's phone listens at the service."""
    keyring.add_key(any_house.settings.push_keys, "push", first=True)
    settings = replace(any_house.settings, push_peers=frozenset({service.peer}))
    house = replace(any_house, settings=settings)
    with house.work(writes=True) as (unit, _):
        anna, lookup = any_cast.people["Anna"], house.keyring.lookup
        pen, where = trail.Pen(house.keyring.trail, anna, None), Address(**service.subscription())
        devices.subscribe(anna, None, where, "x", 1, lookup, pen, clock.now())
        unit.commit()
    return [Worker(house, Pusher(settings), Mailer(settings)) for _ in range(2)]


@pytest.fixture
def timed(workers, any_house):
    """Makes timers, and closes what they have opened."""
    made = []

    def make(secret):
        made.append(timer(any_house.settings, workers[0], Eraser(any_house), secret))
        return made[-1]

    yield make
    for queue in made:
        queue.storage.close()


def trials(house, cast, count):
    """So many notices to Anna, and their ids: at some hours others are due too."""
    anna, now = cast.people["Anna"], clock.now()
    with house.work(writes=True) as (unit, _):
        for _ in range(count):
            notices.trial(anna, now)
        made = {one.id for one in notices.lately(anna, now - timedelta(days=1), count + 1)}
        unit.commit()
    return made


def test_two_workers_at_once_send_each_notice_once(workers, any_house, any_cast, service):
    ids = trials(any_house, any_cast, MANY)
    now = clock.now()
    planned = {one for worker in workers for one in worker.plan(now).push}
    assert planned >= ids
    both = [threading.Thread(target=worker.send, args=(ids, now)) for worker in workers]
    for one in both:
        one.start()
    for one in both:
        one.join()
    topics = [headers["topic"] for _, headers, _ in service.requests]
    assert len(topics) == len(set(topics)) == MANY
    with any_house.work(writes=False):
        told = notices.lately(any_cast.people["Anna"], now - timedelta(days=1), MANY + 1)
    assert {one.state for one in told} == {notices.SENT}


def test_the_timer_hands_ids_to_the_senders(timed, any_house, any_cast, service):
    trials(any_house, any_cast, 1)
    queue = timed(b"secret")
    queue.tick()
    while task := queue.dequeue():
        queue.execute(task)
    assert len(service.requests) == 1
    with any_house.work(writes=False):
        beats = heartbeats.all_of_them()
    assert not heartbeats.late(beats[heartbeats.TIMER], clock.now())
    assert heartbeats.late(beats[heartbeats.TIMER], clock.now() + timedelta(minutes=11))
    schema.check(any_house)  # the timer's own tables, where it has any there, are none of ours


def test_a_task_that_nobody_signed_is_not_done(timed, service):
    queue = timed(b"secret")
    forged = timed(b"another secret")
    forged.tick()
    with pytest.raises(ValueError, match="mismatch"):
        queue.dequeue()
    assert service.requests == []


def test_what_a_dead_worker_took_is_taken_again_after_a_while(
    workers, any_house, any_cast, service
):
    [one] = trials(any_house, any_cast, 1)
    now = clock.now()
    assert one in workers[0].plan(now).push
    with any_house.work(writes=True) as (unit, _):
        assert notices.claim(one, now)  # and then its machine lost its power
        unit.commit()
    assert one not in workers[1].plan(now + timedelta(minutes=1)).push
    later = now + timedelta(minutes=3)
    workers[1].run(later)
    assert len(service.requests) == 1


def test_it_is_tried_after_a_minute_then_twice_as_long_up_to_an_hour():
    minutes = [pause_after(tries).total_seconds() / 60 for tries in range(1, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_worker_ends_with_the_server_that_started_it(settings):
    """As `make demo` starts it: nothing goes on when the server is gone."""
    told = {"MODE": "development", "INSTANCE": str(settings.instance)}
    parent = (
        "import os, subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-m', 'flask', '--app', 'wsgi', 'worker',"
        " '--parent', str(os.getpid())]); print(child.pid, flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        (sys.executable, "-c", parent), cwd=ROOT, env=os.environ | told, stdout=subprocess.PIPE
    )
    child = int(process.stdout.readline())
    try:
        wait_for((settings.instance / "queue.db").exists)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    wait_for(lambda: not alive(child))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - a file of the kernel's
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(happened):
    deadline = time.monotonic() + START_LIMIT
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
