"""What the tests of the pages share: who is signed in, and what a refusal must look like."""

import logging
from datetime import timedelta

import pytest

from app import clock, db
from app.domain.branches import MUNICIPALITIES
from tests import html, logs, stored
from tests.conftest import client_of, token_on

NAMES = ("Anna", "Bo", "Mia", "Samir", "Jonas", "Otto", "Lise", "efternavn", "test.invalid")
RELEASE = clock.today() + timedelta(days=100)  # of whom a referral is about
WRITTEN = "Vi talte om nøglen til kælderen"


@pytest.fixture
def anna(signed_in):
    return signed_in("Anna")


@pytest.fixture
def bo(signed_in):
    return signed_in("Bo")


@pytest.fixture
def any_signed_in(any_app, any_cast):
    """The same as `signed_in`, on each database."""
    return lambda name: client_of(any_app, any_cast, name)


@pytest.fixture
def silent(caplog):
    """Everything that was logged; a test ends by asking that it names nobody."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    for secret in (*NAMES, WRITTEN):
        assert secret not in caplog.text, f"{secret} stands in the server's log"


@pytest.fixture
def refused(house, anna, silent):
    """Send a form with something wrong in it, and check all that a refusal promises."""

    def check(field=None, status=422, lost=(), **changes):
        values = logs.filled(anna, comment=WRITTEN, themes=["work", "other"]) | changes
        before = stored.counts(house)
        answer = logs.send(anna, values)
        assert answer.status_code == status
        assert stored.counts(house) == before
        page = html.read(answer.text)
        kept = html.values(page.one("form", id="log-form"))
        for name, value in values.items():
            if name not in ("csrf_token", "outcome", *lost):
                typed = value if isinstance(value, list) else [value]
                assert kept.get(name, [""]) == typed, f"{name} was lost"
        return html.error_at(page, field) if field else html.summary(page)

    return check


def town(house, cast, branch="Havn"):
    with house.work(writes=False):
        found = db.rows(MUNICIPALITIES.select())
        return next(str(m.id) for m in found if m.branch_id == cast.branches[branch])


@pytest.fixture
def lise(signed_in):
    return signed_in("Lise")


@pytest.fixture
def karen(signed_in):
    return signed_in("Karen")


@pytest.fixture
def life(cast):
    """Samir's mentorship."""
    return cast.mentorships["Samir"]


def post(client, path, **values):
    """A form with its token."""
    return client.post(path, data={"csrf_token": token_on(client, "/mig")} | values)


@pytest.fixture
def receive(lise, house, cast):
    def post(**changes):
        form = html.values(
            html.read(lise.get("/leder/henvisninger/ny").text).one(id="referral-form")
        )
        said = {
            "first_name": "Tarek",
            "surname": "Tareksen",
            "municipality": town(house, cast),
            "release_on": RELEASE.isoformat(),
            "release_status": "parole",
            "source": "Socialrådgiver i Øst Fængsel",
            "source_phone": "70 10 20 30",
            "consents": ["contact"],
        }
        return lise.post("/leder/henvisninger/ny", data=form | said | changes), form["id"][0]

    return post


@pytest.fixture
def send(lise):
    return lambda path, client=None, **values: post(client or lise, path, **values)


@pytest.fixture
def form(receive, send):
    """The address of the form of a referral that is ready for it."""
    _, referral = receive()
    send(f"/leder/henvisninger/{referral}/screening", in_target="y", safe="y")
    return f"/leder/henvisninger/{referral}/skema"
