"""A mentor's wish: one at a time, sealed under the mentor's own key, handled once."""

from uuid import uuid4

import pytest

from app import clock
from app.domain import trail, wishes
from app.domain.receipts import Different, NotTheirs
from app.domain.wishes import CHANGE, STOP, AlreadyOpen, Meanwhile
from tests import stored
from tests.threads import at_once

WORDS = "Mit arbejde fylder for meget"


@pytest.fixture
def act(any_house, any_cast):
    """Run something as one of the cast, in a unit of work of its own."""

    def done(what, by):
        with any_house.work(writes=True) as (unit, _):
            result = what(trail.Pen(any_house.keyring.trail, any_cast.people[by], None))
            unit.commit()
        return result

    return done


@pytest.fixture
def send(any_cast, act):
    def sent(by="Bo", kind=STOP, words=WORDS, client_id=None, about="Samir"):
        here, made = any_cast.mentorships.get(about), client_id or uuid4()
        person = any_cast.people[by]
        return act(lambda pen: wishes.send(made, here, kind, words, pen, by=person), by)

    return sent


@pytest.fixture
def handle(any_cast, act):
    def handled(wish, by="Lise"):
        person = any_cast.people[by]
        return act(lambda pen: wishes.handle(wishes.one(wish), pen, by=person), by)

    return handled


@pytest.fixture
def withdraw(act):
    def withdrawn(wish, by="Bo"):
        return act(lambda pen: wishes.withdraw(wishes.one(wish), pen), by)

    return withdrawn


@pytest.fixture
def open_ones(any_house, any_cast):
    def ids(about="Samir"):
        with any_house.work(writes=False):
            return [wish.id for wish in wishes.open_for(any_cast.mentorships[about])]

    return ids


def test_a_wish_is_open_for_its_own_mentorship(any_house, any_cast, send, open_ones):
    made = send()
    assert (open_ones(), open_ones("Jonas")) == ([made], [])
    with any_house.data.connect() as connection:
        here, there = (
            connection.execute(wishes.OPEN, {"branches": [any_cast.branches[name]]}).all()
            for name in ("Havn", "Skov")
        )
    assert there == []
    assert [(row.ref, row.person, row.word) for row in here] == [
        (made, any_cast.people["Bo"], STOP)
    ]
    assert here[0].cell is None  # an overview never carries the words


def test_the_words_are_sealed_under_the_mentor_s_own_key(any_house, any_cast, send):
    made = send()
    (row,) = stored.rows(any_house, "wish")
    assert WORDS.encode() not in row.words_ct
    any_house.keys.erase(any_cast.participants["Samir"], clock.today())
    with any_house.work(writes=False):
        assert wishes.one(made).words() == WORDS
    any_house.keys.erase(any_cast.people["Bo"], clock.today())
    with any_house.work(writes=False):
        assert wishes.one(made).words() is None


def test_the_words_are_optional(any_house, send):
    made = send(words=None)
    with any_house.work(writes=False):
        assert wishes.one(made).words() is None


def test_the_same_id_gives_one_wish(any_house, send):
    client_id = uuid4()
    assert send(client_id=client_id) == send(client_id=client_id) == client_id
    assert len(stored.rows(any_house, "wish")) == len(stored.acts(any_house, "asked")) == 1
    for changed in ({"kind": CHANGE}, {"words": "Andet"}):
        with pytest.raises(Different):
            send(client_id=client_id, **changed)
    with pytest.raises(NotTheirs):
        send(by="Anna", client_id=client_id)


def test_one_waits_at_a_time(any_house, send, handle):
    made = send()
    with pytest.raises(AlreadyOpen):
        send(kind=CHANGE)
    handle(made)
    assert send(kind=CHANGE) != made
    assert send(by="Anna")  # the co-mentor's is the co-mentor's own


def test_two_devices_at_once_send_one(any_house, send):
    def attempt(_):
        try:
            return send()
        except AlreadyOpen:
            return None

    made = at_once([lambda n=n: attempt(n) for n in range(2)])
    assert made.count(None) == 1
    assert len(stored.rows(any_house, "wish")) == 1


def test_a_wish_is_handled_once(any_house, send, handle, open_ones):
    made = send()
    handle(made)
    handle(made)  # the same leader, again
    assert open_ones() == []
    assert len(stored.acts(any_house, "settled")) == 1
    with pytest.raises(Meanwhile):
        handle(made, by="Lars")


def test_taking_back_deletes_the_words(any_house, send, withdraw, open_ones):
    made = send()
    withdraw(made)
    withdraw(made)
    (row,) = stored.rows(any_house, "wish")
    assert (row.words_ct, open_ones()) == (None, [])
    assert len(stored.acts(any_house, "took_back")) == 1


def test_what_is_handled_is_not_taken_back_and_the_other_way_round(send, handle, withdraw):
    made = send()
    handle(made)
    with pytest.raises(Meanwhile):
        withdraw(made)
    again = send()
    withdraw(again)
    with pytest.raises(Meanwhile):
        handle(again)


def test_a_wish_without_a_mentorship_is_for_the_mentor_s_branch(any_house, any_cast, send):
    made = send(by="Nora", about=None)
    people, branches = any_cast.people, any_cast.branches

    def asked(branch, reader):
        with any_house.work(writes=False):
            found = wishes.open_without_mentorship([branches[branch]], people[reader])
            return [wish.id for wish in found]

    assert asked("Havn", "Lise") == [made]
    assert asked("Skov", "Lars") == []
    assert asked("Havn", "Nora") == []  # never one's own
