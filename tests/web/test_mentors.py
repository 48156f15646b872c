"""Mentorer: on their way in, what they have met, who is called, and who leaves at once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import (
    feeds,
    guides,
    matches,
    mentors,
    news,
    notices,
    profiles,
    requirements,
    trail,
)
from app.domain import roles as giving
from app.domain.mentors import ACTIVE, COURSE
from app.domain.people import HELD, PEOPLE, Person
from app.domain.requirements import BASIC, CLEARANCE
from tests import html, letters, stored
from tests.conftest import client_of, token_on
from tests.mentors import join, ready

HERE = "/leder/mentorer"
NEW = {"first_name": "Pia", "surname": "Pedersen", "email": "pia@test.invalid", "phone": ""}
DAY = clock.today()


@pytest.fixture
def lise(signed_in):
    return signed_in("Lise")


@pytest.fixture
def send(lise):
    """A form of the leader's, with its token."""

    def post(path, client=None, **values):
        client = client or lise
        return client.post(path, data={"csrf_token": token_on(client, "/mig")} | values)

    return post


@pytest.fixture
def enquire(lise):
    def post(**changes):
        form = html.values(html.read(lise.get(f"{HERE}/ny").text).one(id="mentor-form"))
        answer = lise.post(f"{HERE}/ny", data=form | NEW | changes)
        return answer, form["id"][0]

    return post


def standing(house, person):
    with house.work(writes=False):
        return mentors.standing([person], clock.today()).get(person)


def met(send, person, kind, days=1, **more):
    day = (DAY - timedelta(days=days)).isoformat()
    return send(f"{HERE}/{person}/krav", kind=kind, met_on=day, **more)


def born(send, person, years):
    day = DAY.replace(year=DAY.year - years, day=min(DAY.day, 28))
    return send(f"{HERE}/{person}/foedselsdag", birth_date=day.isoformat())


def test_from_an_enquiry_to_an_active_mentor(enquire, send, lise, house, app):
    answer, made = enquire()
    assert answer.status_code == 303
    assert "Henvendelse" in lise.get(f"{HERE}/{made}").text
    for stage in ("conversation", "clearing", COURSE):
        assert send(f"{HERE}/{made}/trin", stage=stage).status_code == 303
    for missing, then in (
        ("Sikkerhedsgodkendelse mangler", lambda: met(send, made, CLEARANCE)),
        ("For ung", lambda: born(send, made, 30)),
        ("Grundkursus mangler", lambda: met(send, made, BASIC)),
    ):
        answer = send(f"{HERE}/{made}/trin", stage=ACTIVE)
        assert answer.status_code == 422
        assert missing in html.read(answer.text).text
        assert not roles(house, _id(house))
        then()
    assert send(f"{HERE}/{made}/trin", stage=ACTIVE).status_code == 303
    assert roles(house, _id(house)) == ["mentor"]
    assert [r.object_id for r in stored.acts(house, trail.JOINED)] == [_id(house)]
    steps = [row.stage for row in stored.rows(house, "mentor_stage")]
    assert steps == ["enquiry", "conversation", "clearing", "course", "active"]
    page = html.read(lise.get(f"{HERE}/{made}").text)
    assert "Ikke inviteret endnu" in page.text
    form = page.one(id="invite-form")
    assert lise.post(form.attrs["action"], data=html.values(form)).status_code == 303
    assert "Invitation sendt" in lise.get(f"{HERE}/{made}").text
    [letter] = letters.to(house, "pia@test.invalid")
    [path] = re.findall(r"/invitation/[\w-]+", letter.get_content())
    assert app.test_client().get(path).status_code == 200


