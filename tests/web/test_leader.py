"""The leader's overview, where the leader is one of a pair too."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlmodel import select

from app import clock, db
from app.domain import mentorships
from app.domain.agreements import Agreement
from app.domain.mentorships import MENTORSHIPS, Participant
from app.domain.people import LEADER, Person, Role
from app.web import leader
from tests import html, logs


@pytest.fixture
def anna_leads(house, cast):
    with house.work(writes=True) as (unit, _):
        db.session().add(
            Role(
                person_id=cast.people["Anna"],
                role=LEADER,
                branch_id=cast.branches["Havn"],
                from_on=cast.seated,
            )
        )
        unit.commit()


def test_a_leader_does_not_read_the_co_mentor_s_wellbeing_in_the_own_pair(
    anna_leads, signed_in, cast
):
    logs.log(signed_in("Bo"), wellbeing="2")
    own = f"/leder/forloeb/{cast.mentorships['Samir']}"
    assert signed_in("Anna").get(own).status_code == 404
    assert own not in signed_in("Anna").get("/leder").text
    assert signed_in("Lise").get(own).status_code == 200


def test_an_erased_mentor_takes_no_page_from_the_leader(house, signed_in, cast):
    logs.log(signed_in("Bo"))
    house.keys.erase(cast.people["Bo"], clock.today())
    page = signed_in("Lise").get(f"/leder/forloeb/{cast.mentorships['Samir']}")
    assert page.status_code == 200
    assert "Samir" in page.text


def test_what_calls_for_nobody_stands_behind_one_tap(signed_in, cast):
    lise = signed_in("Lise")
    logs.log(signed_in("Anna"))
    path = f"/leder/forloeb/{cast.mentorships['Samir']}"
    quiet = lise.get("/leder").text
    assert path not in quiet
    assert "Ingen forløb kalder på dig lige nu." in quiet
    assert "Vis alle forløb (1)" in quiet
    assert path in lise.get("/leder?alle=1").text


def test_the_leader_calls_the_pair_and_the_participant_in_one_tap(signed_in, house, cast):
    """Overblik says whom to call: the number is on the page that it leads to."""
    lise = signed_in("Lise")
    page = html.read(lise.get(f"/leder/forloeb/{cast.mentorships['Samir']}").text)
    [samir] = [r.phone for r in read(house, Participant) if r.first_name == "Samir"]
    pair = [r.phone for r in read(house, Person) if r.first_name in ("Anna", "Bo")]
    called = {a.attrs["href"] for a in page.all("a") if a.attrs["href"].startswith("tel:")}
    assert called == {f"tel:{number}" for number in (samir, *pair)}
    anna = cast.people["Anna"]
    page = html.read(lise.get(f"/leder/mentorer/{anna}").text)
    assert "Anna Annaefternavn" in page.one("h1").text
    [number] = [r.phone for r in read(house, Person) if r.id == anna]
    assert f"tel:{number}" in [a.attrs["href"] for a in page.all("a")]


def test_a_concern_stands_beside_the_number_of_who_raised_it(signed_in, house, cast):
    bo = signed_in("Bo")
    form = html.values(html.read(bo.get("/bekymring").text).one(id="concern-form"))
    bo.post("/bekymring", data=form)
    [number] = [r.phone for r in read(house, Person) if r.first_name == "Bo"]
    page = html.read(signed_in("Lise").get("/leder/bekymringer").text)
    [link] = [a for a in page.all("a") if a.attrs["href"].startswith("tel:")]
    assert (link.attrs["href"], link.text) == (f"tel:{number}", "Ring til Bo")


def read(house, model):
    """The rows with what is sealed in them, opened while the keys are at hand."""
    with house.work(writes=False):
        return [
            SimpleNamespace(id=row.id, first_name=row.first_name, phone=row.phone)
            for row in db.session().exec(select(model)).all()
        ]


def test_silence_is_the_reason_and_the_line_leads_to_the_mentorship(signed_in, cast):
    page = html.read(signed_in("Lise").get("/leder").text)
    [row] = [a for a in page.all("a") if "Samir" in a.text]
    assert "Ikke mødtes endnu, 120 dage efter start" in row.text
    assert row.attrs["href"] == f"/leder/forloeb/{cast.mentorships['Samir']}"


def test_a_leader_can_ask_for_the_own_ones(anna_leads, house, signed_in, cast):
    """Two lead the branch; Lise owns the mentorship."""
    with house.work(writes=True) as (unit, _):
        mine = MENTORSHIPS.c.id == cast.mentorships["Samir"]
        db.change(MENTORSHIPS.update().where(mine).values(leader_id=cast.people["Anna"]))
        unit.commit()
    lise = signed_in("Lise")
    assert "Samir" in lise.get("/leder").text
    assert "Samir" not in lise.get("/leder?ejer=mig").text


@pytest.mark.parametrize("asked", ["fra=-1", "fra=x", "fra=99999999", "ejer=alle", "alle="])
def test_no_address_breaks_the_page(signed_in, asked):
    assert signed_in("Lise").get(f"/leder?{asked}").status_code == 200


def test_overblik_asks_six_times_at_most(signed_in, house):
    """Who asks, what there is, the names; and three for the access log."""
    lise, sent = signed_in("Lise"), []
    lise.get("/leder?alle=1")
    event.listen(house.data, "before_cursor_execute", lambda *call: sent.append(call[2]))
    assert lise.get("/leder?alle=1").status_code == 200
    asked = [s for s in sent if s.split()[0] not in ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")]
    assert 4 <= len(asked) <= 6, [s[:60] for s in asked]


def partner(client, name):
    form = html.values(html.read(client.get("/leder/partnere/ny").text).one(id="partner-form"))
    due = {"kind": "other", "name": name, "review_on": clock.today().isoformat()}
    assert client.post("/leder/partnere", data=form | due).status_code == 303


def links(client, path):
    page = html.read(client.get(path).text)
    return {a.text.strip(): a.attrs["href"] for a in page.all("a")}


def test_what_is_asked_for_is_kept_from_tap_to_tap(anna_leads, house, signed_in, cast):
    lise = signed_in("Lise")
    for number in range(leader.A_PAGE + 1):
        partner(lise, f"Partner {number}")
    own_pair = MENTORSHIPS.c.id == cast.mentorships["Jonas"]
    with house.work(writes=True) as (unit, _):  # two own the branch's mentorships
        moved = {"branch_id": cast.branches["Havn"], "leader_id": cast.people["Anna"]}
        db.change(MENTORSHIPS.update().where(own_pair).values(**moved))
        unit.commit()
    far = links(lise, "/leder?arbejde=fjernt&ejer=mig")
    assert far["Vis flere"] == f"/leder?ejer=mig&arbejde=fjernt&fra={leader.A_PAGE}"
    assert far["Alle"] == "/leder?arbejde=fjernt"
    assert far["Mentorer og forløb"] == "/leder?ejer=mig"
    assert "Partner" in lise.get(far["Vis flere"]).text
    assert links(lise, "/leder?ejer=mig")["Partnere"] == "/leder?ejer=mig&arbejde=fjernt"


def test_a_reason_leads_to_where_it_is_seen_to(house, signed_in, cast):
    logs.log(signed_in("Anna"))
    life = cast.mentorships["Samir"]

    def step(release):
        with house.work(writes=True) as (unit, _):
            db.change(
                MENTORSHIPS.update().where(MENTORSHIPS.c.id == life).values(release_on=release)
            )
            unit.commit()
        [row] = [
            a for a in html.read(signed_in("Lise").get("/leder").text).all("a") if "Samir" in a.text
        ]
        return row

    today = clock.today()
    followed = step(mentorships.months_before(today, 7))
    assert "Opfølgning efter 6 måneder" in followed.text
    assert followed.attrs["href"] == f"/leder/forloeb/{life}/opfoelgning"
    with house.work(writes=True) as (unit, _):  # so that nothing comes before it
        db.session().add(agreed(life, cast))
        unit.commit()
    asked = step(today + timedelta(days=60))  # nobody has asked about a transfer
    assert "Samtykke til besked ved overflytning mangler" in asked.text
    assert asked.attrs["href"] == f"/leder/forloeb/{life}/samtykker"


def agreed(life, cast):
    return Agreement(
        mentorship_id=life,
        participant_id=cast.participants["Samir"],
        version="start",
        at=clock.now(),
        by=cast.people["Anna"],
        focus=0,
        ways=0,
        ticked=7,
        present=3,
    )


def test_far_work_stands_apart_from_near(signed_in):
    lise = signed_in("Lise")
    partner(lise, "Biblioteket")
    near, far = lise.get("/leder").text, lise.get("/leder?arbejde=fjernt").text
    assert ("Biblioteket" in near, "Samir" in near) == (False, True)
    assert ("Biblioteket" in far, "Samir" in far) == (True, False)
