"""Two factors for everybody: passkeys, code apps, and the codes in their place."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest

from app import clock, db
from app.domain import code_apps, half_sign_ins, invitations, news, passkeys, recovery_codes
from app.domain.notices import NOTICES
from tests import html, stored
from tests.cast import PASSWORD
from tests.conftest import token_on
from tests.devices import remind_on, reminded
from tests.passkeys import Phone, digits, secret_of

EMAIL = "anna@test.invalid"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def real(app, cast):
    """The same stores as production asks for them: no password is enough alone."""
    made = app.extensions["house"]
    object.__setattr__(made.settings, "password_alone", False)
    return app


@pytest.fixture
def with_app(real, house, cast):
    """Anna has a code app; the codes in its place."""
    with house.work(writes=True) as (unit, _):
        code_apps.put(cast.people["Anna"], SECRET, 0)
        codes = recovery_codes.make(cast.people["Anna"], house.keyring.lookup)
        unit.commit()
    return codes


@pytest.fixture
def phone(house, cast, signed_in):
    """A phone with a passkey of Anna's, made on her page."""
    return enrolled(signed_in("Anna"))


@pytest.fixture
def later(time_machine):
    """Moves the clock on."""
    return lambda by: time_machine.move_to(clock.now() + by)


def enrolled(client, phone=None):
    phone = phone or Phone()
    options = client.get("/mig/adgang/adgangsnoegle").json
    answer = send(client, "/mig/adgang/adgangsnoegle", "/mig", credential=phone.make(options))
    assert answer.status_code == 303
    return phone


def send(client, path, page="/log-ind", **values):
    return client.post(path, data={"csrf_token": token_on(client, page)} | values)


def password(client, word=PASSWORD, email=EMAIL, **more):
    return send(client, "/log-ind", email=email, password=word, **more)


def code(client, text):
    return send(client, "/log-ind/kode", "/log-ind/kode", code=text)


def by_passkey(client, phone, **changes):
    options = client.get("/log-ind/adgangsnoegle").json | changes
    return send(client, "/log-ind/adgangsnoegle", credential=phone.open(options))


def is_in(client):
    return client.get("/mig").status_code == 200


def letters(house, person, reminder):
    with house.work(writes=False):
        found = db.rows(NOTICES.select())
    return [row for row in found if (row.person_id, row.reminder) == (person, reminder)]


# --- T12: nobody is in by one factor --------------------------------------------------


def test_T12_a_password_alone_opens_nothing(real, cast, house):
    client = real.test_client()
    answer = password(client)
    assert answer.status_code == 422
    assert "kode-app" in html.read(answer.text).one(role="alert").text
    assert not is_in(client)


def test_T12_a_right_password_is_half_the_way(with_app, app):
    client = app.test_client()
    answer = password(client)
    assert (answer.status_code, answer.location) == (303, "/log-ind/kode")
    assert not is_in(client)
    assert client.get("/").location == "/log-ind"
    assert code(client, digits(SECRET)).location == "/"
    assert is_in(client)


def test_T12_the_demo_s_exception_is_a_setting_and_ends_with_a_second_factor(app, house, cast):
    client = app.test_client()
    assert password(client).location == "/"  # the tests' stores allow it, as the demo does
    enrolled(client)
    again = app.test_client()
    assert password(again).location == "/log-ind/kode"
    assert not is_in(again)


def test_T12_digits_work_once(with_app, app):
    now = digits(SECRET)
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        password(client)
    assert code(first, now).status_code == 303
    answer = code(second, now)
    assert answer.status_code == 422
    assert "brugt" in html.error_at(html.read(answer.text), "code")
    assert not is_in(second)
    assert code(second, digits(SECRET, time.time() + 30)).status_code == 303


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "1" * 500])
def test_T12_wrong_digits_are_refused_and_counted(with_app, app, wrong):
    client = app.test_client()
    password(client)
    for _ in range(5):
        assert code(client, wrong).status_code == 422
    answer = client.get("/log-ind/kode")  # the fifth was the last: begin again
    assert answer.location == "/log-ind"


