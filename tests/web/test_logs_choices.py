"""Log møde: themes, roles, places and the other choices."""

import pytest

from app.domain.meetings import OTHERS, SINCE_LAST, THEMES
from tests import html, logs, stored

UNKNOWN = "Vælg en af mulighederne."


@pytest.mark.parametrize("field", ["themes", "others", "contact_since"])
@pytest.mark.parametrize("sent", [["crime"], [""], ["work", "sms", "bank", "x"], ["WORK"]])
def test_an_unknown_code_among_several_is_refused(refused, field, sent):
    assert refused(field, lost=(field,), **{field: sent}) == UNKNOWN


@pytest.mark.parametrize("field", ["place", "next_who"])
@pytest.mark.parametrize("sent", ["moon", "PRISON", "prison "])
def test_an_unknown_code_is_refused(refused, field, sent):
    assert refused(field, lost=(field,), **{field: sent}) == UNKNOWN


def test_who_cancelled_is_one_of_three(house, anna):
    before = stored.counts(house)
    values = logs.filled(anna, outcome="cancelled", relation="", wellbeing="", cancelled_by="x")
    answer = logs.send(anna, values)
    assert answer.status_code == 422
    assert UNKNOWN in html.summary(html.read(answer.text))
    assert stored.counts(house) == before


def test_an_unknown_outcome_is_refused(house, anna):
    before = stored.counts(house)
    values = logs.filled(anna, outcome="postponed", comment="Vi ses")
    answer = logs.send(anna, values)
    page = html.read(answer.text)
    assert answer.status_code == 422
    assert UNKNOWN in html.summary(page)
    assert html.values(page.one(id="log-form"))["comment"] == ["Vi ses"]
    assert ("outcome_without_scores", "postponed") not in html.buttons(page)
    assert stored.counts(house) == before


def test_every_choice_of_several_is_stored(house, anna):
    logs.log(anna, themes=list(THEMES), others=list(OTHERS), contact_since=list(SINCE_LAST))
    (meeting,) = stored.rows(house, "meeting")
    (evaluation,) = stored.rows(house, "evaluation")
    assert evaluation.themes == 2 ** len(THEMES) - 1
    assert meeting.others == 2 ** len(OTHERS) - 1
    assert meeting.since_last == 2 ** len(SINCE_LAST) - 1


def test_the_same_choice_twice_counts_once(house, anna):
    logs.log(anna, themes=["work", "work"])
    assert [row.themes for row in stored.rows(house, "evaluation")] == [1]


def test_a_theme_shows_how_long_since_it_was_last_on(anna):
    logs.log(anna, themes=["housing"])
    chips = {e.text for e in html.read(anna.get("/moeder/ny").text).all("label")}
    assert "Bolig denne uge" in chips
    assert "Økonomi" in chips


def test_the_place_is_guessed_from_the_phase(anna, signed_in):
    assert logs.opened(anna)["place"] == ["outside"]
    assert logs.opened(signed_in("Otto"))["place"] == ["prison"]
