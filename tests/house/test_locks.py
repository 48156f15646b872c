"""A device that was left alone is locked, and its person opens it again in one gesture."""

from datetime import timedelta

import pytest

from app import clock
from app.web.permits import OPEN_TO_ALL as OPEN
from tests import html, logs, sealed, stored
from tests.cast import PASSWORD
from tests.conftest import token_on
from tests.house.test_ways_in import enrolled, send
from tests.passkeys import Phone

QUARTER = timedelta(minutes=15)
PIN = "804215"
NOTES = "/forloeb/traad"
UNLOCK, PROVE = "/laas-op", "/bekraeft"


@pytest.fixture
def house(app):
    """As production has it: fifteen minutes."""
    made = app.extensions["house"]
    object.__setattr__(made.settings, "idle", QUARTER)
    return made


@pytest.fixture
def later(time_machine):
    return lambda by: time_machine.move_to(clock.now() + by)


@pytest.fixture
def anna(house, signed_in):
    return signed_in("Anna")


def unlock(client, **values):
    return send(client, UNLOCK, UNLOCK, **values)


def closed(client, path="/forloeb"):
    answer = client.get(path)
    return answer.status_code == 303 and answer.location.startswith(UNLOCK)


def test_T1_a_device_that_was_left_alone_is_locked(anna, later):
    later(QUARTER - timedelta(seconds=1))
    assert anna.get("/forloeb").status_code == 200
    later(QUARTER)
    answer = anna.get("/forloeb")
    assert (answer.status_code, answer.location) == (303, "/laas-op?next=%2Fforloeb")
    page = anna.get(UNLOCK)
    assert page.status_code == 200
    for name in ("Anna", "Samir", "Bo", "Lise"):
        assert name not in html.without_chance(page.text)


def test_T1_every_page_and_verb_is_locked(anna, later, app):
    token = token_on(anna, "/mig")
    later(QUARTER)
    answers = {"/laas-op", "/laas-op/adgangsnoegle", "/udbakke/noegle"}
    for rule in app.url_map.iter_rules():
        if rule.arguments or rule.rule in answers or rule.endpoint in OPEN:
            continue
        if "GET" in rule.methods:
            assert anna.get(rule.rule).location.startswith(UNLOCK), rule.rule
        elif rule.endpoint != "sign_in.leave":
            answer = anna.post(rule.rule, data={"csrf_token": token})
            assert answer.status_code == (303 if rule.endpoint.endswith(".take") else 403)
            assert "Samir" not in answer.text


def test_F5_use_keeps_it_open_to_the_minute(anna, later, house):
    for _ in range(4):
        later(timedelta(minutes=10))
        assert anna.get("/forloeb").status_code == 200
    [row] = stored.rows(house, "sign_in")
    seen = row.seen_at
    later(timedelta(seconds=30))
    anna.get("/forloeb")
    assert stored.rows(house, "sign_in")[0].seen_at == seen  # not a write for every page


def test_T9_what_a_phone_does_by_itself_keeps_no_lock_open(anna, later):
    for _ in range(2):
        later(timedelta(minutes=8))
        assert anna.get("/udbakke/noegle").status_code == 200
        anna.get("/udbakke/viden")
    assert closed(anna)


def test_typing_keeps_it_open(anna, later):
    for _ in range(3):
        later(timedelta(minutes=10))
        assert anna.get("/her").status_code == 204
    assert anna.get("/forloeb").status_code == 200


def test_the_password_opens_it_and_a_pin_may_be_chosen_for_next_time(anna, later, house):
    later(QUARTER)
    answer = unlock(anna, password=PASSWORD, new_pin=PIN, next="/uger")
    assert (answer.status_code, answer.location) == (303, "/uger")
    assert anna.get("/uger").status_code == 200
    later(QUARTER)
    assert html.read(anna.get(UNLOCK).text).all("input", name="password") == []
    assert unlock(anna, pin=PIN).location == "/"
    assert anna.get("/uger").status_code == 200
    assert PIN not in str(stored.contents(house))
    [sign_in] = stored.rows(house, "sign_in")
    [renewed] = stored.acts(house, "renewed")  # opened twice, chosen once
    assert (renewed.kind, renewed.object_id) == ("sign_in", sign_in.id)


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "12345a"])
def test_a_pin_that_is_easily_guessed_is_refused(anna, later, pin):
    later(QUARTER)
    answer = unlock(anna, password=PASSWORD, new_pin=pin)
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), "new_pin")
    assert closed(anna)


