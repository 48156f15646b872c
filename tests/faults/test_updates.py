"""What is left on the phone after Send, after sign-out, for the next one, and after an update."""

import pytest
from playwright.sync_api import expect

from tests.browser.log_form import DEEP_LINK, RELATION, comment, more, score, send, sent
from tests.faults.journey import DRAINED, KEPT, WORDS
from tests.faults.search import found

SECRET, CONTROL = "Zqxkvhemmelighed", "Zqkontrolordet"
NAMES = ("Samir", "Samirefternavn", "Boefternavn", "30000000")
# Everything that a script can read here, CryptoKeys unlocked too: what the next user could read.
READABLE = """async () => {
  const open = (name) => new Promise((done, failed) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => done(opening.result);
    opening.onerror = failed;
  });
  const all = (database, store) => new Promise((done, failed) => {
    const asked = database.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = failed;
  });
  const said = [JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])];
  for (const { name } of await indexedDB.databases()) {
    const database = await open(name);
    for (const store of database.objectStoreNames) {
      for (const record of await all(database, store)) {
        said.push(JSON.stringify(record));
        if (!record.locked) continue;
        const plain = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: record.iv }, record.lock, record.locked);
        said.push(new TextDecoder().decode(plain));
      }
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      said.push(request.url + await (await cache.match(request)).text());
    }
  }
  return said.join('\\n');
}"""


@pytest.fixture
def anna(phone):
    made = phone("Anna")
    made.go("/")
    made.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    made.until("async () => Boolean((await keptFacts())?.mentorship)")  # a form without signal
    return made


def _write(phone, text=SECRET):
    phone.go(DEEP_LINK)
    page = phone.page
    score(page, RELATION, 6).check()
    more(page).click()
    comment(page).fill(text)
    phone.until(KEPT)
    return page


def _log_out(phone):
    phone.go("/mig")
    phone.page.get_by_role("button", name="Log ud").click()
    expect(phone.page.get_by_role("button", name="Log ind")).to_be_visible()
    phone.user = None
    phone.settle()


def _drained(phone, name="Anna"):
    who = str(phone.server.cast.people[name])
    phone.until(DRAINED, who)


def test_after_send_the_words_are_nowhere_on_the_disk(anna, server, story):
    """T9: whoever takes the phone reads nothing."""
    anna.plant(CONTROL)
    server.kill()
    page = _write(anna)
    send(page).click()
    expect(page.locator("[data-item]")).to_have_attribute("data-is", "waits")
    assert found(anna.profile, [CONTROL])  # else the search is blind
    assert found(anna.profile, [SECRET]) == []
    server.start()
    anna.go("/")
    _drained(anna)
    assert len(story.meetings()) == 1
    anna.close()
    assert found(anna.profile, [CONTROL])
    assert found(anna.profile, [SECRET, *NAMES]) == []


@pytest.mark.parametrize("packed", [False, True])
def test_the_search_finds_what_a_browser_has_packed(anna, packed):
    """The planted control: short, and long enough to be packed and compacted by the browser."""
    anna.plant(CONTROL + (" og noget mere" * 20_000 if packed else ""))
    anna.close()
    assert CONTROL in {word for _, word in found(anna.profile, [CONTROL, SECRET])}
    assert SECRET not in {word for _, word in found(anna.profile, [CONTROL, SECRET])}


def test_after_sign_out_nothing_of_anybody_can_be_read(anna, server):
    server.fault("503")
    page = _write(anna)
    send(page).click()
    expect(page.locator("[data-item]")).to_have_attribute("data-is", "waits")
    _write(anna, SECRET + "kladde")
    assert SECRET in anna.page.evaluate(READABLE)  # its author can: else this looks at nothing
    server.fault("fine")
    _log_out(anna)
    read = anna.page.evaluate(READABLE)
    assert "/static/" in read  # the shell is there
    assert [word for word in (SECRET, *NAMES) if word in read] == []
    for _ in range(2):
        anna.page.go_back()
        anna.settle()
        anna.page.wait_for_load_state()
        content = anna.page.content()
        words = content + anna.page.evaluate(WORDS)
        assert [word for word in (SECRET, *NAMES) if word in words] == []
    anna.go("/")
    expect(anna.page.get_by_role("button", name="Log ind")).to_be_visible()


def test_another_user_logs_out_and_takes_nothing_of_the_author_along(anna, server, story):
    server.kill()
    page = _write(anna)
    send(page).click()
    expect(page.locator("[data-item]")).to_have_attribute("data-is", "waits")
    server.start()
    anna.sign_in("Bo")
    anna.go("/udbakke")
    expect(anna.page.locator("[data-outbox-empty]")).to_be_visible()
    _log_out(anna)
    assert story.meetings() == []
    anna.sign_in("Anna")
    anna.go("/")
    _drained(anna)
    assert len(story.meetings()) == 1


def test_a_replay_under_another_user_is_refused(anna, server, story):
    """T11: what waits belongs to its author."""
    server.kill()
    page = _write(anna)
    send(page).click()
    expect(page.locator("[data-item]")).to_have_attribute("data-is", "waits")
    [item] = anna.items()
    server.start()
    anna.sign_in("Bo")
    anna.go("/udbakke")
    answer = anna.page.evaluate(
        "async (item) => { const { token } = await net.key(); return net.send(item, token); }", item
    )
    assert (answer["status"], answer["stored"]) == (403, None)
    assert story.meetings() == []


def test_an_update_while_a_form_is_half_filled_keeps_the_words(anna, server, story):
    page = _write(anna)
    before = page.evaluate("caches.keys()")
    old_form = page.locator("#log-form [name=id]").input_value()
    server.update()
    page.evaluate(
        """async () => {
          const changed = new Promise((done) => {
            navigator.serviceWorker.addEventListener('controllerchange', done);
          });
          await (await navigator.serviceWorker.ready).update();
          await changed;
        }"""
    )
    anna.until("async (old) => !(await caches.keys()).some((one) => old.includes(one))", before)
    expect(comment(page)).to_have_value(SECRET)
    assert page.locator("#log-form [name=id]").input_value() == old_form
    send(page).click()  # the form of the old build
    expect(sent(page)).to_be_visible()
    [(_, [answer])] = story.meetings()
    assert story.words(answer)["comment"] == SECRET


def test_an_update_does_not_lose_what_a_reload_must_find(anna, server):
    _write(anna)
    server.update()
    anna.page.reload()
    anna.settle()
    expect(comment(anna.page)).to_have_value(SECRET)
