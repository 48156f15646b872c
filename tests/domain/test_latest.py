"""What is kept beside a mentorship and its seats is always what its rows say."""

import random
from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import contacts, evaluations, latest, levels, logs, meetings, mentorships, trail
from app.domain.contacts import CONTACTS
from app.domain.evaluations import EVALUATIONS
from app.domain.logs import Facts, Log, Words
from app.domain.meetings import MEETINGS
from app.domain.mentorships import MENTORSHIPS, SEATS, months_after, months_before

ACTS = 60
KEPT = ("met_on", "no_shows", "reached_on")


@pytest.mark.parametrize("seed", range(3))
def test_after_every_act_what_is_kept_is_what_the_rows_say(any_house, any_cast, seed, monkeypatch):
    draw, life = random.Random(seed), any_cast.mentorships["Samir"]  # noqa: S311 - not a secret
    start = clock.now()
    kinds = set()
    for step in range(ACTS):
        monkeypatch.setattr(clock, "now", lambda step=step: start + timedelta(minutes=step))
        with any_house.work(writes=True) as (unit, _):
            kinds.add(act(any_house, any_cast, draw, life))
            unit.commit()
        with any_house.work(writes=False):
            assert kept(life) == derived(life), (step, kinds)
    assert kinds >= {"log", "edit", "take_back", "contact", "contact_back"}
    with any_house.work(writes=True):
        before = kept(life)
        latest.keep_all()
        assert kept(life) == before


def act(house, cast, draw, life):
    """One act of one of the pair, as the pages make it."""
    by = cast.people[draw.choice(("Anna", "Bo"))]
    pen, view = trail.Pen(house.keyring.trail, by, None), mentorships.one(life, clock.today())
    found, said = meetings.of(life), contacts.of(life)
    facts, words = some_facts(draw), some_words(draw)
    kind = draw.choice(("log", "log", "join", "edit", "take_back", "merge", "contact", "back"))
    with suppress(logs.AlreadyAnswered):
        if kind == "contact":
            on = facts.held_on
            contacts.log(uuid4(), view, draw.choice(("sms", "attempt")), on, pen, by)
        elif kind == "back" and said:
            contacts.take_back(contacts.one(draw.choice(said).id), pen, by)
            kind = "contact_back"
        elif kind == "log" or not found:
            logs.log(Log(uuid4(), facts, words, draw.random() < 0.5), view, pen, by)
            kind = "log"
        else:
            change(kind, draw, found, facts, words, pen, by, view)
    return kind


def change(kind, draw, found, facts, words, pen, by, view):
    one = draw.choice(found)
    mine = next((a for a in evaluations.of([one.id])[one.id] if a.author_id == by), None)
    if kind == "join":
        logs.join(Log(uuid4(), facts, words), one, view, pen, by)
    elif kind == "edit" and one.logged_by == by:
        other = one.with_mentor if draw.random() < 0.5 else None
        logs.edit(one, mine, facts, words, pen, by, with_mentor=other)
    elif kind == "take_back" and by in (one.logged_by, one.with_mentor):
        logs.take_back(one, pen, by)
    elif kind == "merge" and len(found) > 1:
        first, second = draw.sample(found, 2)
        if first.logged_by != second.logged_by:
            logs.merge(first, second, pen, by)


def some_facts(draw):
    outcome = draw.choice(("held", "held", "no_show", "cancelled"))
    return Facts(clock.today() - timedelta(days=draw.randint(0, 20)), outcome)


def some_words(draw):
    score = [None, *range(1, 11)]
    return Words(relation=draw.choice(score), wellbeing=draw.choice(score))


def kept(life):
    row = db.rows(MENTORSHIPS.select().where(MENTORSHIPS.c.id == life))[0]
    seats = db.rows(SEATS.select().where(SEATS.c.mentorship_id == life))
    told = {s.id: (s.met_on, s.scored_at, s.scores) for s in seats}
    return {name: getattr(row, name) for name in KEPT}, told


def derived(life):
    """The same, read from the rows by plain rules."""
    met = db.rows(MEETINGS.select().where(MEETINGS.c.mentorship_id == life))
    held = [m for m in met if m.outcome == "held"]
    last = max((m.held_on for m in held), default=None)
    calls = db.rows(CONTACTS.select().where(CONTACTS.c.mentorship_id == life))
    facts = {
        "met_on": last,
        "no_shows": sum(m.outcome == "no_show" and m.held_on > (last or date.min) for m in met),
        "reached_on": max((c.on for c in calls if c.kind != "attempt"), default=None),
    }
    ids = [m.id for m in met]
    answers = db.rows(EVALUATIONS.select().where(EVALUATIONS.c.meeting_id.in_(ids)))
    told = {}
    for seat in db.rows(SEATS.select().where(SEATS.c.mentorship_id == life)):
        there = [m.held_on for m in held if seat.person_id in (m.logged_by, m.with_mentor)]
        mine = [a for a in answers if a.author_id == seat.person_id]
        mine.sort(key=lambda a: a.at, reverse=True)
        told[seat.id] = (max(there, default=None), mine[0].at if mine else None, says(mine))
    return facts, told


def says(mine):
    """What the newest of a mentor's answers says."""
    if not mine:
        return 0
    now, before = mine[0], mine[1:]
    own = [a.wellbeing for a in before if a.wellbeing is not None][:10]
    low = now.wellbeing is not None and (
        now.wellbeing <= 4 or (len(own) >= 3 and now.wellbeing <= sum(own) / len(own) - 3)
    )
    three = [a.relation for a in mine[:3]]
    falls = len(three) == 3 and None not in three and three[0] < three[1] < three[2]
    return low * levels.IS_LOW + falls * levels.FALLS


@pytest.mark.parametrize("months", [6, 12])
def test_months_before_is_the_newest_day_that_is_so_long_ago(months):
    for n in range(3 * 366):
        day = date(2027, 1, 1) + timedelta(days=n)
        newest = months_before(day, months)
        assert months_after(newest, months) <= day
        assert months_after(newest + timedelta(days=1), months) > day