def test_T1_the_fifth_wrong_pin_signs_the_device_out(anna, later, house):
    later(QUARTER)
    unlock(anna, password=PASSWORD, new_pin=PIN)
    later(QUARTER)
    for left in ("4 forsøg", "3 forsøg", "2 forsøg", "1 forsøg"):
        answer = unlock(anna, pin="999000")
        assert answer.status_code == 422
        assert left in html.error_at(html.read(answer.text), "pin")
    assert unlock(anna, pin="999000").location == "/log-ind"
    assert anna.get("/forloeb").location.startswith("/log-ind")
    assert len(stored.acts(house, "signed_out")) == 1


def test_a_right_pin_begins_the_count_anew(anna, later):
    later(QUARTER)
    unlock(anna, password=PASSWORD, new_pin=PIN)
    for _ in range(2):
        later(QUARTER)
        for _ in range(4):
            assert unlock(anna, pin="999000").status_code == 422
        assert unlock(anna, pin=PIN).status_code == 303


def test_a_passkey_opens_it_and_another_s_does_not(anna, later, signed_in):
    hers, bo_s = enrolled(anna), enrolled(signed_in("Bo"))
    later(QUARTER)
    options = anna.get(f"{UNLOCK}/adgangsnoegle").json
    assert unlock(anna, credential=bo_s.open(options)).status_code == 422
    assert closed(anna)
    options = anna.get(f"{UNLOCK}/adgangsnoegle").json
    assert unlock(anna, credential=hers.open(options)).status_code == 303
    assert anna.get("/forloeb").status_code == 200


def test_T25_opening_changes_the_token_and_the_old_cookie_is_worth_nothing(anna, later, app):
    kept = anna.get_cookie("session").value
    later(QUARTER)
    unlock(anna, password=PASSWORD)
    thief = app.test_client()
    thief.set_cookie("session", kept)
    assert thief.get("/forloeb").location.startswith("/log-ind")
    assert anna.get("/forloeb").status_code == 200


def test_what_was_typed_waits_behind_the_lock(anna, later, house):
    form = html.values(html.read(anna.get(NOTES).text).one(id="thread-form"))
    later(QUARTER)
    answer = anna.post(NOTES, data=form | {"text": "Husk nøglen"})
    assert answer.status_code == 403
    kept = html.values(html.read(answer.text).one(id="unlock-form"))
    again = anna.post(UNLOCK, data=kept | {"password": "forkert", "new_pin": ""})
    assert again.status_code == 422
    kept = html.values(html.read(again.text).one(id="unlock-form"))
    opened = anna.post(UNLOCK, data=kept | {"password": PASSWORD, "new_pin": ""})
    page = html.read(opened.text)
    resumed = page.one("form", action=NOTES)
    assert html.values(resumed)["text"] == ["Husk nøglen"]
    assert stored.rows(house, "thread_note") == []
    assert anna.post(NOTES, data=html.values(resumed)).status_code == 303
    assert len(stored.rows(house, "thread_note")) == 1


def test_no_password_waits_in_a_page(anna, later):
    token = token_on(anna, "/mig")
    later(QUARTER)
    sent = {"csrf_token": token, "password": "tre-andre-lange-ord", "again": "tre-andre-lange-ord"}
    answer = anna.post("/mig/adgang/adgangskode", data=sent)
    assert "tre-andre-lange-ord" not in answer.text


def test_what_waits_on_the_phone_is_sent_from_behind_the_lock(anna, later, house):
    """Nothing is lost because a phone lies in a pocket; and nothing is shown."""
    item = sealed.record(anna, logs.filled(anna, comment="Talte om nøglen"))
    later(QUARTER)
    answer = sealed.send(anna, item)
    assert "HX-Redirect" in answer.headers
    assert answer.headers["Stored"].startswith(item["record"])
    assert "Samir" not in answer.text
    assert len(stored.rows(house, "evaluation")) == 1
    assert closed(anna)


