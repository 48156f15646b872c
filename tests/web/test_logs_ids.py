"""Log møde: ids made on a phone, and whose mentorship it is."""

from uuid import UUID

import pytest

from tests import html, logs, stored

STRANGER = "944d55ab-628f-4fdc-9493-4fe10806ebf1"


def test_a_mentorship_that_is_not_mine_does_not_exist(house, anna, cast, silent):
    """T38: a form for somebody else is refused."""
    values = logs.filled(anna, mentorship=str(cast.mentorships["Jonas"]))
    before = stored.counts(house)
    assert logs.send(anna, values).status_code == 404
    assert stored.counts(house) == before


@pytest.mark.parametrize("mentorship", ["", "x", STRANGER, "0" * 32, "'; DROP TABLE meeting"])
def test_a_mentorship_that_is_none_does_not_exist(house, anna, mentorship):
    values = logs.filled(anna, mentorship=mentorship)
    before = stored.counts(house)
    assert logs.send(anna, values).status_code == 404
    assert stored.counts(house) == before


@pytest.mark.parametrize("sent", ["", "x", "1234", STRANGER[:-1], "\x00"])
def test_an_id_that_is_none_is_refused(refused, sent):
    assert "for længe" in refused(id=sent, lost=("id",))


def test_an_id_used_by_someone_else_stores_nothing(house, anna, bo):
    values = logs.filled(anna)
    assert logs.send(anna, values).status_code == 303
    before = stored.counts(house)
    answer = logs.send(bo, logs.filled(bo, apart="1", comment="Mit eget møde", id=values["id"]))
    assert answer.status_code == 409
    assert stored.counts(house) == before
    again = html.values(html.read(answer.text).one(id="log-form"))
    assert again["comment"] == ["Mit eget møde"]
    assert again["id"] != values["id"]


def test_the_form_that_comes_back_has_an_id_that_works(house, anna, bo):
    values = logs.filled(anna)
    logs.send(anna, values)
    answer = logs.send(bo, logs.filled(bo, apart="1", relation="3", id=values["id"]))
    again = html.values(html.read(answer.text).one(id="log-form"))
    assert logs.send(bo, again).status_code == 303
    assert len(stored.rows(house, "meeting")) == 2
    assert {row.relation for row in stored.rows(house, "evaluation")} == {3, 7}


def test_an_id_of_the_other_branch_cannot_be_taken_over(house, anna, signed_in):
    values = logs.filled(anna)
    logs.send(anna, values)
    otto = signed_in("Otto")
    before = stored.contents(house)
    assert logs.send(otto, logs.filled(otto, id=values["id"])).status_code == 409
    assert stored.contents(house) == before


def test_the_same_id_with_other_content_stores_nothing(house, anna):
    values = logs.filled(anna)
    logs.send(anna, values)
    before = stored.contents(house)
    answer = logs.send(anna, values | {"relation": "2", "comment": "Noget andet"})
    page = html.read(answer.text)
    assert answer.status_code == 409
    assert "allerede sendt" in html.summary(page)
    assert html.values(page.one(id="log-form"))["comment"] == ["Noget andet"]
    assert stored.contents(house) == before


def test_an_id_is_the_same_however_it_is_spelled(house, anna):
    values = logs.filled(anna)
    answers = [
        logs.send(anna, values | {"id": spelled})
        for spelled in (
            values["id"][0],
            values["id"][0].upper(),
            UUID(values["id"][0]).hex,
            "{" + values["id"][0] + "}",
        )
    ]
    assert {a.status_code for a in answers} == {303}
    assert len({a.location for a in answers}) == 1
    assert len(stored.rows(house, "meeting")) == 1


def test_a_meeting_of_another_mentorship_cannot_be_joined(house, anna, signed_in):
    otto = signed_in("Otto")
    meeting = logs.log(otto)
    before = stored.counts(house)
    assert logs.send(anna, logs.filled(anna, join=meeting)).status_code == 404
    assert stored.counts(house) == before


@pytest.mark.parametrize(("join", "status"), [("x", 404), (STRANGER, 409), ("0", 404)])
def test_a_meeting_that_does_not_exist_cannot_be_joined(house, anna, join, status):
    values = logs.filled(anna, join=join)
    before = stored.counts(house)
    assert logs.send(anna, values).status_code == status
    assert stored.counts(house) == before


def test_a_meeting_before_my_seat_began_cannot_be_joined(house, anna, bo, cast):
    meeting = logs.log(anna, when="other", date=cast.seated.isoformat())
    assert "mine-svar" not in bo.get(f"/moeder/{meeting}").text
    before = stored.contents(house)
    assert logs.send(bo, logs.filled(bo, join=meeting, apart="1")).status_code == 404
    assert stored.contents(house) == before
