"""Giv ugen videre, on two phones: asked, answered, read, and what the slower one is told."""

import pytest
from playwright.sync_api import expect

from app.clock import Week
from app.domain.handovers import ABSENCE, ACCEPTED, DECLINED, SWAP, WITHDRAWN
from app.web.shown_handover import QUESTIONS

MOST_TAPS = 4  # from I dag to sent
TAKE, TAKE_ALL, CANNOT = "Jeg tager den", "Jeg tager dem", "Kan ikke"
WAITS, UNCOVERED = "Venter på svar", "Ikke dækket"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
NO_TOUCH = {"has_touch": False, "is_mobile": False}


@SCRIPTS
def test_a_week_is_asked_for_in_at_most_4_taps_and_taken_in_one(live, phone, story, scripts):
    anna = phone(live, "Anna", java_script_enabled=scripts)
    bo = phone(live, "Bo", java_script_enabled=scripts)
    _, week, *_ = story.weeks_of("Anna")
    page = anna.go("/")
    anna.tap(place(page, "Uger"))
    anna.tap(page.get_by_role("link", name="Giv ugen videre"))
    anna.tap(chip(page, week))
    anna.tap(button(page, "Send"))
    expect(row(page, week)).to_contain_text(WAITS)
    assert anna.taps <= MOST_TAPS
    assert fields(page) == []  # nothing is left to type on the page that one lands on
    [asked] = story.handovers()
    assert asked.has_note is False
    assert story.has("Anna", week)

    page = bo.go("/")
    bo.tap(page.get_by_role("link", name="Anna spørger, om du tager"))
    taps = bo.taps
    bo.tap(button(page, TAKE))
    assert bo.taps == taps + 1
    expect(row(page, week)).to_contain_text("Du tager den")
    assert story.has("Bo", week)
    expect(waiting(bo.go("/"))).not_to_contain_text("Anna spørger")

    page = anna.go("/uger")
    expect(row(page, week)).to_contain_text("Bo")
    expect(row(page, week)).not_to_contain_text(WAITS)


def test_until_there_is_an_answer_the_giver_has_the_week_and_both_see_it(live, phone, story):
    _, week, *_ = story.weeks_of("Anna")
    story.ask("Anna", [week])
    anna, bo = phone(live, "Anna").go("/uger"), phone(live, "Bo").go("/uger")
    for page, holder in ((anna, "Dig"), (bo, "Anna")):
        expect(row(page, week).locator("bdi")).to_have_text(holder)
        row(page, week).get_by_role("link", name=WAITS).tap()
    expect(button(anna, "Træk tilbage")).to_be_visible()
    expect(button(bo, TAKE)).to_be_visible()


@SCRIPTS
def test_a_note_stands_first_on_i_dag_until_it_is_ticked(live, phone, story, scripts):
    anna = phone(live, "Anna", java_script_enabled=scripts)
    bo = phone(live, "Bo", java_script_enabled=scripts)
    _, week, *_ = story.weeks_of("Anna")
    page = anna.go("/uger/giv")
    anna.tap(chip(page, week))
    prompt(page, "watch").fill("Han sover dårligt")
    anna.tap(button(page, "Send"))
    expect(page.get_by_text("Han sover dårligt")).to_be_visible()
    expect(page.get_by_text("Læst af")).to_have_count(0)

    page = bo.go("/")
    expect(note(page)).to_have_count(0)  # first one answers
    bo.tap(page.get_by_role("link", name="Anna spørger, om du tager"))
    expect(page.get_by_text("Han sover dårligt")).to_be_visible()
    bo.tap(button(page, TAKE))
    expect(row(page, week)).to_contain_text("Du tager den")
    page = bo.go("/")
    expect(note(page)).to_contain_text("Han sover dårligt")
    assert note(page).bounding_box()["y"] < page.locator(".status").bounding_box()["y"]
    bo.tap(button(page, "Læst"))
    expect(page.locator(".status")).to_be_visible()
    expect(note(page)).to_have_count(0)
    assert bo.path == "/"

    page = anna.go("/uger/overdragelser")
    anna.tap(page.locator(".rows .row").first)
    expect(page.get_by_text("Læst af Bo")).to_be_visible()


