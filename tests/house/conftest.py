"""A store with one of everything that a route can be about."""

from datetime import timedelta
from functools import cache
from uuid import uuid4

import pytest

from app import clock, create_app, db
from app.clock import Week
from app.domain import (
    absences,
    alerts,
    closures,
    consents,
    erasure,
    feeds,
    gatherings,
    grants,
    handovers,
    invitations,
    mentorships,
    news,
    notices,
    partners,
    passkeys,
    pauses,
    plans,
    referrals,
    reviews,
    rota,
    sign_ins,
    stand_ins,
    threads,
    trail,
    turns,
    wishes,
)
from app.domain.branches import INSTITUTIONS, MUNICIPALITIES
from app.domain.closures import Terms as End
from app.domain.matches import Match
from app.domain.people import HELD
from app.domain.plans import Terms
from app.domain.turns import Note, Request
from app.web import week_form
from tests import html, logs
from tests.conftest import client_of, copied, settle
from tests.devices import subscribe

OPENS = "/p/<uuid:notice_id>"  # the one page whose opening is written down


@pytest.fixture(scope="session")
def with_things(with_cast, tmp_path_factory):
    """A store with the cast and all these things in it, made once and copied for every test."""
    source, cast = with_cast
    folder = tmp_path_factory.mktemp("with_things")
    app = create_app(copied(source, folder))
    house = app.extensions["house"]
    made = everything(lambda name: client_of(app, cast, name), cast, house)
    settle(house)
    return folder, made


@pytest.fixture
def settings(request, with_cast, migrated, tmp_path):
    """The stores of the test: as empty as it asks for."""
    asked = request.fixturenames
    source = with_cast[0] if "cast" in asked else migrated
    return copied(
        request.getfixturevalue("with_things")[0] if "things" in asked else source, tmp_path
    )


@pytest.fixture
def things(with_things):
    return dict(with_things[1])


@pytest.fixture(scope="module")
def reading(with_things, with_cast, tmp_path_factory):
    """One app with these things, and one client a member of the cast: for all that is only read."""
    app = create_app(copied(with_things[0], tmp_path_factory.mktemp("reading")))
    client = cache(lambda name: client_of(app, with_cast[1], name) if name else app.test_client())
    yield app, client
    app.extensions["house"].data.dispose()
    app.extensions["house"].keys.engine.dispose()


@pytest.fixture
def clients(request, route, things):
    """Who asks for a route: in an app of the test's own where it may change something."""
    if route.method == "GET" and route.rule != OPENS:
        return request.getfixturevalue("reading")[1]
    app, signed_in = (request.getfixturevalue(name) for name in ("app", "signed_in"))
    return lambda name: signed_in(name) if name else app.test_client()


def everything(signed_in, cast, house):
    """Ids by name: meetings of Anna's (held, cancelled, logged twice), a contact, a mentorship."""
    anna, bo = signed_in("Anna"), signed_in("Bo")
    double = logs.log(bo, when="yesterday", comment="Bos ord")
    form = html.values(html.read(anna.get("/kontakter/ny").text).one(id="contact-form"))
    contact = anna.post("/kontakter", data=form | {"kind": "call"}).location.split("/")[2]
    return {
        "held": logs.log(anna, comment="Annas ord"),
        "cancelled": logs.log(anna, outcome="cancelled", relation="", wellbeing=""),
        "double": double,
        "twin": logs.log(anna, when="yesterday", apart="1"),
        "contact": contact,
        **planned(house, cast),
        **between_the_two(house, cast),
        **of_weeks(house, cast),
        **of_reminders(house, cast),
        **of_ways_in(house, cast),
        **of_the_end(house, cast),
        **of_mentors(house, cast),
        **of_referrals(house, cast),
        **of_matches(house, cast),
        **of_the_branch(house, cast),
        **of_erasing(house, cast),
        "review": a_review(house, cast),
        "institution": an_institution(house),
        "branch": str(cast.branches["Havn"]),
        "mentorship": str(cast.mentorships["Samir"]),
        "new": "0f8fad5b-d9cb-469f-a165-70867728950e",
    }


