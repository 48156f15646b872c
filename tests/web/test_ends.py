"""A leader proposes an end: another leader answers or, where there is none, the consultant."""

from datetime import timedelta

import pytest

from app import clock, db
from app.domain import closures, departures, occasions, trail
from app.domain.closures import CLOSURES
from tests import html, stored
from tests.leaders import lead, step_down
from tests.web.conftest import post

HERE = "/leder/afslutninger"
THERE = "/konsulent/afslutninger"
END = {"ending": "interrupted", "reason": "no_contact", "ended_by": "others"}


@pytest.fixture
def path(life):
    return f"/leder/forloeb/{life}/afslutning"


@pytest.fixture
def propose(signed_in, path):
    """A leader's proposal."""

    def send(name="Lise", **changes):
        client = signed_in(name)
        form = html.values(html.read(client.get(path).text).one(id="closure-form"))
        return client.post(path, data=form | END | changes)

    return send


@pytest.fixture
def pair_proposes(signed_in):
    def send(name="Bo"):
        client, here = signed_in(name), "/forloeb/afslutning"
        form = html.values(html.read(client.get(here).text).one(id="closure-form"))
        return client.post(here, data=form | END)

    return send


def newest(house):
    with house.work(writes=False):
        rows = db.rows(CLOSURES.select().order_by(CLOSURES.c.proposed_at.desc()))
        return closures.one(rows[0].id)


def told(house, cast):
    """Who hears that it waits, by name."""
    with house.work(writes=False):
        names = {person: name for name, person in cast.people.items()}
        [samir] = [o for o in occasions.gather(clock.now()) if o.id == cast.mentorships["Samir"]]
        return {names[event.person_id] for event in samir.ending}


def test_a_leader_proposes_and_another_leader_answers(propose, signed_in, house, cast):
    lead(house, cast, "Lars")
    assert propose().status_code == 303
    made = newest(house)
    assert (made.proposed_by, made.ending) == (cast.people["Lise"], "interrupted")
    assert told(house, cast) == {"Lars"}
    page = signed_in("Lise").get(f"{HERE}/{made.id}").text
    assert "En anden aktivitetsleder i afdelingen svarer" in page
    assert "godkendelse" not in page
    for verb in ("godkendelse", "tilbagesendelse"):
        sent = post(signed_in("Lise"), f"{HERE}/{made.id}/{verb}", comment="Ja")
        assert sent.status_code == 403
    assert newest(house).open
    assert post(signed_in("Lars"), f"{HERE}/{made.id}/godkendelse").status_code == 303
    assert newest(house).outcome == closures.APPROVED


def test_the_domain_itself_refuses_an_approver_who_proposed_it(propose, house, cast):
    propose()
    pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
    with house.work(writes=True):
        for verb in (closures.approve, lambda *a, **k: closures.send_back(a[0], "x", a[1], **k)):
            with pytest.raises(PermissionError):
                verb(newest_here(), pen, by=cast.people["Lise"])


def newest_here():
    return closures.one(db.rows(CLOSURES.select())[0].id)


def test_where_no_other_leads_the_consultant_sees_that_it_waits_and_answers(
    propose, karen, house, cast
):
    propose()
    made = newest(house)
    assert told(house, cast) == {"Karen"}
    assert "1 venter på dig" in karen.get("/konsulent").text
    assert "Samir" in karen.get(THERE).text
    assert "Ingen kontakt trods forsøg" in karen.get(f"{THERE}/{made.id}").text
    assert post(karen, f"{THERE}/{made.id}/godkendelse").status_code == 303
    assert newest(house).outcome == closures.APPROVED
    assert "Samir" not in karen.get(THERE).text
    reads = [e for e in stored.rows(house, "trail") if e.kind == "consultant_closures.one"]
    assert [e.actor_id for e in reads] == [cast.people["Karen"]]


def test_the_leader_who_proposed_it_is_told_of_the_answer_as_the_pair_is(
    propose, karen, house, cast
):
    propose()
    post(karen, f"{THERE}/{newest(house).id}/godkendelse")
    with house.work(writes=False):
        heard = {one.person_id for one in occasions.decided(clock.now())}
    assert heard == {cast.people[name] for name in ("Anna", "Bo", "Lise")}
    step_down(house, cast, "Lise")
    with house.work(writes=False):
        heard = {one.person_id for one in occasions.decided(clock.now())}
    assert heard == {cast.people[name] for name in ("Anna", "Bo")}