def test_T12_who_has_the_password_and_guesses_the_code_is_told_of(with_app, app, house, cast):
    def told() -> int:
        return len(letters(house, cast.people["Anna"], news.GUESSED))

    owner, thief = app.test_client(), app.test_client()
    password(owner)
    for _ in range(4):
        code(owner, "000000")
    assert code(owner, with_app[0]).status_code == 303
    assert told() == 0  # four wrong and one right: that is a hand that slips
    password(thief)
    for _ in range(5):
        code(thief, "000000")
    assert told() == 1
    password(thief)
    code(thief, "000000")
    assert told() == 1  # one letter a day


@pytest.fixture
def told(house, cast):
    """How many letters say to Anna that somebody writes wrong codes."""
    return lambda: len(letters(house, cast.people["Anna"], news.GUESSED))


def test_T12_five_wrong_codes_in_a_day_are_told_of_however_they_are_spread(
    with_app, half, told, later
):
    for _ in range(4):
        assert code(half(), "000000").status_code == 422
    assert told() == 0
    later(timedelta(hours=23))
    code(half(), "000000")
    assert told() == 1
    later(timedelta(days=1, hours=1))
    for _ in range(4):
        code(half(), "000000")
    assert told() == 1


def test_T12_wrong_digits_beside_a_link_are_told_of(letter, with_app, app, told):
    path, thief = letter(), app.test_client()
    for n in range(5):
        assert told() == 0
        made = Phone().make(thief.get(f"{path}/adgangsnoegle").json)
        send(thief, f"{path}/adgangsnoegle", credential=made, proof=f"00000{n}")
    assert told() == 1


def test_T12_wrong_digits_on_an_open_device_are_told_of(with_app, signed_in, told):
    for name in ("Anna", "Anna"):
        found = signed_in(name)
        for _ in range(3):
            send(found, "/bekraeft", "/mig", code="000000")
    assert told() == 1


def test_T12_half_the_way_in_lasts_ten_minutes(with_app, app, later):
    client = app.test_client()
    password(client)
    later(timedelta(minutes=11))
    assert client.get("/log-ind/kode").location == "/log-ind"


def test_T12_a_passkey_is_both_factors(phone, app, house, cast):
    client = app.test_client()
    assert by_passkey(client, phone).location == "/"
    assert is_in(client)
    assert len(stored.acts(house, "signed_in")) == 1


def test_T12_a_passkey_given_to_another_site_is_worth_nothing(phone, app):
    phone.origin = "https://primus-motor.example.evil"
    client = app.test_client()
    assert by_passkey(client, phone).status_code == 422
    assert not is_in(client)


def test_T12_a_page_of_another_site_makes_no_passkey_here(signed_in, house):
    anna = signed_in("Anna")
    made = Phone("https://evil.example").make(anna.get("/mig/adgang/adgangsnoegle").json)
    assert send(anna, "/mig/adgang/adgangsnoegle", "/mig", credential=made).status_code == 422
    assert stored.rows(house, "passkey") == []


def test_T12_a_phone_that_asks_for_nothing_is_one_factor(phone, app):
    phone.verifies = False
    client = app.test_client()
    assert by_passkey(client, phone).status_code == 422
    assert not is_in(client)


def test_T12_an_answer_is_good_once(phone, app):
    """Also of a passkey that is shared between devices, and counts nothing."""
    phone.counts = False
    client = app.test_client()
    given = phone.open(client.get("/log-ind/adgangsnoegle").json)
    assert send(client, "/log-ind/adgangsnoegle", credential=given).status_code == 303
    thief = app.test_client()
    assert send(thief, "/log-ind/adgangsnoegle", credential=given).status_code == 422
    assert not is_in(thief)


def test_T12_a_challenge_lasts_five_minutes_and_is_for_one_thing(phone, app, signed_in, later):
    client = app.test_client()
    for_the_lock = signed_in("Anna").get("/laas-op/adgangsnoegle").json
    answer = send(client, "/log-ind/adgangsnoegle", credential=phone.open(for_the_lock))
    assert answer.status_code == 422
    options = client.get("/log-ind/adgangsnoegle").json
    later(timedelta(minutes=6))
    assert send(client, "/log-ind/adgangsnoegle", credential=phone.open(options)).status_code == 422


def test_T12_a_challenge_of_one_s_own_is_refused(phone, app):
    client = app.test_client()
    assert by_passkey(client, phone, challenge="bXkgb3du").status_code == 422


