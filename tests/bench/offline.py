"""Log møde without signal, on a phone slowed four times: when it is seen, when it is ready."""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.bench.client import ANNA, Client
from tests.bench.servers import app_on, demo_store
from tests.bench.table import Line, at_most
from tests.bench.visits import CHROMIUM

RUNS, SLOWED = 7, 4
BUDGET = 1.0  # seconds
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
SEEN = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
FILLED_IN = """() => new Promise((done) => {
  const look = () => (document.documentElement.dataset.ready
    ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""


class Opening(NamedTuple):
    seen: float  # ms since the tap
    filled_in: float


def lines() -> Iterator[Line]:
    with app_on(demo_store()) as server:
        openings = offline(server.port)
    seen = median(one.seen for one in openings) / 1000
    filled_in = median(one.filled_in for one in openings) / 1000
    yield at_most("Log møde offline, CPU slowed 4x: seen", round(seen, 2), "s", BUDGET)
    yield at_most("the same: ready, with what the phone knows", round(filled_in, 2), "s", BUDGET)


def offline(port: int) -> list[Opening]:
    address = f"http://127.0.0.1:{port}"
    person = Client(port).sign_in(ANNA)
    cookies = [{"name": n, "value": v, "url": address} for n, v in person.cookies.items()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        context = browser.new_context(**PHONE)
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        context.set_offline(True)
        processor = context.new_cdp_session(page)
        processor.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        openings = [opened(page, f"{address}/moeder/ny") for _ in range(RUNS)]
        browser.close()
    return openings


def opened(page: Page, address: str) -> Opening:
    page.goto(address)
    filled_in = page.evaluate(FILLED_IN)
    if not page.locator("form[data-shell] [name=mentorship]").input_value():
        raise RuntimeError("the form did not know whose it is")
    return Opening(page.evaluate(SEEN), filled_in)
