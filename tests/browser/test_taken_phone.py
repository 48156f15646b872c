"""A phone that somebody else holds: signed out, left alone, or cut off; and what is on its disk."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from app import clock
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.log_form import DEEP_LINK, comment, more, send
from tests.browser.phone import MIDDLING_PHONE
from tests.browser.test_traces import READY, SHELL, STORED, check
from tests.faults.search import found

SECRET = "Zqxkvhemmelighed"
NAMES = ("Samir", "Bo", "Boefternavn", "Lise", "20000006", "Annaefternavn")
OFFLINE = ("/", "/moeder", "/moeder/ny", "/kontakter/ny", "/uger", "/uger/giv", "/forloeb", "/mig")
QUARTER = 15 * 60 * 1000
LATER = "(ms) => { const real = Date.now; Date.now = () => real() + ms; }"


@pytest.fixture
def anna(live, phone, story):
    """A phone that keeps the shell and the few facts, signed in as Anna."""
    story.log("Anna", clock.today(), relation=7, wellbeing=8, comment=SECRET)
    made = phone(live, "Anna")
    made.expects_no_signal()
    made.go("/")
    settled(made)
    return made


def settled(one):
    one.page.wait_for_selector(READY)
    one.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    one.until("keptFacts")


def sign_out(one):
    one.expects_the_phone_to_be_cleared()
    page = one.go("/mig")
    page.wait_for_selector(READY)
    one.tap(page.get_by_role("button", name="Log ud"))
    expect(page.get_by_role("button", name="Log ind")).to_be_visible()
    page.wait_for_selector(READY)


def readable(one, paths=OFFLINE, words=(*NAMES, SECRET)):
    """Which words can be read on which pages, in whatever is on them."""
    seen = []
    for path in paths:
        page = one.go(path)
        page.wait_for_load_state("domcontentloaded")
        page.wait_for_selector(READY)
        told = page.content() + page.inner_text("body")
        values = page.locator("input, textarea").evaluate_all("all => all.map((one) => one.value)")
        said = [*told.split(), told, *values]
        seen += [(path, w) for w in words if any(w == s or (len(w) > 4 and w in s) for s in said)]
    return seen


def leave_alone(one, minutes):
    """The phone's clock goes on, for every page that is opened from now."""
    ms = minutes * 60_000
    one.context.add_init_script(f"({LATER})({ms})")
    one.page.evaluate(LATER, ms)


def test_T10_after_log_out_nothing_is_left_to_read_with_or_without_signal(anna):
    for path in ("/forloeb", "/moeder", "/uger"):
        anna.go(path)
    sign_out(anna)
    kept = anna.page.evaluate(STORED)
    check(kept, SECRET)
    for cut in (False, True):
        anna.context.set_offline(cut)
        for _ in range(2):
            anna.page.go_back()
            anna.page.wait_for_selector(READY)
            assert not [w for w in (*NAMES, SECRET) if w in anna.page.inner_text("body").split()]
        assert readable(anna, ("/", "/moeder/ny", "/forloeb")) == []


def test_T10_the_phone_keeps_the_files_of_the_shell_and_no_page(anna):
    for path in ("/forloeb", "/moeder", "/moeder/ny"):
        anna.go(path)
        anna.page.wait_for_selector(READY)
    kept = anna.page.evaluate(STORED)["kept"]
    assert len(kept) > 10
    assert [path for path, _ in kept if not SHELL.fullmatch(path)] == []
    assert [path for path, text in kept for word in (*NAMES, SECRET) if f">{word}<" in text] == []
    assert anna.page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_T10_the_old_cookie_opens_nothing(live, anna):
    [cookie] = [c for c in anna.context.cookies() if c["name"] == "session"]
    sign_out(anna)
    anna.context.add_cookies([cookie])
    page = anna.go("/forloeb")
    expect(page.get_by_role("button", name="Log ind")).to_be_visible()


def test_T9_cut_off_at_the_gate_the_participant_is_nowhere_to_be_found(anna):
    """While it is in use the form names the co-mentor and whom to call; nothing else."""
    anna.context.set_offline(True)
    assert readable(anna, words=("Samir", "Boefternavn", "Annaefternavn", SECRET)) == []


def test_T9_cut_off_and_left_alone_it_names_nobody_at_all(anna):
    anna.context.set_offline(True)
    leave_alone(anna, 16)
    assert readable(anna) == []
    page = anna.go("/moeder/ny")
    page.wait_for_selector(READY)
    expect(page.get_by_text("Med din deltager")).to_be_visible()
    check(page.evaluate(STORED), "Zqxkv")


