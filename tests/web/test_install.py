"""The app on the phone: the steps, and a card that takes no for an answer."""

from uuid import uuid4

import pytest

from tests import html, logs, stored
from tests.conftest import token_on

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_4 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile"
CARD = "Læg appen på telefonen, så virker den også uden signal"


def receipts(client):
    """The receipt of a meeting and of a contact."""
    meeting = logs.log(client)
    page = html.read(client.get("/kontakter/ny").text)
    call = {name: values[0] for name, values in html.values(page.one("form")).items()}
    sent = client.post("/kontakter", data=call | {"id": str(uuid4()), "kind": "call"})
    assert sent.status_code == 303
    return [f"/moeder/{meeting}/kvittering", sent.location]


def say_no(client):
    return client.post("/mig/installer/nej", data={"csrf_token": token_on(client, "/mig")})


@pytest.mark.parametrize(
    ("agent", "first", "folded"),
    [
        (IPHONE, "På iPhone", "På Android"),
        (IPAD, "På iPhone", "På Android"),
        (ANDROID, "På Android", "På iPhone"),
        ("", "På Android", "På iPhone"),
    ],
)
def test_the_steps_of_this_phone_stand_first_and_the_others_in_a_fold(anna, agent, first, folded):
    page = html.read(anna.get("/mig/installer", headers={"User-Agent": agent}).text).one("main")
    assert page.one("section").one("h2").text == first
    assert page.one("details").one("summary").text == folded
    assert all(len(list_.all("li")) >= 3 for list_ in page.all("ol"))


def test_the_button_waits_for_the_phone_to_offer_it(anna):
    page = html.read(anna.get("/mig/installer").text)
    (button,) = [b for b in page.all("button") if "data-install" in b.attrs]
    assert "hidden" in button.attrs
    assert any(s.attrs["src"].endswith("js/install.js") for s in page.all("script"))


def test_mig_leads_to_the_steps(anna):
    assert 'href="/mig/installer"' in anna.get("/mig").text


def test_a_receipt_offers_the_app_until_a_no(anna, house, cast):
    paths = receipts(anna)
    assert all(CARD in anna.get(path).text for path in paths)
    anna.get("/mig/installer")  # looking is not a no
    assert all(CARD in anna.get(path).text for path in paths)
    answer = say_no(anna)
    assert (answer.status_code, answer.location) == (303, "/")
    assert not any(CARD in anna.get(path).text for path in paths)
    (act,) = [act for act in stored.acts(house, "edited") if act.kind == "person"]
    assert act.actor_id == act.object_id == cast.people["Anna"]


def test_a_no_holds_on_every_phone_and_for_one_person_only(signed_in):
    say_no(signed_in("Anna"))
    other_phone, bo = signed_in("Anna"), signed_in("Bo")
    assert not any(CARD in other_phone.get(path).text for path in receipts(other_phone))
    assert all(CARD in bo.get(path).text for path in receipts(bo))


def test_the_first_no_is_the_one_that_is_kept(house, anna):
    say_no(anna)
    (first,) = [p.no_install_at for p in stored.rows(house, "person") if p.no_install_at]
    say_no(anna)
    (again,) = [p.no_install_at for p in stored.rows(house, "person") if p.no_install_at]
    assert first == again


def test_who_to_call_is_one_tap_away_there_too(anna):
    page = html.read(anna.get("/mig/installer").text)
    assert page.one("a", **{"class": "call"}).text.endswith("Ring til Lise")


@pytest.mark.parametrize("name", ["Lise", "Karen"])
def test_who_is_no_mentor_may_read_the_steps(signed_in, name):
    assert signed_in(name).get("/mig/installer").status_code == 200