def test_a_swap_is_taken_whole(live, phone, story):
    _, mine, *_ = story.weeks_of("Anna")
    _, theirs, *_ = story.weeks_of("Bo")
    anna, bo = phone(live, "Anna"), phone(live, "Bo")
    page = anna.go("/uger/giv")
    anna.tap(chip(page, mine))
    anna.tap(page.locator("summary", has_text="Byt"))
    anna.tap(chip(page, theirs))
    anna.tap(button(page, "Send"))
    expect(row(page, mine)).to_contain_text(WAITS)
    expect(row(page, theirs)).to_contain_text(WAITS)
    [asked] = story.handovers()
    assert asked.row.kind == SWAP

    page = bo.go(f"/uger/overdragelser/{asked.row.id}")
    for week in (mine, theirs):
        expect(page.get_by_role("main")).to_contain_text(f"uge {week.number}")
    bo.tap(page.get_by_role("button", name="Jeg tager de"))
    expect(row(page, mine)).to_contain_text("Du tager den")
    expect(row(page, theirs)).to_contain_text("Anna tager den")
    assert story.has("Bo", mine)
    assert story.has("Anna", theirs)


def test_some_weeks_of_several_can_be_taken(live, phone, story):
    _, first, second, *_ = story.weeks_of("Anna")
    asked = story.ask("Anna", [first, second])
    bo = phone(live, "Bo")
    page = bo.go(f"/uger/overdragelser/{asked}")
    expect(button(page, TAKE_ALL)).to_be_visible()
    bo.tap(chip(page, second))  # all are ticked; this one is not taken
    bo.tap(button(page, TAKE_ALL))
    expect(page.get_by_role("main")).to_contain_text(f"Uge {first.number}: Du tager den")
    expect(chip(page, second)).to_be_checked()  # it still waits
    expect(button(page, TAKE)).to_be_visible()
    assert story.has("Bo", first)
    assert story.has("Anna", second)


@SCRIPTS
def test_a_no_comes_with_its_words(live, phone, story, scripts):
    _, week, *_ = story.weeks_of("Anna")
    asked = story.ask("Anna", [week])
    bo = phone(live, "Bo", java_script_enabled=scripts)
    page = bo.go(f"/uger/overdragelser/{asked}")
    bo.tap(page.locator("summary", has_text="Skriv et par ord med"))
    page.get_by_label("Et par ord til Anna").fill("Jeg er på arbejde den uge")
    bo.tap(button(page, CANNOT))
    expect(row(page, week)).to_contain_text("Du kan ikke")

    page = phone(live, "Anna", java_script_enabled=scripts).go(f"/uger/overdragelser/{asked}")
    expect(row(page, week)).to_contain_text("Bo kan ikke")
    expect(page.locator(".said")).to_contain_text("Jeg er på arbejde den uge")
    assert story.has("Anna", week)
    assert states(story) == [DECLINED]


