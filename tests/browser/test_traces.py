"""What a browser keeps of us: nothing. And what it fetches: only ours, with the right headers."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from app import clock
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.log_form import DEEP_LINK, RELATION, comment, more, score, send, sent
from tests.browser.phone import MIDDLING_PHONE
from tests.cast import PASSWORD

PAGES = ("/", "/moeder", DEEP_LINK, "/kontakter/ny", "/uger", "/forloeb", "/mig", "/regler")
SECRET = "Zqxkvhemmelighed"
STORED = """async () => {
  const readable = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      return new TextDecoder('latin1').decode(value);
    }
    if (value instanceof CryptoKey) return `a key that leaves: ${value.extractable}`;
    if (Array.isArray(value)) return value.map(readable);
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readable(one)]));
  };
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of base.objectStoreNames) {
      rows.push(...await new Promise((done) => {
        const asked = base.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result.map((row) => [store, readable(row)]));
      }));
    }
    base.close();
  }
  const kept = [];
  for (const name of await caches.keys()) {
    for (const asked of await (await caches.open(name)).keys()) {
      kept.push([new URL(asked.url).pathname, await (await caches.match(asked)).text()]);
    }
  }
  return {
    session: Object.entries(sessionStorage), local: Object.entries(localStorage),
    cookies: document.cookie, rows, kept,
  };
}"""
READY = "html[data-ready]"
PERSONAL = ("Samir", "Boefternavn", "30000000", "Lise", "20000006")
SHELL = re.compile(
    r"/skal/(da|en)/(moede|kontakt|giv|udbakke|regler|uden-signal|ingen-forbindelse)|/static/\w+/.+|/manifest.webmanifest"
)


def check(stored, *words):
    """Only the shell in the caches, and no word about anybody in all that can be read."""
    assert stored["session"] == stored["local"] == []
    assert stored["cookies"] == ""
    assert [path for path, _ in stored["kept"] if not SHELL.fullmatch(path)] == []
    everything = json.dumps(stored, ensure_ascii=False)
    assert "a key that leaves: true" not in everything
    assert [word for word in (*PERSONAL, *words) if word in everything] == []


POLICY = (
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "style-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_with_the_policy_and_is_not_kept(live, phone, path):
    anna = phone(live, "Anna")
    loaded = []
    anna.context.on("request", lambda request: loaded.append(request.url))
    answer = anna.page.goto(live.url + path, wait_until="networkidle")
    headers = answer.all_headers()
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"].split("; ")
    assert set(POLICY) <= set(policy)
    assert "unsafe" not in headers["content-security-policy"]
    scripts = next(part for part in policy if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self' 'nonce-[\w-]{20,}'", scripts)
    assert len(loaded) > 2  # else nothing was watched
    assert {url.startswith(f"{live.url}/") for url in loaded} == {True}
    check(anna.page.evaluate(STORED))


def test_the_policy_stops_a_script_and_a_style_of_another(live, phone):
    """The planted control: the browser does refuse, and says so in the console."""
    anna = phone(live, "Anna")
    page = anna.go("/")
    page.evaluate(
        """() => {
          const style = document.createElement('style');
          style.textContent = 'h1 { display: none }';
          document.head.append(style);
        }"""
    )
    expect(page.locator("h1")).to_be_visible()
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")
    refused = [said for said in anna.complaints if "Content Security Policy" in said]
    assert refused
    anna.complaints.clear()


def test_nothing_is_left_in_the_browser_after_a_session(live, phone, story):
    """T10: not in any store of the browser."""
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 5))
    anna.tap(more(page))
    comment(page).fill(SECRET)
    expect(page.locator(".saved[aria-busy=false]")).to_contain_text("Gemt på telefonen")
    kept = page.evaluate(STORED)
    check(kept, SECRET)
    assert [store for store, _ in kept["rows"]].count("drafts") == 1  # else nothing was watched
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    for path in PAGES:
        anna.go(path)
        page.wait_for_selector(READY)
        kept = page.evaluate(STORED)
        check(kept, SECRET)
        assert "drafts" not in [store for store, _ in kept["rows"]]


def test_the_store_is_read_through_and_through(live, phone):
    """The planted control: a word in the open is found."""
    page = phone(live, "Anna").go("/")
    page.wait_for_selector(READY)
    page.evaluate("inStore((store) => store.put('facts', { key: 'x', deep: [{ a: 'Samir' }] }))")
    with pytest.raises(AssertionError, match="Samir"):
        check(page.evaluate(STORED))


def test_back_after_log_out_shows_sign_in(live, phone, story):
    """T10: no page comes back."""
    story.log("Anna", clock.today(), comment=SECRET)
    anna = phone(live, "Anna")
    anna.expects_the_phone_to_be_cleared()
    page = anna.go("/forloeb")
    anna.go("/mig")
    anna.tap(page.get_by_role("button", name="Log ud"))
    expect(page.get_by_role("button", name="Log ind")).to_be_visible()
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("button", name="Log ind")).to_be_visible()
        assert anna.path == "/log-ind"
    assert "Samir" not in page.content()
    page.wait_for_selector(READY)
    kept = page.evaluate(STORED)
    check(kept, SECRET)
    assert [row for row in kept["rows"] if row[0] != "facts" or row[1]["key"] != "marks"] == []


def test_the_browsers_own_files_hold_nothing_of_a_session(
    live, story, playwright: Playwright, tmp_path: Path
):
    """T10: a phone taken at the gate: a real profile on disk, searched after a real sign-in."""
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=list(QUIET), **MIDDLING_PHONE
    )
    context.set_extra_http_headers({"Accept-Encoding": "identity"})  # else words lie there packed
    page = context.new_page()
    page.goto(f"{live.url}/log-ind")
    page.get_by_label("E-mail").fill(live.cast.email("Anna"))
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1, name="Samir")).to_be_visible()
    page.goto(live.url + DEEP_LINK)
    more(page).tap()
    comment(page).fill(SECRET)
    send(page).tap()
    expect(sent(page)).to_be_visible()
    page.get_by_role("link", name="Se mødet").tap()
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.goto(f"{live.url}/mig")
    page.get_by_role("button", name="Log ud").tap()
    expect(page.get_by_role("button", name="Log ind")).to_be_visible()
    context.close()
    kept = {path: path.read_bytes() for path in profile.rglob("*") if path.is_file()}
    host = live.url.removeprefix("http://").encode()
    assert any(host in content for content in kept.values())  # else it is not the profile
    words = (SECRET, PASSWORD, "Samir", "Boefternavn", "30 00 00 00", "30000000")
    assert [
        (path.name, word)
        for path, content in kept.items()
        for word in words
        if any(word.encode(coding) in content for coding in ("utf-8", "utf-16-le"))
    ] == []