def test_T12_a_copied_passkey_is_noticed(phone, app):
    """Its counter stands where the true one has been already."""
    assert by_passkey(app.test_client(), phone).status_code == 303
    phone.uses = 0
    assert by_passkey(app.test_client(), phone).status_code == 422


@pytest.mark.parametrize("given", ["", "{}", "[]", "null", "x" * 20_000, '{"id": 1}'])
def test_what_is_no_passkey_is_refused_calmly(app, cast, signed_in, given):
    client = app.test_client()
    assert send(client, "/log-ind/adgangsnoegle", credential=given).status_code == 422
    anna = signed_in("Anna")
    answer = send(anna, "/mig/adgang/adgangsnoegle", "/mig", credential=given)
    assert answer.status_code == 422
    assert "Prøv igen" in html.read(answer.text).one(role="alert").text


def test_a_passkey_of_somebody_without_a_role_opens_nothing(phone, app, house, cast):
    with house.data.begin() as connection:
        connection.exec_driver_sql("UPDATE role SET to_on = '2001-01-01'")
    assert by_passkey(app.test_client(), phone).status_code == 422


def test_one_passkey_is_one_person_s(phone, signed_in, house):
    bo = signed_in("Bo")
    options = bo.get("/mig/adgang/adgangsnoegle").json
    answer = send(bo, "/mig/adgang/adgangsnoegle", "/mig", credential=phone.make(options))
    assert answer.status_code == 422
    assert "her allerede" in answer.text
    assert len(stored.rows(house, "passkey")) == 1


def test_T12_every_change_of_the_way_in_is_told_by_letter(phone, house, cast):
    assert len(letters(house, cast.people["Anna"], news.ACCESS_CHANGED)) == 1
    assert len(stored.acts(house, "renewed")) == 1


def test_T12_a_new_device_is_told_of_and_a_known_one_is_not(phone, app, house, cast):
    anna = cast.people["Anna"]
    known = app.test_client()
    by_passkey(known, phone)
    assert len(letters(house, anna, news.NEW_DEVICE)) == 1
    known.delete_cookie("session")
    by_passkey(known, phone)
    assert len(letters(house, anna, news.NEW_DEVICE)) == 1
    by_passkey(app.test_client(), phone)
    assert len(letters(house, anna, news.NEW_DEVICE)) == 2


# --- T13: a lost phone --------------------------------------------------


def test_T13_a_recovery_code_stands_in_for_the_app_once(with_app, app):
    first, second = app.test_client(), app.test_client()
    password(first)
    answer = code(first, with_app[3].upper().replace("-", " "))
    assert answer.location == "/mig/adgang"  # where a new app is tied
    password(second)
    assert code(second, with_app[3]).status_code == 422
    assert not is_in(second)


def test_T13_a_recovery_code_never_stands_in_for_the_password(with_app, app):
    client = app.test_client()
    assert password(client, with_app[0]).status_code == 422
    assert client.get("/log-ind/kode").location == "/log-ind"


def test_T13_after_a_recovery_code_the_second_factor_is_still_asked_for(with_app, app):
    client = app.test_client()
    password(client)
    code(client, with_app[0])
    again = app.test_client()
    assert password(again).location == "/log-ind/kode"


def test_T13_new_recovery_codes_end_the_old(with_app, app, signed_in):
    anna = signed_in("Anna")
    page = html.read(send(anna, "/mig/adgang/noedkoder", "/mig").text)
    new = [one.text for one in page.all("code")]
    assert len(new) == 10
    assert not set(new) & set(with_app)
    client = app.test_client()
    password(client)
    assert code(client, with_app[0]).status_code == 422
    assert code(client, new[0]).status_code == 303


@pytest.fixture
def helped(with_app, signed_in, cast):
    """The code that Karen gives Anna in person."""

    def give(name="Anna"):
        path = f"/konsulent/personer/{cast.people[name]}/hjaelp-ind"
        answer = send(signed_in("Karen"), path, "/mig")
        return html.read(answer.text).one(id="help-code").text

    return give