def test_the_keyboard_alone_asks_and_takes(live, phone, story):
    _, week, *_ = story.weeks_of("Anna")
    page = phone(live, "Anna", **NO_TOUCH).go("/uger")
    tab_to(page, page.get_by_role("link", name="Giv ugen videre"))
    page.keyboard.press("Enter")
    tab_to(page, chip(page, week))
    page.keyboard.press("Space")
    tab_to(page, prompt(page, "agreed"))
    page.keyboard.type("Banken på torsdag")
    tab_to(page, button(page, "Send"))
    page.keyboard.press("Enter")
    expect(row(page, week)).to_contain_text(WAITS)

    page = phone(live, "Bo", **NO_TOUCH).go("/")
    tab_to(page, page.get_by_role("link", name="Anna spørger, om du tager"))
    page.keyboard.press("Enter")
    tab_to(page, button(page, TAKE))
    page.keyboard.press("Space")
    expect(row(page, week)).to_contain_text("Du tager den")
    tab_to(page, button(page, "Læst"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Læst af dig")).to_be_visible()
    assert story.has("Bo", week)


@SCRIPTS
def test_one_range_of_days_asks_for_all_its_weeks(live, phone, story, scripts):
    _, first, second, *_ = story.weeks_of("Anna")
    anna = phone(live, "Anna", java_script_enabled=scripts)
    bo = phone(live, "Bo", java_script_enabled=scripts)
    page = anna.go("/uger")
    anna.tap(page.get_by_role("link", name="Fravær"))
    page.get_by_label("Første dag").fill(first.monday.isoformat())
    page.get_by_label("Sidste dag").fill(second.sunday.isoformat())
    anna.tap(button(page, "Send"))
    expect(page.get_by_role("heading", name="Du er væk")).to_be_visible()
    [asked] = story.handovers()
    assert asked.row.kind == ABSENCE
    assert [w.monday for w in asked.weeks] == [first.monday, second.monday]
    for page in (anna.go("/uger"), bo.go("/uger")):
        for week in (first, second):
            expect(row(page, week)).to_contain_text(UNCOVERED)
    page = bo.go(f"/uger/overdragelser/{asked.row.id}")
    bo.tap(button(page, TAKE_ALL))
    expect(row(page, first)).to_contain_text("Du tager den")
    for page in (anna.go("/uger"), bo.go("/uger")):
        for week in (first, second):
            expect(row(page, week)).not_to_contain_text(UNCOVERED)
    assert story.has("Bo", first)
    assert story.has("Bo", second)


@pytest.mark.parametrize("first", ["Anna", "Bo"])
def test_who_is_second_is_told_how_it_stands(live, phone, story, first):
    """Both have the page open: one takes the week while the other withdraws it."""
    _, week, *_ = story.weeks_of("Anna")
    asked = story.ask("Anna", [week])
    phones = {name: phone(live, name) for name in ("Anna", "Bo")}
    pages = {name: one.go(f"/uger/overdragelser/{asked}") for name, one in phones.items()}
    presses = {"Anna": "Træk tilbage", "Bo": TAKE}
    second = "Bo" if first == "Anna" else "Anna"
    phones[second].expects(409)
    phones[first].tap(button(pages[first], presses[first]))
    expect(row(pages[first], week)).not_to_contain_text(WAITS)
    phones[second].tap(button(pages[second], presses[second]))
    told = pages[second].get_by_role("alert").filter(has_text="Sådan står det nu")
    expect(told).to_be_visible()
    stands = {"Anna": "Trukket tilbage", "Bo": "Bo tager den"}[first]
    expect(row(pages[second], week)).to_contain_text(stands)
    assert states(story) == [WITHDRAWN if first == "Anna" else ACCEPTED]
    assert story.has("Anna" if first == "Anna" else "Bo", week)


def test_a_second_tap_asks_once(live, phone, story):
    _, week, *_ = story.weeks_of("Anna")
    anna = phone(live, "Anna")
    page = anna.go("/uger/giv")
    anna.tap(chip(page, week))
    box = button(page, "Send").bounding_box()
    with live.line.held():
        for _ in range(3):  # a browser's own second tap would send again
            page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
            live.line.wait_for_posts(1)
    expect(row(page, week)).to_contain_text(WAITS)
    assert live.line.posts == 1
    assert len(story.handovers()) == 1


def test_bad_input_is_told_at_the_field_and_everything_is_kept(live, phone, story):
    _, week, *_ = story.weeks_of("Anna")
    anna = phone(live, "Anna", java_script_enabled=False)
    anna.expects(422)
    page = anna.go("/uger/giv")
    prompt(page, "agreed").fill("Ring til ham på 20 30 40 50")
    anna.tap(chip(page, week))
    anna.tap(button(page, "Send"))
    expect(page.locator(".error-summary")).to_contain_text("telefonnummer")
    expect(prompt(page, "agreed")).to_have_value("Ring til ham på 20 30 40 50")
    expect(chip(page, week)).to_be_checked()
    assert story.handovers() == []


def place(page, label):
    return page.get_by_role("navigation").get_by_role("link", name=label)


def button(page, label):
    return page.get_by_role("button", name=label, exact=True)


def prompt(page, name):
    """One of the four fields of the note."""
    return page.get_by_label(QUESTIONS[name])


def chip(page, week: Week):
    """The week among those one can tick; folded-out ones too."""
    return page.locator(f"input[type=checkbox][value='{week.year}-W{week.number:02}']")


def row(page, week: Week):
    """The week in a list of weeks."""
    named = page.get_by_text(f"Uge {week.number}", exact=True)
    return page.get_by_role("listitem").filter(has=named)


def note(page):
    """What stands first on I dag until it is ticked."""
    return page.locator(".note").filter(has=page.get_by_role("button", name="Læst"))


def waiting(page):
    return page.locator(".waiting")


def fields(page):
    return page.locator("textarea, input:not([type=hidden])").all()


def states(story):
    """What became of the weeks of the only request."""
    [asked] = story.handovers()
    return [week.state for week in asked.weeks]


def tab_to(page, wanted):
    """Press Tab until the focus is there."""
    expect(wanted).to_be_visible()
    wanted = wanted.element_handle()
    for _ in range(120):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach it")