def test_T1_a_form_that_was_left_alone_opens_empty_without_signal_and_is_not_lost(anna):
    page = anna.go(DEEP_LINK)
    page.wait_for_selector(READY)
    anna.tap(more(page))
    comment(page).fill("Zqxkvkladde")
    expect(page.locator(".saved[aria-busy=false]")).to_contain_text("Gemt på telefonen")
    anna.context.set_offline(True)
    leave_alone(anna, 16)
    page = anna.go("/moeder/ny")
    page.wait_for_selector(READY)
    assert comment(page).input_value() == ""
    assert "drafts" not in [store for store, _ in page.evaluate(STORED)["rows"]]
    anna.tap(more(page))
    comment(page).fill("Skrevet bagefter")  # the form works: it knows whom it is about
    anna.tap(send(page))
    expect(page.get_by_role("heading", level=1, name="Gemt på telefonen")).to_be_visible()
    anna.context.set_offline(False)
    page = anna.go("/udbakke")
    row = page.locator(".outbox-row[data-is=draft]")
    anna.tap(row.get_by_role("button", name="Se og ret"))
    expect(comment(page)).to_have_value("Zqxkvkladde")


def test_T1_a_page_that_was_left_open_is_asked_for_anew_before_it_is_seen(live, anna):
    page = anna.go("/forloeb")
    page.wait_for_selector(READY)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(LATER, QUARTER + 60_000)
    with page.expect_navigation():
        page.touchscreen.tap(180, 300)
    assert anna.path == "/forloeb"
    assert f"{live.url}/forloeb" in asked


def test_T1_in_use_nothing_is_asked_anew(anna):
    page = anna.go("/forloeb")
    page.wait_for_selector(READY)
    page.evaluate("window.mine = true")
    for _ in range(2):
        page.evaluate(LATER, QUARTER - 60_000)
        page.touchscreen.tap(5, 400)
    assert page.evaluate("window.mine")


def test_T11_what_one_has_waiting_the_next_can_neither_read_nor_send(live, anna, story):
    page = anna.go(DEEP_LINK)
    page.wait_for_selector(READY)
    anna.context.set_offline(True)
    anna.tap(more(page))
    comment(page).fill("Zqxkvventer")
    anna.tap(send(page))
    expect(page.get_by_role("heading", level=1, name="Gemt på telefonen")).to_be_visible()
    anna.forget_session()
    anna.sign_in("Otto")
    anna.context.set_offline(False)
    page = anna.go("/udbakke")
    page.wait_for_selector(READY)
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    check(page.evaluate(STORED), "Zqxkvventer")
    stolen = page.evaluate("outboxStore.all()")
    [item] = [one for one in stolen if one["state"] == "waits"]
    answer = page.evaluate(
        """async (item) => {
          const { token } = await net.key();
          return (await net.send({ ...item }, token)).status;
        }""",
        item,
    )
    anna.expects(403)
    assert answer == 403
    assert len(story.meetings()) == 1  # the one that was there before


def test_T9_and_nothing_lies_on_the_disk(live, story, playwright: Playwright, tmp_path: Path):
    """A phone in use, and its browser is killed with the network off: the profile is searched."""
    story.log("Anna", clock.today(), relation=7, wellbeing=8, comment=SECRET)
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=list(QUIET), **MIDDLING_PHONE
    )
    cookie = {"name": "session", "value": live.cookie("Anna"), "url": live.url}
    context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
    page = context.pages[0]
    for path in ("/", "/forloeb", "/moeder", DEEP_LINK):
        page.goto(live.url + path)
        page.wait_for_selector(READY)
    more(page).tap()
    comment(page).fill("Zqxkvkladde")
    expect(page.locator(".saved[aria-busy=false]")).to_contain_text("Gemt på telefonen")
    page.get_by_role("link", name="Skjul").tap()
    page.wait_for_url("**/ingen-forbindelse")
    context.set_offline(True)
    page.evaluate("localStorage.setItem('control', 'Zqxkvkontrol')")
    context.close()
    assert found(profile, ["Zqxkvkontrol"])  # else the search is blind
    assert found(profile, ["Zqxkvkladde", SECRET, "Samir", "Boefternavn", "30000000"]) == []
