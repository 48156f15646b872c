"""Every answer carries the same headers, whatever its status."""

import re

import pytest

from app.config import BODY_LIMIT
from tests.conftest import token_on
from tests.house.matrix import ROUTES
from tests.house.test_routes import ask

SAME = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx sw",
}


ASKED_ANEW = ("/sw.js", "/manifest.webmanifest")  # about nobody, and with a hash to ask by


def check(answer):
    secret = answer.request.path.startswith("/slut/") and answer.request.path != "/slut/tak"
    same = SAME | ({"Referrer-Policy": "strict-origin"} if secret else {})
    assert {name: answer.headers.get(name) for name in same} == same
    kept = "no-cache" if answer.request.path in ASKED_ANEW else "no-store"
    assert answer.headers["Cache-Control"] == kept
    assert "Permissions-Policy" in answer.headers
    assert "Server" not in answer.headers
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["Content-Security-Policy"].split(";")
    )
    script = policy.pop("script-src")
    assert policy == POLICY
    nonce = re.fullmatch(r"'self' 'nonce-([\w-]{20,})'", script)
    assert nonce, f"script-src is {script}"
    if answer.mimetype == "text/html" and answer.get_data():
        used = set(re.findall(r'nonce="([^"]*)"', answer.text))
        assert used <= {nonce[1]}
    return nonce[1]


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.rule}")
def test_every_route_has_them(app, signed_in, things, route):
    for name in (None, "Otto", route.who):
        client = signed_in(name) if name else app.test_client()
        check(ask(client, route, things, "/mig" if name else "/log-ind"))


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
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_https_is_remembered_only_where_cookies_are_secure(signed_in):
    assert "Strict-Transport-Security" not in signed_in("Anna").get("/").headers
