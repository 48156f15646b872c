"""Match: who can be proposed, what each may know, and that nothing begins without every yes."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app import clock, db
from app.domain import (
    departures,
    matches,
    mentors,
    mentorships,
    news,
    notices,
    people,
    referrals,
    requirements,
    rules,
    trail,
)
from app.domain.mentorships import MENTORSHIPS
from app.domain.requirements import BASIC, CLEARANCE
from app.web import shown_mentor
from tests import html, stored
from tests.conftest import token_on
from tests.leaders import lead, step_down
from tests.mentors import join, ready
from tests.web.conftest import RELEASE

HERE = "/leder/match"
DAY = clock.today()


@pytest.fixture
def referral(receive, send):
    """One that waits for its match."""
    _, made = receive()
    send(f"/leder/henvisninger/{made}/screening", in_target="y", safe="y")
    send(f"/leder/henvisninger/{made}/samtale")
    return made


@pytest.fixture
def two(house, cast):
    return [ready(house, cast, name) for name in ("Nora", "Mia")]


@pytest.fixture
def propose(lise):
    def post(referral, *pair):
        page = html.read(lise.get(f"{HERE}/{referral}").text)
        form = html.values(page.one(id="match-form"))
        return lise.post(f"{HERE}/{referral}", data=form | {"pair": [str(p) for p in pair]})

    return post


@pytest.fixture
def answer(signed_in, house):
    def post(name, svar="ja", **more):
        client = signed_in(name)
        match = newest(house)
        said = {"csrf_token": token_on(client, "/mig"), "svar": svar, "alene": "y"} | more
        return client.post(f"/match/{match.id}/svar", data=said)

    return post


def join_as_mentor(house, cast, name):
    """A leader who is also a mentor of the branch."""
    with house.work(writes=True) as (unit, _):
        role = people.Role(
            id=uuid4(),
            person_id=cast.people[name],
            role=people.MENTOR,
            branch_id=cast.branches["Havn"],
            from_on=cast.seated,
        )
        db.session().add(role)
        unit.commit()


def newest(house):
    with house.work(writes=False):
        rows = db.rows(matches.MATCHES.select().order_by(matches.MATCHES.c.proposed_at.desc()))
        return matches.one(rows[0].id)


def told(house, person):
    with house.work(writes=False):
        return {n.reminder for n in notices.lately(person, clock.now() - timedelta(days=1), 60)}


def test_it_begins_with_the_last_yes_and_not_before(
    referral, two, propose, answer, signed_in, house, cast
):
    assert propose(referral, *two).status_code == 303
    assert {news.MATCH} == told(house, two[0]) == told(house, two[1])
    assert "Aktivitetslederen foreslår et match" in signed_in("Nora").get("/").text
    assert answer("Nora").status_code == 303
    assert len(stored.rows(house, "mentorship")) == 2
    assert "Tarek" not in signed_in("Nora").get("/").text
    assert answer("Mia").headers["Location"] == "/forloeb/aftale"
    with house.work(writes=False):
        view = mentorships.of_mentor(two[0], DAY)
        assert (view.participant, view.co_mentor, view.matched_on) == ("Tarek", "Mia", DAY)
        assert referrals.one(UUID(referral)).step == "matched"
    assert "Tarek" in signed_in("Mia").get("/").text
    assert news.MATCH_ANSWERED in told(house, cast.people["Lise"])
    assert f"/leder/forloeb/{view.id}" in signed_in("Lise").get("/leder?alle=1").text
    assert len(stored.acts(house, trail.MATCHED)) == 1


def test_before_the_yes_a_mentor_learns_where_and_when_and_no_name(
    referral, two, propose, signed_in, house
):
    propose(referral, *two)
    page = signed_in("Nora").get(f"/match/{newest(house).id}").text
    for text in ("Havn Kommune", "Mia", "Lise"):
        assert text in page
    for text in ("Tarek", "Socialrådgiver"):
        assert text not in page
    assert signed_in("Anna").get(f"/match/{newest(house).id}").status_code == 404


def test_who_is_asked_learns_the_month_of_the_release_and_not_the_day(
    referral, two, propose, signed_in, house
):
    propose(referral, *two)
    page = html.read(signed_in("Nora").get(f"/match/{newest(house).id}").text)
    [told] = [div.text for div in page.all("div") if div.text.startswith("Løsladelse")]
    assert told.endswith(str(RELEASE.year))
    assert not re.search(r"\d", told.removesuffix(str(RELEASE.year)))


@pytest.mark.parametrize(("days", "best"), [(100, False), (75, True), (50, False)])
def test_three_to_four_months_before_the_release_is_best(lise, referral, send, days, best):
    """Under two it is too late, which is said in other words."""
    day = (DAY + timedelta(days=days)).isoformat()
    send(f"/leder/henvisninger/{referral}/situation", release_on=day)
    page = lise.get(f"{HERE}/{referral}").text
    assert ("Tre til fire måneder før løsladelsen" in page) == best
    assert ("Løsladelsen er tæt på" in page) == (days == 50)


def test_the_age_is_the_one_that_is_set(lise, referral, two, house, cast):
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Karen"], None)
        rules.change(rules.MENTOR_AGE, 27, pen, by=cast.people["Karen"])
        unit.commit()
    assert "fyldt 27" in lise.get(f"{HERE}/{referral}").text
    assert "Fyldt 27 år" in lise.get(f"/leder/mentorer/{two[0]}").text


def test_a_mentor_of_another_branch_is_said_to_be(
    lise, referral, two, send, signed_in, house, cast
):
    join(house, cast, "Ulla", "Skov")
    ulla = ready(house, cast, "Ulla")
    until = (DAY + timedelta(days=30)).isoformat()
    path = f"/leder/mentorer/{ulla}/udlaan"
    send(path, signed_in("Lars"), branch=str(cast.branches["Havn"]), to_on=until)
    page = html.read(lise.get(f"{HERE}/{referral}").text)
    from_skov = {
        name: "Fra afdelingen" in label.text
        for label in page.all("label")
        for name in ("Ulla", "Nora", "Mia")
        if name in label.text
    }
    assert from_skov == {"Ulla": True, "Nora": False, "Mia": False}


def test_the_age_of_who_stays_is_said_where_a_seat_is_filled(lise, send, house, cast, life):
    ready(house, cast, "Nora")
    ready(house, cast, "Anna")
    send(f"/leder/mentorer/{cast.people['Bo']}/stop", sure="y")
    page = lise.get(f"/leder/forloeb/{life}/ny-mentor").text
    assert re.search(r"Anna er \d\d-\d\d år\.", page)


def test_one_no_is_enough_and_the_referral_waits_on(referral, two, propose, answer, house, cast):
    propose(referral, *two)
    answer("Nora")
    answer("Mia", svar="nej")
    assert len(stored.rows(house, "mentorship")) == 2
    assert news.MATCH_ANSWERED in told(house, cast.people["Lise"])
    assert answer("Nora").status_code == 409
    assert propose(referral, *two).status_code == 303  # another try


def test_a_yes_says_that_there_is_no_other_inmate(referral, two, propose, answer, house):
    propose(referral, *two)
    refused = answer("Nora", alene="")
    assert refused.status_code == 422
    assert "ikke besøger andre indsatte" in refused.text
    assert newest(house).yes == set()


@pytest.mark.parametrize(
    ("without", "why"),
    [
        (CLEARANCE, "Sikkerhedsgodkendelse mangler"),
        ("age", "For ung, eller fødselsdatoen mangler"),
        (BASIC, "Grundkursus mangler"),
    ],
)
def test_who_lacks_something_is_not_offered_and_is_refused(
    referral,
    propose,
    lise,
    house,
    cast,
    without,
    why,
):
    nora = ready(house, cast, "Nora", without)
    mia = ready(house, cast, "Mia")
    assert "Nora" not in lise.get(f"{HERE}/{referral}").text
    assert propose(referral, nora, mia).status_code == 422
    with house.work(writes=False):
        made = referrals.one(UUID(referral))
        [said] = [shown_mentor.BLOCKS[b] for b in mentors.standing([nora], DAY)[nora].blocks(DAY)]
    pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
    with house.work(writes=True), pytest.raises(matches.Refused):
        matches.propose(uuid4(), made, [nora, mia], pen, by=cast.people["Lise"])
    assert said == why
    assert stored.rows(house, "match") == []


def test_who_has_an_inmate_is_not_matched_again(referral, two, propose, house, cast):
    ready(house, cast, "Anna")
    answer = propose(referral, cast.people["Anna"], two[0])
    assert answer.status_code == 422
    assert stored.rows(house, "match") == []


@pytest.mark.parametrize("pair", [(0,), (0, 0), ()])
def test_two_and_not_the_same_twice(referral, two, propose, house, pair):
    answer = propose(referral, *(two[i] for i in pair))
    assert answer.status_code == 422
    assert html.error_at(html.read(answer.text), "pair") == "Vælg to mentorer."
    assert stored.rows(house, "match") == []


def test_nobody_is_asked_about_two_at_once(
    referral,
    two,
    receive,
    send,
    propose,
    house,
    cast,
):
    propose(referral, *two)
    _, other = receive(first_name="Aksel")
    send(f"/leder/henvisninger/{other}/screening", in_target="y", safe="y")
    send(f"/leder/henvisninger/{other}/samtale")
    pia = ready(house, cast, "Pia") if join(house, cast, "Pia") else None
    answer = propose(other, two[0], pia)
    assert answer.status_code == 422
    assert "Nora: Er allerede spurgt om et andet match" in html.read(answer.text).text


def test_sent_twice_it_is_one_proposal(referral, two, lise, house):
    page = html.read(lise.get(f"{HERE}/{referral}").text)
    form = html.values(page.one(id="match-form")) | {"pair": [str(p) for p in two]}
    for _ in range(2):
        assert lise.post(f"{HERE}/{referral}", data=form).status_code == 303
    assert len(stored.rows(house, "match")) == 1


def test_a_mentor_who_was_taken_meanwhile_stops_it(referral, two, propose, answer, house, cast):
    propose(referral, *two)
    answer("Nora")
    with house.work(writes=True) as (unit, _):  # Nora's clearance is taken back
        pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
        requirements.record(two[0], CLEARANCE, None, None, pen, by=cast.people["Lise"])
        unit.commit()
    refused = answer("Mia")
    assert refused.status_code == 409
    assert "Forløbet kan ikke begynde lige nu" in refused.text
    assert len(stored.rows(house, "mentorship")) == 2


def test_taken_back_it_can_be_answered_no_more(
    referral,
    two,
    propose,
    answer,
    send,
    house,
):
    propose(referral, *two)
    back = f"{HERE}/forslag/{newest(house).id}/tilbagetraekning"
    assert [send(back).status_code for _ in range(2)] == [303, 409]
    assert answer("Nora").status_code == 409


def test_another_branch_and_other_roles(referral, two, propose, signed_in, house):
    propose(referral, *two)
    lars = signed_in("Lars")
    token = {"csrf_token": token_on(lars, "/mig")}
    back = f"{HERE}/forslag/{newest(house).id}/tilbagetraekning"
    assert lars.get(f"{HERE}/{referral}").status_code == 404
    assert lars.post(back, data=token).status_code == 404
    assert signed_in("Nora").get(HERE).status_code == 403


# --- the catalogue ----------------------------------------------------------------------------


@pytest.fixture
def four(house, cast):
    for name in ("Pia", "Rie"):
        join(house, cast, name)
    names = ("Nora", "Mia", "Pia", "Rie")
    return {n: ready(house, cast, n, interests=f"Skak og {n}haver") for n in names}


def test_where_they_are_too_few_nobody_is_shown(referral, four, lise, house, cast):
    page = lise.get(f"{HERE}/{referral}/katalog").text
    assert "Pia" in page
    ready(house, cast, "Rie", "shown")  # she does not want to be seen
    assert "Pia" not in lise.get(f"{HERE}/{referral}/katalog").text
    assert "Lad deltageren vælge" not in lise.get(f"{HERE}/{referral}").text


def test_the_participant_chooses_and_nothing_shows_who_was_not_chosen(
    referral,
    four,
    lise,
    house,
):
    path = f"{HERE}/{referral}/katalog"
    page = html.read(lise.get(path).text)
    for text in ("Nora", "Kvinde", "Skak og Norahaver"):
        assert text in page.text
    assert "efternavn" not in page.text
    form = html.values(page.one(id="catalogue-form"))
    some = [str(four["Nora"]), str(four["Pia"])]
    assert lise.post(path, data=form | {"mentor": some}).status_code == 303
    told = html.read(lise.get(f"{HERE}/{referral}").text).text
    assert told.index("Deltageren har valgt Nora") < told.index("Mia")
    assert "Deltageren har valgt Mia" not in told
    kept = {r.person_id for r in stored.rows(house, "match_choice")}
    assert kept == {four["Nora"], four["Pia"]}


@pytest.mark.parametrize("some", [[], ["Nora", "Mia", "Pia"], ["Otto"]])
def test_one_or_two_and_only_of_those_shown(referral, four, lise, house, cast, some):
    path = f"{HERE}/{referral}/katalog"
    form = html.values(html.read(lise.get(path).text).one(id="catalogue-form"))
    answer = lise.post(path, data=form | {"mentor": [str(cast.people[n]) for n in some]})
    assert answer.status_code == 422
    assert stored.rows(house, "match_choice") == []


def test_hints_say_why_and_choose_nothing(referral, house, cast, lise):
    ready(house, cast, "Nora", competences="Håndværk")
    page = html.read(lise.get(f"{HERE}/{referral}").text)
    assert "Metodekursus mangler" in page.text
    assert html.values(page.one(id="match-form")).get("pair") is None


# --- an empty seat ----------------------------------------------------------------------------


def empty_seats(house, cast, *names):
    """These have left Samir's pair; the page on which a seat of it is filled."""
    life = cast.mentorships["Samir"]
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
        for name in names:
            departures.leave(life, cast.participants["Samir"], cast.people[name], pen)
        unit.commit()
    return f"/leder/forloeb/{life}/ny-mentor"


