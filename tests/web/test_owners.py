"""Giv ansvaret videre: what a leader owns goes to another leader of the branch, to nobody else."""

from uuid import UUID

import pytest

from app import db
from app.domain import departures, matches, owners, trail
from app.domain.people import HELD
from app.domain.referrals import REFERRALS
from tests import html, stored
from tests.conftest import token_on
from tests.leaders import lead, owner, stand_in, step_down
from tests.mentors import ready
from tests.web.conftest import RELEASE, post

MINE = "/leder/ansvar"


@pytest.fixture
def referral(receive):
    """An open one, received by Lise."""
    _, made = receive()
    return UUID(made)


@pytest.fixture
def give(lise):
    def send(to, *things, client=lise):
        data = {"csrf_token": token_on(client, "/mig"), "to": str(to)}
        return client.post(MINE, data=data | {"things": [str(thing) for thing in things]})

    return send


def owner_of(house, referral):
    with house.work(writes=False):
        return db.rows(REFERRALS.select().where(REFERRALS.c.id == referral))[0].leader_id


def handed(house):
    return {
        (row.kind, row.object_id)
        for row in stored.rows(house, "trail")
        if row.action == trail.HANDED_OVER
    }


def role_of(house, person, role="leader"):
    with house.work(writes=False):
        mine = (HELD.c.person_id == person) & (HELD.c.role == role)
        return db.rows(HELD.select().where(mine))[0]


def ends(karen, house, cast, name):
    """The consultant ends the leader's role."""
    role = role_of(house, cast.people[name])
    path = f"/konsulent/personer/{cast.people[name]}/rolle-slut"
    return post(karen, path, role_id=str(role.id), sure="y")


def test_a_leader_hands_on_a_mentorship_and_a_referral(lise, give, referral, house, cast, life):
    lars = cast.people["Lars"]
    lead(house, cast, "Lars")
    form = html.read(lise.get(f"{MINE}?hvad={life}").text).one("form", id="hand-on-form")
    assert "Samir" in form.text
    assert "Tarek" in form.text
    assert html.values(form)["things"] == [str(life)]
    assert give(lars, life, referral).status_code == 303
    assert owner(house, cast) == owner_of(house, referral) == lars
    assert {("mentorship", life), ("referral", referral)} <= handed(house)
    assert "Du har ikke ansvaret for noget" in lise.get(MINE).text
    assert MINE not in lise.get(f"/leder/forloeb/{life}").text


def test_it_is_offered_only_where_somebody_can_take_it(lise, house, cast, life):
    page = f"/leder/forloeb/{life}"
    assert MINE not in lise.get(page).text
    stand_in(house, cast, "Nora")
    assert MINE not in lise.get(page).text
    lead(house, cast, "Lars")
    assert f"{MINE}?hvad={life}" in lise.get(page).text


def test_a_referral_neither(lise, referral, house, cast):
    page = f"/leder/henvisninger/{referral}"
    assert MINE not in lise.get(page).text
    lead(house, cast, "Lars")
    assert f"{MINE}?hvad={referral}" in lise.get(page).text


def test_something_and_somebody_must_be_chosen_and_what_was_chosen_is_kept(
    lise, give, house, cast, life
):
    lead(house, cast, "Lars")
    page = html.read(give("", life).text)
    assert "Vælg, hvem der tager over." in html.error_at(page, "to")
    assert html.values(page.one(id="hand-on-form"))["things"] == [str(life)]
    page = html.read(give(cast.people["Lars"]).text)
    assert "Vælg, hvad der gives videre." in html.error_at(page, "things")
    assert owner(house, cast) == cast.people["Lise"]


@pytest.mark.parametrize("name", ["Anna", "Mia"])
def test_T4_never_to_one_who_sits_or_sat_in_the_pair(lise, give, house, cast, life, name):
    lead(house, cast, "Lars")
    lead(house, cast, name)
    answer = give(cast.people[name], life)
    assert answer.status_code == 422
    assert "mentor i et af dem" in html.error_at(html.read(answer.text), "to")
    assert owner(house, cast) == cast.people["Lise"]


def test_T4_never_to_one_who_is_asked_to_sit_there(lise, give, house, cast, life):
    lead(house, cast, "Lars")
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
        departures.leave(life, cast.participants["Samir"], cast.people["Bo"], pen)
        unit.commit()
    nora = ready(house, cast, "Nora")
    with house.work(writes=True) as (unit, _):
        matches.propose_for_seat(life, life, nora, pen, by=cast.people["Lise"])
        unit.commit()
    lead(house, cast, "Nora")
    assert give(nora, life).status_code == 422
    assert owner(house, cast) == cast.people["Lise"]


def test_T4_neither_to_a_stand_in_nor_to_another_branch(lise, give, house, cast, life):
    lead(house, cast, "Gustav")
    stand_in(house, cast, "Nora")
    for name in ("Nora", "Lars", "Bo", "Karen"):
        assert give(cast.people[name], life).status_code == 422
    assert owner(house, cast) == cast.people["Lise"]


