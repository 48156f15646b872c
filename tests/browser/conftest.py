"""Chromium, phones, and the server that they call."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.config import Settings
from tests.browser import phone as phones
from tests.browser.live import Live, serving
from tests.browser.phone import Phone
from tests.browser.story import Story

CHROMIUM = Path("/usr/bin/chromium")
ADVICE = "Chromium is missing. Type: apt-get install -y --no-install-recommends chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """Debian's Chromium, which never calls home."""
    if not CHROMIUM.is_file():
        pytest.fail(ADVICE)
    return {"executable_path": str(CHROMIUM), "args": list(QUIET)}


@pytest.fixture
def live(settings: Settings) -> Iterator[Live]:
    """A server of the test's own."""
    with serving(settings) as made:
        yield made


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Opens phones. A word in the console, or a request to another host, fails the test."""
    opened: list[Phone] = []
    make = phones.opener(browser)

    def open_one(*arguments: object, **settings: object) -> Phone:
        opened.append(make(*arguments, **settings))
        return opened[-1]

    yield open_one
    complaints = [complaint for one in opened for complaint in one.close()]
    assert complaints == []


@pytest.fixture
def story(live: Live) -> Story:
    """What happened before, and what is stored afterwards."""
    return Story(live.house, live.cast)
