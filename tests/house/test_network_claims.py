"""What a request says of itself changes nothing about how often it may try."""

from dataclasses import replace

import pytest

from app import create_app
from tests.conftest import token_on

pytestmark = pytest.mark.slow  # every attempt costs a password hash

CLAIMS = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "Via")


@pytest.fixture
def attempts(settings, cast):
    """Failed attempts in turn, each with what it claims; behind so many proxies of ours."""
    made = []

    def tries(proxies, *claims):
        few = replace(settings, sign_in_attempts_per_network="3 per hour", proxies=proxies)
        app = create_app(few)
        made.append(app)
        client = app.test_client()
        token = token_on(client, "/log-ind")
        return [
            client.post(
                "/log-ind",
                data={"csrf_token": token, "email": f"{n}@test.invalid", "password": "x"},
                headers=claim,
            ).status_code
            for n, claim in enumerate(claims)
        ]

    yield tries
    for app in made:
        app.extensions["house"].data.dispose()
        app.extensions["house"].keys.engine.dispose()


def test_T24_a_made_up_origin_buys_no_further_attempts(attempts):
    claims = [dict.fromkeys(CLAIMS, f"192.0.2.{n}") for n in range(5)]
    assert attempts(0, *claims) == [422, 422, 422, 429, 429]


def test_T24_behind_a_proxy_only_its_own_word_counts(attempts):
    """What the client wrote before it stands further left, and is not read."""
    claims = [{"X-Forwarded-For": f"198.51.100.{n}, 192.0.2.7"} for n in range(5)]
    assert attempts(1, *claims) == [422, 422, 422, 429, 429]


def test_T24_behind_a_proxy_two_networks_are_two(attempts):
    claims = [{"X-Forwarded-For": f"192.0.2.{n % 2}"} for n in range(6)]
    assert attempts(1, *claims) == [422] * 6