def test_a_birthday_is_written_and_never_shown(send, lise, house, cast):
    nora = cast.people["Nora"]
    assert of_age(lise, nora) == "Fyldt 25 årMangler"
    assert born(send, nora, 24).status_code == 303
    assert of_age(lise, nora) == "Fyldt 25 årNej"
    assert born(send, nora, 25).status_code == 303
    assert of_age(lise, nora) == "Fyldt 25 årJa"
    assert str(DAY.year - 25) not in lise.get(f"{HERE}/{nora}").text
    for day in ("", "2999-01-01", "1900-01-01", "i går"):
        answer = send(f"{HERE}/{nora}/foedselsdag", birth_date=day)
        assert answer.status_code == 422
        assert html.error_at(html.read(answer.text), "birth_date")
    assert standing(house, nora).of_age(DAY)


def of_age(client, person):
    """The line of the requirements."""
    page = html.read(client.get(f"{HERE}/{person}").text)
    [line] = [li.text for li in page.all("li") if li.text.startswith("Fyldt")]
    return "".join(line.split("\n"))


def test_a_birthday_leaves_the_rest_of_the_profile_alone(send, house, cast):
    nora = ready(house, cast, "Nora", interests="Skak")
    born(send, nora, 40)
    assert standing(house, nora).profile.texts["interests"] == "Skak"
    assert standing(house, nora).profile.shown


def test_T13_a_leader_invites_only_a_mentor_who_has_never_been_in(send, lise, house, cast):
    """A link for somebody with a way in, or with more than a mentor's pages, is a consultant's."""
    pia = join(house, cast, "Pia")
    assert send(f"{HERE}/{pia}/invitation").status_code == 422  # she has a password
    forget_the_password(house, pia)
    assert send(f"{HERE}/{pia}/invitation").status_code == 303
    assert len(stored.rows(house, "invitation")) == 1
    leads(house, cast, "Pia")
    page = html.read(lise.get(f"{HERE}/{pia}").text)
    assert page.all(id="invite-form") == []
    assert "Bed en konsulent om at invitere." in page.text
    assert send(f"{HERE}/{pia}/invitation").status_code == 422
    assert len(stored.rows(house, "invitation")) == 1


def forget_the_password(house, person):
    with house.work(writes=True) as (unit, _):
        row = db.session().get_one(Person, person)
        row.password_hash = None
        db.session().add(row)
        unit.commit()


def _id(house):
    with house.work(writes=False):
        found = db.rows(db.columns(mentors.Stage).select())
        return found[0].person_id


def roles(house, person):
    with house.work(writes=False):
        return [row.role for row in db.rows(HELD.select().where(HELD.c.person_id == person))]


@pytest.mark.parametrize(("years", "active"), [(24, False), (25, True)])
def test_nobody_under_25_becomes_active(enquire, send, house, years, active):
    _, made = enquire()
    person = _id(house)
    for stage in ("conversation", "clearing", COURSE):
        send(f"{HERE}/{made}/trin", stage=stage)
    met(send, made, CLEARANCE)
    met(send, made, BASIC)
    born(send, made, years)
    send(f"{HERE}/{made}/trin", stage=ACTIVE)
    assert (standing(house, person).stage == ACTIVE) == active


def test_a_stage_cannot_be_skipped(enquire, send, house):
    _, made = enquire()
    answer = send(f"{HERE}/{made}/trin", stage=ACTIVE)
    assert answer.status_code == 409
    assert standing(house, _id(house)).stage == "enquiry"


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("first_name", " ", "Skriv fornavnet."),
        ("surname", "", "Skriv efternavnet."),
        ("email", "pia", "Skriv personens e-mailadresse, for eksempel navn@eksempel.dk."),
        ("email", "anna@test.invalid", "Den e-mailadresse er allerede i brug. Skriv en anden."),
        ("phone", "123", "Skriv Røde Kors-telefonens otte cifre, eller lad feltet stå tomt."),
    ],
)
def test_a_wrong_enquiry_is_mended_and_nothing_is_lost(enquire, house, field, given, sentence):
    before = stored.counts(house)
    answer, _ = enquire(**{field: given})
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, field) == sentence
    kept = html.values(page.one(id="mentor-form"))
    assert kept["surname"] == [NEW["surname"] if field != "surname" else given]
    assert stored.counts(house) == before


