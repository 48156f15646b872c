"""Bytes on the wire: what a real browser fetches, and the HTML of each page."""

import re
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench.client import ANNA, Client
from tests.bench.pages import MENTOR_PAGES
from tests.bench.servers import app_on, demo_store
from tests.bench.table import Line, at_most

PATHS = ("/", "/moeder/ny")  # the second carries every script
FIRST, LATER, HTML, FIRST_SCREEN = 32.0, 6.0, 6.0, 14.0  # kB
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}


def lines() -> Iterator[Line]:
    with app_on(demo_store()) as server:
        anna = Client(server.port).sign_in(ANNA)
        for path in PATHS:
            yield from visits(server.port, anna, path)
        yield heaviest(server.port, anna)
        yield shell(server.port)


def visits(port: int, person: Client, path: str) -> Iterator[Line]:
    first, later = two_visits(port, person, path)
    screen = [size for name, size in first.items() if name.endswith((path, ".css"))]
    for figure, sizes, budget in (
        (f"{path} first visit, {len(first)} files, br", first.values(), FIRST),
        (f"{path} later visit, {len(later)} files, br", later.values(), LATER),
        (f"{path} first screen: HTML and CSS, br", screen, FIRST_SCREEN),
    ):
        yield at_most(figure, kilobytes(sum(sizes)), "kB", budget)


def heaviest(port: int, person: Client) -> Line:
    zipped = Client(port, accept="gzip")
    zipped.cookies = person.cookies
    sizes = {page.name: len(zipped.get(page.path).body) for page in MENTOR_PAGES}
    name = max(sizes, key=sizes.__getitem__)
    return at_most(f"heaviest HTML, gz ({name})", kilobytes(sizes[name]), "kB", HTML)


def shell(port: int) -> Line:
    """What the worker fetches once per build, so that the forms open without signal."""
    phone = Client(port, accept="br")
    worker = phone.get("/sw.js")
    pages = re.findall(r"/skal/[a-z/-]+", worker.text)
    size = worker.wire + sum(phone.get(path).wire for path in pages)
    return Line(f"the shell, {len(pages)} pages, br", f"{kilobytes(size)} kB", "", "", "", None)


def two_visits(port: int, person: Client, path: str) -> tuple[dict[str, int], dict[str, int]]:
    """Bytes by address, headers included: with an empty cache, then once more."""
    address = f"http://127.0.0.1:{port}"
    cookies = [{"name": n, "value": v, "url": address} for n, v in person.cookies.items()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        # Without the worker, that all requests be seen: what it fetches is a line of its own.
        context = browser.new_context(service_workers="block")
        context.add_cookies(cookies)
        first, later = (fetched(context, address + path) for _ in range(2))
        browser.close()
    return first, later


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


def kilobytes(size: int) -> float:
    return round(size / 1000, 1)
