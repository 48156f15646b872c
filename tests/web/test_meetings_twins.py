"""Two logs of one day by two mentors: shown to both, merged or kept apart by either."""

import pytest

from app import clock
from tests import html, logs, stored
from tests.conftest import token_on


@pytest.fixture
def twins(anna, bo):
    """Anna and Bo have each logged today, as two phones without a signal would."""
    first = logs.log(anna, relation="4", place="home", others=["bank"], km="10", comment="Annas")
    values = logs.opened(bo) | {
        "join": "",
        "outcome": "held",
        "relation": "9",
        "wellbeing": "9",
    }
    second = logs.send(bo, values | {"others": ["family"], "km": "5", "comment": "Bos"})
    return first, second.location.split("/")[2]


def press(client, meeting, noun, other):
    token = token_on(client, "/mig")
    return client.post(f"/moeder/{meeting}/{noun}", data={"csrf_token": token, "other": other})


def asked(client, path="/moeder"):
    return "Var det det samme møde?" in client.get(path).text


def test_both_are_asked(anna, bo, twins):
    for client in (anna, bo):
        assert asked(client)
    assert asked(bo, f"/moeder/{twins[1]}/kvittering")
    assert asked(anna, f"/moeder/{twins[0]}/kvittering")


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("who", ["Anna", "Bo"])
def test_either_merges_them_into_one(house, signed_in, twins, cast, who, order):
    client = signed_in(who)
    kept, other = twins
    answer = press(client, twins[order], "sammenlaegning", twins[1 - order])
    assert (answer.status_code, answer.location) == (303, f"/moeder/{kept}")
    (row,) = stored.rows(house, "meeting")
    assert (row.logged_by, row.with_mentor) == (cast.people["Anna"], cast.people["Bo"])
    assert (row.place, row.km) == ("home", 10)
    assert row.others == 0b101000
    assert {e.relation for e in stored.rows(house, "evaluation")} == {4, 9}
    page = client.get(f"/moeder/{kept}").text
    assert "Annas" in page
    assert "Bos" in page
    assert client.get(f"/moeder/{other}").status_code == 404
    assert len(stored.acts(house, "merged")) == 1
    assert not asked(client)


def test_what_was_sent_again_after_a_merge_leads_to_the_one_meeting(anna, bo, house):
    values = logs.filled(bo)
    first = logs.log(anna)
    second = logs.send(bo, values).location.split("/")[2]
    press(anna, first, "sammenlaegning", second)
    assert logs.send(bo, values).location == f"/moeder/{first}/kvittering"
    assert len(stored.rows(house, "meeting")) == 1


def test_who_cancelled_survives_a_merge(anna, bo, house):
    first = logs.log(anna, outcome="cancelled", relation="", wellbeing="")
    second = logs.log(
        bo, outcome="cancelled", relation="", wellbeing="", cancelled_by="prison", apart="1"
    )
    assert press(bo, first, "sammenlaegning", second).status_code == 303
    assert [row.cancelled_by for row in stored.rows(house, "meeting")] == ["prison"]


def test_either_keeps_them_apart_and_nobody_is_asked_again(house, anna, bo, twins):
    assert press(bo, twins[0], "adskillelse", twins[1]).status_code == 303
    assert len(stored.rows(house, "meeting")) == 2
    assert len(stored.acts(house, "separated")) == 1
    assert not asked(anna)
    assert press(anna, twins[0], "sammenlaegning", twins[1]).status_code == 404


@pytest.mark.parametrize("noun", ["sammenlaegning", "adskillelse"])
def test_others_can_do_neither(house, signed_in, twins, noun):
    before = stored.contents(house)
    for name in ("Otto", "Mia", "Nora"):
        client = signed_in(name)
        signed = before | {"sign_in": stored.contents(house)["sign_in"]}
        assert press(client, twins[0], noun, twins[1]).status_code == 404
        assert stored.contents(house) == signed


@pytest.mark.parametrize("noun", ["sammenlaegning", "adskillelse"])
def test_two_meetings_of_one_mentor_are_no_twins(anna, house, noun):
    first, second = logs.log(anna), logs.log(anna)
    assert not asked(anna)
    assert press(anna, first, noun, second).status_code == 404
    assert len(stored.rows(house, "meeting")) == 2


@pytest.mark.parametrize("noun", ["sammenlaegning", "adskillelse"])
def test_meetings_of_two_days_are_no_twins(anna, bo, noun):
    first, second = logs.log(anna, when="yesterday"), logs.log(bo)
    assert press(bo, first, noun, second).status_code == 404


def test_a_meeting_is_not_merged_with_itself(anna, bo, twins):
    for other in (twins[0], "", "x", str(clock.today())):
        assert press(anna, twins[0], "sammenlaegning", other).status_code == 404


def test_both_sides_merging_at_once_leave_one_meeting(house, anna, bo, twins):
    press(anna, twins[0], "sammenlaegning", twins[1])
    assert press(bo, twins[1], "sammenlaegning", twins[0]).status_code == 404
    assert len(stored.rows(house, "meeting")) == 1


def test_the_page_says_who_logged(anna, twins):
    card = next(s for s in html.read(anna.get("/moeder").text).all("section") if s.all("form"))
    assert "dig" in card.text
    assert "Bo" in card.text
