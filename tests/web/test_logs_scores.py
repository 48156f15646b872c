"""Log møde: the two scores and the kilometres."""

import pytest

from tests import logs, stored

BAD_SCORES = [
    "0",
    "11",
    "x",
    "1.5",
    "1,5",
    "-1",
    "+1",
    "٣",
    "\uff17",
    "²",
    "1e1",
    "10 10",
    "9" * 30,
]


@pytest.mark.parametrize("score", BAD_SCORES)
def test_what_is_no_score_is_refused(refused, score):
    for field in ("relation", "wellbeing"):
        assert refused(field, lost=(field,), **{field: score}) == "Vælg et tal fra 1 til 10."


@pytest.mark.parametrize("km", ["-1", "1000", "12,5", "ti", "٣"])
def test_what_is_no_whole_number_of_kilometres_is_refused(refused, km):
    assert "0 til 999" in refused("km", km=km)


@pytest.mark.parametrize("score", [1, 10])
def test_the_ends_of_the_scale_are_stored_as_numbers(house, anna, score):
    logs.log(anna, relation=str(score), wellbeing=str(11 - score))
    (row,) = stored.rows(house, "evaluation")
    assert (row.relation, row.wellbeing) == (score, 11 - score)


def test_scores_may_be_left_out_and_are_asked_for_afterwards(house, anna):
    meeting = logs.log(anna, relation="", wellbeing="")
    (row,) = stored.rows(house, "evaluation")
    assert (row.relation, row.wellbeing) == (None, None)
    assert f"/moeder/{meeting}/mine-svar" in anna.get("/").text


def test_no_score_is_chosen_beforehand(anna):
    assert not {"relation", "wellbeing"} & set(logs.opened(anna))


def test_my_last_score_is_shown_without_being_chosen(anna):
    logs.log(anna, relation="4")
    form = anna.get("/moeder/ny")
    assert "Sidst sagde du 4" in form.text
    assert "relation" not in logs.opened(anna)


def test_no_kilometres_and_none_given_are_two_things(house, anna):
    for km in ("0", ""):
        logs.log(anna, km=km, apart="1")
    assert {row.km for row in stored.rows(house, "meeting")} == {0, None}
