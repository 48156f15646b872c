"""A referral that became a mentorship is read by whoever leads that mentorship today."""

from uuid import uuid4

import pytest

from app import clock, db
from app.domain import intakes, matches, referrals, stand_ins, trail
from app.domain.branches import MUNICIPALITIES
from app.domain.erasure import WISH
from app.domain.mentorships import MENTORSHIPS
from app.domain.referrals import MATCHED, RECEIVED, Referral, ReferralStep
from tests import stored
from tests.conftest import token_on

DAY = clock.today()
HERE = "/leder/henvisninger"


@pytest.fixture
def write(house, cast):
    """At the store, by Lise's hand."""

    def done(verb):
        with house.work(writes=True) as (unit, _):
            made = verb(trail.Pen(house.keyring.trail, cast.people["Lise"], None))
            unit.commit()
        return made

    return done


@pytest.fixture
def referral(cast, write):
    """The referral that Samir's mentorship came from."""

    def made(pen):
        life = MENTORSHIPS.select().where(MENTORSHIPS.c.id == cast.mentorships["Samir"])
        [life] = db.rows(life)
        row = Referral(
            id=uuid4(),
            branch_id=life.branch_id,
            participant_id=life.participant_id,
            municipality_id=life.municipality_id,
            release_on=life.release_on,
            received_on=life.matched_on,
            leader_id=life.leader_id,
            made_by=life.leader_id,
            made_at=clock.now(),
        )
        put(row, *(step(row.id, one, life.leader_id) for one in (RECEIVED, MATCHED)))
        begun = intakes.begin(row.id, life.participant_id, life.leader_id)
        points = {"who5": dict.fromkeys("abcde", 1)}
        intakes.save(begun, "wellbeing", points, pen, by=life.leader_id)
        return row.id

    return write(made)


def step(referral_id, name, by):
    return ReferralStep(id=uuid4(), referral_id=referral_id, step=name, at=clock.now(), by=by)


def put(*rows):
    for row in rows:
        db.session().add(row)
        db.session().flush()


@pytest.fixture
def moved(cast):
    """Samir's mentorship goes to a municipality of Skov, by the leader's page."""

    def go(client):
        with client.application.extensions["house"].work(writes=False):
            skov = MUNICIPALITIES.c.branch_id == cast.branches["Skov"]
            [town] = db.rows(MUNICIPALITIES.select().where(skov))
        send(
            client,
            f"/leder/forloeb/{cast.mentorships['Samir']}/flytning/kommune",
            municipality=str(town.id),
            sure="y",
        )

    return go


@pytest.fixture
def anna(cast, write, signed_in):
    """Of the pair, and the leader's stand-in."""
    lise, span = cast.people["Lise"], (DAY, DAY)
    write(
        lambda pen: stand_ins.name(
            uuid4(), cast.branches["Havn"], cast.people["Anna"], span, pen, by=lise
        )
    )
    return signed_in("Anna")


def send(client, path, **values):
    token = token_on(client, "/mig")
    return client.post(path, data={"csrf_token": token} | values).status_code


def everything(client, referral, samir):
    """The answer of each address that is about the referral or its participant."""
    about, here = f"/leder/sletning/om/{samir}", f"{HERE}/{referral}"
    read = [client.get(path).status_code for path in (here, f"{here}/udtraek", about)]
    wish, words = WISH, {"purpose": "sharing", "yes": "1"}
    return [
        *read,
        send(client, f"{here}/samtykke", **words),
        send(client, f"{here}/situation", release_on=DAY.isoformat(), institution="none"),
        send(client, f"{here}/screening", in_target="y", safe="y"),
        send(client, f"{here}/samtale"),
        send(client, f"{here}/slut", way="withdrawn"),
        send(client, about, why=wish),
    ]


def nothing(client, referral, cast, house):
    before = stored.counts(house)
    found = everything(client, referral, cast.participants["Samir"])
    return set(found) == {404} and stored.counts(house) == before


def test_its_leader_reads_what_became_of_it(signed_in, referral, cast):
    lise = signed_in("Lise")
    assert "Samirefternavn" in lise.get(f"{HERE}/{referral}").text
    assert str(referral) in lise.get(HERE).text
    assert lise.get(f"/leder/sletning/om/{cast.participants['Samir']}").status_code == 200


