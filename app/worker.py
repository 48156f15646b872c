"""The timer: every few seconds what is due is planned, and what is ready is sent.

The notices table is the queue; huey only keeps the time and carries ids (security decision A10).
Nothing is sent inside a transaction: claim, send, write down what became of it.
"""

import base64
import hashlib
import logging
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from app import clock, db
from app.config import Settings
from app.domain import (
    devices,
    heartbeats,
    invitations,
    notices,
    owners,
    preferences,
    reviews,
    rounds,
    rules,
    snooping,
    trail,
)
from app.domain.devices import Address, Known
from app.domain.news import FAREWELL, INVITED, READDRESSED, SOMETHING, TEXTS, TRIAL
from app.domain.notices import SENT, Told
from app.domain.people import HELD, Person, held_today
from app.eraser import Eraser
from app.house import House
from app.key_store import KeyGone
from app.mail import Letter, Mailer, Undeliverable, Unreachable
from app.push import GONE, LATER, OURS, TAKEN, Answer, Pusher, payload_of
from app.vault import Ring

EVERY = 10  # seconds: how soon "at once" is
AT_ONCE = 32  # messages on their way at the same time
DESKS = 4  # units of work at the same time, each with a connection to either store
A_TASK = 100  # ids that one task carries
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
WAY_IN = "Her er dit link. Det virker én gang og i syv dage."  # to somebody without a language yet
GOODBYE = "Tak for din tid. Din tavshedspligt gælder stadig."
BY_MAIL_AFTER = timedelta(hours=24)  # of trying in vain
log = logging.getLogger("primus")


