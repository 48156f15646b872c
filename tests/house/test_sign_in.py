"""Log ind and Log ud: even answers, a limit for all, sessions that can be ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import PasswordHasher

from app import clock, create_app
from tests import cast as casting
from tests import html, stored
from tests.cast import PASSWORD
from tests.conftest import begin, client_of, token_on

KNOWN, UNKNOWN = "anna@test.invalid", "nobody@test.invalid"
WHEN = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def verified(monkeypatch):
    """Every hash that was compared: the slow part of signing in."""
    seen = []
    real = PasswordHasher.verify

    def verify(self, known_hash, password):
        seen.append(known_hash)
        return real(self, known_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return seen


def sign_in(client, email, password=PASSWORD, **more):
    sent = {"csrf_token": token_on(client, "/log-ind"), "email": email, "password": password}
    return client.post("/log-ind", data=sent | more)


def words(answer):
    page = html.read(answer.text)
    return page.one("main").text


@pytest.mark.parametrize("email", [KNOWN, "Anna@Test.Invalid", "  anna@test.invalid "])
def test_the_right_password_opens_however_the_address_is_written(app, house, cast, email):
    client = app.test_client()
    answer = sign_in(client, email)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Samir" in client.get("/").text
    assert len(stored.acts(house, "signed_in")) == 1


@pytest.mark.parametrize(
    ("name", "home"), [("Anna", "/"), ("Lise", "/leder"), ("Karen", "/konsulent")]
)
def test_everyone_lands_on_their_own_floor(app, cast, name, home):
    assert sign_in(app.test_client(), cast.email(name)).location == home


def test_known_and_unknown_are_answered_alike_and_as_slowly(app, cast, verified):
    """T23: one answer, and one hash of one cost for each."""
    answers = []
    for email in (KNOWN, UNKNOWN, "", "x" * 500, "gustav@test.invalid"):
        before = len(verified)
        answers.append(sign_in(app.test_client(), email, "forkert kodeord"))
        assert len(verified) == before + 1, email
    assert {a.status_code for a in answers} == {422}
    assert len({words(a) for a in answers}) == 1
    costs = {known_hash.rsplit("$", 2)[0] for known_hash in verified}
    assert len(costs) == 1, "the hashes do not cost the same"


def test_who_has_no_role_any_more_is_answered_like_a_wrong_password(app, cast):
    """T23: who was here once is like nobody."""
    wrong = sign_in(app.test_client(), KNOWN, "x")
    gone = sign_in(app.test_client(), cast.email("Gustav"))
    assert (gone.status_code, words(gone)) == (wrong.status_code, words(wrong))


def test_the_address_typed_is_kept_and_the_password_is_not(app, cast):
    for token in ({}, {"csrf_token": "x"}):
        answer = sign_in(app.test_client(), KNOWN, "hemmelig-kode", **token)
        assert answer.status_code == (400 if token else 422)
        assert html.values(html.read(answer.text).one("form", action="/log-ind"))["email"] == [
            KNOWN
        ]
        assert "hemmelig-kode" not in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_the_eleventh_attempt_is_refused_for_known_and_unknown(app, cast, verified, email):
    """T23, T24: ten guesses an hour, whoever they are about."""
    statuses = [sign_in(app.test_client(), email, "x").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert len(verified) == 10
    assert sign_in(app.test_client(), email.upper()).status_code == 429


@pytest.mark.slow
def test_one_account_s_attempts_do_not_lock_another(app, cast):
    for _ in range(11):
        sign_in(app.test_client(), UNKNOWN, "x")
    assert sign_in(app.test_client(), KNOWN).status_code == 303


@pytest.mark.slow
def test_attempts_are_counted_across_workers_and_end_after_an_hour(app, settings, house):
    with time_machine.travel(WHEN, tick=False) as traveller:
        casting.call(house, clock.today())
        for _ in range(10):
            sign_in(app.test_client(), KNOWN, "x")
        other = create_app(settings)
        assert sign_in(other.test_client(), KNOWN).status_code == 429
        traveller.shift(timedelta(hours=1, seconds=1))
        assert sign_in(other.test_client(), KNOWN).status_code == 303
        other.extensions["house"].data.dispose()
        other.extensions["house"].keys.engine.dispose()


def test_no_address_is_stored_with_the_attempts(app, house, cast):
    sign_in(app.test_client(), KNOWN, "x")
    keys = [row.key for row in stored.rows(house, "attempt")]
    assert len(keys) == 2, "one of the account, one of the network"
    for told in ("anna", "test.invalid", "127.0.0.1"):
        assert told not in str(keys)


def test_signing_in_makes_a_new_session(app, cast):
    """T25: the token is new each time."""
    client = app.test_client()
    sign_in(client, KNOWN)
    with client.session_transaction() as session:
        first, session["planted"] = session["_user_id"], "by somebody else"
    client.post("/log-ud", data={"csrf_token": token_on(client, "/mig")})
    sign_in(client, KNOWN)
    with client.session_transaction() as session:
        assert session["_user_id"] != first
        assert "planted" not in session


def test_what_was_in_the_cookie_before_signing_in_is_gone(app, cast):
    """T25: a planted session is thrown away."""
    client = app.test_client()
    token_on(client, "/log-ind")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["_user_id"] = "fixed beforehand"
    sign_in(client, KNOWN)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "fixed beforehand"


def test_a_token_of_before_signing_in_is_worth_nothing_after(app, cast):
    """T25: a form's token follows the session."""
    client = app.test_client()
    old = token_on(client, "/log-ind")
    sign_in(client, KNOWN)
    assert client.post("/mig/sprog", data={"csrf_token": old, "language": "en"}).status_code == 400


