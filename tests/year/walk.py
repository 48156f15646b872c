"""One year of the worker: events happen, the worker looks, phones receive and open."""

import heapq
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.devices import Address
from app.house import House
from app.mail import Mailer
from app.push import Pusher
from app.worker import Worker
from tests.year.life import Event, Look, Year, chances
from tests.year.oracle import day_of
from tests.year.peer import Service
from tests.year.store import Store

# A fresh worker looks at once; what the dead one had claimed is free again after two minutes.
AFTER_A_KILL = (timedelta(0), timedelta(minutes=2, seconds=30))


class Killed(BaseException):
    """What ends a worker in the middle of what it does."""


BEFORE, AFTER = "before a commit", "after a commit"
PUSHED, MAILED = "a push service has taken it", "a mail server has taken it"
PUSHED_TWICE = "it has been taken for the second phone of somebody"
OFTEN = (BEFORE, AFTER, PUSHED, PUSHED_TWICE, MAILED, BEFORE, AFTER, PUSHED)


class Fate:
    """Kills the worker at moments drawn by chance: so many, spread over the year, of every kind."""

    def __init__(self, year: Year, kills: int) -> None:
        chance, looks = chances(f"{year.seed} kills"), [look.due for look in year.looks()]
        drawn = sorted(chance.sample(looks[: len(looks) * 4 // 5], kills))  # some come later
        kinds = [OFTEN[n % len(OFTEN)] for n in range(kills)]
        chance.shuffle(kinds)
        self._to_come = [
            (at, what, chance.randrange(3)) for at, what in zip(drawn, kinds, strict=True)
        ]
        self.done: list[tuple[datetime, str]] = []
        self.look = drawn[0] if drawn else looks[0]
        self.dead = False

    def begin(self, look: datetime) -> None:
        self.look, self.dead = look, False

    def passes(self, what: str) -> None:
        """A moment between two steps. It is the last one when its turn has come."""
        if self.dead:  # a process dies with all of its threads
            raise Killed
        if self.done and self.done[-1][0] == self.look:
            return
        mine = next((k for k in self._to_come if k[0] <= self.look and k[1] == what), None)
        if mine is None:
            return
        self._to_come.remove(mine)
        at, _, more = mine
        if more:
            self._to_come.insert(0, (at, what, more - 1))
            return
        self.done.append((self.look, what))
        self.dead = True
        raise Killed


class Mortal:
    """A house in which a worker can be killed before and after every commit."""

    def __init__(self, house: House, fate: Fate) -> None:
        self._house, self._fate, self.settings = house, fate, house.settings
        self.keyring = house.keyring

    @contextmanager
    def work(self, *, writes: bool) -> Any:
        with self._house.work(writes=writes) as (unit, ring):
            yield _MortalUnit(unit, self._fate), ring


class _MortalUnit:
    def __init__(self, unit: Any, fate: Fate) -> None:
        self._unit, self._fate = unit, fate

    def commit(self) -> None:
        self._fate.passes(BEFORE)
        self._unit.commit()
        self._fate.passes(AFTER)


class MortalPusher(Pusher):
    fate: Fate
    second: set[str]

    def send(self, address: Address, *given: Any) -> Any:
        answer = super().send(address, *given)
        self.fate.passes(PUSHED_TWICE if address.endpoint in self.second else PUSHED)
        return answer


class MortalMailer(Mailer):
    fate: Fate
    sent: list[tuple[datetime, Any]]

    def send(self, letter: Any) -> None:
        super().send(letter)
        self.sent.append((self.fate.look, letter))
        self.fate.passes(MAILED)


class _Keeper(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


@dataclass
class Shown:
    """A push as the phone decrypts it."""

    look: datetime
    at: datetime
    person: UUID
    path: str
    body: str
    tag: str
    notice: UUID
    raw: bytes
    headers: dict[str, str]


class Walk:
    """The year once, on one store."""

    def __init__(self, house: House, year: Year, service: Service, clock: Any, fate: Fate) -> None:
        self.house, self.year, self.service, self.fate = house, year, service, fate
        self.clock = clock
        self.store = Store(house, year, service)
        self.shown: list[Shown] = []
        self.letters: list[tuple[datetime, Any]] = []
        self._opening: list[tuple[datetime, int, UUID]] = []
        self._known: set[UUID] = set()
        self.lines: list[str] = []

    def go(self) -> None:
        """Through the year; what is logged on the way is kept."""
        keeper = _Keeper(self.lines)
        loggers = [logging.getLogger(name) for name in ("primus", "urllib3", "app")]
        for logger in loggers:
            logger.addHandler(keeper)
            logger.setLevel(logging.DEBUG)
            logger.propagate = False
        try:
            self._go()
        finally:
            for logger in loggers:
                logger.removeHandler(keeper)
                logger.setLevel(logging.NOTSET)
                logger.propagate = True

    def _go(self) -> None:
        looks = list(self.year.looks())
        self.clock.move_to(looks[0].due)
        self.store.fill()
        lives = sorted(self.year.lives, key=lambda life: life.begins, reverse=True)
        happens = sorted(
            (e.at, n, life.number, life, e)
            for life in self.year.lives
            for n, e in enumerate(life.events)
        )[::-1]
        trials = sorted(self.year.trials, reverse=True)
        worker = self._worker()
        for look in looks:
            while lives and lives[-1].begins <= day_of(look.due):
                self.store.begin(lives.pop())
            while happens and happens[-1][0] <= look.due:
                *_, life, one = happens.pop()
                self.clock.move_to(one.at)
                self.store.happen(life, one)
            while trials and trials[-1].at <= look.due:
                self._try(trials.pop())
            self._open(look)
            worker = self._look(worker, look)
            self._receive(look)

    def _worker(self) -> Worker:
        settings = self.house.settings
        pusher, mailer = MortalPusher(settings), MortalMailer(settings)
        pusher.fate = mailer.fate = self.fate
        pusher.second, mailer.sent = self.store.second, self.letters
        return Worker(Mortal(self.house, self.fate), pusher, mailer)  # type: ignore[arg-type]

    def _try(self, trial: Event) -> None:
        self.clock.move_to(trial.at)
        self.store.ask_for_trial(trial)

    def _look(self, worker: Worker, look: Look) -> Worker:
        """A round; whoever is killed in it is followed by another, at once and again later."""
        self.clock.move_to(look.now)
        self.fate.begin(look.due)
        try:
            worker.run(look.now)
        except Killed:
            for after in AFTER_A_KILL:
                self.fate.dead = False
                worker = self._worker()
                self.clock.move_to(look.now + after)
                worker.run(look.now + after)
        return worker

    def _receive(self, look: Look) -> None:
        """Phones decrypt what has come, and some of them are looked at after a while."""
        for taken in self.service.taken[len(self.shown) :]:
            said = self.service.notification(taken)
            notice = UUID(said["navigate"].rpartition("/p/")[2])
            person = self.store.owner[taken.path]
            raw = self.service.opened(taken)
            one = Shown(
                look.due,
                taken.at,
                person,
                taken.path,
                said["body"],
                said["tag"],
                notice,
                raw,
                taken.headers,
            )
            self.shown.append(one)
            after = self.year.opens_after(person, look.due)
            if after and notice not in self._known:
                self._known.add(notice)
                heapq.heappush(self._opening, (look.due + after, len(self._known), notice))

    def _open(self, look: Look) -> None:
        while self._opening and self._opening[0][0] <= look.due:
            at, _, notice = heapq.heappop(self._opening)
            self.store.open(notice, at)
