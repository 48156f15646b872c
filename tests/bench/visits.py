"""Bytes on the wire: what a real browser fetches, and the HTML of each page."""

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench.client import ANNA, Client
from tests.bench.pages import MENTOR_PAGES
from tests.bench.servers import app_on, demo_store
from tests.bench.table import Line, at_most

FIRST, LATER, HTML, FIRST_SCREEN = 32.0, 6.0, 6.0, 14.0  # kB
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}


def lines() -> Iterator[Line]:
    with app_on(demo_store()) as server:
        anna = Client(server.port).sign_in(ANNA)
        first, later = two_visits(server.port, anna)
        everything, screen = sum(first.values()), first_screen(first)
        yield at_most(
            f"first visit, {len(first)} files, br, with headers", kilobytes(everything), "kB", FIRST
        )
        yield at_most(
            f"later visit, {len(later)} files", kilobytes(sum(later.values())), "kB", LATER
        )
        yield at_most("first screen: HTML and CSS, br", kilobytes(screen), "kB", FIRST_SCREEN)
        zipped = Client(server.port, accept="gzip")
        zipped.cookies = anna.cookies
        sizes = {page.name: len(zipped.get(page.path).body) for page in MENTOR_PAGES}
        heaviest = max(sizes, key=sizes.__getitem__)
        yield at_most(f"heaviest HTML, gz ({heaviest})", kilobytes(sizes[heaviest]), "kB", HTML)


def two_visits(port: int, person: Client) -> tuple[dict[str, int], dict[str, int]]:
    """Bytes by address: with an empty cache, then once more."""
    address = f"http://127.0.0.1:{port}"
    cookies = [{"name": n, "value": v, "url": address} for n, v in person.cookies.items()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        context = browser.new_context()
        context.add_cookies(cookies)
        visits = tuple(fetched(context, f"{address}/") for _ in range(2))
        browser.close()
    return visits


def fetched(context: BrowserContext, address: str) -> dict[str, int]:
    page = context.new_page()
    network = context.new_cdp_session(page)
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    network.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )
    network.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    page.close()
    return {names[request]: size for request, size in sizes.items() if size and request in names}


def first_screen(visit: dict[str, int]) -> int:
    return sum(size for name, size in visit.items() if name.endswith(("/", ".css")))


def kilobytes(size: int) -> float:
    return round(size / 1000, 1)
