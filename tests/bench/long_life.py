"""Gives Carla and Dan three years of history: a meeting a week and sixty handovers."""

import os
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select, update

from app import clock, config, db
from app.clock import Week
from app.domain import handovers, latest, people
from app.domain.handovers import ACCEPTED, GIVE, Handover, HandoverAnswer, HandoverWeek
from app.domain.meetings import HELD, Meeting
from app.domain.mentorships import MENTORSHIPS, SEATS
from app.house import open_house
from tests.bench.client import CARLA
from tests.bench.pages import SCALE
from tests.bench.servers import DEMO, demo_store

WEEKS = 156
HANDOVERS = 60


@cache
def large_store() -> Path:
    """The store that the pages are measured on."""
    store = demo_store(SCALE)
    lengthen(store)
    return store


def lengthen(store: Path) -> None:
    house = open_house(config.from_environment(os.environ | DEMO | {"INSTANCE": str(store)}))
    with house.work(writes=True) as (unit, _):
        carla = people.credentials(people.email_mark(CARLA, house.keyring.lookup))
        seat = db.rows(SEATS.select().where(SEATS.c.person_id == carla[0]))[0]
        life = db.rows(MENTORSHIPS.select().where(MENTORSHIPS.c.id == seat.mentorship_id))[0]
        pair = [s.person_id for s in db.rows(_seats(life.id))]
        this_week = Week.of(clock.today()).monday
        start = this_week - timedelta(weeks=WEEKS)
        connection = db.connection()
        moved = update(MENTORSHIPS).where(MENTORSHIPS.c.id == life.id)
        connection.execute(moved.values(matched_on=start, release_on=clock.today()))
        connection.execute(
            update(SEATS).where(SEATS.c.mentorship_id == life.id).values(from_on=start)
        )
        for week in range(WEEKS):
            _meeting(life.id, pair[week % 2], start + timedelta(weeks=week, days=2))
        for number in range(1, HANDOVERS + 1):
            monday = this_week - timedelta(weeks=2 * number)
            _handover(life, pair[number % 2], pair[1 - number % 2], monday, 1000 - number)
        unit.session.flush()
        latest.keep(life.id)
        unit.commit()
    house.data.dispose()
    house.keys.engine.dispose()


def _seats(mentorship):
    return select(SEATS.c.person_id).where(SEATS.c.mentorship_id == mentorship)


def _meeting(mentorship, author, on):
    at = datetime.combine(on, time(18), UTC)
    db.session().add(
        Meeting(mentorship_id=mentorship, held_on=on, outcome=HELD, logged_by=author, logged_at=at)
    )


def _handover(life, giver, taker, monday, number):
    at = datetime.combine(monday - timedelta(days=9), time(18), UTC)
    owner = {"mentorship_id": life.id, "participant_id": life.participant_id}
    made = Handover(id=uuid4(), kind=GIVE, asked_by=giver, to_id=taker, asked_at=at, **owner)
    made.going, made.read_at = "Det går godt, og boligen er på plads.", at
    week = HandoverWeek(
        id=uuid4(),
        handover_id=made.id,
        mentorship_id=life.id,
        monday=monday,
        from_id=giver,
        to_id=taker,
        deadline=handovers.deadline(monday, at.date()),
    )
    answer = HandoverAnswer(
        week_id=week.id, outcome=ACCEPTED, number=number, at=at, by=taker, **owner
    )
    for row in (made, week, answer):
        db.session().add(row)
        db.session().flush()
