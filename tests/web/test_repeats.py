"""What is sent again, at once, or after a lost answer is stored once. On both databases."""

from uuid import uuid4

import pytest

from tests import html, logs, stored
from tests.conftest import client_of, token_on
from tests.threads import at_once

ONE_LOG = {"meeting": 1, "evaluation": 1, "receipt": 1, "trail": 1}
ONE_CONTACT = {"contact": 1, "receipt": 1, "trail": 1}
TIMES = 10


@pytest.fixture
def anna(any_signed_in):
    return any_signed_in("Anna")


@pytest.fixture
def bo(any_signed_in):
    return any_signed_in("Bo")


@pytest.fixture
def same_session(any_app, anna):
    """Clients with one person's cookie: several connections of one phone."""

    def another():
        client = any_app.test_client()
        with anna.session_transaction() as session:
            known = dict(session)
        with client.session_transaction() as session:
            session.update(known)
        return client

    return another


@pytest.fixture
def grown(any_house, anna):
    """The tables that grew since the test began."""
    before = stored.counts(any_house)
    return lambda: stored.since(before, stored.counts(any_house))


def contact(client, **changes):
    values = html.values(html.read(client.get("/kontakter/ny").text).one(id="contact-form"))
    return values | {"kind": "call"} | changes


def test_the_same_log_twice_is_stored_once(any_house, anna, grown):
    values = logs.filled(anna, comment="Kaffe", next_date="")
    first, second = logs.send(anna, values), logs.send(anna, values)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert grown() == ONE_LOG
    assert len(stored.acts(any_house, "logged")) == 1


def test_ten_of_the_same_log_at_once_are_stored_once(any_house, anna, same_session, grown):
    values = logs.filled(anna, comment="Kaffe", co_mentor="y")
    clients = [same_session() for _ in range(TIMES)]
    answers = at_once([lambda c=c: logs.send(c, values) for c in clients])
    assert {a.status_code for a in answers} == {303}
    assert len({a.location for a in answers}) == 1
    assert grown() == ONE_LOG
    assert len(stored.acts(any_house, "logged")) == 1


def test_a_log_whose_answer_was_lost_is_stored_once(anna, same_session, grown):
    values = logs.filled(anna)
    logs.send(anna, values).close()  # the answer never arrives
    again = logs.send(same_session(), values)
    assert again.status_code == 303
    assert again.location.endswith("/kvittering")
    assert anna.get(again.location).status_code == 200
    assert grown() == ONE_LOG


def test_a_log_sent_again_from_a_new_sign_in_is_stored_once(any_app, any_cast, anna, grown):
    values = logs.filled(anna)
    first = logs.send(anna, values)
    phone = client_of(any_app, any_cast, "Anna")
    values["csrf_token"] = logs.opened(phone)["csrf_token"]
    assert logs.send(phone, values).location == first.location
    assert grown() == ONE_LOG | {"sign_in": 1}


def test_a_log_that_plans_the_next_meeting_plans_it_once(anna, grown):
    values = logs.filled(anna)
    values["next_date"] = values["date"] = "2999-01-01"
    assert logs.send(anna, values).status_code == 422
    values |= {"next_date": html.read(anna.get("/moeder/ny").text).one(id="next_date").attrs["min"]}
    for _ in range(2):
        assert logs.send(anna, values).status_code == 303
    assert grown() == ONE_LOG | {"plan": 1}


def test_a_cancelled_meeting_sent_twice_is_stored_once(anna, grown):
    values = logs.filled(anna, outcome="cancelled", relation="", wellbeing="")
    for _ in range(2):
        assert logs.send(anna, values).status_code == 303
    assert grown() == {"meeting": 1, "receipt": 1, "trail": 1}


def test_a_refused_log_sent_again_unchanged_is_refused_again(anna, grown):
    values = logs.filled(anna, relation="11")
    assert [logs.send(anna, values).status_code for _ in range(2)] == [422, 422]
    assert grown() == {}
    assert logs.send(anna, values | {"relation": "10"}).status_code == 303
    assert grown() == ONE_LOG


def test_a_log_taken_back_does_not_come_back(anna, grown):
    values = logs.filled(anna)
    meeting = logs.send(anna, values).location.split("/")[2]
    token = {"csrf_token": token_on(anna, f"/moeder/{meeting}")}
    assert anna.post(f"/moeder/{meeting}/tilbagetagning", data=token).status_code == 303
    logs.send(anna, values)
    logs.send(anna, values | {"comment": "Noget andet"})
    assert grown() == {"receipt": 1, "trail": 2}


