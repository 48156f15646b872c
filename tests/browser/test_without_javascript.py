"""JavaScript off: everything still works as plain pages and forms."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app import clock
from app.domain.contacts import SMS
from tests.browser.log_form import (
    DEEP_LINK,
    RELATION,
    WELLBEING,
    comment,
    joining,
    more,
    score,
    send,
    sent,
    theme,
    visible_fields,
)


@pytest.fixture
def plain(live, phone):
    """A phone whose browser runs no script."""
    return lambda name: phone(live, name, java_script_enabled=False)


def test_a_meeting_is_logged(plain, story):
    anna = plain("Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(theme(page, "Bolig"))
    anna.tap(score(page, RELATION, 7))
    anna.tap(score(page, WELLBEING, 9))
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    [(_, [answer])] = story.meetings()
    assert (answer.relation, answer.wellbeing) == (7, 9)


def test_the_co_mentor_joins(plain, story):
    story.log("Anna", clock.today() - timedelta(days=1), together=True, relation=7, wellbeing=9)
    bo = plain("Bo")
    page = bo.go("/")
    bo.tap(page.get_by_role("link", name="Du mangler to svar om mødet"))
    bo.tap(score(page, RELATION, 6))
    bo.tap(score(page, WELLBEING, 8))
    bo.tap(send(page))
    expect(sent(page)).to_be_visible()
    [(_, answers)] = story.meetings()
    assert [a.relation for a in answers] == [7, 6]


def test_a_day_that_is_logged_already_joins_or_asks_when_sent(plain, story):
    story.log("Bo", clock.today() - timedelta(days=3), relation=5, wellbeing=5)
    anna = plain("Anna")
    page = anna.go(f"{DEEP_LINK}?dato={clock.today() - timedelta(days=3)}")
    expect(joining(page)).to_be_visible()
    assert not visible_fields(page) & {"themes", "others", "place"}


def test_bad_input_keeps_everything(plain, story, live):
    anna = plain("Anna")
    anna.expects(422)
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 3))
    anna.tap(more(page))
    comment(page).fill("Ring til mig på 20 30 40 50")
    anna.tap(send(page))
    summary = page.get_by_role("alert").filter(has_text="Der er lidt at rette")
    expect(summary).to_contain_text("telefonnummer")
    expect(comment(page)).to_have_value("Ring til mig på 20 30 40 50")
    expect(score(page, RELATION, 3)).to_be_checked()
    assert story.meetings() == []


def test_a_double_tap_stores_once(plain, story, live):
    anna = plain("Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 3))
    send(page).scroll_into_view_if_needed()
    with live.line.held():
        box = send(page).bounding_box()
        for tap in (1, 2):
            page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
            live.line.wait_for_posts(tap)
    expect(sent(page)).to_be_visible()
    assert len(story.meetings()) == 1


def test_a_meeting_is_edited_with_history(plain, story):
    made = story.log("Anna", clock.today(), relation=4, wellbeing=9, comment="Første tanke")
    anna = plain("Anna")
    page = anna.go(f"/moeder/{made}")
    anna.tap(page.get_by_role("link", name="Ret mødet"))
    anna.tap(score(page, RELATION, 8))
    comment(page).fill("Anden tanke")
    anna.tap(page.get_by_role("button", name="Gem", exact=True))
    expect(page.get_by_text("Anden tanke").first).to_be_visible()
    anna.tap(page.locator("summary", has_text="Det er rettet"))
    expect(page.locator("del", has_text="Første tanke")).to_be_visible()
    [(_, [answer])] = story.meetings()
    assert answer.relation == 8


def test_a_meeting_is_taken_back(plain, story):
    made = story.log("Anna", clock.today(), relation=4, wellbeing=9)
    anna = plain("Anna")
    page = anna.go(f"/moeder/{made}")
    anna.tap(page.locator("summary", has_text="Tag mødet tilbage"))
    anna.tap(page.get_by_role("button", name="Ja, tag det tilbage"))
    expect(page.get_by_text("Ingen møder endnu")).to_be_visible()
    assert story.meetings() == []


def test_a_contact_is_logged_and_taken_back(plain, story):
    anna = plain("Anna")
    page = anna.go("/kontakter/ny")
    anna.tap(page.get_by_role("button", name="Sms"))
    expect(sent(page)).to_be_visible()
    assert [c.kind for c in story.contacts()] == [SMS]
    anna.tap(page.locator("summary", has_text="Tag kontakten tilbage"))
    anna.tap(page.get_by_role("button", name="Ja, tag den tilbage"))
    expect(page.get_by_role("heading", level=1, name="Forløb")).to_be_visible()
    assert story.contacts() == []
