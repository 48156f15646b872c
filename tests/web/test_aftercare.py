"""After an approved end: the participant's exit form, the debrief; follow-up notes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app import clock, db
from app.domain import closures, exit_forms, exit_links, follow_ups, mentorships, trail
from app.domain.closures import Terms
from app.domain.mentorships import FOLLOW_UP, MENTORSHIPS, months_after
from tests import html, stored
from tests.conftest import token_on

WHOLE = {f"who5_{name}": "4" for name in "abcde"}


@pytest.fixture
def ended(house, cast):
    made = uuid4()
    with house.work(writes=True) as (unit, _):
        anna, lise = cast.people["Anna"], cast.people["Lise"]
        mine = mentorships.of_mentor(anna, clock.today())
        pen = trail.Pen(house.keyring.trail, anna, None)
        terms = Terms("planned", "together", clock.today(), ("met",))
        closures.propose(made, mine, terms, pen, by=anna)
        closures.approve(closures.one(made), pen, by=lise)
        unit.commit()
    return f"/leder/afslutninger/{made}"


@pytest.fixture
def post(signed_in):
    def send(path, name="Lise", **fields):
        client = signed_in(name)
        return client.post(path, data={"csrf_token": token_on(client, "/mig")} | fields)

    return send


@pytest.fixture
def link(post, ended):
    def make():
        shown = html.read(post(f"{ended}/link").text)
        return shown.one(id="address").attrs["value"].removeprefix("http://localhost")

    return make


@pytest.fixture
def stranger(app):
    return app.test_client()


def fill(client, path, **changes):
    page = html.read(client.get(path).text)
    return html.values(page.one(id="exit-form")) | changes


def dead(answer):
    assert answer.status_code == 404
    page = html.read(answer.text)
    assert page.one("h1").text.strip() == "Linket virker ikke længere"
    return True


def forms(house):
    with house.work(writes=False):
        return db.rows(select(exit_forms.FORMS))


def test_the_link_is_shown_once_with_a_picture(post, signed_in, ended, link):
    shown = post(f"{ended}/link").text
    assert "<svg" in shown
    address = html.read(shown).one(id="address").attrs["value"]
    page = signed_in("Lise").get(ended).text
    assert address not in page
    assert "Lav et nyt link" in page


def test_a_participant_answers_without_an_account_and_the_leader_reads(
    stranger, signed_in, link, ended, house
):
    path = link()
    page = stranger.get(path)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers.getlist("Referrer-Policy") == ["strict-origin"]
    for name in ("Samir", "Anna", "Bo ", "Lise"):
        assert name not in page.text
    assert "Dine mentorer læser det ikke" in page.text
    sent = stranger.post(
        path,
        data=fill(
            stranger, path, satisfaction="0", outcomes=["work"], best="Gåturene ved åen", **WHOLE
        ),
    )
    assert (sent.status_code, sent.headers["Location"]) == (303, "/slut/tak")
    assert "Tak for dit svar" in stranger.get("/slut/tak").text
    assert "Besvaret" in signed_in("Lise").get(ended).text
    read = signed_in("Lise").get(f"{ended}/slutskema").text
    assert "Gåturene ved åen" in read
    assert "80" in read
    with house.work(writes=False):
        rows = db.rows(select(trail._ENTRIES).where(trail._ENTRIES.c.action == trail.READ))
    assert "leader_exit_forms.answers" in {row.kind for row in rows}


def test_nothing_has_to_be_answered(stranger, link, house):
    path = link()
    assert stranger.post(path, data=fill(stranger, path)).status_code == 303
    assert len(forms(house)) == 1


def test_sent_twice_is_once_and_the_used_link_is_dead(stranger, link, house):
    path = link()
    form = fill(stranger, path, satisfaction="7")
    assert [stranger.post(path, data=form).status_code for _ in range(2)] == [303, 303]
    assert len(forms(house)) == 1
    assert dead(stranger.get(path))
    assert dead(stranger.post(path, data=form | {"id": str(uuid4())}))
    assert len(forms(house)) == 1


def test_every_dead_link_is_answered_alike(stranger, post, link, ended, house):
    older, newer = link(), link()
    unknown = stranger.get("/slut/" + "x" * 43)
    assert dead(unknown)
    assert dead(stranger.get(older))
    form = fill(stranger, newer)
    assert dead(stranger.post(older, data=form))
    with house.work(writes=True) as (unit, _):
        db.change(update(exit_links.LINKS).values(expires_at=clock.now() - timedelta(seconds=1)))
        unit.commit()
    assert dead(stranger.get(newer))
    assert dead(stranger.post(newer, data=form))
    again = link()
    form = fill(stranger, again)
    assert post(f"{ended}/genaabning").status_code == 303
    assert dead(stranger.get(again))
    assert dead(stranger.post(again, data=form))
    assert post(f"{ended}/link").status_code == 409
    assert forms(house) == []


def test_T24_who_guesses_links_is_stopped_and_a_good_one_opens_all_the_same(stranger, link, app):
    path = link()
    object.__setattr__(app.extensions["house"].settings, "sign_in_attempts_per_network", "2/hour")
    for _ in range(2):
        assert dead(stranger.get("/slut/guess"))
    assert stranger.get("/slut/guess").status_code == 429
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("satisfaction", {"satisfaction": "11"}, "Vælg en af mulighederne."),
        ("satisfaction", {"satisfaction": "x"}, "Vælg en af mulighederne."),
        ("who5_e", {f"who5_{n}": "4" for n in "abcd"}, "Svar på alle fem udsagn"),
        ("who5_a", WHOLE | {"who5_a": "6"}, "Vælg en af mulighederne."),
        ("outcomes", {"outcomes": ["rich"]}, "Vælg en af mulighederne."),
        ("best", {"best": "a" * 5000}, "Teksten er 3000 tegn for lang."),
        ("comment", {"comment": "Skriv til a@b.dk"}, "e-mailadresse"),
    ],
)
def test_bad_answers_are_refused_at_the_field(stranger, link, house, field, changes, sentence):
    path = link()
    form = fill(stranger, path, **{"comment": "Det var godt"} | changes)
    before = stored.counts(house)
    sent = stranger.post(path, data=form)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert sentence in html.error_at(page, field)
    assert html.values(page.one(id="exit-form")).get("comment") == [form["comment"]]
    assert stored.counts(house) == before


def test_a_form_without_its_token_is_kept_and_refused(stranger, link, house):
    path = link()
    sent = stranger.post(path, data=fill(stranger, path, best="Turene", csrf_token="x"))
    assert sent.status_code == 400
    assert "Turene" in sent.text
    assert forms(house) == []


def test_english_is_one_tap_away(stranger, link):
    page = html.read(stranger.get(f"{link()}?sprog=en").text)
    assert page.one("html").attrs["lang"] == "en"


def test_the_debrief_is_held_once(signed_in, post, ended):
    page = html.read(signed_in("Lise").get(ended).text)
    form = html.values(page.one(id="debrief-form"))
    day = form["held_on"][0]
    ahead = (clock.today() + timedelta(days=1)).isoformat()
    for wrong in (ahead, "", "i går"):
        sent = post(f"{ended}/samtale", held_on=wrong)
        assert sent.status_code == 422
        assert html.error_at(html.read(sent.text), "held_on")
    for _ in range(2):
        assert post(f"{ended}/samtale", held_on=day).status_code == 303
    assert "I talte sammen" in signed_in("Lise").get(ended).text


@pytest.mark.parametrize(("name", "status"), [("Anna", 403), ("Lars", 404), ("Karen", 403)])
def test_others_reach_nothing_of_it(post, signed_in, link, ended, cast, name, status):
    link()
    notes = f"/leder/forloeb/{cast.mentorships['Samir']}/opfoelgning"
    assert post(f"{ended}/link", name).status_code == status
    assert post(f"{ended}/samtale", name, held_on="2026-01-01").status_code == status
    assert signed_in(name).get(f"{ended}/slutskema").status_code == status
    assert signed_in(name).get(notes).status_code == status
    assert post(notes, name).status_code == status


@pytest.fixture
def notes(signed_in, cast):
    def send(**changes):
        path = f"/leder/forloeb/{cast.mentorships['Samir']}/opfoelgning"
        lise = signed_in("Lise")
        form = html.values(html.read(lise.get(path).text).one(id="follow-up-form"))
        said = {"kind": "other", "present": ["mentors", "leader"], "works": "Tirsdagene"}
        form |= said | changes
        return lise.post(path, data=form), form

    return send


@pytest.mark.parametrize(("early", "status"), [(8, 422), (7, 303), (0, 303)])
def test_the_six_months_are_over_before_their_follow_up_is_held(
    notes, signed_in, house, cast, early, status
):
    """Held too early it would be asked for no more; the pair is told of it a week ahead."""
    path = f"/leder/forloeb/{cast.mentorships['Samir']}/opfoelgning"
    form = html.read(signed_in("Lise").get(path).text).one(id="follow-up-form")
    assert form.all("input", name="kind", value="six_months") == []  # after two months
    due = clock.today() + timedelta(days=early)
    release = next(
        day
        for day in (due - timedelta(days=n) for n in range(170, 200))
        if months_after(day, FOLLOW_UP) == due
    )
    with house.work(writes=True) as (unit, _):
        samir = MENTORSHIPS.c.id == cast.mentorships["Samir"]
        matched = release - timedelta(days=60)
        db.change(MENTORSHIPS.update().where(samir).values(release_on=release, matched_on=matched))
        unit.commit()
    sent, _ = notes(kind="six_months")
    assert sent.status_code == status
    if status == 422:
        sentence = html.error_at(html.read(sent.text), "kind")
        assert sentence == "Der er ikke gået seks måneder endnu. Vælg et andet opfølgningsmøde."
        assert html.values(html.read(sent.text).one(id="follow-up-form"))["works"] == ["Tirsdagene"]
    with house.work(writes=False):
        assert len(follow_ups.of(cast.mentorships["Samir"])) == (status == 303)


def test_the_pair_reads_the_notes_and_sees_the_day_on_the_timeline(notes, signed_in, house, cast):
    sent, form = notes()
    assert sent.status_code == 303
    lise = signed_in("Lise")
    again = form | {"csrf_token": token_on(lise, "/mig")}
    assert lise.post(sent.headers["Location"], data=again).status_code == 303
    with house.work(writes=False):
        assert len(follow_ups.of(cast.mentorships["Samir"])) == 1
    for name in ("Anna", "Bo"):
        line = html.read(signed_in(name).get("/forloeb").text)
        assert [a for a in line.all("a") if a.attrs["href"] == "/forloeb/opfoelgning"]
        assert "Tirsdagene" not in line.text
        assert "Tirsdagene" in signed_in(name).get("/forloeb/opfoelgning").text
    assert "Tirsdagene" not in signed_in("Otto").get("/forloeb/opfoelgning").text


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("held_on", {"held_on": (clock.today() + timedelta(days=1)).isoformat()}),
        ("held_on", {"held_on": "2001-01-01"}),
        ("held_on", {"held_on": ""}),
        ("kind", {"kind": ""}),
        ("kind", {"kind": "weekly"}),
        ("present", {"present": []}),
        ("kept", {"kept": "a" * 5000}),
        ("needs", {"needs": "Ring 12345678"}),
    ],
)
def test_bad_notes_are_refused_at_the_field_and_kept(notes, house, cast, field, changes):
    sent, _ = notes(**changes)
    assert sent.status_code == 422
    page = html.read(sent.text)
    assert html.error_at(page, field)
    assert html.values(page.one(id="follow-up-form"))["works"] == ["Tirsdagene"]
    with house.work(writes=False):
        assert follow_ups.of(cast.mentorships["Samir"]) == []
