"""From the tap that turns reminders on, through the push service, to the form that they open."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app import clock, keyring
from app.domain import devices, notices
from app.mail import Mailer
from app.push import Pusher
from app.worker import Worker
from tests.browser.live import serving
from tests.browser.log_form import sent
from tests.cast import PASSWORD
from tests.push_service import PushService

HERE = "/mig/paamindelser"
# What the browser's maker would answer: without the maker's network no browser subscribes.
SUBSCRIBED = """({ endpoint, p256dh, auth }) => {
  const KEPT = 'test-subscription';
  const made = (key) => ({
    endpoint,
    options: { applicationServerKey: Uint8Array.from(key).buffer },
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => { localStorage.removeItem(KEPT); return true; },
  });
  PushManager.prototype.getSubscription = async () => {
    const kept = localStorage.getItem(KEPT);
    return kept && made(JSON.parse(kept));
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem(KEPT, JSON.stringify([...applicationServerKey]));
    return made(applicationServerKey);
  };
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, data }) => ({ title, body, tag, data }))"""
SOMETHING_WAITS = """() => outboxStore.put({
  id: crypto.randomUUID(), author: body.who, state: 'asks', kind: 'contact', made: 1,
  on: '2026-11-25',
})"""
CLICK = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}"""


@pytest.fixture
def service():
    made = PushService()
    yield made
    made.close()


@pytest.fixture
def live(settings, service):
    with serving(replace(settings, push_peers=frozenset({service.peer}))) as made:
        yield made


@pytest.fixture
def work(live):
    """One round of the worker, as if it were now that time."""
    house = replace(live.house, settings=replace(live.house.settings, origin=live.url))
    worker = Worker(house, Pusher(house.settings), Mailer(house.settings))
    return worker.run


@pytest.fixture
def anna(live, phone, service):
    """A phone that has said yes to reminders when it is asked."""
    made = phone(live, "Anna")
    made.context.grant_permissions(["notifications"], origin=live.url)
    made.context.add_init_script(f"({SUBSCRIBED})({json.dumps(service.subscription())})")
    return made


def turned_on(anna):
    page = anna.go(HERE)
    anna.tap(page.get_by_role("button", name="Slå påmindelser til"))
    expect(page.get_by_text("Påmindelser er slået til her.")).to_be_visible()
    return page


def devices_of(live, name):
    with live.house.work(writes=False):
        return devices.of(live.cast.people[name])


def deliver(anna, payload):
    """By the browser's own hook for tests, as if it had come from its maker."""
    page = anna.page
    session = anna.context.new_cdp_session(page)
    told = []
    session.on("ServiceWorker.workerVersionUpdated", lambda e: told.extend(e["versions"]))
    session.send("ServiceWorker.enable")
    # One that is still being activated would lose the message.
    for _ in range(500):
        active = [one["registrationId"] for one in told if one["status"] == "activated"]
        if active:
            break
        page.wait_for_timeout(20)
    message = {"origin": anna.live.url, "registrationId": active[0]}
    session.send("ServiceWorker.deliverPushMessage", message | {"data": payload})


def at_nine():
    """A morning that is no quiet hour, today or tomorrow: never earlier than now."""
    day = clock.in_denmark(clock.now()).date() + timedelta(days=1)
    return clock.midnight(day) + timedelta(hours=10)


def test_a_reminder_travels_to_the_phone_and_one_tap_opens_the_form(
    live, anna, service, work, story
):
    story.plan("Anna", clock.today())
    turned_on(anna)
    [device] = devices_of(live, "Anna")
    assert (device.system, device.browser) == ("computer", "chrome")  # as this browser calls itself
    work(at_nine())
    [body] = service.received
    message, _ = service.opened(body)
    deliver(anna, json.dumps(message))
    anna.until(f"async () => (await ({SHOWN})()).length === 1")
    [shown] = anna.page.evaluate(SHOWN)
    assert (shown["title"], shown["body"]) == ("Påmindelse", "Der venter en evaluering")
    assert shown["tag"] == message["notification"]["tag"]
    assert shown["data"] == urlsplit(message["notification"]["navigate"]).path
    with anna.page.expect_navigation():
        anna.context.service_workers[0].evaluate(CLICK)
    page = anna.page
    expect(page.get_by_role("heading", level=1, name="Log møde")).to_be_visible()
    expect(page.get_by_text("Du havde aftalt et møde")).to_be_visible()
    expect(page.get_by_role("radio", name="I dag", exact=True)).to_be_checked()
    with live.house.work(writes=False):
        told = notices.lately(live.cast.people["Anna"], clock.now() - timedelta(days=1), 9)
    [carrier] = [one for one in told if one.opened_at]
    assert carrier.shown_at is not None
    anna.tap(page.get_by_role("button", name="Send", exact=True).last)
    expect(sent(page)).to_be_visible()
    service.requests.clear()
    work(at_nine() + timedelta(hours=8))  # the afternoon of the next day: it has stopped
    assert all("evaluering" not in str(service.opened(one)) for one in service.received)


