"""Personer: the consultant lets people in by a link, and ends their roles at once."""

import re
from uuid import uuid4

import pytest
from flask.cli import FlaskGroup

from app import clock, db
from app.domain import invitations, passkeys, people, staff, trail
from app.domain.people import HELD, PEOPLE
from app.web import consultant_staff
from tests import html, letters, stored
from tests.cast import PASSWORD
from tests.conftest import client_of, token_on
from tests.leaders import lead
from tests.mentors import join
from tests.passkeys import digits, secret_of
from tests.web.test_mentors import forget_the_password

AT = "/konsulent/personer"
GOOD = "fire-lange-ord-her"
NEW = {
    "first_name": "Pia",
    "surname": "Pedersen",
    "email": "pia@test.invalid",
    "phone": "+45 20 30 40 50",
    "role": "leader",
}


@pytest.fixture
def karen(signed_in):
    return signed_in("Karen")


@pytest.fixture
def send(karen):
    """A form of the consultant's, with its token."""

    def post(path, **values):
        return karen.post(path, data={"csrf_token": token_on(karen, "/mig")} | values)

    return post


@pytest.fixture
def hire(send, cast):
    def post(**changes):
        made = str(uuid4())
        values = NEW | {"id": made, "branch": str(cast.branches["Havn"])} | changes
        return send(f"{AT}/ny", **values), made

    return post


@pytest.fixture
def link(send):
    """The path of a new link for somebody."""

    def make(person):
        answer = send(f"{AT}/{person}/invitation")
        assert answer.status_code == 200
        address = html.read(answer.text).one(id="address").attrs["value"]
        return re.search(r"/invitation/.+", address)[0]

    return make


@pytest.fixture
def choose(app):
    """Somebody who is not signed in chooses a password, and ties a code app."""

    def post(path, password=GOOD, again=None):
        client = app.test_client()
        page = html.read(client.get(path).text)
        seeds = page.all("input", name="seed")
        seed = seeds[0].attrs["value"] if seeds else ""
        sent = {
            "csrf_token": token_on(client, "/log-ind"),
            "password": password,
            "again": again or password,
            "seed": seed,
            "code": digits(secret_of(seed)) if seed else "",
        }
        return client.post(path, data=sent)

    return post


@pytest.fixture
def command(app):
    def invoke(*arguments):
        flask = FlaskGroup(create_app=lambda: app)
        return app.test_cli_runner().invoke(flask, arguments)

    return invoke


def signs_in(app, email, password):
    client = app.test_client()
    sent = {"csrf_token": token_on(client, "/log-ind"), "email": email, "password": password}
    return client.post("/log-ind", data=sent)


def rows(house, table, **wanted):
    with house.work(writes=False):
        found = db.rows(table.select())
    return [r for r in found if all(getattr(r, k) == v for k, v in wanted.items())]


def test_from_a_new_person_to_the_first_sign_in(hire, link, choose, app, house, karen):
    answer, made = hire()
    assert answer.status_code == 303
    assert "Ikke inviteret endnu" in karen.get(AT).text
    path = link(made)
    assert "Invitation sendt" in karen.get(AT).text
    assert app.test_client().get(path).status_code == 200
    page = html.read(choose(path).text)
    assert len(page.all("code")) == 10
    assert page.one("a", href="/leder").text == "Jeg har gemt dem"
    answer = signs_in(app, NEW["email"], GOOD)
    assert (answer.status_code, answer.location) == (303, "/log-ind/kode")
    assert "Invitation" not in html.read(karen.get(AT).text).one("main").text


def test_who_signs_in_by_passkey_alone_has_been_invited(karen, house, cast):
    pia = join(house, cast, "Pia")
    forget_the_password(house, pia)
    assert state(karen, "Pia") == "Ikke inviteret endnu"
    with house.work(writes=True) as (unit, _):
        passkeys.add(pia, b"its name", b"its key", 0, "iPhone Safari")
        unit.commit()
    assert state(karen, "Pia") is None


def state(karen, name):
    """What the list says of the person's way in."""
    [row] = [a for a in html.read(karen.get(AT).text).all("a") if f"{name}efternavn" in a.text]
    found = [span.text for span in row.all("span") if span.attrs.get("class") == "row-action"]
    return found[0] if found else None


