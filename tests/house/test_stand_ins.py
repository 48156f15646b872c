"""How far a stand-in's rights reach, who can become one, and how they get to the leader's pages."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import code_apps, devices, stand_ins, trail
from app.domain.people import HELD, PEOPLE
from app.domain.sign_ins import OTHERS_STAY
from tests import html, stored
from tests.devices import address
from tests.house.test_ways_in import enrolled, password, send

HERE = "/leder/stedfortraeder"
DAY = clock.today()
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def name(signed_in, cast):
    """Somebody names a stand-in on the page."""

    def post(who, person, first=0, last=3):
        client = signed_in(who)
        sent = {
            "id": str(uuid4()),
            "branch": str(cast.branches["Havn"]),
            "person": str(cast.people[person]),
            "from_on": (clock.today() + timedelta(days=first)).isoformat(),
            "to_on": (clock.today() + timedelta(days=last)).isoformat(),
        }
        return send(client, HERE, "/mig", **sent)

    return post


@pytest.fixture
def later(time_machine):
    return lambda by: time_machine.move_to(clock.now() + by)


def leads(house, cast, person):
    own = (HELD.c.person_id == cast.people[person]) & (HELD.c.role == "leader")
    with house.work(writes=False):
        return bool(db.rows(HELD.select().where(own)))


def offered(client):
    page = html.read(client.get(HERE).text)
    return {one.text for one in page.one("select", name="person").all("option")}


# --- Who names whom ---------------------------------------------------------------------------


def test_T4_a_stand_in_names_no_stand_in(name, signed_in, house, cast):
    assert name("Lise", "Nora").status_code == 303
    page = html.read(signed_in("Nora").get(HERE).text)
    assert "Kun afdelingens faste aktivitetsleder" in page.text
    assert page.all(id="stand-in-form") == []
    assert name("Nora", "Bo").status_code == 403
    assert not leads(house, cast, "Bo")


def test_T4_a_stand_in_is_named_half_a_year_ahead_at_the_most(name, house, cast):
    ahead = stand_ins.AHEAD.days
    answer = name("Lise", "Nora", ahead + 1, ahead + 2)
    assert answer.status_code == 422
    sentence = html.error_at(html.read(answer.text), "from_on")
    assert sentence == "Vælg en dag inden for det næste halve år."
    assert not leads(house, cast, "Nora")
    assert name("Lise", "Nora", ahead, ahead + 1).status_code == 303


def test_T2_whose_role_has_ended_cannot_be_named(name, signed_in, house, cast):
    assert "Gustav" not in offered(signed_in("Lise"))
    assert name("Lise", "Gustav").status_code == 422
    assert not leads(house, cast, "Gustav")


def test_who_stands_in_elsewhere_leads_nowhere_else(name, house, cast):
    """Only leaders of other branches are known beside the branch's own people."""
    with house.work(writes=True) as (unit, _):
        lars = cast.people["Lars"]
        pen = trail.Pen(house.keyring.trail, lars, None)
        span = (DAY, DAY + timedelta(days=3))
        stand_ins.name(
            cast.people["Otto"], cast.branches["Skov"], cast.people["Otto"], span, pen, lars
        )
        unit.commit()
    assert name("Lise", "Otto").status_code == 422
    assert name("Lise", "Lars").status_code == 303


def test_only_who_can_get_in_is_offered(signed_in, app, house, cast):
    """A passkey alone, or a password with a code app; a password alone lets nobody in."""
    lise = signed_in("Lise")
    object.__setattr__(house.settings, "password_alone", False)
    assert offered(lise) & {"Anna", "Bo", "Nora"} == set()
    enrolled(signed_in("Nora"))
    with house.work(writes=True) as (unit, _):
        nora = PEOPLE.c.id == cast.people["Nora"]
        db.change(PEOPLE.update().where(nora).values(password_hash=None))
        code_apps.put(cast.people["Bo"], code_apps.new_secret(), 0)
        unit.commit()
    assert offered(lise) & {"Anna", "Bo", "Nora"} == {"Bo", "Nora"}