def test_signed_out_the_tap_leads_through_the_sign_in_to_the_form(live, anna, service, work, story):
    story.plan("Anna", clock.today())
    turned_on(anna)
    work(at_nine())
    message, _ = service.opened(service.received[0])
    anna.forget_session()
    page = anna.go(urlsplit(message["notification"]["navigate"]).path)
    page.get_by_label("E-mail").fill(live.cast.email("Anna"))
    page.get_by_label("Adgangskode").fill(PASSWORD)
    anna.tap(page.get_by_role("button", name="Log ind"))
    expect(page.get_by_role("heading", level=1, name="Log møde")).to_be_visible()


def test_what_cannot_be_read_shows_a_fixed_sentence_all_the_same(anna):
    turned_on(anna)
    deliver(anna, "not ours")
    anna.until(f"async () => (await ({SHOWN})()).length === 1")
    [shown] = anna.page.evaluate(SHOWN)
    assert (shown["title"], shown["body"]) == ("Påmindelse", "Der venter noget i appen")
    assert shown["data"] == "/"


def test_the_same_message_twice_is_shown_once(anna, service, work, story):
    story.plan("Anna", clock.today())
    turned_on(anna)
    work(at_nine())
    message = json.dumps(service.opened(service.received[0])[0])
    for _ in range(2):
        deliver(anna, message)
    anna.until(f"async () => (await ({SHOWN})()).length === 1")
    assert len(anna.page.evaluate(SHOWN)) == 1


def test_turned_off_here_the_phone_is_forgotten(live, anna):
    page = turned_on(anna)
    assert len(devices_of(live, "Anna")) == 1
    anna.tap(page.get_by_role("button", name="Slå fra her"))
    expect(page.get_by_text("Påmindelser er slået fra her.")).to_be_visible()
    assert devices_of(live, "Anna") == []
    assert page.evaluate("localStorage.length") == 0


def test_another_who_signs_in_here_ends_them(live, anna):
    turned_on(anna)
    anna.sign_in("Bo")
    page = anna.go("/")
    anna.until("() => localStorage.length === 0")
    page = anna.go(HERE)
    expect(page.get_by_text("Påmindelser er slået fra her.")).to_be_visible()


def test_a_phone_that_was_lost_to_the_list_comes_back_after_a_new_sign_in(live, anna):
    turned_on(anna)
    anna.page.evaluate(SOMETHING_WAITS)  # else the phone is cleared, and forgets that it was asked
    page = anna.go("/mig")
    expect(page.locator(".counter")).to_have_text("1 venter")
    anna.expects_the_phone_to_be_cleared()
    anna.tap(page.get_by_role("button", name="Log ud"))
    expect(page.get_by_role("heading", level=1, name="Velkommen")).to_be_visible()
    assert devices_of(live, "Anna") == []
    anna.until("async () => (await keptReminding())?.out === true")
    anna.sign_in("Anna")
    anna.go("/")
    anna.until("async () => (await keptReminding())?.out === undefined")
    assert len(devices_of(live, "Anna")) == 1


def test_a_new_key_of_ours_is_taken_at_the_next_start(live, anna):
    turned_on(anna)
    [before] = devices_of(live, "Anna")
    keyring.add_key(live.house.settings.push_keys, "push")
    anna.page.evaluate("keptReminding().then((kept) => keepReminding({ ...kept, at: 0 }))")
    anna.go("/")
    anna.until("async () => (await keptReminding()).at > 0")
    [after] = devices_of(live, "Anna")
    assert (before.key_number, after.key_number) == (1, 2)


def test_a_phone_that_has_said_no_is_told_where_to_say_yes(live, phone):
    anna = phone(live, "Anna")
    anna.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    page = anna.go(HERE)
    expect(page.get_by_text("Telefonen har fået nej til påmindelser.")).to_be_visible()
    anna.tap(page.get_by_role("link", name="Se hvordan"))
    expect(page.get_by_role("heading", level=1, name="Tillad påmindelser")).to_be_visible()


def test_without_scripts_the_choices_and_the_trial_still_work(live, phone):
    anna = phone(live, "Anna", java_script_enabled=False)
    page = anna.go(HERE)
    expect(page.get_by_text("Denne browser kan ikke vise påmindelser.")).to_be_visible()
    page.get_by_label("Fra kl.").fill("21:00")
    page.get_by_role("button", name="Gem").tap()
    expect(page.get_by_text("Gemt.")).to_be_visible()
