"""One participant from the social worker's call to the closed mentorship, on phones only.

Every step is taken on the pages by the person whose step it is; beside each, the others look and
find nothing. Only the mentors' clearance, course and profile are there beforehand.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app import clock, db
from app.domain import exit_forms
from tests.browser.log_form import RELATION, WELLBEING, score, sent
from tests.browser.log_form import send as send_button
from tests.mentors import join, ready

NAME, PIN = "Tarek", "395172"
OUTSIDERS = ("Lars", "Otto", "Anna")  # another branch's leader and mentor; a mentor of this one
DAY = clock.today()

pytestmark = pytest.mark.slow


@pytest.fixture
def people(live, phone):
    """A phone per person, opened when it is first asked for."""
    for name in ("Pia", "Rie"):
        join(live.house, live.cast, name)
    for name in ("Nora", "Mia", "Pia", "Rie"):
        ready(live.house, live.cast, name, interests="Skak", competences="Håndværk")
    phones = {}

    def of(name=None):
        if name not in phones:
            phones[name] = phone(live, name)
            phones[name].expects(403, 404)
        return phones[name]

    return of


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.tap()


def follow(page, name):
    page.get_by_role("link", name=name).first.tap()


def at(page, title):
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def nobody_else_sees_him(people, path):
    for name in OUTSIDERS:
        one = people(name)
        page = one.go(path)
        expect(page.locator("main")).not_to_contain_text(NAME)


def test_from_referral_to_closed(people, live):
    lise = people("Lise")
    referral = _referred(lise)
    nobody_else_sees_him(people, referral)
    _interviewed(lise, referral)
    _chosen_in_the_catalogue(lise, referral)
    life = _matched(people, lise)
    nobody_else_sees_him(people, life)
    _agreed(people)
    _met(people)
    _moved(people, lise, life)
    _followed_up(people, lise, life)
    closure = _proposed_and_sent_back(people, lise)
    nobody_else_sees_him(people, closure)
    _approved(people, lise)
    _said_farewell(people, lise, live)


def _referred(lise):
    page = lise.go("/leder")
    follow(page, "Henvisninger")
    follow(page, "Ny henvisning")
    page.get_by_label("Deltagerens fornavn").fill(NAME)
    page.get_by_label("Efternavn").fill("Tareksen")
    page.get_by_label("Løslades til").select_option(label="Havn Kommune")
    page.get_by_label("Er nu i").select_option(label="Øst Fængsel")
    page.get_by_label("Forventet løsladelse").fill((DAY + timedelta(days=80)).isoformat())
    page.get_by_label("Hvem henviser?").fill("Socialrådgiveren i Øst Fængsel")
    for consent in ("At Røde Kors kontakter", "At vi får besked"):
        page.get_by_role("checkbox", name=consent).check()
    press(page, "Gem henvisningen")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{NAME} Tareksen")
    page.get_by_label("I målgruppen").check()
    page.get_by_label("Socialrådgiveren ser ingen fare").check()
    press(page, "Klar til for-samtale")
    expect(page.get_by_text("Næste: for-samtale")).to_be_visible()
    return lise.path


def _lent(lise, link):
    """The phone goes to the participant: nothing else opens."""
    page = lise.page
    follow(page, link)
    page.get_by_label("Vælg en kode med seks cifre").fill(PIN)
    page.get_by_label("Skriv koden igen").fill(PIN)
    press(page, "Giv telefonen til deltageren")
    expect(page.locator("nav")).to_have_count(0)


def _given_back(lise):
    page = lise.page
    for path in ("/leder", "/mig", "/leder/mentorer"):
        lise.go(path)
        expect(page.get_by_role("heading", name="Telefonen er lånt ud")).to_be_visible()
    follow(page, "Giv telefonen tilbage")
    page.get_by_label("Koden med seks cifre").fill(PIN)
    press(page, "Åbn")
    expect(page.locator("nav")).to_have_count(1)


def _interviewed(lise, referral):
    page = lise.page
    _lent(lise, "Giv telefonen til deltageren")
    follow(page, "Begynd")
    page.get_by_label("Hvad er dit navn?").fill(NAME)
    press(page, "Gem og gå videre")
    at(page, "Hvordan du har det")
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio", name="Det meste af tiden", exact=True).check()
    press(page, "Gem og gå videre")
    page.get_by_label("Har du særlige interesser").fill("Skak og fodbold")
    for title in ("Hvorfor Primus Motor", "Dine ønsker"):
        press(page, "Gem og gå videre")
        at(page, title)
    page.get_by_role("checkbox", name="At finde bolig").check()
    for title in ("Din situation nu", "Det praktiske", "Må vi dele det?"):
        press(page, "Gem og gå videre")
        at(page, title)
    page.get_by_label("Ja, I må dele disse oplysninger").check()
    page.get_by_label("Dit navn som underskrift").fill(NAME)
    press(page, "Gem og afslut")
    expect(page.get_by_role("heading", name="Tak for dine svar")).to_be_visible()
    _given_back(lise)
    assert lise.path == referral
    page.locator("summary", has_text="Svar på startskemaet").tap()
    expect(page.get_by_text("WHO-5: 80 af 100")).to_be_visible()
    press(page, "For-samtalen er holdt")


def _chosen_in_the_catalogue(lise, referral):
    page = lise.page
    follow(page, "Find et match")
    _lent(lise, "Lad deltageren vælge i kataloget")
    for name in ("Nora", "Pia"):
        page.get_by_role("checkbox", name=name).check()
    press(page, "Vælg")
    at(page, "Tak for dine svar")
    _given_back(lise)
    expect(page.get_by_text("Deltageren har valgt Nora")).to_be_visible()
    expect(page.get_by_text("Nævner begge: skak").first).to_be_visible()
    for name in ("Nora", "Pia"):
        page.get_by_role("checkbox", name=name).check()
    press(page, "Foreslå match")
    expect(page.get_by_text("Venter på mentorerne")).to_be_visible()
    assert referral.rpartition("/")[2]


def _matched(people, lise):
    for name in ("Nora", "Pia"):
        page = people(name).go("/")
        expect(page.locator("main")).not_to_contain_text(NAME)
        follow(page, "Aktivitetslederen foreslår et match")
        page.get_by_label("Jeg besøger ikke andre indsatte").check()
        press(page, "Ja, jeg vil gerne")
        expect(page.locator("form#answer-form")).to_have_count(0)
    for name in ("Nora", "Pia"):
        expect(people(name).go("/").locator("main")).to_contain_text(NAME)
    page = lise.go("/leder?alle=1")
    follow(page, NAME)
    at(page, NAME)
    return lise.path


def _agreed(people):
    nora = people("Nora")
    page = nora.go("/")
    follow(page, "Gå aftalen igennem før det første besøg")
    follow(page, "Skriv aftalen")
    page.get_by_label("Hvad vil du gerne nå?").fill("Et sted at bo og noget at stå op til")
    for tick in ("Deltageren ved, at I ikke må", "Mentorerne står i", "I har læst", NAME, "Mig"):
        page.get_by_role("checkbox", name=tick).first.check()
    press(page, "Gem samarbejdsaftalen")
    expect(page.get_by_text("Et sted at bo")).to_be_visible()
    expect(people("Pia").go("/forloeb/aftale").get_by_text("Et sted at bo")).to_be_visible()
    expect(people("Pia").go("/forloeb/startskema").get_by_text("Skak og fodbold")).to_be_visible()


def _met(people):
    page = people("Nora").go("/moeder/ny")
    score(page, RELATION, 7).check()
    score(page, WELLBEING, 8).check()
    send_button(page).tap()
    expect(sent(page)).to_be_visible()


def _moved(people, lise, life):
    page = lise.go(life)
    follow(page, "Flyt")
    page.get_by_label("Hvilken dag?").fill((DAY + timedelta(days=20)).isoformat())
    press(page, "Flyt løsladelsen")
    expect(page.get_by_text("Det flyttede med sidst")).to_be_visible()
    for name in ("Nora", "Pia"):
        shown = people(name).go("/forloeb")
        expect(shown.get_by_text("Løsladelsen er flyttet")).to_be_visible()


def _followed_up(people, lise, life):
    page = lise.go(f"{life}/opfoelgning")
    page.get_by_role("radio", name="Et andet opfølgningsmøde").check()
    page.get_by_role("checkbox", name="Deltageren").first.check()
    page.get_by_label("Hvad virker?").fill("De onsdage på cafeen")
    press(page, "Gem notatet")
    expect(page.locator("main section, main article, main dl").first).to_contain_text("De onsdage")
    expect(people("Pia").go("/forloeb/opfoelgning").get_by_text("De onsdage")).to_be_visible()


def _proposed_and_sent_back(people, lise):
    page = people("Nora").go("/forloeb/afslutning")
    page.get_by_role("radio", name="Godt, før tid").check()
    page.get_by_role("radio", name="Vi sammen").check()
    press(page, "Foreslå afslutning")
    expect(page.get_by_text("Venter på svar")).to_be_visible()
    seen = lise.go("/leder")
    follow(seen, "Afslutning venter på dig")
    seen.locator("summary", has_text="Send tilbage").tap()
    seen.get_by_label("Hvad mangler der?").fill("Sig farvel først")
    press(seen, "Send tilbage")
    expect(seen.get_by_role("heading", name="Sendt tilbage")).to_be_visible()
    return lise.path


def _approved(people, lise):
    page = people("Pia").go("/forloeb/afslutning")
    expect(page.get_by_text("Sig farvel først")).to_be_visible()
    page.get_by_role("checkbox", name="Vi har holdt et sidste møde").check()
    press(page, "Foreslå afslutning")
    expect(page.get_by_text("Venter på svar")).to_be_visible()
    seen = lise.go("/leder")
    follow(seen, "Afslutning venter på dig")
    press(seen, "Godkend")
    expect(seen.get_by_role("heading", name="Godkendt")).to_be_visible()


def _said_farewell(people, lise, live):
    page = lise.page
    press(page, "Lav et link")
    expect(page.get_by_role("img", name="QR-kode til slutskemaet")).to_be_visible()
    address = page.locator("#address").input_value()
    his = people().go("/" + address.split("/", 3)[3])
    expect(his.locator("body")).not_to_contain_text(NAME)
    his.get_by_role("radio", name="9", exact=True).check()
    his.get_by_role("checkbox", name="At finde bolig").check()
    press(his, "Send")
    expect(his.get_by_role("heading", name="Tak for dit svar")).to_be_visible()
    people().go("/" + address.split("/", 3)[3])
    expect(his.get_by_role("radio")).to_have_count(0)  # it worked once
    page = lise.go("/leder")
    follow(page, "Tal med mentorerne om afslutningen")
    press(page, "Vi har talt sammen")
    follow(page, "Læs svarene")
    expect(page.locator("main")).to_contain_text("9")
    expect(page.locator("main")).to_contain_text("At finde bolig")
    with live.house.work(writes=False):
        [form] = db.rows(exit_forms.FORMS.select())
    assert form.way == exit_forms.LINK
