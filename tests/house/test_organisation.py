"""Signing in by the organisation: whom it lets in, and what it must have said of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from joserfc.jwk import RSAKey

from app import clock, create_app
from app.config import UnsafeSettings, refuse_what_is_unsafe
from app.domain import corrections, trail
from app.domain.mentors import Newcomer
from tests import stored
from tests.organisation import CLIENT, SECRET, sent_to, standing

WAY = "/log-ind/organisation"
GOOD = {"email": "Anna@test.invalid", "email_verified": True, "amr": ["pwd", "mfa"]}


@pytest.fixture
def organisation():
    with standing() as made:
        made.claims = dict(GOOD)
        yield made


@pytest.fixture
def app(settings, organisation):
    made = create_app(
        replace(
            settings,
            origin="http://localhost",
            password_alone=False,
            oidc_issuer=organisation.url,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
            oidc_acr=frozenset({"https://refeds.org/profile/mfa"}),
        )
    )
    yield made
    for engine in (made.extensions["house"].data, made.extensions["house"].keys.engine):
        engine.dispose()


def come_in(client):
    """Out to the organisation and back, as a browser goes."""
    there = client.get(WAY)
    assert there.status_code == 302
    back = requests.get(there.location, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://localhost"))


def is_in(client):
    return client.get("/mig").status_code == 200


def test_whoever_is_invited_comes_in(app, cast):
    client = app.test_client()
    assert f'href="{WAY}"' in client.get("/log-ind").text
    answer = come_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)
    assert len(stored.acts(app.extensions["house"], "signed_in")) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"amr": ["pwd"]},
        {"amr": None},
        {"amr": "mfa"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"email": "ingen@test.invalid"},
        {"email": "gustav@test.invalid"},
        {"aud": "somebody else"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"exp": 1},
        {"auth_time": None},
        {"auth_time": True},
        {"auth_time": "now"},
        {"auth_time": float("nan")},
    ],
    ids=str,
)
def test_T12_less_than_that_is_refused_and_all_alike(app, cast, organisation, said):
    organisation.claims |= said
    client = app.test_client()
    answer = come_in(client)
    assert answer.status_code == 403
    assert "den vej" in answer.text
    assert not is_in(client)
    assert stored.acts(app.extensions["house"], "signed_in") == []


def test_T13_another_address_lets_nobody_in_for_a_week(app, cast, organisation, time_machine):
    """Else whoever changes it comes in with the organisation's account of that address."""
    house, anna = app.extensions["house"], cast.people["Anna"]
    now = Newcomer("Anna", "Andersen", "ny@test.invalid", None)
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Karen"], None)
        corrections.of_colleague(anna, now, house.keyring.lookup, pen)
        unit.commit()
    organisation.claims |= {"email": "ny@test.invalid"}
    assert come_in(app.test_client()).status_code == 403
    time_machine.move_to(clock.now() + corrections.SETTLES + timedelta(minutes=1))
    client = app.test_client()
    come_in(client)
    assert is_in(client)


@pytest.mark.parametrize("ago", [timedelta(minutes=6), timedelta(hours=9), -timedelta(minutes=2)])
def test_T15_a_session_that_stands_open_over_there_opens_nothing(app, cast, organisation, ago):
    """It would open the lock, and count as a fresh proof."""
    organisation.claims |= {"auth_time": int((clock.now() - ago).timestamp())}
    client = app.test_client()
    assert come_in(client).status_code == 403
    assert not is_in(client)
    organisation.claims |= {"auth_time": int(clock.now().timestamp()) - 60}
    assert come_in(client).status_code == 303


def test_another_word_for_two_factors_is_a_setting(app, cast, organisation):
    organisation.claims |= {"amr": ["pwd"], "acr": "https://refeds.org/profile/mfa"}
    assert come_in(app.test_client()).status_code == 303


def test_what_another_has_signed_is_refused(app, cast, organisation):
    organisation.signs_with = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    client = app.test_client()
    assert come_in(client).status_code == 403
    assert not is_in(client)


def test_T18_nobody_is_signed_in_by_somebody_else_s_way_back(app, cast):
    there = app.test_client().get(WAY)
    back = requests.get(there.location, allow_redirects=False, timeout=5).headers["Location"]
    victim = app.test_client()
    assert victim.get(back.removeprefix("http://localhost")).status_code == 403
    assert not is_in(victim)


def test_it_asks_for_no_more_than_the_address(app):
    where, asked = sent_to(app.test_client().get(WAY).location)
    assert where.endswith("/authorization")
    assert asked["scope"] == "openid email"
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert asked["redirect_uri"] == f"http://localhost{WAY}/svar"


def test_an_organisation_that_does_not_answer_is_said_calmly(settings):
    made = create_app(replace(settings, oidc_issuer="http://127.0.0.1:9"))
    answer = made.test_client().get(WAY)
    assert answer.status_code == 403
    assert "den vej" in answer.text
    for engine in (made.extensions["house"].data, made.extensions["house"].keys.engine):
        engine.dispose()


def test_production_asks_only_over_https(settings):
    wanted = replace(
        settings,
        mode="production",
        secure_cookies=True,
        password_alone=False,
        idle=settings.idle.__class__(minutes=15),
        oidc_issuer="http://login.example.dk",
    )
    with pytest.raises(UnsafeSettings, match="OIDC_ISSUER"):
        refuse_what_is_unsafe(wanted)
