"""A pause: one at a time, asked about after 14 days, and everything kept as rows."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.domain import mentorships, pauses, trail
from app.domain.pauses import Meanwhile
from tests import stored
from tests.threads import at_once

FORTNIGHT = timedelta(days=14)


@pytest.fixture
def act(any_house, any_cast):
    """Do something to the pause as one of the cast, in a unit of work of its own."""

    def done(verb, *given, by="Anna", client_id=None):
        person = any_cast.people[by]
        with any_house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(person, clock.today())
            pen = trail.Pen(any_house.keyring.trail, person, None)
            ids = () if verb is pauses.end else (client_id or uuid4(),)
            made = verb(*ids, *given[:-1], view, given[-1], pen, by=person)
            unit.commit()
        return made

    return done


@pytest.fixture
def running(any_house, any_cast):
    def now():
        with any_house.work(writes=False):
            return pauses.running(any_cast.mentorships["Samir"])

    return now


@pytest.mark.parametrize(("days", "asked"), [(0, False), (13, False), (14, True), (15, True)])
def test_both_are_asked_on_the_fourteenth_day(act, running, days, asked):
    day = clock.today()
    act(pauses.start, day)
    assert pauses.due(running(), day + timedelta(days=days)) is asked


def test_a_pause_tells_since_when_and_by_whom(any_house, any_cast, act, running):
    day = clock.today()
    made = act(pauses.start, day, by="Bo")
    now = running()
    assert (now.id, now.from_on, now.ask_on) == (made, day, day + FORTNIGHT)
    assert now.made_by == any_cast.people["Bo"]
    with any_house.data.connect() as connection:
        asked = {"mentorship": any_cast.mentorships["Samir"]}
        (row,) = connection.execute(pauses.RUNNING, asked).all()
    assert (row.what, row.ref, row.person) == ("pause", made, any_cast.people["Bo"])
    assert (row.on, row.until) == (now.from_on, now.ask_on)


def test_one_runs_at_a_time(any_house, act):
    act(pauses.start, clock.today())
    with pytest.raises(Meanwhile):
        act(pauses.start, clock.today(), by="Bo")
    assert len(stored.rows(any_house, "pause")) == 1


def test_the_same_start_sent_twice_is_one(any_house, act):
    client_id = uuid4()
    made = [act(pauses.start, clock.today(), client_id=client_id) for _ in range(2)]
    assert made == [client_id, client_id]
    assert len(stored.rows(any_house, "pause")) == len(stored.acts(any_house, "paused")) == 1


def test_to_go_on_keeps_the_first_fourteen_days_as_a_row(any_house, any_cast, act, running):
    begun = clock.today() - FORTNIGHT
    act(pauses.start, begun)
    first = running()
    act(pauses.prolong, first, clock.today(), by="Bo")
    rows = {row.id: row for row in stored.rows(any_house, "pause")}
    assert (rows[first.id].ended_on, rows[first.id].ended_by) == (
        clock.today(),
        any_cast.people["Bo"],
    )
    now = running()
    assert now.continues_id == first.id
    assert (now.from_on, now.ask_on) == (begun, clock.today() + FORTNIGHT)
    assert not pauses.due(now, clock.today() + FORTNIGHT - timedelta(days=1))


def test_to_go_on_waits_until_they_are_asked(act, running):
    act(pauses.start, clock.today() - FORTNIGHT + timedelta(days=1))
    with pytest.raises(Meanwhile):
        act(pauses.prolong, running(), clock.today())
    assert running().continues_id is None


def test_the_first_answer_counts(any_house, act, running):
    act(pauses.start, clock.today() - FORTNIGHT)
    asked = running()
    act(pauses.end, asked, clock.today(), by="Bo")
    for verb in (pauses.end, pauses.prolong):
        with pytest.raises(Meanwhile):
            act(verb, asked, clock.today())
    act(pauses.end, asked, clock.today(), by="Bo")  # again, and the same
    assert running() is None
    assert len(stored.acts(any_house, "resumed")) == 1


def test_ending_what_has_been_prolonged_is_too_late(act, running):
    act(pauses.start, clock.today() - FORTNIGHT)
    asked = running()
    act(pauses.prolong, asked, clock.today())
    with pytest.raises(Meanwhile):
        act(pauses.end, asked, clock.today())
    assert running()


def test_a_new_pause_may_begin_when_one_has_ended(any_house, act, running):
    act(pauses.start, clock.today())
    act(pauses.end, running(), clock.today())
    act(pauses.start, clock.today(), by="Bo")
    assert running().continues_id is None
    assert len(stored.rows(any_house, "pause")) == 2


def test_two_who_start_at_once_start_one(any_house, act, running):
    assert outcomes(act, pauses.start, clock.today()) == ["too late", "won"]
    assert len(stored.rows(any_house, "pause")) == 1
    assert len(stored.acts(any_house, "paused")) == 1


@pytest.mark.parametrize("verb", [pauses.end, pauses.prolong])
def test_two_who_answer_at_once_give_one_outcome(any_house, act, running, verb):
    act(pauses.start, clock.today() - FORTNIGHT)
    assert outcomes(act, verb, running(), clock.today()) == ["too late", "won"]
    assert len(stored.rows(any_house, "pause")) == (2 if verb is pauses.prolong else 1)


def outcomes(act, verb, *given):
    """What Anna and Bo get when they do it at one moment."""

    def attempt(name):
        try:
            act(verb, *given, by=name)
        except Meanwhile:
            return "too late"
        return "won"

    return sorted(at_once([lambda n=name: attempt(n) for name in ("Anna", "Bo")]))
