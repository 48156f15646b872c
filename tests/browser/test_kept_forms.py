"""A leader's and a pair's new forms are kept on the phone until the server has taken them."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_traces import READY, STORED, check

SECRET = "Zqxkvord"
NEW = "/leder/henvisninger/ny"
DRAFTS = "async () => (await inStore((store) => store.getAll('drafts'))).length"
SAVED = "#referral-form .saved:not([hidden])"


@pytest.fixture
def lise(live, phone):
    made = phone(live, "Lise")
    made.go(NEW).wait_for_selector(READY)
    return made


def first_name(page):
    return page.locator("#referral-form [name=first_name]")


def write(lise):
    first_name(lise.page).fill(SECRET)
    lise.page.wait_for_selector(SAVED)


def test_what_is_written_is_there_after_a_reload_and_nobody_can_read_it_on_the_disk(lise):
    write(lise)
    check(lise.page.evaluate(STORED) | {"cookies": ""}, SECRET)
    lise.page.goto(lise.live.url + "/leder")
    lise.go(NEW).wait_for_selector(READY)
    expect(first_name(lise.page)).to_have_value(SECRET)
    expect(lise.page.locator(SAVED)).to_contain_text("Her er det, du skrev kl.")


def test_without_signal_it_comes_back(lise):
    lise.expects_no_signal()
    write(lise)
    lise.context.set_offline(True)
    lise.page.get_by_role("button", name="Gem").click()
    lise.page.wait_for_timeout(0)
    lise.context.set_offline(False)
    lise.go(NEW).wait_for_selector(READY)
    expect(first_name(lise.page)).to_have_value(SECRET)


def test_what_the_server_gives_back_is_what_stands(lise):
    lise.expects(422)
    write(lise)
    lise.page.get_by_role("button", name="Gem").click()
    expect(lise.page.locator("#referral-form .error-summary")).to_be_visible()
    expect(first_name(lise.page)).to_have_value(SECRET)
    assert lise.page.evaluate(DRAFTS) == 1


def test_when_the_server_has_it_nothing_is_left_on_the_phone(lise, live):
    page = lise.page
    write(lise)
    form = page.locator("#referral-form")
    form.locator("[name=surname]").fill("Efternavn")
    for name in ("municipality", "institution"):
        form.locator(f"select[name={name}]").select_option(index=1)
    form.locator("[name=release_on]").fill("2027-03-01")
    rest(form)
    page.get_by_role("button", name="Gem").click()
    page.wait_for_url(lambda url: not url.endswith("/ny"))
    page.wait_for_selector(READY)
    assert page.evaluate(DRAFTS) == 0
    lise.go(NEW).wait_for_selector(READY)
    expect(first_name(page)).to_have_value("")


def rest(form):
    """Whatever else must be answered."""
    for group in form.locator("fieldset").all():
        radios = group.locator("input[type=radio]")
        if radios.count():
            radios.first.check(force=True)
    for tick in form.locator("input[type=checkbox]").all():
        tick.check(force=True)


def test_another_on_the_same_phone_does_not_see_it_and_it_is_gone(lise, live):
    write(lise)
    lise.sign_in("Lars")
    lise.go(NEW).wait_for_selector(READY)
    expect(first_name(lise.page)).to_have_value("")
    assert lise.page.evaluate(DRAFTS) == 0
