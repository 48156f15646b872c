"""Why a leader should look at a mentorship now. The one place that says it.

The reasons are read from the facts of every running mentorship by plain rules, the most urgent
first. Scores alone never come before anything that has happened: they stand last. The thresholds
are those of the reminders (product.md section 5).
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from app.clock import Week
from app.domain import alerts, handovers, levels, rules
from app.domain.facts import Facts
from app.domain.mentorships import FOLLOW_UP as FOLLOW_UP_MONTHS
from app.domain.mentorships import months_after, months_before

CONCERN, BROKEN = "concern", "broken"
CLOSURE, ALONE, WISH, UNCOVERED = "closure", "alone", "wish", "uncovered"
NEVER_MET, SILENT, NO_SHOWS = "never_met", "silent", "no_shows"
AGREEMENT, OVERDUE, FOLLOW_UP, RELEASE = "agreement", "overdue", "follow_up", "release"
TRANSFER = "transfer"  # no yes to being told of a transfer
CLEARANCE, REFERRAL, DEBRIEF, IDLE = "clearance", "referral", "debrief", "idle"  # see tasks
EXIT_FORM = "exit_form"  # the participant has not answered it
UNCLEARED, RAN_OUT = "uncleared", "ran_out"  # the clearance of who sits in a pair; of anybody
PARTNER, EXPENSE = "partner", "expense"
UNEVEN, QUIET, PAUSED, WELLBEING, RELATION = "uneven", "quiet", "paused", "wellbeing", "relation"
ORDER = (  # the most urgent first
    CONCERN,
    BROKEN,
    CLOSURE,
    ALONE,
    WISH,
    UNCOVERED,
    UNCLEARED,
    RAN_OUT,
    NEVER_MET,
    SILENT,
    NO_SHOWS,
    CLEARANCE,
    REFERRAL,
    AGREEMENT,
    DEBRIEF,
    EXIT_FORM,
    OVERDUE,
    FOLLOW_UP,
    EXPENSE,
    IDLE,
    PARTNER,
    TRANSFER,
    RELEASE,
    UNEVEN,
    QUIET,
    PAUSED,
    WELLBEING,
    RELATION,
)
PLACE = {code: place for place, code in enumerate(ORDER)}
SOFT = frozenset({RELEASE, UNEVEN, QUIET, PAUSED, WELLBEING, RELATION})  # good to know

SOONER = 4  # days before it is said that it is silent, it is said to be quiet
WAITS_IN_VAIN = 2  # no-shows since the last meeting that came to something
FIRST_MEETING = timedelta(days=14)  # after the match
FIRST_AGREEMENT = timedelta(days=7)  # after the match, where nobody has met yet
RELEASE_NEAR = timedelta(days=14)


class Reason(NamedTuple):
    """One of ORDER, with what its sentence names: a number of days or times, a day, a row."""

    code: str
    number: int | None = None
    on: date | None = None
    ref: UUID | None = None


class Look(NamedTuple):
    """A mentorship and why to look at it; without reasons there is none."""

    id: UUID
    leader_id: UUID
    release_on: date
    reasons: list[Reason]

    @property
    def rank(self) -> tuple[int, int, date]:
        """The most urgent reason first; of two alike, the one that has lasted longest."""
        if not self.reasons:
            return (len(ORDER), 0, self.release_on)
        first = self.reasons[0]
        return (PLACE[first.code], -(first.number or 0), self.release_on)


class _Days(NamedTuple):
    """What the rules count from, reckoned once: a day of a mentorship is then compared, no more."""

    today: date
    silent: date  # last contact then or earlier
    quiet: date
    first_meeting: date  # matched then or earlier
    first_agreement: date
    near: date  # released then or earlier
    half_a_year: date
    ended: date
    end_months: int

    @classmethod
    def of(cls, day: date, said: Mapping[str, int]) -> "_Days":
        silent, end_months = said[rules.SILENT_DAYS], said[rules.PLANNED_END]
        return cls(
            today=day,
            silent=day - timedelta(days=silent),
            quiet=day - timedelta(days=silent - SOONER),
            first_meeting=day - FIRST_MEETING,
            first_agreement=day - FIRST_AGREEMENT,
            near=day + RELEASE_NEAR,
            half_a_year=months_before(day, FOLLOW_UP_MONTHS),
            ended=months_before(day - timedelta(days=1), end_months),
            end_months=end_months,
        )


def look(found: Sequence[Facts], day: date, said: Mapping[str, int] = rules.DEFAULTS) -> list[Look]:
    """Each mentorship with its reasons, the most urgent first, by the rules as they are set."""
    week = Week.of(day)
    soon = [week.monday, week.plus(1).monday]
    bare = handovers.first_uncovered(
        {one.id: one.strands for one in found if one.strands and one.one("start")}, soon
    )
    days = _Days.of(day, said)
    seen = [
        Look(one.id, one.leader_id, one.release_on, _all(one, days, bare.get(one.id)))
        for one in found
    ]
    return sorted(seen, key=_rank)


def _place(reason: Reason) -> int:
    return PLACE[reason.code]


def _rank(one: Look) -> tuple[int, int, date]:
    return one.rank


def _all(one: Facts, days: _Days, bare: date | None) -> list[Reason]:
    """The most urgent first. Most mentorships have no row of their own beside the facts."""
    found = _rows(one) if one.strands else []
    paused = one.strands and one.one("pause")
    if one.alone:
        found.append(Reason(ALONE))
    if bare:
        found.append(Reason(UNCOVERED, on=bare))
    if paused:
        found.append(Reason(PAUSED, on=paused.on))
    else:
        found += _contact(one, days)
    found += _papers(one, days)
    if one.uneven:
        found.append(Reason(UNEVEN))
    if len(found) > 1:
        found.sort(key=_place)
    return found


def _rows(one: Facts) -> list[Reason]:
    """What a row of its own says."""
    found = [
        Reason(CONCERN if alert.word == alerts.CONCERN else BROKEN, ref=alert.ref)
        for alert in {s.word: s for s in one.of("alert")}.values()
    ]
    if ending := one.one("ending"):
        found.append(Reason(CLOSURE, ref=ending.ref))
    if one.one("wish"):
        found.append(Reason(WISH))
    if one.one("expense"):
        found.append(Reason(EXPENSE))
    return found + _scores(one)


def _contact(one: Facts, days: _Days) -> list[Reason]:
    """Nobody has met the participant, or been in contact, for too long."""
    found = []
    last = _last_contact(one)
    if one.met_on is None and one.matched_on <= days.first_meeting:
        found.append(Reason(NEVER_MET, (days.today - one.matched_on).days))
    elif last <= days.quiet:
        code = SILENT if last <= days.silent else QUIET
        found.append(Reason(code, (days.today - last).days))
    if one.no_shows >= WAITS_IN_VAIN:
        found.append(Reason(NO_SHOWS, one.no_shows))
    return found


def _last_contact(one: Facts) -> date:
    """The last sign of life, or the day from which it is waited for."""
    last = one.matched_on
    if one.met_on and one.met_on > last:
        last = one.met_on
    if one.reached_on and one.reached_on > last:
        last = one.reached_on
    resumed = one.strands and one.one("resumed")
    return max(last, resumed.on) if resumed and resumed.on else last


def _papers(one: Facts, days: _Days) -> list[Reason]:
    """What is to be gone through, by the release date."""
    release = one.release_on
    if release < days.today:
        return _after(one, days) if release <= days.half_a_year else []
    found = []
    if not one.agreed and (one.met_on is not None or one.matched_on <= days.first_agreement):
        found.append(Reason(AGREEMENT))
    if not one.transfer and release > days.today:
        found.append(Reason(TRANSFER))
    if release <= days.near:
        found.append(Reason(RELEASE, (release - days.today).days))
    return found


def _after(one: Facts, days: _Days) -> list[Reason]:
    if one.release_on <= days.ended:
        end = months_after(one.release_on, days.end_months)
        return [Reason(OVERDUE, (days.today - end).days)]
    return [] if one.followed_up else [Reason(FOLLOW_UP)]


def _scores(one: Facts) -> list[Reason]:
    flags = 0
    for s in one.of("scores"):
        flags |= s.number or 0
    found = [Reason(WELLBEING)] if flags & levels.IS_LOW else []
    return [*found, Reason(RELATION)] if flags & levels.FALLS else found
