"""Whoever leads a mentorship today is told, and called: not who led it once, and never the pair."""

from datetime import timedelta

import pytest

from app import clock
from app.domain import news, notices, occasions, reminders
from tests import html
from tests.leaders import lead, own, stand_in, step_down

DAY = clock.today()


@pytest.fixture
def worry(signed_in):
    """Somebody of the pair raises a concern."""

    def say(name="Anna"):
        client = signed_in(name)
        form = html.values(html.read(client.get("/bekymring").text).one("form", id="concern-form"))
        assert client.post("/bekymring", data=form).status_code == 303

    return say


def told(house, cast, reminder=news.ALERT):
    """Who was told of it, by name."""
    with house.work(writes=False):
        return {
            name
            for name, person in cast.people.items()
            for one in notices.lately(person, clock.now() - timedelta(days=1), 60)
            if one.reminder == reminder
        }


def called(client, path="/"):
    """Whom the bar of a mentor's page calls."""
    links = [a for a in html.read(client.get(path).text).all("a") if a.attrs.get("class") == "call"]
    return " ".join(a.text for a in links)


def dialled(client):
    """Whom /bekymring calls, in order."""
    main = html.read(client.get("/bekymring").text).one("main")
    return [a.attrs["href"] for a in main.all("a") if a.attrs["href"].startswith("tel:")]


def phone(cast, name):
    return f"tel:200000{list(cast.people).index(name):02}"


def test_a_concern_goes_to_the_owner_alone_while_the_owner_leads(house, cast, worry, anna):
    lead(house, cast, "Nora")
    worry()
    assert told(house, cast) == {"Lise"}
    assert "Lise" in called(anna)
    assert dialled(anna) == [phone(cast, "Lise"), phone(cast, "Nora")]


def test_when_the_owner_leads_no_more_whoever_leads_now_is_told_and_called(
    house, cast, worry, anna
):
    lead(house, cast, "Lars")
    step_down(house, cast, "Lise")
    worry()
    assert told(house, cast) == {"Lars"}
    assert "Lars" in called(anna)
    assert dialled(anna) == [phone(cast, "Lars")]


def test_a_stand_in_is_told_beside_the_owner_and_called_first(house, cast, worry, anna):
    stand_in(house, cast, "Nora")
    worry()
    assert told(house, cast) == {"Lise", "Nora"}
    assert "Nora" in called(anna)
    assert dialled(anna) == [phone(cast, "Nora"), phone(cast, "Lise")]


def test_who_sits_or_sat_in_the_pair_is_never_told(house, cast, worry, signed_in):
    """Bo stands in, Mia leads and sat there once; Anna, who sits there, even owns it."""
    stand_in(house, cast, "Bo")
    lead(house, cast, "Mia")
    lead(house, cast, "Anna")
    own(house, cast, "Anna")
    worry("Bo")
    assert told(house, cast) == {"Lise"}
    assert "Lise" in called(signed_in("Bo"))
    assert dialled(signed_in("Bo")) == [phone(cast, "Lise")]


def test_where_nobody_leads_a_concern_reaches_the_consultant_who_calls(
    house, cast, worry, anna, karen
):
    step_down(house, cast, "Lise")
    worry()
    assert told(house, cast) == {"Karen"}
    assert "Karen" in called(anna)
    page = html.read(karen.get("/konsulent/bekymringer").text).one("main")
    assert "Samir" not in page.text
    assert phone(cast, "Anna") in [a.attrs["href"] for a in page.all("a")]
    with house.work(writes=False):
        [one] = notices.lately(cast.people["Karen"], clock.now() - timedelta(days=1), 60)
    assert karen.get(f"/p/{one.id}").location == "/konsulent/bekymringer?hvorfor=alert"


def test_where_somebody_leads_the_consultant_is_not_told_and_reads_no_mentors_name(
    house, cast, worry, karen
):
    worry()
    assert "Anna" not in karen.get("/konsulent/bekymringer").text


def of_the_round(house, cast, days=0):
    """Who is told of Samir's silence, and of his weeks, by name."""
    now = clock.now() + timedelta(days=days)
    with house.work(writes=False):
        [samir] = [o for o in occasions.gather(now) if o.id == cast.mentorships["Samir"]]
        names = {person: name for name, person in cast.people.items()}
        assert {due.person_id for due in reminders.due(samir, now)} <= set(names)
        return {names[leader] for leader in samir.leaders}


def test_reminders_go_to_whoever_leads_today(house, cast):
    assert of_the_round(house, cast) == {"Lise"}
    stand_in(house, cast, "Nora")
    assert of_the_round(house, cast) == {"Lise", "Nora"}
    assert of_the_round(house, cast, days=10) == {"Lise"}
    step_down(house, cast, "Lise")
    lead(house, cast, "Lars")
    lead(house, cast, "Bo")
    assert of_the_round(house, cast) == {"Lars", "Nora"}