def test_T13_the_consultant_s_code_is_128_bits_and_works_once(helped, app, house, cast):
    given = helped()
    assert len(given.replace("-", "")) == 26  # of 31 letters: 128.8 bits
    client = app.test_client()
    password(client)
    assert code(client, given).location == "/mig/adgang"
    again = app.test_client()
    password(again)
    assert code(again, given).status_code == 422
    [act] = stored.acts(house, "helped")
    assert act.actor_id == cast.people["Karen"]
    assert len(letters(house, cast.people["Anna"], news.ACCESS_CHANGED)) == 1


def test_T13_the_consultant_s_code_lasts_a_quarter_of_an_hour(helped, app, later):
    given = helped()
    later(timedelta(minutes=15, seconds=1))
    client = app.test_client()
    password(client)
    assert code(client, given).status_code == 422


def test_T13_a_code_is_of_one_person(helped, app, house, cast):
    with house.work(writes=True) as (unit, _):
        code_apps.put(cast.people["Bo"], SECRET, 0)
        unit.commit()
    given = helped("Anna")
    bo = app.test_client()
    password(bo, email="bo@test.invalid")
    assert code(bo, given).status_code == 422


def test_T13_a_new_code_ends_the_one_before(helped, app):
    old, new = helped(), helped()
    client = app.test_client()
    password(client)
    assert code(client, old).status_code == 422
    assert code(client, new).status_code == 303


def test_T13_the_consultant_s_code_sets_no_password(helped, app):
    given = helped()
    client = app.test_client()
    assert password(client, given).status_code == 422


def test_a_consultant_gives_no_code_to_herself(signed_in, cast):
    karen = signed_in("Karen")
    answer = send(karen, f"/konsulent/personer/{cast.people['Karen']}/hjaelp-ind", "/mig")
    assert answer.status_code == 422


# --- The last way in is never taken away --------------------------------------------------


def test_the_last_way_in_stays(real, phone, signed_in, house, cast):
    anna = signed_in("Anna")
    [only] = stored.rows(house, "passkey")
    path = f"/mig/adgang/adgangsnoegle/{only.id}/sletning"
    assert send(anna, path, "/mig").status_code == 422
    assert len(stored.rows(house, "passkey")) == 1
    tie_app(anna)
    assert send(anna, path, "/mig").status_code == 303
    assert stored.rows(house, "passkey") == []
    assert send(anna, path, "/mig").status_code == 404
    assert send(anna, "/mig/adgang/kode-app/sletning", "/mig").status_code == 422
    assert len(stored.rows(house, "code_app")) == 1


def tie_app(client):
    seed = html.read(client.get("/mig/adgang/kode-app").text).one("input", name="seed")
    seed = seed.attrs["value"]
    spent = digits(secret_of(seed))
    answer = send(client, "/mig/adgang/kode-app", "/mig", seed=seed, code=spent)
    assert answer.status_code == 200
    return secret_of(seed), spent, [one.text for one in html.read(answer.text).all("code")]


def test_a_code_app_is_tied_by_its_first_digits(real, signed_in, app, house):
    anna = signed_in("Anna")
    page = html.read(anna.get("/mig/adgang/kode-app").text)
    seed = page.one("input", name="seed").attrs["value"]
    wrong = send(anna, "/mig/adgang/kode-app", "/mig", seed=seed, code="000000")
    assert wrong.status_code == 422
    kept = html.read(wrong.text).one("input", name="seed").attrs["value"]
    assert kept == seed  # the picture that was scanned stays the one that counts
    forged = send(anna, "/mig/adgang/kode-app", "/mig", seed="x", code="000000")
    assert forged.status_code == 422
    assert stored.rows(house, "code_app") == []
    secret, spent, codes = tie_app(anna)
    assert len(codes) == 10
    assert secret not in str(stored.contents(house))
    client = app.test_client()
    password(client)
    assert code(client, spent).status_code == 422  # by tying the app
    assert code(client, digits(secret, time.time() + 30)).status_code == 303


def test_a_new_password_ends_every_other_device(signed_in, app, house):
    here, there = signed_in("Anna"), signed_in("Anna")
    sent = {"password": "tre-andre-lange-ord", "again": "tre-andre-lange-ord"}
    assert send(here, "/mig/adgang/adgangskode", "/mig", **sent).status_code == 303
    assert is_in(here)
    assert not is_in(there)
    assert password(app.test_client()).status_code == 422
    assert password(app.test_client(), "tre-andre-lange-ord").status_code == 303