def test_T9_what_the_server_does_not_take_is_not_shown_behind_the_lock(anna, later, house):
    item = sealed.record(anna, logs.filled(anna, comment="Talte", relation="99"))
    later(QUARTER)
    answer = sealed.send(anna, item)
    assert answer.status_code == 403  # it stays on the phone, and waits
    assert "Talte" not in answer.text
    assert "Samir" not in answer.text
    assert stored.rows(house, "evaluation") == []


def test_a_fragment_asked_for_behind_the_lock_leads_to_it(anna, later):
    later(QUARTER)
    answer = anna.get("/moeder/ny/dato", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith(UNLOCK)


def test_log_out_works_behind_the_lock(anna, later):
    later(QUARTER)
    token = token_on(anna, UNLOCK)
    assert anna.post("/log-ud", data={"csrf_token": token}).location == "/log-ind"


# --- A fresh proof before the gravest acts --------------------------------------------------


@pytest.fixture
def karen(house, signed_in):
    return signed_in("Karen")


def stay(client, later, minutes):
    """In use all the while, but without showing who one is."""
    for _ in range(minutes // 10):
        later(timedelta(minutes=10))
        assert client.get("/mig").status_code == 200


def test_T15_a_change_of_rights_asks_who_it_is(karen, later, cast, house):
    person = cast.people["Anna"]
    path = f"/konsulent/personer/{person}/rolle"
    sent = {"role": "leader", "branch": str(cast.branches["Havn"])}
    stay(karen, later, 20)
    answer = send(karen, path, "/mig", **sent)
    assert answer.status_code == 403
    assert len([r for r in stored.rows(house, "role") if r.person_id == person]) == 1
    kept = html.values(html.read(answer.text).one(id="prove-form"))
    page = html.read(karen.post(PROVE, data=kept | {"password": PASSWORD}).text)
    assert karen.post(path, data=html.values(page.one("form", action=path))).status_code == 303
    assert len([r for r in stored.rows(house, "role") if r.person_id == person]) == 2


def test_T15_letting_a_mentor_go_asks_who_it_is(signed_in, house, later, cast):
    lise = signed_in("Lise")
    stay(lise, later, 20)
    answer = send(lise, f"/leder/mentorer/{cast.people['Nora']}/stop", "/mig", sure="y")
    assert answer.status_code == 403
    assert html.read(answer.text).all(id="prove-form")
    assert [r for r in stored.rows(house, "person") if r.left_at] == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Lise", "/leder/mentorer/{}/ret"),
        ("Lise", "/leder/mentorer/{}/invitation"),
        ("Karen", "/konsulent/personer/{}/ret"),
    ],
)
def test_T15_another_address_asks_who_it_is(signed_in, later, cast, house, name, path):
    """Whoever comes upon an open phone does not decide which mailbox lets somebody in."""
    client, nora = signed_in(name), cast.people["Nora"]
    stay(client, later, 20)
    sent = {"first_name": "Nora", "surname": "Nysen", "email": "ny@test.invalid"}
    before = stored.rows(house, "person")
    assert send(client, path.format(nora), "/mig", **sent).status_code == 403
    assert stored.rows(house, "person") == before


@pytest.mark.parametrize("path", ["/mig/adgang", "/mig/adgang/kode-app", "/konsulent/import"])
def test_T15_pages_that_change_who_gets_in_ask_who_it_is(karen, later, path):
    assert karen.get(path).status_code == 200
    stay(karen, later, 20)
    answer = karen.get(path)
    assert answer.location.startswith(PROVE)
    assert send(karen, PROVE, PROVE, password="forkert").status_code == 422
    assert karen.get(path).status_code == 303
    answer = send(karen, PROVE, PROVE, password=PASSWORD, next=path)
    assert answer.location == path
    assert karen.get(path).status_code == 200