class Worker:
    """Plans and sends on one house."""

    def __init__(self, house: House, pusher: Pusher, mailer: Mailer) -> None:
        self._house, self._pusher, self._mailer = house, pusher, mailer
        self._desks = threading.Semaphore(DESKS)

    @contextmanager
    def _work(self) -> Iterator[tuple[db.Unit, Ring]]:
        """A unit of work. Few at a time: what takes long is the network, not the store."""
        with self._desks, self._house.work(writes=True) as work:
            yield work

    def plan(self, now: datetime) -> rounds.Round:
        """One round of the clock, in a transaction of its own."""
        with self._work() as (unit, _):
            made = rounds.make(now)
            heartbeats.beat(heartbeats.TIMER, now)
            unit.commit()
        return made

    def watch(self) -> None:
        """The access log: every round whether somebody reads too much, once a day the rest."""
        today = clock.today()
        with self._work() as (unit, _):
            snooping.watch(self._pen())
            seen = heartbeats.all_of_them().get(heartbeats.TRAIL_SEEN)
            due = seen is None or seen.at is None or clock.in_denmark(seen.at).date() != today
            if due:
                heartbeats.beat(heartbeats.TRAIL_SEEN, clock.now())
            unit.commit()
        if due:
            self.settle_owners()
            try:
                self.keep_the_trail()
            except SQLAlchemyError as error:  # reminders go on meanwhile; it is tried tomorrow
                log.error("%s while the access log was kept", type(error).__name__)

    def settle_owners(self) -> None:
        """What a stand-in or a former leader owned goes to who leads the branch."""
        with self._work() as (unit, _):
            owners.settle(self._pen())
            unit.commit()

    def keep_the_trail(self) -> None:
        """Follow the chain, draw the month's sample, delete what is older than it is kept."""
        key, broken = self._house.keyring.trail, None
        with self._house.work(writes=False):
            broken = trail.first_broken(key, None, self._house.keyring.older_trails)
        with self._work() as (unit, _):
            if broken:
                heartbeats.trouble(heartbeats.TRAIL, heartbeats.BROKEN, clock.now())
                reviews.alarm(None, snooping.CHAIN, broken, self._pen())
            else:
                heartbeats.beat(heartbeats.TRAIL, clock.now())
                # Once a month, so that seals are few; what is broken is evidence and stays.
                reviews.prune(key, clock.today().replace(day=1), self._pen())
            reviews.draw(rules.value(rules.SAMPLE))
            unit.commit()

    def _pen(self) -> trail.Pen:
        return trail.Pen(self._house.keyring.trail, None, None)

    def send(self, ids: Iterable[UUID], now: datetime) -> None:
        """Send what is ready, many at a time, each by itself."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(self.push, one, now) for one in ids]:
                done.result()

    def post(self, ids: Iterable[UUID], now: datetime) -> None:
        """Send letters, one after another: a mail server likes no haste."""
        for one in ids:
            self.mail(one, now)

    def run(self, now: datetime) -> None:
        """A whole round in one go."""
        self.watch()
        made = self.plan(now)
        self.send(made.push, now)
        self.post([*made.mail, *made.unopened], now)

    def push(self, notice_id: UUID, now: datetime) -> None:
        """To every device that has not had it; by mail where there is none."""
        with self._work() as (unit, _):
            told = notices.claim(notice_id, now)
            if told is None:
                return
            if not _may_be_heard(told, now):  # the evening has begun meanwhile
                notices.later(notice_id, now)
                unit.commit()
                return
            found = devices.of(told.person_id)
            had = notices.delivered_to(notice_id)
            addresses = {d.id: d.address() for d in found if d.id not in had}
            payload = self._payload(told)
            unit.commit()
        if not found and not had:
            self.mail(notice_id, now)
            return
        answers = [self._to(device, addresses, told, payload, now) for device in found]
        self._finish(told, [*answers, *(Answer(TAKEN) for _ in had)], now)

    def _payload(self, told: Told) -> bytes:
        text = SOMETHING if notices.gathers(told.id) else TEXTS.get(told.reminder, SOMETHING)
        return payload_of(text, self._link(told), told.topic)

    def _link(self, told: Told) -> str:
        return f"{self._house.settings.origin}/p/{told.id}"

    def _to(
        self,
        device: Known,
        addresses: dict[UUID, Address],
        told: Told,
        payload: bytes,
        now: datetime,
    ) -> Answer:
        """One device; what the push service says is written down at once."""
        if device.id not in addresses:
            return Answer(TAKEN)
        answer = self._pusher.send(addresses[device.id], device.key_number, payload, told.topic)
        with self._work() as (unit, _):
            if answer.what == TAKEN:
                notices.delivered(told.id, device.id, now)
                heartbeats.beat(heartbeats.PUSH, now)
            elif answer.what == GONE:
                devices.gone(device.id)
            elif answer.what == OURS:
                heartbeats.trouble(heartbeats.PUSH, heartbeats.REFUSED, now)
            unit.commit()
        return answer

    def _finish(self, told: Told, answers: Sequence[Answer], now: datetime) -> None:
        """Sent when one device has it; else later, or by mail when no device is left."""
        heard = {answer.what for answer in answers}
        waited = now - told.made_at > BY_MAIL_AFTER
        if TAKEN not in heard and (waited or not heard & {LATER, OURS}):
            self.mail(told.id, now)
            return
        pauses = [answer.pause for answer in answers if answer.pause]
        with self._work() as (unit, _):
            if TAKEN in heard:
                notices.sent(told.id, now)
            else:
                notices.later(told.id, now + max(pauses, default=pause_after(told.tries)))
            unit.commit()

    def mail(self, notice_id: UUID, now: datetime) -> None:
        """The same sentence as a letter."""
        with self._work() as (unit, _):
            told = notices.claim_mail(notice_id, now)
            letter = told and self._letter(told)
            if told and not letter:
                notices.fail(notice_id, now)
            unit.commit()
        if not told or not letter:
            return
        try:
            self._mailer.send(letter)
        except Undeliverable:
            self._note(told, now, failed=True)
        except Unreachable:
            self._note(told, now, failed=False)
        else:
            with self._work() as (unit, _):
                notices.mailed(told.id, now)
                heartbeats.beat(heartbeats.MAIL, now)
                unit.commit()

    def _letter(self, told: Told) -> Letter | None:
        """None when the person holds no role any more and this is not the last letter, or has been
        erased.
        """
        holds_one = select(HELD.c.id).where(HELD.c.person_id == told.person_id, held_today)
        asked = select(Person).where(col(Person.id) == told.person_id)
        if told.reminder != FAREWELL:
            asked = asked.where(col(Person.left_at).is_(None), holds_one.exists())
        person = db.session().exec(asked, params={"day": clock.today()}).first()
        try:
            elsewhere = notices.address_of(told.id) if told.reminder == READDRESSED else None
            to = person and (elsewhere or person.email)
        except KeyGone:
            return None
        if not to:
            return None
        if told.reminder == FAREWELL:  # whoever has left has no way in: a page that is open to all
            return Letter(to, GOODBYE, f"{self._house.settings.origin}/privatliv")
        if told.reminder == INVITED:
            token = invitations.written(told.about_id)
            link = f"{self._house.settings.origin}/invitation/{token}"
            return Letter(to, WAY_IN, link) if token else None
        text = SOMETHING if notices.gathers(told.id) else TEXTS.get(told.reminder, SOMETHING)
        return Letter(to, text, self._link(told))

    def _note(self, told: Told, now: datetime, *, failed: bool) -> None:
        """A letter that did not go: for good, or for now."""
        with self._work() as (unit, _):
            if failed:
                notices.not_mailed(told.id, now)
            else:
                heartbeats.trouble(heartbeats.MAIL, heartbeats.UNREACHABLE, now)
                pause = now + pause_after(told.tries)
                if told.state == SENT:
                    notices.mail_later(told.id, pause)
                else:
                    notices.later(told.id, pause)
            unit.commit()


def _may_be_heard(told: Told, now: datetime) -> bool:
    return told.reminder == TRIAL or preferences.of(told.person_id).hears(now)


def pause_after(tries: int) -> timedelta:
    """One minute, then twice as long each time, an hour at the most."""
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def end_with(parent: int) -> None:
    """Let this process end soon after the one that started it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