def test_an_enquiry_sent_twice_is_one(lise, house):
    form = html.values(html.read(lise.get(f"{HERE}/ny").text).one(id="mentor-form")) | NEW
    assert [lise.post(f"{HERE}/ny", data=form).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "mentor_stage")) == 1


@pytest.mark.parametrize(
    ("kind", "met_on", "until_on", "sentence"),
    [
        (CLEARANCE, (DAY + timedelta(days=1)).isoformat(), "", "Datoen ligger i fremtiden"),
        (CLEARANCE, "1970-01-01", "", "Vælg den dag, det skete."),
        (CLEARANCE, "", "", "Vælg den dag, det skete."),
        (
            CLEARANCE,
            DAY.isoformat(),
            "2020-01-01",
            "Det kan ikke udløbe, før det begynder. Vælg en senere dag.",
        ),
        (CLEARANCE, DAY.isoformat(), "2100-01-01", "Vælg den sidste dag, det gælder."),
    ],
)
def test_days_that_cannot_be(send, house, cast, kind, met_on, until_on, sentence):
    path = f"{HERE}/{cast.people['Nora']}/krav"
    answer = send(path, kind=kind, met_on=met_on, until_on=until_on)
    assert answer.status_code == 422
    assert sentence in html.read(answer.text).text
    assert stored.rows(house, "requirement") == []


def test_what_is_said_last_counts_and_all_of_it_is_kept(send, house, cast):
    nora = cast.people["Nora"]
    met(send, nora, CLEARANCE, days=400, until_on=(DAY - timedelta(days=1)).isoformat())
    assert not standing(house, nora).has(CLEARANCE, DAY)  # it has run out
    met(send, nora, CLEARANCE, until_on=DAY.isoformat())
    assert standing(house, nora).has(CLEARANCE, DAY)  # its last day counts
    assert len(stored.rows(house, "requirement")) == 2


def test_a_clearance_that_is_withdrawn_is_met_no_longer(send, lise, house, cast):
    nora = ready(house, cast, "Nora")
    page = html.read(lise.get(f"{HERE}/{nora}").text)
    form = page.one(id="gone-form")
    assert {b.attrs["value"] for b in form.all("button")} == {CLEARANCE, BASIC}
    answer = send(form.attrs["action"], gone=CLEARANCE)
    assert answer.status_code == 303
    assert not standing(house, nora).has(CLEARANCE, DAY)
    assert standing(house, nora).has(BASIC, DAY)
    assert "Sikkerhedsgodkendelse mangler" in lise.get(f"{HERE}/{nora}").text
    with house.work(writes=False):
        assert matches.candidates([cast.branches["Havn"]], DAY, cast.people["Lars"]) == []
    assert send(form.attrs["action"], gone="humour").status_code == 404


def test_nobody_records_what_they_have_met_themselves(house, cast, app):
    leads(house, cast, "Nora")
    nora = client_of(app, cast, "Nora")
    path = f"{HERE}/{cast.people['Nora']}"
    token = {"csrf_token": token_on(nora, "/mig")}
    said = token | {"kind": BASIC, "met_on": DAY.isoformat()}
    assert nora.post(f"{path}/krav", data=said).status_code == 422
    assert nora.post(f"{path}/stop", data=token | {"sure": "y"}).status_code == 422
    birthday = token | {"birth_date": "1980-02-29"}
    assert nora.post(f"{path}/foedselsdag", data=birthday).status_code == 422
    assert stored.rows(house, "profile") == []
    assert stored.rows(house, "requirement") == []
    with house.work(writes=True), pytest.raises(PermissionError):
        requirements.record(cast.people["Nora"], BASIC, DAY, None, None, by=cast.people["Nora"])


def leads(house, cast, name):
    with house.work(writes=True) as (unit, _):
        role = {"person_id": cast.people[name], "role": "leader", "from_on": cast.seated}
        db.connection().execute(
            HELD.insert(), role | {"id": uuid4(), "branch_id": cast.branches["Havn"]}
        )
        unit.commit()


