"""Afdelinger and Institutioner: the consultant keeps them, and nothing is deleted."""

from uuid import uuid4

import pytest

from app import db
from app.domain import moves, trail
from app.domain.branches import BRANCHES, INSTITUTIONS, MUNICIPALITIES
from app.domain.mentorships import MENTORSHIPS
from tests import html, stored
from tests.conftest import token_on

AT, TOWNS, HOUSES = "/konsulent/afdelinger", "/konsulent/kommuner", "/konsulent/institutioner"


@pytest.fixture
def karen(signed_in):
    return signed_in("Karen")


@pytest.fixture
def send(karen):
    """A form of the consultant's, with its token and an id made on the page."""

    def post(path, **values):
        token = token_on(karen, "/mig")
        return karen.post(path, data={"csrf_token": token, "id": str(uuid4())} | values)

    return post


@pytest.fixture
def rows(house):
    def read(table, **wanted):
        with house.work(writes=False):
            found = db.rows(table.select())
        return [r for r in found if all(getattr(r, k) == v for k, v in wanted.items())]

    return read


@pytest.fixture
def ids(rows, cast):
    return {
        "branch": cast.branches["Havn"],
        "skov": cast.branches["Skov"],
        "town": rows(MUNICIPALITIES, name="Havn Kommune")[0].id,
        "house": rows(INSTITUTIONS)[0].id,
    }


def test_a_new_branch_and_its_municipality_stand_on_the_page(send, karen, rows):
    assert send(AT, name="  Nordby ").status_code == 303
    [branch] = rows(BRANCHES, name="Nordby")
    assert send(TOWNS, name="Ny Kommune", branch=str(branch.id), by_agreement="y").location == AT
    [town] = rows(MUNICIPALITIES, name="Ny Kommune")
    assert (town.branch_id, town.by_agreement) == (branch.id, True)
    page = karen.get(AT).text
    assert "Nordby" in page
    assert "Ny Kommune" in page
    assert "Efter aftale" in page


def test_sent_twice_it_is_one(send, rows):
    made = str(uuid4())
    for _ in range(2):
        assert send(AT, name="Nordby", id=made).status_code == 303
        assert send(HOUSES, name="Vest Fængsel", id=made).status_code == 303
    assert len(rows(BRANCHES, name="Nordby")) == 1
    assert len(rows(INSTITUTIONS, name="Vest Fængsel")) == 1


def test_a_branch_and_a_municipality_get_other_names(send, rows, ids):
    assert send(f"{AT}/{ids['branch']}", name="Havnen").status_code == 303
    assert rows(BRANCHES, id=ids["branch"])[0].name == "Havnen"
    assert send(f"{AT}/{ids['branch']}", name="HAVNEN").status_code == 303  # its own name
    town = {"name": "Havnens Kommune", "branch": str(ids["branch"])}
    assert send(f"{TOWNS}/{ids['town']}", **town).status_code == 303
    assert rows(MUNICIPALITIES, id=ids["town"])[0].name == "Havnens Kommune"


def test_a_municipality_moves_and_who_runs_stays_with_the_branch(send, rows, ids, cast, house):
    town = {"name": "Havn Kommune", "branch": str(ids["skov"])}
    assert send(f"{TOWNS}/{ids['town']}", **town).status_code == 303
    assert rows(MUNICIPALITIES, id=ids["town"])[0].branch_id == ids["skov"]
    assert rows(MENTORSHIPS, id=cast.mentorships["Samir"])[0].branch_id == ids["branch"]
    last = rows(db.columns(trail.Entry))[-1]
    assert (last.action, last.kind, last.object_id, last.actor_id) == (
        trail.MOVED,
        "municipality",
        ids["town"],
        cast.people["Karen"],
    )


def test_the_pair_reads_the_visiting_rules(send, ids, signed_in):
    rules = {"name": "Øst Fængsel", "phone": "70 10 20 30", "visiting": "Ingen telefon med ind."}
    assert send(f"{HOUSES}/{ids['house']}", **rules).status_code == 303
    page = html.read(signed_in("Anna").get("/forloeb").text)
    assert "Læs besøgsreglerne" in page.text
    assert "Ingen telefon med ind." in page.text
    send(f"{HOUSES}/{ids['house']}", name="Øst Fængsel", visiting="")
    assert "Læs besøgsreglerne" not in signed_in("Anna").get("/forloeb").text