def timer(settings: Settings, worker: Worker, eraser: Eraser, secret: bytes) -> Huey:
    """Ticks each minute, looks every ten seconds, and hands ids to whoever sends.

    What is due to be erased is asked each minute too: it goes at night, or when it was missed then.
    """
    queue, erasing = _queue(settings, secret), threading.Lock()

    @queue.task()
    def push(ids: list[str]) -> None:
        worker.send(map(UUID, ids), clock.now())

    @queue.task()
    def post(ids: list[str]) -> None:
        worker.post(map(UUID, ids), clock.now())

    @queue.task()
    def look() -> None:
        worker.watch()
        made = worker.plan(clock.now())
        for task, ids in ((push, made.push), (post, made.mail), (post, made.unopened)):
            for first in range(0, len(ids), A_TASK):
                task([str(one) for one in ids[first : first + A_TASK]])

    @queue.periodic_task(crontab())
    def erase() -> None:
        if erasing.acquire(blocking=False):  # a night may take longer than a minute
            try:
                eraser.tick(clock.now())
            finally:
                erasing.release()

    @queue.periodic_task(crontab())
    def tick() -> None:
        look()
        for later in range(EVERY, 60, EVERY):
            look.schedule(delay=later)

    queue.tick = tick
    return queue


def _queue(settings: Settings, secret: bytes) -> Huey:
    how: dict[str, Any] = {
        "name": "primus",
        "results": False,
        "serializer": SignedSerializer(secret=base64.b64encode(hashlib.sha256(secret).digest())),
    }
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(dsn=plain, **how)
    # Not WAL: this file is opened by Python's own SQLite, which may be too old for it (A1).
    return SqliteHuey(
        filename=str(settings.instance / "queue.db"), journal_mode="truncate", fsync=True, **how
    )
