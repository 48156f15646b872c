"""Sletning: asked for by one, confirmed by another, carried out, and a receipt without a name."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock, db
from app.domain import erasure, trail
from app.domain.belongings import OF_PARTICIPANT, OF_PERSON, PERSON
from app.domain.erasure import REASONS
from app.domain.mentorships import MENTORSHIPS
from app.domain.people import PEOPLE, Role
from app.eraser import Eraser
from app.web.shown_erasure import TABLES
from tests import html, stored
from tests.conftest import token_on


@pytest.fixture
def karen(signed_in):
    return signed_in("Karen")


@pytest.fixture
def about(cast):
    return f"/leder/sletning/om/{cast.participants['Samir']}"


def ask(client, about, **changes):
    form = html.values(html.read(client.get(about).text).one(id="ask-form"))
    return client.post(about, data=form | {"why": "wish"} | changes)


def press(client, path, verb):
    token = token_on(client, "/mig")
    return client.post(f"{path}/{verb}", data={"csrf_token": token})


def one(house):
    (row,) = stored.rows(house, "erasure")
    return row


def national(answer):
    return answer.location.replace("/leder/", "/konsulent/")


def test_two_people_are_needed_and_then_everything_is_gone(house, cast, lise, karen, about):
    """The leader asks, the consultant confirms, the worker does it, both keep the receipt."""
    asked = ask(lise, about)
    assert asked.status_code == 303
    assert "Venter på en konsulent" in lise.get(asked.location).text
    Eraser(house).tick(clock.now())
    assert cast.participants["Samir"] in {r.id for r in stored.rows(house, "participant")}
    page = karen.get(national(asked)).text
    assert "Samir" in page, "two agree on the same person"
    assert press(karen, national(asked), "bekraeftelse").status_code == 303
    Eraser(house).tick(clock.now())
    for client, path in ((lise, asked.location), (karen, national(asked))):
        receipt = client.get(path).text
        assert "Kvittering for sletning" in receipt
        assert "Samir" not in receipt
        assert "Pladser i forløb" in receipt
    assert cast.participants["Samir"] not in {r.id for r in stored.rows(house, "participant")}
    assert [(e.kind, e.reason) for e in stored.acts(house, trail.ERASED)] == [
        ("participant", "wish")
    ]


def test_who_asked_cannot_confirm(house, cast, karen):
    """ASVS 2.3.5: the gravest acts take two."""
    asked = ask(karen, f"/konsulent/sletning/om/{cast.participants['Samir']}")
    page = karen.get(asked.location).text
    assert "En anden konsulent skal bekræfte." in page
    assert "/bekraeftelse" not in page
    assert press(karen, asked.location, "bekraeftelse").status_code == 403
    assert one(house).confirmed_at is None


def test_a_leader_cannot_confirm(house, lise, about):
    asked = ask(lise, about)
    assert press(lise, national(asked), "bekraeftelse").status_code == 403
    assert one(house).confirmed_at is None


@pytest.mark.parametrize(("who", "verb"), [("Lise", "fortrydelse"), ("Karen", "afvisning")])
def test_either_says_no_and_nothing_is_erased(house, cast, signed_in, lise, about, who, verb):
    asked = ask(lise, about)
    path = asked.location if who == "Lise" else national(asked)
    assert press(signed_in(who), path, verb).status_code == 303
    Eraser(house).tick(clock.now())
    assert cast.participants["Samir"] in {r.id for r in stored.rows(house, "participant")}
    assert "Blev ikke til noget" in lise.get(asked.location).text


def test_confirmed_after_it_was_stopped_is_told_so(house, lise, karen, about):
    asked = ask(lise, about)
    press(lise, asked.location, "fortrydelse")
    answer = press(karen, national(asked), "bekraeftelse")
    assert (answer.status_code, "Det er ændret imens" in answer.text) == (409, True)
    assert one(house).confirmed_at is None


def test_asked_twice_is_one_wish(house, lise, karen, about, cast):
    first = ask(lise, about)
    form = {"why": "mistake", "csrf_token": token_on(lise, "/mig")}
    again = lise.post(about, data=form)
    assert again.location == first.location
    assert one(house).why == "wish"
    assert "Se anmodningen" in lise.get(about).text


@pytest.mark.parametrize("why", ["", "due", "a story about Samir"])
def test_a_reason_is_one_of_the_four(house, lise, about, why):
    answer = ask(lise, about, why=why)
    assert answer.status_code == 422
    assert "Vælg, hvorfor det skal ske før tiden." in answer.text
    assert stored.rows(house, "erasure") == []


def test_an_old_token_gives_the_form_back_with_what_was_chosen(house, lise, about):
    answer = ask(lise, about, csrf_token="old")
    chosen = html.values(html.read(answer.text).one(id="ask-form"))
    assert (answer.status_code, chosen["why"]) == (400, ["wish"])
    assert stored.rows(house, "erasure") == []


def test_a_colleague_with_a_role_is_not_erased(house, cast, karen):
    address = f"/konsulent/sletning/om/{cast.people['Anna']}"
    assert "ask-form" not in karen.get(address).text
    form = {"why": "wish", "csrf_token": token_on(karen, "/mig")}
    answer = karen.post(address, data=form)
    assert (answer.status_code, "Afslut den først." in answer.text) == (422, True)
    assert stored.rows(house, "erasure") == []


def test_a_colleague_who_has_left_can_be_asked_for(house, cast, karen):
    assert ask(karen, f"/konsulent/sletning/om/{cast.people['Gustav']}").status_code == 303
    assert one(house).kind == "person"


def test_a_colleague_who_came_back_meanwhile_is_not_confirmed(house, cast, karen):
    """Asked for while without a role, and given one before the second yes."""
    gustav, roles = cast.people["Gustav"], Role.__table__
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        made = erasure.ask(gustav, PERSON, None, "wish", pen, by=cast.people["Lars"])
        db.change(update(roles).where(roles.c.person_id == gustav).values(to_on=None))
        unit.commit()
    answer = press(karen, f"/konsulent/sletning/{made}", "bekraeftelse")
    assert (answer.status_code, "Afslut den først." in answer.text) == (422, True)
    assert one(house).confirmed_at is None


def test_the_list_says_what_comes_and_what_lies_late_without_a_name(house, cast, karen):
    today = clock.today()
    with house.work(writes=True) as (unit, _):
        late = today - timedelta(days=500)
        jonas = MENTORSHIPS.c.id == cast.mentorships["Jonas"]
        db.change(update(MENTORSHIPS).where(jonas).values(ended_on=late))
        gone = PEOPLE.c.id == cast.people["Gustav"]
        db.change(update(PEOPLE).where(gone).values(left_at=clock.now()))
        unit.commit()
    page = html.read(karen.get("/konsulent/sletning").text)
    assert "Skulle være slettet" in page.text
    for name in ("Jonas", "Samir", "Gustav"):
        assert name not in page.text
    hrefs = {a.attrs.get("href") for a in page.all("a")}
    assert f"/konsulent/sletning/om/{cast.participants['Jonas']}" in hrefs
    assert f"/konsulent/sletning/om/{cast.people['Gustav']}" in hrefs
    assert f"/konsulent/sletning/om/{cast.participants['Samir']}" not in hrefs
    Eraser(house).run(clock.now())
    assert "Skulle være slettet" not in karen.get("/konsulent/sletning").text


def test_a_leader_reads_receipts_of_the_own_branch_alone(house, cast, lise, signed_in):
    Eraser(house).person(cast.participants["Samir"], erasure.WISH, clock.now())
    address = f"/leder/sletning/{one(house).id}"
    assert lise.get(address).status_code == 200
    assert address in lise.get("/leder/sletning").text
    lars = signed_in("Lars")
    assert lars.get(address).status_code == 404
    assert address not in lars.get("/leder/sletning").text


def test_every_table_that_can_stand_on_a_receipt_has_a_word():
    assert set(TABLES) == set(OF_PARTICIPANT) | set(OF_PERSON)
    assert len(REASONS) == 4


def test_the_pages_of_the_erased_are_not_found(house, cast, lise, signed_in):
    """Old links answer as if there had never been anybody."""
    life, anna = cast.mentorships["Samir"], signed_in("Anna")
    Eraser(house).person(cast.participants["Samir"], erasure.WISH, clock.now())
    assert lise.get(f"/leder/forloeb/{life}").status_code == 404
    assert lise.get(f"/leder/sletning/om/{cast.participants['Samir']}").status_code == 404
    assert anna.get("/forloeb").status_code == 200
    assert "Samir" not in anna.get("/").text


@pytest.mark.parametrize(
    ("who", "path"), [("Anna", "/moeder/ny"), ("Anna", "/uger/giv"), ("Anna", "/forloeb/traad")]
)
def test_the_clock_stands_where_one_writes(signed_in, who, path):
    assert "6 måneder efter, at forløbet er slut" in signed_in(who).get(path).text
