"""What happens to a form while it lies open: the other mentor acts, midnight comes."""

from datetime import timedelta

import pytest
import time_machine

from app import clock
from tests import html, logs, stored
from tests.conftest import token_on

TYPED = "Vi gik en lang tur"


def press(client, path, **data):
    return client.post(path, data={"csrf_token": token_on(client, "/mig")} | data)


@pytest.fixture
def meeting(anna):
    return logs.log(anna, relation="", wellbeing="")


def test_answers_to_a_meeting_taken_back_meanwhile_are_kept_and_can_be_sent(
    house, anna, bo, meeting
):
    values = logs.filled(bo, comment=TYPED)
    assert values["join"] == [meeting]
    press(anna, f"/moeder/{meeting}/tilbagetagning")
    refused = logs.send(bo, values)
    assert refused.status_code == 409
    again = html.values(html.read(refused.text).one("form", id="log-form"))
    assert again["comment"] == [TYPED]
    assert logs.send(bo, again | {"outcome": "held"}).status_code == 303
    assert [row.logged_by for row in stored.rows(house, "meeting")] == [
        row.author_id for row in stored.rows(house, "evaluation")
    ]


def test_answers_do_not_land_on_a_meeting_of_another_day(house, bo, meeting):
    values = logs.filled(bo, when="yesterday")
    assert values["join"] == [meeting]
    assert logs.send(bo, values).status_code == 409
    assert [row.relation for row in stored.rows(house, "evaluation")] == [None]


def test_today_is_the_day_the_form_was_opened(house, anna):
    today = clock.today()
    values = logs.filled(anna)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=True):
        first = logs.send(anna, values)
        again = logs.send(anna, values)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert [row.held_on for row in stored.rows(house, "meeting")] == [today]


def test_taking_back_without_a_score_opens_nobody_s_score(anna, bo, meeting):
    logs.join(bo, meeting, relation="2", wellbeing="9")
    press(anna, f"/moeder/{meeting}/tilbagetagning")
    page = html.read(anna.get(f"/moeder/{meeting}").text)
    assert "2" not in [cell.text.strip() for cell in page.all("dd")]


def test_a_meeting_that_was_held_cannot_be_turned_to_open_a_score(house, anna, bo, meeting):
    logs.join(bo, meeting, relation="2", wellbeing="9")
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    anna.post(f"/moeder/{meeting}/ret", data=html.values(form) | {"outcome": "cancelled"})
    assert [row.outcome for row in stored.rows(house, "meeting")] == ["held"]


def test_a_co_mentor_ticked_by_mistake_is_unticked_and_asked_no_more(anna, bo, house):
    meeting = logs.log(anna, co_mentor="y")
    assert "Du mangler to svar" in bo.get("/").text
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    values = html.values(form)
    values.pop("co_mentor")
    assert anna.post(f"/moeder/{meeting}/ret", data=values).status_code == 303
    assert "Du mangler to svar" not in bo.get("/").text
    assert "Medmentor var med" in anna.get(f"/moeder/{meeting}").text


def test_another_meeting_the_same_day_is_remembered(anna, bo, meeting):
    values = logs.filled(bo)
    asked = bo.post("/moeder", data=values | {"another": "1"})
    full = html.values(html.read(asked.text).one("form", id="log-form"))
    assert logs.send(bo, full | {"outcome": "held"}).status_code == 303
    assert "Var det det samme møde?" not in anna.get("/moeder").text


def test_what_was_planned_in_a_log_goes_with_it(house, anna):
    day = (clock.today() + timedelta(days=3)).isoformat()
    meeting = logs.log(anna, next_date=day, next_who="me")
    assert len(stored.rows(house, "plan")) == 1
    press(anna, f"/moeder/{meeting}/tilbagetagning")
    assert stored.rows(house, "plan") == []


def test_long_trips_do_not_stop_a_merge(house, anna, bo):
    values = logs.opened(bo) | {"outcome": "held", "km": "600"}
    first = logs.log(anna, km="700")
    second = logs.send(bo, values).location.split("/")[2]
    assert press(anna, f"/moeder/{first}/sammenlaegning", other=second).status_code == 303
    assert [row.km for row in stored.rows(house, "meeting")] == [700]
