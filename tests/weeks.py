"""Uger on one known day: the cast as it stood then, and its forms as a phone without scripts does.

On Wednesday 18 November 2026 Bo has week 47, Anna has 48, 50 and 52, and week 53 is Bo's.
"""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain import departures, mentorships, trail, turns
from app.domain.turns import Note, Request
from app.house import House, open_house
from tests import cast as casting
from tests import html
from tests.cast import Cast
from tests.conftest import copied, settle, token_on
from tests.html import Element

A_WEDNESDAY = date(2026, 11, 18)
ASKED = "/uger/overdragelser"
GONE = "Der er sket noget imens. Sådan står det nu."
Values = dict[str, Any]


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(11), UTC)


@pytest.fixture(scope="session")
def with_cast(migrated, tmp_path_factory):
    """The two stores with the cast as it stood on that Wednesday."""
    folder = tmp_path_factory.mktemp("wednesday")
    with time_machine.travel(at_noon(A_WEDNESDAY)):
        house = open_house(copied(migrated, folder))
        cast = casting.call(house, A_WEDNESDAY)
    settle(house)
    return folder, cast


@pytest.fixture(autouse=True)
def wednesday():
    """It is that Wednesday at noon, until a test moves the clock."""
    with time_machine.travel(at_noon(A_WEDNESDAY)) as moving:
        yield moving


def week(number: int, year: int = 2026) -> str:
    return f"{year}-W{number:02}"


def opened(client: FlaskClient, path: str = "/uger/giv", form: str = "handover-form") -> Values:
    """The values of a fresh form."""
    return dict(html.values(html.read(client.get(path).text).one("form", id=form)))


def send(client: FlaskClient, *numbers: int, **changes: Any) -> TestResponse:
    """Giv ugen videre: weeks of 2026 by number."""
    chosen = {"weeks": [week(number) for number in numbers]}
    return client.post(ASKED, data=opened(client) | chosen | changes)


def ask(client: FlaskClient, *numbers: int, **changes: Any) -> str:
    """Ask for weeks; the address of the request."""
    answer = send(client, *numbers, **changes)
    assert answer.status_code == 303, answer.text
    return answer.location


def act(client: FlaskClient, path: str, token: str | None = None, **sent: Any) -> TestResponse:
    """Press a button of a form that holds nothing but its token."""
    return client.post(path, data={"csrf_token": token or token_on(client, "/mig")} | sent)


def answer(client: FlaskClient, path: str, reply: str = "ja", **changes: Any) -> TestResponse:
    """Jeg tager den, or Kan ikke: all weeks that are ticked on the page."""
    form = opened(client, path, "answer-form")
    return client.post(f"{path}/svar", data=form | {"svar": reply} | changes)


def take(client: FlaskClient, path: str, **changes: Any) -> None:
    assert answer(client, path, **changes).status_code == 303


def read(client: FlaskClient, path: str) -> str:
    """What stands on a page, without the markup."""
    found = client.get(path)
    assert found.status_code == 200, path
    return html.read(found.text).text


def strip(client: FlaskClient) -> dict[int, Element]:
    """The weeks on Uger by number, in their order on the page."""
    page = html.read(client.get("/uger").text)
    found = [e for e in page.all("li") if "week" in e.attrs.get("class", "").split()]
    return {int(e.one("strong").text.split()[-1]): e for e in found}


def said(client: FlaskClient, number: int) -> str:
    """Who has a week and what is said about it, as Uger has it."""
    return strip(client)[number].one("p", **{"class": "week-who"}).text


def holder(client: FlaskClient, number: int) -> str:
    """Who has a week, as Uger has it."""
    return strip(client)[number].one("bdi").text


def leave(house: House, cast: Cast, name: str) -> None:
    """The mentor's seat in Samir's pair ends now."""
    with house.work(writes=True) as (unit, _):
        person = cast.people[name]
        pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
        life, samir = cast.mentorships["Samir"], cast.participants["Samir"]
        assert departures.leave(life, samir, person, pen)
        unit.commit()


def lead(house: House, cast: Cast, taker: str, *mondays: date, message: str | None = None) -> None:
    """Lise gives weeks to one of the pair, whatever was asked."""
    with house.work(writes=True) as (unit, _):
        by = cast.people["Lise"]
        life = mentorships.one(cast.mentorships["Samir"], A_WEDNESDAY)
        assert life is not None
        request = Request(uuid4(), mondays, note=Note(going=message))
        pen = trail.Pen(house.keyring.trail, by, None)
        turns.give_for(request, life, cast.people[taker], pen, by)
        unit.commit()
