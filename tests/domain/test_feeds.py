"""The calendar of one mentor, read back by icalendar and by a small reader of RFC 5545."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import update

from app import clock
from app.clock import Week
from app.domain import feeds, handovers, plans, rota, trail
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.domain.plans import Terms
from tests import cast as casting
from tests import stored

WHEN = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday; 2026 has 53 weeks
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
OTHERS = {"DESCRIPTION", "LOCATION", "ORGANIZER", "ATTENDEE", "URL", "CONTACT", "COMMENT", "GEO"}


def lines(raw):
    """The content lines of a calendar, unfolded (RFC 5545, 3.1)."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    return raw.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events(raw):
    """Every event as name -> value; the parameters stand in the name."""
    found, inside = [], False
    for line in lines(raw):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            inside = True
            found.append({})
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            assert name not in found[-1], f"{name} stands twice"
            found[-1][name] = value
    return found


def weeks_of(raw):
    """The weeks that stand in it, in order."""
    days = [e for e in events(raw) if e.get("TRANSP") == "TRANSPARENT"]
    for event in days:
        begins, ends = day(event["DTSTART;VALUE=DATE"]), day(event["DTEND;VALUE=DATE"])
        assert (begins.isoweekday(), ends - begins) == (1, timedelta(days=7))
    return [Week.of(day(event["DTSTART;VALUE=DATE"])) for event in days]


def day(value):
    return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date()


def meetings_of(raw):
    return {e["UID"]: e for e in events(raw) if "TRANSP" not in e}


