"""Log ind: failed attempts are counted per network too, whoever they are about."""

from dataclasses import replace

import pytest

from app import create_app
from app.config import from_environment
from tests import stored
from tests.cast import PASSWORD
from tests.conftest import token_on

pytestmark = pytest.mark.slow  # every attempt costs a password hash


@pytest.fixture
def app(settings):
    made = create_app(replace(settings, sign_in_attempts_per_network="3 per hour"))
    yield made
    made.extensions["house"].data.dispose()
    made.extensions["house"].keys.engine.dispose()


@pytest.fixture
def attempt(app, cast):
    def send(email, address, password=f"not {PASSWORD}"):
        client = app.test_client()
        sent = {
            "csrf_token": token_on(client, "/log-ind"),
            "email": email,
            "password": password,
        }
        where = {"REMOTE_ADDR": address}
        return client.post("/log-ind", data=sent, environ_overrides=where).status_code

    return send


def test_the_default_is_a_hundred_an_hour():
    assert from_environment({}).sign_in_attempts_per_network == "100 per hour"


def test_one_network_may_fail_so_often_whoever_it_tries(attempt, cast):
    """T24: guesses are counted per network too."""
    anna, nobody = cast.email("Anna"), "nobody@test.invalid"
    assert [attempt(e, "192.0.2.7") for e in (anna, nobody, "x@test.invalid")] == [422] * 3
    assert attempt(anna, "192.0.2.7") == 429
    assert attempt("y@test.invalid", "192.0.2.7") == 429
    assert attempt(anna, "192.0.2.8", PASSWORD) == 303


def test_signing_in_costs_nothing(attempt, cast):
    for _ in range(4):
        assert attempt(cast.email("Anna"), "192.0.2.7", PASSWORD) == 303


def test_one_customer_s_addresses_are_one_network(attempt, cast):
    for end in ("1", "2", "3"):
        assert attempt(f"{end}@test.invalid", f"2001:db8::{end}") == 422
    assert attempt("4@test.invalid", "2001:db8::ffff:4") == 429
    assert attempt("4@test.invalid", "2001:db8:0:1::4") == 422


def test_an_ipv4_address_is_one_network_however_it_is_written(attempt):
    for place in ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7"):
        assert attempt(f"{place}@test.invalid", place) == 422
    assert attempt("4@test.invalid", "::ffff:192.0.2.7") == 429
    assert attempt("4@test.invalid", "::ffff:192.0.2.8") == 422
    assert attempt("4@test.invalid", "unknown:place") == 422


def test_no_network_address_is_stored(attempt, cast, house):
    attempt(cast.email("Anna"), "192.0.2.7")
    kept = stored.rows(house, "attempt")
    assert len(kept) == 2
    assert "192.0.2" not in str(kept)
