"""What must be true of every year, whatever has happened to the worker in it."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from app import db
from app.domain import news
from app.domain.news import SOMETHING, TEXTS
from app.domain.notices import NOTICES
from app.mail import folder_of
from app.push import PAYLOAD
from tests.year.life import AUTUMN, DENMARK, SPRING, STEM, instant
from tests.year.oracle import ALWAYS, APART, Key, Oracle, hears
from tests.year.walk import Shown, Walk

TOLD = {"sent": "told", "gathered": "told"}  # the store also says in whose message
A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
STOPS = {"logged", "answered", "left", "paused", "moved_release", "ended"}
ROLES = ("mentor", "deltager", "leder", "fængsel", "arrest", "indsat", "løsla", "prison")
BY_CHANCE = ("authorization", "topic")
USUAL = (time(20), time(9))
LEAST_DEVICES = 300
OVERHEAD = 103  # bytes that RFC 8188 adds: salt, record size, key, tag and the sign of the end


class Fate(NamedTuple):
    """What became of a notice, and in which rounds."""

    state: str
    sent: datetime | None
    mailed: datetime | None


class Facts:
    """One walk, what it left in the store, and what the rules say of it."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.year = walk, walk.year
        self.expected = Oracle(walk.year, walk.store.refused).expected()
        with walk.house.work(writes=False):
            self.rows = {row.id: row for row in db.rows(NOTICES.select())}
        self._looks = list(walk.year.looks())
        self._nows = [look.now for look in self._looks]

    def round_of(self, at: datetime | None) -> datetime | None:
        """A worker that is killed is late by some minutes: the round is the same."""
        return self._looks[bisect_right(self._nows, at) - 1].due if at else None

    @cached_property
    def kept(self) -> dict[Key, Fate]:
        """By the store."""
        return {self.key(row): self._fate(row) for row in self.rows.values()}

    @cached_property
    def ruled(self) -> dict[Key, Fate]:
        """By the rules."""
        return {
            note.key: Fate(note.state, note.sent, note.mailed)
            for note in self.expected.notes.values()
        }

    def key(self, row: Any) -> Key:
        about = self.walk.store.named.get(row.about_id, row.about_id)
        if row.reminder == news.TRIAL:  # the app names it; ours is that person's of that moment
            ours = {(one.by, one.at): one.about for one in self.year.trials}
            about = ours[row.person_id, row.due_at]
        return Key(row.person_id, row.reminder, about, row.due_on)

    def _fate(self, row: Any) -> Fate:
        state, carrier = TOLD.get(row.state, row.state), self.carrier(row.id)
        if state != "told":
            return Fate(state, None, None)
        return Fate(state, self.round_of(carrier.sent_at), self.round_of(carrier.mailed_at))

    def carrier(self, notice: UUID) -> Any:
        row = self.rows[notice]
        return self.rows[row.carrier_id or row.id]

    @cached_property
    def kinds(self) -> dict[UUID, set[str]]:
        """What each message tells of, by the notice that carries it."""
        found: defaultdict[UUID, set[str]] = defaultdict(set)
        for row in self.rows.values():
            if row.state in TOLD:
                found[row.carrier_id or row.id].add(row.reminder)
        return found

    @cached_property
    def first(self) -> list[Shown]:
        """What a browser shows: of messages with one tag, one."""
        seen: dict[tuple[str, str], Shown] = {}
        for one in self.walk.shown:
            seen.setdefault((one.path, one.tag), one)
        return list(seen.values())

    def wish_of(self, person: UUID) -> Any:
        return self.year.people[person].wish


def exactly_what_the_rules_say_is_written_and_comes_of_it(facts: Facts) -> None:
    differ = [
        (key, facts.kept.get(key), facts.ruled.get(key))
        for key in facts.kept.keys() | facts.ruled.keys()
        if facts.kept.get(key) != facts.ruled.get(key)
    ]
    assert not differ, (len(differ), differ[:5])
    assert len(facts.rows) == len(facts.kept)