def test_an_empty_seat_is_filled_by_who_says_yes(lise, answer, house, cast):
    nora = ready(house, cast, "Nora")
    life = cast.mentorships["Samir"]
    path = empty_seats(house, cast, "Bo")
    row = next(a for a in html.read(lise.get("/leder").text).all("a") if "Samir" in a.text)
    assert row.attrs["href"] == path
    form = html.values(html.read(lise.get(path).text).one(id="match-form"))
    assert lise.post(path, data=form | {"pair": [str(nora)]}).status_code == 303
    assert answer("Nora").status_code == 303
    with house.work(writes=False):
        view = mentorships.of_mentor(nora, DAY)
        assert (view.id, view.co_mentor) == (life, "Anna")
        assert {s.place for s in view.seats if s.holds(DAY)} == {1, 2}


def test_who_leads_and_sits_in_the_pair_is_not_told_of_the_answer(lise, answer, house, cast):
    """Where who asked leads no more, another leader is told, and never the co-mentor."""
    nora = ready(house, cast, "Nora")
    path = empty_seats(house, cast, "Bo")
    form = html.values(html.read(lise.get(path).text).one(id="match-form"))
    assert lise.post(path, data=form | {"pair": [str(nora)]}).status_code == 303
    step_down(house, cast, "Lise")
    for name in ("Anna", "Lars"):
        lead(house, cast, name)
    assert answer("Nora", "nej").status_code == 303
    with house.work(writes=False):
        since = clock.now() - timedelta(days=1)
        told = {
            name
            for name in ("Anna", "Lars", "Lise")
            for one in notices.lately(cast.people[name], since, 60)
            if one.reminder == news.MATCH_ANSWERED
        }
    assert told == {"Lars"}