def test_the_leader_sees_who_has_accepted_the_newest_rules(lise, house, cast):
    """An older version is not enough: who has accepted that one is asked again."""
    nora, kinds = cast.people["Nora"], len(guides.KINDS)
    page = f"{HERE}/{nora}"
    assert lise.get(page).text.count("Ikke godkendt endnu") == kinds
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, nora, None)
        guides.accept(guides.standing(nora)["rules"], pen, by=nora)
        unit.commit()
    text = lise.get(page).text
    assert text.count("Ikke godkendt endnu") == kinds - 1
    assert re.search(rf"Godkendt [^<]+ {DAY.year}", text)
    with house.work(writes=True) as (unit, _):
        for key, language in guides.all_wordings():
            guides.reword(key, language, "andre ord")
        assert "rules" in guides.publish()
        unit.commit()
    assert lise.get(page).text.count("Ikke godkendt endnu") == kinds


def test_who_needs_a_call_stands_first(send, lise, house, cast):
    for name in ("Anna", "Bo"):
        met(send, cast.people[name], CLEARANCE)
    met(send, cast.people["Bo"], CLEARANCE, until_on=(DAY + timedelta(days=30)).isoformat())
    page = html.read(lise.get(HERE).text)
    rows = [a.text for a in page.all("a") if a.attrs.get("class") == "row"]
    assert "Sikkerhedsgodkendelse mangler" in rows[0]  # Mia, Nora
    assert any("Bo" in row and "Godkendelsen udløber. Dage tilbage: 30" in row for row in rows)
    assert [row for row in rows if "Otto" in row] == []  # of another branch


def test_a_call_is_written_down_once_a_day(send, house, cast):
    path = f"{HERE}/{cast.people['Anna']}/opkald"
    assert [send(path).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "call")) == 1
    assert standing(house, cast.people["Anna"]).called_on == DAY


def test_who_has_waited_sixty_days_is_seen(house, cast):
    """Mia's seat ended ten days ago."""
    mia = standing(house, cast.people["Mia"])
    assert "waiting" not in dict(mia.reasons(DAY))
    later = DAY + timedelta(days=51)
    with house.work(writes=False):
        mia = mentors.standing([cast.people["Mia"]], later)[cast.people["Mia"]]
    assert ("waiting", 60) in mia.reasons(later)  # the last day in the pair is not one of them


def test_who_never_sat_in_a_pair_has_waited_since_becoming_a_mentor(lise, house, cast):
    """120 days: longest of all, and asked after like everybody else."""
    nora, mia = (ready(house, cast, name) for name in ("Nora", "Mia"))
    found = standing(house, nora)
    assert found.free_since == cast.seated
    assert {"waiting", "unmet"} <= set(dict(found.reasons(DAY)))
    with house.work(writes=False):
        order = [
            one.id for one in matches.candidates([cast.branches["Havn"]], DAY, cast.people["Lars"])
        ]
    assert order == [nora, mia]
    [row] = [a.text for a in html.read(lise.get(HERE).text).all("a") if "Nora" in a.text]
    assert "Uden deltager i 120 dage" in row


def test_a_loan_does_not_begin_the_waiting_anew(send, house, cast):
    nora = ready(house, cast, "Nora")
    until = (DAY + timedelta(days=30)).isoformat()
    send(f"{HERE}/{nora}/udlaan", branch=str(cast.branches["Skov"]), to_on=until)
    assert standing(house, nora).free_since == cast.seated
    with house.work(writes=False):
        [wait] = [one for one in mentors.waiting(DAY) if one.id == nora]
    assert wait.on == cast.seated + timedelta(days=60)


