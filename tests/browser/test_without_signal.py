"""Without signal: the form opens, what is written waits, and arrives once."""

import pytest
from playwright.sync_api import expect

from app import clock
from app.domain.contacts import SMS
from tests.browser.log_form import (
    DEEP_LINK,
    RELATION,
    WELLBEING,
    comment,
    more,
    score,
    send,
    sent,
    theme,
)

ALL_SENT = """async () => {
  while ((await outboxStore.all()).some(({ state }) => state !== 'sent')) {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
SAVED = "Gemt på telefonen"


@pytest.fixture
def anna(live, phone):
    """A phone that has been online once, signed in as Anna."""
    made = phone(live, "Anna")
    made.expects_no_signal()
    made.go("/")
    ready(made.page)
    made.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    made.until("keptFacts")
    return made


def ready(page):
    page.wait_for_selector("html[data-ready]")


def heading(page, name):
    return page.get_by_role("heading", level=1, name=name)


def waits(page):
    return page.locator(".counter")


def cut(anna, cut_off=True):
    anna.context.set_offline(cut_off)
    anna.page.wait_for_function("(off) => navigator.onLine !== off", arg=cut_off)


def kept(page):
    """All that has been typed, not only what was kept before it."""
    note = page.locator(".saved[aria-busy=false]")
    expect(note).to_contain_text(SAVED)


def write(anna, words):
    page = anna.go(DEEP_LINK)
    ready(page)
    anna.tap(score(page, RELATION, 7))
    anna.tap(score(page, WELLBEING, 8))
    anna.tap(theme(page, "Bolig"))
    anna.tap(more(page))
    comment(page).fill(words)
    return page


def test_a_meeting_is_logged_without_signal_and_sent_when_there_is(live, anna, story):
    cut(anna)
    page = write(anna, "Skrevet i kælderen")
    expect(page.get_by_text("Uden signal. Det, du sender, venter")).to_be_visible()
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    expect(waits(page)).to_have_text("1 venter")
    assert story.meetings() == []
    cut(anna, False)
    expect(heading(page, "Sendt")).to_be_visible()
    [(meeting, [answer])] = story.meetings()
    assert (meeting.held_on, answer.relation, answer.wellbeing) == (clock.today(), 7, 8)
    assert story.words(answer)["comment"] == "Skrevet i kælderen"
    expect(waits(page)).to_be_hidden()


def test_the_form_without_signal_names_the_co_mentor_and_not_the_participant(anna):
    """T9: offline the participant has no name."""
    cut(anna)
    page = anna.go(DEEP_LINK)
    expect(page.get_by_role("checkbox", name="Bo", exact=True)).to_be_visible()
    expect(page.get_by_text("Med din deltager")).to_be_visible()
    assert "Samir" not in page.content()


def test_a_contact_is_two_taps_without_signal(anna, story):
    cut(anna)
    page = anna.go("/kontakter/ny")
    ready(page)
    anna.tap(page.get_by_role("button", name="Sms"))
    expect(heading(page, SAVED)).to_be_visible()
    cut(anna, False)
    expect(heading(page, "Sendt")).to_be_visible()
    assert [contact.kind for contact in story.contacts()] == [SMS]


def test_a_week_is_given_without_signal(anna, story):
    cut(anna)
    page = anna.go("/uger/giv")
    ready(page)
    anna.tap(page.locator("[data-weeks] .chip").nth(1))
    page.get_by_role("textbox").first.fill("Han glæder sig til prøven")
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    cut(anna, False)
    expect(heading(page, "Sendt")).to_be_visible()
    [asked] = story.handovers()
    assert asked.has_note
    assert len(asked.weeks) == 1


def test_what_is_written_survives_a_reload_and_a_dead_tab(anna):
    cut(anna)
    page = write(anna, "Ikke sendt endnu")
    kept(page)
    page.reload()
    ready(page)
    expect(comment(page)).to_have_value("Ikke sendt endnu")
    expect(score(page, RELATION, 7)).to_be_checked()
    expect(theme(page, "Bolig")).to_be_checked()
    page.close()
    anna.page = anna.context.new_page()
    page = anna.go(DEEP_LINK)
    ready(page)
    expect(comment(page)).to_have_value("Ikke sendt endnu")


def test_what_waits_is_seen_on_every_page_and_discarded_only_when_asked_twice(anna, story):
    cut(anna)
    page = write(anna, "Det her skal væk")
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    page = anna.go("/forloeb")
    expect(heading(page, "Her er ikke signal")).to_be_visible()
    anna.tap(waits(page))
    row = page.locator(".outbox-row")
    expect(row).to_contain_text("Venter siden kl.")
    anna.tap(row.get_by_role("button", name="Kassér"))
    anna.tap(row.get_by_role("button", name="Behold det"))
    expect(row).to_have_count(1)
    anna.tap(row.get_by_role("button", name="Kassér"))
    anna.tap(row.get_by_role("button", name="Ja, kassér det"))
    expect(row).to_have_count(0)
    cut(anna, False)
    expect(heading(anna.go("/"), "Samir")).to_be_visible()
    assert story.meetings() == []


def test_reading_without_signal_is_the_rules_and_the_leaders_phone(anna):
    cut(anna)
    page = anna.go("/mig")
    expect(heading(page, "Her er ikke signal")).to_be_visible()
    call = page.get_by_role("link", name="Ring til Lise")
    expect(call).to_have_attribute("href", "tel:20000006")
    anna.tap(page.get_by_role("link", name="Regler og guider"))
    expect(heading(page, "Regler og guider")).to_be_visible()


def test_another_user_neither_sees_nor_sends_it_and_its_author_does(live, anna, story):
    cut(anna)
    page = write(anna, "Kun Annas")
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    anna.forget_session()
    anna.sign_in("Bo")
    cut(anna, False)
    page = anna.go("/udbakke")
    ready(page)
    expect(page.get_by_text("Intet venter")).to_be_visible()
    expect(waits(page)).to_be_hidden()
    assert story.meetings() == []
    anna.forget_session()
    anna.sign_in("Anna")
    page = anna.go("/udbakke")
    expect(page.locator(".outbox-row")).to_contain_text("Sendt kl.")
    [(meeting, _)] = story.meetings()
    assert meeting.logged_by == live.cast.people["Anna"]


def test_a_session_that_has_ended_keeps_it_and_asks_for_sign_in(live, anna, story):
    page = write(anna, "Logget ud imens")
    anna.forget_session()
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    expect(page.get_by_text("Log ind, så bliver det sendt.")).to_be_visible()
    anna.sign_in("Anna")
    ready(anna.go("/"))
    page = anna.go("/udbakke")
    expect(page.locator(".outbox-row")).to_contain_text("Sendt kl.")
    assert len(story.meetings()) == 1


def test_what_the_server_cannot_take_opens_as_it_holds_it(anna, story):
    anna.expects(422)
    cut(anna)
    page = write(anna, "Første gang")
    page.get_by_label("Kørte kilometer").fill("-4")
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    cut(anna, False)
    page = anna.go("/udbakke")
    row = page.locator(".outbox-row")
    expect(row).to_contain_text("Noget skal rettes")
    anna.tap(row.get_by_role("button", name="Se og ret"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(comment(page)).to_have_value("Første gang")
    page.get_by_label("Kørte kilometer").fill("4")
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    expect(waits(page)).to_be_hidden()
    [(meeting, _)] = story.meetings()
    assert meeting.km == 4


def test_log_out_with_something_waiting_says_so_and_keeps_it(live, anna, story):
    anna.expects(503)
    anna.expects_the_phone_to_be_cleared()
    page = write(anna, "Bliver på telefonen")
    with live.line.refusing():
        anna.tap(send(page))
        expect(heading(page, SAVED)).to_be_visible()
        page = anna.go("/mig")
        ready(page)
        expect(page.get_by_text("1 ting er ikke sendt endnu")).to_be_visible()
    with live.line.refusing("/moeder"):
        anna.tap(page.get_by_role("button", name="Log ud"))
        expect(page.get_by_role("button", name="Log ind")).to_be_visible()
    anna.sign_in("Anna")
    ready(anna.go("/"))
    page = anna.go("/udbakke")
    expect(page.locator(".outbox-row")).to_contain_text("Sendt kl.")
    assert len(story.meetings()) == 1


def test_a_draft_is_sealed_when_its_author_signs_out_and_opens_to_nobody_else(live, anna, story):
    anna.expects_the_phone_to_be_cleared()
    page = write(anna, "Kun halvt skrevet")
    kept(page)
    page = anna.go("/mig")
    ready(page)
    anna.tap(page.get_by_role("button", name="Log ud"))
    expect(page.get_by_role("button", name="Log ind")).to_be_visible()
    ready(page)
    assert page.evaluate("inStore((store) => store.count('drafts'))") == 0
    anna.sign_in("Bo")
    page = anna.go(DEEP_LINK)
    ready(page)
    expect(comment(page)).to_have_value("")
    anna.forget_session()
    anna.sign_in("Anna")
    page = anna.go("/udbakke")
    anna.tap(page.get_by_role("button", name="Se og ret"))
    expect(comment(page)).to_have_value("Kun halvt skrevet")
    assert story.meetings() == []


def test_two_tabs_and_a_second_tap_send_once(anna, story):
    cut(anna)
    page = write(anna, "Trykket to gange")
    other = anna.context.new_page()
    other.goto(f"{anna.live.url}{DEEP_LINK}")
    ready(other)
    expect(comment(other)).to_have_value("Trykket to gange")
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    send(other).tap()
    expect(heading(other, SAVED)).to_be_visible()
    cut(anna, False)
    expect(heading(page, "Sendt")).to_be_visible()
    expect(heading(other, "Sendt")).to_be_visible()
    assert len(story.meetings()) == 1


def test_background_sync_sends_when_no_page_is_open(live, anna, story):
    cut(anna)
    page = write(anna, "Lukket i lommen")
    anna.tap(send(page))
    expect(heading(page, SAVED)).to_be_visible()
    worker = anna.context.service_workers[0]
    page.close()
    anna.context.set_offline(False)
    worker.evaluate(ALL_SENT)  # the browser itself tells the worker that there is signal
    assert len(story.meetings()) == 1
    anna.page = anna.context.new_page()
    page = anna.go("/udbakke")
    expect(page.locator(".outbox-row")).to_contain_text("Sendt kl.")