def test_T4_only_ones_own_and_what_nobody_there_owns(give, signed_in, house, cast, life):
    lead(house, cast, "Lars")
    lead(house, cast, "Nora")
    lars = signed_in("Lars")
    assert str(life) not in lars.get(MINE).text
    assert give(cast.people["Nora"], life, client=lars).status_code == 409
    assert owner(house, cast) == cast.people["Lise"]
    step_down(house, cast, "Lise")
    assert str(life) in lars.get(MINE).text
    assert give(cast.people["Nora"], life, client=lars).status_code == 303
    assert owner(house, cast) == cast.people["Nora"]


def test_T4_who_sits_in_the_pair_does_not_even_read_of_it_there(signed_in, house, cast, life):
    lead(house, cast, "Anna")
    lead(house, cast, "Lars")
    step_down(house, cast, "Lise")
    assert str(life) not in signed_in("Anna").get(MINE).text


def test_the_consultant_hands_on_for_somebody_and_reads_no_participant(
    karen, referral, house, cast, life
):
    lead(house, cast, "Lars")
    path = f"/konsulent/personer/{cast.people['Lise']}"
    assert f"{path}/ansvar" in karen.get(path).text
    page = html.read(karen.get(f"{path}/ansvar").text)
    assert "Samir" not in page.text
    assert "Tarek" not in page.text
    form = html.values(page.one("form", id="hand-on-form"))
    assert set(form["things"]) == {str(life), str(referral)}
    sent = karen.post(f"{path}/ansvar", data=form | {"to": str(cast.people["Lars"])})
    assert sent.status_code == 303
    assert owner(house, cast) == owner_of(house, referral) == cast.people["Lars"]


def test_when_a_leaders_role_ends_all_of_it_goes_to_another_in_the_same_moment(
    karen, referral, house, cast, life
):
    lead(house, cast, "Anna", since=cast.seated)  # who sits in the pair, and can take the referral
    lead(house, cast, "Lars")
    assert ends(karen, house, cast, "Lise").status_code == 303
    assert owner(house, cast) == cast.people["Lars"]
    assert owner_of(house, referral) == cast.people["Anna"]
    assert {("mentorship", life), ("referral", referral)} <= handed(house)


def test_a_leaders_role_does_not_end_while_nobody_can_take_over(karen, house, cast):
    stand_in(house, cast, "Nora")
    lead(house, cast, "Anna")
    before = stored.contents(house)
    answer = ends(karen, house, cast, "Lise")
    assert answer.status_code == 422
    assert "Giv en anden rollen som aktivitetsleder" in answer.text
    assert stored.contents(house)["role"] == before["role"]
    assert owner(house, cast) == cast.people["Lise"]


def test_a_leader_with_nothing_open_may_always_end(karen, house, cast):
    lead(house, cast, "Gustav", branch="Skov")
    assert ends(karen, house, cast, "Gustav").status_code == 303


@pytest.mark.parametrize("somebody", [True, False])
def test_when_a_leader_moves_to_another_branch_it_stays_and_another_takes_it(
    karen, house, cast, somebody
):
    if somebody:
        lead(house, cast, "Gustav")
    path = f"/konsulent/personer/{cast.people['Lise']}/afdeling"
    answer = post(karen, path, branch=str(cast.branches["Skov"]))
    assert answer.status_code == (303 if somebody else 422)
    assert owner(house, cast) == cast.people["Gustav" if somebody else "Lise"]
    where = cast.branches["Skov" if somebody else "Havn"]
    held = [r for r in stored.rows(house, "role") if r.person_id == cast.people["Lise"]]
    assert [r.branch_id for r in held if r.to_on is None] == [where]


def test_what_a_stand_in_receives_belongs_to_whom_they_stand_in_for(signed_in, lise, house, cast):
    stand_in(house, cast, "Nora")
    nora = signed_in("Nora")
    form = html.values(html.read(nora.get("/leder/henvisninger/ny").text).one(id="referral-form"))
    with house.work(writes=False):
        town = next(
            str(row.id)
            for row in stored.rows(house, "municipality")
            if row.branch_id == cast.branches["Havn"]
        )
    said = {
        "first_name": "Tarek",
        "municipality": town,
        "release_on": RELEASE.isoformat(),
    }
    assert nora.post("/leder/henvisninger/ny", data=form | said).status_code == 303
    assert owner_of(house, UUID(form["id"][0])) == cast.people["Lise"]


def test_a_stand_in_who_ends_gives_back_what_they_own(lise, referral, house, cast, send):
    made = stand_in(house, cast, "Nora")
    with house.work(writes=True) as (unit, _):
        db.change(REFERRALS.update().values(leader_id=cast.people["Nora"]))
        unit.commit()
    assert send(f"/leder/stedfortraeder/{made}/slut").status_code == 303
    assert owner_of(house, referral) == cast.people["Lise"]


def test_when_the_days_of_a_stand_in_run_out_the_night_gives_it_back(house, cast, referral):
    stand_in(house, cast, "Nora")
    with house.work(writes=True) as (unit, _):
        db.change(REFERRALS.update().values(leader_id=cast.people["Nora"]))
        unit.commit()
    pen = trail.Pen(house.keyring.trail, None, None)
    with house.work(writes=True) as (unit, _):
        assert owners.settle(pen) == 0  # while the stand-in leads
        unit.commit()
    step_down(house, cast, "Nora")
    with house.work(writes=True) as (unit, _):
        assert owners.settle(pen) == 1
        unit.commit()
    assert owner_of(house, referral) == cast.people["Lise"]