def test_two_empty_seats_are_filled_one_after_the_other(lise, answer, house, cast):
    nora, mia = (ready(house, cast, name) for name in ("Nora", "Mia"))
    life = cast.mentorships["Samir"]
    path = empty_seats(house, cast, "Anna", "Bo")
    for name, mentor in (("Nora", nora), ("Mia", mia)):
        form = html.values(html.read(lise.get(path).text).one(id="match-form"))
        assert lise.post(path, data=form | {"pair": [str(mentor)]}).status_code == 303
        assert answer(name).status_code == 303
    with house.work(writes=False):
        view = mentorships.of_mentor(nora, DAY)
        assert (view.id, view.co_mentor) == (life, "Mia")
        assert {s.place for s in view.seats if s.holds(DAY)} == {1, 2}
        assert mentorships.of_mentor(cast.people["Anna"], DAY) is None


# --- the owner --------------------------------------------------------------------------------


def test_T4_the_owner_is_never_proposed_for_the_pair(referral, two, propose, house, cast, lise):
    """T4: else what one mentor tells the leader in confidence comes to the other."""
    join_as_mentor(house, cast, "Lise")
    ready(house, cast, "Lise")
    boxes = html.read(lise.get(f"{HERE}/{referral}").text).all("input", name="pair")
    assert {box.attrs["value"] for box in boxes} == {str(person) for person in two}
    answer = propose(referral, two[0], cast.people["Lise"])
    assert answer.status_code == 422
    assert "Giv ansvaret videre først" in html.error_at(html.read(answer.text), "pair")
    assert stored.rows(house, "match") == []


