"""Kontakt: a call, a text message or an attempt."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import clock
from tests import cast as casting
from tests import html, stored
from tests.conftest import client_of, token_on

KINDS = {"call": "Opkald", "sms": "Sms", "attempt": "Forsøgte at få kontakt"}
WHEN = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)


def opened(client):
    return html.values(html.read(client.get("/kontakter/ny").text).one(id="contact-form"))


def log(client, kind="call", **changes):
    return client.post("/kontakter", data=opened(client) | {"kind": kind} | changes)


@pytest.mark.parametrize("kind", KINDS)
def test_it_takes_two_requests(house, anna, kind):
    form = html.read(anna.get("/kontakter/ny").text).one(id="contact-form")
    assert ("kind", kind) in html.buttons(form)
    answer = anna.post("/kontakter", data=html.values(form) | {"kind": kind})
    assert answer.status_code == 303
    (row,) = stored.rows(house, "contact")
    assert (row.kind, row.on) == (kind, clock.today())
    assert KINDS[kind] in anna.get(answer.location).text


def test_it_never_counts_as_a_meeting(house, anna, bo):
    log(anna)
    assert stored.rows(house, "meeting") == []
    assert "Ingen møder endnu" in bo.get("/moeder").text
    assert "opkald, Anna" in html.read(bo.get("/").text).text


def test_it_stands_in_the_timeline_of_both(anna, bo):
    log(anna, "sms")
    for client in (anna, bo):
        assert "Sms" in client.get("/forloeb").text


def test_it_can_be_of_another_day(house, anna, cast):
    assert log(anna, date=cast.seated.isoformat()).status_code == 303
    assert [row.on for row in stored.rows(house, "contact")] == [cast.seated]


@pytest.mark.parametrize(
    ("day", "why"), [(1, "fremtiden"), (-121, "ikke mentor her endnu"), ("x", "Vælg en dato")]
)
def test_a_wrong_day_is_refused_at_the_field(house, anna, silent, day, why):
    sent = day if day == "x" else (clock.today() + timedelta(days=day)).isoformat()
    before = stored.counts(house)
    answer = log(anna, date=sent)
    page = html.read(answer.text)
    assert answer.status_code == 422
    assert why in html.error_at(page, "date")
    assert html.values(page.one(id="contact-form"))["date"] == [sent]
    assert stored.counts(house) == before


@pytest.mark.parametrize("kind", ["", "visit", "CALL"])
def test_an_unknown_kind_is_refused(house, anna, kind):
    before = stored.counts(house)
    answer = log(anna, kind)
    assert answer.status_code == 422
    assert "Vælg" in html.summary(html.read(answer.text))
    assert stored.counts(house) == before


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("id", "x", 422), ("id", "", 422), ("csrf_token", "x", 400), ("mentorship", "x", 404)],
)
def test_a_broken_form_stores_nothing(house, anna, field, value, status):
    before = stored.counts(house)
    assert log(anna, **{field: value}).status_code == status
    assert stored.counts(house) == before


def test_the_same_id_with_other_content_stores_nothing(house, anna):
    values = opened(anna) | {"kind": "call"}
    anna.post("/kontakter", data=values)
    before = stored.contents(house)
    answer = anna.post("/kontakter", data=values | {"kind": "sms"})
    assert answer.status_code == 409
    assert "allerede sendt" in html.summary(html.read(answer.text))
    assert stored.contents(house) == before


def test_another_mentorship_s_does_not_exist(house, anna, cast, signed_in):
    before = stored.counts(house)
    assert log(anna, mentorship=str(cast.mentorships["Jonas"])).status_code == 404
    assert stored.counts(house) == before
    path = log(anna).location
    for name in ("Otto", "Mia", "Nora"):
        other = signed_in(name)
        assert other.get(path).status_code == 404
        token = {"csrf_token": token_on(other, "/mig")}
        assert other.post(f"{path}/tilbagetagning", data=token).status_code == 404
    assert len(stored.rows(house, "contact")) == 1


def test_only_its_author_takes_it_back(house, anna, bo):
    path = log(anna).location
    token = {"csrf_token": token_on(bo, "/mig")}
    assert bo.get(path).status_code == 200
    assert bo.post(f"{path}/tilbagetagning", data=token).status_code == 403
    token = {"csrf_token": token_on(anna, "/mig")}
    assert anna.post(f"{path}/tilbagetagning", data=token).status_code == 303
    assert stored.rows(house, "contact") == []
    assert len(stored.acts(house, "took_back")) == 1


@pytest.mark.parametrize(("days", "status"), [(30, 303), (31, 403)])
def test_the_last_day_to_take_it_back_is_the_thirtieth(app, house, days, status):
    with time_machine.travel(WHEN, tick=False) as traveller:
        cast = casting.call(house, clock.today())
        path = log(client_of(app, cast, "Anna")).location
        traveller.shift(timedelta(days=days))
        anna = client_of(app, cast, "Anna")
        token = {"csrf_token": token_on(anna, "/mig")}
        assert anna.post(f"{path}/tilbagetagning", data=token).status_code == status