def test_who_has_only_a_passkey_has_a_way_in(signed_in, house, cast):
    enrolled(signed_in("Nora"))
    with house.work(writes=True) as (unit, _):
        nora = PEOPLE.c.id == cast.people["Nora"]
        db.change(PEOPLE.update().where(nora).values(password_hash=None))
        unit.commit()
    text = signed_in("Karen").get(f"/konsulent/personer/{cast.people['Nora']}").text
    assert "Ikke inviteret endnu" not in text


def test_T15_naming_a_stand_in_asks_who_it_is(signed_in, house, cast, later):
    object.__setattr__(house.settings, "idle", timedelta(minutes=15))
    lise = signed_in("Lise")
    for _ in range(2):
        later(timedelta(minutes=10))
        form = html.values(html.read(lise.get(HERE).text).one(id="stand-in-form"))
    form |= {"person": str(cast.people["Nora"]), "to_on": DAY.isoformat()}
    answer = lise.post(HERE, data=form)
    assert answer.status_code == 403
    assert html.read(answer.text).all(id="prove-form")
    assert not leads(house, cast, "Nora")


def test_T30_a_stand_in_is_somebody_with_a_new_role(name, house, cast):
    """Whoever watches for curiosity reads it."""
    name("Lise", "Nora")
    [given] = [row for row in stored.acts(house, trail.JOINED) if row.kind == "role"]
    assert (given.object_id, given.reason) == (cast.people["Nora"], "leader")


# --- An older sign-in -------------------------------------------------------------------------


def test_T1_a_mentor_s_old_sign_in_does_not_become_a_leader_s(name, signed_in, later):
    nora = signed_in("Nora")
    later(OTHERS_STAY + A_MINUTE)
    name("Lise", "Nora")
    assert nora.get("/").status_code == 200
    answer = nora.get("/leder/mentorer")
    assert answer.status_code == 403
    page = html.read(answer.text)
    assert "Log ind igen for at komme videre" in page.text
    assert "Dine sider som mentor virker som før" in page.text
    link = next(a.attrs["href"] for a in page.all("a") if "Log ind igen" in a.text)
    assert (urlsplit(link).path, parse_qs(urlsplit(link).query)) == (
        "/log-ind",
        {"next": ["/leder/mentorer"]},
    )
    # Their own pages show the way, and are theirs as before.
    assert "Mine sider som aktivitetsleder" in nora.get("/mig").text
    assert nora.get("/konsulent").status_code == 403
    assert "Log ind igen" not in nora.get("/konsulent").text


def test_T1_neither_does_what_is_sent_from_it(name, signed_in, later, house):
    nora = signed_in("Nora")
    later(OTHERS_STAY + A_MINUTE)
    name("Lise", "Nora")
    before = stored.counts(house)
    answer = send(nora, "/leder/mentorer/ny", "/mig", first_name="x")
    assert answer.status_code == 403
    assert "Log ind igen" in answer.text
    assert stored.counts(house) == before


def test_within_twelve_hours_it_does(name, signed_in, later):
    nora = signed_in("Nora")
    later(OTHERS_STAY - A_MINUTE)
    name("Lise", "Nora")
    assert nora.get("/leder").status_code == 200


def test_signing_in_again_leads_on_and_takes_the_old_sign_in_s_place(name, app, house, cast, later):
    """The phone is known, its reminders go on, and the old sign-in is over."""
    nora = app.test_client()
    email = cast.email("Nora")
    assert password(nora, email=email).status_code == 303
    sent = address() | {"number": "1"}
    assert send(nora, "/mig/enheder", "/mig/paamindelser", **sent).status_code in (200, 204, 303)
    later(OTHERS_STAY + A_MINUTE)
    name("Lise", "Nora")
    asked = nora.get("/log-ind?next=/leder")
    assert asked.status_code == 200
    assert "Nora" not in asked.text
    answer = password(nora, email=email, next="/leder")
    assert (answer.status_code, answer.location) == (303, "/leder")
    assert nora.get("/leder").status_code == 200
    own = [r for r in stored.rows(house, "sign_in") if r.person_id == cast.people["Nora"]]
    old, new = sorted(own, key=lambda row: row.at)
    assert old.ended_at is not None
    assert new.ended_at is None
    with house.work(writes=False):
        assert devices.subscribed_on(new.id) is not None


def test_who_is_signed_in_already_is_not_asked_again(signed_in):
    assert signed_in("Nora").get("/log-ind").location == "/"
