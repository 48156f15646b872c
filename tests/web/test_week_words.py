"""How weeks and requests are said: numbers in a sentence, who did what, and when it was."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.language import speaking
from app.web import week_form
from tests import html, stored, weeks
from tests.weeks import ASKED, answer, ask, take, wednesday, week, with_cast

__all__ = ["wednesday", "with_cast"]
IN_2026 = [date(2026, 12, 21), date(2026, 12, 7)]
IN_2027 = date(2027, 1, 4)


@pytest.mark.parametrize(
    ("mondays", "danish", "english"),
    [
        ([IN_2027], "uge 1", "week 1"),
        (IN_2026, "uge 50 og 52", "weeks 50 and 52"),
        ([IN_2027, *IN_2026], "uge 50, 52 og 1", "weeks 50, 52 and 1"),
    ],
)
def test_weeks_in_a_sentence_stand_in_the_order_of_the_year(mondays, danish, english):
    for tongue, sentence in (("da", danish), ("en", english)):
        with speaking(tongue):
            assert week_form.numbered(iter(mondays)) == sentence


def waiting(client):
    """The rows on I dag that wait for an answer."""
    page = html.read(client.get("/").text)
    return [a.text for a in page.all("a", **{"class": "row"}) if ASKED in a.attrs["href"]]


def test_i_dag_says_swap_and_names_only_what_one_is_to_take(anna, bo):
    ask(anna, 48, take=[week(49)])
    (row,) = waiting(bo)
    assert row.startswith("Anna vil bytte uge 48 med dig")


def test_i_dag_says_which_weeks_one_still_has(anna):
    assert "Du har spurgt" not in weeks.read(anna, "/")
    ask(anna, 48, take=[week(49)])
    assert "Du har spurgt Bo om uge 48. Indtil der er svar, har du den." in weeks.read(anna, "/")


def test_a_request_that_was_answered_is_told_as_something_past(anna, bo):
    path = ask(anna, 48)
    assert "Anna spørger, om du tager uge 48" in weeks.read(bo, path)
    take(bo, path)
    assert "Anna spurgte, om du ville tage uge 48" in weeks.read(bo, path)
    assert "Du spurgte, om Bo ville tage uge 48" in weeks.read(anna, path)


def test_only_the_one_who_was_asked_says_no_to_a_swap(anna, bo):
    path = ask(anna, 48, take=[week(49)])
    assert answer(bo, path, "nej").status_code == 303
    page = weeks.read(anna, path)
    assert page.count("Bo kan ikke") == 2
    assert "Du kan ikke" not in page


def test_several_weeks_taken_are_them(anna, bo):
    take(bo, ask(anna, 48, 50))
    assert "Bo tager dem" in weeks.read(anna, ASKED)
    assert "Du tager dem" in weeks.read(bo, ASKED)


def test_who_came_later_reads_the_names_of_both(house, cast, signed_in, anna, bo):
    take(bo, ask(anna, 48))
    seats = stored.TABLES["seat"]
    with house.data.begin() as connection:  # Bo's last day was yesterday; Nora begins
        of_bo = seats.c.person_id == cast.people["Bo"]
        old = connection.execute(seats.select().where(of_bo)).one()
        yesterday = weeks.A_WEDNESDAY - timedelta(days=1)
        connection.execute(seats.update().where(of_bo).values(to_on=yesterday))
        new = {"id": uuid4(), "person_id": cast.people["Nora"], "from_on": weeks.A_WEDNESDAY}
        connection.execute(seats.insert().values(old._asdict() | new))
    told = "Anna spurgte, om Bo ville tage uge 48"
    assert told in weeks.read(signed_in("Nora"), ASKED)