def test_answers_joined_twice_are_stored_once(any_house, anna, bo):
    meeting = logs.log(anna)
    before = stored.counts(any_house)
    values = logs.filled(bo, f"/moeder/{meeting}/mine-svar")
    first, second = logs.send(bo, values), logs.send(bo, values)
    assert first.location == second.location == f"/moeder/{meeting}/kvittering"
    grown = stored.since(before, stored.counts(any_house))
    assert grown == {"evaluation": 1, "receipt": 1, "trail": 1}
    assert len(stored.acts(any_house, "joined")) == 1


def test_two_answers_of_one_mentor_at_once_are_stored_once(any_app, any_cast, any_house, anna):
    meeting = logs.log(anna)
    before = stored.counts(any_house)
    phones = [client_of(any_app, any_cast, "Bo") for _ in range(4)]
    sent = [logs.filled(phone, f"/moeder/{meeting}/mine-svar") for phone in phones]
    assert len({values["id"][0] for values in sent}) == len(phones)
    pairs = zip(phones, sent, strict=True)
    answers = at_once([lambda p=p, v=v: logs.send(p, v) for p, v in pairs])
    assert sorted(a.status_code for a in answers) == [303, 409, 409, 409]
    grown = stored.since(before, stored.counts(any_house))
    assert grown == {"evaluation": 1, "receipt": 1, "trail": 1, "sign_in": len(phones)}


def test_both_mentors_logging_at_once_lose_nothing(any_house, anna, bo):
    sent = [(anna, logs.filled(anna, relation="3")), (bo, logs.filled(bo, relation="9"))]
    answers = at_once([lambda c=c, v=v: logs.send(c, v) for c, v in sent])
    assert {a.status_code for a in answers} == {303}
    assert {row.relation for row in stored.rows(any_house, "evaluation")} == {3, 9}
    assert len(stored.acts(any_house, "logged")) == 2


def test_the_same_contact_twice_is_stored_once(any_house, anna, grown):
    values = contact(anna)
    first, second = (anna.post("/kontakter", data=values) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert grown() == ONE_CONTACT
    assert len(stored.acts(any_house, "logged")) == 1


def test_ten_of_the_same_contact_at_once_are_stored_once(anna, same_session, grown):
    values = contact(anna)
    clients = [same_session() for _ in range(TIMES)]
    answers = at_once([lambda c=c: c.post("/kontakter", data=values) for c in clients])
    assert {a.status_code for a in answers} == {303}
    assert grown() == ONE_CONTACT


def test_a_contact_whose_answer_was_lost_is_stored_once(anna, same_session, grown):
    values = contact(anna, kind="attempt")
    anna.post("/kontakter", data=values).close()
    again = same_session().post("/kontakter", data=values)
    assert anna.get(again.location).status_code == 200
    assert grown() == ONE_CONTACT


def test_a_contact_taken_back_does_not_come_back(anna, grown):
    values = contact(anna)
    path = anna.post("/kontakter", data=values).location
    token = {"csrf_token": values["csrf_token"]}
    assert anna.post(f"{path}/tilbagetagning", data=token).status_code == 303
    anna.post("/kontakter", data=values)
    assert grown() == {"receipt": 1, "trail": 2}


def test_an_id_serves_one_record_only(anna, grown):
    """A contact and a meeting never share one."""
    values = logs.filled(anna)
    logs.send(anna, values)
    assert anna.post("/kontakter", data=contact(anna, id=values["id"])).status_code == 409
    assert grown() == ONE_LOG


def test_an_id_of_someone_else_s_contact_stores_nothing(anna, bo, grown):
    sent = contact(anna)
    anna.post("/kontakter", data=sent)
    answer = bo.post("/kontakter", data=contact(bo, id=sent["id"]))
    assert answer.status_code == 409
    again = html.values(html.read(answer.text).one(id="contact-form"))
    assert again["id"] != sent["id"]
    assert grown() == ONE_CONTACT
    assert bo.post("/kontakter", data=again | {"kind": "sms"}).status_code == 303


def test_a_contact_s_address_is_its_id_however_it_is_spelled(anna):
    made = str(uuid4())
    answer = anna.post("/kontakter", data=contact(anna, id="{" + made.upper() + "}"))
    assert answer.location == f"/kontakter/{made}"
