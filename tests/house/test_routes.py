"""Every route is in the matrix, and answers each visitor as the matrix says."""

import re

import pytest

from tests.conftest import token_on
from tests.house.headers import check
from tests.house.matrix import ROUTES

READS = {"GET"}
UNCOUNTED = {"HEAD", "OPTIONS"}
VISITORS = {"out": None, "far": "Otto", "chief": "Lars"}


def address(route, things):
    ids = {
        "meeting_id": things[route.meeting],
        "contact_id": things["contact"],
        "record_id": things["contact"],
        "plan_id": things["plan"],
        "token": things["token"],
        "secret": things["secret"],
        "note_id": things["note"],
        "handover_id": things["handover"],
        "absence_id": things["absence"],
        "wish_id": things["wish"],
        "closure_id": things["closure"],
        "person_id": things["person"],
        "referral_id": things["referral"],
        "match_id": things["match"],
        "alert_id": things["alert"],
        "stand_in_id": things["stand_in"],
        "expense_id": things["expense"],
        "subject_id": things["subject"],
        "erasure_id": things["erasure"],
        "partner_id": things["partner"],
        "review_id": things["review"],
        "branch_id": things["branch"],
        "municipality_id": things["municipality"],
        "institution_id": things["institution"],
        "section": "about",
        "gathering_id": things["gathering"],
        "device_id": things["device"],
        "sign_in_id": things["sign_in"],
        "passkey_id": things["passkey"],
        "notice_id": things["notice"],
        "mentorship_id": things["mentorship"],
        "kind": "rules",
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], route.rule)


def ask(client, route, things, token_page):
    path = address(route, things)
    if route.method in READS:
        answer = client.open(path, method=route.method)
        client.delete_cookie("hidden")  # Skjul's own: the next page is to be seen
        return answer
    sent = {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}
    token = {"csrf_token": token_on(client, token_page)}
    return client.open(path, method=route.method, data=sent | token)


def test_every_route_is_in_the_matrix(app):
    known = {(route.method, route.rule) for route in ROUTES}
    real = {(m, r.rule) for r in app.url_map.iter_rules() for m in r.methods - UNCOUNTED}
    assert real - known == set(), "a route that the matrix does not know"
    assert known - real == set(), "the matrix knows a route that is gone"


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.rule}")
def test_every_visitor_is_answered_as_the_matrix_says(clients, things, route):
    """T3, T4, T15: every route, each role, the own branch and another.

    G12 too: whoever asks, every answer of every route carries the same headers.
    """
    visitors = VISITORS | {"wrong": route.wrong, "right": route.who}
    got = {}
    for visitor, name in visitors.items():
        answer = ask(clients(name), route, things, "/mig" if name else "/log-ind")
        check(answer)
        got[visitor] = answer.status_code
        if visitor == "out" and got[visitor] == 303:
            assert answer.location.startswith("/log-ind")
    assert got == route.answers._asdict()


@pytest.mark.parametrize("who", sorted({route.who for route in ROUTES}))
def test_a_person_without_a_role_is_signed_out_everywhere(app, signed_in, things, cast, who):
    """T2: rights are looked up at every request: a role that ends takes the session with it."""
    client = signed_in(who)
    token = token_on(client, "/mig")
    end_roles(app, cast.people[who])
    theirs, got = [route for route in ROUTES if route.who == who], {}
    for route in theirs:
        sent = {"csrf_token": token} if route.method not in READS else None
        answer = client.open(address(route, things), method=route.method, data=sent)
        got[route.method, route.rule] = answer.status_code
    assert got == {(route.method, route.rule): route.answers.out for route in theirs}


def end_roles(app, person):
    with app.extensions["house"].data.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE role SET to_on = '2001-01-01' WHERE person_id = ?", (person.hex,)
        )


def test_every_id_of_a_route_is_a_uuid(app):
    for rule in app.url_map.iter_rules():
        for name, converter in rule._converters.items():
            kind = type(converter).__name__
            if name in ("token", "secret"):  # no id but a secret, looked up by its hash
                continue
            assert kind == "UUIDConverter" or name in (
                "kind",
                "section",
            )  # one of a few words of our own


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_a_verb_that_no_route_has_is_refused(signed_in, things, method):
    anna = signed_in("Anna")
    for path in ("/moeder", f"/moeder/{things['held']}", "/mig"):
        assert anna.open(path, method=method).status_code == 405


@pytest.mark.parametrize("path", ["/moeder/1", "/moeder/x", "/moeder/%00", "/kontakter/1", "/nope"])
def test_what_is_no_id_is_not_found(signed_in, path):
    assert signed_in("Anna").get(path).status_code == 404


def test_who_is_signed_out_does_not_learn_what_exists(app, things):
    client = app.test_client()
    known = client.get(f"/moeder/{things['held']}")
    unknown = client.get(f"/moeder/{things['new']}")
    assert known.status_code == unknown.status_code == 303


def test_a_fragment_asked_for_when_signed_out_leads_to_sign_in(app):
    answer = app.test_client().get("/moeder/ny/dato", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/log-ind")
