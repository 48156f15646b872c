"""The English catalogue: complete, with the same placeholders, and alone on an English page."""

import re
from datetime import timedelta
from functools import cache
from itertools import product
from uuid import uuid4

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app import clock, db
from app.config import ROOT
from app.domain import closures, intakes
from app.domain.branches import INSTITUTIONS, MUNICIPALITIES
from app.domain.guides import KINDS
from app.web.permits import CONSULTANTS, LEADERS, OPEN_TO_ALL
from tests import html, logs
from tests.conftest import token_on
from tests.leaders import step_down

FOLDER = ROOT / "translations"
KEYWORDS = dict.fromkeys(("_", "say", "mark"))
PLACEHOLDER = re.compile(r"%\(\w+\)s")
DANISH_LETTER = re.compile(r"[æøå]", re.IGNORECASE)
READ_ALOUD = ("aria-label", "alt", "title", "placeholder", "content")
NAMES = ("Øst Fængsel", "Havn Kommune", "Skov Kommune")  # of the cast; they are no sentences


@cache
def danish() -> frozenset[str]:
    """Every sentence that the code and the templates say."""
    with (FOLDER / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    return frozenset(
        found
        for folder in ("app", "templates")
        for _, _, found, *_ in extract_from_dir(ROOT / folder, methods, options, KEYWORDS)
    )


@cache
def english() -> dict[str, str]:
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {m.id: m.string for m in read_po(file) if m.id}


def named(sentence: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(sentence))


def edges(sentence: str) -> tuple[bool, bool]:
    return sentence[:1].isspace(), sentence[-1:].isspace()


def pieces(element: html.Element):
    """What a page shows or reads aloud, but for parts in a language of their own."""
    if element.attrs.get("lang") == "da":
        return
    for name, value in element.attrs.items():
        if name in READ_ALOUD or name.startswith("data-"):
            yield value
    for part in element.parts:
        if isinstance(part, str):
            yield part
        else:
            yield from pieces(part)


@cache
def left_in_danish() -> re.Pattern[str]:
    """Finds any sentence of the catalogue that ought to have been replaced."""
    sentences = (da.strip() for da, en in english().items() if da != en)
    patterns = (r"\S.*?".join(map(re.escape, PLACEHOLDER.split(da))) for da in sentences)
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def danish_on(markup: str) -> list[str]:
    found = []
    for piece in pieces(html.read(markup)):
        text = piece
        for name in NAMES:
            text = text.replace(name, "")
        if left_in_danish().search(text) or DANISH_LETTER.search(text):
            found.append(text.strip())
    return found


@pytest.fixture
def in_english(signed_in):
    """A client per member of the cast, who has chosen English under Mig."""

    def choose(name):
        client = signed_in(name)
        chosen = {"language": "en", "csrf_token": token_on(client, "/mig")}
        assert client.post("/mig/sprog", data=chosen).status_code == 303
        return client

    return choose


END = "/forloeb/afslutning"


@pytest.fixture
def told(signed_in):
    """A meeting told in full and changed, its twin, one called off, one half told, a contact."""
    anna, bo = signed_in("Anna"), signed_in("Bo")
    meeting = logs.log(
        anna,
        co_mentor="y",
        themes=["work", "everyday"],
        others=["municipality", "other"],
        companion="y",
        place="authority",
        contact_since=["sms"],
        km="12",
        comment="First",
        victory="A key",
        note="Bring the letter",
        next_date=clock.today().isoformat(),
    )
    logs.join(bo, meeting, note="Bring the other letter")
    change = html.values(html.read(anna.get(f"/moeder/{meeting}/ret").text).one(id="edit-form"))
    changed = anna.post(f"/moeder/{meeting}/ret", data=change | {"place": "home", "km": "9"})
    assert changed.status_code == 303
    twin = logs.log(bo, apart="1")
    off = logs.log(bo, apart="1", outcome="cancelled", relation="", wellbeing="")
    half = logs.log(bo, when="yesterday", co_mentor="y")
    form = html.values(html.read(anna.get("/kontakter/ny").text).one(id="contact-form"))
    contact = anna.post("/kontakter", data=form | {"kind": "sms"}).location.split("/")[2]
    return {
        "meeting_id": [meeting, twin, off, half],
        "contact_id": [contact],
        "record_id": [contact],
        "kind": KINDS,
    }


def sent(client, path, form_id, **changes):
    """Fill in a form and send it; where it leads."""
    form = html.read(client.get(path).text).one("form", id=form_id)
    answer = client.post(form.attrs["action"], data=html.values(form) | changes)
    assert answer.status_code == 303, html.read(answer.text).text
    return answer.location.split("/")[-1]


def asked(client):
    """A request for the first week that the mentor can give, with a note."""
    path, form_id = "/uger/giv", "handover-form"
    form = html.read(client.get(path).text).one(id=form_id)
    first = form.one("input", name="weeks").attrs["value"]
    return sent(client, path, form_id, weeks=first, going="All is well")


@pytest.fixture
def arranged(signed_in, told):
    """What the two arrange: weeks asked for and refused, an absence, a meeting, notes, a pause."""
    anna, bo = signed_in("Anna"), signed_in("Bo")
    refused, open_to_anna, open_to_bo = asked(anna), asked(bo), asked(anna)
    sent(bo, f"/uger/overdragelser/{refused}", "answer-form", svar="nej", words="A course")
    today = clock.today().isoformat()
    sent(bo, "/uger/fravaer", "absence-form", from_on=today, to_on=today)
    plan = sent(anna, "/aftaler/ny", "plan-form", date=today, at="16:30", who="both")
    for one in (anna, bo):
        sent(one, "/forloeb/traad", "thread-form", text="Good to hear")
    sent(anna, "/forloeb/pause", "pause-form")
    sent(bo, "/mig/stop", "wish-form", choice="change", words="Further away now")
    return told | {
        "handover_id": [refused, open_to_anna, open_to_bo],
        "plan_id": [plan],
        "notice_id": [str(uuid4())],
        "closure_id": [str(uuid4())],
        "person_id": [str(uuid4())],
        "referral_id": [str(uuid4())],
        "match_id": [str(uuid4())],
        "partner_id": [str(uuid4())],
        "section": ["about"],
        "gathering_id": [str(uuid4())],
    }


def pages(app, of_role, values):
    """The addresses of every page of a role, once with each of the values that it takes."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and of_role(rule.endpoint):
            taken = [[(name, value) for value in values[name]] for name in sorted(rule.arguments)]
            for choice in product(*taken):
                yield rule.build(dict(choice))[1]


# A calendar says only Mentor; what the scripts ask for is codes.
WITHOUT_WORDS = ("text/calendar", "text/csv", "application/json")


def danish_in(client, paths):
    """Of those pages, the ones with Danish on them, and what they say."""
    found = {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code in (204, 303) or answer.mimetype in WITHOUT_WORDS:
            continue
        assert answer.headers["Content-Language"] == "en", path
        assert "<html" not in answer.text or '<html lang="en">' in answer.text, path
        found[path] = danish_on(answer.text)
    assert found, "no page was read"
    return {path: said for path, said in found.items() if said}


def test_every_danish_sentence_has_an_english_one():
    assert sorted(danish() - {da for da, en in english().items() if en}) == []


def test_no_english_sentence_is_left_over():
    assert sorted(english().keys() - danish()) == []


def test_a_translation_has_the_placeholders_of_its_sentence():
    wrong = [da for da, en in english().items() if named(da) != named(en)]
    assert wrong == []


def test_a_translation_has_the_space_around_its_sentence():
    wrong = [da for da, en in english().items() if edges(da) != edges(en)]
    assert wrong == []


@pytest.mark.parametrize("name", ["Anna", "Bo"])
def test_a_mentor_who_chose_english_reads_no_danish(app, arranged, in_english, name):
    others = OPEN_TO_ALL | LEADERS | CONSULTANTS
    assert danish_in(in_english(name), pages(app, lambda e: e not in others, arranged)) == {}


def test_a_mentor_without_a_participant_reads_no_danish(in_english):
    paths = ["/", "/moeder/ny", "/forloeb", "/uger", "/mig"]
    assert danish_in(in_english("Nora"), paths) == {}


def gathered(lise):
    form = html.values(html.read(lise.get("/leder/moeder").text).one(id="gathering-form"))
    lise.post("/leder/moeder", data=form | {"kind": "meeting"})
    return form["id"][0]


def referred(lise):
    page = html.read(lise.get("/leder/henvisninger/ny").text)
    [town] = [o for o in page.one(id="municipality").all("option") if o.attrs["value"]]
    form = html.values(page.one(id="referral-form"))
    ahead = (clock.today() + timedelta(days=90)).isoformat()
    said = {"first_name": "T", "municipality": town.attrs["value"], "release_on": ahead}
    lise.post("/leder/henvisninger/ny", data=form | said)
    return form["id"][0]


def asked_to_erase(lise, cast):
    address = f"/leder/sletning/om/{cast.participants['Samir']}"
    form = html.values(html.read(lise.get(address).text).one(id="ask-form"))
    return lise.post(address, data=form | {"why": "wish"}).location.rpartition("/")[2]


def test_a_leader_who_chose_english_reads_no_danish(app, cast, arranged, in_english):
    sent(in_english("Bo"), END, "closure-form", ending="early", ended_by="together")
    with app.extensions["house"].work(writes=False):
        [closure] = closures.of(cast.mentorships["Samir"])
    known = {
        "mentorship_id": [cast.mentorships["Samir"]],
        "closure_id": [closure.id],
        "person_id": [cast.people["Nora"]],
        "gathering_id": [gathered(in_english("Lise"))],
        "referral_id": [referred(in_english("Lise"))],
        "match_id": [uuid4()],
        "partner_id": [uuid4()],
        "subject_id": [cast.participants["Samir"]],
        "erasure_id": [asked_to_erase(in_english("Lise"), cast)],
        "section": [section.key for section in intakes.SECTIONS],
    }
    assert danish_in(in_english("Lise"), pages(app, LEADERS.__contains__, known)) == {}


def test_a_consultant_who_chose_english_reads_no_danish(app, cast, told, in_english):
    sent(in_english("Bo"), END, "closure-form", ending="early", ended_by="together")
    with app.extensions["house"].work(writes=False):
        known = {
            "closure_id": [closure.id for closure in closures.of(cast.mentorships["Samir"])],
            "person_id": [cast.people["Nora"]],
            "branch_id": [cast.branches["Havn"]],
            "municipality_id": [db.rows(MUNICIPALITIES.select())[0].id],
            "institution_id": [db.rows(INSTITUTIONS.select())[0].id],
            "mentorship_id": [cast.mentorships["Samir"]],
            "subject_id": [cast.participants["Samir"], cast.people["Gustav"]],
        }
    known["erasure_id"] = [asked_to_erase(in_english("Lise"), cast)]
    step_down(app.extensions["house"], cast, "Lise")  # so that the end is the consultant's
    karen = in_english("Karen")
    here = f"/konsulent/forloeb/{cast.mentorships['Samir']}"
    assert danish_on(karen.get(here).text) == []
    sent(karen, here, "reason-form", reason="access")
    assert danish_in(karen, pages(app, CONSULTANTS.__contains__, known)) == {}


def test_a_refused_form_answers_in_the_language_chosen(in_english):
    anna = in_english("Anna")
    wrong = logs.filled(anna, km="many", comment="Call 20 30 40 50", relation="11", when="other")
    answer = logs.send(anna, wrong | {"date": "2999-01-01"})
    assert (answer.status_code, danish_on(answer.text)) == (422, [])


@pytest.mark.parametrize("path", ["/no-such-page", "/leder", "/moeder/no-id"])
def test_an_error_page_speaks_the_language_chosen(in_english, path):
    answer = in_english("Anna").get(path)
    assert answer.status_code in (403, 404)
    assert '<html lang="en">' in answer.text
    assert danish_on(answer.text) == []
