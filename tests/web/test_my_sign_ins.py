"""Where I am signed in: each device can be signed out from another one."""

import pytest
from sqlalchemy import event

from app import db
from app.domain import sign_ins
from tests import html, stored
from tests.conftest import begin, token_on
from tests.devices import remind_on, reminded

HERE = "/mig/indlogninger"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def running(house, cast, name="Anna"):
    with house.work(writes=False):
        return [one.id for one in sign_ins.of(cast.people[name])]


def test_t1_a_lost_phone_is_signed_out_from_another_device(house, cast, signed_in):
    """T1: its next request is refused, whatever its cookie says."""
    lost, here = signed_in("Anna"), signed_in("Anna")
    assert lost.get("/").status_code == 200
    [other] = set(running(house, cast)) - {_id_of(here, house)}
    token = token_on(here, "/mig")
    answer = here.post(f"{HERE}/{other}/udlogning", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, HERE)
    assert lost.get("/").location == "/log-ind"
    assert lost.post("/log-ud", data={"csrf_token": token}).status_code in (303, 400)
    assert here.get("/").status_code == 200
    assert stored.acts(house, "signed_out")[-1].object_id == other


def test_t1_the_lost_phone_gets_no_reminders(house, cast, signed_in):
    """T1: what is sent to it ends with its sign-in."""
    signed_in("Anna")
    [lost] = running(house, cast)
    remind_on(house, cast, "Anna", lost)
    here = signed_in("Anna")
    here.post(f"{HERE}/{lost}/udlogning", data={"csrf_token": token_on(here, "/mig")})
    assert reminded(house, cast, "Anna") == []


def test_all_others_are_signed_out_at_once(house, cast, signed_in):
    others, here = [signed_in("Anna") for _ in range(3)], signed_in("Anna")
    bo = signed_in("Bo")
    here.post(f"{HERE}/udlogning", data={"csrf_token": token_on(here, "/mig")})
    assert [one.get("/").status_code for one in others] == [303] * 3
    assert here.get("/").status_code == bo.get("/").status_code == 200
    assert running(house, cast) == [_id_of(here, house)]


def test_a_second_tap_signs_nobody_out_twice(house, cast, signed_in):
    signed_in("Anna")
    [lost] = running(house, cast)
    here = signed_in("Anna")
    token = token_on(here, "/mig")
    answers = [here.post(f"{HERE}/{lost}/udlogning", data={"csrf_token": token}) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, HERE)] * 2
    assert len(stored.acts(house, "signed_out")) == 1


@pytest.mark.parametrize("whose", ["Bo", "Anna"])
def test_nobody_ends_another_s_sign_in_nor_the_one_in_hand(house, cast, signed_in, whose):
    here, _ = signed_in("Anna"), signed_in("Bo")
    theirs = _id_of(here, house) if whose == "Anna" else running(house, cast, "Bo")[0]
    answer = here.post(f"{HERE}/{theirs}/udlogning", data={"csrf_token": token_on(here, "/mig")})
    assert answer.status_code == 404
    assert theirs in running(house, cast, whose)


def test_the_page_says_what_each_device_is_and_which_is_this_one(app, house, cast, signed_in):
    token = begin(house, cast, "Anna", IPHONE)
    here = signed_in("Anna")
    shown = html.read(here.get(HERE).text).text
    assert shown.index("Computer · her") < shown.index("iPhone eller iPad")
    assert "Safari" in shown
    assert token not in here.get(HERE).text


def test_a_sign_in_that_has_ended_or_run_out_is_not_listed(house, cast, signed_in):
    signed_in("Anna")
    [one] = running(house, cast)
    with house.work(writes=True) as (unit, _):
        sign_ins.end(one)
        unit.commit()
    assert running(house, cast) == []


def test_the_list_is_one_question(house, cast, signed_in):
    for _ in range(3):
        signed_in("Anna")
    sent = []
    with house.work(writes=False):
        event.listen(db.connection(), "before_cursor_execute", lambda *a: sent.append(a[2]))
        sign_ins.of(cast.people["Anna"])
    assert len(sent) == 1


def _id_of(client, house):
    with client.session_transaction() as session:
        token = session["_user_id"]
    with house.work(writes=False):
        return sign_ins.who(token).sign_in_id
