"""Each page and verb of a leader for who leads only sometimes: a stand-in now, one to come, a
former one; and for a former leader.

Own and other branches and the other roles stand in the matrix; a leader's route that is missing
there fails `test_routes.py`.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import roles, stand_ins, trail
from app.domain.people import HELD, MENTOR
from app.web.permits import LEADERS
from tests import stored
from tests.conftest import token_on
from tests.house.matrix import ROUTES
from tests.house.test_routes import address

pytestmark = pytest.mark.slow
DAY = clock.today()
YESTERDAY = DAY - timedelta(days=1)
PAGES = [route for route in ROUTES if route.method == "GET" and route.who == "Lise"]
VERBS = [route for route in ROUTES if route.method == "POST" and route.who == "Lise"]


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


def answers_to_verbs(client, things, token):
    """Each of a leader's forms, filled in as the leader fills it in."""
    got = {}
    for route in VERBS:
        sent = {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}
        answer = client.post(address(route, things), data=sent | {"csrf_token": token})
        got[route.rule] = answer.status_code
    return got


def change_role(house, person, **values):
    with house.work(writes=True) as (unit, _):
        role = (HELD.c.person_id == person) & (HELD.c.role == "leader")
        db.change(HELD.update().where(role).values(**values))
        unit.commit()


def test_the_pages_of_the_table_are_those_of_leaders(app):
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in LEADERS}
    pages = {route.rule for route in PAGES}
    assert pages <= rules
    for method, known in (("GET", pages), ("POST", {route.rule for route in VERBS})):
        theirs = {
            r.rule
            for r in app.url_map.iter_rules()
            if r.endpoint in LEADERS and method in r.methods
        }
        assert theirs - known == set()


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
    change_role(house, cast.people["Nora"], from_on=YESTERDAY, to_on=YESTERDAY)
    assert set(statuses(nora, things).values()) == {403}


def test_a_former_leader_is_signed_out_of_all_of_it(house, cast, signed_in, things):
    """T2: a leader who was is out at the next request."""
    lise = signed_in("Lise")
    assert lise.get("/leder").status_code == 200
    change_role(house, cast.people["Lise"], to_on=YESTERDAY)
    assert set(statuses(lise, things).values()) == {303}


def test_T4_a_stand_in_to_come_or_whose_days_are_over_changes_nothing(
    house, cast, signed_in, things
):
    name_nora(house, cast, 1, 3)
    nora = signed_in("Nora")
    token, before = token_on(nora, "/mig"), stored.contents(house)
    assert set(answers_to_verbs(nora, things, token).values()) == {403}
    assert stored.contents(house) == before
    change_role(house, cast.people["Nora"], from_on=YESTERDAY, to_on=YESTERDAY)
    before = stored.contents(house)
    assert set(answers_to_verbs(nora, things, token).values()) == {403}
    assert stored.contents(house) == before


def test_T2_a_former_leader_changes_nothing(house, cast, signed_in, things):
    lise = signed_in("Lise")
    token = token_on(lise, "/mig")
    change_role(house, cast.people["Lise"], to_on=YESTERDAY)
    before = stored.contents(house)
    assert set(answers_to_verbs(lise, things, token).values()) == {303}
    assert stored.contents(house) == before


def test_T2_a_former_leader_who_is_a_mentor_still_changes_nothing(house, cast, signed_in, things):
    """The session goes on; only what a leader may is over."""
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Karen"], None)
        roles.give(cast.people["Lise"], MENTOR, cast.branches["Havn"], (DAY, None), pen)
        unit.commit()
    lise = signed_in("Lise")
    token = token_on(lise, "/mig")
    assert lise.get("/leder").status_code == 200
    change_role(house, cast.people["Lise"], to_on=YESTERDAY)
    before = stored.contents(house)
    assert set(answers_to_verbs(lise, things, token).values()) == {403}
    assert stored.contents(house) == before
    assert lise.get("/").status_code == 200
