"""A server that fails in every way, and a phone whose browser lives on a disk."""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from app.config import Settings
from tests.browser.conftest import ADVICE, CHROMIUM
from tests.browser.story import Story
from tests.cast import Cast
from tests.faults.phone import Phone
from tests.faults.server import Server, serving

LONGEST = 180  # seconds of one test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def seed() -> str:
    """Of all journeys of this run; JOURNEY_SEED makes the same ones again.

    `make test` takes one way, so that a change is all that is new; `make soak` takes new ones.
    """
    ours = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")[:8] or secrets.token_hex(4)
    return os.environ.get("JOURNEY_SEED", ours if os.environ.get("SOAK") else "r2")


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    """A browser that is frozen ends its test, not the whole run."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"no end within {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def server(settings: Settings, cast: Cast) -> Iterator[Server]:
    with serving(settings, cast) as made:
        yield made


@pytest.fixture
def story(server: Server) -> Story:
    return Story(server.house, server.cast)


@pytest.fixture
def phone(server: Server, playwright: Playwright, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Opens the phone, with somebody signed in on it."""
    if not CHROMIUM.is_file():
        pytest.fail(ADVICE)
    made = Phone(playwright, server, tmp_path / "profile")

    def open_it(name: str | None = None) -> Phone:
        made.user = name
        made.open()
        return made

    yield open_it
    made.close()