def of_erasing(house, cast):
    """Lise asks for an erasing ahead of time; nobody has confirmed it."""
    lise, samir = cast.people["Lise"], cast.participants["Samir"]
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, lise, None)
        where = (erasure.PARTICIPANT, cast.branches["Havn"])
        made = erasure.ask(samir, *where, erasure.WISH, pen, by=lise)
        unit.commit()
    return {"erasure": str(made), "subject": str(samir)}


def planned(house, cast):
    """A meeting that Mia, who has left, was to come to; and the token of Bo's calendar."""
    made = uuid4()
    with house.work(writes=True) as (unit, _):
        mia, bo = cast.people["Mia"], cast.people["Bo"]
        terms = Terms(clock.today() + timedelta(days=3), comes_id=mia)
        plans.add(cast.mentorships["Samir"], terms, mia, plan_id=made)
        token = feeds.make(trail.Pen(house.keyring.trail, bo, None), by=bo)
        unit.commit()
    return {"plan": str(made), "token": token}


def between_the_two(house, cast):
    """Anna's note to Bo, a pause of 20 days ago that both are asked about, and Bo's wish."""
    day, made = clock.today(), [uuid4() for _ in range(3)]
    anna, bo = cast.people["Anna"], cast.people["Bo"]
    with house.work(writes=True) as (unit, _):
        mine = mentorships.of_mentor(anna, day)
        pen = trail.Pen(house.keyring.trail, anna, None)
        threads.write(made[0], mine, bo, "Kun til Bo", pen, by=anna)
        pauses.start(made[1], mine, day - timedelta(days=20), pen, by=anna)
        wishes.send(made[2], mine.id, wishes.STOP, "Kun til Lise", pen, by=bo)
        unit.commit()
    return {"bo": str(bo)} | dict(zip(("note", "pause", "wish"), map(str, made), strict=True))


def of_weeks(house, cast):
    """Anna's request to Bo with a note, her absence in another week, and a week free to give."""
    day, anna, made = clock.today(), cast.people["Anna"], [uuid4() for _ in range(2)]
    with house.work(writes=True) as (unit, _):
        mine = mentorships.of_mentor(anna, day)
        pen = trail.Pen(house.keyring.trail, anna, None)
        held = handovers.rota_of(mine.id, mine.seats, handovers.start_of(mine))
        coming = rota.mondays(Week.of(day).plus(1).monday, 6)
        asked, away, free = (m for m in coming if rota.holder_from(held, m) == anna)
        turns.ask(Request(made[0], [asked], note=Note(going="Godt")), mine, pen, by=anna)
        absences.be_away(Request(made[1], ()), away, away, mine, pen, by=anna)
        unit.commit()
    return {
        "handover": str(made[0]),
        "absence": str(made[1]),
        "asked": week_form.code(asked),
        "week": week_form.code(free),
    }


def of_reminders(house, cast):
    """A device of Anna's, where she is signed in too, and a notice that her week begins."""
    anna, now = cast.people["Anna"], clock.now()
    with house.work(writes=True) as (unit, _):
        device = subscribe(house, cast, "Anna")
        notices.at_once(anna, news.WEEK, cast.mentorships["Samir"], cast.mentorships["Samir"], now)
        [told] = notices.lately(anna, now - timedelta(days=1), 1)
        sign_in = sign_ins.begin(anna, clock.today()).id
        unit.commit()
    return {"device": str(device), "notice": str(told.id), "sign_in": str(sign_in)}


def of_ways_in(house, cast):
    """A passkey of Anna's."""
    anna = cast.people["Anna"]
    with house.work(writes=True) as (unit, _):
        passkeys.add(anna, b"a name", b"a key", 0, "")
        [made] = passkeys.of(anna)
        unit.commit()
    return {"passkey": str(made.id)}


