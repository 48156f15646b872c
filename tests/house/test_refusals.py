"""Who tries a door that is not theirs leaves a line in the log: who, what, never about whom."""

import logging
import re

import pytest

from app.domain import code_apps
from tests.cast import PASSWORD
from tests.conftest import token_on


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.WARNING, logger="primus")
    return lambda: [r.getMessage() for r in caplog.records if r.name == "primus"]


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [
        ("Anna", "/leder", "403 refused GET leader.show to person {Anna}"),
        ("Otto", "/moeder/{held}", "404 refused GET meetings.meeting to person {Otto}"),
        ("Otto", "/moeder/{none}", "404 refused GET meetings.meeting to person {Otto}"),
        (None, "/invitation/{none}", "404 refused GET invitations.show to nobody"),
    ],
)
def test_a_refusal_says_who_and_what(app, signed_in, things, cast, lines, name, path, said):
    client = signed_in(name) if name else app.test_client()
    ids = {"held": things["held"], "none": "0f8fad5b-d9cb-469f-a165-70867728950f"}
    client.get(path.format(**ids))
    [line] = lines()
    assert line == said.format(**cast.people)
    assert not any(one in line for one in ids.values())


def test_a_failed_sign_in_is_told_without_its_address(app, cast, lines):
    client = app.test_client()
    sent = {
        "csrf_token": token_on(client, "/log-ind"),
        "email": cast.email("Anna"),
        "password": "x",
    }
    assert client.post("/log-ind", data=sent).status_code == 422
    assert lines() == ["422 refused POST sign_in.enter to nobody"]


def test_every_wrong_way_in_leaves_a_line(app, cast, house, signed_in, lines):
    with house.work(writes=True) as (unit, _):
        code_apps.put(cast.people["Anna"], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 0)
        unit.commit()
    anna, stranger = signed_in("Anna"), app.test_client()

    def send(client, path, page="/log-ind", **values):
        values["csrf_token"] = token_on(client, page)
        assert client.post(path, data=values).status_code == 422

    password = {"email": cast.email("Anna"), "password": PASSWORD}
    stranger.post("/log-ind", data=password | {"csrf_token": token_on(stranger, "/log-ind")})
    send(stranger, "/log-ind/kode", "/log-ind/kode", code="000000")
    send(stranger, "/log-ind/adgangsnoegle", credential="{}")
    send(anna, "/bekraeft", "/mig", code="000000")
    send(anna, "/laas-op", "/mig", password="forkert")
    who = f"to person {cast.people['Anna']}"
    assert lines() == [
        "422 refused POST sign_in.enter_by_code to nobody",
        "422 refused POST sign_in.enter_by_passkey to nobody",
        f"422 refused POST locked.prove {who}",
        f"422 refused POST locked.unlock {who}",
    ]


def test_what_is_answered_leaves_no_line(signed_in, app, things, lines):
    """Nor does an address that leads nowhere, which everybody mistypes."""
    anna = signed_in("Anna")
    for path in ("/", "/moeder", f"/moeder/{things['held']}", "/nowhere"):
        anna.get(path)
    app.test_client().get("/")
    assert lines() == []


def test_a_line_has_no_room_for_an_address_or_a_name(signed_in, things, lines):
    signed_in("Otto").get(f"/moeder/{things['held']}?navn=Samir")
    words = r"\d{3} refused [A-Z]+ [a-z_]+\.[a-z_]+ to (nobody|person [0-9a-f-]{36})"
    assert all(re.fullmatch(words, line) for line in lines())
