"""A mentor logs a meeting on a phone, and the co-mentor sees it."""

from datetime import timedelta

from playwright.sync_api import expect

from app import clock
from app.domain import trail
from app.domain.contacts import CALL
from app.domain.meetings import CANCELLED, HELD, NO_SHOW, THEMES, codes
from tests.browser.log_form import (
    DEEP_LINK,
    RELATION,
    WELLBEING,
    comment,
    day,
    joining,
    more,
    score,
    send,
    sent,
    theme,
    visible_fields,
    warning,
)

MOST_TAPS = 8  # product.md section 4


def test_a_meeting_is_sent_in_at_most_8_taps_without_typing(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    keys = []
    page.expose_function("pressed", lambda key: keys.append(key) or len(keys))
    page.evaluate("addEventListener('keydown', (event) => pressed(event.key), true)")
    anna.tap(day(page, "I går"))
    anna.tap(page.get_by_role("checkbox", name="Bo", exact=True))
    anna.tap(theme(page, "Bolig"))
    anna.tap(theme(page, "Økonomi"))
    anna.tap(score(page, RELATION, 7))
    anna.tap(score(page, WELLBEING, 9))
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    assert anna.taps <= MOST_TAPS
    assert keys == []
    [(meeting, [answer])] = story.meetings()
    assert meeting.held_on == clock.today() - timedelta(days=1)
    assert meeting.with_mentor == live.cast.people["Bo"]
    assert (answer.relation, answer.wellbeing) == (7, 9)
    assert codes(answer.themes or 0, THEMES) == ["housing", "economy"]
    assert not any(story.words(answer).values())


def test_the_least_one_can_say_is_three_taps(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 10))
    anna.tap(score(page, WELLBEING, 1))
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    assert anna.taps == 3
    [(meeting, [answer])] = story.meetings()
    assert (meeting.held_on, answer.relation, answer.wellbeing) == (clock.today(), 10, 1)


def test_the_co_mentor_sees_it_on_i_dag(live, phone, story):
    story.log("Anna", clock.today(), relation=7, wellbeing=9, note="Husk hans brev fra banken")
    page = phone(live, "Bo").go("/")
    expect(page.get_by_text("Sidste møde")).to_be_visible()
    last = page.locator(".facts > div", has_text="Sidste møde")
    expect(last).to_contain_text("i dag")
    expect(last).to_contain_text("Anna")
    expect(page.get_by_text("Husk hans brev fra banken")).to_be_visible()


def test_joining_asks_the_co_mentor_for_two_scores_only(live, phone, story):
    made = story.log("Anna", clock.today(), together=True, relation=7, wellbeing=9, themes=2)
    bo = phone(live, "Bo")
    page = bo.go("/")
    bo.tap(page.get_by_role("link", name="Du mangler to svar om mødet"))
    expect(joining(page)).to_be_visible()
    assert visible_fields(page) == {"relation", "wellbeing"}
    bo.tap(score(page, RELATION, 6))
    bo.tap(score(page, WELLBEING, 8))
    bo.tap(send(page))
    expect(sent(page)).to_be_visible()
    [(meeting, answers)] = story.meetings()
    assert meeting.id == made
    assert [(a.relation, a.wellbeing, a.themes) for a in answers] == [(7, 9, 2), (6, 8, None)]
    page = bo.go("/")
    expect(page.get_by_text("Du mangler to svar om mødet")).to_have_count(0)


def test_a_day_that_the_co_mentor_has_logged_turns_the_form_into_joining(live, phone, story):
    on = clock.today() - timedelta(days=3)
    made = story.log("Bo", on, relation=5, wellbeing=5, themes=1)
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 4))
    anna.tap(day(page, "En anden dag"))
    page.get_by_label("Dato", exact=True).fill(on.isoformat())
    expect(joining(page)).to_be_visible()
    expect(page.locator("#voice")).to_contain_text("Bo")  # a live region: said aloud
    assert not visible_fields(page) & {"themes", "others", "co_mentor", "place", "companion"}
    expect(score(page, RELATION, 4)).to_be_checked()
    anna.tap(score(page, WELLBEING, 8))
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    [(meeting, answers)] = story.meetings()
    assert meeting.id == made
    assert [a.relation for a in answers] == [5, 4]


def test_going_back_to_another_day_asks_everything_again(live, phone, story):
    story.log("Bo", clock.today() - timedelta(days=1), relation=5, wellbeing=5)
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(theme(page, "Sundhed"))
    anna.tap(day(page, "I går"))
    expect(joining(page)).to_be_visible()
    anna.tap(day(page, "I dag"))
    expect(joining(page)).to_be_hidden()
    expect(theme(page, "Sundhed")).to_be_checked()
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    assert len(story.meetings()) == 2


