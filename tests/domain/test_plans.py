"""Planned meetings: who comes, changes that cross, the two nights a year, and the migration."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import text

from app import schema
from app.config import with_driver
from app.domain import plans
from app.domain.mentorships import Sitting
from app.domain.plans import Changed, Terms
from app.domain.receipts import Different, NotTheirs
from app.house import open_house
from tests import stored
from tests.conftest import copy_database, settings_for

ANNA, BO, MIA = uuid4(), uuid4(), uuid4()
DAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


def seat(person, place=1, since=date(2026, 1, 1), until=None):
    return Sitting(person, place, since, until, "", None)


PAIR = (seat(ANNA), seat(MIA, 2, until=DAY - timedelta(days=1)), seat(BO, 2, since=DAY))


@pytest.fixture
def samir(cast):
    return cast.mentorships["Samir"], cast.participants["Samir"]


@pytest.fixture
def anna(cast):
    return cast.people["Anna"]


@pytest.fixture
def make(work, samir, pen, anna):
    """A plan of Anna's, as it is stored."""

    def made(day=DAY, **terms):
        stored_as = plans.plan(uuid4(), *samir, Terms(day, **terms), pen, by=anna)
        return plans.one(stored_as)

    return made


@pytest.mark.parametrize(
    ("who", "day", "comes"),
    [
        ("me", DAY, (ANNA, None)),
        ("co", DAY, (BO, None)),
        ("both", DAY, (ANNA, BO)),
        ("co", DAY - timedelta(days=1), (MIA, None)),
        ("both", DAY - timedelta(days=1), (ANNA, MIA)),
    ],
)
def test_who_comes_is_who_sits_there_on_that_day(who, day, comes):
    assert plans.comers(who, PAIR, day, ANNA) == comes


@pytest.mark.parametrize("who", ["me", "co", "both"])
def test_who_is_alone_in_the_pair_comes_alone(who):
    assert plans.comers(who, (seat(ANNA),), DAY, ANNA) == (ANNA, None)


@pytest.mark.parametrize(
    ("day", "comes", "empty"),
    [
        (DAY, {"comes_id": BO}, False),
        (DAY, {"comes_id": MIA}, True),
        (DAY, {"comes_id": MIA, "also_id": ANNA}, False),
        (DAY - timedelta(days=1), {"comes_id": MIA}, False),
        (DAY - timedelta(days=1), {"comes_id": BO}, True),
        (DAY, {}, True),
    ],
)
def test_a_plan_is_without_a_mentor_when_none_of_its_comers_sits_there(make, day, comes, empty):
    planned = make()._replace(on=day, **comes)
    assert plans.unmanned(planned, PAIR) is empty


