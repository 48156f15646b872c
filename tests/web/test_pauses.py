"""Sæt på pause: what was tried, what a pause is, and one answer for the two."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import clock
from app.web import hypertext
from tests import cast as casting
from tests import html, logs, stored
from tests.conftest import client_of
from tests.threads import at_once

HERE = "/forloeb/pause"
WHEN = datetime(2026, 3, 16, 10, 0, tzinfo=UTC)  # the clocks change within the fortnight


def forms(client):
    """What each form on the page would send, by its id."""
    page = html.read(client.get(HERE).text)
    return {form.attrs["id"]: html.values(form) for form in page.all("form") if "id" in form.attrs}


def start(client):
    return client.post(HERE, data=forms(client)["pause-form"])


def end(client, values=None):
    return client.post(f"{HERE}/slut", data=values or forms(client)["end-form"])


def prolong(client, values=None):
    return client.post(f"{HERE}/forlaengelse", data=values or forms(client)["prolong-form"])


def words(answer):
    return html.read(answer.text).text


def fact(answer, label):
    """What stands beside a label."""
    rows = [div for div in html.read(answer.text).all("div") if div.all("dt")]
    return next(div.one("dd").text for div in rows if div.one("dt").text == label)


@pytest.fixture
def travelled(app, house):
    """Anna and Bo on a day on which Anna has just put the mentorship on pause."""
    with time_machine.travel(WHEN, tick=False) as traveller:
        cast = casting.call(house, clock.today())

        def both():
            return client_of(app, cast, "Anna"), client_of(app, cast, "Bo")

        assert start(both()[0]).status_code == 303
        yield traveller, both


def test_it_lists_what_was_tried_and_blames_nobody(anna, bo):
    contact = html.values(html.read(anna.get("/kontakter/ny").text).one(id="contact-form"))
    anna.post("/kontakter", data=contact | {"kind": "attempt"})
    logs.log(bo, outcome="no_show", relation="", wellbeing="")
    called = html.values(html.read(bo.get("/kontakter/ny").text).one(id="contact-form"))
    bo.post("/kontakter", data=called | {"kind": "sms"})
    page = words(anna.get(HERE))
    assert "Forsøgte at få kontakt" in page
    assert "Deltageren kom ikke" in page
    assert "Sms" not in page
    assert "Ingen har gjort noget forkert" in page


def test_what_was_tried_more_than_eight_weeks_ago_is_not_listed(anna):
    contact = html.values(html.read(anna.get("/kontakter/ny").text).one(id="contact-form"))
    for days in (56, 57):
        fresh = html.values(html.read(anna.get("/kontakter/ny").text).one(id="contact-form"))
        day = (clock.today() - timedelta(days=days)).isoformat()
        sent = contact | {"id": fresh["id"], "kind": "attempt", "date": day}
        assert anna.post("/kontakter", data=sent).status_code == 303
    assert words(anna.get(HERE)).count("Forsøgte at få kontakt") == 1


def test_who_starts_it_is_told_to_both(house, cast, anna, bo):
    assert start(anna).status_code == 303
    assert fact(anna.get(HERE), "Sat på pause af") == "dig"
    assert fact(bo.get(HERE), "Sat på pause af") == "Anna"
    (act,) = stored.acts(house, "paused")
    assert act.subject_id == cast.participants["Samir"]


def test_the_weeks_keep_their_holders(house, anna):
    seats = stored.rows(house, "seat")
    start(anna)
    assert stored.rows(house, "seat") == seats


def test_the_leader_sees_the_pause_and_the_other_branch_does_not(cast, signed_in, anna):
    path = f"/leder/forloeb/{cast.mentorships['Samir']}"
    assert "Mentorerne bliver spurgt" not in words(signed_in("Lise").get(path))
    start(anna)
    assert fact(signed_in("Lise").get(path), "Siden") == hypertext.long_day(clock.today(), "da")
    assert signed_in("Lars").get(path).status_code == 404


def test_both_are_asked_on_day_14_and_not_on_day_13(travelled):
    traveller, both = travelled
    traveller.shift(timedelta(days=13))
    for client in both():
        assert "prolong-form" not in forms(client)
        assert "end-form" in forms(client)
    traveller.shift(timedelta(days=1))
    for client in both():
        assert "Skal pausen fortsætte?" in words(client.get(HERE))
        assert "prolong-form" in forms(client)


def test_one_answer_is_enough(house, travelled):
    traveller, both = travelled
    traveller.shift(timedelta(days=14))
    anna, bo = both()
    late = forms(anna)
    assert prolong(bo).status_code == 303
    assert "prolong-form" not in forms(anna)
    for answer in (prolong(anna, late["prolong-form"]), end(anna, late["end-form"])):
        assert answer.status_code == 409
        assert "Pausen er allerede forlænget" in words(answer)
        assert "Forløbet er på pause" in words(answer)
    traveller.shift(timedelta(days=13))
    assert "prolong-form" not in forms(both()[0])
    traveller.shift(timedelta(days=1))
    assert "prolong-form" in forms(both()[0])


def test_a_prolonged_pause_still_tells_when_it_began(travelled):
    traveller, both = travelled
    traveller.shift(timedelta(days=14))
    prolong(both()[1])
    page = both()[1].get(HERE)
    assert fact(page, "Siden") == "mandag den 16. mar."
    assert fact(page, "Sat på pause af") == "Anna"
    assert fact(page, "I bliver spurgt") == "mandag den 13. apr."
    assert "Pausen blev forlænget" in words(page)


def test_an_answer_to_a_pause_that_has_ended_is_calm(house, anna, bo):
    start(anna)
    late = forms(anna)["end-form"]
    assert end(bo).status_code == 303
    before = stored.counts(house)
    answer = end(anna, late)
    assert answer.status_code == 409
    assert "Pausen er allerede slut" in words(answer)
    assert "pause-form" in [f.attrs.get("id") for f in html.read(answer.text).all("form")]
    assert stored.counts(house) == before


def test_ending_it_twice_is_the_same(house, anna):
    start(anna)
    values = forms(anna)["end-form"]
    assert [end(anna, values).status_code for _ in range(2)] == [303, 303]
    assert len(stored.acts(house, "resumed")) == 1
    assert "Pausen sluttede" in words(anna.get(HERE))


def test_a_second_start_is_calm(house, anna, bo):
    values = forms(bo)["pause-form"]
    start(anna)
    before = stored.counts(house)
    answer = bo.post(HERE, data=values)
    assert answer.status_code == 409
    assert "allerede på pause" in words(answer)
    assert "end-form" in [f.attrs.get("id") for f in html.read(answer.text).all("form")]
    assert stored.counts(house) == before


def test_the_same_start_sent_twice_is_one(house, anna):
    values = forms(anna)["pause-form"]
    assert [anna.post(HERE, data=values).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "pause")) == 1


def test_it_cannot_be_prolonged_before_they_are_asked(house, anna):
    fresh_id = forms(anna)["pause-form"]["id"]
    start(anna)
    answer = prolong(anna, forms(anna)["end-form"] | {"id": fresh_id})
    assert answer.status_code == 409
    assert "Forløbet er på pause" in words(answer)
    assert len(stored.rows(house, "pause")) == 1


def test_another_mentorship_s_pause_does_not_exist(house, signed_in, anna):
    start(anna)
    otto = signed_in("Otto")
    own, theirs = forms(otto)["pause-form"], forms(anna)["end-form"]
    before = stored.counts(house)
    mixed = own | {"pause": theirs["pause"]}
    for path in ("/slut", "/forlaengelse"):
        assert otto.post(HERE + path, data=mixed).status_code == 404
        swapped = mixed | {"mentorship": theirs["mentorship"]}
        assert otto.post(HERE + path, data=swapped).status_code == 404
    assert otto.post(HERE, data=own | {"mentorship": theirs["mentorship"]}).status_code == 404
    assert stored.counts(house) == before


@pytest.mark.parametrize("verb", [start, end])
def test_two_at_once_give_one_outcome(any_app, any_house, any_cast, verb):
    clients = [client_of(any_app, any_cast, name) for name in ("Anna", "Bo")]
    path, form = (HERE, "pause-form") if verb is start else (f"{HERE}/slut", "end-form")
    if verb is end:
        start(clients[0])
    ready = [(client, forms(client)[form]) for client in clients]
    answers = at_once([lambda c=c, v=v: c.post(path, data=v) for c, v in ready])
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(stored.rows(any_house, "pause")) == 1


def test_two_who_prolong_at_once_prolong_once(any_app, any_house):
    with time_machine.travel(WHEN, tick=True) as traveller:
        cast = casting.call(any_house, clock.today())
        start(client_of(any_app, cast, "Anna"))
        traveller.shift(timedelta(days=14))
        clients = [client_of(any_app, cast, name) for name in ("Anna", "Bo")]
        ready = [(client, forms(client)["prolong-form"]) for client in clients]
        answers = at_once([lambda c=c, v=v: prolong(c, v) for c, v in ready])
        assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(stored.rows(any_house, "pause")) == 2


def test_an_erased_participant_takes_no_page(house, cast, anna):
    start(anna)
    house.keys.erase(cast.participants["Samir"], clock.today())
    assert anna.get(HERE).status_code == 200