def test_visiting_rules_are_plain_text(send, ids, signed_in):
    send(f"{HOUSES}/{ids['house']}", name="Øst Fængsel", visiting="<script>alert(1)</script>")
    assert "<script>alert" not in signed_in("Anna").get("/forloeb").text


def test_a_closed_institution_is_not_offered_but_to_who_is_there(send, ids, house, karen):
    def offered(now=None):
        with house.work(writes=False):
            return ids["house"] in {place.id for place in moves.institutions(now)}

    assert offered()
    assert send(f"{HOUSES}/{ids['house']}", name="Øst Fængsel", closed="y").status_code == 303
    assert not offered()
    assert offered(ids["house"])
    assert "Lukket" in karen.get(HOUSES).text
    send(f"{HOUSES}/{ids['house']}", name="Øst Fængsel")
    assert offered()


@pytest.mark.parametrize(
    ("path", "field", "values", "sentence"),
    [
        (AT, "name", {"name": " "}, "Skriv navnet."),
        (AT, "name", {"name": "x" * 81}, "for langt"),
        (AT, "name", {"name": "havn"}, "findes allerede"),
        (AT, "name", {"name": "Ring 20 30 40 50"}, "telefonnummer"),
        (TOWNS, "town-name", {"name": "", "branch": "@branch"}, "Skriv navnet."),
        (TOWNS, "town-name", {"name": "SKOV  kommune", "branch": "@branch"}, "findes allerede"),
        (TOWNS, "branch", {"name": "Ny", "branch": ""}, "Vælg den afdeling"),
        (TOWNS, "branch", {"name": "Ny", "branch": str(uuid4())}, "Vælg den afdeling"),
        (TOWNS, "branch", {"name": "Ny", "branch": "x"}, "Vælg den afdeling"),
        (f"{AT}/@skov", "name", {"name": "Havn"}, "findes allerede"),
        (f"{TOWNS}/@town", "town-name", {"name": "", "branch": "@branch"}, "Skriv navnet."),
        (HOUSES, "name", {"name": ""}, "Skriv navnet."),
        (HOUSES, "name", {"name": "øst fængsel"}, "findes allerede"),
        (HOUSES, "phone", {"name": "Vest", "phone": "123"}, "otte cifre"),
        (HOUSES, "phone", {"name": "Vest", "phone": "²" * 8}, "otte cifre"),
        (HOUSES, "visiting", {"name": "Vest", "visiting": "x" * 2001}, "for lang"),
        (HOUSES, "visiting", {"name": "Vest", "visiting": "kun 010190-1234"}, "CPR"),
        (f"{HOUSES}/@house", "name", {"name": ""}, "Skriv navnet."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_stored(
    send, ids, house, path, field, values, sentence
):
    def filled(text):
        for name, made in ids.items():
            text = text.replace(f"@{name}", str(made))
        return text

    before = stored.contents(house)
    values = {name: filled(value) for name, value in values.items()}
    answer = send(filled(path), **values)
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert sentence in html.error_at(page, field)
    assert stored.contents(house) == before
    form = page.one(id=field)
    typed = form.raw.removeprefix("\n") if form.tag == "textarea" else form.attrs.get("value", "")
    if form.tag != "select":
        assert typed == values[form.attrs["name"]]


def test_a_page_that_lay_too_long_stores_nothing(karen, house):
    before = stored.contents(house)
    answer = karen.post(AT, data={"csrf_token": "old", "id": str(uuid4()), "name": "Nordby"})
    assert answer.status_code == 400
    assert "Nordby" in answer.text
    assert stored.contents(house) == before


@pytest.mark.parametrize("name", ["Anna", "Lise", "Lars"])
def test_only_the_consultant_keeps_places(signed_in, ids, name):
    client = signed_in(name)
    for path in (AT, HOUSES, f"{AT}/{ids['branch']}", f"{TOWNS}/{ids['town']}"):
        assert client.get(path).status_code == 403


def test_what_does_not_exist_is_not_found(karen):
    for path in (AT, TOWNS, HOUSES):
        assert karen.get(f"{path}/{uuid4()}").status_code == 404