def test_people_are_listed_by_branch(karen, cast):
    page = karen.get(f"{AT}?afdeling={cast.branches['Skov']}").text
    assert "Ottoefternavn" in page
    assert "Annaefternavn" not in page
    assert "Annaefternavn" in karen.get(f"{AT}?afdeling=x").text


def test_sent_twice_it_is_one_person(hire, house):
    same = str(uuid4())
    for _ in range(2):
        assert hire(id=same)[0].status_code == 303
    assert len(rows(house, HELD, role="leader", branch_id=None)) == 0
    mark = people.email_mark(NEW["email"], house.keyring.lookup)
    assert len(rows(house, PEOPLE, email_mark=mark)) == 1


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("first_name", {"first_name": " "}, "Skriv fornavnet"),
        ("surname", {"surname": ""}, "Skriv efternavnet"),
        ("email", {"email": "pia"}, "e-mailadresse"),
        ("email", {"email": "ANNA@test.invalid "}, "allerede i brug"),
        ("phone", {"phone": "1234"}, "otte cifre"),
        ("role", {"role": ""}, "Vælg en rolle"),
        ("role", {"role": "king"}, "Vælg en rolle"),
        ("branch", {"branch": ""}, "Vælg en afdeling"),
        ("branch", {"branch": str(uuid4())}, "Vælg en afdeling"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(hire, house, field, changes, sentence):
    before = stored.counts(house)
    answer, _ = hire(**changes)
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert sentence in html.error_at(page, field)
    assert html.values(page.one(id="person-form"))["surname"] == [
        changes.get("surname", NEW["surname"])
    ]
    assert stored.counts(house) == before


def test_a_consultant_belongs_to_no_branch(hire, house):
    answer, made = hire(role="consultant", branch="")
    assert answer.status_code == 303
    [role] = [r for r in rows(house, HELD, role="consultant") if str(r.person_id) == made]
    assert role.branch_id is None


@pytest.mark.parametrize(
    ("password", "again", "field", "sentence"),
    [
        ("kort", None, "password", "mindst 12 tegn"),
        ("a" * 12, None, "password", "for let"),
        ("x1" * 501, None, "password", "for lang"),
        ("nora@test.invalid", None, "password", "din e-mail"),
        ("NORA@test.invalid", None, "password", "din e-mail"),
        (GOOD, "noget-helt-andet", "again", "ikke ens"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_still_works(
    link, choose, cast, app, password, again, field, sentence
):
    path = link(cast.people["Nora"])
    answer = choose(path, password, again)
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert sentence in html.error_at(page, field)
    assert password not in answer.text
    assert choose(path).status_code == 200


def test_used_stopped_and_made_up_links_get_one_answer(link, choose, cast, app):
    stopped = link(cast.people["Nora"])
    used = link(cast.people["Nora"])
    assert choose(used).status_code == 200
    texts = set()
    for path in (stopped, used, "/invitation/made-up", "/invitation/" + "x" * 43):
        answer = app.test_client().get(path)
        assert answer.status_code == 404
        assert choose(path).status_code == 404
        texts.add(html.read(answer.text).one("main").text)
    assert len(texts) == 1


def test_T24_links_cannot_be_guessed_for_long_and_a_good_one_opens_all_the_same(app, cast, link):
    path = link(cast.people["Nora"])
    client = app.test_client()
    answers = [client.get(f"/invitation/{n}").status_code for n in range(101)]
    assert answers == [404] * 100 + [429]
    assert client.get(path).status_code == 200


def test_a_new_password_signs_every_device_out(link, choose, app, cast, signed_in):
    nora = signed_in("Nora")
    assert nora.get("/mig").status_code == 200
    assert choose(link(cast.people["Nora"])).status_code == 200
    assert nora.get("/mig").status_code == 303
    assert signs_in(app, cast.email("Nora"), PASSWORD).status_code == 422
    assert signs_in(app, cast.email("Nora"), GOOD).status_code == 303


def test_whoever_has_no_role_gets_no_link(send, cast, house):
    answer = send(f"{AT}/{cast.people['Gustav']}/invitation")
    assert answer.status_code == 422
    assert rows(house, invitations.INVITATIONS) == []


def test_the_list_comes_in_pages_and_nobody_is_left_out(karen, house, cast, monkeypatch):
    monkeypatch.setattr(consultant_staff, "A_PAGE", 3)
    everybody, path, pages = [], AT, 0
    while path:
        shown = html.read(karen.get(path).text)
        rows_of = shown.one("ul", **{"class": "rows"}).all("a")
        assert len(rows_of) <= 3
        everybody += [a.attrs["href"] for a in rows_of]
        more = [a for a in shown.all("a") if "fra=" in a.attrs.get("href", "")]
        path, pages = more[0].attrs["href"] if more else None, pages + 1
    assert pages > 2
    with house.work(writes=False):
        known = [f"{AT}/{one.id}" for one in staff.everyone(clock.today())]
    assert everybody == known


@pytest.mark.parametrize("asked", ["-1", "x", "999999999999"])
def test_a_page_that_is_not_there_is_no_fault(karen, asked):
    assert karen.get(f"{AT}?fra={asked}").status_code == 200


def test_an_invitation_goes_by_letter_and_says_when(send, choose, karen, cast, house, app):
    nora = f"{AT}/{cast.people['Nora']}"
    assert "Send en invitation" in karen.get(nora).text
    assert send(f"{nora}/brev").status_code == 303
    assert "E-mailen venter på at blive sendt." in karen.get(nora).text
    [row] = rows(house, invitations.INVITATIONS)
    sent = letters.invitations(house)
    assert list(sent) == [cast.email("Nora")]
    told = html.read(karen.get(nora).text).text
    assert "E-mailen med linket er sendt" in told
    assert "Send igen" in told
    assert letters.invitations(house) == {}  # once
    assert choose(sent[cast.email("Nora")]).status_code == 200
    assert signs_in(app, cast.email("Nora"), GOOD).status_code == 303
    [used] = rows(house, invitations.INVITATIONS)
    assert used.id == row.id
    assert used.token_hash != row.token_hash  # the link of a letter is made as it is written


def test_sent_again_the_older_letter_works_no_more(send, choose, cast, house, app):
    nora, mail = f"{AT}/{cast.people['Nora']}", cast.email("Nora")
    send(f"{nora}/brev")
    first = letters.invitations(house)[mail]
    send(f"{nora}/brev")
    second = letters.invitations(house)[mail]
    assert choose(first).status_code == 404
    assert choose(second).status_code == 200


def test_a_letter_whose_invitation_was_stopped_is_not_written(send, link, cast, house):
    send(f"{AT}/{cast.people['Nora']}/brev")
    link(cast.people["Nora"])  # the consultant shows a link instead
    assert letters.invitations(house) == {}


def test_whoever_has_no_role_or_no_address_gets_no_letter(send, cast, house):
    assert send(f"{AT}/{cast.people['Gustav']}/brev").status_code == 422
    with house.work(writes=True) as (unit, _):
        nora = PEOPLE.c.id == cast.people["Nora"]
        db.change(PEOPLE.update().where(nora).values(email_ct=None))
        unit.commit()
    answer = send(f"{AT}/{cast.people['Nora']}/brev")
    assert answer.status_code == 422
    assert "Personen har ingen e-mail." in answer.text
    assert rows(house, invitations.INVITATIONS) == []


def role_of(house, person, role):
    found = [r for r in rows(house, HELD, person_id=person, role=role) if r.to_on is None]
    return str(found[0].id)


def test_a_role_ends_at_once_and_a_mentors_seat_with_it(send, cast, house, signed_in):
    bo, anna = signed_in("Bo"), signed_in("Anna")
    assert bo.get("/forloeb").status_code == 200
    person = cast.people["Bo"]
    ended = {"role_id": role_of(house, person, "mentor"), "sure": "y"}
    assert send(f"{AT}/{person}/rolle-slut", **ended).status_code == 303
    assert bo.get("/forloeb").status_code == 303
    assert "Ingen lige nu" in anna.get("/forloeb").text
    assert send(f"{AT}/{person}/rolle-slut", **ended).status_code == 409
    acts = [e for e in rows(house, db.columns(trail.Entry)) if e.kind == "role"]
    assert [(e.action, e.object_id, e.reason) for e in acts] == [(trail.LEFT, person, "mentor")]


def test_a_role_does_not_end_without_the_tick(send, cast, house, signed_in):
    bo, person = signed_in("Bo"), cast.people["Bo"]
    answer = send(f"{AT}/{person}/rolle-slut", role_id=role_of(house, person, "mentor"))
    assert answer.status_code == 422
    assert "Sæt kryds" in html.error_at(html.read(answer.text), "sure")
    assert bo.get("/forloeb").status_code == 200


def test_an_unused_link_stops_with_the_last_role(send, link, cast, house, app):
    person = cast.people["Nora"]
    path = link(person)
    role = role_of(house, person, "mentor")
    assert send(f"{AT}/{person}/rolle-slut", role_id=role, sure="y").status_code == 303
    assert app.test_client().get(path).status_code == 404
    given = {"role": "mentor", "branch": str(cast.branches["Havn"])}
    assert send(f"{AT}/{person}/rolle", **given).status_code == 303
    assert app.test_client().get(path).status_code == 404  # stopped stays stopped


def test_nobody_changes_their_own_roles(send, cast, house, karen):
    person, branch = cast.people["Karen"], str(cast.branches["Havn"])
    before = stored.contents(house)
    own = {"role_id": role_of(house, person, "consultant"), "sure": "y"}
    assert send(f"{AT}/{person}/rolle-slut", **own).status_code == 422
    assert send(f"{AT}/{person}/rolle", role="leader", branch=branch).status_code == 422
    assert send(f"{AT}/{person}/afdeling", branch=branch).status_code == 422
    assert stored.contents(house) == before
    assert karen.get(AT).status_code == 200


def test_one_more_role(send, cast, signed_in, house):
    person, skov = cast.people["Lise"], str(cast.branches["Skov"])
    lead(house, cast, "Gustav")  # who takes over Samir's
    before = signed_in("Lise")
    assert send(f"{AT}/{person}/rolle", role="leader", branch=skov).status_code == 303
    assert before.get("/mig").status_code == 303  # T25: rights that change end a session
    answer = send(f"{AT}/{person}/rolle", role="leader", branch=skov)
    assert answer.status_code == 422
    assert "allerede" in html.error_at(html.read(answer.text), "role")
    answer = send(f"{AT}/{person}/rolle", role="mentor", branch="")
    assert "afdeling" in html.error_at(html.read(answer.text), "role-branch")
    there = f"/leder/forloeb/{cast.mentorships['Jonas']}"
    lise = signed_in("Lise")
    assert lise.get(there).status_code == 200
    ended = {"role_id": role_of(house, person, "leader"), "sure": "y"}
    assert send(f"{AT}/{person}/rolle-slut", **ended).status_code == 303
    assert lise.get(there).status_code == 303  # signed out, though one role is left


def test_a_leader_who_moves_leads_only_the_new_branch(send, cast, app, house):
    person = cast.people["Lise"]
    lead(house, cast, "Gustav")
    assert send(f"{AT}/{person}/afdeling", branch=str(cast.branches["Skov"])).status_code == 303
    lise = client_of(app, cast, "Lise")
    assert lise.get(f"/leder/forloeb/{cast.mentorships['Jonas']}").status_code == 200
    assert lise.get(f"/leder/forloeb/{cast.mentorships['Samir']}").status_code == 404
    answer = send(f"{AT}/{person}/afdeling", branch="")
    assert "Vælg en afdeling" in html.error_at(html.read(answer.text), "branch")


@pytest.mark.parametrize("name", ["Anna", "Lise", "Lars"])
def test_only_the_consultant_sees_people(signed_in, cast, name):
    for path in (AT, f"{AT}/ny", f"{AT}/{cast.people['Anna']}"):
        assert signed_in(name).get(path).status_code == 403


def test_the_command_lets_the_first_consultant_in(command, app, choose, cast):
    made = command("invite", "ny@test.invalid", "--first-name", "Ny")
    assert made.exit_code == 0
    path = re.search(r"/invitation/\S+", made.output)[0]
    assert choose(path).status_code == 200
    answer = signs_in(app, "ny@test.invalid", GOOD)
    assert (answer.status_code, answer.location) == (303, "/log-ind/kode")
    unknown = command("invite", "ingen@test.invalid")
    assert unknown.exit_code != 0
    assert "/invitation/" not in unknown.output
