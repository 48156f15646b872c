"""Two hundred mentorships and what happens in them, in memory: the same seed makes the same year.

Each life is a list of events in the order in which they happen. `store.py` writes them into the
store, and `oracle.py` reads from them what everybody must be told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")
BEGINS, DAYS = date(2026, 1, 5), 365  # a Monday; the year has a week 53
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # nights of 23 and of 25 hours
LIVES, LEADERS, BRANCHES = 200, 6, 4
LOOKS = (time(7), time(9), time(12), time(15), time(17), time(19), time(20, 30))
EVERY_DAY = {time(9), time(19)}
OFTEN = ({time(12), time(17)}, {time(7)}, {time(17), time(20, 30)}, {time(15)})  # each is dear
ON_MONDAYS = time(8)
LATE = timedelta(minutes=4)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MEETS_AT = (time(7), time(10), time(13), time(15), time(17), time(18, 15), None, None)
STEM = "Zqxkvhwj"  # every name, place and text of these people begins with it
STOPS = ("logged", "answered", "covered", "left", "paused", "moved_release", "ended", "vanished")
GROUPS = ("evaluations", "weeks", "handovers", "milestones", "care")


class Wish(NamedTuple):
    """What a person wants to hear, and when not."""

    quiet_from: time = time(20)
    quiet_to: time = time(9)
    off: frozenset[str] = frozenset()
    away: tuple[date, date] | None = None


@dataclass
class Somebody:
    """A mentor or a leader."""

    id: UUID
    leads: bool
    branch: int
    wish: Wish
    devices: int = 1


class Event(NamedTuple):
    """Something that happens: what, when, to which matter, by whom."""

    at: datetime
    what: str
    about: UUID
    by: UUID | None = None
    more: dict[str, Any] = {}  # noqa: RUF012 - never changed

    def __getattr__(self, name: str) -> Any:
        return self.more[name]


@dataclass
class Life:
    """A mentorship from the day on which the app hears of it."""

    id: UUID
    number: int
    branch: int
    leader: UUID
    pair: tuple[UUID, UUID]
    begins: date  # in the app; the match may be older
    matched_on: date
    release_on: date
    events: list[Event] = field(default_factory=list)


@dataclass
class Year:
    """Everybody and everything."""

    seed: str
    people: dict[UUID, Somebody] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)
    trials: list[Event] = field(default_factory=list)

    def looks(self) -> Iterator["Look"]:
        """When the worker looks."""
        for number in range(DAYS):
            day = BEGINS + number * DAY
            found = {instant(day, at) for at in EVERY_DAY | OFTEN[number % len(OFTEN)]}
            if not day.weekday():
                found.add(instant(day, ON_MONDAYS))
            if day in (SPRING, AUTUMN):  # all through the night
                night = instant(day, time())
                found |= {night + n * timedelta(minutes=30) for n in range(14)}
            for on_time in sorted(found):
                # Every other day it is late, so that nothing hangs on the second in which a
                # message went one day or seven days ago.
                yield Look(on_time, on_time + (number % 2) * LATE)

    def opens_after(self, person: UUID, sent: datetime) -> timedelta | None:
        """How long a message lies on that person's phone; None for ever."""
        chance = chances(f"{self.seed} {person} {sent}")
        after = (timedelta(hours=1), timedelta(hours=5), timedelta(hours=30), None)
        return chance.choices(after, (55, 20, 10, 15))[0]


class Look(NamedTuple):
    """One round: when it was to be, and when it is."""

    due: datetime
    now: datetime


def chances(seed: str) -> Random:
    """The same seed gives the same chances."""
    return Random(seed)  # noqa: S311 - made again from the seed


def instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, DENMARK).astimezone(UTC)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def new_id(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def of(seed: str) -> Year:
    """The whole year."""
    year, chance = Year(seed), chances(seed)
    leaders = [_somebody(year, chance, True, n % BRANCHES, None) for n in range(LEADERS)]
    for number in range(LIVES):
        leader = year.people[leaders[number % LEADERS]]
        year.lives.append(_Days(year, chances(f"{seed} {number}"), number, leader).lived())
    year.trials = sorted(_trials(year, chance))
    return year


def _somebody(year: Year, chance: Random, leads: bool, branch: int, begins: date | None) -> UUID:
    made = Somebody(new_id(chance), leads, branch, Wish())
    made.devices = chance.choices((0, 1, 2), (10, 75, 15))[0]
    quiet = chance.choices(
        ((time(20), time(9)), (time(22), time(7)), (time(0), time(0)), (time(16), time(12))),
        (80, 10, 5, 5),
    )[0]
    off = {g for g in GROUPS if chance.random() < 0.04}
    away = None
    if begins and chance.random() < 0.2:
        first = begins + chance.randrange(20) * DAY
        away = (first, first + chance.randrange(2, 10) * DAY)
    made.wish = Wish(*quiet, frozenset(off), away)
    year.people[made.id] = made
    return made.id


def _trials(year: Year, chance: Random) -> Iterator[Event]:
    """Now and then somebody asks for one; a few wait too long for the worker."""
    for person in chance.sample(sorted(year.people), 36):
        day = BEGINS + chance.randrange(DAYS) * DAY
        early = timedelta(minutes=chance.choice((6, 6, 6, 22)))
        yield Event(instant(day, chance.choice(LOOKS)) - early, "tried", new_id(chance), person)


class _Days:
    """Lives one mentorship day by day."""

    def __init__(self, year: Year, chance: Random, number: int, leader: Somebody) -> None:
        self.chance, self.year = chance, year
        self.night = {0: SPRING, 1: AUTUMN}.get(number)
        self.stop = dict(enumerate(STOPS, start=2)).get(number)
        begins = BEGINS + chance.randrange(DAYS - 16) * DAY
        if self.night:
            begins = self.night - 9 * DAY
        elif self.stop:
            begins = monday_of(BEGINS + chance.randrange(DAYS - 30) * DAY)
        self.last = begins + chance.choice((7, 9, 11, 22)) * DAY
        pair = tuple(_somebody(year, chance, False, leader.branch, begins) for _ in range(2))
        chapter = chance.choice(("before", "release", "after", "follow_up", "goodbye", "end"))
        release = begins + chance.randrange(2, 9) * DAY
        release += {
            "before": 35 * DAY,
            "release": timedelta(),
            "after": -60 * DAY,
            "follow_up": -176 * DAY,
            "goodbye": -337 * DAY,
            "end": -365 * DAY,
        }[chapter]
        matched = begins if chance.random() < 0.5 else begins - 14 * DAY
        if release < begins:
            matched = release - 60 * DAY
        if self.stop:
            matched, release = begins, begins + 3 * DAY
        self.life = Life(
            new_id(chance), number, leader.branch, leader.id, pair, begins, matched, release
        )  # type: ignore[arg-type]
        self.diligent = chance.choice((0.3, 0.6, 0.9))
        self.busy = chance.choice((0.1, 0.15, 0.25, 0.6))
        self.silent = chance.random() < 0.12
        self.seats = {person: place for place, person in enumerate(pair, start=1)}
        self.open: dict[UUID, list[date]] = {}  # weeks asked for
        self.turns: dict[date, UUID] = {}
        self.past: dict[UUID, int] = {}
        self.paused: date | None = None

    def lived(self) -> Life:
        day = self.life.begins
        if self.night or self.stop not in (None, "ended"):
            self._say(day + 3 * WEEK, 6, "ended", on=day + 3 * WEEK)
        if self.night:
            self._meet_by_night(self.night)
        elif self.stop:
            self._stop_what_waits(self.stop)
        else:
            while day <= self.last and day < BEGINS + DAYS * DAY:
                self._live(day)
                day += DAY
            self._end(day)
        self.life.events.sort(key=lambda event: event.at)
        return self.life

    def _say(
        self,
        day: date,
        look: int,
        what: str,
        about: UUID | None = None,
        by: UUID | None = None,
        **more: Any,
    ) -> UUID:
        """Put it down some minutes before a look of that day."""
        early = timedelta(minutes=self.chance.randrange(5, 20))
        about = about or new_id(self.chance)
        at = instant(day, LOOKS[look]) - early
        self.life.events.append(Event(at, what, about, by, more))
        return about

    def _meet_by_night(self, night: date) -> None:
        """Somebody who wants no quiet hours meets in the night that is too short or too long."""
        owl = self.life.pair[0]
        self.year.people[owl].wish, self.year.people[owl].devices = Wish(time(), time()), 1
        self._say(night - 2 * DAY, 2, "planned", by=owl, on=night, time=time(1, 30), comers=(owl,))

    def _stop_what_waits(self, stop: str) -> None:
        """One of the pair is on holiday, so that everything waits; then its reason goes."""
        away, other = self.life.pair
        monday = self.life.begins
        if stop != "vanished":  # then both are asked, when the pause has lasted
            self.year.people[away].wish = Wish(away=(monday, monday + 3 * WEEK))
        tuesday, wednesday, thursday = (monday + n * DAY for n in (1, 2, 3))
        if stop in ("logged", "left"):
            terms = {"on": wednesday, "time": time(10), "comers": (away, other)}
            self._say(tuesday, 2, "planned", by=other, **terms)
        if stop == "logged":
            facts = {"on": wednesday, "outcome": "held", "also": None, "scores": (8, 8)}
            self._say(thursday, 2, "logged", by=other, **facts, answer=new_id(self.chance))
        elif stop in ("answered", "covered"):
            weeks, about = [monday + WEEK], new_id(self.chance)
            if stop == "answered":
                self._say(tuesday, 2, "asked", about, other, to=away, weeks=weeks)
            else:
                days = {"on": monday + WEEK, "until": monday + WEEK + 6 * DAY}
                self._say(tuesday, 2, "went_away", by=other, **days, request=about)
            self._say(thursday, 2, "answered", about, away, weeks=weeks, outcome="accepted")
        elif stop == "left":
            self._say(thursday, 2, "left", by=away)
        elif stop in ("paused", "vanished"):
            self._say(wednesday, 2, "paused", by=other)
        elif stop == "moved_release":
            self._say(wednesday, 2, "moved_release", on=self.life.release_on + 3 * WEEK)
        elif stop == "ended":
            self._say(wednesday, 2, "ended", on=wednesday)

    def _live(self, day: date) -> None:
        chance = self.chance
        if self.paused:
            self._in_a_pause(day)
        elif chance.random() < 0.012 and day > self.life.begins:
            self._say(day, chance.randrange(7), "paused", by=self._one())
            self.paused = day + 14 * DAY
        if not self.silent:
            if chance.random() < self.busy:
                self._meet(day)
            if chance.random() < 0.12:
                kind = chance.choice(("call", "sms", "attempt"))
                self._say(day, chance.randrange(7), "reached", by=self._one(), on=day, kind=kind)
        if len(self.seats) == 2:
            self._weeks(day)
        if chance.random() < 0.008:
            moved = self.life.release_on + chance.choice((-10, -3, 2, 7, 21)) * DAY
            self._say(day, chance.randrange(7), "moved_release", on=moved)
        if day > self.life.begins + 3 * DAY:
            self._come_and_go(day)

    def _one(self) -> UUID:
        return self.chance.choice(sorted(self.seats))

    def _in_a_pause(self, day: date) -> None:
        assert self.paused
        if self.chance.random() < (0.08 if day < self.paused else 0.3):
            prolonged = day >= self.paused and self.chance.random() < 0.4
            self._say(
                day,
                self.chance.randrange(2, 7),
                "prolonged" if prolonged else "resumed",
                by=self._one(),
            )
            self.paused = day + 14 * DAY if prolonged else None

    def _meet(self, day: date) -> None:
        """Plan a meeting for one of the next days, and perhaps log it."""
        chance, by = self.chance, self._one()
        on = day + chance.randrange(1, 5) * DAY
        comers = tuple(sorted(self.seats)) if chance.random() < 0.5 else (self._one(),)
        about = self._say(
            day,
            chance.randrange(2, 7),
            "planned",
            by=by,
            on=on,
            time=chance.choice(MEETS_AT),
            comers=comers,
        )
        fate = chance.random()
        if fate < 0.06:
            self._say(chance.choice((on - DAY, on)), 0, "called_off", about, by)
            return
        if fate < 0.14:
            later = on + chance.randrange(1, 4) * DAY
            self._say(
                on, chance.randrange(7), "moved", about, by, on=later, time=None, comers=comers
            )
            on = later
        if chance.random() < self.diligent:
            self._log(on, comers)

    def _log(self, on: date, comers: tuple[UUID, ...]) -> None:
        """Logged by one of those who were there; the other scores, or forgets to."""
        chance, by = self.chance, self.chance.choice(comers)
        day = on + chance.choices((0, 1, 2, 4), (60, 20, 12, 8))[0] * DAY
        if self._gone_by(day, comers):
            return
        look = chance.choice((3, 5, 6)) if day == on else chance.randrange(7)
        outcome = chance.choices(("held", "no_show", "cancelled"), (85, 10, 5))[0]
        also = next((p for p in comers if p != by), None) if outcome == "held" else None
        scores = self._scores(by) if outcome == "held" and chance.random() < 0.95 else None
        about = self._say(
            day,
            look,
            "logged",
            None,
            by,
            on=on,
            outcome=outcome,
            also=also,
            scores=scores,
            answer=new_id(chance),
        )
        if also and chance.random() < 0.5:
            later, look = (day, 6) if look < 6 and chance.random() < 0.5 else (day + DAY, 2)
            if not self._gone_by(later, comers):
                self._say(
                    later,
                    look,
                    "joined",
                    about,
                    also,
                    scores=self._scores(also),
                    answer=new_id(chance),
                )

    def _gone_by(self, day: date, people: tuple[UUID, ...]) -> bool:
        return day > self.last or not set(people) <= set(self.seats)

    def _scores(self, by: UUID) -> tuple[int, int]:
        """Relation and wellbeing; some are not well at once, some after a good time."""
        chance = self.chance
        self.past[by] = had = self.past.get(by, 0) + 1
        low = chance.choice((3, 4)) if chance.random() < 0.05 else None
        fell = 5 if had == 4 else None
        return chance.randrange(5, 11), low or fell or chance.choice((8, 9, 9, 10))

    def holder(self, monday: date) -> UUID | None:
        """By rhythm or by what was agreed; nobody's while a seat is empty is not asked for."""
        if monday in self.turns:
            return self.turns[monday]
        since = (monday - monday_of(self.life.matched_on)).days // 7
        return next((p for p, place in self.seats.items() if place == 1 + since % 2), None)

    def _weeks(self, day: date) -> None:
        chance = self.chance
        first = monday_of(day)
        asked = {monday for mondays in self.open.values() for monday in mondays}
        coming = [first + n * WEEK for n in range(5) if first + n * WEEK not in asked]
        coming = [m for m in coming if monday_of(m) >= monday_of(self.life.matched_on)]
        what = chance.random()
        if what < 0.05:
            by = self._one()
            mine = [m for m in coming if self.holder(m) == by]
            if mine:
                self._ask(day, by, sorted(chance.sample(mine, min(len(mine), 2))))
        elif what < 0.06:
            to = self._one()
            theirs = [m for m in coming if self.holder(m) not in (to, None)]
            if theirs:
                about = self._say(day, 2, "given", by=self.life.leader, to=to, weeks=theirs[:1])
                self.turns[theirs[0]] = to
                if chance.random() < 0.6:
                    read = day + chance.randrange(3) * DAY
                    self._say(read, chance.randrange(3, 7), "read", about, to)
        elif what < 0.08:
            self._go_away(day)

    def _ask(self, day: date, by: UUID, weeks: list[date]) -> None:
        to = next(p for p in self.seats if p != by)
        about = self._say(day, 3, "asked", by=by, to=to, weeks=weeks)
        self._be_answered(about, day, by, to, weeks)

    def _be_answered(self, about: UUID, day: date, by: UUID, to: UUID, weeks: list[date]) -> None:
        """Soon, late, or never; week by week, or all at once."""
        chance = self.chance
        first = min(m if m > day else m + WEEK for m in weeks)
        on = day + chance.choice((0, 0, 1, 2, 5)) * DAY
        if on >= first or on > self.last or chance.random() < 0.25:
            self.open[about] = weeks  # stays asked until it is too late
            return
        outcome = chance.choices(("accepted", "declined", "withdrawn"), (60, 25, 15))[0]
        look = 6 if on == day else chance.randrange(7)
        if outcome == "withdrawn":
            self._say(on, look, "took_back", about, by)
        else:
            some = weeks[:1] if chance.random() < 0.3 else weeks
            self._say(on, look, "answered", about, to, weeks=some, outcome=outcome)
        # What the rest of this life may plan on: no more requests for these.
        self.open[about] = weeks

    def _go_away(self, day: date) -> None:
        """Absent for some days; all weeks of it are asked for at once."""
        chance, by = self.chance, self._one()
        first = day + chance.randrange(0, 12) * DAY
        last = first + chance.randrange(1, 9) * DAY
        mondays = []
        monday = monday_of(first)
        while monday <= last:
            mondays.append(monday)
            monday += WEEK
        asked = {m for weeks in self.open.values() for m in weeks}
        if asked & set(mondays):
            return
        weeks = [m for m in mondays if self.holder(m) == by]
        about, absence = new_id(chance), new_id(chance)
        to = next(p for p in self.seats if p != by)
        self._say(
            day,
            4,
            "went_away",
            absence,
            by,
            on=first,
            until=last,
            weeks=weeks,
            to=to,
            request=about,
        )
        if weeks:
            self._be_answered(about, day, by, to, weeks)
        if chance.random() < 0.25:
            back = day + chance.randrange(1, 3) * DAY
            self._say(back, chance.randrange(7), "came_back", absence, by, request=about)

    def _come_and_go(self, day: date) -> None:
        chance = self.chance
        if len(self.seats) == 2 and chance.random() < 0.012:
            who = self._one()
            place = self.seats.pop(who)
            self.turns = {m: p for m, p in self.turns.items() if p != who}
            self._say(day, chance.randrange(7), "left", by=who)
            self.empty = (day, place)
        elif len(self.seats) == 1 and chance.random() < 0.12:
            since, place = self.empty
            if day > since:
                new = _somebody(self.year, chance, False, self.life.branch, day)
                self.seats[new] = place
                self._say(day, 1, "sat_down", by=new, place=place)

    def _end(self, day: date) -> None:
        """Closed by the pair and a leader, or ended at once."""
        chance = self.chance
        if day >= BEGINS + DAYS * DAY:
            return
        if chance.random() < 0.15:
            self._say(day, 1, "ended", on=day)
            return
        closure = self._say(day, 3, "proposed", by=self._one())
        day += chance.randrange(0, 3) * DAY
        if chance.random() < 0.3:
            self._say(day, 5, "sent_back", closure, self.life.leader)
            closure = self._say(day + DAY, 3, "proposed", by=self._one())
            day += chance.randrange(1, 4) * DAY
        self._say(day, 6, "approved", closure, self.life.leader)