def test_free_mentors_stand_with_who_has_waited_longest_first(lise, house, cast):
    """Of those who call for nobody: here both are newly back from a pause."""
    pia, rie = (join(house, cast, name) for name in ("Pia", "Rie"))
    for name in ("Pia", "Rie"):
        ready(house, cast, name)
    now = clock.now()
    with house.work(writes=True) as (unit, _):
        for person, days in ((pia, 3), (rie, 9)):
            at = now - timedelta(days=days)
            db.session().add(
                mentors.Stage(
                    id=uuid4(), person_id=person, stage=ACTIVE, at=at, by=cast.people["Lise"]
                )
            )
            db.session().flush()
        unit.commit()
    rows = [
        a.text for a in html.read(lise.get(HERE).text).all("a") if "row" in a.attrs.get("class", "")
    ]
    assert [name for row in rows for name in ("Pia", "Rie") if name in row] == ["Rie", "Pia"]


def test_who_leaves_is_out_at_once(send, signed_in, house, cast):
    """T2: sign-ins, devices, roles and seats end in one transaction."""
    bo = signed_in("Bo")
    assert bo.get("/").status_code == 200
    answer = send(f"{HERE}/{cast.people['Bo']}/stop", sure="y")
    assert answer.status_code == 200
    assert "tavshedspligten fortsætter" in answer.text
    assert f"/leder/forloeb/{cast.mentorships['Samir']}/uger" in answer.text
    assert bo.get("/").status_code == 303  # to the sign-in
    [left] = [r for r in stored.rows(house, "person") if r.id == cast.people["Bo"]]
    assert left.left_at
    assert standing(house, cast.people["Bo"]) is None
    assert "Bo er ikke længere mentor her" in signed_in("Anna").get("/").text
    assert send(f"{HERE}/{cast.people['Bo']}/stop", sure="y").status_code == 404


def test_who_leaves_gets_a_last_letter_that_opens_without_a_way_in(send, house, cast, app):
    bo = cast.people["Bo"]
    assert send(f"{HERE}/{bo}/stop", sure="y").status_code == 200
    for _ in range(2):
        [last] = letters.to(house, cast.email("Bo"))  # once
    assert last["Subject"] == "Tak for din tid. Din tavshedspligt gælder stadig."
    link = last.get_content().split()[-1]
    assert link.startswith(house.settings.origin)
    page = app.test_client().get(link.removeprefix(house.settings.origin))
    assert page.status_code == 200
    assert "Fortæl ikke videre, hvem du har mødt" in page.text


def test_leaving_asks_for_the_talk_first(send, house, cast):
    answer = send(f"{HERE}/{cast.people['Bo']}/stop")
    assert answer.status_code == 422
    assert "Sæt kryds, når I har talt sammen." in answer.text
    with house.work(writes=False):
        [bo] = db.rows(PEOPLE.select().where(PEOPLE.c.id == cast.people["Bo"]))
    assert bo.left_at is None


def test_another_branch_does_not_exist(lise, send, cast):
    for path in ("", "/trin", "/krav", "/opkald", "/stop"):
        there = f"{HERE}/{cast.people['Otto']}{path}"
        said = {"stage": "pause", "kind": BASIC, "met_on": DAY.isoformat(), "sure": "y"}
        answer = send(there, **said) if path else lise.get(there)
        assert answer.status_code == 404
    other = {"branch": str(cast.branches["Skov"]), "id": str(uuid4())}
    assert send(f"{HERE}/ny", **NEW, **other).status_code == 404


def test_who_came_is_ticked_at_once_for_all(lise, send, house, cast):
    form = html.values(html.read(lise.get("/leder/moeder").text).one(id="gathering-form"))
    for _ in range(2):
        lise.post("/leder/moeder", data=form | {"kind": "meeting"})
    assert len(stored.rows(house, "gathering")) == 1
    here = f"/leder/moeder/{form['id'][0]}"
    assert "Nora" in lise.get(here).text  # invited, though she has no participant
    some = [str(cast.people[name]) for name in ("Anna", "Nora", "Otto")]
    send(here, came=some)
    assert standing(house, cast.people["Anna"]).met_on == DAY
    assert standing(house, cast.people["Otto"]).met_on is None  # of another branch
    send(here, came=some[1:])
    assert standing(house, cast.people["Anna"]).met_on is None