def test_T15_whoever_has_a_second_factor_proves_by_that(karen, later):
    phone = enrolled(karen)
    stay(karen, later, 20)
    assert send(karen, PROVE, PROVE, password=PASSWORD).status_code == 422
    options = karen.get(f"{UNLOCK}/adgangsnoegle").json
    stranger = Phone()
    stranger.name = phone.name
    assert send(karen, PROVE, PROVE, credential=stranger.open(options)).status_code == 422
    options = karen.get(f"{UNLOCK}/adgangsnoegle").json
    assert send(karen, PROVE, PROVE, credential=phone.open(options)).status_code == 303
    assert karen.get("/mig/adgang").status_code == 200


def test_T15_a_password_that_opens_the_lock_is_no_fresh_proof_beside_a_passkey(karen, later):
    enrolled(karen)
    later(QUARTER)
    assert unlock(karen, password=PASSWORD).status_code == 303
    assert karen.get("/mig").status_code == 200
    assert karen.get("/mig/adgang").location.startswith(PROVE)


def test_a_pin_is_no_fresh_proof(karen, later):
    later(QUARTER)
    unlock(karen, password=PASSWORD, new_pin=PIN)
    later(timedelta(minutes=16))
    assert unlock(karen, pin=PIN).status_code == 303
    assert karen.get("/mig").status_code == 200
    assert karen.get("/mig/adgang").location.startswith(PROVE)


# --- A lost answer, a second tap --------------------------------------------------


def again_with(client, cookie):
    """The phone never heard the answer, so it still has the cookie of before."""
    client.set_cookie("session", cookie)


def test_an_unlocking_whose_answer_was_lost_is_made_again(anna, later, house):
    later(QUARTER)
    form = html.values(html.read(anna.get(UNLOCK).text).one(id="unlock-form"))
    form |= {"password": PASSWORD, "new_pin": "", "next": "/uger"}
    cookie = anna.get_cookie("session").value
    answer = anna.post(UNLOCK, data=form)
    assert (answer.status_code, answer.location) == (303, "/uger")
    again_with(anna, cookie)
    answer = anna.post(UNLOCK, data=form)
    assert (answer.status_code, answer.location) == (303, "/uger")
    assert anna.get("/uger").status_code == 200
    assert len(stored.rows(house, "sign_in")) == 1


def test_T25_the_cookie_of_before_opens_nothing_and_only_for_two_minutes(anna, later, app):
    cookie = anna.get_cookie("session").value
    later(QUARTER)
    unlock(anna, password=PASSWORD)
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    assert thief.get("/forloeb").location.startswith("/log-ind")
    assert thief.get("/udbakke/viden").status_code == 303
    page = thief.get(UNLOCK)
    assert page.status_code == 200
    assert "Samir" not in html.without_chance(page.text)
    assert unlock(thief, password="forkert").status_code == 422
    later(timedelta(minutes=2))
    assert thief.get(UNLOCK).location.startswith("/log-ind")
    assert anna.get("/forloeb").status_code == 200


def test_a_proof_whose_answer_was_lost_loses_nothing(karen, later, cast, house):
    person, path = cast.people["Anna"], f"/konsulent/personer/{cast.people['Anna']}/rolle"
    sent = {"role": "leader", "branch": str(cast.branches["Havn"])}
    stay(karen, later, 20)
    kept = html.values(html.read(send(karen, path, "/mig", **sent).text).one(id="prove-form"))
    cookie = karen.get_cookie("session").value
    karen.post(PROVE, data=kept | {"password": PASSWORD})
    again_with(karen, cookie)
    locked = html.read(karen.post(PROVE, data=kept | {"password": PASSWORD}).text)
    form = html.values(locked.one(id="unlock-form")) | {"password": PASSWORD, "new_pin": ""}
    resumed = html.read(karen.post(UNLOCK, data=form).text).one("form", action=PROVE)
    answer = karen.post(PROVE, data=html.values(resumed) | {"password": PASSWORD})
    form = html.read(answer.text).one("form", action=path)
    assert karen.post(path, data=html.values(form)).status_code == 303
    assert len([r for r in stored.rows(house, "role") if r.person_id == person]) == 2