@pytest.fixture
def at():
    with time_machine.travel(WHEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def crew(at, house):
    """The crew, called on that day."""
    return casting.call(house, clock.today())


@pytest.fixture
def work(house, crew):
    with house.work(writes=True) as (unit, _):
        yield unit


@pytest.fixture
def pen(house, crew):
    return trail.Pen(house.keyring.trail, crew.people["Anna"], None)


@pytest.fixture
def home(crew):
    return crew.mentorships["Samir"]


@pytest.fixture
def made(work, home, crew):
    """A planned meeting; its id."""

    def make(on, at=None, name="Anna", **terms):
        plan_id = uuid4()
        terms = Terms(on, at, comes_id=crew.people[name], **terms)
        plans.add(home, terms, crew.people["Bo"], plan_id=plan_id)
        return plan_id

    return make


def year(crew, name="Anna"):
    return feeds.year(crew.people[name], clock.today())


def turns(home):
    seats = [s for s in stored_seats() if s.mentorship_id == home]
    return handovers.rota_of(home, seats, Week.of(seats[0].from_on))


def stored_seats():
    return feeds.db.rows(SEATS.select().order_by(SEATS.c.from_on, SEATS.c.place))


def test_it_holds_the_weeks_that_the_rota_gives(work, crew, home):
    known, current = turns(home), Week.of(clock.today())
    span = [current.plus(n) for n in range(-4, 53)]
    for name in ("Anna", "Bo"):
        mine = [w for w in span if rota.holder(known, w) == crew.people[name]]
        assert weeks_of(year(crew, name)) == mine
        assert len(mine) > 20


def test_a_week_taken_over_moves_from_one_calendar_to_the_other(work, crew, home):
    before = set(weeks_of(year(crew))), set(weeks_of(year(crew, "Bo")))
    beat = {"mentorship_id": home, "first_place": 2, "in_a_row": 1, "made_at": clock.now()}
    monday = Week.of(clock.today()).plus(6).monday
    work.connection.execute(
        rota.RHYTHMS.insert(),
        beat | {"monday": monday, "made_by": crew.people["Anna"], "id": uuid4()},
    )
    after = set(weeks_of(year(crew))), set(weeks_of(year(crew, "Bo")))
    known = turns(home)
    assert after != before
    for who, weeks in zip(("Anna", "Bo"), after, strict=True):
        assert weeks == {
            w for w in before[0] | before[1] if rota.holder(known, w) == crew.people[who]
        }


def test_a_year_of_53_weeks_misses_none(at, work, crew, home):
    at.move_to(datetime(2026, 12, 1, 10, tzinfo=UTC))
    both = sorted(weeks_of(year(crew)) + weeks_of(year(crew, "Bo")))
    assert Week(2026, 53) in both
    assert [b.since(a) for a, b in pairwise(both)] == [1] * (len(both) - 1)
    assert len(both) == 57


def test_every_week_has_an_address_of_its_own_that_stays(at, work, crew, home, made):
    made(SPRING, time(10))
    first, again = year(crew), year(crew)
    assert first == again
    known = {event["UID"] for event in events(first)}
    assert len(known) == len(events(first))
    assert all(uid.endswith("@mentor") and UUID(uid.removesuffix("@mentor")) for uid in known)
    at.move_to(WHEN + timedelta(days=7))
    later = {event["UID"] for event in events(year(crew))}
    assert len(known - later) <= 1 >= len(later - known)
    assert str(home) not in first.decode()


def test_it_says_mentor_and_nothing_else(house, work, crew, made):
    made(SPRING, time(10), place="outside")
    made(SPRING, place="prison")
    for raw in (year(crew), year(crew, "Bo"), feeds.single(plans.one(made(SPRING)))):
        assert {event["SUMMARY"] for event in events(raw)} == {"Mentor"}
        said = {line.partition(":")[0].partition(";")[0] for line in lines(raw)}
        assert said & OTHERS == set()
        told = raw.decode().casefold()
        names = [*crew.people, *crew.participants, *crew.branches, "fængsel", "outside", "prison"]
        for word in (*names, "efternavn", "http", "localhost", "primus", "kommune", "test.invalid"):
            assert word.casefold() not in told
        for person in (*crew.people.values(), *crew.participants.values()):
            assert str(person) not in told


def test_ten_o_clock_is_ten_o_clock_on_both_sides_of_the_switch(work, crew, made):
    known = {}
    for switch in (SPRING, AUTUMN):
        for distance in (-1, 0, 1):
            on = switch + timedelta(days=distance)
            known[f"{made(on, time(10))}@mentor"] = on
    raw = year(crew)
    found = meetings_of(raw)
    assert {uid: e["DTSTART;TZID=Europe/Copenhagen"] for uid, e in found.items()} == {
        uid: f"{on:%Y%m%d}T100000" for uid, on in known.items()
    }
    assert {event["DURATION"] for event in found.values()} == {"PT1H"}
    offsets = {}
    for event in Calendar.from_ical(raw).walk("VEVENT"):
        if event["uid"] in known:
            offsets[event.decoded("dtstart").date()] = event.decoded("dtstart").utcoffset()
            assert event.decoded("dtstart").hour == 10
    hours = [offset / timedelta(hours=1) for _, offset in sorted(offsets.items())]
    assert hours == [1, 2, 2, 2, 1, 1]


def test_the_zone_says_when_the_clocks_change():
    """Read as RFC 5545 tells it, against what the machine knows: the last Sundays, at 01 UTC."""
    zone = feeds._danish_time()
    parts = {part.name: part for part in zone.subcomponents}
    assert set(parts) == {"STANDARD", "DAYLIGHT"}
    for part in parts.values():
        rule, begins = part["rrule"], part.decoded("dtstart")
        assert rule.to_ical() == f"FREQ=YEARLY;BYDAY=-1SU;BYMONTH={begins.month}".encode()
        before, after = part.decoded("tzoffsetfrom"), part.decoded("tzoffsetto")
        for of in (begins.year, 2026, 2027, 2030):
            month = date(of, begins.month, 31)
            last = month - timedelta(days=month.isoweekday() % 7)
            instant = datetime.combine(last, begins.time(), UTC) - before
            second = timedelta(seconds=1)
            assert clock.in_denmark(instant - second).utcoffset() == before
            assert clock.in_denmark(instant).utcoffset() == after


def test_a_meeting_at_a_time_that_comes_twice_lasts_an_hour(work, crew, made):
    made(AUTUMN, time(2, 30))
    (event,) = meetings_of(year(crew)).values()
    assert event["DTSTART;TZID=Europe/Copenhagen"] == "20261025T023000"
    assert event["DURATION"] == "PT1H"


def test_a_meeting_without_a_time_takes_the_day(work, crew, made):
    uid = f"{made(SPRING)}@mentor"
    event = meetings_of(year(crew))[uid]
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20260329", "20260330")


def test_only_who_comes_has_it_in_the_calendar(work, crew, made):
    uid = f"{made(SPRING, name='Bo')}@mentor"
    together = f"{made(SPRING, also_id=crew.people['Bo'])}@mentor"
    assert set(meetings_of(year(crew))) == {together}
    assert set(meetings_of(year(crew, "Bo"))) == {uid, together}
    assert meetings_of(year(crew, "Otto")) == {}


def test_a_meeting_that_was_moved_says_so(at, work, crew, made, pen):
    plan = made(SPRING, time(10))
    uid = f"{plan}@mentor"
    before = meetings_of(year(crew))[uid]
    assert (before["SEQUENCE"], before["LAST-MODIFIED"]) == ("0", "20260302T100000Z")
    at.shift(timedelta(hours=1))
    moved = Terms(AUTUMN, time(9), comes_id=crew.people["Anna"])
    plans.change(plans.one(plan), moved, pen, crew.participants["Samir"])
    after = meetings_of(year(crew))[uid]
    assert (after["SEQUENCE"], after["DTSTAMP"]) == ("1", "20260302T110000Z")
    assert after["LAST-MODIFIED"] == after["DTSTAMP"]
    assert after["DTSTART;TZID=Europe/Copenhagen"] == "20261025T090000"
    assert "STATUS" not in after


def test_a_meeting_that_was_called_off_says_so(work, crew, made, pen):
    plan = made(SPRING, time(10))
    plans.cancel(plans.one(plan), pen, crew.participants["Samir"], by=crew.people["Bo"])
    event = meetings_of(year(crew))[f"{plan}@mentor"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "1")


@pytest.mark.parametrize(
    ("weeks", "there"), [(-5, False), (-4, True), (0, True), (52, True), (53, False)]
)
def test_it_reaches_four_weeks_back_and_a_year_ahead(work, crew, made, weeks, there):
    on = Week.of(clock.today()).plus(weeks).sunday
    assert bool(meetings_of(year(crew, "Anna"))) is False
    made(on)
    assert bool(meetings_of(year(crew, "Anna"))) is there


def test_past_the_end_of_a_mentorship_there_is_nothing(work, crew, home, made):
    today = clock.today()
    ends = Week.of(today).plus(3)
    made(ends.sunday + timedelta(days=1), time(10))
    ended = update(MENTORSHIPS).where(MENTORSHIPS.c.id == home).values(ended_on=ends.sunday)
    work.connection.execute(ended)
    every = sorted(week for name in ("Anna", "Mia", "Bo") for week in weeks_of(year(crew, name)))
    assert every == [Week.of(today).plus(n) for n in range(-4, 4)]
    assert meetings_of(year(crew)) == {}


def test_past_the_end_of_a_seat_there_is_nothing(work, crew, home, made):
    """Mia sat there until ten days ago; the weeks she had are still in her calendar."""
    left = clock.today() - casting.LEFT
    uids = {made(left, name="Mia"), made(left + timedelta(days=1), name="Mia")}
    assert len(uids) == 2
    assert [e["DTSTART;VALUE=DATE"] for e in meetings_of(year(crew, "Mia")).values()] == [
        f"{left:%Y%m%d}"
    ]
    mine = weeks_of(year(crew, "Mia"))
    assert mine
    assert all(week.sunday <= left for week in mine)


def test_who_has_no_seat_has_an_empty_calendar(at, work, crew):
    at.move_to(WHEN + timedelta(days=60))
    assert events(year(crew, "Mia")) == []
    assert events(year(crew, "Nora")) == []


def test_a_new_link_closes_the_old_one(work, crew, pen):
    anna, today = crew.people["Anna"], clock.today()
    first = feeds.make(pen, by=anna)
    assert feeds.owner(first, today) == anna
    second = feeds.make(pen, by=anna)
    assert (feeds.owner(first, today), feeds.owner(second, today)) == (None, anna)
    feeds.revoke(pen, by=anna)
    assert feeds.owner(second, today) is None
    assert feeds.since(anna) is None


def test_the_token_is_not_kept(house, work, crew, pen):
    token = feeds.make(pen, by=crew.people["Anna"])
    work.commit()
    (row,) = stored.rows(house, "feed")
    assert len(token) >= 43
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32
    assert [a.action for a in stored.rows(house, "trail")] == ["linked"]


def test_removing_a_link_that_is_none_is_no_act(house, work, crew, pen):
    feeds.revoke(pen, by=crew.people["Anna"])
    work.commit()
    assert stored.rows(house, "trail") == []


@pytest.mark.parametrize("name", ["Gustav", "Lise"])
def test_who_is_no_mentor_today_has_no_calendar(work, crew, name, pen):
    token = feeds.make(pen, by=crew.people[name])
    assert feeds.owner(token, clock.today()) is None
