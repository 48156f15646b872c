"""Ret: what is wrong about somebody is put right, and who did it is written down."""

from datetime import timedelta

import pytest

from app import clock, db
from app.domain import corrections, news, notices, recovery_codes, trail
from app.domain.mentorships import Participant
from app.domain.people import Person, credentials, email_mark
from app.domain.referrals import Referral
from tests import html, letters, stored
from tests.conftest import client_of, token_on
from tests.mentors import join, ready
from tests.web.test_mentors import forget_the_password, leads

DAY, NEW = clock.today(), "ny@test.invalid"


@pytest.fixture
def correct():
    """The form of a page, with what is put right."""

    def post(client, path, **changes):
        form = html.values(html.read(client.get(path).text).one(id="correction-form"))
        return client.post(path, data=form | changes)

    return post


def opened(house, model, one, *names):
    """What is sealed in a row."""
    with house.work(writes=False):
        row = db.session().get_one(model, one)
        return tuple(getattr(row, name) for name in names)


def told(house, person):
    with house.work(writes=False):
        return [one.reminder for one in notices.lately(person, clock.now() - timedelta(1), 60)]


def changes(house, kind):
    """Which fields the access log says were put right, and about which participant."""
    with house.work(writes=False):
        found = db.rows(trail.ENTRIES.select().where(trail.ENTRIES.c.kind == kind))
    return [(r.reason, r.subject_id) for r in found if r.action == trail.EDITED]


def test_a_leader_puts_a_participant_right(correct, lise, house, cast, life):
    samir = cast.participants["Samir"]
    answer = correct(
        lise, f"/leder/forloeb/{life}/deltager", surname="Sand", phone="+45 40 50 60 70"
    )
    assert answer.status_code == 303
    names = ("first_name", "surname", "phone")
    assert opened(house, Participant, samir, *names) == ("Samir", "Sand", "40506070")
    assert changes(house, "participant") == [("surname", samir), ("phone", samir)]
    assert "Sand" in lise.get(f"/leder/forloeb/{life}").text
    assert "tel:40506070" in lise.get(f"/leder/forloeb/{life}").text


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("first_name", " ", "Skriv deltagerens fornavn."),
        ("surname", "x" * 81, "Skriv efternavnet, eller lad feltet stå tomt."),
        ("phone", "010190-1234", "Skriv telefonens otte cifre, eller lad feltet stå tomt."),
        ("phone", "١٢٣٤٥٦٧٨", "Skriv telefonens otte cifre, eller lad feltet stå tomt."),
    ],
)
def test_what_is_wrong_about_a_participant_is_given_back(
    correct, lise, house, cast, life, field, given, sentence
):
    before = stored.rows(house, "participant")
    answer = correct(lise, f"/leder/forloeb/{life}/deltager", **{field: given})
    page = html.read(answer.text)
    assert (answer.status_code, html.error_at(page, field)) == (422, sentence)
    assert html.values(page.one(id="correction-form"))[field] == [given]
    assert stored.rows(house, "participant") == before


def test_nobody_but_its_leader_puts_a_participant_right(signed_in, house, cast, life):
    """Not a mentor, not another branch's leader, and not a leader who is of the pair."""
    leads(house, cast, "Anna")
    path = f"/leder/forloeb/{life}/deltager"
    for name, refused in (("Bo", 403), ("Lars", 404), ("Anna", 404)):
        client = signed_in(name)
        assert client.get(path).status_code == refused
        sent = {"csrf_token": token_on(client, "/mig"), "first_name": "Sam"}
        assert client.post(path, data=sent).status_code == refused
    assert opened(house, Participant, cast.participants["Samir"], "first_name") == ("Samir",)


def test_an_open_referral_is_put_right_and_a_closed_one_is_not(correct, receive, lise, send, house):
    _, made = receive()
    path = f"/leder/henvisninger/{made}/ret"
    answer = correct(lise, path, surname="Toft", source="Direktoratet", source_phone="70 20 30 40")
    assert answer.status_code == 303
    assert opened(house, Referral, stored.rows(house, "referral")[0].id, "source") == (
        "Direktoratet",
    )
    assert {"source", "source_phone"} == {field for field, _ in changes(house, "referral")}
    page = lise.get(f"/leder/henvisninger/{made}").text
    assert "Tarek Toft" in page
    assert "Direktoratet" in page
    answer = correct(lise, path, municipality="")
    assert answer.status_code == 422
    assert "Vælg den kommune, deltageren løslades til." in answer.text
    form = html.values(html.read(lise.get(path).text).one(id="correction-form"))
    send(f"/leder/henvisninger/{made}/slut", way="withdrawn")
    assert lise.get(path).status_code == 404
    assert lise.post(path, data=form).status_code == 404


def test_a_leader_puts_a_mentor_right(correct, lise, house, cast):
    nora = cast.people["Nora"]
    answer = correct(lise, f"/leder/mentorer/{nora}/ret", surname="Nygård", phone="21 22 23 24")
    assert answer.status_code == 303
    assert opened(house, Person, nora, "surname", "phone") == ("Nygård", "21222324")
    assert changes(house, "person") == [("surname", None), ("phone", None)]
    assert told(house, nora) == []
    page = lise.get(f"/leder/mentorer/{nora}").text
    assert "Nora Nygård" in page
    assert "tel:21222324" in page


