"""Random days of a phone: what its user does, what befalls it, and what must be true all along."""

import string
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from playwright.sync_api import Error, Locator, Page

from app import clock, db, sealing
from app.domain import receipts
from app.sealing import Label
from tests.browser.log_form import DEEP_LINK, RELATION, comment, score, send
from tests.browser.story import Story
from tests.faults.phone import Phone
from tests.faults.server import FAULTS, FINE, Server

DAY = 24 * 60 * 60 * 1000
TAPS = 3
FORM = "#log-form:visible"
# What lies on the phone is what stands in the form. The page's own word for it may be swapped away.
KEPT = """async () => {
  const form = document.getElementById('log-form');
  if (writing.get(form)?.busy) return false;
  const draft = await draftOf(await author(), form);
  const words = form?.elements.comment?.value; // undefined while the form is being exchanged
  return Boolean(draft) && valueIn(draft.pairs, 'comment') === words;
}"""
GONE_OFF = "() => !document.querySelector('#log-form:not([data-sent])')"
DRAINED = """async (who) => (await phoneKeeps)
  && !(await outboxStore.all()).some((item) => item.author === who && item.state === 'waits')"""
# What the page says: of which records, in which words.
SAYS = """() => [...document.querySelectorAll('h1, [data-state]')]
  .filter((one) => one.checkVisibility() && one.textContent.trim().startsWith('Sendt'))
  .map((one) => one.closest('[data-item]')?.dataset.item || location.pathname)"""
WORDS = """() => document.body.innerText + [...document.querySelectorAll('input, textarea')]
  .map((one) => one.value).join(' ')"""
PLACES = (DEEP_LINK, "/udbakke")  # where a phone shows what it keeps


@dataclass
class Written:
    """One text of somebody, and how far it had come."""

    marker: str
    author: str
    kept: bool = False  # the page has said that the phone keeps it
    tapped: bool = False  # Send
    left: bool = False  # the page has taken it from the form
    given_up: bool = False  # written over by its author, or a day went by


@dataclass
class Days:
    """Days to log, each once: two meetings of one day would be asked about."""

    anna: list[date] = field(default_factory=list)
    bo: list[date] = field(default_factory=list)

    def take(self, name: str) -> date | None:
        left = self.anna if name == "Anna" else self.bo
        return left.pop() if left else None


def days() -> Days:
    """Bo's seat is young, so the latest days are his."""
    back = [clock.today() - timedelta(days=n) for n in range(1, 100)]
    return Days(back[9:], back[:8])