def test_T4_the_owner_never_fills_an_empty_seat(lise, house, cast):
    join_as_mentor(house, cast, "Lise")
    ready(house, cast, "Lise"), ready(house, cast, "Nora")
    path = empty_seats(house, cast, "Bo")
    page = html.read(lise.get(path).text)
    assert str(cast.people["Lise"]) not in {box.attrs["value"] for box in page.all("input")}
    form = html.values(page.one(id="match-form"))
    answer = lise.post(path, data=form | {"pair": [str(cast.people["Lise"])]})
    assert answer.status_code == 422
    assert "Giv ansvaret videre først" in html.error_at(html.read(answer.text), "pair")


def test_T4_who_has_come_to_own_it_meanwhile_does_not_come_into_the_pair(
    referral, two, propose, answer, house, cast
):
    assert propose(referral, *two).status_code == 303
    assert answer("Nora").status_code == 303
    with house.work(writes=True) as (unit, _):
        db.change(referrals.REFERRALS.update().values(leader_id=two[1]))
        unit.commit()
    assert answer("Mia").status_code == 409
    assert len(stored.rows(house, "mentorship")) == 2


def test_a_full_pair_takes_nobody(lise, house, cast):
    nora = ready(house, cast, "Nora")
    path = f"/leder/forloeb/{cast.mentorships['Samir']}/ny-mentor"
    form = html.values(html.read(lise.get(path).text).one(id="match-form"))
    assert lise.post(path, data=form | {"pair": [str(nora)]}).status_code == 409


