"""Who has no business here cannot tell what exists: not by a word, a status, a header or a length.

Every route is asked about something that is there, and about the same that is not; the two answers
are compared byte by byte, without what differs each time anyway.
"""

import re
from uuid import UUID, uuid4

import pytest

from app.domain import exit_links, invitations, trail
from tests import stored
from tests.conftest import TOKEN, token_on
from tests.house.matrix import ROUTES
from tests.house.test_addresses import LINKS
from tests.house.test_routes import READS, address

OUTSIDERS = (None, "Otto", "Nora", "Lars")  # Otto and Lars are of another branch
NOISE = re.compile(
    r"nonce[-=]\"?[\w-]+"
    r"|name=\"csrf_token\" value=\"[^\"]*\""
    r"|name=\"id\" value=\"[^\"]*\""
    r"|\"token\":\"[^\"]*\""
)
LINK = re.compile(r"<(token|secret)>")  # an address that is itself the right to read it
PASSING = {"set-cookie", "date"}
ABOUT_SOMETHING = [r for r in ROUTES if "<uuid:" in r.rule and "notice_id" not in r.rule]
SENT_IDS = [
    (r, name)
    for r in ROUTES
    if r.method not in READS
    for name, value in r.send.items()
    if value.startswith("@") and name not in ("id", "weeks", "date")
]


def bare(answer, *ids):
    """An answer without what differs each time, and without the id that was asked about."""
    headers = "\n".join(f"{k}: {v}" for k, v in answer.headers if k.lower() not in PASSING)
    said = f"{answer.status_code}\n{headers}\n{answer.get_data(as_text=True)}"
    for one in ids:
        said = said.replace(one, "THE ID")
    return NOISE.sub("", said)


def send(client, route, path, data, name):
    if route.method in READS:
        return client.open(path, method=route.method)
    token = token_on(client, "/mig" if name else "/log-ind")
    return client.open(path, method=route.method, data=data | {"csrf_token": token})


@pytest.mark.slow
@pytest.mark.parametrize("name", OUTSIDERS)
def test_T3_no_address_tells_whether_it_is_about_something(app, signed_in, things, name):
    client = signed_in(name) if name else app.test_client()
    told = []
    for route in ABOUT_SOMETHING:
        if name == "Nora" and "match_id" in route.rule:  # she has been asked
            continue
        path = address(route, things)
        real = [part for part in path.split("/") if re.fullmatch(r"[0-9a-f-]{36}", part)]
        other = str(uuid4())
        data = {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}
        there = send(client, route, path, data, name)
        missing = send(client, route, path.replace(real[-1], other), data, name)
        if bare(there, *real) != bare(missing, other, *real):
            told.append(f"{route.method} {route.rule}: {there.status_code}")
    assert told == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Otto", "Lars"])
def test_T3_no_form_tells_whether_an_id_in_it_exists(signed_in, things, name):
    client = signed_in(name)
    told = []
    for route, field in SENT_IDS:
        path = address(route, things)
        data = {k: things[v[1:]] if v.startswith("@") else v for k, v in route.send.items()}
        other = str(uuid4())
        there = send(client, route, path, data, name)
        missing = send(client, route, path, data | {field: other}, name)
        if bare(there, data[field]) != bare(missing, other, data[field]):
            told.append(f"{route.method} {route.rule} {field}: {there.status_code}")
    assert told == []


@pytest.mark.slow
def test_T3_of_400_ids_each_opens_only_their_own(house, signed_in, things, cast):
    """Ids of everything in the store and as many that are of nothing, on six kinds of page."""
    samir, havn = cast.mentorships["Samir"], cast.branches["Havn"]
    ids = {row.id for table in stored.TABLES for row in stored.rows(house, table) if _has_id(row)}
    ids |= {uuid4() for _ in range(400 - len(ids))}

    def own(table, **where):
        return {
            row.id
            for row in stored.rows(house, table)
            if all(getattr(row, name) == value for name, value in where.items())
        }

    mentors = {row.person_id for row in stored.rows(house, "role") if row.role == "mentor"}
    of_havn = own("person", branch_id=havn) & mentors - {cast.people["Gustav"]}
    for name, path, may in (
        ("Anna", "/moeder/{}", own("meeting", mentorship_id=samir)),
        ("Anna", "/kontakter/{}", own("contact", mentorship_id=samir)),
        ("Anna", "/aftaler/{}", own("plan", mentorship_id=samir)),
        ("Lise", "/leder/forloeb/{}", {samir}),
        ("Lise", "/leder/mentorer/{}", of_havn),
        ("Otto", "/moeder/{}", set()),
    ):
        client = signed_in(name)
        opened = {one for one in ids if client.get(path.format(one)).status_code == 200}
        assert opened == may, (name, path)
    assert len(ids) >= 400