def test_it_was_another_meeting_is_one_tap(live, phone, story):
    story.log("Bo", clock.today(), relation=5, wellbeing=5)
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(page.get_by_role("button", name="Det var et andet møde"))
    expect(theme(page, "Bolig")).to_be_visible()
    anna.tap(score(page, RELATION, 9))
    anna.tap(score(page, WELLBEING, 9))
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    assert sorted(len(answers) for _, answers in story.meetings()) == [1, 1]


def test_a_cancelled_meeting_is_one_tap(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(page.get_by_role("button", name="Aflyst"))
    expect(sent(page)).to_be_visible()
    assert anna.taps == 1
    [(meeting, answers)] = story.meetings()
    assert (meeting.outcome, meeting.held_on, answers) == (CANCELLED, clock.today(), [])


def test_who_cancelled_and_the_day_can_be_told_on_the_receipt(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(page.get_by_role("button", name="Deltageren kom ikke"))
    expect(sent(page)).to_be_visible()
    anna.tap(page.locator("summary", has_text="Ret eller tilføj"))
    on = clock.today() - timedelta(days=2)
    page.get_by_label("Dato").fill(on.isoformat())
    page.get_by_label("Kommentar").fill("Han var syg")
    anna.tap(page.get_by_role("button", name="Gem"))
    expect(page.get_by_text(f"den {on.day}.")).to_be_visible()
    [(meeting, [answer])] = story.meetings()
    assert (meeting.outcome, meeting.held_on) == (NO_SHOW, on)
    assert story.words(answer)["comment"] == "Han var syg"


def test_contact_is_two_taps_from_i_dag(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go("/")
    anna.tap(page.get_by_role("link", name="Kontakt"))
    anna.tap(page.get_by_role("button", name="Opkald"))
    expect(sent(page)).to_be_visible()
    assert anna.taps == 2
    assert [(c.kind, c.on) for c in story.contacts()] == [(CALL, clock.today())]


def test_bad_input_keeps_everything_and_moves_focus_to_the_errors(live, phone, story):
    anna = phone(live, "Anna")
    anna.expects(422)
    page = anna.go(DEEP_LINK)
    anna.tap(theme(page, "Bolig"))
    anna.tap(page.get_by_role("checkbox", name="Familie", exact=True))
    anna.tap(score(page, RELATION, 3))
    anna.tap(more(page))
    comment(page).fill("Første linje\nanden linje 👍")
    page.get_by_label("Besked til Bo").fill("Ring til kommunen")
    page.get_by_label("En sejr").fill("Han fik et job")
    page.get_by_label("Kørte kilometer").fill("-4")
    anna.tap(send(page))
    summary = page.get_by_role("alert").filter(has_text="Der er lidt at rette")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(comment(page)).to_have_value("Første linje\nanden linje 👍")
    expect(page.get_by_label("Besked til Bo")).to_have_value("Ring til kommunen")
    expect(page.get_by_label("En sejr")).to_have_value("Han fik et job")
    expect(page.get_by_label("Kørte kilometer")).to_have_value("-4")
    expect(theme(page, "Bolig")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Familie", exact=True)).to_be_checked()
    expect(score(page, RELATION, 3)).to_be_checked()
    assert story.meetings() == []
    anna.tap(summary.get_by_role("link"))
    kilometres = page.get_by_label("Kørte kilometer")
    expect(kilometres).to_be_in_viewport()
    expect(kilometres).to_have_attribute("aria-invalid", "true")
    kilometres.fill("40")
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    [(meeting, [answer])] = story.meetings()
    assert (meeting.km, answer.relation) == (40, 3)
    assert story.words(answer)["note"] == "Ring til kommunen"


def test_a_number_of_a_person_is_stopped_before_it_leaves_the_phone(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(more(page))
    comment(page).fill("Han sagde 010190-1234 til mig")
    expect(warning(page)).to_contain_text("CPR-nummer")
    anna.tap(send(page))
    expect(comment(page)).to_be_focused()
    expect(comment(page)).to_have_value("Han sagde 010190-1234 til mig")
    comment(page).fill("Han sagde det til mig")
    expect(warning(page)).to_be_hidden()
    assert live.line.posts == 0
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    assert live.line.posts == 1


def test_a_second_tap_on_send_sends_nothing(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 5))
    with live.line.held():
        anna.tap(send(page))
        live.line.wait_for_posts(1)
        expect(page.locator("#log-form")).to_have_attribute("aria-busy", "true")
        anna.tap(send(page))
        anna.tap(send(page))
        expect(score(page, RELATION, 5)).to_be_checked()
        assert story.meetings() == []
    expect(sent(page)).to_be_visible()
    assert live.line.posts == 1
    assert len(story.meetings()) == 1


def test_a_lost_answer_never_says_sendt_and_is_sent_again_by_itself(live, phone, story):
    anna = phone(live, "Anna")
    anna.expects_a_lost_answer()
    page = anna.go(DEEP_LINK)
    anna.tap(score(page, RELATION, 5))
    anna.tap(more(page))
    comment(page).fill("Vi talte om hans søn")
    with live.line.losing_answers():
        anna.tap(send(page))
        expect(page.get_by_role("heading", level=1, name="Gemt på telefonen")).to_be_visible()
        expect(sent(page)).to_have_count(0)
    expect(sent(page)).to_be_visible()
    [(_, [answer])] = story.meetings()
    assert answer.relation == 5
    assert story.acts(trail.LOGGED) == 1


def test_a_phone_that_keeps_nothing_says_so_and_posts_directly(live, phone, story):
    """A private window: the store refuses. A lost answer is told, and all stays in the form."""
    anna = phone(live, "Anna")
    anna.expects_a_lost_answer()
    anna.context.add_init_script("indexedDB.open = () => { throw new DOMException('no'); }")
    page = anna.go(DEEP_LINK)
    expect(page.get_by_text("Telefonen kan ikke gemme lige nu")).to_be_visible()
    anna.tap(score(page, RELATION, 5))
    anna.tap(more(page))
    comment(page).fill("Vi talte om hans søn")
    with live.line.losing_answers():
        anna.tap(send(page))
        expect(page.locator("#no-answer[role=alert]")).to_be_visible()
    expect(comment(page)).to_have_value("Vi talte om hans søn")
    expect(sent(page)).to_have_count(0)
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    [(_, [answer])] = story.meetings()
    assert answer.relation == 5
    assert story.acts(trail.LOGGED) == 1


def test_back_after_sending_shows_a_fresh_form_and_stores_nothing(live, phone, story):
    anna = phone(live, "Anna")
    page = anna.go(DEEP_LINK)
    first = page.locator("#log-form [name=id]").input_value()
    anna.tap(score(page, RELATION, 5))
    anna.tap(send(page))
    expect(sent(page)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Log møde")).to_be_visible()
    expect(page.locator("#log-form [name=relation]:checked")).to_have_count(0)
    assert page.locator("#log-form [name=id]").input_value() != first
    assert page.locator("#log-form").get_attribute("aria-busy") is None
    assert len(story.meetings()) == 1
    page.go_forward()
    expect(sent(page)).to_be_visible()
    assert len(story.meetings()) == 1


def test_the_keyboard_alone_logs_a_meeting(live, phone, story):
    page = phone(live, "Anna", has_touch=False, is_mobile=False).go(DEEP_LINK)
    press = page.keyboard.press
    _tab_to(page, day(page, "I dag"))
    with page.expect_response("**/moeder/ny/dato?*"):
        press("ArrowRight")
    expect(day(page, "I går")).to_be_focused()
    _tab_to(page, theme(page, "Bolig"))
    press("Space")
    _tab_to(page, score(page, RELATION, 1))
    for _ in range(3):
        press("ArrowRight")
    _tab_to(page, score(page, WELLBEING, 1))
    press("ArrowLeft")
    _tab_to(page, more(page))
    press("Enter")
    _tab_to(page, comment(page))
    page.keyboard.type("Skrevet uden mus")
    _tab_to(page, send(page))
    press("Enter")
    expect(sent(page)).to_be_visible()
    [(meeting, [answer])] = story.meetings()
    assert meeting.held_on == clock.today() - timedelta(days=1)
    assert (answer.relation, answer.wellbeing) == (4, 10)
    assert codes(answer.themes or 0, THEMES) == ["housing"]
    assert story.words(answer)["comment"] == "Skrevet uden mus"


def test_enter_in_a_field_is_send_and_never_cancelled(live, phone, story):
    page = phone(live, "Anna", has_touch=False, is_mobile=False).go(DEEP_LINK)
    more(page).click()
    page.get_by_label("Kørte kilometer").fill("12")
    page.keyboard.press("Enter")
    expect(sent(page)).to_be_visible()
    [(meeting, _)] = story.meetings()
    assert (meeting.outcome, meeting.km) == (HELD, 12)


def _tab_to(page, wanted):
    """Press Tab until the focus is there; on the way it must always be seen."""
    wanted = wanted.element_handle()
    for _ in range(80):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach it")
