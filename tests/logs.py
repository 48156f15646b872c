"""Log møde as a phone without scripts does it: open the form, fill it in, press Send."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import html

Values = dict[str, Any]


def opened(client: FlaskClient, path: str = "/moeder/ny") -> Values:
    """The values of a fresh form."""
    page = html.read(client.get(path).text)
    return dict(html.values(page.one("form", id="log-form")))


def filled(client: FlaskClient, path: str = "/moeder/ny", **changes: Any) -> Values:
    """A fresh form with the least that a mentor answers, and what the test is about."""
    least = {"relation": "7", "wellbeing": "8", "outcome": "held"}
    return opened(client, path) | least | changes


def send(client: FlaskClient, values: Values, **headers: str) -> TestResponse:
    return client.post("/moeder", data=values, headers=headers)


def log(client: FlaskClient, **changes: Any) -> str:
    """Log a meeting; its id."""
    answer = send(client, filled(client, **changes))
    assert answer.status_code == 303, answer.text
    return answer.location.split("/")[2]


def join(client: FlaskClient, meeting: str, **changes: Any) -> TestResponse:
    """Give one's own answers to a co-mentor's log."""
    return send(client, filled(client, f"/moeder/{meeting}/mine-svar", **changes))