def test_log_out_kills_a_kept_cookie(app, house, cast):
    """T25: a stolen cookie ends with the session."""
    client = app.test_client()
    sign_in(client, KNOWN)
    kept = client.get_cookie("session").value
    answer = client.post("/log-ud", data={"csrf_token": token_on(client, "/mig")})
    assert (answer.status_code, answer.location) == (303, "/log-ind")
    thief = app.test_client()
    thief.set_cookie("session", kept)
    assert thief.get("/").location == "/log-ind"
    assert len(stored.acts(house, "signed_out")) == 1


def test_log_out_ends_this_device_only(app, house, cast):
    phone, laptop = client_of(app, cast, "Anna"), client_of(app, cast, "Anna")
    phone.post("/log-ud", data={"csrf_token": token_on(phone, "/mig")})
    assert phone.get("/").status_code == 303
    assert laptop.get("/").status_code == 200


@pytest.mark.parametrize(
    ("name", "stays"), [("Anna", timedelta(days=30)), ("Lise", timedelta(hours=12))]
)
def test_a_session_ends_by_itself(app, house, name, stays):
    with time_machine.travel(WHEN, tick=False) as traveller:
        cast = casting.call(house, clock.today())
        client = client_of(app, cast, name)
        traveller.shift(stays - timedelta(seconds=1))
        assert client.get("/mig").status_code == 200
        traveller.shift(timedelta(seconds=2))
        assert client.get("/mig").status_code == 303


def test_the_store_holds_only_a_hash_of_the_token(house, cast):
    """T25: a copy of the store signs nobody in."""
    token = begin(house, cast, "Anna")
    rows = stored.rows(house, "sign_in")
    assert all(token.encode() not in row.token_hash for row in rows)
    assert all(len(row.token_hash) == 32 for row in rows)


def test_who_left_is_signed_out_at_once(app, house, cast):
    client = client_of(app, cast, "Anna")
    with house.data.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE person SET left_at = '2020-01-01 00:00:00' WHERE id = ?",
            (cast.people["Anna"].hex,),
        )
    assert client.get("/").status_code == 303
    assert sign_in(app.test_client(), KNOWN).status_code == 422


@pytest.mark.parametrize("target", ["/moeder/ny", "/forloeb", "/moeder/x y", "/æøå"])
def test_the_page_asked_for_is_shown_after_signing_in(app, cast, target):
    client = app.test_client()
    asked = client.get(target if target in ("/moeder/ny", "/forloeb") else "/moeder/ny")
    assert "next=" in asked.location
    answer = sign_in(client, KNOWN, next=target)
    assert answer.status_code == 303
    assert answer.location.startswith("/")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "http://[",
        "//[",
        "evil.example",
        "\x00//evil.example",
        " //evil.example",
        "https:/evil.example",
        "",
    ],
)
def test_no_address_elsewhere_is_gone_on_to(app, cast, target):
    shown = app.test_client().get("/log-ind", query_string={"next": target})
    assert shown.status_code == 200
    assert html.read(shown.text).one("input", name="next").attrs["value"] in ("/", "/evil.example/")
    answer = sign_in(app.test_client(), KNOWN, next=target)
    assert answer.status_code == 303
    assert answer.location in ("/", "/evil.example/")


def test_the_cookie_is_kept_from_scripts_and_other_sites(app, cast):
    """T25: no script reads it."""
    answer = sign_in(app.test_client(), KNOWN)
    cookies = answer.headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in cookies} == {"session", "device"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_demo_accounts_are_shown_only_by_a_demo(app):
    assert "demo.invalid" not in app.test_client().get("/log-ind").text
