"""A link gets its person in once, within a week, and nobody else ever."""

from datetime import timedelta

import pytest

from app import clock, db
from app.domain import devices, invitations, people, sign_ins, trail
from app.domain.people import PEOPLE
from tests.devices import subscribe

HASH = "$argon2id$a-hash"


@pytest.fixture
def anna(cast):
    return cast.people["Anna"]


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on."""

    def move(by: timedelta) -> None:
        then = clock.now() + by
        monkeypatch.setattr(clock, "now", lambda: then)

    return move


def password_of(person):
    return db.rows(PEOPLE.select().where(PEOPLE.c.id == person))[0].password_hash


def state_of(person):
    return invitations.last_of([person])[person].state(clock.now())


def test_the_link_sets_the_password_once(work, pen, anna):
    token = invitations.invite(anna, pen, anna)
    assert state_of(anna) == invitations.SENT
    assert invitations.opened(token).person_id == anna

    assert invitations.accept(token, HASH, pen)
    assert password_of(anna) == HASH
    assert state_of(anna) == invitations.USED

    assert invitations.opened(token) is None
    assert not invitations.accept(token, "another", pen)
    assert password_of(anna) == HASH


def test_the_link_works_for_a_week_and_not_a_second_longer(work, pen, anna, later):
    token = invitations.invite(anna, pen, None)
    later(invitations.LASTS - timedelta(minutes=1))
    assert invitations.opened(token)
    later(timedelta(minutes=1))
    assert invitations.opened(token) is None
    assert not invitations.accept(token, HASH, pen)
    assert password_of(anna) != HASH
    assert state_of(anna) == invitations.RUN_OUT


def test_a_new_link_stops_the_one_before_it_and_nobody_elses(work, pen, cast, anna):
    bos = invitations.invite(cast.people["Bo"], pen, anna)
    old = invitations.invite(anna, pen, anna)
    new = invitations.invite(anna, pen, anna)
    assert invitations.opened(old) is None
    assert not invitations.accept(old, HASH, pen)
    assert invitations.opened(new).person_id == anna
    assert invitations.opened(bos).person_id == cast.people["Bo"]


def test_T1_coming_in_anew_ends_the_reminders_of_before_and_is_in_the_trail(
    work, house, pen, cast, anna
):
    begun = sign_ins.begin(anna, clock.today())
    device = subscribe(house, cast, "Anna")
    db.session().get(devices.Device, device).sign_in_id = begun.id
    subscribe(house, cast, "Anna")  # where a sign-in had run out
    bos = subscribe(house, cast, "Bo")
    assert invitations.accept(invitations.invite(anna, pen, anna), HASH, pen)
    assert sign_ins.of(anna) == []
    assert devices.of(anna) == []
    assert [one.id for one in devices.of(cast.people["Bo"])] == [bos]
    entries = db.rows(db.columns(trail.Entry).select())
    assert [e.object_id for e in entries if e.action == trail.SIGNED_OUT] == [begun.id]


def test_a_stopped_link_does_not_work(work, pen, anna):
    token = invitations.invite(anna, pen, anna)
    invitations.stop(anna)
    assert invitations.opened(token) is None
    assert state_of(anna) == invitations.STOPPED


def test_whoever_holds_no_role_today_is_not_let_in(work, pen, cast):
    token = invitations.invite(cast.people["Gustav"], pen, None)
    assert invitations.opened(token) is None
    assert not invitations.accept(token, HASH, pen)


def test_a_made_up_link_is_like_any_other_that_does_not_work(work, pen):
    assert invitations.opened("") is None
    assert invitations.opened("æ" * 500) is None
    assert not invitations.accept("made-up", HASH, pen)


def test_the_store_does_not_hold_the_token(work, pen, anna):
    token = invitations.invite(anna, pen, anna)
    row = db.rows(invitations.INVITATIONS.select())[0]
    assert token.encode() not in row.token_hash
    assert token not in str(row)


def test_inviting_and_coming_in_are_in_the_trail(work, pen, anna):
    invitations.accept(invitations.invite(anna, pen, anna), HASH, pen)
    entries = db.rows(db.columns(trail.Entry).select())
    assert [(e.action, e.object_id) for e in entries[-2:]] == [
        (trail.INVITED, anna),
        (trail.CAME_IN, anna),
    ]
    assert people.MENTOR not in {e.reason for e in entries}
