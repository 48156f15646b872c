"""A phone whose browser keeps its profile on a disk, so that it can be killed and opened again."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.phone import MIDDLING_PHONE
from tests.faults.server import Server

TIMEOUT = 8000  # ms
FROZEN = 20_000  # ms without a sign of a tab that has got its page
HOPS = 3  # pages that follow each other by themselves
SOON = 20  # seconds until what waits must be with us, once all is well
# The clock of the pages, moved by a cookie that survives the browser.
CLOCK = """(() => {
  const moved = Number(/(?:^|; )moved=(-?\\d+)/.exec(document.cookie)?.[1] || 0);
  if (!moved) return;
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + moved); }
    static now() { return Real.now() + moved; }
  };
})()"""
IS_OURS = """async () => {
  for (let looks = 0; document.readyState === 'loading' && looks < 100; looks += 1) {
    await new Promise((done) => { setTimeout(done, 50); }); // what never ends is none of ours
  }
  return Boolean(document.body?.dataset.sealing);
}"""
# For who must find out why it never said yes.
STANDS = """async () => JSON.stringify([location.href, document.title, await author(),
  [...document.querySelectorAll('form[data-outbox]')].map((form) => [
    form.id, Object.keys(form.dataset), writing.get(form)?.busy, form.elements.comment?.value,
  ]),
  (await inStore((database) => database.getAll('drafts'))).map(({ key, at }) => [key, at]),
  document.querySelector('main')?.innerText.slice(0, 300),
])"""
IS_READY = "() => document.documentElement.dataset.ready === 'yes'"
# Read by the page's own means: a database opened from outside too early would come out empty.
ITEMS = "async () => (await phoneKeeps) ? outboxStore.all() : []"
PLANT = """(text) => new Promise((done, failed) => {
  const opening = indexedDB.open('control', 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('texts', { autoIncrement: true });
  };
  opening.onerror = failed;
  opening.onsuccess = () => {
    const change = opening.result.transaction('texts', 'readwrite', { durability: 'strict' });
    change.objectStore('texts').put({ text });
    change.oncomplete = () => { opening.result.close(); done(); };
  };
})"""


class Phone:
    def __init__(self, playwright: Playwright, server: Server, profile: Path) -> None:
        self.server = server
        self.profile = profile
        self.user: str | None = None  # who is signed in, as far as the phone has a cookie
        self.context: BrowserContext
        self.page: Page
        self._playwright = playwright
        self._offline = False
        self._moved = 0
        self._open = False

    def open(self) -> None:
        """Open the browser on what it kept; the one who was signed in is so still."""
        self.context = self._playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=list(QUIET),
            **MIDDLING_PHONE,
        )
        self._open = True
        self.context.set_default_timeout(TIMEOUT)
        self.context.add_init_script(CLOCK)
        if self.user:
            self.sign_in(self.user)
        self.move_clock(self._moved)
        self.context.set_offline(self._offline)
        self.page = self.context.pages[0]

    def sign_in(self, name: str) -> None:
        """Somebody has signed in here: with a sign-in of their own."""
        self.user = name
        cookie = {"name": "session", "value": self.server.cookie(name), "url": self.server.url}
        self.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])

    def lose_session(self) -> None:
        self.user = None
        self.context.clear_cookies(name="session")

    def network(self, there: bool) -> None:
        """Cut or whole. Said only when it changes: a worker that is just ending may not answer."""
        if self._offline is not there:
            return
        self._offline = not there
        self.context.set_offline(self._offline)

    @property
    def offline(self) -> bool:
        return self._offline

    @property
    def moved(self) -> int:
        return self._moved

    def move_clock(self, milliseconds: int) -> None:
        """The next pages believe that it is that much later."""
        self._moved = milliseconds
        self.context.clear_cookies(name="moved")
        if milliseconds:
            cookie = {"name": "moved", "value": str(milliseconds), "url": self.server.url}
            self.context.add_cookies([cookie])

    def go(self, path: str) -> bool:
        """Open a page and wait until its scripts have begun; whether it is one of ours."""
        self._goto(path)
        if not self._answers():
            self.kill_tab()
            self._goto(path)
        return self.settle()

    def _goto(self, path: str) -> None:
        with suppress(Error):  # the faults are the point: no answer is an answer
            self.page.goto(self.server.url + path, wait_until="domcontentloaded")

    def _answers(self) -> bool:
        """Whether the tab runs anything. The browser freezes one at times; its user closes it then
        and opens another, and the page must be whole there.
        """
        try:
            self.page.wait_for_function("true", polling=50, timeout=FROZEN)
        except Error as error:
            return "Timeout" not in str(error)
        return True

    def settle(self) -> bool:
        for _ in range(HOPS):
            try:
                self.page.wait_for_load_state("domcontentloaded")
                if not self.page.evaluate(IS_OURS):
                    return False
                self.page.wait_for_function(IS_READY)
            except Error as error:
                if "Timeout" in str(error):
                    raise
            else:
                return True  # else it went on to another page
        return False

    def calmly(self, act: Callable[[], Any]) -> None:
        """What may end in a page that does not come."""
        with suppress(Error):
            act()

    def items(self) -> list[dict[str, Any]] | None:
        """What the outbox holds; None where no page of ours stands to ask it."""
        for page in self.pages():
            with suppress(Error):
                if page.evaluate(IS_OURS):
                    found: list[dict[str, Any]] = page.evaluate(ITEMS)
                    return found
        return None

    def pages(self) -> Iterator[Page]:
        yield from (page for page in self.context.pages if not page.is_closed())

    def kill_tab(self) -> None:
        old, self.page = self.page, self.context.new_page()
        with suppress(Error):
            old.close()

    def second_tab(self) -> None:
        self.page = self.context.new_page()

    def kill_browser(self) -> None:
        """No goodbye: the battery is empty."""
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            with suppress(Error):
                self.context.close()

    def until(self, asked: str, arg: Any = None) -> None:
        """Ask the page again until it says yes; the answer may be a promise."""
        deadline = time.monotonic() + SOON
        while not self.page.evaluate(asked, arg):
            assert time.monotonic() < deadline, f"{asked}\n{self.page.evaluate(STANDS)}"
            self.page.wait_for_timeout(50)

    def plant(self, text: str) -> None:
        """A text in a database that is not the app's: the search must find it."""
        self.page.evaluate(PLANT, text)

    def _pids(self) -> list[int]:
        """The processes of this browser: those that were started on its profile."""
        named = f"--user-data-dir={self.profile}".encode()
        found = []
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                with suppress(OSError):
                    if named in (process / "cmdline").read_bytes().split(b"\0"):
                        found.append(int(process.name))
        return found