def test_T1_a_new_password_ends_the_reminders_elsewhere_and_is_in_the_trail(signed_in, house, cast):
    there = signed_in("Anna")
    [elsewhere] = stored.rows(house, "sign_in")
    here = signed_in("Anna")
    [in_hand] = [row for row in stored.rows(house, "sign_in") if row.id != elsewhere.id]
    remind_on(house, cast, "Anna", elsewhere.id)
    kept = remind_on(house, cast, "Anna", in_hand.id)
    sent = {"password": "tre-andre-lange-ord", "again": "tre-andre-lange-ord"}
    send(here, "/mig/adgang/adgangskode", "/mig", **sent)
    assert not is_in(there)
    assert reminded(house, cast, "Anna") == [kept]
    assert [row.object_id for row in stored.acts(house, "signed_out")] == [elsewhere.id]


# --- The link --------------------------------------------------


@pytest.fixture
def link(real, signed_in, cast):
    def make(name="Nora"):
        answer = send(
            signed_in("Karen"), f"/konsulent/personer/{cast.people[name]}/invitation", "/mig"
        )
        return html.read(answer.text).one(id="address").attrs["value"].partition("8000")[2]

    return make


@pytest.fixture
def letter(real, signed_in, cast, house):
    """The path that the letter to somebody brings."""

    def make(name="Anna"):
        person = cast.people[name]
        answer = send(signed_in("Karen"), f"/konsulent/personer/{person}/brev", "/mig")
        assert answer.status_code == 303
        with house.work(writes=True) as (unit, _):
            token = invitations.written(invitations.last_of([person])[person].id)
            unit.commit()
        return f"/invitation/{token}"

    return make


def test_a_link_and_a_phone_are_enough_to_come_in(link, app, house, cast):
    path, client, phone = link(), app.test_client(), Phone()
    options = client.get(f"{path}/adgangsnoegle").json
    assert "Nora" not in json.dumps(options)
    answer = send(client, f"{path}/adgangsnoegle", credential=phone.make(options))
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)
    assert client.get(path).status_code == 404  # once
    assert letters(house, cast.people["Nora"], news.NEW_DEVICE) == []  # the first is no news
    again = app.test_client()
    assert by_passkey(again, phone).status_code == 303


def test_T12_a_link_that_went_astray_opens_no_account_in_use(letter, with_app, app, house, cast):
    """Who has a way in already shows it beside the link."""
    path, thief = letter(), app.test_client()
    options = thief.get(f"{path}/adgangsnoegle").json
    for proof in ("", "000000", "abcd-efgh-jkmn"):
        answer = send(thief, f"{path}/adgangsnoegle", credential=Phone().make(options), proof=proof)
        assert answer.status_code == 422
        options = thief.get(f"{path}/adgangsnoegle").json
    assert not is_in(thief)
    assert stored.rows(house, "passkey") == []
    owner = app.test_client()
    answer = send(
        owner, f"{path}/adgangsnoegle", credential=Phone().make(options), proof=with_app[0]
    )
    assert answer.status_code == 303
    assert len(letters(house, cast.people["Anna"], news.ACCESS_CHANGED)) == 1


def test_T13_a_consultant_alone_opens_no_account_in_use(link, letter, helped, app, signed_in, cast):
    """The code and the link never lie in one hand: beside the code, the letter is needed."""
    shown, given = f"/konsulent/personer/{cast.people['Anna']}", helped()
    karen = signed_in("Karen")
    assert "Lav et link" not in karen.get(shown).text
    answer = send(karen, f"{shown}/invitation", "/mig")
    assert answer.status_code == 422
    assert "kun med e-mail" in html.read(answer.text).one(role="alert").text
    assert html.read(answer.text).all("input", id="address") == []
    anna, path = app.test_client(), letter()
    made = Phone().make(anna.get(f"{path}/adgangsnoegle").json)
    answer = send(anna, f"{path}/adgangsnoegle", credential=made, proof=given)
    assert answer.status_code == 303


