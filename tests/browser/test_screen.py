"""Whoever looks over a shoulder: the cover, and Skjul, which leaves no way back to a name."""

import pytest
from playwright.sync_api import Page, expect

from app import clock
from tests.browser.log_form import DEEP_LINK, comment, more
from tests.browser.test_traces import READY, STORED, check

SECRET = "Zqxkvord"
NOBODYS = "/ingen-forbindelse"
PERSONAL = ("Samir", "Bo", "Lise", "Anna", SECRET)
# The browser of these tests is always looked at: it is told so, in the words of a phone. What is
# answered is how the page looks in that same moment, before anything more is drawn.
AWAY = """() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
  return getComputedStyle(document.body).opacity;
}"""
BACK = """() => {
  delete document.visibilityState;
  document.dispatchEvent(new Event('visibilitychange'));
  return getComputedStyle(document.body).opacity;
}"""


@pytest.fixture
def told(story):
    story.log("Anna", clock.today(), relation=7, wellbeing=8, comment=SECRET)
    return story


def skjul(page: Page):
    return page.get_by_role("link", name="Skjul")


def hidden(page: Page) -> None:
    """Nothing of anybody: not on the screen, not in the page, not in its address or title."""
    page.wait_for_url(f"**{NOBODYS}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingen forbindelse")
    seen = page.content() + page.title() + page.url
    assert [
        word for word in PERSONAL if f">{word}" in seen or word in page.inner_text("body")
    ] == []


def test_T8_away_from_the_screen_every_page_looks_the_same(live, phone, told):
    anna = phone(live, "Anna")
    pictures = {}
    for path in ("/", "/forloeb", DEEP_LINK, "/mig"):
        page = anna.go(path)
        page.wait_for_selector(READY)
        open_page = page.screenshot()
        assert page.evaluate(AWAY) == "0"
        pictures[path] = page.screenshot()
        assert page.evaluate(BACK) == "1"
    assert len(set(pictures.values())) == 1
    assert open_page not in pictures.values()


def test_T8_the_app_that_loses_the_focus_is_covered_and_one_tap_lifts_it(live, phone, told):
    anna = phone(live, "Anna")
    page = anna.go("/mig")
    page.wait_for_selector(READY)
    session = anna.context.new_cdp_session(page)
    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    anna.context.new_page().bring_to_front()
    page.wait_for_selector("html[data-covered]")
    page.touchscreen.tap(180, 400)
    page.wait_for_selector("html:not([data-covered])")
    assert anna.path == "/mig"  # the tap lifted the cover, and did nothing else


def test_T8_the_phones_own_date_picker_does_not_cover_the_form(live, phone):
    page = phone(live, "Anna").go("/uger/fravaer")
    page.wait_for_selector(READY)
    page.locator("input[type=date]").first.focus()
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert page.locator("html[data-covered]").count() == 0


def test_T8_one_tap_puts_a_page_about_nobody_there_and_back_does_not_undo_it(live, phone, told):
    anna = phone(live, "Anna")
    for path in ("/moeder", "/uger", "/forloeb"):
        page = anna.go(path)
    page.wait_for_selector(READY)
    anna.tap(skjul(page))
    hidden(page)
    for _ in range(2):
        page.go_back()
        hidden(page)
    page.go_forward()
    hidden(page)
    page.reload()
    hidden(page)
    other = anna.context.new_page()
    other.goto(live.url + "/forloeb")
    hidden(other)
    anna.tap(page.get_by_role("link", name="Prøv igen"))
    expect(page.get_by_role("heading", level=1, name="Forløb")).to_be_visible()
    assert page.evaluate("document.cookie") == ""


def test_T8_what_is_being_written_comes_back(live, phone):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    page.wait_for_selector(READY)
    anna.tap(more(page))
    comment(page).fill(SECRET)
    anna.tap(skjul(page))
    hidden(page)
    check(page.evaluate(STORED) | {"cookies": ""}, SECRET)
    anna.tap(page.get_by_role("link", name="Prøv igen"))
    expect(comment(page)).to_have_value(SECRET)
    assert anna.path == "/moeder/ny"


def test_T8_a_leaders_form_comes_back_too_and_never_a_password(live, phone):
    """Forms that are not drafts: kept under a key of their own, for the same person and page."""
    lise = phone(live, "Lise")
    page = lise.go("/leder/partnere/ny")
    page.wait_for_selector(READY)
    field = page.locator("form input[type=text]").first
    field.fill(SECRET)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    hidden(page)
    kept = page.evaluate(STORED)
    check(kept | {"cookies": ""}, SECRET)
    assert "typed" in [row["key"] for store, row in kept["rows"] if store == "facts"]
    lise.tap(page.get_by_role("link", name="Prøv igen"))
    expect(field).to_have_value(SECRET)
    assert "typed" not in [row["key"] for _, row in page.evaluate(STORED)["rows"]]


def test_T8_it_hides_at_once_without_signal_and_stays_hidden(live, phone, told):
    anna = phone(live, "Anna")
    anna.expects_no_signal()
    page = anna.go("/moeder")
    page.wait_for_selector(READY)
    anna.until("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    page = anna.go("/forloeb")
    page.wait_for_selector(READY)
    anna.context.set_offline(True)
    anna.tap(skjul(page))
    hidden(page)
    page.go_back()
    hidden(page)
    anna.tap(page.get_by_role("link", name="Prøv igen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Her er ikke signal")


def test_T8_without_scripts_the_link_hides_and_back_does_not_undo_it(live, phone, told):
    anna = phone(live, "Anna", java_script_enabled=False)
    anna.go("/moeder")
    page = anna.go("/forloeb")
    anna.tap(skjul(page))
    hidden_page = page.get_by_role("heading", level=1, name="Ingen forbindelse")
    expect(hidden_page).to_be_visible()
    page.go_back()
    expect(hidden_page).to_be_visible()
    anna.tap(page.get_by_role("link", name="Prøv igen"))
    expect(page.get_by_role("heading", level=1, name="Forløb")).to_be_visible()


@pytest.mark.parametrize(("name", "path"), [("Lise", "/leder"), ("Karen", "/konsulent")])
def test_T8_it_has_the_same_place_for_everybody(live, phone, name, path):
    places = []
    for who, page_of in (("Anna", "/"), (name, path), (name, "/mig"), (name, "/findes-ikke")):
        one = phone(live, who)
        one.expects(404)
        box = skjul(one.go(page_of)).bounding_box()
        places.append((round(box["x"] + box["width"]), round(box["y"] + box["height"])))
    assert len(set(places)) == 1
