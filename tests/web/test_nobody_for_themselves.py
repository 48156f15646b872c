"""A leader who is also a mentor: others tick, call and answer for them."""

import threading
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock, db
from app.domain import departures, matches, mentorships, roles, stand_ins, trail, wishes
from app.domain.people import LEADER
from tests import html, stored
from tests.mentors import join, ready
from tests.web.conftest import post

DAY = clock.today()
WAIT = 2  # seconds, for one who is held up by the other


class Silent(trail.Pen):
    """Writes nothing, so that the trail's own order keeps nobody apart."""

    def write(self, *_, **__):
        pass


@pytest.fixture
def nora(house, cast, signed_in):
    """A mentor of Havn who leads it too."""
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, cast.people["Karen"], None)
        roles.give(cast.people["Nora"], LEADER, cast.branches["Havn"], (DAY, None), pen)
        unit.commit()
    return signed_in("Nora")


@pytest.fixture
def gathering(lise):
    form = html.values(html.read(lise.get("/leder/moeder").text).one(id="gathering-form"))
    assert lise.post("/leder/moeder", data=form | {"kind": "meeting"}).status_code == 303
    return f"/leder/moeder/{form['id'][0]}"


def there(house, cast):
    names = {one: name for name, one in cast.people.items()}
    return {names[row.person_id] for row in stored.rows(house, "attendance")}


def test_a_leader_ticks_the_others_and_not_themselves(nora, lise, gathering, house, cast):
    page = html.read(nora.get(gathering).text)
    assert "Dit eget kryds sætter en anden aktivitetsleder." in page.text
    own, anna = str(cast.people["Nora"]), str(cast.people["Anna"])
    [box] = page.all("input", name="came", value=own)
    assert "disabled" in box.attrs
    assert post(nora, gathering, came=[own, anna]).status_code == 303
    assert there(house, cast) == {"Anna"}
    assert post(lise, gathering, came=[own]).status_code == 303
    assert there(house, cast) == {"Nora"}
    assert post(nora, gathering, came=[anna]).status_code == 303  # nor takes it away
    assert there(house, cast) == {"Nora", "Anna"}
    assert "Dit eget kryds" not in lise.get(gathering).text


def test_a_leader_calls_nobody_but_others(nora, lise, house, cast):
    path = f"/leder/mentorer/{cast.people['Nora']}/opkald"
    answer = post(nora, path)
    assert answer.status_code == 422
    assert "Det kan du ikke gøre for dig selv" in answer.text
    assert stored.rows(house, "call") == []
    assert post(lise, path).status_code == 303


def test_T4_a_mentor_who_leads_does_not_read_what_the_co_mentor_wishes(
    house, cast, signed_in, lise
):
    life, bo = cast.mentorships["Samir"], cast.people["Bo"]
    with house.work(writes=True) as (unit, _):
        mine = trail.Pen(house.keyring.trail, bo, None)
        wishes.send(uuid4(), life, "stop", None, mine, by=bo)
        span, by = (DAY, DAY + timedelta(days=2)), cast.people["Lise"]
        pen = trail.Pen(house.keyring.trail, by, None)
        stand_ins.name(uuid4(), cast.branches["Havn"], cast.people["Anna"], span, pen, by)
        unit.commit()
    page, said = f"/leder/mentorer/{bo}", "vil stoppe"
    assert said in lise.get(page).text
    anna = signed_in("Anna")
    assert anna.get(page).status_code == 200
    assert said not in anna.get(page).text


def test_of_two_who_say_yes_at_once_to_one_seat_one_gets_it(any_house, any_cast, monkeypatch):
    """The trail's head keeps writers in a row as well; the seat does not lean on it."""
    life, samir = any_cast.mentorships["Samir"], any_cast.participants["Samir"]
    join(any_house, any_cast, "Pia")
    asked = {ready(any_house, any_cast, name): uuid4() for name in ("Nora", "Pia")}
    lise = any_cast.people["Lise"]
    with any_house.work(writes=True) as (unit, _):
        pen = trail.Pen(any_house.keyring.trail, lise, None)
        departures.leave(life, samir, any_cast.people["Bo"], pen)
        for person, made in asked.items():
            row = matches.Match(
                id=made,
                participant_id=samir,
                branch_id=any_cast.branches["Havn"],
                mentorship_id=life,
                way=matches.LEADER,
                first_id=person,
                proposed_by=lise,
                proposed_at=clock.now(),
            )
            db.session().add(row)
            db.session().flush()
        unit.commit()
    both, look, out = threading.Barrier(2), matches._life, []

    def looked(mentorship_id):
        found = look(mentorship_id)
        with suppress(threading.BrokenBarrierError):
            both.wait(WAIT)
        return found

    monkeypatch.setattr(matches, "_life", looked)

    def say_yes(person, made):
        with any_house.work(writes=True) as (unit, _):
            pen = Silent(any_house.keyring.trail, person, None)
            try:
                matches.answer(matches.one(made), True, pen, by=person)
                unit.commit()
                out.append("yes")
            except matches.Refused as refused:
                out.append(refused.why)

    answers = [threading.Thread(target=say_yes, args=pair) for pair in asked.items()]
    for one in answers:
        one.start()
    for one in answers:
        one.join()
    assert sorted(out) == ["full", "yes"]
    with any_house.work(writes=False):
        seats = mentorships.one(life, DAY).seats
    assert len([seat for seat in seats if seat.holds(DAY)]) == 2
