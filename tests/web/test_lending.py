"""A phone lent to a participant: nothing but the form answers until the leader's PIN."""

import re

import pytest

from app.web.permits import QUIET
from tests import html, stored
from tests.conftest import begin, token_on
from tests.devices import remind_on, reminded

PIN = "395172"


@pytest.fixture
def lent(lise, form):
    """Lise's phone, in the participant's hands."""
    page = html.read(lise.get(f"/leder/laan?til={form}").text)
    sent = html.values(page.one(id="lend-form")) | {"pin": PIN, "pin_again": PIN}
    assert lise.post("/leder/laan", data=sent).headers["Location"] == form
    return lise


def give_back(client, pin):
    page = html.read(client.get("/laan/tilbage").text)
    return client.post("/laan/tilbage", data=html.values(page.one(id="back-form")) | {"pin": pin})


def test_no_other_route_answers(lent, app, form):
    ids = "0f8fad5b-d9cb-469f-a165-70867728950e"
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in QUIET or rule.endpoint.startswith("lending."):
            continue
        path = re.sub(r"<[^>]+>", ids, rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            answer = lent.open(path, method=method, headers={"HX-Request": "true"})
            assert answer.status_code in (400, 403), (method, path, answer.status_code)
            assert "Samir" not in answer.text
            asked += 1
    assert asked > 100
    assert lent.get(form).status_code == 200


def test_the_page_that_is_lent_leads_nowhere_else(lent, form):
    for path in (form, f"{form}/about", "/laan/tilbage", "/leder"):
        page = html.read(lent.get(path).text)
        links = {a.attrs["href"] for a in page.all("a") if "href" in a.attrs} - {"#main"}
        links = {link for link in links if not link.startswith(("/udbakke", form))}
        assert links <= {"/laan/tilbage"}, path
        assert page.all("nav") == []
        assert "Lise" not in page.text
        assert "data-who" not in page.one("body").attrs


def test_answers_are_stored_while_the_phone_is_lent(lent, form):
    token = token_on(lent, f"{form}/about")
    answer = lent.post(f"{form}/about", data={"csrf_token": token, "name": "Tarek"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(form)


def test_the_pin_opens_all_of_it_again(lent, form):
    answer = give_back(lent, PIN)
    assert answer.headers["Location"] == form.removesuffix("/skema")
    assert lent.get("/leder").status_code == 200


def test_after_five_wrong_pins_the_phone_is_signed_out(lent):
    for left in (4, 3, 2):
        answer = give_back(lent, "000001")
        assert answer.status_code == 422
        assert f"Du har {left} forsøg tilbage." in answer.text
    assert "Du har 1 forsøg tilbage." in give_back(lent, "").text
    assert give_back(lent, "000001").headers["Location"] == "/log-ind"
    assert lent.get("/leder").status_code == 303
    assert lent.get("/laan/tilbage").status_code == 303


def test_T1_the_fifth_wrong_pin_ends_the_reminders_too_and_is_in_the_trail(lent, house, cast):
    [sign_in] = stored.rows(house, "sign_in")
    remind_on(house, cast, "Lise", sign_in.id)
    for _ in range(4):
        give_back(lent, "000001")
    assert len(reminded(house, cast, "Lise")) == 1
    assert stored.acts(house, "signed_out") == []
    give_back(lent, "000001")
    assert reminded(house, cast, "Lise") == []
    assert [row.object_id for row in stored.acts(house, "signed_out")] == [sign_in.id]


def test_a_new_tab_or_a_new_process_knows_it_too(lent, app):
    again = app.test_client()
    with lent.session_transaction() as old, again.session_transaction() as new:
        new["_user_id"] = old["_user_id"]
    assert again.get("/leder").status_code == 403


def test_the_leaders_other_phone_goes_on(lent, app, house, cast):
    other = app.test_client()
    with other.session_transaction() as session:
        session["_user_id"] = begin(house, cast, "Lise")
    assert other.get("/leder").status_code == 200
    assert lent.get("/leder").status_code == 403


@pytest.mark.parametrize(
    ("pin", "again", "field", "sentence"),
    [
        ("12345", "12345", "pin", "Vælg en kode med seks cifre."),
        ("abcdef", "abcdef", "pin", "Vælg en kode med seks cifre."),
        ("١٢٣٤٥٦", "١٢٣٤٥٦", "pin", "Vælg en kode med seks cifre."),
        ("000000", "000000", "pin", "Den kode er for let at gætte. Vælg en anden."),
        ("123456", "123456", "pin", "Den kode er for let at gætte. Vælg en anden."),
        ("987654", "987654", "pin", "Den kode er for let at gætte. Vælg en anden."),
        ("395172", "395173", "pin_again", "De to koder er ikke ens."),
    ],
)
def test_a_pin_that_will_not_do(lise, form, pin, again, field, sentence):
    page = html.read(lise.get(f"/leder/laan?til={form}").text)
    sent = html.values(page.one(id="lend-form")) | {"pin": pin, "pin_again": again}
    answer = lise.post("/leder/laan", data=sent)
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), field) == sentence
    assert pin not in answer.text
    assert lise.get("/leder").status_code == 200


@pytest.mark.parametrize(
    "path", ["/leder", "/", "//evil.example", "/leder/henvisninger/../../leder", ""]
)
def test_only_a_form_can_be_lent(lise, path):
    assert lise.get("/leder/laan", query_string={"til": path}).status_code == 404


@pytest.fixture
def exit_form(signed_in, house, cast):
    """Lise's phone, lent with Samir's exit form, and its address."""
    lise = signed_in("Lise")
    path = ended(lise, signed_in("Bo"), house)
    page = html.read(lise.get(f"/leder/laan?til={path}").text)
    sent = html.values(page.one(id="lend-form")) | {"pin": PIN, "pin_again": PIN}
    assert lise.post("/leder/laan", data=sent).headers["Location"] == path
    return lise, path


def test_the_exit_form_is_answered_on_a_lent_phone_too(exit_form, house):
    lise, path = exit_form
    form = html.values(html.read(lise.get(path).text).one(id="exit-form"))
    answer = lise.post(path, data=form | {"satisfaction": "9"})
    assert answer.headers["Location"] == "/slut/tak"
    assert "Giv telefonen tilbage" in lise.get("/slut/tak").text
    assert lise.get("/leder").status_code == 403
    assert [row.way for row in stored.rows(house, "exit_form")] == ["handed"]
    assert give_back(lise, PIN).headers["Location"] == "/leder"
    assert lise.get("/leder").status_code == 200


def test_T31_a_phone_that_is_lent_leaves_no_exit_link_in_the_store(exit_form, house):
    """T31: whoever reads a copy of the store cannot answer in the participant's name."""
    lise, path = exit_form
    token = path.removeprefix("/slut/")
    for table in stored.TABLES:
        assert token not in str(stored.rows(house, table)), table
    answer = lise.get(path)
    assert answer.status_code == 200
    assert html.read(answer.text).one("a", **{"class": "brand"}).attrs["href"] == path
    for other in ("/leder", "/slut/" + "x" * 43):
        assert lise.get(other).status_code == 403, other
    for page in (lise.get("/leder"), lise.get("/laan/tilbage")):
        links = {a.attrs["href"] for a in html.read(page.text).all("a")} - {"#main"}
        assert links <= {"/laan/tilbage"}
        assert token not in page.text


@pytest.mark.parametrize("way", ["given back", "signed out"])
def test_nothing_is_kept_of_what_a_phone_was_lent_for(lent, house, way):
    if way == "given back":
        give_back(lent, PIN)
    else:
        for _ in range(5):
            give_back(lent, "000001")
    assert {(row.lent_path, row.lent_pin_hash) for row in stored.rows(house, "sign_in")} == {
        (None, None)
    }


def ended(lise, bo, house):
    """Samir's mentorship ends; the address of the exit form."""
    here = "/forloeb/afslutning"
    form = html.values(html.read(bo.get(here).text).one(id="closure-form"))
    bo.post(here, data=form | {"ending": "planned", "ended_by": "together"})
    [closure] = stored.rows(house, "closure")
    there = f"/leder/afslutninger/{closure.id}"
    token = {"csrf_token": token_on(lise, there)}
    lise.post(f"{there}/godkendelse", data=token)
    shown = html.read(lise.post(f"{there}/link", data=token).text)
    return "/slut/" + shown.one(id="address").attrs["value"].rpartition("/")[2]
