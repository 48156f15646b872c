"""Log møde: a meeting that came to nothing."""

import pytest

from app import clock
from tests import html, logs, stored
from tests.conftest import token_on

NOT_HELD = {"cancelled": "Aflyst", "no_show": "Deltageren kom ikke"}


@pytest.fixture
def short(anna):
    """Change a meeting on its receipt."""

    def change(meeting, **changes):
        page = html.read(anna.get(f"/moeder/{meeting}/kvittering").text)
        form = page.one("form", action=f"/moeder/{meeting}/ret-kort")
        return anna.post(form.attrs["action"], data=html.values(form) | changes)

    return change


@pytest.mark.parametrize("outcome", NOT_HELD)
def test_one_press_saves_it_for_today(house, anna, outcome):
    before = stored.counts(house)
    meeting = logs.log(anna, outcome=outcome, relation="", wellbeing="")
    assert stored.since(before, stored.counts(house)) == {"meeting": 1, "receipt": 1, "trail": 1}
    (row,) = stored.rows(house, "meeting")
    assert (row.outcome, row.held_on) == (outcome, clock.today())
    assert NOT_HELD[outcome] in anna.get(f"/moeder/{meeting}/kvittering").text


@pytest.mark.parametrize("outcome", NOT_HELD)
@pytest.mark.parametrize("scored", [("7", ""), ("", "8"), ("7", "8")])
def test_it_cannot_have_scores(house, anna, outcome, scored):
    before = stored.counts(house)
    values = logs.filled(anna, outcome=outcome, relation=scored[0], wellbeing=scored[1])
    answer = logs.send(anna, values | {"comment": "Toget kørte ikke"})
    page = html.read(answer.text)
    kept = html.values(page.one(id="log-form"))
    assert answer.status_code == 422
    assert "tal" in html.summary(page)
    assert (kept.get("relation", [""])[0], kept.get("wellbeing", [""])[0]) == scored
    assert kept["comment"] == ["Toget kørte ikke"]
    assert stored.counts(house) == before


@pytest.mark.parametrize("outcome", NOT_HELD)
def test_the_way_out_saves_it_without_scores(house, anna, outcome):
    answer = logs.send(anna, logs.filled(anna, outcome=outcome, note="Vi ses på tirsdag"))
    form = html.read(answer.text).one(id="log-form")
    button = next(b for b in html.buttons(form) if b[0] == "outcome_without_scores")
    assert button[1] == outcome
    assert logs.send(anna, html.values(form) | dict([button])).status_code == 303
    (meeting,) = stored.rows(house, "meeting")
    (evaluation,) = stored.rows(house, "evaluation")
    assert meeting.outcome == outcome
    assert (evaluation.relation, evaluation.wellbeing) == (None, None)


def test_nobody_is_asked_for_scores_of_it(anna, bo):
    meeting = logs.log(anna, outcome="no_show", relation="", wellbeing="")
    assert "mine-svar" not in anna.get("/").text
    assert "mine-svar" not in bo.get("/").text
    assert bo.get(f"/moeder/{meeting}/mine-svar").status_code == 404
    assert logs.send(bo, logs.filled(bo, join=meeting)).status_code == 409


def test_the_receipt_changes_the_day_and_says_who_cancelled(house, anna, short, cast):
    meeting = logs.log(anna, outcome="cancelled", relation="", wellbeing="")
    day = cast.seated.isoformat()
    answer = short(meeting, date=day, cancelled_by="prison", comment="Låst afdeling")
    assert (answer.status_code, answer.location) == (303, f"/moeder/{meeting}/kvittering")
    (row,) = stored.rows(house, "meeting")
    assert (row.held_on, row.cancelled_by, row.outcome) == (cast.seated, "prison", "cancelled")
    assert "Låst afdeling" in anna.get(f"/moeder/{meeting}").text


def test_the_receipt_takes_away_nothing_that_it_does_not_show(house, anna, bo, short):
    meeting = logs.log(
        anna,
        outcome="cancelled",
        relation="",
        wellbeing="",
        km="12",
        contact_since=["sms"],
        note="Ring til ham på torsdag",
        victory="Nøglen til lejligheden",
        leader_may_read="y",
    )
    assert short(meeting, cancelled_by="us").status_code == 303
    (row,) = stored.rows(house, "meeting")
    assert (row.km, row.since_last) == (12, 1)
    page = bo.get(f"/moeder/{meeting}").text
    assert "Ring til ham på torsdag" in page
    assert "Nøglen til lejligheden" in page
    assert [row.leader_may_read for row in stored.rows(house, "evaluation")] == [True]


def test_saving_the_receipt_unchanged_stores_nothing(house, anna, short):
    meeting = logs.log(anna, outcome="no_show", relation="", wellbeing="")
    before = stored.counts(house)
    assert short(meeting).status_code == 303
    assert stored.counts(house) == before


def test_the_receipt_refuses_a_day_to_come_and_keeps_what_was_typed(house, anna, short):
    meeting = logs.log(anna, outcome="cancelled", relation="", wellbeing="")
    before = stored.counts(house)
    answer = short(meeting, date="2999-01-01", comment="Syg")
    page = html.read(answer.text)
    assert answer.status_code == 422
    assert "fremtiden" in html.error_at(page, "date")
    assert html.values(page.one("form", action=f"/moeder/{meeting}/ret-kort"))["comment"] == ["Syg"]
    assert stored.counts(house) == before


def test_only_its_author_changes_it_on_the_receipt(house, anna, bo):
    meeting = logs.log(anna, outcome="cancelled", relation="", wellbeing="")
    values = {"csrf_token": token_on(bo, "/mig"), "cancelled_by": "participant"}
    assert bo.post(f"/moeder/{meeting}/ret-kort", data=values).status_code == 403
    assert [row.cancelled_by for row in stored.rows(house, "meeting")] == [None]


def test_a_meeting_that_was_held_is_not_changed_on_the_receipt(anna):
    meeting = logs.log(anna)
    values = {"csrf_token": token_on(anna, "/mig"), "comment": "x"}
    assert anna.post(f"/moeder/{meeting}/ret-kort", data=values).status_code == 403


def test_correcting_it_leaves_it_cancelled(house, anna):
    meeting = logs.log(anna, outcome="cancelled", relation="", wellbeing="", cancelled_by="us")
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    answer = anna.post(f"/moeder/{meeting}/ret", data=html.values(form) | {"comment": "Sne"})
    assert answer.status_code == 303
    (row,) = stored.rows(house, "meeting")
    assert (row.outcome, row.cancelled_by) == ("cancelled", "us")


def test_a_wrong_tap_can_be_made_good(house, anna):
    meeting = logs.log(anna, outcome="no_show", relation="", wellbeing="")
    form = html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form")
    changed = html.values(form) | {"outcome": "held", "relation": "6", "wellbeing": "9"}
    assert anna.post(f"/moeder/{meeting}/ret", data=changed).status_code == 303
    assert [row.outcome for row in stored.rows(house, "meeting")] == ["held"]
    assert [row.relation for row in stored.rows(house, "evaluation")] == [6]