@pytest.fixture
def gather(lise):
    """A meeting of mentors to come, or a series of them."""

    def post(**said):
        form = html.values(html.read(lise.get("/leder/moeder").text).one(id="gathering-form"))
        return lise.post("/leder/moeder", data=form | {"kind": "meeting"} | said)

    return post


def days_of(house):
    return sorted(row.on for row in stored.rows(house, "gathering"))


def test_a_series_comes_as_often_as_the_rules_say(lise, gather, house):
    first = DAY + timedelta(days=10)
    form = html.values(html.read(lise.get("/leder/moeder").text).one(id="gathering-form"))
    sent = form | {"kind": "meeting", "on": first.isoformat(), "at": "19:00"}
    sent |= {"place": "Huset i Nørregade", "times": "3"}
    for _ in range(2):  # a second tap
        assert lise.post("/leder/moeder", data=sent).status_code == 303
    assert days_of(house) == [first + timedelta(weeks=6 * number) for number in range(3)]
    shown = html.read(lise.get("/leder/moeder").text).one("main").text
    assert shown.count("Huset i Nørregade") == 3
    assert "De næste" in shown
    gather(kind="supervision", on=first.isoformat(), times="2")
    assert days_of(house)[-1] == first + timedelta(weeks=26)


def test_the_next_meeting_is_told_stands_on_mig_and_is_in_the_calendar(
    gather, signed_in, house, cast
):
    """Also for who has no participant; and for nobody of another branch."""
    first = DAY + timedelta(days=10)
    gather(on=(first + timedelta(days=5)).isoformat(), place="Et andet sted")
    gather(on=first.isoformat(), at="19:00", place="Huset i Nørregade")
    for name, called in (("Anna", True), ("Nora", True), ("Otto", False), ("Lise", False)):
        mig = signed_in(name).get("/mig").text
        assert ("Huset i Nørregade" in mig, "kl. 19.00" in mig) == (called, called), name
        assert "Et andet sted" not in mig
        with house.work(writes=False):
            told = notices.lately(cast.people[name], clock.now() - timedelta(days=1), 60)
            feed = feeds.year(cast.people[name], DAY).decode()
        assert ([t.reminder for t in told].count(news.GATHERING) == 2) == called, name
        if name != "Lise":  # who is no mentor has no feed
            assert (f"{first:%Y%m%d}T190000" in feed) == called, name
        assert "Huset" not in feed


def test_a_meeting_that_was_held_calls_nobody(gather, signed_in, house, cast):
    assert gather(on=(DAY - timedelta(days=1)).isoformat(), place="Huset").status_code == 303
    assert "Huset" not in signed_in("Anna").get("/mig").text
    with house.work(writes=False):
        assert notices.lately(cast.people["Anna"], clock.now() - timedelta(days=1), 60) == []


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("at", "25:00", "Vælg et klokkeslæt."),
        ("times", "0", "Skriv et tal fra 1 til 12."),
        ("times", "13", "Skriv et tal fra 1 til 12."),
        ("times", "mange", "Skriv et tal fra 1 til 12."),
        ("place", "x" * 101, "Teksten er 1 tegn for lang. Der er plads til 100 tegn."),
    ],
)
def test_a_wrong_meeting_is_mended(gather, house, field, given, sentence):
    answer = gather(**{"place": "Huset", "times": "2"} | {field: given})
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, field) == sentence
    kept = html.values(page.one(id="gathering-form"))
    assert kept[field] == [given]
    assert days_of(house) == []