def test_an_address_that_is_another_s_is_refused(correct, lise, house, cast):
    path = f"/leder/mentorer/{cast.people['Nora']}/ret"
    answer = correct(lise, path, email="BO@test.invalid ")
    assert answer.status_code == 422
    sentence = "Den e-mailadresse er allerede i brug. Skriv en anden."
    assert html.error_at(html.read(answer.text), "email") == sentence
    assert opened(house, Person, cast.people["Nora"], "email") == ("nora@test.invalid",)


def test_T13_another_address_is_told_at_the_one_before(correct, lise, house, cast):
    """Who changes an address decides who gets in next: the owner hears of it where they are."""
    nora = cast.people["Nora"]
    assert correct(lise, f"/leder/mentorer/{nora}/ret", email=NEW).status_code == 303
    assert told(house, nora) == [news.READDRESSED]
    [_] = letters.to(house, cast.email("Nora"))
    assert {row.to_ct for row in stored.rows(house, "notice")} == {None}  # gone with the letter
    with house.work(writes=False):
        found = [
            credentials(email_mark(e, house.keyring.lookup)) for e in (cast.email("Nora"), NEW)
        ]
    assert [one and one[0] for one in found] == [None, nora]


def test_T13_another_address_and_a_code_together_are_no_way_in(
    correct, karen, house, cast, time_machine
):
    """Else a consultant alone could send the link to herself and give herself the code."""
    nora = cast.people["Nora"]
    at, token = f"/konsulent/personer/{nora}", {"csrf_token": token_on(karen, "/mig")}
    before = html.read(karen.post(f"{at}/hjaelp-ind", data=token).text).one(id="help-code").text
    assert correct(karen, f"{at}/ret", email=NEW).status_code == 303
    with house.work(writes=True):
        assert not recovery_codes.spend(nora, before, house.keyring.lookup)
    answer = karen.post(f"{at}/hjaelp-ind", data=token)
    assert answer.status_code == 422
    assert "inden for de seneste syv dage" in answer.text
    assert html.read(answer.text).all(id="help-code") == []
    time_machine.move_to(clock.now() + corrections.SETTLES + timedelta(minutes=1))
    karen = client_of(karen.application, cast, "Karen")
    token = {"csrf_token": token_on(karen, "/mig")}
    assert karen.post(f"{at}/hjaelp-ind", data=token).status_code == 200


def test_T13_an_unused_link_stops_where_the_address_was_wrong(correct, karen, app, house, cast):
    """It may lie in a stranger's mailbox. Who has never been in is told nothing there."""
    made = join(house, cast, "Pia")
    forget_the_password(house, made)
    token = {"csrf_token": token_on(karen, "/mig")}
    page = html.read(karen.post(f"/konsulent/personer/{made}/invitation", data=token).text)
    link = page.one(id="address").attrs["value"].partition("//")[2].partition("/")[2]
    assert app.test_client().get(f"/{link}").status_code == 200
    path = f"/konsulent/personer/{made}/ret"
    assert correct(karen, path, email="pia.p@test.invalid").status_code == 303
    assert app.test_client().get(f"/{link}").status_code == 404
    assert told(house, made) == []


def test_T13_a_leader_does_not_change_the_address_of_a_leader(correct, lise, karen, house, cast):
    """It lets in somebody with more than the leader may give: a consultant does it."""
    nora = cast.people["Nora"]
    leads(house, cast, "Nora")
    path = f"/leder/mentorer/{nora}/ret"
    answer = correct(lise, path, email="ny@test.invalid")
    assert answer.status_code == 422
    sentence = "Bed en konsulent om at skifte den e-mail."
    assert html.error_at(html.read(answer.text), "email") == sentence
    assert correct(lise, path, phone="21222324").status_code == 303
    path = f"/konsulent/personer/{nora}/ret"
    assert correct(karen, path, email="ny@test.invalid").status_code == 303
    assert opened(house, Person, nora, "email", "phone") == ("ny@test.invalid", "21222324")


def test_my_own_number_is_told_to_who_leads_the_branch(correct, signed_in, house, cast):
    anna = cast.people["Anna"]
    assert correct(signed_in("Anna"), "/mig/nummer", phone="2122").status_code == 422
    assert correct(signed_in("Anna"), "/mig/nummer", phone="21 22 23 24").status_code == 303
    assert opened(house, Person, anna, "phone") == ("21222324",)
    assert told(house, cast.people["Lise"]) == [news.RENUMBERED]
    assert told(house, cast.people["Lars"]) == []
    assert changes(house, "person") == [("phone", None)]
    correct(signed_in("Anna"), "/mig/nummer")  # the same again
    assert told(house, cast.people["Lise"]) == [news.RENUMBERED]
    assert changes(house, "person") == [("phone", None)]


def test_a_mentor_without_a_red_cross_phone_is_matched_with_a_warning(
    correct, receive, lise, send, house, cast
):
    nora = ready(house, cast, "Nora")
    _, made = receive()
    send(f"/leder/henvisninger/{made}/screening", in_target="y", safe="y")
    send(f"/leder/henvisninger/{made}/samtale")
    assert "Røde Kors-telefon mangler" not in lise.get(f"/leder/match/{made}").text
    correct(lise, f"/leder/mentorer/{nora}/ret", phone="")
    assert "Røde Kors-telefon mangler" in lise.get(f"/leder/match/{made}").text
