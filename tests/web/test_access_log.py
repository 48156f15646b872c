"""The access log as people read it: the consultant's page, the reason, the leader's page."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from app import clock
from app.domain import erasure, reviews, trail
from app.eraser import Eraser
from tests import html, logs, stored
from tests.conftest import client_of, token_on
from tests.web.conftest import post

LOG, FILE = "/konsulent/adgangslog", "/konsulent/adgangslog/fil"
WORDS = "Han var nervøs for mødet med kommunen"


def lines(page):
    return [one.text for one in html.read(page.text).all("ol")[0].all("li")]


def test_the_consultant_s_page_is_newest_first_and_a_reading_itself(karen, lise, house, life, cast):
    lise.get(f"/leder/forloeb/{life}")
    found = lines(karen.get(LOG))
    assert "Læst: Overblik og forløb" in found[0]
    assert "Liseefternavn" in found[0]
    assert "Aktivitetsleder" in found[0]
    assert "Læst: Adgangslog" in lines(karen.get(LOG))[0]
    mine = [row for row in stored.acts(house, "read") if row.kind == "consultant_trail.show"]
    assert {row.actor_id for row in mine} == {cast.people["Karen"]}
    assert cast.participants["Samir"] in {row.subject_id for row in mine}


@pytest.mark.parametrize(
    ("asked", "seen", "unseen"),
    [
        ({"what": "changed"}, "Skrevet: møde", "Læst: Overblik"),
        ({"what": "read"}, "Læst: Overblik", "Skrevet: møde"),
        ({"role": "leader"}, "Læst: Overblik", "Skrevet: møde"),
        ({"role": "mentor"}, "Skrevet: møde", "Læst: Overblik"),
    ],
    ids=str,
)
def test_the_log_is_looked_through_by_what_and_role(
    karen, lise, signed_in, life, asked, seen, unseen
):
    logs.log(signed_in("Anna"))
    lise.get(f"/leder/forloeb/{life}")
    found = " ".join(lines(post(karen, LOG, **asked)))
    assert seen in found
    assert unseen not in found


def test_the_log_is_looked_through_by_person_participant_and_days(karen, signed_in, cast, life):
    signed_in("Lise").get(f"/leder/forloeb/{life}")
    signed_in("Lars").get(f"/leder/forloeb/{cast.mentorships['Jonas']}")
    for asked in (
        {"person": str(cast.people["Lars"])},
        {"participant": str(cast.participants["Jonas"])},
    ):
        found = " ".join(lines(post(karen, LOG, **asked)))
        assert "Jonas" in found
        assert "Samir" not in found
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert html.read(post(karen, LOG, to_on=yesterday).text).all("ol") == []
    wrong = post(karen, LOG, from_on=clock.today().isoformat(), to_on=yesterday)
    assert wrong.status_code == 422
    assert "ligger før den første" in wrong.text


def test_T22_nothing_personal_is_in_an_address_of_the_log(karen, signed_in, cast, life):
    signed_in("Lise").get(f"/leder/forloeb/{life}")
    page = html.read(karen.get(LOG).text)
    for name in ("href", "action"):
        for element in (*page.all("a"), *page.all("form")):
            assert "?" not in element.attrs.get(name, "")
            assert str(cast.participants["Samir"]) not in element.attrs.get(name, "")


def test_older_entries_are_a_page_away(karen, house, cast):
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Anna"], None)
        for _ in range(45):
            pen.write(trail.LOGGED, "contact")
        unit.commit()
    page = html.read(karen.get(LOG).text)
    [before] = [e.attrs["value"] for e in page.all("input") if e.attrs.get("name") == "before"]
    assert len(lines(post(karen, LOG, before=before))) == 5
    assert post(karen, LOG, before="9" * 40).status_code == 200  # no number of ours


def test_T34_an_entry_that_was_changed_is_marked_on_the_page(karen, house, signed_in, life):
    signed_in("Lise").get(f"/leder/forloeb/{life}")
    assert "er ændret, siden" not in karen.get(LOG).text
    with house.data.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_no_update")
        connection.exec_driver_sql("UPDATE trail SET kind = 'leader.show' WHERE action = 'read'")
    assert "er ændret, siden" in karen.get(LOG).text
    assert post(karen, f"{LOG}/eftersyn").status_code == 303
    assert "Noget er ændret eller mangler" in karen.get(LOG).text


def test_a_log_that_holds_is_said_to_hold(karen):
    assert "ikke kontrolleret endnu" in karen.get(LOG).text
    post(karen, f"{LOG}/eftersyn")
    assert "kontrolleret fra ende til anden" in karen.get(LOG).text


def test_A4_what_cannot_be_logged_is_not_shown(house, signed_in, life):
    lise, karen = signed_in("Lise"), signed_in("Karen")
    lise.get(f"/leder/forloeb/{life}")
    assert post(karen, f"/konsulent/forloeb/{life}", reason="access").status_code == 303
    token = token_on(karen, "/mig")
    with house.data.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE trail_head RENAME TO lost")
    for answer in (
        lise.get(f"/leder/forloeb/{life}/udtraek"),
        lise.get(f"/leder/forloeb/{life}/adgang"),
        karen.get(f"/konsulent/forloeb/{life}"),
        karen.get(LOG),
        karen.post(LOG, data={"csrf_token": token}),
        karen.post(FILE, data={"csrf_token": token, "reason": "check"}),
    ):
        assert answer.status_code == 503
        assert "Samir" not in answer.text
        assert "Samir" not in str(answer.headers)


def test_the_erased_stay_in_the_log_as_a_number_that_means_nobody(karen, lise, house, cast, life):
    path, samir = f"/leder/forloeb/{life}/udtraek", cast.participants["Samir"]
    sent = {"id": str(uuid4()), "way": "in_hand", "on": clock.today().isoformat()}
    assert post(lise, path, **sent).status_code == 303
    assert lise.get(path).status_code == 200
    assert Eraser(house).person(samir, erasure.WISH, clock.now())
    assert stored.rows(house, "disclosure") == []
    kept = {(row.action, row.subject_id) for row in stored.rows(house, "trail")}
    assert {(trail.READ, samir), (trail.DISCLOSED, samir)} <= kept
    page = karen.get(LOG)
    assert "Læst: Udtræk af alt" in page.text
    assert "Samir" not in page.text
    with house.work(writes=False):
        assert trail.first_broken(house.keyring.trail) is None


# A reason where one is asked.


def test_T5_the_consultant_reads_what_mentors_wrote_only_with_a_reason_that_is_logged(
    karen, signed_in, house, cast, life
):
    logs.log(signed_in("Anna"), comment=WORDS)
    here = f"/konsulent/forloeb/{life}"
    closed = karen.get(here)
    assert "Hvorfor åbner du forløbet?" in closed.text
    for word in ("Samir", "Anna", WORDS):
        assert word not in closed.text
    assert stored.acts(house, "opened") == []
    opened = post(karen, here, reason="complaint")
    assert (opened.status_code, opened.location) == (303, here)
    assert WORDS in karen.get(here).text
    [act] = stored.acts(house, "opened")
    assert (act.reason, act.subject_id) == ("complaint", cast.participants["Samir"])
    read = [row for row in stored.acts(house, "read") if row.kind == "consultant_lives.one"]
    assert [(row.reason, row.subject_id) for row in read] == [
        ("complaint", cast.participants["Samir"])
    ]


@pytest.mark.parametrize("reason", ["", "nysgerrig"])
def test_a_reason_must_be_one_of_those_asked(karen, life, reason):
    answer = post(karen, f"/konsulent/forloeb/{life}", reason=reason)
    assert answer.status_code == 422
    assert "Vælg, hvorfor du åbner forløbet." in answer.text
    assert "Samir" not in answer.text


def test_what_is_opened_is_open_for_fifteen_minutes_on_that_device(app, cast, karen, life):
    here = f"/konsulent/forloeb/{life}"
    with time_machine.travel(clock.now(), tick=False) as now:
        post(karen, here, reason="access")
        now.shift(timedelta(minutes=14))
        assert "Samir" in karen.get(here).text
        assert "Samir" not in client_of(app, cast, "Karen").get(here).text
        other = f"/konsulent/forloeb/{cast.mentorships['Jonas']}"
        assert "Hvorfor åbner du" in karen.get(other).text
        now.shift(timedelta(minutes=2))
        assert "Samir" not in karen.get(here).text


def test_another_consultant_looks_at_what_was_opened(app, house, cast, karen, life):
    post(karen, f"/konsulent/forloeb/{life}", reason="cover")
    page = karen.get(LOG)
    assert "Åbnet med grund: Aktivitetslederen er væk" in html.read(page.text).text
    with house.work(writes=False):
        [one] = reviews.waiting()
    own = post(karen, f"{LOG}/eftersyn/{one.id}")
    assert own.status_code == 422
    assert "En anden konsulent skal se på det" in own.text
    post(karen, f"/konsulent/personer/{cast.people['Nora']}/rolle", role="consultant")
    nora = client_of(app, cast, "Nora")
    assert post(nora, f"{LOG}/eftersyn/{one.id}").status_code == 303
    with house.work(writes=False):
        assert reviews.waiting() == []
        assert reviews.lately(1)[0].looked_by == cast.people["Nora"]
    assert post(nora, f"{LOG}/eftersyn/{uuid4()}").status_code == 404


def test_a_mentorship_is_found_by_its_branch(karen, house, cast):
    page = post(karen, "/konsulent/forloeb", branch=str(cast.branches["Havn"]))
    assert "Samir" in page.text
    assert "Jonas" not in page.text
    read = stored.acts(house, "read")
    assert [(r.kind, r.subject_id) for r in read] == [
        ("consultant_lives.search", cast.participants["Samir"])
    ]
    assert post(karen, "/konsulent/forloeb", branch="x").status_code == 422
    assert karen.get(f"/konsulent/forloeb/{uuid4()}").status_code == 404


def test_a_list_of_many_is_one_line(karen, house, cast):
    both = sorted(cast.participants.values())[:2]
    with house.work(writes=True) as (unit, _):
        trail.Pen(house.keyring.trail, cast.people["Lise"], None).read("leader.show", both)
        unit.commit()
    first = lines(karen.get(LOG))[0]
    assert "Læst: Overblik og forløb" in first
    for name in cast.participants:
        assert (cast.participants[name] in both) == (f"Om {name}" in " ".join(first.split()))


# The leader's pages.


def test_the_leader_sees_who_has_read(lise, signed_in, karen, life):
    signed_in("Anna").get("/forloeb")
    post(karen, f"/konsulent/forloeb/{life}", reason="access")
    karen.get(f"/konsulent/forloeb/{life}")
    page = html.read(lise.get(f"/leder/forloeb/{life}/adgang").text).text
    for words in (
        "Mentor · Anna · Forløb",
        "Konsulent · Karen · Forløb, med grund · Deltageren har bedt om indsigt",
    ):
        assert words in " ".join(page.split())
    assert "efternavn" not in page


def test_the_pair_sees_who_has_read_and_not_why(signed_in, karen, lise, life):
    lise.get(f"/leder/forloeb/{life}")
    post(karen, f"/konsulent/forloeb/{life}", reason="complaint")
    karen.get(f"/konsulent/forloeb/{life}")
    page = html.read(signed_in("Anna").get("/forloeb/adgang").text).text
    for words in ("Aktivitetsleder · Lise · Overblik og forløb", "Konsulent · Karen · Forløb"):
        assert words in " ".join(page.split())
    for words in ("klage", "efternavn", "Jonas"):
        assert words not in page
    assert "Samir" not in signed_in("Otto").get("/forloeb/adgang").text


def test_no_reading_tells_the_participant_or_the_pair_of_a_concern(signed_in, lise, house, life):
    anna = signed_in("Anna")
    form = html.values(html.read(anna.get("/bekymring").text).one("form", id="concern-form"))
    assert anna.post("/bekymring", data=form).status_code == 303
    assert "Samir" in lise.get("/leder/bekymringer").text
    assert "leader_alerts.show" in {row.kind for row in stored.acts(house, "read")}
    for client, path in (
        (lise, f"/leder/forloeb/{life}/udtraek"),
        (signed_in("Bo"), "/forloeb/adgang"),
    ):
        page = html.read(client.get(path).text)
        told = " ".join(one.text for one in page.all("ul") if "Aktivitetsleder" in one.text)
        assert "Overblik og forløb" in told
        assert "bekymring" not in told.casefold()


def test_T4_another_branch_s_leader_sees_neither_the_readings_nor_the_extract(
    signed_in, life, receive
):
    lars = signed_in("Lars")
    _, referral = receive()
    for path in (
        f"/leder/forloeb/{life}/adgang",
        f"/leder/forloeb/{life}/udtraek",
        f"/leder/forloeb/{life}/samtykker",
        f"/leder/henvisninger/{referral}/udtraek",
    ):
        assert lars.get(path).status_code == 404


def test_the_extract_of_a_referral_without_a_mentorship(lise, receive):
    _, referral = receive(source="Socialrådgiver i Øst Fængsel")
    page = html.read(lise.get(f"/leder/henvisninger/{referral}/udtraek").text).text
    for word in ("Tareksen", "Socialrådgiver i Øst Fængsel", "At Røde Kors kontakter deltageren"):
        assert word in page
    assert "70 10 20 30" not in page


def test_T33_that_an_extract_was_handed_over_is_kept_and_logged(lise, house, life, cast):
    path = f"/leder/forloeb/{life}/udtraek"
    made, today = str(uuid4()), clock.today().isoformat()
    for _ in range(2):
        answer = post(lise, path, id=made, way="in_hand", on=today)
        assert (answer.status_code, answer.location) == (303, path)
    [row] = stored.rows(house, "disclosure")
    assert (row.way, row.by) == ("in_hand", cast.people["Lise"])
    [act] = stored.acts(house, "disclosed")
    assert act.subject_id == cast.participants["Samir"]
    page = html.read(lise.get(path).text).text
    assert page.count("Deltageren, i hånden") >= 2  # among what is kept, and beside the form


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"way": "email"}, "Vælg, hvem der fik det."),
        ({"on": "i går"}, "Vælg en dato."),
        ({"on": "2999-01-01"}, "ligger i fremtiden"),
        ({"id": "1"}, "Prøv igen"),
    ],
    ids=str,
)
def test_a_handing_over_that_cannot_be_is_refused(lise, house, life, wrong, sentence):
    right = {"id": str(uuid4()), "way": "by_post", "on": clock.today().isoformat()}
    answer = post(lise, f"/leder/forloeb/{life}/udtraek", **(right | wrong))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.rows(house, "disclosure") == []


def test_the_extract_tells_of_readings_without_names(lise, signed_in, life):
    signed_in("Anna").get("/forloeb")
    lise.get(f"/leder/forloeb/{life}")
    told = html.read(lise.get(f"/leder/forloeb/{life}/udtraek").text).text
    part = told.partition("Hvem har læst om dig")[2].partition("Det står her ikke")[0]
    assert "Aktivitetsleder" in part
    assert "Overblik og forløb" in part
    for name in ("Anna", "Lise"):
        assert name not in part


def test_T14_the_extract_leaves_out_concerns_scores_and_what_mentors_write_to_each_other(
    lise, karen, signed_in, life
):
    anna = signed_in("Anna")
    logs.log(anna, comment="Må læses", note="Kun til Bo", leader_may_read="y", wellbeing="2")
    form = html.values(html.read(anna.get("/bekymring").text).one("form", id="concern-form"))
    assert anna.post("/bekymring", data=form).status_code == 303
    decided = post(lise, f"/leder/bekymringer/{form['id'][0]}/svar", outcome="talked")
    assert decided.status_code == 303
    post(karen, f"/konsulent/forloeb/{life}", reason="access")
    for client, path in (
        (lise, f"/leder/forloeb/{life}/udtraek"),
        (karen, f"/konsulent/forloeb/{life}"),
    ):
        page = html.read(client.get(path).text).text
        assert "Må læses" in page
        told = page.partition("Hvem har læst om dig")[0]
        for word in (
            "Kun til Bo",
            "Bekymring",
            "Brud på",
            "besluttede",
            "Trivsel",
            "Annaefternavn",
        ):
            assert word not in told
