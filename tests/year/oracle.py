"""What everybody must be told in that year: a plain reading of the rules over the events in memory.

It knows nothing of the app but its words for the reminders. First, what stands for one mentorship
at one moment (the table of reminders); then, what a person hears of it (quiet hours, one message a
round, five a week, letters).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tests.year.life import (
    BEGINS,
    DAY,
    DENMARK,
    WEEK,
    Event,
    Life,
    Look,
    Somebody,
    Wish,
    Year,
    instant,
    monday_of,
)

MOVED_IN = 3  # the branch whose leader has moved the times
MOVED = {"morning": time(12), "afternoon": time(15), "evening": time(17)}
USUAL = {"morning": time(9), "afternoon": time(17), "evening": time(19)}
PASSED, PASSED_SLOWLY = timedelta(days=2), timedelta(days=7)
GROUP_OF = {
    "evaluation": "evaluations",
    "evaluation_again": "evaluations",
    "scores": "evaluations",
    "week": "weeks",
    "no_contact": "weeks",
    "pause": "weeks",
    "asked": "handovers",
    "given": "handovers",
    "answered": "handovers",
    "agreement": "milestones",
    "release_meeting": "milestones",
    "release_week": "milestones",
    "follow_up": "milestones",
    "goodbye": "milestones",
    "planned_end": "milestones",
    "silence": "care",
    "wellbeing": "care",
    "digest": "care",
    "mentor_waits": "care",
}
ALWAYS = {"uncovered", "closure", "closed", "sent_back"}
APART = {"asked", "given", "answered", "trial"}
FOR_LEADERS = {"silence", "wellbeing", "closure", "uncovered", "mentor_waits"}


class Key(NamedTuple):
    """What makes a notice one notice."""

    person: UUID
    reminder: str
    about: UUID
    on: date


@dataclass
class Request:
    """Weeks asked for: which still wait, and until which day."""

    to: UUID
    by: UUID
    at: datetime
    waits: dict[date, date]  # Monday -> the first day on which it is too late


@dataclass
class Known:
    """What has happened to one mentorship so far."""

    life: Life
    release_on: date
    seats: list[list[Any]]  # person, place, first day, last day
    plans: dict[UUID, Event] = field(default_factory=dict)
    logs: dict[UUID, Event] = field(default_factory=dict)
    scored: set[tuple[UUID, UUID]] = field(default_factory=set)
    touched: list[date] = field(default_factory=list)
    requests: dict[UUID, Request] = field(default_factory=dict)
    answers: dict[tuple[UUID, date], tuple[UUID, datetime]] = field(default_factory=dict)
    given: dict[UUID, Event] = field(default_factory=dict)
    turns: dict[date, UUID] = field(default_factory=dict)
    away: dict[UUID, Event] = field(default_factory=dict)
    asks_on: date | None = None  # of a running pause
    resumed_on: date | None = None
    ended_on: date | None = None
    proposed: dict[UUID, date] = field(default_factory=dict)  # closures and their last days
    waits: dict[UUID, datetime] = field(default_factory=dict)
    decided: list[tuple[UUID, datetime, str, set[UUID]]] = field(default_factory=list)
    low: list[tuple[UUID, datetime]] = field(default_factory=list)
    wellbeing: defaultdict[UUID, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def at_first(cls, life: Life) -> "Known":
        seats = [[p, n, life.matched_on, None] for n, p in enumerate(life.pair, start=1)]
        return cls(life, life.release_on, seats)

    def pair(self, day: date) -> set[UUID]:
        return {p for p, _, first, last in self.seats if first <= day and (not last or day <= last)}

    def learn(self, e: Event) -> None:
        getattr(self, f"_{e.what}")(e)

    def _planned(self, e: Event) -> None:
        self.plans[e.about] = e

    _moved = _planned

    def _called_off(self, e: Event) -> None:
        self.plans.pop(e.about, None)

    def _logged(self, e: Event) -> None:
        self.logs[e.about] = e
        if e.outcome == "held":
            self.touched.append(e.on)
            self._scores(e)

    def _joined(self, e: Event) -> None:
        self._scores(e)

    def _scores(self, e: Event) -> None:
        assert e.by
        if e.scores is None:
            return
        self.scored.add((e.about, e.by))
        before, score = self.wellbeing[e.by][-10:], e.scores[1]
        if score <= 4 or (len(before) >= 3 and score <= sum(before) / len(before) - 3):
            self.low.append((e.answer, e.at))
        self.wellbeing[e.by].append(score)

    def _reached(self, e: Event) -> None:
        if e.kind != "attempt":
            self.touched.append(e.on)

    def _asked(self, e: Event) -> None:
        self._request(e, e.about, e.weeks)

    def _request(self, e: Event, about: UUID, weeks: list[date]) -> None:
        assert e.by
        today = day_of(e.at)
        late = {m: m if m > today else m + WEEK for m in weeks}
        self.requests[about] = Request(e.to, e.by, e.at, late)

    def _open(self, about: UUID, day: date) -> dict[date, date]:
        request = self.requests.get(about)
        return {m: d for m, d in request.waits.items() if day < d} if request else {}

    def _answered(self, e: Event) -> None:
        today, request = day_of(e.at), self.requests[e.about]
        self.answers.setdefault((e.about, today), (request.by, e.at))
        for monday in e.weeks:
            del request.waits[monday]
            if e.outcome == "accepted":
                self._take(monday, request.to)

    def _take(self, monday: date, who: UUID) -> None:
        self.turns.pop(monday, None)
        self.turns[monday] = who

    def _took_back(self, e: Event) -> None:
        self.requests[e.about].waits.clear()

    def _given(self, e: Event) -> None:
        self.given[e.about] = e
        for monday in e.weeks:
            for request in self.requests.values():
                request.waits.pop(monday, None)
            self._take(monday, e.to)

    def _read(self, e: Event) -> None:
        self.given.pop(e.about, None)

    def _went_away(self, e: Event) -> None:
        assert e.by
        asked = {m for about in self.requests for m in self._open(about, day_of(e.at))}
        weeks, monday = [], monday_of(e.on)
        while monday <= e.until:
            if self.holder(monday) == e.by and monday not in asked:
                weeks.append(monday)
            monday += WEEK
        self.away[e.about] = e
        here = self.pair(day_of(e.at)) - {e.by}
        if weeks and here:
            self._request(e._replace(more=e.more | {"to": min(here)}), e.request, weeks)

    def _came_back(self, e: Event) -> None:
        self.away.pop(e.about, None)
        if e.request in self.requests:
            self.requests[e.request].waits.clear()

    def _paused(self, e: Event) -> None:
        self.asks_on = day_of(e.at) + 14 * DAY

    _prolonged = _paused

    def _resumed(self, e: Event) -> None:
        self.asks_on, self.resumed_on = None, day_of(e.at)

    def _moved_release(self, e: Event) -> None:
        self.release_on = e.on

    def _left(self, e: Event) -> None:
        for seat in self.seats:
            if seat[0] == e.by:
                seat[3] = day_of(e.at) - DAY
        for request in self.requests.values():
            if e.by in (request.by, request.to):
                request.waits.clear()

    def _sat_down(self, e: Event) -> None:
        self.seats.append([e.by, e.place, day_of(e.at), None])

    def _proposed(self, e: Event) -> None:
        self.proposed[e.about] = day_of(e.at)
        self.waits[e.about] = e.at

    def _sent_back(self, e: Event) -> None:
        del self.waits[e.about]
        self.decided.append((e.about, e.at, "sent_back", self.pair(day_of(e.at))))

    def _approved(self, e: Event) -> None:
        del self.waits[e.about]
        self.decided.append((e.about, e.at, "closed", self.pair(day_of(e.at))))
        self.ended_on = self.proposed[e.about]

    def _ended(self, e: Event) -> None:
        self.ended_on = e.on

    def holder(self, monday: date) -> UUID | None:
        """Who took the week last and sits there on its Sunday, else whose place it is."""
        there = self.pair(monday + 6 * DAY)
        if self.turns.get(monday) in there:
            return self.turns[monday]
        place = 1 + (monday - monday_of(self.life.matched_on)).days // 7 % 2
        return next((p for p, n, _, _ in self.seats if n == place and p in there), None)

    def uncovered(self, monday: date) -> bool:
        who, sunday = self.holder(monday), monday + 6 * DAY
        return who is None or any(
            a.by == who and a.on <= sunday and monday <= a.until for a in self.away.values()
        )


def day_of(at: datetime) -> date:
    return at.astimezone(DENMARK).date()


def same_day_later(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))


def stands(known: Known, now: datetime) -> "Standing":
    """All whose time has come and whose reason is there, by the table of reminders."""
    today = day_of(now)
    for about, at, what, pair in known.decided:
        if now < at + PASSED:
            yield from ((Key(person, what, about, day_of(at)), at) for person in pair)
    if known.ended_on and known.ended_on <= today:
        return
    told = known.pair(today) | {known.life.leader}
    for key, at in Table(known, now).all():
        if at <= now and key.person in told:
            yield key, at


Standing = Iterator[tuple[Key, datetime]]


@dataclass
class Table:
    """The table of reminders, one method a row, for one running mentorship at one moment."""

    known: Known
    now: datetime

    def __post_init__(self) -> None:
        life = self.known.life
        self.id, self.leader = life.id, life.leader
        self.today = day_of(self.now)
        self.hour = MOVED if life.branch == MOVED_IN else USUAL
        self.pair = self.known.pair(self.today)

    def all(self) -> Standing:
        yield from self.evaluation_waits()
        yield from self.scores_are_missing()
        yield from self.weeks_are_asked_for()
        yield from self.weeks_are_answered_or_given()
        yield from self.the_leader_is_told()
        if self.known.asks_on:
            yield from self.a_pause_has_lasted(self.known.asks_on)
            return
        yield from self.the_week_begins()
        yield from self.a_week_is_uncovered()
        yield from self.it_is_agreed_on()
        yield from self.the_release_draws_near()
        yield from self.it_is_silent()

    def fresh(
        self, person: UUID, what: str, about: UUID, on: date, at: datetime, *, slowly: bool = False
    ) -> Standing:
        """Unless its moment has passed."""
        if self.now < at + (PASSED_SLOWLY if slowly else PASSED):
            yield Key(person, what, about, on), at

    def at(self, on: date, what: str) -> datetime:
        return instant(on, self.hour[what])

    def evaluation_waits(self) -> Standing:
        """2 h after a planned meeting's time, else in the evening; next day; day 3."""
        logged = {log.on for log in self.known.logs.values()}
        for plan in self.known.plans.values():
            if plan.on in logged or abs(plan.on - self.today) > WEEK:
                continue
            first = self.at(plan.on, "evening")
            if plan.time:
                first = instant(plan.on, plan.time) + timedelta(hours=2)
            for person in set(plan.comers) & self.known.pair(plan.on):
                yield from self.fresh(person, "evaluation", plan.about, plan.on, first)
                for n in (1, 3):
                    on = plan.on + n * DAY
                    at = self.at(on, "afternoon")
                    yield from self.fresh(person, "evaluation_again", plan.about, on, at)

    def scores_are_missing(self) -> Standing:
        """In the evening of the day on which the other logged."""
        for log in self.known.logs.values():
            if log.also and (log.about, log.also) not in self.known.scored:
                at = max(log.at, self.at(day_of(log.at), "evening"))
                yield from self.fresh(log.also, "scores", log.about, day_of(log.at), at)

    def weeks_are_asked_for(self) -> Standing:
        """At once; then 14, 7, 3 and 1 days before it is too late."""
        for about, request in self.known.requests.items():
            late = min((d for d in request.waits.values() if self.today < d), default=None)
            if late is None:
                continue
            yield Key(request.to, "asked", about, day_of(request.at)), request.at
            for n in (14, 7, 3, 1):
                at = self.at(late - n * DAY, "afternoon")
                if at >= request.at + DAY:
                    yield from self.fresh(request.to, "asked", about, late - n * DAY, at)

    def weeks_are_answered_or_given(self) -> Standing:
        for (about, on), (by, at) in self.known.answers.items():
            yield from self.fresh(by, "answered", about, on, at)
        for about, gift in self.known.given.items():
            yield from self.fresh(gift.to, "given", about, day_of(gift.at), gift.at)

    def the_leader_is_told(self) -> Standing:
        """A mentor who is not well, and a closure, in the morning: also in a pause."""
        for about, at in self.known.low:
            on = self._morning_after(at)
            yield from self.fresh(self.leader, "wellbeing", about, on, self.at(on, "morning"))
        for about, at in self.known.waits.items():
            on = self._morning_after(at)
            yield Key(self.leader, "closure", about, on), self.at(on, "morning")

    def _morning_after(self, at: datetime) -> date:
        there = at.astimezone(DENMARK)
        return there.date() + (DAY if there.time() >= self.hour["morning"] else timedelta())

    def a_pause_has_lasted(self, on: date) -> Standing:
        at = self.at(on, "morning")
        for person in self.pair:
            yield from self.fresh(person, "pause", self.id, on, at, slowly=True)

    def the_week_begins(self) -> Standing:
        """On Monday, to its holder; on Thursday again, when nobody has been in contact."""
        monday = monday_of(self.today)
        who, thursday = self.known.holder(monday), monday + 3 * DAY
        if not who or self.known.uncovered(monday) or monday < self.known.life.matched_on:
            return
        yield from self.fresh(who, "week", self.id, monday, self.at(monday, "morning"))
        if not any(day >= monday for day in self.known.touched):
            at = self.at(thursday, "afternoon")
            yield from self.fresh(who, "no_contact", self.id, thursday, at)

    def a_week_is_uncovered(self) -> Standing:
        """Seven days ahead, to both and the leader."""
        this = monday_of(self.today)
        for monday in (this, this + WEEK):
            begun = monday >= monday_of(self.known.life.matched_on)
            if begun and self.known.uncovered(monday):
                on = monday - WEEK
                for person in self.pair | {self.leader}:
                    yield Key(person, "uncovered", self.id, on), self.at(on, "morning")

    def it_is_agreed_on(self) -> Standing:
        """The morning after the match, until the release: nobody writes an agreement this year."""
        on = self.known.life.matched_on + DAY
        if self.today <= self.known.release_on:
            for person in self.pair:
                at = self.at(on, "morning")
                yield from self.fresh(person, "agreement", self.id, on, at, slowly=True)

    def the_release_draws_near(self) -> Standing:
        out = self.known.release_on
        end = same_day_later(out, 12)
        for what, on in (
            ("release_meeting", out - 5 * WEEK),
            ("release_week", monday_of(out)),
            ("follow_up", same_day_later(out, 6) - WEEK),
            ("goodbye", end - 4 * WEEK),
            ("planned_end", end),
        ):
            if on >= self.known.life.matched_on:
                at = self.at(on, "morning")
                for person in self.pair:
                    yield from self.fresh(person, what, self.id, on, at, slowly=True)

    def it_is_silent(self) -> Standing:
        """Fourteen days after the last contact; a pause that has ended begins them anew."""
        known = self.known
        first = known.life.matched_on
        on = max([*known.touched, first, known.resumed_on or first]) + 14 * DAY
        at = self.at(on, "morning")
        yield from self.fresh(self.leader, "silence", self.id, on, at, slowly=True)


