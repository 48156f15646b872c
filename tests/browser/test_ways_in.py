"""A real browser with an authenticator of its own: coming in, a lost phone, the lock."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from app import clock
from app.domain import invitations, trail
from app.domain.sign_ins import SIGN_INS
from tests import stored
from tests.browser.phone import Phone
from tests.cast import PASSWORD
from tests.passkeys import digits

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PIN = "804215"


@pytest.fixture
def live(live):
    """The same server by a name: an address of numbers has no passkeys."""
    object.__setattr__(live.house.settings, "password_alone", False)
    object.__setattr__(live.house.settings, "idle", timedelta(minutes=15))
    return replace(live, url=live.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def with_keys(phone, live):
    """A phone that keeps passkeys, and opens them to its owner's finger."""

    def make(name: str | None = None) -> Phone:
        made = phone(live, name)
        session = made.context.new_cdp_session(made.page)
        session.send("WebAuthn.enable")
        known = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        made.authenticator = (session, known["authenticatorId"])
        return made

    return make


def finger(phone: Phone, *, fits: bool) -> None:
    session, known = phone.authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": known, "isUserVerified": fits})


def button(phone: Phone, name: str):
    return phone.page.get_by_role("button", name=name, exact=True)


def deleters(phone: Phone):
    """A button for each passkey of the page."""
    return phone.page.get_by_role("button", name="Slet ")


def left_alone(live, phone: Phone) -> None:
    """Every device was put down a quarter of an hour ago. What a page asks late is refused."""
    phone.expects(401)
    with live.house.data.begin() as connection:
        connection.execute(update(SIGN_INS).values(seen_at=clock.now() - timedelta(minutes=16)))


def test_from_the_link_to_i_dag_in_two_taps(live, with_keys, story):
    nora = with_keys()
    with live.house.work(writes=True) as (unit, _):
        pen = trail.Pen(live.house.keyring.trail, None, None)
        link = invitations.invite(live.cast.people["Nora"], pen, by=None)
        unit.commit()
    nora.go(f"/invitation/{link}")
    nora.tap(button(nora, "Brug ansigt, finger eller telefonens kode"))
    nora.page.wait_for_url(f"{live.url}/")
    expect(nora.page.get_by_role("heading", level=1)).to_be_visible()
    nora.go("/mig")
    nora.expects_the_phone_to_be_cleared()
    nora.page.get_by_role("button", name="Log ud").tap()
    nora.page.wait_for_url("**/log-ind")
    nora.tap(button(nora, "Brug adgangsnøgle"))
    nora.page.wait_for_url(f"{live.url}/")
    assert nora.taps == 2
    assert len(stored.acts(live.house, "signed_in")) == 2


def test_T12_a_finger_that_does_not_fit_opens_nothing(live, with_keys):
    anna = with_keys("Anna")
    anna.go("/mig/adgang")
    anna.tap(button(anna, "Lav en adgangsnøgle"))
    expect(deleters(anna)).to_have_count(1)
    finger(anna, fits=False)
    anna.forget_session()
    anna.go("/log-ind")
    anna.tap(button(anna, "Brug adgangsnøgle"))
    expect(anna.page.get_by_text("Det lykkedes ikke")).to_be_visible()
    assert anna.path == "/log-ind"
    finger(anna, fits=True)
    anna.tap(button(anna, "Brug adgangsnøgle"))
    anna.page.wait_for_url(f"{live.url}/")


def test_T1_a_second_phone_and_the_first_one_is_lost(live, with_keys):
    first = with_keys("Anna")
    page = first.go("/mig/adgang")
    first.tap(button(first, "Lav en adgangsnøgle"))
    expect(deleters(first)).to_have_count(1)
    page.get_by_role("link", name="Kode-app").tap()
    letters = page.locator("#app-form code").inner_text().replace(" ", "")
    spent = digits(letters)
    page.get_by_label("De seks cifre").fill(spent)
    first.tap(button(first, "Gem"))
    expect(page.locator(".codes code")).to_have_count(10)

    second = with_keys()
    second.expects(422)
    second.go("/log-ind")
    second.page.get_by_label("E-mail").fill("anna@test.invalid")
    second.page.get_by_label("Adgangskode").fill(PASSWORD)
    second.tap(button(second, "Log ind"))
    second.page.wait_for_url("**/log-ind/kode")
    code = second.page.get_by_label("Koden fra din kode-app")
    code.fill(spent)  # by tying the app
    second.tap(button(second, "Log ind"))
    expect(second.page.get_by_role("alert").first).to_contain_text("Der er lidt at rette")
    code.fill(digits(letters, time.time() + 30))
    second.tap(button(second, "Log ind"))
    second.page.wait_for_url(f"{live.url}/")
    second.go("/mig/adgang")
    second.tap(button(second, "Lav en adgangsnøgle"))
    expect(deleters(second)).to_have_count(2)

    stolen = first.context.cookies()
    first.expects(401, 422)
    second.tap(deleters(second).first)  # the first phone's: it is the older
    expect(deleters(second)).to_have_count(1)
    second.page.get_by_role("link", name="Hvor du er logget ind").tap()
    second.tap(button(second, "Log alle andre ud"))
    expect(second.page.locator("main li")).to_have_count(1)

    first.go("/forloeb")
    assert first.path == "/log-ind"
    first.tap(button(first, "Brug adgangsnøgle"))
    expect(first.page.get_by_role("alert").first).to_contain_text("passer ikke")
    thief = with_keys()
    thief.context.add_cookies(stolen)
    thief.go("/forloeb")
    assert thief.path == "/log-ind"


def test_T1_left_alone_it_opens_with_a_finger_where_it_was(live, with_keys):
    anna = with_keys("Anna")
    anna.go("/mig/adgang")
    anna.tap(button(anna, "Lav en adgangsnøgle"))
    expect(deleters(anna)).to_have_count(1)
    left_alone(live, anna)
    page = anna.go("/uger")
    assert anna.path == "/laas-op"
    expect(page.get_by_role("heading", level=1)).to_have_text("Låst")
    assert "Samir" not in page.content()
    before = anna.taps
    anna.tap(button(anna, "Lås op").first)
    page.wait_for_url("**/uger")
    assert anna.taps - before == 1


def test_without_a_passkey_a_pin_opens_it(live, with_keys):
    anna = with_keys("Anna")
    left_alone(live, anna)
    page = anna.go("/uger")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_label("Vælg en PIN").fill(PIN)
    anna.tap(button(anna, "Lås op"))
    page.wait_for_url("**/uger")
    left_alone(live, anna)
    anna.go("/uger")
    page.get_by_label("PIN til denne telefon").fill(PIN)
    anna.tap(button(anna, "Lås op"))
    page.wait_for_url("**/uger")
