"""The samarbejdsaftale: written by the pair, read by the leader, never changed behind anybody."""

from datetime import timedelta

import pytest

from app import clock, db
from app.domain import agreements, trail
from app.domain.agreements import BEFORE_THE_FIRST_VISIT, KICK_OFF
from app.domain.mentorships import MENTORSHIPS
from tests import html, stored

HERE = "/forloeb/aftale"
NEW = f"{HERE}/ny"
SAID = {
    "version": "start",
    "goals": "Jeg vil have et job og en hverdag",
    "focus": ["work", "housing"],
    "activities": "Træne sammen",
    "ways": ["call", "text"],
    "often": "Hver onsdag",
    "cancelling": "Dagen før",
    "meeting_place": "På cafeen",
    "avoid": "Fester",
    "shares_plan": "yes",
    "release_meeting": "no",
    "ticked": [*BEFORE_THE_FIRST_VISIT],
    "present": ["participant", "author", "co_mentor"],
}
UNSIGNED = "Aftalen gælder, når deltageren og du har sagt ja til den."
UNFINISHED = "Aftalen er ikke færdig"


@pytest.fixture
def write(signed_in):
    def send(name="Anna", **changes):
        client = signed_in(name)
        form = html.values(html.read(client.get(NEW).text).one(id="agreement-form"))
        return client.post(NEW, data=form | SAID | changes)

    return send


def wordings(house, cast, participant="Samir"):
    with house.work(writes=False):
        return agreements.of(cast.mentorships[participant])


def test_the_pair_and_their_leader_read_what_was_agreed(write, signed_in, house, cast):
    assert write().status_code == 303
    for name, path in (
        ("Anna", HERE),
        ("Bo", HERE),
        ("Lise", f"/leder/forloeb/{cast.mentorships['Samir']}/aftale"),
    ):
        page = html.read(signed_in(name).get(path).text)
        for text in ("Jeg vil have et job", "Hver onsdag", "På cafeen", "Fester", "Dagen før"):
            assert text in page.text, (name, text)
        assert "Samir, Anna, Bo" in page.text
        assert "Lise er aktivitetsleder og læser" in page.text
    assert len(stored.acts(house, trail.AGREED)) == 1


def test_the_paper_names_nobody_in_full_and_no_private_number(write, anna, cast):
    """T14: what the participant gets has first names."""
    write()
    page = html.read(anna.get(HERE).text)
    assert "efternavn" not in page.text
    assert "sociale medier" not in html.read(anna.get(NEW).text).one(id="ways").text.replace(
        "Røde Kors fraråder sociale medier.", ""
    )
    assert "20 00 00 00" in page.text  # Anna's Red Cross phone


def test_what_the_mentors_talk_about_first_is_ticked_and_what_is_missing_stands_there(
    write, anna, bo, signed_in, cast
):
    questions = [*KICK_OFF.values()]
    asked = html.read(anna.get(NEW).text).one(id="talked").text
    assert all(question in asked for question in questions)
    write(talked=["skills", "time"])
    for client, path in (
        (bo, HERE),
        (signed_in("Lise"), f"/leder/forloeb/{cast.mentorships['Samir']}/aftale"),
    ):
        lines = [p.text for p in html.read(client.get(path).text).all("p")]
        missing = {q: any(q in line and "(mangler)" in line for line in lines) for q in questions}
        assert [*missing.values()] == [False, True, True, False]
    form = html.values(html.read(bo.get(NEW).text).one(id="agreement-form"))
    assert form["talked"] == ["skills", "time"]  # the next one goes on from there
    write(name="Bo", version="six_months")
    assert questions[1] not in html.read(anna.get(HERE).text).text


def test_a_new_wording_leaves_the_old_one_as_it_was(write, anna, house, cast):
    write()
    write(name="Bo", goals="Jeg vil have et hjem", version="six_months")
    newest, first = wordings(house, cast)
    with house.work(writes=False):
        assert (first.text("goals"), newest.text("goals")) == (
            SAID["goals"],
            "Jeg vil have et hjem",
        )
    assert "Jeg vil have et hjem" in anna.get(HERE).text
    assert "Jeg vil have et job" in anna.get(f"{HERE}?udgave={first.id}").text


def test_the_form_begins_with_what_was_agreed_last(write, signed_in):
    write()
    page = html.read(signed_in("Bo").get(NEW).text)
    form = html.values(page.one(id="agreement-form"))
    assert form["goals"] == [SAID["goals"]]
    assert form["focus"] == SAID["focus"]
    assert "present" not in form  # everybody says yes anew


