"""G12: every answer carries the same headers, whatever its route and its status."""

import base64
import hashlib
from dataclasses import replace

import pytest
from flask import Response, abort

from app import create_app
from app.config import BODY_LIMIT
from tests import html
from tests.conftest import token_on
from tests.house.headers import SAME, check
from tests.house.matrix import ROUTES
from tests.house.test_routes import address

TWO_YEARS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
OF_A_FILE = "default-src 'none'; frame-ancestors 'none'"
ANSWERED = (200, 204, 302, 303)
REFUSED = (400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 429, 500, 503)


def ends_with(status):
    def view(**_):
        if status in REFUSED:
            abort(status)
        return Response(status=status)

    return view


@pytest.mark.slow
@pytest.mark.parametrize("status", ANSWERED + REFUSED)
def test_every_route_has_them_with_every_status(app, signed_in, things, status):
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = ends_with(status)
    clients = {name: signed_in(name) for name in {route.who for route in ROUTES}}
    for client in clients.values():
        with client.session_transaction() as session:
            session["csrf_token"] = "of the test"
    app.config["WTF_CSRF_ENABLED"] = False  # the token is another test's matter
    for route in ROUTES:
        answer = clients[route.who].open(address(route, things), method=route.method)
        assert answer.status_code == status, route
        check(answer, kept="no-store")
        if status in REFUSED:
            assert answer.mimetype == "text/html"
            assert "<h1>" in answer.text


def failing(signed_in, status):
    anna = signed_in("Anna")
    token = {"csrf_token": token_on(anna, "/mig")}
    return {
        400: lambda: anna.post("/mig/sprog", data={"language": "en"}),
        403: lambda: anna.get("/leder"),
        404: lambda: anna.get("/nope"),
        405: lambda: anna.delete("/moeder"),
        413: lambda: anna.post("/mig/sprog", data={"a": "a" * BODY_LIMIT}),
        415: lambda: anna.post("/mig/sprog", json={}),
        422: lambda: anna.post("/log-ind", data=token | {"email": "x", "password": "y"}),
    }[status]()


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 415, 422])
def test_every_refusal_has_them_and_a_calm_page(signed_in, status):
    answer = failing(signed_in, status)
    assert answer.status_code == status
    check(answer)
    assert answer.mimetype == "text/html"
    assert "<h1>" in answer.text


@pytest.mark.slow
def test_too_many_attempts_has_them(app):
    client = app.test_client()
    token = token_on(client, "/log-ind")
    for _ in range(11):
        sent = {"csrf_token": token, "email": "x@test.invalid", "password": "y"}
        answer = client.post("/log-ind", data=sent)
    assert answer.status_code == 429
    check(answer)


def test_a_failure_of_ours_has_them(app, signed_in, monkeypatch):
    monkeypatch.setitem(app.view_functions, "weeks.show", broken)
    answer = signed_in("Anna").get("/uger")
    assert answer.status_code == 500
    check(answer)


def broken():
    raise RuntimeError("Samir was on the page")


def test_a_store_that_fails_has_them(app, signed_in):
    anna = signed_in("Anna")
    with app.extensions["house"].data.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE meeting RENAME TO lost")
    answer = anna.get("/moeder")
    assert answer.status_code == 503
    check(answer)


def test_a_store_that_is_gone_altogether_is_answered_calmly(app, signed_in):
    anna = signed_in("Anna")
    with app.extensions["house"].data.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sign_in RENAME TO lost")
    answer = anna.get("/moeder")
    assert answer.status_code == 503
    check(answer)


def test_no_nonce_is_given_twice(signed_in):
    anna = signed_in("Anna")
    assert len({check(anna.get("/")) for _ in range(5)}) == 5


def test_options_has_them_too(signed_in):
    check(signed_in("Anna").options("/moeder"))


def test_a_file_may_be_kept_for_ever_and_by_nobody_else(app):
    with app.test_client().get(f"/static/{app.config['BUILD']}/css/app.css") as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert {name: answer.headers.get(name) for name in SAME} == SAME
        assert answer.headers["Content-Security-Policy"] == OF_A_FILE
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_https_is_remembered_only_where_cookies_are_secure(signed_in):
    assert "Strict-Transport-Security" not in signed_in("Anna").get("/").headers


