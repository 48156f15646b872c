"""A release date moves and takes its milestones with it; a participant moves house or prison."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import mentorships, news, notices, occasions, reminders, rounds, trail
from app.domain.branches import MUNICIPALITIES, Institution
from app.domain.mentorships import MENTORSHIPS
from app.domain.people import HELD
from tests import html, stored
from tests.conftest import token_on


@pytest.fixture
def move(signed_in, cast):
    def send(what, name="Lise", participant="Samir", **values):
        client = signed_in(name)
        here = f"/leder/forloeb/{cast.mentorships[participant]}/flytning"
        return client.post(f"{here}/{what}", data={"csrf_token": token_on(client, "/mig")} | values)

    return send


def life(house, cast, participant="Samir"):
    with house.work(writes=False):
        one = MENTORSHIPS.c.id == cast.mentorships[participant]
        return db.rows(MENTORSHIPS.select().where(one))[0]


def municipality_of(house, branch):
    with house.work(writes=False):
        found = db.rows(MUNICIPALITIES.select())
        return next(str(m.id) for m in found if m.branch_id == branch)


def test_everything_that_hangs_on_the_release_moves_with_it(move, signed_in, house, cast):
    was, becomes = life(house, cast).release_on, clock.today() + timedelta(days=50)
    assert move("loesladelse", release_on=becomes.isoformat()).status_code == 303
    assert life(house, cast).release_on == becomes
    page = html.read(signed_in("Lise").get(f"/leder/forloeb/{life(house, cast).id}/flytning").text)
    [shifts] = [s for s in page.all("section") if "Det flyttede med sidst" in s.text]
    assert [x.text for x in shifts.all("strong")] == [
        "Løsladelsesmøde",
        "Løsladelse",
        "Opfølgning på aftalen",
        "Planlagt afslutning",
    ]
    assert str(was.year) in shifts.one("del").text
    for name in ("Anna", "Bo"):  # the pair sees what moved, and is told
        assert "Løsladelsen er flyttet" in signed_in(name).get("/forloeb").text
        assert news.MOVED in told(house, cast, name)
    assert news.MOVED not in told(house, cast, "Mia")
    assert len(stored.acts(house, trail.MOVED)) == 1


def told(house, cast, name):
    with house.work(writes=False):
        found = notices.lately(cast.people[name], clock.now() - timedelta(days=1), 60)
    return {one.reminder for one in found}


def test_reminders_of_the_old_date_are_not_sent(move, house, cast):
    """A release week that was due is withdrawn once the release has moved away."""
    move("loesladelse", release_on=clock.today().isoformat())
    now = clock.now()
    assert news.RELEASE_WEEK in due(house, cast, now)
    move("loesladelse", release_on=(clock.today() + timedelta(days=90)).isoformat())
    assert news.RELEASE_WEEK not in due(house, cast, now)


def due(house, cast, now):
    with house.work(writes=False):
        [one] = [o for o in occasions.gather(now) if o.id == cast.mentorships["Samir"]]
        return {notice.reminder for notice in reminders.due(one, now + timedelta(days=7))} | {
            notice.reminder for notice in reminders.due(one, now)
        }


def test_the_word_to_the_pair_outlives_a_round_of_the_worker(move, house, cast):
    move("loesladelse", release_on=(clock.today() + timedelta(days=90)).isoformat())
    with house.work(writes=True) as (unit, _):
        rounds.make(clock.now() + timedelta(minutes=1))
        unit.commit()
    with house.work(writes=False):
        found = notices.lately(cast.people["Anna"], clock.now() - timedelta(days=1), 60)
    [moved] = [one for one in found if one.reminder == news.MOVED]
    assert moved.state not in (notices.WITHDRAWN, notices.SPARED)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("1970-01-01", "Den dag var forløbet ikke begyndt. Vælg en senere dag."),
        ("2100-01-01", "Vælg en dato inden for de næste tre år."),
        ("2026-02-31", "Vælg en dato."),
        ("", "Vælg en dato."),
    ],
)
def test_a_date_that_cannot_be_is_refused(move, house, cast, day, sentence):
    before = life(house, cast)
    answer = move("loesladelse", release_on=day)
    assert answer.status_code == 422
    page = html.read(answer.text)
    assert html.error_at(page, "release_on") == sentence
    assert life(house, cast) == before


def test_moved_twice_to_one_day_is_moved_once(move, house, cast):
    day = (clock.today() + timedelta(days=30)).isoformat()
    assert [move("loesladelse", release_on=day).status_code for _ in range(2)] == [303, 303]
    assert len(stored.rows(house, "move")) == 1


def test_the_institutions_are_a_history(move, signed_in, house, cast):
    with house.work(writes=True) as (unit, _):
        db.session().add(Institution(id=uuid4(), name="Vest Fængsel"))
        db.session().flush()
        unit.commit()
    west = next(str(r.id) for r in stored.rows(house, "institution") if r.name == "Vest Fængsel")
    move("institution", institution=west)
    move("institution", institution="none")
    assert life(house, cast).institution_id is None
    page = signed_in("Lise").get(f"/leder/forloeb/{life(house, cast).id}/flytning").text
    assert "Fra Øst Fængsel til Vest Fængsel" in page
    assert "Fra Vest Fængsel til ingen" in page
    assert move("institution", institution=str(uuid4())).status_code == 422


def test_to_another_branch_it_goes_with_its_leader_and_only_when_agreed(
    move, signed_in, house, cast
):
    there = municipality_of(house, cast.branches["Skov"])
    path = f"/leder/forloeb/{cast.mentorships['Samir']}"
    answer = move("kommune", municipality=there)
    assert answer.status_code == 422
    assert "hører til en anden afdeling" in answer.text
    assert signed_in("Lars").get(path).status_code == 404
    assert move("kommune", municipality=there, sure="y").status_code == 303
    moved = life(house, cast)
    assert (moved.branch_id, moved.leader_id) == (cast.branches["Skov"], cast.people["Lars"])
    assert signed_in("Lise").get(path).status_code == 404
    assert signed_in("Lars").get(path).status_code == 200
    with house.work(writes=False):  # the pair is the same
        assert mentorships.of_mentor(cast.people["Anna"], clock.today()).leader == "Lars"


def test_a_branch_without_a_leader_cannot_take_it(move, house, cast):
    with house.work(writes=True) as (unit, _):
        gone = HELD.update().where(HELD.c.person_id == cast.people["Lars"])
        db.change(gone.values(to_on=clock.today() - timedelta(days=1)))
        unit.commit()
    there = municipality_of(house, cast.branches["Skov"])
    answer = move("kommune", municipality=there, sure="y")
    assert answer.status_code == 422
    assert "ingen aktivitetsleder" in answer.text
    assert life(house, cast).branch_id == cast.branches["Havn"]


def test_an_ended_mentorship_moves_no_more(move, house, cast):
    with house.work(writes=True) as (unit, _):
        ended = MENTORSHIPS.update().where(MENTORSHIPS.c.id == cast.mentorships["Samir"])
        db.change(ended.values(ended_on=clock.today() - timedelta(days=1)))
        unit.commit()
    assert move("loesladelse", release_on=clock.today().isoformat()).status_code == 404