def test_it_says_who_reads_what_in_full(write, anna):
    """product.md section 3, in the agreement's words."""
    write()
    [who] = [
        " ".join(part.text.split())
        for part in html.read(anna.get(HERE).text).all("div")
        if part.text.strip().startswith("Hvem der læser hvad")
    ]
    leader, consultant = who.split("Konsulenten kan læse")
    for read in (
        "navn og telefonnummer",
        "startskemaet",
        "notaterne fra opfølgning",
        "hvornår I har mødtes",
        "tal fra 1 til 10",
        "det, en mentor vælger at dele",
        "Mentorerne læser kun startskemaet, hvis deltageren har sagt ja",
    ):
        assert read in leader
    assert consultant.startswith(" alt, der er skrevet, men skal først sige hvorfor")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"present": []}, UNSIGNED),
        ({"present": ["author", "co_mentor", "leader"]}, UNSIGNED),
        ({"present": ["participant"]}, UNSIGNED),
        ({"ticked": ["told"]}, UNFINISHED),
        ({}, None),
        ({"ticked": [], "version": "six_months"}, None),
    ],
)
def test_it_counts_when_those_who_must_have_said_yes(write, anna, house, cast, change, sentence):
    write(**change)
    page = anna.get(HERE).text
    assert (UNSIGNED in page, UNFINISHED in page) == (sentence == UNSIGNED, sentence == UNFINISHED)
    assert wordings(house, cast)[0].ready == (sentence is None)


def test_before_the_release_i_dag_asks_for_it_until_it_is_ready(write, anna, house, cast):
    asked = "Gå aftalen igennem før det første besøg"
    assert asked not in anna.get("/").text  # released 60 days ago
    move(house, cast, clock.today() + timedelta(days=30))
    assert asked in anna.get("/").text
    write(ticked=["told"])
    assert asked in anna.get("/").text
    write()
    assert asked not in anna.get("/").text


def move(house, cast, release):
    with house.work(writes=True) as (unit, _):
        db.change(
            MENTORSHIPS.update()
            .where(MENTORSHIPS.c.id == cast.mentorships["Samir"])
            .values(release_on=release)
        )
        unit.commit()


def test_the_follow_up_is_proposed_six_months_after_the_release(write, anna, house, cast):
    write()
    move(house, cast, clock.today() - timedelta(days=190))
    form = html.values(html.read(anna.get(NEW).text).one(id="agreement-form"))
    assert form["version"] == ["six_months"]


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("goals", "", "Skriv mindst ét mål med deltagerens egne ord."),
        ("goals", "x" * 1001, "Teksten er 1 tegn for lang. Der er plads til 1000 tegn."),
        ("often", "Ring 20 30 40 50", None),
        ("version", "", "Vælg, hvilken udgave det er."),
        ("version", "noget", "Vælg en af mulighederne."),
        ("focus", ["crime"], "Vælg en af mulighederne."),
        ("ways", ["facebook"], "Vælg en af mulighederne."),
        ("present", ["mother"], "Vælg en af mulighederne."),
        ("ticked", ["all"], "Vælg en af mulighederne."),
        ("shares_plan", "maybe", "Vælg en af mulighederne."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    write, house, cast, field, given, sentence
):
    answer = write(**{field: given})
    assert answer.status_code == 422
    page = html.read(answer.text)
    if sentence:
        assert html.error_at(page, field) == sentence
    form = html.values(page.one(id="agreement-form"))
    assert form["activities"] == [SAID["activities"]]
    if field in ("goals", "often"):
        assert form[field] == [given]
    assert wordings(house, cast) == []


def test_sent_twice_it_is_one_wording(signed_in, house, cast):
    client = signed_in("Anna")
    form = html.values(html.read(client.get(NEW).text).one(id="agreement-form")) | SAID
    assert [client.post(NEW, data=form).status_code for _ in range(2)] == [303, 303]
    assert len(wordings(house, cast)) == 1
    assert client.post(NEW, data=form | {"goals": "Noget andet"}).status_code == 409
    assert len(wordings(house, cast)) == 1


def test_nobody_else_reads_it(write, signed_in, house, cast):
    write()
    [made] = wordings(house, cast)
    there = f"/leder/forloeb/{cast.mentorships['Samir']}/aftale"
    assert signed_in("Lars").get(there).status_code == 404
    assert signed_in("Anna").get(there).status_code == 403
    assert signed_in("Otto").get(f"{HERE}?udgave={made.id}").status_code == 404
    assert signed_in("Mia").get(HERE).status_code == 404  # her seat has ended


def test_the_words_go_with_the_participants_key(write, anna, house, cast):
    write()
    house.keys.erase(cast.participants["Samir"], clock.today())
    page = anna.get(HERE)
    assert page.status_code == 200
    assert "Jeg vil have et job" not in page.text
