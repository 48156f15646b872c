"""Every page of the app in every state that it can be opened in, on one server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from app import clock, db
from app.domain import agreements, closures, code_apps, passkeys, recovery_codes
from app.domain.contacts import ATTEMPT, CALL, SMS
from app.domain.erasure import WISH
from app.domain.handovers import ACCEPTED, DECLINED
from app.domain.meetings import CANCELLED
from app.domain.pauses import ASK_AFTER
from app.domain.people import Person
from app.domain.wishes import CHANGE
from app.eraser import Eraser
from tests.browser.live import Live
from tests.browser.log_form import comment, errors, joining, send
from tests.browser.story import Story
from tests.cast import PASSWORD
from tests.leaders import lead
from tests.mentors import join, ready

LONG = "Et meget langt ord er kriminalforsorgsundervisningsafdelingslederen. " * 3


@dataclass(frozen=True)
class State:
    """A page as somebody has it before them."""

    name: str
    who: str | None
    path: str  # {words} are filled in from what happened
    then: Callable[[Page], None] | None = None  # what is done on it


def _ways_in(live: Live, name: str) -> None:
    """Somebody who has each way of signing in."""
    person = live.cast.people[name]
    with live.house.work(writes=True) as (unit, _):
        passkeys.add(person, b"its name", b"its key", 0, "iPhone Safari")
        code_apps.put(person, code_apps.new_secret(), 0)
        recovery_codes.make(person, live.house.keyring.lookup)
        unit.commit()


def _newcomer(live: Live) -> UUID:
    """A mentor who has never been in."""
    made = join(live.house, live.cast, "Sif")
    with live.house.work(writes=True) as (unit, _):
        row = db.session().get_one(Person, made)
        row.password_hash = None
        db.session().add(row)
        db.session().flush()
        unit.commit()
    return made


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
    story.remind("Anna")
    _ways_in(live, "Ida")
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
    for name in ("Pia", "Rie"):
        join(live.house, live.cast, name)
    for name in ("Nora", "Mia", "Pia", "Rie"):
        ready(live.house, live.cast, name, interests=LONG, competences="Håndværk")
    ended, exit_form = story.ended("Lise", "Nora", "Mia")
    linked, _ = story.ended("Lise", "Pia", "Rie")
    asked = story.refer("Lise", "screened", "interviewed")
    return (
        _weeks(story)
        | _pair(story)
        | _alone(story)
        | _erasing(story)
        | {
            "held": both,
            "edited": with_bo,
            "cancelled": cancelled,
            "twin": twin,
            "contact": contact,
            "shared": shared,
            "life": live.cast.mentorships["Samir"],
            "nora": live.cast.people["Nora"],
            "lise": live.cast.people["Lise"],
            "newcomer": _newcomer(live),
            **_leading(live, story),
            "ended": ended,
            "linked": linked,
            "exit": exit_form,
            "match": story.ask_to_match("Lise", asked, "Nora", "Mia"),
            "referral": story.refer("Lise"),
            "talk": story.refer("Lise", "screened"),
            "ready": story.refer("Lise", "screened", "interviewed"),
            "gathering": story.gather("Lise", today),
            "secret": story.invite("Anna"),
            "branch": live.cast.branches["Havn"],
            **story.places(),
            "yesterday": day(1).isoformat(),
        }
    )


def _leading(live: Live, story: Story) -> dict[str, object]:
    """Skov has two leaders; in Havn the only one proposed an end, so that a consultant answers."""
    for name in ("Lea", "Sanne", "Siri"):
        join(live.house, live.cast, name)
    lead(live.house, live.cast, "Lea", "Skov")
    return {
        "alone": story.propose("Lise", "Sanne", "Siri"),
        "jonas": live.cast.mentorships["Jonas"],
    }


def _weeks(story: Story) -> dict[str, object]:
    """Weeks asked for, answered, taken back, and given by the leader."""
    anna, bo = story.weeks_of("Anna"), story.weeks_of("Bo")
    note = {
        "going": LONG,
        "agreed": "Møde på torsdag",
        "watch": "Hans søvn",
        "promised": "Bo ringer",
    }
    asked = story.ask("Anna", anna[:1], going="Han har det godt")
    partly = story.ask("Anna", anna[1:3], **note)
    story.answer("Bo", partly, ACCEPTED, anna[1:2])
    accepted = story.ask("Anna", anna[3:4], **note, leader_may_read=True)
    story.answer("Bo", accepted, ACCEPTED, words=LONG)
    story.read("Bo", accepted)
    unread = story.ask("Anna", anna[4:5], **note)
    story.answer("Bo", unread, ACCEPTED)
    declined = story.ask("Anna", anna[5:6])
    story.answer("Bo", declined, DECLINED, words="Jeg skal på arbejde den uge")
    story.withdraw("Anna", story.ask("Anna", anna[6:7]))
    gone = story.ask("Anna", anna[7:8])
    swap = story.ask("Bo", bo[5:6], anna[8:9], going="Kan vi bytte?")
    led = story.hand_over("Lise", bo[7:8], "Anna", "Bo er syg. Ring til mig, hvis det driller.")
    story.be_away("Anna", anna[9].monday, anna[10].sunday)
    story.agree(
        "Anna",
        texts=dict.fromkeys(agreements.TEXTS, LONG),
        focus=tuple(agreements.FOCUS),
        ways=("call", "text"),
        present=("participant", "author", "co_mentor"),
        shares_plan="yes",
        release_meeting="held",
    )
    story.follow_up("Lise", "Samir", kept="Godt", works=LONG, next_step="Et job")
    closure = story.end("Bo", closures.INTERRUPTED, reason="no_contact")
    return {
        "closure": closure,
        "asked": asked,
        "partly": partly,
        "accepted": accepted,
        "unread": unread,
        "declined": declined,
        "gone": gone,
        "swap": swap,
        "led": led,
    }


def _pair(story: Story) -> dict[str, object]:
    """What the two plan and write, and a wish to the leader."""
    today = clock.today()
    planned = story.plan("Anna", today, "Anna", "Bo", at=time(10, 30), place="authority")
    later = story.plan("Bo", today + timedelta(days=9))
    read = story.write("Anna", LONG)
    story.tick(read, "Bo")
    story.write("Anna", "Har du nøglen?")
    story.write("Bo", LONG)
    story.contact("Anna", ATTEMPT, today - timedelta(days=1))
    story.wish("Bo", CHANGE, LONG)
    return {"planned": planned, "later": later}


def _erasing(story: Story) -> dict[str, object]:
    """One participant who is erased, one who is asked for, and one who can be."""
    gone, asked, stays = (story.participant_of(story.refer("Lise")) for _ in range(3))
    return {
        "erased": Eraser(story.house).person(gone, WISH, clock.now()),
        "erasing": story.ask_to_erase("Lise", asked),
        "erasable": stays,
    }


def _alone(story: Story) -> dict[str, object]:
    """Otto is the one who stays: a meeting without a mentor, and a pause to ask about."""
    today = clock.today()
    planned = story.plan("Ida", today + timedelta(days=5), at=time(9, 0))
    story.pause("Otto", today - ASK_AFTER)
    story.leave("Ida")
    return {"unmanned": planned}


def _words(said: dict) -> dict:
    names = ("relation", "wellbeing", "themes", "comment", "note", "victory", "leader_may_read")
    return {name: said[name] for name in names}


def opened(page: Page) -> None:
    """Everything that folds out is folded out."""
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")


def _wrong(page: Page) -> None:
    opened(page)
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
    opened(page)
    comment(page).fill("010190-1234")
    expect(page.locator("#comment-guard")).not_to_be_empty()


def _joining(page: Page) -> None:
    expect(joining(page)).to_be_visible()
    opened(page)


def _press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def _meanwhile(label: str) -> Callable[[Page], None]:
    """The same button, pressed elsewhere first: what the second one is told."""

    def press_twice(page: Page) -> None:
        other = page.context.new_page()
        other.goto(page.url)
        with other.expect_navigation():
            _press(other, label)
        other.close()
        with page.expect_navigation() as told:
            _press(page, label)
        assert told.value.status == 409

    return press_twice


def _wrong_handover(page: Page) -> None:
    page.get_by_label("Hvordan går det lige nu?").fill("x" * 1001)
    send(page).click()
    expect(errors(page)).to_be_visible()


def _wrong_answer(page: Page) -> None:
    opened(page)
    page.get_by_role("checkbox").uncheck()
    page.get_by_label("Et par ord").fill("x" * 301)
    _press(page, "Jeg tager den")
    expect(errors(page)).to_be_visible()


def _wrong_absence(page: Page) -> None:
    page.get_by_label("Første dag").fill("2001-01-01")
    send(page).click()
    expect(errors(page)).to_be_visible()


def _wrong_reminders(page: Page) -> None:
    page.get_by_label("Fra kl.").fill("")
    page.get_by_label("Første dag").fill("2026-12-24")
    _press(page, "Gem")
    expect(errors(page)).to_be_visible()


def _easy_pin(page: Page) -> None:
    page.get_by_text("Vælg en PIN", exact=True).click()
    page.get_by_label("Seks cifre").fill("111111")
    _press(page, "Gem PIN")
    expect(errors(page)).to_be_visible()


def _wrong_referral(page: Page) -> None:
    _press(page, "Gem henvisningen")
    expect(errors(page)).to_be_visible()


def _emptied(page: Page) -> None:
    page.get_by_label("Deltagerens fornavn").fill("")
    _press(page, "Gem")
    expect(errors(page)).to_be_visible()


def _half(page: Page) -> None:
    page.get_by_role("radio", name="Hele tiden").first.check()
    _press(page, "Gem og gå videre")
    expect(page.get_by_text("Svar på alle fem, eller lad dem alle stå tomme.")).to_be_visible()


def _wrong_pin(page: Page) -> None:
    _press(page, "Giv telefonen til deltageren")
    expect(errors(page)).to_be_visible()


def _wrong_match(page: Page) -> None:
    _press(page, "Foreslå match")
    expect(errors(page)).to_be_visible()


def _wrong_exit(page: Page) -> None:
    page.get_by_role("radio", name="Hele tiden").first.check()
    _press(page, "Send")
    expect(errors(page)).to_be_visible()


def _linked(page: Page) -> None:
    page.get_by_role("button", name="link").first.click()
    expect(page.get_by_role("img")).to_be_visible()


def _wrong_mentor(page: Page) -> None:
    _press(page, "Gem")
    expect(errors(page)).to_be_visible()


def _invited(page: Page) -> None:
    _press(page, "Lav et link")
    expect(page.get_by_role("heading", name="Linket er klar")).to_be_visible()


def _wrong_hand_over(page: Page) -> None:
    _press(page, "Det er udleveret")
    expect(errors(page)).to_be_visible()


def _withdrawn(page: Page) -> None:
    page.get_by_role("button", name="Har sagt ja").first.click()
    page.get_by_role("button", name="Træk tilbage").first.click()
    page.get_by_text("Alle svar").click()
    expect(page.get_by_text("Trukket tilbage:").first).to_be_visible()


def _found_lives(page: Page) -> None:
    page.get_by_label("Hvilken afdeling?").select_option(label="Havn")
    _press(page, "Find")
    expect(page.get_by_role("heading", name="Forløb", exact=True)).to_be_visible()


def _no_reason(page: Page) -> None:
    _press(page, "Åbn")
    expect(errors(page)).to_be_visible()


def _with_reason(page: Page) -> None:
    page.get_by_label("Grund").select_option(label="En klage")
    _press(page, "Åbn")
    expect(page.get_by_role("heading", name="Hvem har læst om dig")).to_be_visible()


def _no_use(page: Page) -> None:
    page.get_by_text("Hent som fil").click()
    _press(page, "Hent")
    expect(errors(page)).to_be_visible()


def _wrong_move(page: Page) -> None:
    page.get_by_label("Hvilken dag?").fill("")
    _press(page, "Flyt løsladelsen")
    expect(errors(page)).to_be_visible()


def _wrong_agreement(page: Page) -> None:
    _press(page, "Gem samarbejdsaftalen")
    expect(errors(page)).to_be_visible()


def _interrupted(page: Page) -> None:
    page.get_by_role("radio", name="Afbrudt").check()
    page.get_by_label("Hvad er den sidste dag?").fill("")
    _press(page, "Foreslå afslutning")
    expect(errors(page)).to_be_visible()


def _nothing_handed_on(page: Page) -> None:
    page.get_by_role("checkbox").uncheck()
    _press(page, "Giv ansvaret videre")
    expect(errors(page)).to_be_visible()


def _wrong_return(page: Page) -> None:
    opened(page)
    _press(page, "Send tilbage")
    expect(errors(page)).to_be_visible()


def _wrong_asking(page: Page) -> None:
    _press(page, "Bed om sletning")
    expect(errors(page)).to_be_visible()


def _wrong_notes(page: Page) -> None:
    opened(page)
    _press(page, "Gem notatet")
    expect(errors(page)).to_be_visible()


def _wrong_hours(page: Page) -> None:
    page.get_by_label("Aften").fill("22:00")
    _press(page, "Gem")
    expect(errors(page)).to_be_visible()


def _wrong_plan(page: Page) -> None:
    page.get_by_label("Dato", exact=True).fill("2001-01-01")
    _press(page, "Gem aftalen")
    expect(errors(page)).to_be_visible()


def _wrong_note(page: Page) -> None:
    page.get_by_label("Skriv til Bo").fill("x" * 1001)
    send(page).click()
    expect(errors(page)).to_be_visible()


def _wrong_wish(page: Page) -> None:
    _press(page, "Send til aktivitetslederen")
    expect(errors(page)).to_be_visible()


def _wrong_weeks(page: Page) -> None:
    _press(page, "Giv ugerne videre")
    expect(errors(page)).to_be_visible()
    opened(page)


def _wrong_departure(page: Page) -> None:
    opened(page)
    _press(page, "Luk mentorens adgang")
    expect(errors(page)).to_be_visible()


def _a_link(page: Page) -> None:
    _press(page, "Lav et link")
    expect(page.get_by_label("Kopiér det nu")).to_be_visible()


def _aborted(page: Page) -> None:
    page.locator("#no-answer").evaluate("(note) => { note.hidden = false }")


def _tick(one: Locator) -> None:
    """The tap that lifts the cover presses nothing, so there may have to be another."""
    for _ in range(3):
        one.click()
        if one.is_checked():
            return
    expect(one).to_be_checked()


def _scores_without_meeting(page: Page) -> None:
    opened(page)
    comment(page).fill("")  # what another state wrote was kept
    _tick(page.get_by_role("radiogroup", name="Relationen").get_by_role("radio").first)
    page.get_by_role("button", name="Aflyst").click()
    expect(errors(page)).to_be_visible()


def _english(page: Page) -> None:
    if page.locator("html").get_attribute("lang") != "en":
        page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def _english_today(page: Page) -> None:
    _english(page)
    page.locator(".brand").click()
    expect(page.locator(".status")).to_be_visible()


def _wrong_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("ukendt@test.invalid")
    page.get_by_label("Adgangskode").fill("forkert")
    page.get_by_role("button", name="Log ind").click()
    expect(page.locator(".error-summary")).to_be_visible()


def _half_way(page: Page) -> None:
    page.get_by_label("E-mail").fill("ida@test.invalid")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Et trin mere")


def _wrong_code(page: Page) -> None:
    _half_way(page)
    page.get_by_label("Koden fra din kode-app").fill("000")
    page.get_by_role("button", name="Log ind").click()
    expect(errors(page)).to_be_visible()


def _new_codes(page: Page) -> None:
    _press(page, "Lav ti nye nødkoder")
    expect(page.locator(".codes code")).to_have_count(10)


def _too_many(page: Page) -> None:
    for _ in range(3):
        if page.get_by_label("E-mail").count() == 0:
            break
        page.get_by_label("E-mail").fill("mange@test.invalid")
        page.get_by_label("Adgangskode").fill("forkert")
        with page.expect_navigation():
            page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_text("429")).to_be_visible()


def _ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]")


def _shell(page: Page) -> None:
    _ready(page)
    expect(page.locator("form[data-shell]")).to_be_visible()
    opened(page)


def _of_everything(page: Page) -> None:
    """One of each kind in each state, on a phone that sends nothing meanwhile."""
    _ready(page)
    page.evaluate(
        """async () => {
          const mine = await author();
          let number = 0;
          for (const state of ['waits', 'asks', 'draft', 'sent']) {
            for (const kind of ['meeting', 'contact', 'handover']) {
              number += 1;
              await outboxStore.put({
                id: `x${number}`, author: mine, kind, state, on: '2026-11-24', path: '/moeder',
                key: '1', sealed: 'x', made: Date.now() - number, tries: 1, sent: Date.now(),
                location: '/',
              });
            }
          }
          await showWaiting();
        }"""
    )
    page.get_by_role("button", name="Kassér").first.click()
    expect(page.get_by_role("button", name="Ja, kassér det").first).to_be_visible()


def _saved(page: Page) -> None:
    _ready(page)
    page.evaluate(
        """async () => {
          for (const { id } of await outboxStore.all()) await outboxStore.remove(id);
          const item = { id: 'kept', author: await author(), state: 'waits', made: Date.now() };
          await outboxStore.put(item);
          showKept(item);
          await outboxStore.remove('kept');
        }"""
    )
    expect(page.get_by_role("heading", level=1, name="Gemt på telefonen")).to_be_visible()


def _no_room(page: Page) -> None:
    _ready(page)
    page.evaluate("sayItKeepsNothing()")


FRESH = "/moeder/ny?dato={yesterday}"  # a day that nobody has logged
STATES = (
    State("sign in", None, "/log-ind"),
    State("sign in, wrong", None, "/log-ind", _wrong_password),
    State("sign in, code", None, "/log-ind", _half_way),
    State("sign in, wrong code", None, "/log-ind", _wrong_code),
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
    State("give", "Bo", "/uger/giv", opened),
    State("give, errors", "Bo", "/uger/giv", _wrong_handover),
    State("request, to answer", "Bo", "/uger/overdragelser/{partly}", opened),
    State("request, answer with errors", "Bo", "/uger/overdragelser/{asked}", _wrong_answer),
    State("request, waiting", "Anna", "/uger/overdragelser/{partly}"),
    State("request, a swap", "Anna", "/uger/overdragelser/{swap}"),
    State("request, accepted", "Anna", "/uger/overdragelser/{accepted}"),
    State("request, to read", "Bo", "/uger/overdragelser/{unread}"),
    State("request, declined", "Anna", "/uger/overdragelser/{declined}"),
    State("request, gone", "Anna", "/uger/overdragelser/{gone}", _meanwhile("Træk tilbage")),
    State("request, from the leader", "Anna", "/uger/overdragelser/{led}"),
    State("handovers", "Anna", "/uger/overdragelser"),
    State("absence", "Anna", "/uger/fravaer"),
    State("absence, errors", "Bo", "/uger/fravaer", _wrong_absence),
    State("plan, new", "Anna", "/aftaler/ny"),
    State("plan, errors", "Bo", "/aftaler/ny", _wrong_plan),
    State("plan", "Anna", "/aftaler/{planned}", opened),
    State("plan, called off meanwhile", "Anna", "/aftaler/{later}", _meanwhile("Aflys mødet")),
    State("calendar, a link", "Bo", "/mig/kalender", _a_link),
    State("thread", "Bo", "/forloeb/traad"),
    State("thread, errors", "Anna", "/forloeb/traad", _wrong_note),
    State("pause", "Anna", "/forloeb/pause"),
    State("pause, begun meanwhile", "Anna", "/forloeb/pause", _meanwhile("Sæt på pause")),
    State("agreement", "Anna", "/forloeb/aftale"),
    State("agreement, none", "Otto", "/forloeb/aftale"),
    State("agreement, new", "Otto", "/forloeb/aftale/ny"),
    State("agreement, errors", "Otto", "/forloeb/aftale/ny", _wrong_agreement),
    State("leader, referrals", "Lise", "/leder/henvisninger"),
    State("leader, referrals, none", "Lars", "/leder/henvisninger"),
    State("leader, referral, new, errors", "Lise", "/leder/henvisninger/ny", _wrong_referral),
    State("leader, referral", "Lise", "/leder/henvisninger/{referral}", opened),
    State("leader, referral, talk", "Lise", "/leder/henvisninger/{talk}"),
    State("leader, referral, ready", "Lise", "/leder/henvisninger/{ready}"),
    State("intake, begin", "Lise", "/leder/henvisninger/{talk}/skema"),
    State("intake, lines", "Lise", "/leder/henvisninger/{talk}/skema/about"),
    State("intake, WHO-5", "Lise", "/leder/henvisninger/{talk}/skema/wellbeing", _half),
    State("intake, wishes", "Lise", "/leder/henvisninger/{talk}/skema/wishes"),
    State("lend", "Lise", "/leder/laan?til=/leder/henvisninger/{talk}/skema", _wrong_pin),
    State("start form", "Anna", "/forloeb/startskema"),
    State("leader, match", "Lise", "/leder/match"),
    State("leader, match, errors", "Lise", "/leder/match/{ready}", _wrong_match),
    State("leader, empty seat", "Lise", "/leder/forloeb/{life}/ny-mentor"),
    State("catalogue", "Lise", "/leder/match/{ready}/katalog"),
    State("match, asked", "Nora", "/match/{match}"),
    State("exit form, errors", None, "/slut/{exit}", _wrong_exit),
    State("leader, end, what is next", "Lise", "/leder/afslutninger/{ended}"),
    State("leader, exit link", "Lise", "/leder/afslutninger/{linked}", _linked),
    State("leader, mentors", "Lise", "/leder/mentorer"),
    State("leader, mentor", "Lise", "/leder/mentorer/{nora}", opened),
    State("leader, mentor, new, errors", "Lise", "/leder/mentorer/ny", _wrong_mentor),
    State("leader, mentor, newcomer", "Lise", "/leder/mentorer/{newcomer}", opened),
    State("leader, mentor, put right", "Lise", "/leder/mentorer/{nora}/ret"),
    State("leader, participant, put right", "Lise", "/leder/forloeb/{life}/deltager"),
    State(
        "leader, referral, put right, errors", "Lise", "/leder/henvisninger/{talk}/ret", _emptied
    ),
    State("consultant, person, put right", "Karen", "/konsulent/personer/{nora}/ret"),
    State("my number", "Anna", "/mig/nummer"),
    State("leader, gatherings", "Lise", "/leder/moeder"),
    State("leader, gathering", "Lise", "/leder/moeder/{gathering}"),
    State("concern", "Anna", "/bekymring"),
    State("agreement broken", "Anna", "/forloeb/brudt"),
    State("fixed amount", "Anna", "/forloeb/beloeb"),
    State("leader, concerns", "Lise", "/leder/bekymringer"),
    State("leader, stand-in", "Lise", "/leder/stedfortraeder"),
    State("leader, fixed amount", "Lise", "/leder/forloeb/{life}/beloeb", opened),
    State("leader, driving", "Lise", "/leder/koersel"),
    State("consultant, concerns", "Karen", "/konsulent/bekymringer"),
    State("consultant, exit forms", "Karen", "/konsulent/slutskemaer"),
    State("leader, partners", "Lise", "/leder/partnere"),
    State("leader, partner", "Lise", "/leder/partnere/ny"),
    State("my profile", "Nora", "/mig/profil"),
    State("my requirements", "Nora", "/mig/krav"),
    State("leader, moves", "Lise", "/leder/forloeb/{life}/flytning", opened),
    State("leader, moves, errors", "Lise", "/leder/forloeb/{life}/flytning", _wrong_move),
    State("leader, responsible", "Lise", "/leder/ansvar"),
    State("leader, responsible, handed on", "Lars", "/leder/ansvar?hvad={jonas}"),
    State("leader, responsible, errors", "Lars", "/leder/ansvar", _nothing_handed_on),
    State("leader, agreement", "Lise", "/leder/forloeb/{life}/aftale"),
    State("closure", "Otto", "/forloeb/afslutning"),
    State("closure, errors", "Otto", "/forloeb/afslutning", _interrupted),
    State("closure, waiting", "Anna", "/forloeb/afslutning"),
    State("leader, proposes an end", "Lise", "/leder/forloeb/{life}/afslutning"),
    State("leader, proposes an end, empty", "Lars", "/leder/forloeb/{jonas}/afslutning"),
    State("consultant, closures", "Karen", "/konsulent/afslutninger"),
    State("consultant, closure", "Karen", "/konsulent/afslutninger/{alone}"),
    State("consultant, closure, errors", "Karen", "/konsulent/afslutninger/{alone}", _wrong_return),
    State("leader, closures", "Lise", "/leder/afslutninger"),
    State("leader, closures, none", "Lars", "/leder/afslutninger"),
    State("leader, closure", "Lise", "/leder/afslutninger/{closure}", opened),
    State("leader, closure, errors", "Lise", "/leder/afslutninger/{closure}", _wrong_return),
    State("exit form, a dead link", None, "/slut/findes-ikke"),
    State("exit form, sent", None, "/slut/tak"),
    State("follow-ups", "Anna", "/forloeb/opfoelgning"),
    State("follow-ups, none yet", "Otto", "/forloeb/opfoelgning"),
    State("leader, follow-ups", "Lise", "/leder/forloeb/{life}/opfoelgning", opened),
    State("leader, follow-ups, errors", "Lise", "/leder/forloeb/{life}/opfoelgning", _wrong_notes),
    State("stop, sent", "Bo", "/mig/stop"),
    State("mentorship", "Anna", "/forloeb", opened),
    State("me", "Anna", "/mig"),
    State("locked, by password", "Anna", "/mig?/laas-op"),
    State("locked, by passkey and password", "Ida", "/mig?/laas-op"),
    State("prove, by password", "Anna", "/mig?/bekraeft"),
    State("prove, by code", "Ida", "/mig?/bekraeft"),
    State("sign in again to lead", "Nora", "/mig?/log-ind-igen"),
    State("recovery codes", "Ida", "/mig/adgang", _new_codes),
    State("how I sign in, all of it", "Ida", "/mig/adgang"),
    State("how I sign in", "Anna", "/mig/adgang", opened),
    State("how I sign in, errors", "Anna", "/mig/adgang", _easy_pin),
    State("how I sign in, code app", "Anna", "/mig/adgang/kode-app"),
    State("how I sign in, password", "Anna", "/mig/adgang/adgangskode"),
    State("where I am signed in", "Anna", "/mig/indlogninger"),
    State("rules", "Anna", "/regler"),
    State("mentor guide", "Anna", "/regler/mentor_guide"),
    State("companion guide", "Anna", "/regler/companion_guide"),
    State("install", "Anna", "/mig/installer", opened),
    State("reminders", "Anna", "/mig/paamindelser", opened),
    State("reminders, none yet", "Ida", "/mig/paamindelser"),
    State("reminders, errors", "Bo", "/mig/paamindelser", _wrong_reminders),
    State("reminders, help", "Anna", "/mig/paamindelser/hjaelp", opened),
    State("opened by a reminder", "Anna", "/forloeb?hvorfor=goodbye"),
    State("outbox, empty", "Ida", "/udbakke"),
    State("outbox, of everything", "Anna", "/udbakke", _of_everything),
    State("saved on the phone", "Anna", "/kontakter/ny", _saved),
    State("shell, log", "Anna", "/skal/da/moede", _shell),
    State("shell, contact", "Anna", "/skal/da/kontakt", _shell),
    State("shell, give", "Anna", "/skal/da/giv", _shell),
    State("privacy", None, "/privatliv"),
    State("privacy, signed in", "Lise", "/privatliv"),
    State("hidden", "Bo", "/skal/da/ingen-forbindelse"),
    State("shell, no signal", "Anna", "/skal/da/uden-signal", _ready),
    State("shell, rules", "Anna", "/skal/da/regler", opened),
    State("shell, nobody known", None, "/skal/da/moede", _ready),
    State("no room on the phone", "Anna", FRESH, _no_room),
    State("403", "Anna", "/leder"),
    State("404", "Anna", "/findes-ikke"),
    State("500", "Anna", "/forloeb?fejl=1"),
    State("i dag, no participant", "Nora", "/"),
    State("meetings, no participant", "Nora", "/moeder"),
    State("log, no participant", "Nora", "/moeder/ny"),
    State("contact, no participant", "Nora", "/kontakter/ny"),
    State("weeks, no participant", "Nora", "/uger"),
    State("mentorship, no participant", "Nora", "/forloeb"),
    State("plan, no participant", "Nora", "/aftaler/ny"),
    State("no meetings yet", "Otto", "/moeder"),
    State("i dag, alone", "Otto", "/"),
    State("weeks, alone", "Otto", "/uger"),
    State("give, alone", "Otto", "/uger/giv"),
    State("handovers, none yet", "Otto", "/uger/overdragelser"),
    State("absence, alone", "Otto", "/uger/fravaer"),
    State("plan, nobody comes", "Otto", "/aftaler/{unmanned}"),
    State("calendar", "Otto", "/mig/kalender"),
    State("thread, alone", "Otto", "/forloeb/traad"),
    State("pause, asked", "Otto", "/forloeb/pause", opened),
    State("stop, errors", "Otto", "/mig/stop", _wrong_wish),
    State("me in english", "Bo", "/mig", _english),
    State("i dag in english", "Bo", "/mig", _english_today),
    State("leader", "Lise", "/leder"),
    State("leader, a mentorship", "Lise", "/leder/forloeb/{life}", opened),
    State("leader, weeks", "Lise", "/leder/forloeb/{life}/uger", opened),
    State("leader, weeks, errors", "Lise", "/leder/forloeb/{life}/uger", _wrong_weeks),
    State("leader, departure, errors", "Lise", "/leder/forloeb/{life}/uger", _wrong_departure),
    State("leader, a mentor missing", "Lars", "/leder"),
    State("leader, reminders", "Lise", "/mig/paamindelser"),
    State("leader, times", "Lise", "/leder/paamindelser"),
    State("leader, times, errors", "Lise", "/leder/paamindelser", _wrong_hours),
    State("leader, me", "Lise", "/mig"),
    State("consultant", "Karen", "/konsulent"),
    State("people", "Karen", "/konsulent/personer"),
    State("person", "Karen", "/konsulent/personer/{nora}", opened),
    State("person, invited", "Karen", "/konsulent/personer/{nora}", _invited),
    State("person, responsible", "Karen", "/konsulent/personer/{lise}/ansvar"),
    State("person, new, errors", "Karen", "/konsulent/personer/ny", _wrong_mentor),
    State("invitation", None, "/invitation/{secret}"),
    State("invitation, gone", None, "/invitation/gone"),
    State("erasing", "Karen", "/konsulent/sletning", opened),
    State("erasing, to confirm", "Karen", "/konsulent/sletning/{erasing}"),
    State("erasing, receipt", "Karen", "/konsulent/sletning/{erased}"),
    State("erasing, of a colleague", "Karen", "/konsulent/sletning/om/{nora}"),
    State("leader, erasing", "Lise", "/leder/sletning"),
    State("leader, erasing, ahead of time", "Lise", "/leder/sletning/om/{erasable}"),
    State("leader, erasing, errors", "Lise", "/leder/sletning/om/{erasable}", _wrong_asking),
    State("leader, erasing, asked", "Lise", "/leder/sletning/{erasing}"),
    State("import", "Karen", "/konsulent/import"),
    State("leader, who has read", "Lise", "/leder/forloeb/{life}/adgang"),
    State("leader, extract", "Lise", "/leder/forloeb/{life}/udtraek"),
    State("leader, extract, errors", "Lise", "/leder/forloeb/{life}/udtraek", _wrong_hand_over),
    State("leader, consents", "Lise", "/leder/forloeb/{life}/samtykker", _withdrawn),
    State("my data", "Anna", "/mig/data"),
    State("my acts", "Anna", "/mig/log"),
    State("who has read", "Anna", "/forloeb/adgang"),
    State("consultant, find", "Karen", "/konsulent/forloeb", _found_lives),
    State("consultant, reason, errors", "Karen", "/konsulent/forloeb/{life}", _no_reason),
    State("consultant, a mentorship", "Karen", "/konsulent/forloeb/{life}", _with_reason),
    State("access log", "Karen", "/konsulent/adgangslog", opened),
    State("access log, errors", "Karen", "/konsulent/adgangslog", _no_use),
    State("rules", "Karen", "/konsulent/regler"),
    State("laws", "Karen", "/konsulent/paragraffer"),
    State("branches", "Karen", "/konsulent/afdelinger", opened),
    State("branch", "Karen", "/konsulent/afdelinger/{branch}"),
    State("municipality", "Karen", "/konsulent/kommuner/{town}"),
    State("institutions", "Karen", "/konsulent/institutioner", opened),
    State("institution", "Karen", "/konsulent/institutioner/{prison}"),
)