@pytest.mark.parametrize(
    ("day", "at", "there"),
    [
        (SPRING, time(1, 59), True),
        (SPRING, time(2, 0), False),
        (SPRING, time(2, 30), False),
        (SPRING, time(2, 59), False),
        (SPRING, time(3, 0), True),
        (SPRING - timedelta(days=1), time(2, 30), True),
        (AUTUMN, time(2, 30), True),
    ],
)
def test_one_night_a_year_skips_an_hour(day, at, there):
    assert plans.exists(day, at) is there


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (AUTUMN, time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (AUTUMN, time(3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (AUTUMN - timedelta(days=1), time(10), datetime(2026, 10, 24, 8, 0, tzinfo=UTC)),
        (AUTUMN, time(10), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_time_that_comes_twice_is_the_first(day, at, instant):
    assert plans.begins(day, at) == instant


def test_a_change_counts_and_stands_in_the_trail(house, work, make, pen, samir, anna):
    planned = make(at=time(10))
    plans.change(planned, Terms(DAY, time(11), "outside", anna), pen, samir[1])
    moved = plans.one(planned.id)
    assert moved.terms == Terms(DAY, time(11), "outside", anna)
    assert moved.sequence == 1
    assert moved.changed_at > planned.changed_at
    work.commit()
    assert [a.action for a in stored.rows(house, "trail")] == ["planned", "edited"]
    assert {a.subject_id for a in stored.rows(house, "trail")} == {samir[1]}


def test_the_same_terms_again_change_nothing(work, make, pen, samir):
    planned = make(at=time(10))
    plans.change(planned._replace(sequence=-1), planned.terms, pen, samir[1])
    assert plans.one(planned.id) == planned


def test_two_changes_never_cross_unseen(work, make, pen, samir, anna):
    planned = make()
    plans.change(planned, Terms(DAY + timedelta(days=1)), pen, samir[1])
    stands = plans.one(planned.id)
    with pytest.raises(Changed):
        plans.change(planned, Terms(DAY + timedelta(days=2)), pen, samir[1])
    with pytest.raises(Changed):
        plans.cancel(planned, pen, samir[1], by=anna)
    with pytest.raises(Changed):
        plans.take_over(planned, pen, samir[1], by=anna)
    assert plans.one(planned.id) == stands


def test_what_is_called_off_stays_so(work, make, pen, samir, anna):
    planned = make()
    plans.cancel(planned, pen, samir[1], by=anna)
    off = plans.one(planned.id)
    assert (off.cancelled_by, off.sequence) == (anna, 1)
    for late in (
        lambda: plans.cancel(off, pen, samir[1], by=anna),
        lambda: plans.change(off, Terms(DAY), pen, samir[1]),
        lambda: plans.take_over(off, pen, samir[1], by=anna),
    ):
        with pytest.raises(Changed):
            late()
    assert plans.one(planned.id) == off


def test_the_one_who_stays_takes_it_over(work, make, pen, samir, anna, cast):
    planned = make(comes_id=cast.people["Mia"], also_id=cast.people["Gustav"])
    plans.take_over(planned, pen, samir[1], by=anna)
    taken = plans.one(planned.id)
    assert (taken.comers, taken.sequence) == ((anna,), 1)


def test_the_same_id_plans_once(house, work, samir, pen, anna, cast):
    sent = uuid4(), *samir, Terms(DAY, time(10))
    assert plans.plan(*sent, pen, by=anna) == plans.plan(*sent, pen, by=anna) == sent[0]
    with pytest.raises(Different):
        plans.plan(*sent[:3], Terms(DAY, time(11)), pen, by=anna)
    with pytest.raises(NotTheirs):
        plans.plan(*sent, pen, by=cast.people["Bo"])
    work.commit()
    assert len(stored.rows(house, "plan")) == len(stored.acts(house, "planned")) == 1


def test_they_come_in_order_and_what_has_no_time_last(work, make, samir, pen, anna):
    late, none, early = make(at=time(15)), make(), make(at=time(9))
    before, off = make(DAY - timedelta(days=1)), make()
    plans.cancel(off, pen, samir[1], by=anna)
    asked = samir[0], DAY, DAY + timedelta(days=6)
    assert [p.id for p in plans.coming(*asked)] == [early.id, late.id, none.id]
    assert off.id in [p.id for p in plans.coming(*asked, cancelled=True)]
    assert plans.coming(asked[0], DAY + timedelta(days=1), DAY + timedelta(days=9)) == []
    assert plans.next_of(samir[0], DAY) == early
    assert plans.next_of(samir[0], DAY - timedelta(days=1)) == before
    assert plans.next_of(samir[0], DAY + timedelta(days=1)) is None


def test_another_mentorship_s_do_not_come_along(work, make, cast):
    make()
    assert plans.coming(cast.mentorships["Jonas"], date(2026, 1, 1), date(2027, 1, 1)) == []


OLD = """
INSERT INTO plan (id, mentorship_id, "on", who, made_by, made_at)
VALUES (:id, :mentorship, '2026-11-24', :who, :by, '2026-11-20 10:00:00')
"""
OLD_ROWS = {
    "branch": "INSERT INTO branch (id, name) VALUES (:branch, 'Havn')",
    "municipality": "INSERT INTO municipality (id, name, branch_id) VALUES (:town, 'x', :branch)",
    "participant": "INSERT INTO participant (id) VALUES (:participant)",
    "mentorship": """
INSERT INTO mentorship (id, participant_id, branch_id, leader_id, municipality_id, matched_on,
release_on) VALUES (:mentorship, :participant, :branch, :anna, :town, '2026-01-01', '2026-06-01')
""",
}
OLD_SEATS = (("anna", 1, None), ("mia", 2, "2026-06-30"), ("bo", 2, None))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request, tmp_path):
    """A store as it was before plans named who comes, on each of the two databases."""
    urls = []
    if request.param == "postgres":
        for url in request.getfixturevalue("postgres_url"):
            urls.append(with_driver(copy_database(url.rpartition("/")[0] + "/template1")))
    house = open_house(settings_for(tmp_path, *urls))
    keys, data = schema.stores(house)
    command.upgrade(keys, "head")
    command.upgrade(data, "0002")
    ids = {n: uuid4().hex for n in ("anna", "bo", "mia", "mentorship", "participant")}
    ids |= {"branch": uuid4().hex, "town": uuid4().hex}
    with house.data.begin() as connection:
        for name in ("anna", "bo", "mia"):
            row = {"id": ids[name], "mark": name.encode()}
            person = "INSERT INTO person (id, email_mark, language) VALUES (:id, :mark, 'da')"
            connection.execute(text(person), row)
        for statement in OLD_ROWS.values():
            connection.execute(text(statement), ids)
        for name, place, until in OLD_SEATS:
            sat = (
                "INSERT INTO seat VALUES (:id, :mentorship, :person, :place, '2026-01-01', :until)"
            )
            row = {"id": uuid4().hex, "person": ids[name], "place": place, "until": until}
            connection.execute(text(sat), row | {"mentorship": ids["mentorship"]})
    yield house, ids, data
    house.data.dispose()
    house.keys.engine.dispose()


def test_the_migration_names_who_comes(old):
    house, ids, data = old
    rows = [("anna", who) for who in ("me", "co", "both")] + [("mia", "co"), ("bo", "both")]
    with house.data.begin() as connection:
        for by, who in rows:
            row = {"id": uuid4().hex, "mentorship": ids["mentorship"], "who": who, "by": ids[by]}
            connection.execute(text(OLD), row)
    command.upgrade(data, "head")
    named = {v: n for n, v in ids.items()} | {None: None}
    found = stored.rows(house, "plan")
    assert {
        (named[r.made_by.hex], named[_hex(r.comes_id)], named[_hex(r.also_id)]) for r in found
    } >= {
        ("anna", "anna", None),
        ("anna", "bo", None),
        ("anna", "anna", "bo"),
        ("bo", "bo", "anna"),
    }
    assert len(found) == len(rows)
    for row in found:
        assert (row.sequence, row.at, row.cancelled_by) == (0, None, None)
        assert row.changed_at == row.made_at
        assert row.on == date(2026, 11, 24)


def _hex(value):
    return value and value.hex
