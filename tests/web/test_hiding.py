"""Skjul, as the server knows it: one cookie, and every page of somebody stands behind it."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app import create_app
from app.web.permits import OPEN_TO_ALL
from tests import html, logs
from tests.conftest import token_on
from tests.house.matrix import ROUTES

NOBODYS = "/ingen-forbindelse"


@pytest.fixture
def hidden(signed_in):
    """Somebody's browser after Skjul on a page of theirs."""

    def hide(name, path="/forloeb"):
        client = signed_in(name)
        client.get(NOBODYS, headers={"Referer": f"http://localhost{path}"})
        return client

    return hide


def kept(client):
    return client.get_cookie("hidden")


def test_the_page_says_nothing_of_anybody(signed_in):
    page = signed_in("Anna").get(NOBODYS)
    assert html.read(page.text).one("h1").text == "Ingen forbindelse"
    for word in ("Anna", "Samir", "Bo", "Lise", "Ring til", "data-who", "Mig", "/moeder"):
        assert word not in html.without_chance(page.text)


def test_it_is_the_same_page_for_everybody(app, signed_in):
    def body(client):
        return html.read(client.get(NOBODYS).text).one("body").text

    others = [signed_in(name) for name in ("Anna", "Lise", "Karen")]
    assert len({body(client) for client in (app.test_client(), *others)}) == 1


@pytest.mark.parametrize(
    ("name", "of"), [("Anna", "/"), ("Lise", "/leder"), ("Karen", "/konsulent")]
)
def test_no_page_of_theirs_opens_until_it_is_lifted(hidden, name, of):
    client = hidden(name)
    paths = [of, "/mig", "/findes-ikke", "/udbakke/viden"]
    answers = [client.get(path) for path in paths]
    assert [(a.status_code, a.location) for a in answers] == [(303, NOBODYS)] * len(paths)
    client.get(f"{NOBODYS}/igen")
    assert client.get(of).status_code == 200


def test_every_page_behind_the_sign_in_stays_hidden(app, hidden):
    client = hidden("Anna")
    from_outside = {
        route.rule for route in ROUTES if route.method == "GET" and route.answers.out != 303
    } | {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in OPEN_TO_ALL}
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.rule not in from_outside and not rule.arguments:
            assert client.get(rule.rule).location == NOBODYS, rule.rule
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("path", ["/forloeb", "/moeder/ny", "/kontakter/ny"])
def test_it_opens_again_where_it_was_hidden(hidden, path):
    client = hidden("Anna", path)
    answer = client.get(f"{NOBODYS}/igen")
    assert answer.location == path
    assert kept(client) is None


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/x", "//evil.example", "http://localhost//evil", NOBODYS]
)
def test_it_never_leads_elsewhere(signed_in, referer):
    client = signed_in("Anna")
    client.get(NOBODYS, headers={"Referer": referer})
    assert client.get(f"{NOBODYS}/igen").location == "/"


@pytest.mark.parametrize(
    "value", ["//evil.example", "https%3A//evil.example", "%2F%2Fevil.example"]
)
def test_a_forged_cookie_never_leads_elsewhere(signed_in, value):
    client = signed_in("Anna")
    client.set_cookie("hidden", value)
    assert client.get(f"{NOBODYS}/igen").location == "/"


def test_another_site_cannot_lift_it(hidden):
    client = hidden("Anna")
    for site in ("cross-site", "same-site", "none"):
        answer = client.get(f"{NOBODYS}/igen", headers={"Sec-Fetch-Site": site})
        assert answer.location == NOBODYS
    assert kept(client)


def test_what_was_written_is_sent_meanwhile(signed_in):
    """The outbox goes on: it asks for its token and posts, and none of that is seen."""
    anna = signed_in("Anna")
    form = logs.filled(anna)
    anna.get(NOBODYS)
    assert anna.get("/udbakke/noegle", headers={"HX-Request": "true"}).status_code == 200
    assert logs.send(anna, form).status_code == 303


def test_signing_in_is_not_behind_it(app):
    client = app.test_client()
    client.get(NOBODYS)
    assert token_on(client, "/log-ind")


def test_the_cookie_is_bound_to_the_host_over_https(settings):
    app = create_app(replace(settings, secure_cookies=True))
    answer = app.test_client().get(NOBODYS, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-hidden=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_the_answer_to_a_form_opens_again_as_the_page_above_it(hidden, cast):
    """What was open answers POST alone: the lifting must not end on a refusal."""
    above = f"/leder/forloeb/{cast.mentorships['Samir']}"
    client = hidden("Lise", f"{above}/rytme")
    lifted = client.get(f"{NOBODYS}/igen").location
    answer = client.get(lifted)
    assert (answer.status_code, answer.location) == (303, above)
    assert client.get(above).status_code == 200


def test_every_address_that_takes_a_form_alone_has_a_page_above_it(app, signed_in):
    client, known = signed_in("Anna"), app.url_map.bind("localhost")
    paths = [
        known.build(rule.endpoint, {name: uuid4() for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods
    ]
    alone = [path for path in paths if not known.test(path, "GET")]
    for path in alone:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert path.startswith(answer.location), path
        assert known.test(answer.location, "GET"), path
    assert len(alone) > 40


def test_what_is_neither_asked_for_nor_sent_is_refused(signed_in):
    assert signed_in("Anna").delete("/moeder").status_code == 405