@pytest.mark.parametrize("said", [False, True])
def test_who_leaves_is_asked_about_nobody(
    referral, two, propose, answer, lise, house, cast, signed_in, said
):
    """Also where the one who leaves has said yes already."""
    propose(referral, *two)
    if said:
        answer("Nora")
    sent = {"csrf_token": token_on(lise, "/mig"), "sure": "y"}
    assert lise.post(f"/leder/mentorer/{two[0]}/stop", data=sent).status_code == 200
    assert not newest(house).open
    assert "foreslår et match" not in signed_in("Mia").get("/").text
    assert answer("Mia").status_code == 409
    with house.work(writes=False):
        told = notices.lately(cast.people["Lise"], clock.now() - timedelta(days=1), 60)
    assert news.MATCH_ANSWERED in {one.reminder for one in told}
    assert propose(referral, two[1], ready(house, cast, "Bo")).status_code == 422  # Bo has Samir


def test_the_list_of_referrals_leads_to_the_matches(lise):
    page = html.read(lise.get("/leder/henvisninger").text)
    assert HERE in {a.attrs.get("href") for a in page.all("a")}


def test_the_start_form_stays_open_until_the_mentorship_ends(
    referral, two, propose, answer, lise, house, cast, signed_in
):
    propose(referral, *two)
    answer("Nora")
    answer("Mia")
    path, form = f"/leder/henvisninger/{referral}", f"/leder/henvisninger/{referral}/skema"
    with house.work(writes=False):
        [begun] = [
            life
            for life in db.rows(MENTORSHIPS.select())
            if life.id not in cast.mentorships.values()
        ]
    shown = lise.get(f"/leder/forloeb/{begun.id}").text
    assert f'href="{path}"' in shown
    assert f'href="{form}"' in shown
    section = html.read(lise.get(form).text)
    first = next(
        a.attrs["href"] for a in section.all("a") if a.attrs["href"].startswith(f"{form}/")
    )
    sent = {"csrf_token": token_on(lise, first)}
    assert lise.post(first, data=sent).status_code == 303
    with house.work(writes=True) as (unit, _):  # a mentorship of the other branch's
        moved = {"branch_id": cast.branches["Skov"]}
        db.change(MENTORSHIPS.update().where(MENTORSHIPS.c.id == begun.id).values(**moved))
        unit.commit()
    assert (lise.get(form).status_code, lise.post(first, data=sent).status_code) == (404, 404)
    assert signed_in("Lars").get(form).status_code == 200
    with house.work(writes=True) as (unit, _):
        ended = {"branch_id": cast.branches["Havn"], "ended_on": DAY - timedelta(days=1)}
        db.change(MENTORSHIPS.update().where(MENTORSHIPS.c.id == begun.id).values(**ended))
        unit.commit()
    assert (lise.get(form).status_code, lise.post(first, data=sent).status_code) == (404, 404)
    page = lise.get(f"/leder/forloeb/{begun.id}").text
    assert (f'href="{path}"' in page, f'href="{form}"' in page) == (True, False)
    assert (
        "/leder/henvisninger/"
        not in lise.get(f"/leder/forloeb/{cast.mentorships['Samir']}").text.split("<main")[1]
    )  # imported: it began with none