def test_T13_a_link_that_was_shown_ends_with_the_first_way_in(link, app, house, cast):
    path, client = link("Anna"), app.test_client()
    assert client.get(path).status_code == 200
    with house.work(writes=True) as (unit, _):
        code_apps.put(cast.people["Anna"], SECRET, 0)
        unit.commit()
    assert client.get(path).status_code == 404
    answer = send(client, path, "/log-ind", password="fire-lange-ord-her")
    assert answer.status_code == 404


def test_a_link_with_a_password_signs_in_and_gives_ten_codes(link, app, house):
    path, client = link(), app.test_client()
    seed = html.read(client.get(path).text).one("input", name="seed").attrs["value"]
    sent = {"password": "fire-lange-ord-her", "again": "fire-lange-ord-her", "seed": seed}
    refused = send(client, path, **sent, code="000000")
    assert refused.status_code == 422
    assert html.error_at(html.read(refused.text), "code")
    answer = send(client, path, **sent, code=digits(secret_of(seed)))
    assert answer.status_code == 200
    assert len(html.read(answer.text).all("code")) == 10
    assert is_in(client)


# --- T24: an enemy locks nobody out --------------------------------------------------


def test_T24_the_owner_s_known_phone_enters_during_an_attack(app, cast, house):
    owner = app.test_client()
    assert password(owner).status_code == 303
    owner.delete_cookie("session")
    enemy = app.test_client()
    answers = [password(enemy, "forkert").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert password(app.test_client()).status_code == 429
    assert password(owner).status_code == 303
    owner.delete_cookie("session")
    tries = [password(owner, "forkert").status_code for _ in range(11)]
    assert tries[-1] == 429  # the known phone has its own ten


def test_T24_the_owner_s_known_phone_enters_while_its_network_is_refused(
    app, cast, house, phone, letter
):
    """Many share one address: what a stranger does there keeps nobody out who is right."""
    path, owner = letter("Nora"), app.test_client()
    object.__setattr__(house.settings, "sign_in_attempts_per_network", "3/hour")
    with house.work(writes=True) as (unit, _):
        code_apps.put(cast.people["Bo"], SECRET, 0)
        unit.commit()
    bo = "bo@test.invalid"
    password(owner, email=bo)
    assert code(owner, digits(SECRET)).status_code == 303
    owner.delete_cookie("session")
    enemy = app.test_client()
    answers = [password(enemy, email=f"{n}@test.invalid").status_code for n in range(4)]
    assert answers == [422] * 3 + [429]
    assert by_passkey(enemy, phone).status_code == 303
    assert password(app.test_client(), email=bo).status_code == 429
    assert password(owner, email=bo).status_code == 303
    assert code(owner, digits(SECRET, time.time() + 30)).status_code == 303
    assert app.test_client().get(path).status_code == 200
    strange = Phone()
    strange.name = phone.name
    assert by_passkey(app.test_client(), strange).status_code == 429


def test_T24_the_owner_s_known_phone_has_its_own_ten_codes(with_app, app, half):
    owner = app.test_client()
    password(owner)
    assert code(owner, with_app[0]).status_code == 303
    owner.delete_cookie("session")
    answers = [code(half(), "000000").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert code(half(), digits(SECRET)).status_code == 429
    password(owner)
    assert code(owner, digits(SECRET)).status_code == 303


@pytest.fixture
def half(app, house, cast):
    """A phone of a stranger's who knows Anna's password."""

    def make():
        with house.work(writes=True) as (unit, _):
            token = half_sign_ins.begin(cast.people["Anna"])
            unit.commit()
        client = app.test_client()
        with client.session_transaction() as session:
            session["half"] = token
        return client

    return make


AT_ONCE = 40


def at_once(*acts):
    """All of them at the same moment; the statuses."""
    gate = Barrier(len(acts))

    def act(one):
        gate.wait()
        return one().status_code

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(act, acts))


@pytest.mark.slow
def test_T24_of_forty_codes_at_once_ten_are_looked_at(with_app, half):
    phones = [half() for _ in range(AT_ONCE)]
    sent = {"csrf_token": token_on(phones[0], "/log-ind/kode"), "code": "000000"}
    with phones[0].session_transaction() as session:
        token = session["csrf_token"]
    for phone in phones[1:]:
        with phone.session_transaction() as session:
            session["csrf_token"] = token
    acts = [partial(phone.post, "/log-ind/kode", data=sent) for phone in phones]
    assert at_once(*acts) == {422: 10, 429: AT_ONCE - 10}


@pytest.mark.slow
def test_T24_of_forty_passwords_at_once_ten_are_looked_at(app, cast):
    client = app.test_client()
    sent = {"csrf_token": token_on(client, "/log-ind"), "email": EMAIL, "password": "forkert"}
    cookie = client.get_cookie("session").value
    phones = [app.test_client() for _ in range(AT_ONCE)]
    for phone in phones:
        phone.set_cookie("session", cookie)
    acts = [partial(phone.post, "/log-ind", data=sent) for phone in phones]
    assert at_once(*acts) == {422: 10, 429: AT_ONCE - 10}


@pytest.mark.slow
def test_T24_of_forty_digits_beside_a_link_at_once_ten_are_looked_at(letter, with_app, app):
    path, client = letter(), app.test_client()
    seed = html.read(client.get(path).text).one("input", name="seed").attrs["value"]
    sent = {
        "csrf_token": token_on(client, "/log-ind"),
        "password": "fire-lange-ord-her",
        "again": "fire-lange-ord-her",
        "seed": seed,
        "code": digits(secret_of(seed)),
        "proof": "000000",
    }
    cookie = client.get_cookie("session").value
    phones = [app.test_client() for _ in range(AT_ONCE)]
    for phone in phones:
        phone.set_cookie("session", cookie)
    acts = [partial(phone.post, path, data=sent) for phone in phones]
    assert at_once(*acts) == {422: 10, 429: AT_ONCE - 10}


def test_what_was_right_is_not_counted(with_app, letter, app, house):
    for n in range(3):
        client = app.test_client()
        password(client)
        assert code(client, with_app[n]).status_code == 303
    path, client = letter(), app.test_client()
    made = Phone().make(client.get(f"{path}/adgangsnoegle").json)
    answer = send(client, f"{path}/adgangsnoegle", credential=made, proof=with_app[3])
    assert answer.status_code == 303
    kept = [row.key for row in stored.rows(house, "attempt")]
    assert [key for key in kept if "challenge" not in key] == []


# --- Rows --------------------------------------------------


def test_what_is_kept_of_a_way_in_lets_nobody_in(phone, with_app, app, house, cast):
    """A copy of the table holds no secret: public keys, keyed hashes, sealed cells."""
    client = app.test_client()
    password(client)
    everything = str(stored.contents(house))
    for secret in (*with_app, *(one.replace("-", "") for one in with_app), SECRET):
        assert secret not in everything
    with client.session_transaction() as session:
        assert session["half"] not in everything


def test_T12_digits_beside_a_link_are_guessed_ten_times_an_hour_from_wherever(
    letter, with_app, app
):
    path, statuses = letter(), []
    for n in range(11):
        thief = app.test_client()
        thief.environ_base["REMOTE_ADDR"] = f"10.0.{n}.1"
        options = thief.get(f"{path}/adgangsnoegle").json
        made = Phone().make(options)
        answer = send(thief, f"{path}/adgangsnoegle", credential=made, proof="000000")
        statuses.append(answer.status_code)
    assert statuses == [422] * 10 + [429]
    owner = app.test_client()  # and the owner signs in as ever
    password(owner)
    assert code(owner, digits(SECRET)).status_code == 303


def test_a_passkey_too_many_spends_neither_link_nor_code(letter, with_app, app, house, cast):
    with house.work(writes=True) as (unit, _):
        for n in range(passkeys.MOST):
            passkeys.add(cast.people["Anna"], bytes([n]), b"key", 0, "")
        unit.commit()
    path, client = letter(), app.test_client()
    made = Phone().make(client.get(f"{path}/adgangsnoegle").json)
    answer = send(client, f"{path}/adgangsnoegle", credential=made, proof=with_app[0])
    assert answer.status_code == 422
    assert "ti adgangsnøgler" in html.read(answer.text).one(role="alert").text
    assert client.get(path).status_code == 200
    assert recovery_left(house, cast) == 10


def recovery_left(house, cast):
    with house.work(writes=False):
        return recovery_codes.left(cast.people["Anna"])