class Journey:
    def __init__(self, phone: Phone, server: Server, story: Story, days: Days, seed: str) -> None:
        self.phone, self.server, self.story, self.days = phone, server, story, days
        self.random = Random(seed)  # noqa: S311 - made again from the seed
        self.told: list[str] = [f"seed {seed}"]
        self.written: list[Written] = []
        self.current: Written | None = None  # what stands in the form before us

    def run(self) -> None:
        acts = self._acts()
        names, weights = list(acts), [weight for _, weight in acts.values()]
        self._do("write", acts["write"][0])
        for name in self.random.choices(names, weights, k=self.random.randint(5, 12)):
            self._do(name, acts[name][0])
        self.told.append("come home")
        self._come_home()
        self._write_one_more()

    def _do(self, name: str, act: Callable[[], None]) -> None:
        self.told.append(name)
        act()
        self._nothing_false()

    def _acts(self) -> dict[str, tuple[Callable[[], None], int]]:
        return {
            "write": (self._write, 6),
            "send": (self._send, 8),
            "tap twice": (self._tap_twice, 3),
            "reload": (self._reload, 3),
            "back": (self._back, 2),
            "kill tab": (self._kill_tab, 2),
            "kill browser": (self._kill_browser, 2),
            "second tab": (self._second_tab, 3),
            "no network": (lambda: self.phone.network(there=False), 4),
            "network": (lambda: self.phone.network(there=True), 4),
            "kill server": (self.server.kill, 3),
            "start server": (self.server.start, 3),
            "fault": (self._fault, 5),
            "no fault": (lambda: self.server.fault(FINE), 3),
            "session expires": (self.phone.lose_session, 2),
            "sign in": (self._sign_in, 3),
            "another user": (self._another_user, 3),
            "log out": (self._log_out, 2),
            "new build": (self._new_build, 1),
            "clock": (self._clock, 1),
            "look": (self._look, 2),
        }

    # --- What a user does ---

    def _write(self) -> None:
        """A new text in the form, where there is one for whoever is signed in."""
        self.phone.go(DEEP_LINK)
        page = self.phone.page
        author = self._author()
        if author is None or not page.locator(FORM).count():
            return
        on = self.days.take(author)
        if on is None:
            return
        self._privacy(page)
        before = ""
        with suppress(Error):
            before = comment(page).input_value(timeout=2000)
        for old in self.written:  # the same form: the new words take the place of the old ones
            if old.author == author and (not old.tapped or old.marker in before):
                old.given_up = True
        self.current = Written(
            "Zq" + "".join(self.random.choices(string.ascii_lowercase, k=14)), author
        )
        self.written.append(self.current)
        self.told.append(f"  {author} writes {self.current.marker} on {on}")
        page.locator("#log-form details").evaluate_all(
            "all => all.forEach((one) => { one.open = true })"
        )
        page.get_by_role("radio", name="En anden dag").check()
        page.get_by_label("Dato", exact=True).fill(on.isoformat())
        self._tick(score(page, RELATION, self.random.randint(1, 10)))
        comment(page).fill(self.current.marker)
        if self.random.random() < 0.8:
            self.phone.until(KEPT)
            self.current.kept = True

    def _tick(self, choice: Locator) -> None:
        """Once more where the page grew under the thumb."""
        for _ in range(TAPS - 1):
            with suppress(Error):
                choice.check()
                return
        choice.check()

    def _send(self, taps: int = 1) -> None:
        page, current = self.phone.page, self.current
        if current is None or not page.locator(FORM).count():
            return
        words = None
        with suppress(Error):  # the page may be on its way to a receipt
            words = comment(page).input_value(timeout=2000)
        if words != current.marker:
            return
        current.tapped = True
        with suppress(Error):
            send(page).click(click_count=taps, no_wait_after=True, timeout=2000)
        if self.random.random() < 0.8:  # else what comes next comes at once
            with suppress(Error):
                page.wait_for_function(GONE_OFF, timeout=5000)
                current.left = True

    def _tap_twice(self) -> None:
        self._send(taps=2)

    def _reload(self) -> None:
        self.phone.calmly(lambda: self.phone.page.reload(wait_until="domcontentloaded"))
        self.phone.settle()

    def _back(self) -> None:
        self.phone.calmly(lambda: self.phone.page.go_back(wait_until="domcontentloaded"))
        self.phone.settle()

    def _kill_tab(self) -> None:
        self.phone.kill_tab()
        self.phone.go(self.random.choice(("/", DEEP_LINK)))

    def _kill_browser(self) -> None:
        self.phone.kill_browser()
        self.phone.open()
        self.phone.go(self.random.choice(("/", DEEP_LINK)))

    def _second_tab(self) -> None:
        self.phone.second_tab()
        self.phone.go(self.random.choice(("/", DEEP_LINK)))

    def _look(self) -> None:
        for place in PLACES:
            self.phone.go(place)
            self._privacy(self.phone.page)

    def _sign_in(self) -> None:
        self.phone.sign_in(self.phone.user or "Anna")
        self.phone.go("/")

    def _another_user(self) -> None:
        self.phone.sign_in("Bo" if self.phone.user == "Anna" else "Anna")
        self.phone.go("/")
        self._look()

    def _log_out(self) -> None:
        """Only where the button can be reached; what waits is kept."""
        if not self.phone.go("/mig"):
            return
        button = self.phone.page.get_by_role("button", name="Log ud")
        if self.phone.user and button.count():
            self.phone.calmly(lambda: button.click(timeout=3000))
            self.phone.settle()
            if not any(c["name"] == "session" for c in self.phone.context.cookies()):
                self.phone.user = None

    # --- What befalls it ---

    def _fault(self) -> None:
        name = self.random.choice(FAULTS)
        self.told.append(f"  {name}")
        self.server.fault(name)

    def _new_build(self) -> None:
        self.server.update()

    def _clock(self) -> None:
        """A day later, or back: a text that was never sent may go after a day, as the app says."""
        moved = self.random.choice((DAY + 60_000, -DAY, 0))
        self.told.append(f"  {moved} ms")
        self.phone.move_clock(moved)
        for one in self.written:
            one.given_up = True
        self.phone.go("/")

    # --- What must be true ---

    def _author(self) -> str | None:
        """Whose form it is that stands here, as the page itself says."""
        with suppress(Error):
            who = self.phone.page.evaluate("async () => (await phoneKeeps) && author()")
            for name in ("Anna", "Bo"):
                if who == str(self.server.cast.people[name]):
                    return name
        return None

    def _privacy(self, page: Page) -> None:
        """No word of another's."""
        author = self._author()
        with suppress(Error):
            words = page.evaluate(WORDS)
            seen = [
                one.marker for one in self.written if one.author != author and one.marker in words
            ]
            assert not seen, self._story_so_far(f"{author} was shown {seen}")

    def _nothing_false(self) -> None:
        """Where "sendt" is said, the record is in the store."""
        said: set[str] = set()
        for page in self.phone.pages():
            with suppress(Error):
                said |= {word for word in page.evaluate(SAYS) if not word.startswith("/")}
        said |= {item["id"] for item in self.phone.items() or () if item["state"] == "sent"}
        false = said - self._stored()
        assert not false, self._story_so_far(f"said to be sent, but not stored: {false}")

    def _stored(self) -> set[str]:
        with self.story.house.work(writes=False):
            return {str(row.id) for row in db.rows(db.columns(receipts.Receipt).select())}

    def _come_home(self) -> None:
        """All is well again: whoever wrote signs in, and waits until nothing waits."""
        self.server.fault(FINE)
        self.server.start()
        self.phone.network(there=True)
        if self.phone.moved:  # what was written yesterday, and never sent, may go: the app says so
            for one in self.written:
                one.given_up = True
        self.phone.move_clock(0)
        last = self.phone.user or "Anna"
        there: set[str] = set()
        for name in (last, "Bo" if last == "Anna" else "Anna"):
            if any(one.author == name for one in self.written):
                there |= self._home_of(name)
        self._nothing_false()
        counts = self._counts()
        for one in self.written:
            count = counts.get(one.marker, 0)
            assert count < 2, self._story_so_far(f"doubled: {one}")
            if one.left or (one.kept and not one.given_up):
                assert count or one.marker in there, self._story_so_far(f"lost: {one}")

    def _home_of(self, name: str) -> set[str]:
        """The author's own phone: what is still written on it when nothing waits."""
        self.phone.sign_in(name)
        who = self.server.cast.people[name]
        arrived = any(self.phone.go("/") for _ in range(TAPS))  # another page may come between
        assert arrived, self._story_so_far(f"no start page: {self.phone.page.url}")
        try:
            self.phone.until(DRAINED, str(who))
        except (AssertionError, Error):
            raise AssertionError(self._story_so_far(f"still waits: {self.phone.items()}")) from None
        assert self.phone.go(DEEP_LINK), self._story_so_far("no form")
        there = {comment(self.phone.page).input_value()}
        self._privacy(self.phone.page)
        for item in self.phone.items() or ():
            if item["author"] == str(who) and item["sealed"]:
                there.add(self._opened(item, who).get("comment", ""))
                told = (
                    f"  in the outbox: {item['state']} {item['status']} {self._opened(item, who)}"
                )
                self.told.append(told)
        return there

    def _write_one_more(self) -> None:
        """After all that the phone still does its work: no journey ends without a stored record."""
        self.phone.sign_in("Anna")
        self._write()
        one = self.current
        assert one is not None, self._story_so_far("no form to write in")
        for _ in range(TAPS):  # a form that changes under the thumb may swallow a tap
            self._send()
            with suppress(Error):  # the page may be on its way to the receipt
                self.phone.page.wait_for_function(GONE_OFF)
                break
        there = self._home_of("Anna")
        count = self._counts().get(one.marker, 0)
        assert count == 1, self._story_so_far(f"not sent in calm weather: {one}, {there}")

    def _opened(self, item: dict, who: UUID) -> dict[str, str]:
        """A sealed record, as the server opens it."""
        label = Label(item["path"], who, UUID(item["mentorship"]), UUID(item["id"]))
        return dict(sealing.opened(self.server.house.keyring, item["key"], item["sealed"], label))

    def _counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for _, answers in self.story.meetings():
            for answer in answers:
                word = self.story.words(answer)["comment"] or ""
                counts[word] = counts.get(word, 0) + 1
        return counts

    def _story_so_far(self, problem: str) -> str:
        return "\n".join([problem, *self.told])

    def summary(self) -> str:
        stored = set(self._counts())
        return f"stored {sum(o.marker in stored for o in self.written)} of {len(self.written)}"