def test_T4_a_matched_referral_is_closed_to_the_branch_that_its_mentorship_left(
    signed_in, referral, cast, house, moved
):
    lise = signed_in("Lise")
    moved(lise)
    assert nothing(lise, referral, cast, house)
    assert str(referral) not in lise.get(HERE).text
    assert "Samir" not in lise.get(HERE).text


def test_T4_an_erasing_that_was_asked_for_names_nobody_to_the_branch_that_was_left(
    signed_in, referral, cast, house, moved
):
    lise = signed_in("Lise")
    send(lise, f"/leder/sletning/om/{cast.participants['Samir']}", why=WISH)
    [asked] = stored.rows(house, "erasure")
    assert "Samir" in lise.get(f"/leder/sletning/{asked.id}").text
    moved(lise)
    assert "Samir" not in lise.get(f"/leder/sletning/{asked.id}").text


def test_T4_a_mentor_who_leads_for_a_day_reads_nothing_of_the_own_participant(
    anna, referral, cast, house
):
    assert anna.get(HERE).status_code == 200
    assert nothing(anna, referral, cast, house)
    assert "Samir" not in anna.get(HERE).text


def test_after_the_match_nobody_answers_for_the_participant_on_the_referral(
    signed_in, referral, house
):
    lise, here = signed_in("Lise"), f"{HERE}/{referral}"
    before = stored.counts(house)
    assert send(lise, f"{here}/samtykke", purpose="sharing", yes="1") == 404
    assert send(lise, f"{here}/situation", release_on=DAY.isoformat()) == 404
    assert stored.counts(house) == before


@pytest.fixture
def proposal(cast, write):
    """Nora is asked about the seat that Bo has left."""

    def made(pen):
        row = matches.Match(
            id=uuid4(),
            participant_id=cast.participants["Samir"],
            branch_id=cast.branches["Havn"],
            mentorship_id=cast.mentorships["Samir"],
            way=matches.LEADER,
            first_id=cast.people["Nora"],
            proposed_by=cast.people["Lise"],
            proposed_at=clock.now(),
        )
        found = row.id
        put(row)
        return found

    return write(made)


def test_T4_a_proposal_goes_with_the_mentorship_whose_seat_it_fills(
    signed_in, cast, proposal, moved
):
    lise, back = signed_in("Lise"), f"/leder/match/forslag/{proposal}/tilbagetraekning"
    assert str(proposal) in lise.get("/leder/match").text
    moved(lise)
    assert str(proposal) not in lise.get("/leder/match").text
    assert send(lise, back) == 404
    lars = signed_in("Lars")
    assert str(proposal) in lars.get("/leder/match").text
    assert send(lars, back) == 303


def test_T4_a_mentor_who_leads_for_a_day_does_not_choose_the_co_mentor(anna, proposal):
    assert str(proposal) not in anna.get("/leder/match").text
    assert send(anna, f"/leder/match/forslag/{proposal}/tilbagetraekning") == 404


def test_a_referral_that_became_nothing_stays_its_branch_s(signed_in, write, house, cast):
    lise = signed_in("Lise")
    with house.work(writes=False):
        [town] = db.rows(
            MUNICIPALITIES.select().where(MUNICIPALITIES.c.branch_id == cast.branches["Havn"])
        )
    terms = referrals.Terms(
        "Tarek", None, None, town.id, None, DAY, None, DAY, None, None, consents=()
    )
    lise_id, branch = cast.people["Lise"], cast.branches["Havn"]
    made = write(lambda pen: referrals.receive(uuid4(), branch, terms, pen, by=lise_id))
    assert send(lise, f"{HERE}/{made}/slut", way="withdrawn") == 303
    assert lise.get(f"{HERE}/{made}").status_code == 200
    with house.work(writes=False):
        tarek = referrals.one(made).participant_id
    assert lise.get(f"/leder/sletning/om/{tarek}").status_code == 200
    assert signed_in("Lars").get(f"/leder/sletning/om/{tarek}").status_code == 404
