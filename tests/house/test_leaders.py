"""Each page of a leader for who leads only sometimes: a stand-in now, one to come, a former one.

Own and other branches and the other roles stand in the matrix; a leader's route that is missing
there fails `test_routes.py`.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import stand_ins, trail
from app.domain.people import HELD
from app.web.permits import LEADERS
from tests.house.matrix import ROUTES
from tests.house.test_routes import address

pytestmark = pytest.mark.slow
DAY = clock.today()
PAGES = [route for route in ROUTES if route.method == "GET" and route.who == "Lise"]


def name_nora(house, cast, first, last):
    """Nora, a mentor of the branch without a participant, stands in for Lise."""
    with house.work(writes=True) as (unit, _):
        lise = cast.people["Lise"]
        span = (DAY + timedelta(days=first), DAY + timedelta(days=last))
        pen = trail.Pen(house.keyring.trail, lise, None)
        branch = cast.branches["Havn"]
        stand_ins.name(uuid4(), branch, cast.people["Nora"], span, pen, by=lise)
        unit.commit()


def statuses(client, things):
    return {route.rule: client.get(address(route, things)).status_code for route in PAGES}


def test_the_pages_of_the_table_are_those_of_leaders(app):
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in LEADERS}
    pages = {route.rule for route in PAGES}
    assert pages <= rules
    gets = {
        r.rule for r in app.url_map.iter_rules() if r.endpoint in LEADERS and "GET" in r.methods
    }
    assert gets - pages == set()


def test_a_stand_in_of_today_reads_what_the_leader_reads(house, cast, signed_in, things):
    name_nora(house, cast, 0, 3)
    assert statuses(signed_in("Nora"), things) == statuses(signed_in("Lise"), things)


def test_a_stand_in_to_come_reads_nothing_yet(house, cast, signed_in, things):
    """T4: a branch is led on those days and no others."""
    name_nora(house, cast, 1, 3)
    assert set(statuses(signed_in("Nora"), things).values()) == {403}


def test_a_stand_in_whose_days_are_over_reads_nothing_more(house, cast, signed_in, things):
    name_nora(house, cast, 0, 3)
    nora = signed_in("Nora")
    assert nora.get("/leder").status_code == 200
    with house.work(writes=True) as (unit, _):
        role = (HELD.c.person_id == cast.people["Nora"]) & (HELD.c.role == "leader")
        yesterday = DAY - timedelta(days=1)
        db.change(HELD.update().where(role).values(from_on=yesterday, to_on=yesterday))
        unit.commit()
    assert set(statuses(nora, things).values()) == {403}


def test_a_former_leader_is_signed_out_of_all_of_it(house, cast, signed_in, things):
    """T2: a leader who was is out at the next request."""
    lise = signed_in("Lise")
    assert lise.get("/leder").status_code == 200
    with house.work(writes=True) as (unit, _):
        mine = HELD.c.person_id == cast.people["Lise"]
        db.change(HELD.update().where(mine).values(to_on=DAY - timedelta(days=1)))
        unit.commit()
    assert set(statuses(lise, things).values()) == {303}