def test_the_consultant_sends_it_back_with_a_word(propose, karen, signed_in, house):
    propose()
    made = newest(house)
    forged = karen.post(f"{THERE}/{made.id}/tilbagesendelse", data={"comment": "Nej"})
    assert forged.status_code == 400
    assert newest(house).open
    answer = post(karen, f"{THERE}/{made.id}/tilbagesendelse", comment="")
    assert answer.status_code == 422
    assert "hvad der mangler" in html.error_at(html.read(answer.text), "comment")
    assert (
        post(karen, f"{THERE}/{made.id}/tilbagesendelse", comment="Ring først").status_code == 303
    )
    assert "Ring først" in signed_in("Anna").get("/forloeb/afslutning").text


def test_where_the_only_leader_sat_in_the_pair_the_consultant_answers_the_pairs_proposal(
    pair_proposes, karen, house, cast
):
    step_down(house, cast, "Lise")
    lead(house, cast, "Mia")  # who sat there once
    assert pair_proposes().status_code == 303
    assert told(house, cast) == {"Karen"}
    assert post(karen, f"{THERE}/{newest(house).id}/godkendelse").status_code == 303
    assert newest(house).outcome == closures.APPROVED


def test_what_a_leader_can_answer_is_not_the_consultants(pair_proposes, karen, house):
    pair_proposes()
    made = newest(house)
    assert "Samir" not in karen.get(THERE).text
    assert karen.get(f"{THERE}/{made.id}").status_code == 404
    assert post(karen, f"{THERE}/{made.id}/godkendelse").status_code == 404
    assert newest(house).open


def test_a_leaders_proposal_is_taken_back_by_a_leader_and_the_pairs_by_the_pair(
    propose, pair_proposes, signed_in, house
):
    propose()
    made = newest(house)
    anna = signed_in("Anna")
    page = anna.get("/forloeb/afslutning").text
    assert "Aktivitetslederen foreslog det" in page
    assert "tilbagetraekning" not in page
    taken = post(anna, "/forloeb/afslutning/tilbagetraekning", closure=str(made.id))
    assert taken.status_code == 403
    assert newest(house).open
    assert post(signed_in("Lise"), f"{HERE}/{made.id}/tilbagetraekning").status_code == 303
    assert newest(house).outcome == closures.WITHDRAWN
    assert "trukket sit forslag tilbage" in anna.get("/forloeb/afslutning").text
    pair_proposes()
    made = newest(house)
    assert post(signed_in("Lise"), f"{HERE}/{made.id}/tilbagetraekning").status_code == 403
    assert newest(house).open


def test_a_mentorship_without_mentors_can_end(propose, karen, house, cast, life):
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Lise"], None)
        for name in ("Anna", "Bo"):
            departures.leave(life, cast.participants["Samir"], cast.people[name], pen)
        unit.commit()
    assert propose().status_code == 303
    assert post(karen, f"{THERE}/{newest(house).id}/godkendelse").status_code == 303
    assert newest(house).outcome == closures.APPROVED


def test_bad_input_is_said_at_its_field_and_what_was_chosen_is_kept(lise, propose, path, house):
    answer = propose(reason="")
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert "afbrudt" in html.error_at(page, "reason")
    assert html.values(page.one(id="closure-form"))["ended_by"] == ["others"]
    assert stored.rows(house, "closure") == []
    assert propose().status_code == 303
    assert "Se det forslag, der ligger" in lise.get(path).text


def test_overdue_and_the_decision_that_it_ends_lead_to_the_form(
    lise, signed_in, house, cast, life, path
):
    anna = signed_in("Anna")
    form = html.values(html.read(anna.get("/forloeb/brudt").text).one(id="broken-form"))
    assert anna.post("/forloeb/brudt", data=form | {"code": "money"}).status_code == 303
    [raised] = stored.rows(house, "alert")
    decided = post(lise, f"/leder/bekymringer/{raised.id}/svar", outcome="ends")
    assert decided.location == path
    with house.work(writes=True) as (unit, _):
        mine = closures.MENTORSHIPS.c.id == life
        long_ago = clock.today() - timedelta(days=500)
        both = {"release_on": long_ago, "matched_on": long_ago, "met_on": clock.today()}
        db.change(closures.MENTORSHIPS.update().where(mine).values(**both))
        unit.commit()
    rows = html.read(lise.get("/leder").text).all("a")
    assert path in {a.attrs["href"] for a in rows}


def test_who_proposed_it_is_not_told_on_the_overview_that_it_waits_for_them(
    propose, lise, signed_in, house, cast
):
    lead(house, cast, "Lars")
    propose()
    assert "Afslutning venter på dig" not in lise.get("/leder").text
    assert "Venter på en anden" in lise.get(HERE).text
    assert "Afslutning venter på dig" in signed_in("Lars").get("/leder").text