def test_the_profile_says_an_age_band_and_never_a_birthday(signed_in, lise, cast):
    nora = signed_in("Nora")
    form = html.values(html.read(nora.get("/mig/profil").text).one(id="profile-form"))
    said = form | {"gender": "woman", "birth_date": "1980-02-29", "interests": "Skak og haver"}
    assert nora.post("/mig/profil", data=said | {"shown": "y"}).status_code == 303
    page = lise.get(f"{HERE}/{cast.people['Nora']}").text
    assert "Skak og haver" in page
    assert "45-54" in page
    assert "1980" not in page
    assert nora.post("/mig/profil", data=said | {"birth_date": "2999-01-01"}).status_code == 422
    assert "Mangler" in nora.get("/mig/krav").text


@pytest.mark.parametrize(
    ("born", "day", "age", "band"),
    [
        ((2001, 11, 26), (2026, 11, 25), 24, None),
        ((2001, 11, 25), (2026, 11, 25), 25, "25-34"),
        ((1991, 11, 25), (2026, 11, 25), 35, "35-44"),
        ((2000, 2, 29), (2025, 2, 28), 24, None),
    ],
)
def test_ages_and_bands(born, day, age, band):
    written = profiles.Written(None, False, clock.date(*born), {})
    assert (written.age(clock.date(*day)), written.band(clock.date(*day))) == (age, band)


@pytest.mark.parametrize(
    ("role", "first"), [("leader", DAY), ("consultant", DAY), ("leader", DAY + timedelta(days=9))]
)
def test_T15_a_leader_ends_no_colleague_s_role_by_letting_a_mentor_go(
    send, house, cast, role, first
):
    nora = cast.people["Nora"]
    with house.work(writes=True) as (unit, _):
        branch = cast.branches["Skov"] if role == "leader" else None
        pen = trail.Pen(house.keyring.trail, cast.people["Karen"], None)
        giving.give(nora, role, branch, (first, None), pen)
        unit.commit()
    before = stored.counts(house)
    answer = send(f"{HERE}/{nora}/stop", sure="y")
    assert answer.status_code == 422
    assert "Den rolle skal slutte først" in answer.text
    assert set(roles(house, nora)) == {"mentor", role}
    assert stored.counts(house) == before


def test_a_mentor_is_lent_to_another_branch_for_a_while(send, signed_in, house, cast):
    nora = ready(house, cast, "Nora")
    skov = str(cast.branches["Skov"])
    until = (DAY + timedelta(days=30)).isoformat()
    path = f"{HERE}/{nora}/udlaan"
    with house.work(writes=False):
        assert nora not in {
            c.id for c in matches.candidates([cast.branches["Skov"]], DAY, cast.people["Lars"])
        }
    for _ in range(2):
        assert send(path, branch=skov, to_on=until).status_code == 303
    for day, there in ((DAY, True), (DAY + timedelta(days=30), True), (DAY + timedelta(31), False)):
        with house.work(writes=False):
            found = {
                c.id for c in matches.candidates([cast.branches["Skov"]], day, cast.people["Lars"])
            }
        assert (nora in found) == there
    assert "Udlånt til Skov" in signed_in("Lise").get(f"{HERE}/{nora}").text
    assert signed_in("Lars").get(f"{HERE}/{nora}").status_code == 404  # still Lise's mentor


@pytest.mark.parametrize(
    ("branch", "days"), [("", 30), ("Havn", 30), ("Skov", -1), ("Skov", 185), ("nowhere", 3)]
)
def test_lent_to_another_branch_and_not_for_ever(send, house, cast, branch, days):
    nora = ready(house, cast, "Nora")
    said = {
        "branch": str(cast.branches.get(branch, branch)),
        "to_on": (DAY + timedelta(days=days)).isoformat(),
    }
    assert send(f"{HERE}/{nora}/udlaan", **said).status_code == 422
    assert len(roles(house, nora)) == 1


def test_who_has_a_mentorship_is_not_lent(send, cast, house):
    said = {"branch": str(cast.branches["Skov"]), "to_on": DAY.isoformat()}
    assert send(f"{HERE}/{cast.people['Anna']}/udlaan", **said).status_code == 422
    assert len(roles(house, cast.people["Anna"])) == 1