def what_is_told_together_is_one_message(facts: Facts) -> None:
    kept = defaultdict(set)
    for row in facts.rows.values():
        if row.state in TOLD:
            kept[row.carrier_id or row.id].add(facts.key(row))
    ruled = {frozenset(note.key for note in m.notes) for m in facts.expected.messages}
    assert set(map(frozenset, kept.values())) == ruled
    assert max(map(len, ruled)) > 2


def every_reminder_comes(facts: Facts) -> None:
    told = {key.reminder for key, fate in facts.ruled.items() if fate.state == "told"}
    # What an act announces by itself, and what waits beside the mentorships, is tested elsewhere.
    elsewhere = news.ANNOUNCED | {news.REFERRAL, news.CLEARANCE, news.WISH, news.EXPENSE}
    assert told == set(news.GROUP) - elsewhere


def every_fate_comes(facts: Facts) -> None:
    states = Counter(fate.state for fate in facts.ruled.values())
    assert min(states[state] for state in ("told", "withdrawn", "spared")) > 20, states
    later = [f for f in facts.ruled.values() if f.mailed and f.sent and f.mailed > f.sent]
    assert len(later) > 20


def every_stop_comes(facts: Facts) -> None:
    stopped = {
        word
        for note in facts.expected.notes.values()
        if note.state == "withdrawn"
        for word in note.stopped_by
    }
    assert stopped >= STOPS, stopped
    covered = [
        note
        for note in facts.expected.notes.values()
        if note.key.reminder == "uncovered" and "answered" in note.stopped_by
    ]
    assert covered


def each_device_shows_each_message_once(facts: Facts) -> None:
    """By person and round: as many as messages and devices say, and not one more."""
    came = Counter((one.person, one.look) for one in facts.first)
    ruled: Counter[tuple[UUID, datetime]] = Counter()
    for m in facts.expected.messages:
        if m.mailed != m.sent:  # else a letter from the start
            ruled[m.person, m.sent] += facts.year.people[m.person].devices
    assert came == ruled
    assert len({one.path for one in facts.first}) > LEAST_DEVICES


def one_message_has_one_tag(facts: Facts) -> None:
    """So a browser that gets it twice shows it once."""
    tags = defaultdict(set)
    for one in facts.walk.shown:
        tags[one.notice].add(one.tag)
        assert one.headers["topic"] == one.tag
    assert all(len(some) == 1 for some in tags.values())
    assert len({tag for some in tags.values() for tag in some}) == len(tags)


def a_kill_costs_one_repetition_at_most(facts: Facts) -> None:
    """Counted where it arrives: at the push service, and in the folder of letters."""
    more = Counter((one.path, one.look, one.notice) for one in facts.walk.shown)
    per_look = Counter()
    for (_, look, _), times in more.items():
        per_look[look] += times - 1
    ruled = Counter(m.mailed for m in facts.expected.messages if m.mailed)
    letters = Counter(look for look, _ in facts.walk.letters)
    assert not ruled - letters
    per_look += letters - ruled
    killed = Counter(look for look, _ in facts.walk.fate.done)
    assert not per_look - killed, per_look - killed
    folder = folder_of(facts.walk.house.settings)
    assert len(list(folder.glob("*.eml"))) == letters.total() > 100


def nothing_rings_in_quiet_hours_or_on_a_holiday(facts: Facts) -> None:
    rings = [
        (one.at.astimezone(DENMARK), facts.wish_of(one.person))
        for one in facts.walk.shown
        if facts.kinds[one.notice] != {news.TRIAL}  # who asks for one is awake
    ]
    assert not [(at, wish) for at, wish in rings if not hears(wish, at)]
    usual = {at.time() for at, wish in rings if (wish.quiet_from, wish.quiet_to) == USUAL}
    assert time(9) <= min(usual) < max(usual) < time(20)
    others = {(wish.quiet_from, wish.quiet_to) for _, wish in rings} - {USUAL}
    assert len(others) > 1
    assert any(wish.away for _, wish in rings)
    assert any(wish.off for _, wish in rings)


