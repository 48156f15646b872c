"""Every page of the app in every state that it can be opened in, on one server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page, expect

from app import clock
from app.domain.contacts import CALL, SMS
from app.domain.meetings import CANCELLED
from tests.browser.live import Live
from tests.browser.log_form import comment, errors, joining, more, send
from tests.browser.story import Story

LONG = "Et meget langt ord er kriminalforsorgsundervisningsafdelingslederen. " * 3


@dataclass(frozen=True)
class State:
    """A page as somebody has it before them."""

    name: str
    who: str | None
    path: str  # {words} are filled in from what happened
    then: Callable[[Page], None] | None = None  # what is done on it


def tell(live: Live) -> dict[str, object]:
    """A life with something of everything in it; the ids by name."""
    story, today = Story(live.house, live.cast), clock.today()
    day = lambda n: today - timedelta(days=n)  # noqa: E731 - a word of its own would be longer
    said = {
        "relation": 7,
        "wellbeing": 8,
        "themes": 255,
        "others": 127,
        "companion": True,
        "place": "authority",
        "since_last": 3,
        "km": 120,
        "comment": LONG,
        "note": "Husk brevet",
        "victory": "Han fik et job",
        "leader_may_read": True,
    }
    both = story.log("Anna", day(20), **said)
    with_bo = story.log("Anna", day(8), together=True, **said)
    story.join("Bo", with_bo, relation=5, wellbeing=6, comment="Enig")
    story.edit("Anna", with_bo, **{**_words(said), "relation": 4, "comment": "Rettet"})
    cancelled = story.log("Anna", day(6), outcome=CANCELLED, cancelled_by="prison")
    twin = story.log("Anna", day(4), relation=6, wellbeing=6)
    story.log("Bo", day(4), relation=7, wellbeing=7)
    contact = story.contact("Anna", CALL, day(3))
    story.contact("Bo", SMS, day(2))
    shared = story.log("Bo", day(2), together=True, relation=8, wellbeing=9, note="Ring til banken")
    story.log("Bo", today, relation=8, wellbeing=9, note="Han vil gerne tale om boligen")
    return {
        "held": both,
        "edited": with_bo,
        "cancelled": cancelled,
        "twin": twin,
        "contact": contact,
        "shared": shared,
        "life": live.cast.mentorships["Samir"],
        "yesterday": day(1).isoformat(),
    }


def _words(said: dict) -> dict:
    names = ("relation", "wellbeing", "themes", "comment", "note", "victory", "leader_may_read")
    return {name: said[name] for name in names}


def opened(page: Page) -> None:
    """Everything that folds out is folded out."""
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")


def _wrong(page: Page) -> None:
    more(page).click()
    comment(page).fill("x" * 4001)
    page.get_by_label("Kørte kilometer").fill("-1")
    send(page).click()
    expect(errors(page)).to_be_focused()


def _wrong_edit(page: Page) -> None:
    opened(page)
    page.get_by_label("En sejr").evaluate("(field) => { field.value = 'x'.repeat(201) }")
    page.get_by_label("Dato", exact=True).fill("2001-01-01")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(errors(page)).to_be_visible()


def _wrong_change(page: Page) -> None:
    opened(page)
    page.get_by_label("Dato", exact=True).fill("2001-01-01")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(errors(page)).to_be_visible()


def _wrong_contact(page: Page) -> None:
    opened(page)
    page.get_by_label("Dato", exact=True).fill("2001-01-01")
    page.get_by_role("button", name="Opkald").click()
    expect(errors(page)).to_be_visible()


def _another_day(page: Page) -> None:
    page.get_by_role("radio", name="En anden dag").check()
    expect(page.get_by_label("Dato", exact=True)).to_be_visible()


def _a_number_in_the_text(page: Page) -> None:
    more(page).click()
    comment(page).fill("010190-1234")
    expect(page.locator("#comment-guard")).not_to_be_empty()


def _joining(page: Page) -> None:
    expect(joining(page)).to_be_visible()
    opened(page)


def _aborted(page: Page) -> None:
    page.locator("#no-answer").evaluate("(note) => { note.hidden = false }")


def _scores_without_meeting(page: Page) -> None:
    page.get_by_role("radiogroup", name="Relationen").get_by_role("radio").first.check()
    page.get_by_role("button", name="Aflyst").click()
    expect(errors(page)).to_be_visible()


def _english(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def _wrong_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("ukendt@test.invalid")
    page.get_by_label("Adgangskode").fill("forkert")
    page.get_by_role("button", name="Log ind").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _too_many(page: Page) -> None:
    for _ in range(3):
        if page.get_by_label("E-mail").count() == 0:
            break
        page.get_by_label("E-mail").fill("mange@test.invalid")
        page.get_by_label("Adgangskode").fill("forkert")
        with page.expect_navigation():
            page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_text("429")).to_be_visible()


FRESH = "/moeder/ny?dato={yesterday}"  # a day that nobody has logged
STATES = (
    State("sign in", None, "/log-ind"),
    State("sign in, wrong", None, "/log-ind", _wrong_password),
    State("429", None, "/log-ind", _too_many),
    State("404 signed out", None, "/log-ind/findes-ikke"),
    State("i dag", "Anna", "/"),
    State("i dag, the other", "Bo", "/"),
    State("meetings", "Anna", "/moeder"),
    State("a meeting", "Anna", "/moeder/{held}", opened),
    State("a meeting of two, edited", "Anna", "/moeder/{edited}", opened),
    State("the other's meeting", "Bo", "/moeder/{held}", opened),
    State("a meeting to join", "Anna", "/moeder/{shared}", opened),
    State("a cancelled meeting", "Anna", "/moeder/{cancelled}", opened),
    State("log", "Anna", FRESH),
    State("log, folded out", "Anna", FRESH, opened),
    State("log, another day", "Anna", FRESH, _another_day),
    State("log, errors", "Anna", FRESH, _wrong),
    State("log, a number in the text", "Anna", FRESH, _a_number_in_the_text),
    State("log, scores without a meeting", "Anna", FRESH, _scores_without_meeting),
    State("log, not sent", "Anna", FRESH, _aborted),
    State("log, joining", "Anna", "/moeder/ny", _joining),
    State("my answers", "Anna", "/moeder/{shared}/mine-svar", _joining),
    State("edit", "Anna", "/moeder/{edited}/ret", opened),
    State("edit, errors", "Anna", "/moeder/{held}/ret", _wrong_edit),
    State("edit own answers only", "Bo", "/moeder/{edited}/ret", opened),
    State("receipt", "Anna", "/moeder/{held}/kvittering"),
    State("receipt, cancelled", "Anna", "/moeder/{cancelled}/kvittering", opened),
    State("receipt, cancelled, errors", "Anna", "/moeder/{cancelled}/kvittering", _wrong_change),
    State("receipt, two logs", "Anna", "/moeder/{twin}/kvittering"),
    State("take back", "Anna", "/moeder/{held}/tilbagetagning"),
    State("contact", "Anna", "/kontakter/ny", opened),
    State("contact, errors", "Anna", "/kontakter/ny", _wrong_contact),
    State("contact, sent", "Anna", "/kontakter/{contact}", opened),
    State("weeks", "Anna", "/uger", opened),
    State("mentorship", "Anna", "/forloeb", opened),
    State("me", "Anna", "/mig"),
    State("rules", "Anna", "/regler"),
    State("mentor guide", "Anna", "/regler/mentor_guide"),
    State("companion guide", "Anna", "/regler/companion_guide"),
    State("403", "Anna", "/leder"),
    State("404", "Anna", "/findes-ikke"),
    State("500", "Anna", "/forloeb?fejl=1"),
    State("i dag, no participant", "Nora", "/"),
    State("meetings, no participant", "Nora", "/moeder"),
    State("log, no participant", "Nora", "/moeder/ny"),
    State("contact, no participant", "Nora", "/kontakter/ny"),
    State("weeks, no participant", "Nora", "/uger"),
    State("mentorship, no participant", "Nora", "/forloeb"),
    State("no meetings yet", "Otto", "/moeder"),
    State("me in english", "Ida", "/mig", _english),
    State("i dag in english", "Ida", "/", None),
    State("leader", "Lise", "/leder"),
    State("leader, a mentorship", "Lise", "/leder/forloeb/{life}", opened),
    State("leader, nothing yet", "Lars", "/leder"),
    State("leader, me", "Lise", "/mig"),
    State("consultant", "Karen", "/konsulent"),
)