def _has_id(row):
    return isinstance(getattr(row, "id", None), UUID)


@pytest.mark.slow
def test_T3_a_crawl_from_outside_meets_nobody(app, house, cast, things):
    """Every address without a secret, and wherever a page leads: no id and no e-mail of anybody."""
    ids = {row.id for table in stored.TABLES for row in stored.rows(house, table) if _has_id(row)}
    known = {*map(str, ids), *(one.hex for one in ids), *map(cast.email, cast.people)}
    assert len(known) > 100
    client, met, opened = app.test_client(), [], set()
    waiting = [address(r, things) for r in ROUTES if r.method in READS and not LINK.search(r.rule)]
    asked = set(waiting)
    for path in waiting:  # which grows
        answer = client.get(path)
        said = answer.get_data(as_text=True).replace(path, "") + str(answer.headers.get("Location"))
        met += [(path, one) for one in known if one in said and one not in path]
        if answer.status_code == 200 and answer.mimetype == "text/html":
            opened.add(path)
            new = {link.partition("#")[0] for link in LINKS.findall(said)} - asked
            waiting += sorted(one for one in new if re.match("/(?!static/)", one))
            asked |= new
    assert met == []
    assert {"/log-ind", "/privatliv"} <= opened
    assert not {"/", "/moeder", "/leder", "/konsulent"} & opened


# --- Links, and the addresses of people ---


def test_T23_a_dead_link_is_like_one_that_never_was(app, house, cast, things):
    """Used, stopped or made up: one answer."""
    stopped, pen = things["secret"], trail.Pen(house.keyring.trail, cast.people["Lise"], None)
    with house.work(writes=True) as (unit, _):
        used = invitations.invite(cast.people["Nora"], pen, by=None)  # which stops the first
        assert invitations.accept(used, "a hash", pen)
        unit.commit()
    made_up = "x" * len(used)
    answers = {
        kind: bare(app.test_client().get(f"/invitation/{token}"), token)
        for kind, token in (("used", used), ("stopped", stopped), ("made up", made_up))
    }
    assert len(set(answers.values())) == 1
    assert answers["used"].startswith("404")


def test_T23_no_link_costs_a_hash_until_it_is_good(app, things, monkeypatch):
    """What a guess costs the server is the same for all: nothing that could be timed."""
    hashed, looked = [], []
    monkeypatch.setattr("argon2.PasswordHasher.hash", lambda *_: hashed.append(1))
    monkeypatch.setattr("argon2.PasswordHasher.verify", lambda *_: hashed.append(1))
    real = exit_links.known
    monkeypatch.setattr(exit_links, "known", lambda token: looked.append(token) or real(token))
    for path in ("/invitation/", "/slut/"):
        for token in ("x" * 43, things["token"], "1"):
            client = app.test_client()
            data = {"csrf_token": token_on(client, "/log-ind"), "password": "y" * 14}
            assert client.get(path + token).status_code == 404
            assert client.post(path + token, data=data).status_code == 404
    assert hashed == []
    assert len(looked) == 6


@pytest.mark.slow
def test_T23_sign_in_does_not_tell_an_address_that_is_known(app, cast):
    """Body and headers are the same; the work is counted in test_sign_in.py."""
    answers = set()
    for email in (cast.email("Anna"), "nobody@test.invalid", cast.email("Gustav")):
        client = app.test_client()
        data = {"csrf_token": token_on(client, "/log-ind"), "email": email, "password": "x"}
        answer = bare(client.post("/log-ind", data=data), email)
        answers.add(re.sub(r"content-length: \d+", "", answer, flags=re.IGNORECASE))
    assert len(answers) == 1


def test_the_comparison_sees_a_word_that_differs(app):
    """The planted control."""
    client = app.test_client()
    page, other = client.get("/log-ind"), client.get("/log-ind")
    assert bare(page) == bare(other)
    other.set_data(other.get_data(as_text=True).replace("Log ind", "Log  ind"))
    assert bare(page) != bare(other)
    assert TOKEN.search(page.text), "the page holds a token, which is taken out of both"