@pytest.mark.parametrize(
    ("path", "how", "status"),
    [
        ("css/app.css", {}, 200),
        ("css/app.css", {"Accept-Encoding": "br"}, 200),
        ("icons/icon-192.png", {"Range": "bytes=0-9"}, 206),
        ("js/page.js", {"If-None-Match": "*"}, 200),
        ("js/no-such.js", {}, 404),
    ],
)
def test_files_have_them_with_every_status(app, path, how, status):
    with app.test_client().get(f"/static/{app.config['BUILD']}/{path}", headers=how) as answer:
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in SAME} == SAME
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_file_that_cannot_be_written_to_says_so_with_them(app):
    answer = app.test_client().post(f"/static/{app.config['BUILD']}/css/app.css")
    assert answer.status_code == 405
    assert {name: answer.headers.get(name) for name in SAME} == SAME


def test_an_unchanged_file_has_them(app):
    path = f"/static/{app.config['BUILD']}/css/app.css"
    with app.test_client().get(path) as first:
        seen = first.headers["Last-Modified"]
    with app.test_client().get(path, headers={"If-Modified-Since": seen}) as answer:
        assert answer.status_code == 304
        assert {name: answer.headers.get(name) for name in SAME} == SAME


@pytest.fixture
def over_https(settings):
    """The app as production runs it."""
    app = create_app(replace(settings, secure_cookies=True, origin="https://localhost"))
    client = app.test_client()
    return lambda path, **how: client.open(path, base_url="https://localhost", **how)


@pytest.mark.parametrize(
    ("path", "how", "status"),
    [
        ("/log-ind", {}, 200),
        ("/", {}, 303),
        ("/nope", {}, 404),
        ("/log-ind", {"method": "DELETE"}, 405),
        ("/log-ind", {"method": "POST"}, 400),
        ("/log-ind", {"method": "POST", "data": {"a": "a" * BODY_LIMIT}}, 413),
        ("/log-ind", {"method": "POST", "headers": {"Origin": "https://evil.example"}}, 403),
        ("/sw.js", {}, 200),
        ("/manifest.webmanifest", {}, 200),
        ("/healthz", {}, 200),
        ("/favicon.ico", {}, 302),
        ("/.well-known/security.txt", {}, 404),
        ("/ingen-forbindelse", {}, 200),
    ],
)
def test_over_https_every_answer_says_so_for_two_years(over_https, path, how, status):
    answer = over_https(path, **how)
    assert answer.status_code == status
    same = SAME | TWO_YEARS
    assert {name: answer.headers.get(name) for name in same} == same


def test_over_https_files_say_so_too(over_https):
    page = html.read(over_https("/log-ind").text)
    with over_https(page.one("link", rel="stylesheet").attrs["href"]) as answer:
        same = SAME | TWO_YEARS
        assert {name: answer.headers.get(name) for name in same} == same


def test_over_https_every_cookie_belongs_to_the_host_alone(over_https):
    set_here = []
    for path in ("/log-ind", "/ingen-forbindelse", "/", "/nope"):
        set_here += over_https(path).headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in set_here} == {"__Host-session", "__Host-hidden"}
    for cookie in set_here:
        flags = set(cookie.split("; ")[1:])
        assert flags >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
        assert not [flag for flag in flags if flag.startswith("Domain")]


PAGES_WITH_SCRIPTS = (
    ("Anna", "/"),
    ("Anna", "/moeder/ny"),
    ("Anna", "/mig/paamindelser"),
    ("Anna", "/mig/installer"),
    ("Lise", "/leder"),
    ("Karen", "/konsulent"),
    (None, "/log-ind"),
    (None, "/skal/da/moede"),
    (None, "/ingen-forbindelse"),
)


@pytest.mark.parametrize(("name", "path"), PAGES_WITH_SCRIPTS)
def test_every_script_runs_only_as_it_was_built(app, signed_in, name, path):
    """G11: the page names the hash of each script, and the script has it."""
    client = signed_in(name) if name else app.test_client()
    page = html.read(client.get(path).text)
    named = [(one.attrs["src"], one.attrs["integrity"]) for one in page.all("script")]
    body = page.one("body").attrs
    if "data-hypertext" in body:
        named.append((body["data-hypertext"], body["data-integrity"]))
    assert named
    for address_of, hash_of in named:
        with client.get(address_of) as script:
            digest = hashlib.sha256(script.get_data()).digest()
        assert hash_of == f"sha256-{base64.b64encode(digest).decode()}"
