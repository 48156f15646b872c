"""A phone in a hand: Chromium at 360 x 780 with touch. It counts its taps and watches itself."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.live import Live

SCREEN = {"width": 360, "height": 780}
MIDDLING_PHONE = {
    "viewport": SCREEN,
    "is_mobile": True,
    "has_touch": True,
    "locale": "da-DK",
    "timezone_id": "Europe/Copenhagen",
}
UNTIL = """async () => {
  for (let looks = 0; !(await (ASKED)()); looks += 1) {
    if (looks > 200) throw new Error('it never said yes');
    await new Promise((done) => { setTimeout(done, 50); });
  }
}"""
REFUSED = re.compile(r"the server responded with a status of (\d{3})")


class Phone:
    """One browser with cookies of its own, opened on the server under test."""

    def __init__(self, context: BrowserContext, live: Live, name: str | None) -> None:
        self.context = context
        self.live = live
        self.taps = 0
        self.complaints: list[str] = []  # what the console said and what went elsewhere
        self._refusals: set[str] = set()
        context.set_default_timeout(10_000)
        context.on("console", lambda message: self._hear(message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda request: self._follow(request.url))
        if name:
            self.sign_in(name)
        self.page: Page = context.new_page()

    def sign_in(self, name: str) -> None:
        cookie = {"name": "session", "value": self.live.cookie(name), "url": self.live.url}
        self.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])

    def forget_session(self) -> None:
        """No cookie any more. An open page may ask after it, whenever: it may be refused."""
        self.expects(401)
        self.context.clear_cookies(name="session")

    def expects(self, *statuses: int) -> None:
        """The console may tell of answers with these statuses: the browser does so by itself."""
        self._refusals |= {str(status) for status in statuses}

    def expects_a_lost_answer(self) -> None:
        self._refusals |= {"net::ERR_EMPTY_RESPONSE", "htmx:error: Failed to fetch"}

    def expects_no_signal(self) -> None:
        self._refusals.add("net::ERR_INTERNET_DISCONNECTED")

    def expects_the_phone_to_be_cleared(self) -> None:
        self._refusals.add("Clear-Site-Data header on")

    def go(self, path: str) -> Page:
        self.page.goto(self.live.url + path)
        return self.page

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.tap()

    def until(self, asked: str) -> None:
        """Wait in the page until what is asked says yes; the answer may be a promise."""
        self.page.evaluate(UNTIL.replace("ASKED", asked))

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def close(self) -> list[str]:
        """Put the phone away; what it complained of."""
        self.context.close()
        return [c for c in self.complaints if not self._declared(c)]

    def _hear(self, text: str) -> None:
        self.complaints.append(f"console: {text}")

    def _follow(self, url: str) -> None:
        parts = urlsplit(url)
        here = urlsplit(self.live.url).netloc
        if parts.scheme not in ("data", "blob") and parts.netloc != here:
            self.complaints.append(f"asked another host: {parts.scheme}://{parts.netloc}")

    def _declared(self, complaint: str) -> bool:
        status = REFUSED.search(complaint)
        if status:
            return status[1] in self._refusals
        return any(name in complaint for name in self._refusals if not name.isdigit())


def opener(browser: Browser) -> Callable[..., Phone]:
    """Opens phones: `phone(live, "Anna")`; more settings as for a browser context."""

    def phone(live: Live, name: str | None = None, **settings: object) -> Phone:
        return Phone(browser.new_context(**{**MIDDLING_PHONE, **settings}), live, name)

    return phone
