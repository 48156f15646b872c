"""Uger: one strip of weeks that says whose each is, what is planned, asked for and uncovered."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from app import clock
from app.domain import plans
from app.domain.plans import Terms
from tests import html, logs, stored, weeks
from tests.weeks import ask, at_noon, holder, said, take, wednesday, with_cast

__all__ = ["wednesday", "with_cast"]
SOON, LATER = [47, 48, 49, 50, 51, 52, 53], list(range(1, 21))
EARLIER = list(range(46, 34, -1))


def page(client):
    return html.read(client.get("/uger").text)


def plan(house, cast, on, at=None):
    with house.work(writes=True) as (unit, _):
        made, by = uuid4(), cast.people["Anna"]
        plans.add(cast.mentorships["Samir"], Terms(on, at, comes_id=by), by, plan_id=made)
        unit.commit()
    return f"/aftaler/{made}"


def start(house, cast, day):
    """The mentorship began on that day."""
    with house.data.begin() as connection:
        lives = stored.TABLES["mentorship"]
        here = lives.c.id == cast.mentorships["Samir"]
        connection.execute(lives.update().where(here).values(matched_on=day))


def test_the_strip_goes_12_weeks_back_and_26_ahead(anna):
    assert list(weeks.strip(anna)) == SOON + LATER + EARLIER
    (current,) = page(anna).all("li", **{"aria-current": "date"})
    assert "Uge 47" in current.text
    assert "Denne uge" in current.text


def test_the_strip_goes_no_further_back_than_the_mentorship(house, cast, anna):
    start(house, cast, date(2026, 11, 4))  # a Wednesday of week 45
    assert list(weeks.strip(anna)) == SOON + LATER + [46, 45]


def test_the_two_alternate_and_each_reads_the_own_weeks_as_dig(anna, bo):
    assert [holder(anna, n) for n in SOON] == ["Bo", "Dig", "Bo", "Dig", "Bo", "Dig", "Bo"]
    assert [holder(bo, n) for n in SOON] == ["Dig", "Anna", "Dig", "Anna", "Dig", "Anna", "Dig"]
    assert holder(anna, 1) == "Dig"  # week 53 is a week like any other


def test_who_sat_there_before_had_the_weeks_then(anna):
    assert [holder(anna, n) for n in (46, 45, 44, 43)] == ["Dig", "Mia", "Dig", "Mia"]


def test_a_week_that_is_asked_for_leads_to_its_request(anna, bo):
    path = ask(anna, 48)
    for client in (anna, bo):
        (tag,) = page(client).all("a", href=path)
        assert tag.text == "Venter på svar"
        assert tag in weeks.strip(client)[48].walk()
    take(bo, path)
    assert path not in anna.get("/uger").text
    assert holder(anna, 48) == "Bo"


def test_planned_meetings_stand_in_their_week(house, cast, anna, bo):
    path = plan(house, cast, date(2026, 11, 29), time(14))  # a Sunday
    for client in (anna, bo):
        shown = weeks.strip(client)
        assert [n for n, one in shown.items() if one.all("a", href=path)] == [48]
        assert shown[48].one("a", href=path).text == "Møde 29. nov. kl. 14.00"


def test_public_holidays_are_named(anna):
    shown = weeks.strip(anna)
    assert "Juledag" in shown[52].text
    assert "Nytårsdag" in shown[53].text
    assert "Langfredag" in shown[12].text
    assert shown[48].all("p", **{"class": "hint"}) == []


def test_contact_is_the_pair_s_and_said_without_blame(anna, bo):
    logs.log(anna, when="other", date="2026-11-12", outcome="no_show", relation="", wellbeing="")
    logs.log(bo)
    form = weeks.opened(anna, "/kontakter/ny", "contact-form")
    assert anna.post("/kontakter", data=form | {"kind": "attempt"}).status_code == 303
    for client in (anna, bo):
        assert "I havde kontakt" in said(client, 47)
        assert "Ingen kontakt logget" in said(client, 46)
        assert "kontakt" not in said(client, 48)  # it has not been yet


def test_the_balance_is_a_quiet_line_of_both(anna, bo):
    assert "sidste 8 uger har du haft 4 og Bo 0." in page(anna).text  # Mia had the others
    assert "sidste 8 uger har du haft 0 og Anna 4." in page(bo).text


def test_alone_there_is_no_balance_and_the_empty_seat_s_weeks_are_nobody_s(house, cast, anna):
    weeks.leave(house, cast, "Bo")
    assert "sidste 8 uger" not in page(anna).text
    assert [holder(anna, n) for n in (47, 48, 49)] == ["Ingen har ugen", "Dig", "Ingen har ugen"]
    assert "Ikke dækket" in said(anna, 49)
    assert "Ikke dækket" not in said(anna, 48)


@pytest.mark.parametrize(
    ("monday", "before"),
    # The weeks after the Sundays on which the clocks change, and after week 53.
    [(date(2026, 10, 26), 43), (date(2027, 3, 29), 12), (date(2027, 1, 4), 53)],
)
def test_a_week_begins_on_monday_at_midnight_in_denmark(wednesday, signed_in, cast, monday, before):
    midnight = clock.midnight(monday)
    for instant, number in ((midnight - timedelta(seconds=1), before), (midnight, None)):
        wednesday.move_to(instant)
        (current,) = page(signed_in("Anna")).all("li", **{"aria-current": "date"})
        assert current.one("strong").text == f"Uge {number or monday.isocalendar().week}"


def test_the_strip_moves_with_the_weeks(wednesday, signed_in, cast):
    wednesday.move_to(at_noon(date(2026, 12, 30)))
    found = list(weeks.strip(signed_in("Anna")))
    assert found[:3] == [53, 1, 2]
    assert len(found) == 39


def test_who_has_no_participant_meets_a_calm_page(signed_in):
    text = page(signed_in("Nora")).text
    assert "Ingen uger endnu" in text
    assert "Giv ugen videre" not in text