def of_the_end(house, cast):
    """What Bo proposes: it waits for Lise."""
    made, day = uuid4(), clock.today()
    with house.work(writes=True) as (unit, _):
        bo = cast.people["Bo"]
        mine = mentorships.of_mentor(bo, day)
        terms = End(closures.PLANNED, "together", day)
        closures.propose(made, mine, terms, trail.Pen(house.keyring.trail, bo, None), by=bo)
        unit.commit()
    return {"closure": str(made)}


def a_review(house, cast):
    """An alarm about Lise."""
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        assert reviews.alarm(cast.people["Lise"], "many", 30, pen)
        [made] = reviews.waiting()
        unit.commit()
    return str(made.id)


def an_institution(house):
    with house.work(writes=False):
        return str(db.rows(INSTITUTIONS.select())[0].id)


def of_mentors(house, cast):
    """A mentor of Lise's branch with a way in, and a meeting of its mentors."""
    made, lise = uuid4(), cast.people["Lise"]
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, lise, None)
        branch = cast.branches["Havn"]
        gatherings.hold(made, branch, gatherings.MEETING, clock.today(), pen, by=lise)
        secret = invitations.invite(cast.people["Nora"], pen, by=lise)
        [role] = [r for r in db.rows(HELD.select()) if r.person_id == cast.people["Nora"]]
        unit.commit()
    return {
        "person": str(cast.people["Nora"]),
        "gathering": str(made),
        "secret": secret,
        "role": str(role.id),
    }


def of_referrals(house, cast):
    """Somebody who has been referred to Lise's branch."""
    made, lise = uuid4(), cast.people["Lise"]
    with house.work(writes=True) as (unit, _):
        found = db.rows(MUNICIPALITIES.select())
        town = next(m.id for m in found if m.branch_id == cast.branches["Havn"])
        day = clock.today()
        terms = referrals.Terms(
            "Tarek",
            None,
            None,
            town,
            None,
            day + timedelta(days=90),
            None,
            day,
            None,
            None,
            (consents.CONTACT,),
        )
        pen = trail.Pen(house.keyring.trail, lise, None)
        referrals.receive(made, cast.branches["Havn"], terms, pen, by=lise)
        unit.commit()
    return {"referral": str(made), "municipality": str(town)}


def of_matches(house, cast):
    """Nora is asked about Samir."""
    made = uuid4()
    with house.work(writes=True) as (unit, _):
        row = Match(
            id=made,
            participant_id=cast.participants["Samir"],
            branch_id=cast.branches["Havn"],
            mentorship_id=cast.mentorships["Samir"],
            way="leader",
            first_id=cast.people["Nora"],
            proposed_by=cast.people["Lise"],
            proposed_at=clock.now(),
        )
        db.session().add(row)
        db.session().flush()
        unit.commit()
    return {"match": str(made)}


def of_the_branch(house, cast):
    """A concern of Bo's, a stand-in, an expense and a partner of Lise's branch."""
    alert, named, expense, partner = (uuid4() for _ in range(4))
    bo, lise, branch = cast.people["Bo"], cast.people["Lise"], cast.branches["Havn"]
    day = clock.today()
    ahead = day + timedelta(days=60)
    with house.work(writes=True) as (unit, _):
        mine = mentorships.of_mentor(bo, day)
        pen = trail.Pen(house.keyring.trail, bo, None)
        alerts.raise_one(alert, mine, alerts.CONCERN, None, pen, by=bo)
        grants.ask(expense, mine, day, 100_00, "Kaffe", pen, by=bo)
        pen = trail.Pen(house.keyring.trail, lise, None)
        stand_ins.name(named, branch, cast.people["Mia"], (ahead, ahead), pen, by=lise)
        terms = partners.Terms("other", "Biblioteket", None, None, None, None, None)
        partners.save(partner, branch, terms, pen, by=lise)
        unit.commit()
    return {
        "alert": str(alert),
        "stand_in": str(named),
        "expense": str(expense),
        "partner": str(partner),
    }
