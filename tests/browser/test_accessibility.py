"""Every page in every state: axe, small screens, large text, thumbs, and the keyboard's focus."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import request
from playwright.sync_api import Browser, Page, expect

from app.config import Settings
from app.web.guard import SignInAnew
from app.web.presence import PROVE_PAGE, UNLOCK_PAGE, NotShown
from tests.browser import gallery
from tests.browser import phone as phones
from tests.browser.gallery import STATES, State
from tests.browser.live import Live, serving
from tests.browser.phone import Phone
from tests.conftest import copied

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RUN_AXE = """(rules) => axe.run(document, {
  runOnly: rules, resultTypes: ['violations'], preload: false,
})"""
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AGAIN = "/log-ind-igen"  # as for a mentor who came to lead after they signed in
WIDTHS, HEIGHT = (320, 360, 1280), 780
# A page has the same colours at either width: each width and each colour is looked at once. Only
# the menu has another place and other colours at each: the first page of each reader is crossed.
LOOKS = ((360, "light"), (1280, "dark"))
CROSSED = ((360, "dark"), (1280, "light"))
FIRSTS = list({state.who: state for state in reversed(STATES)}.values())
THUMB = 48  # CSS pixels
TARGETS = (
    ".bar a, .button, .chip, .scale label, .row, .check, .back, .link, .call, .brand, summary, "
    "textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])"
)
# There nothing lies under the sticky button; further up axe finds half rows that are too small.
TO_THE_END = "scrollTo(0, document.body.scrollHeight)"
TOO_SMALL = """([targets, least]) => [...document.querySelectorAll(targets)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.unseen'))
  .map((one) => [one.className || one.name || one.tagName, one.getBoundingClientRect()])
  .filter(([, box]) => Math.round(box.width) < least || Math.round(box.height) < least)
  .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""
OUTSIDE = """(width) => [...document.querySelectorAll('body *')]
  .filter((one) => one.checkVisibility() && !one.closest('.unseen, .skip, .table, svg'))
  .filter((one) => one.getBoundingClientRect().right > width + 1)
  .map((one) => `${one.tagName} ${one.className}`)"""


class Gallery:
    """One server, and one phone for each who looks; a page stays open for the next."""

    def __init__(self, browser: Browser, live: Live) -> None:
        self.live = live
        self.words = gallery.tell(live)
        self._make = phones.opener(browser)
        self._phones: dict[str | None, Phone] = {}

    def show(self, state: State) -> Page:
        if state.who not in self._phones:
            made = self._make(self.live, state.who, reduced_motion="reduce")
            made.context.add_init_script(path=AXE)
            made.expects(403, 404, 409, 422, 429, 500)
            self._phones[state.who] = made
        phone = self._phones[state.who]
        page = phone.page
        page.set_viewport_size(phones.SCREEN)
        page.emulate_media(color_scheme="light")
        phone.go(state.path.format(**self.words))
        if state.then:
            state.then(page)
        return page

    def close(self) -> list[str]:
        return [complaint for phone in self._phones.values() for complaint in phone.close()]


@pytest.fixture(scope="module")
def pages(
    browser: Browser, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gallery]:
    settings: Settings = copied(migrated, tmp_path_factory.mktemp("gallery"))
    with serving(replace(settings, sign_in_attempts="2 per hour")) as live:
        live.app.before_request(_break_when_asked)
        by_name = replace(live, url=live.url.replace("127.0.0.1", "localhost"))  # passkeys show
        made = Gallery(browser, by_name)
        yield made
        assert made.close() == []


@pytest.fixture(scope="module", params=STATES, ids=lambda state: state.name)
def shown(request: pytest.FixtureRequest, pages: Gallery) -> Page:
    """One page in one of its states."""
    return pages.show(request.param)


def test_axe_finds_nothing(shown):
    assert found_by_axe(shown, LOOKS) == []


@pytest.mark.parametrize("state", FIRSTS, ids=lambda state: str(state.who))
def test_axe_finds_nothing_in_the_menu_of_either_width_in_either_colour(pages, state):
    assert found_by_axe(pages.show(state), CROSSED) == []


def found_by_axe(page: Page, looks: Iterable[tuple[int, str]]) -> list[tuple[Any, ...]]:
    """What breaks a rule: width, colour, rule and where."""
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(TO_THE_END)
        result = page.evaluate(RUN_AXE, EVERY_RULE)
        assert result["testEngine"]["name"] == "axe-core"
        found += [
            (width, scheme, rule["id"], [node["target"] for node in rule["nodes"]])
            for rule in result["violations"]
        ]
    return found


def test_it_fits_a_small_screen_and_large_text(shown):
    shown.set_viewport_size({"width": 320, "height": HEIGHT})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert shown.evaluate(OUTSIDE, 320) == []
    shown.evaluate("document.documentElement.style.fontSize = '200%'")
    try:
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
        assert shown.evaluate(OUTSIDE, 320) == []
    finally:
        shown.evaluate("document.documentElement.style.fontSize = ''")


def test_a_thumb_hits_what_it_aims_at(shown):
    for width in WIDTHS:
        shown.set_viewport_size({"width": width, "height": HEIGHT})
        assert shown.evaluate(TOO_SMALL, [TARGETS, THUMB]) == []


def test_it_has_one_heading_a_language_and_a_title_without_names(shown, pages):
    expect(shown.locator("h1")).to_have_count(1)
    assert shown.locator("html").get_attribute("lang") in ("da", "en")
    title = shown.title()
    assert title.endswith(" – Primus Motor")
    names = [*pages.live.cast.people, *pages.live.cast.participants]
    assert [name for name in names if name in title] == []


def test_axe_sees_what_is_wrong(pages):
    """The planted control: a scan that finds nothing must be able to find something."""
    page = pages.show(STATES[0])
    faint = "color-mix(in srgb, var(--paper), gray 20%)"
    page.locator("h1").evaluate("(one, color) => { one.style.color = color }", faint)
    page.locator("h1").evaluate("(one) => { one.id = 'main' }")
    for one in (*LOOKS, *CROSSED):
        assert "color-contrast" in {rule for _, _, rule, _ in found_by_axe(page, [one])}
    page.locator(".button").first.evaluate("(one) => { one.style.minHeight = '20px' }")
    page.locator(".button").first.evaluate("(one) => { one.style.padding = '0' }")
    assert page.evaluate(TOO_SMALL, [TARGETS, THUMB]) != []
    page.locator("h1").evaluate("(one) => { one.style.width = '2000px' }")
    assert page.evaluate(OUTSIDE, 360) != []


def _break_when_asked() -> None:
    """What else would take a bug, or a quarter of an hour."""
    if "fejl" in request.args:
        raise RuntimeError("broken on purpose")
    if AGAIN in request.args:
        raise SignInAnew
    for asked in (UNLOCK_PAGE, PROVE_PAGE):
        if asked in request.args:
            raise NotShown(asked, "/forloeb/traad", [("text", "Husk nøglen")])