@dataclass
class Note:
    """One notice and what became of it."""

    key: Key
    at: datetime
    state: str = "waiting"
    sent: datetime | None = None  # when its message was to go
    mailed: datetime | None = None
    stopped_by: set[str] = field(default_factory=set)  # what has happened since the last look


@dataclass
class Message:
    """What one person hears in one round."""

    person: UUID
    sent: datetime
    now: datetime
    notes: list[Note]
    counts: bool
    mailed: datetime | None
    opens: datetime | None


class Expected(NamedTuple):
    notes: dict[Key, Note]
    messages: list[Message]


class Oracle:
    """Goes through the year look by look."""

    def __init__(self, year: Year, refused: set[Any]) -> None:
        self.year, self.refused = year, refused
        self.notes: dict[Key, Note] = {}
        self.messages: list[Message] = []
        self.heard: defaultdict[UUID, list[Message]] = defaultdict(list)
        self.recent: list[Message] = []
        self.happened: defaultdict[UUID | None, set[str]] = defaultdict(set)  # by mentorship
        self.matters: defaultdict[UUID, UUID | None] = defaultdict(lambda: None)
        for life in year.lives:
            self.matters[life.id] = life.id
            for e in life.events:
                self.matters[e.about] = self.matters[e.more.get("request")] = life.id

    def expected(self) -> Expected:
        lives = {life.id: Known.at_first(life) for life in self.year.lives}
        self.known = list(lives.values())
        happens = sorted(
            (
                (e.at, n, life.id, e)
                for life in self.year.lives
                for n, e in enumerate(life.events)
                if (e.about, e.what, e.at) not in self.refused
            ),
            key=lambda one: one[:2],
        )
        trials, next_one = list(self.year.trials), 0
        for look in self.year.looks():
            while next_one < len(happens) and happens[next_one][0] <= look.due:
                _, _, life_id, e = happens[next_one]
                next_one += 1
                lives[life_id].learn(e)
                self.happened[life_id].add(e.what)
                self._write_at_once(lives[life_id], e)
            while trials and trials[0].at <= look.due:
                trial = trials.pop(0)
                assert trial.by
                self._write(Key(trial.by, "trial", trial.about, day_of(trial.at)), trial.at)
            today = day_of(look.now)
            running = [known for known in lives.values() if known.life.begins <= today]
            self._look(look, running)
            self.happened.clear()
            for known in running:
                if known.ended_on and known.ended_on < today - 9 * DAY:
                    del lives[known.life.id]
        return Expected(self.notes, self.messages)

    def _write(self, key: Key, at: datetime) -> None:
        note = self.notes.setdefault(key, Note(key, at))
        if note.state == "withdrawn":
            note.state = "waiting"

    def _write_at_once(self, known: Known, e: Event) -> None:
        """A request writes what it tells of itself, whoever wants it or not."""
        on = day_of(e.at)
        if e.what in ("asked", "given"):
            self._write_new(Key(e.to, e.what, e.about, on), e.at)
        elif e.what == "answered":
            self._write_new(Key(known.requests[e.about].by, "answered", e.about, on), e.at)
        elif e.what in ("approved", "sent_back"):
            what = "closed" if e.what == "approved" else e.what
            for person in known.pair(on):
                self._write_new(Key(person, what, e.about, on), e.at)

    def _write_new(self, key: Key, at: datetime) -> None:
        self.notes.setdefault(key, Note(key, at))

    def _look(self, look: Look, running: list[Known]) -> None:
        now, today = look.now, day_of(look.now)
        due = dict(one for known in running for one in stands(known, now))
        leaders = {k.life.leader for k in running if not (k.ended_on and k.ended_on <= today)}
        monday = instant(monday_of(today), time(8))
        if monday <= now < monday + PASSED:
            due |= {Key(one, "digest", one, monday_of(today)): monday for one in leaders}
        due |= self._mentors_wait(now)
        due = {key: at for key, at in due.items() if self._wants(key)}
        for key, at in due.items():
            self._write(key, at)
        waiting: defaultdict[UUID, list[Note]] = defaultdict(list)
        for note in self.notes.values():
            if note.state != "waiting":
                continue
            trial = note.key.reminder == "trial" and now - note.at < timedelta(minutes=15)
            if note.key in due or trial:
                waiting[note.key.person].append(note)
            else:
                note.state = "withdrawn"
                note.stopped_by |= self.happened[self.matters[note.key.about]]
        self._remind_by_letter(look, due)
        for person, notes in waiting.items():
            self._tell(self.year.people[person], notes, look)

    def _mentors_wait(self, now: datetime) -> dict[Key, datetime]:
        """Sixty days with nobody, from the day after the last seat or from the beginning."""
        today, found = day_of(now), {}
        ends: defaultdict[UUID, list[date | None]] = defaultdict(list)
        for known in self.known:
            if known.life.begins <= today:
                for person, _, _, last in known.seats:
                    ends[person].append(last or known.ended_on)
        for one in self.year.people.values():
            if one.leads or any(end is None or end >= today for end in ends[one.id]):
                continue
            on = max([BEGINS, *(end + DAY for end in ends[one.id] if end)]) + 60 * DAY
            hour = (MOVED if one.branch == MOVED_IN else USUAL)["morning"]
            at = instant(on, hour)
            if at <= now < at + PASSED_SLOWLY:
                for who in self.year.people.values():
                    if who.leads and who.branch == one.branch:
                        found[Key(who.id, "mentor_waits", one.id, on)] = at
        return found

    def _wants(self, key: Key) -> bool:
        return GROUP_OF.get(key.reminder) not in self.year.people[key.person].wish.off

    def _tell(self, who: Somebody, notes: list[Note], look: Look) -> None:
        for note in notes:
            if note.key.reminder in ("digest", "trial"):
                self._send(who, [note], look, counts=False)
        if not hears(who.wish, look.now):
            return
        rest = [n for n in notes if n.key.reminder not in ("digest", "trial")]
        if who.leads and any(
            day_of(m.now) == day_of(look.now) and {n.key.reminder for n in m.notes} & FOR_LEADERS
            for m in self.heard[who.id][-9:]
        ):
            return  # a leader hears once a day
        had = sum(
            1 for m in self.heard[who.id][-30:] if m.counts and m.now > look.now - timedelta(days=7)
        )
        kept = [n for n in rest if self._kept(n, rest, had)]
        for note in rest:
            if note not in kept:
                note.state = "spared"
        if kept:
            self._send(who, kept, look, counts=any(n.key.reminder not in APART for n in kept))

    @staticmethod
    def _kept(note: Note, rest: list[Note], had: int) -> bool:
        """Five a week; repeats only while there is room, or when something new goes anyway."""
        if any(n.key.reminder in ALWAYS for n in rest) or note.key.reminder in APART:
            return True
        if note.key.reminder != "evaluation_again":
            return had < 5
        new = any(n.key.reminder not in APART | {"evaluation_again"} for n in rest)
        return had < 3 or (had < 5 and new)

    def _send(self, who: Somebody, notes: list[Note], look: Look, *, counts: bool) -> None:
        letter = notes[0].key.reminder == "digest" or not who.devices
        after = None if letter else self.year.opens_after(who.id, look.due)
        message = Message(
            who.id,
            look.due,
            look.now,
            sorted(notes, key=lambda n: n.at),
            counts,
            look.due if letter else None,
            look.due + after if after else None,
        )
        for note in notes:
            note.state, note.sent, note.mailed = "told", look.due, message.mailed
        self.messages.append(message)
        self.heard[who.id].append(message)
        self.recent.append(message)

    def _remind_by_letter(self, look: Look, due: dict[Key, datetime]) -> None:
        """The same by mail when nothing was opened in 24 hours and the matter still stands."""
        week = timedelta(days=7)
        self.recent = [m for m in self.recent if not m.mailed and m.now > look.now - week]
        for message in self.recent:
            opened = message.opens and message.opens <= look.due
            if opened or message.now > look.now - timedelta(hours=24):
                continue
            if any(note.key in due for note in message.notes):
                message.mailed = look.due
                for note in message.notes:
                    note.mailed = look.due


def hears(wish: Wish, now: datetime) -> bool:
    there = now.astimezone(DENMARK)
    if wish.away and wish.away[0] <= there.date() <= wish.away[1]:
        return False
    at, begins, ends = there.time(), wish.quiet_from, wish.quiet_to
    quiet = begins <= at < ends if begins <= ends else at >= begins or at < ends
    return not quiet