def nine_is_nine_on_the_wall_before_and_after_both_nights(facts: Facts) -> None:
    """The winter's 8:00 and the summer's 7:00 in UTC."""
    weeks = [f.sent for k, f in facts.ruled.items() if k.reminder == "week" and f.sent]
    for night, before, after in ((SPRING, 8, 7), (AUTUMN, 7, 8)):
        hours = defaultdict(list)
        for at in weeks:
            hours[at.date()].append(at.hour)
        mondays = [night - 6 * A_DAY, night + A_DAY]
        assert [min(hours[day]) for day in mondays] == [before, after]


def two_hours_are_two_hours_in_both_nights(facts: Facts) -> None:
    for night in (SPRING, AUTUMN):
        sent = [
            fate.sent
            for key, fate in facts.kept.items()
            if (key.reminder, key.on) == ("evaluation", night)
            and fate.sent
            and fate.sent < instant(night, time(7))
        ]
        assert sent == [instant(night, time(1, 30)) + timedelta(hours=2)]


def nobody_hears_more_than_five_in_seven_days(facts: Facts) -> None:
    """Counted where it arrives; only what is never spared goes over it."""
    heard, full = defaultdict(list), 0
    for one in facts.first:
        kinds = facts.kinds[one.notice]
        if kinds <= APART:
            continue
        times = heard[one.path]
        had = len(times) - bisect_right(times, one.at - A_WEEK)
        assert had < 5 or kinds & ALWAYS, (one.at, kinds)
        full += had >= 4
        times.append(one.at)
    assert full


def a_leader_hears_of_mentorships_once_a_day(facts: Facts) -> None:
    days = Counter(
        (one.path, one.at.astimezone(DENMARK).date())
        for one in facts.first
        if facts.year.people[one.person].leads and facts.kinds[one.notice] != {news.TRIAL}
    )
    assert days.most_common(1)[0][1] == 1


def every_push_is_one_of_three_texts_of_one_length(facts: Facts) -> None:
    shown = facts.walk.shown
    assert {one.body for one in shown} == {*TEXTS.values(), SOMETHING}
    assert len(TEXTS) == 2
    assert {len(text) for text in {*TEXTS.values(), SOMETHING}} == {len(SOMETHING)}
    assert {len(one.raw) for one in shown} == {PAYLOAD}
    assert {one.headers["content-length"] for one in shown} == {str(PAYLOAD + OVERHEAD)}


def the_texts_that_name_a_thing_name_the_right_one(facts: Facts) -> None:
    for one in facts.walk.shown:
        kinds = facts.kinds[one.notice]
        alone = len(kinds) == 1 and facts.carrier(one.notice).id == one.notice
        if one.body != SOMETHING:
            assert alone
            assert TEXTS[min(kinds)] == one.body


def what_leaves_the_house_names_nobody(facts: Facts) -> None:
    words = facts.walk.store.words.said
    assert len(words) > 2000
    said = list(channels(facts.walk))
    assert len(said) > 10_000
    assert not list(found(said))
    for planted in (f"X-Why: {words[7]}", f"for {words[-1].upper()}", "To a mentor"):
        assert list(found([*said, planted])) == [planted]


def found(said: Iterable[str]) -> Iterator[str]:
    """What names somebody, a place, a role, or says what anybody has written."""
    for one in said:
        folded = one.casefold()
        if STEM.casefold() in folded or any(role in folded for role in ROLES):
            yield one


def channels(walk: Walk) -> Iterator[str]:
    """Payloads, addresses and headers of every push, every letter, every line that was logged."""
    for one in walk.shown:
        assert STEM not in one.path + one.headers["authorization"] + one.headers["topic"]
        yield one.raw.decode().replace(one.tag, "")  # which is random, as some headers are
        yield from (f"{name}: {at}" for name, at in one.headers.items() if name not in BY_CHANCE)
    for file in folder_of(walk.house.settings).glob("*.eml"):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        yield from (f"{name}: {value}" for name, value in letter.items())
        yield letter.get_content()
    yield from walk.lines
