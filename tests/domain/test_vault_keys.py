"""A key per person, apart from the data; with it the person can be destroyed."""

import os
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from app.domain.people import Person
from app.key_store import KeyGone, Tampered, person_key, tombstone
from app.vault import ring

DAY = date(2026, 11, 22)


@pytest.fixture
def sealed(any_house):
    """Five people, and each one's name as a cell."""
    people = [uuid4() for _ in range(5)]
    with any_house.work(writes=True) as (_, held):
        held.add_many(people)
        return {person: Person.first_name.seal(person, person, "Anna") for person in people}


def read(house, person, cell):
    with house.work(writes=False):
        return Person.first_name.open(person, person, cell)


def by_hand(house, *statements):
    with house.keys.engine.execution_options(writes=True).begin() as connection:
        for statement in statements:
            connection.execute(statement)


def test_erasing_one_makes_exactly_that_person_unreadable(any_house, sealed):
    gone, *rest = sealed
    any_house.keys.erase(gone, DAY)
    with pytest.raises(KeyGone):
        read(any_house, gone, sealed[gone])
    assert {read(any_house, person, sealed[person]) for person in rest} == {"Anna"}


def test_nothing_more_is_sealed_for_an_erased_person(any_house, sealed):
    person = next(iter(sealed))
    any_house.keys.erase(person, DAY)
    with any_house.work(writes=True) as (_, held):
        with pytest.raises(KeyGone):
            Person.first_name.seal(person, person, "Anna")
        with pytest.raises(KeyGone):
            held.mark(person, b"content")


def test_an_erasure_leaves_a_tombstone_and_no_key(any_house, sealed):
    person = next(iter(sealed))
    any_house.keys.erase(person, DAY)
    with any_house.keys.engine.connect() as connection:
        left = {row.person_id for row in connection.execute(select(person_key))}
        stones = [tuple(row) for row in connection.execute(select(tombstone))]
    assert left == set(sealed) - {person}
    assert stones == [(person, DAY)]


def test_the_erased_key_is_gone_from_the_key_store_s_file(house, settings):
    person = uuid4()
    house.keys.add(person)
    with house.keys.engine.connect() as connection:
        wrapped = bytes(connection.execute(select(person_key.c.wrapped)).scalar_one())
    assert wrapped in files(settings)
    house.keys.erase(person, DAY)
    assert wrapped not in files(settings)


def files(settings):
    return b"".join(path.read_bytes() for path in settings.instance.glob("keys.db*"))


def test_a_key_row_deleted_by_hand_makes_them_unreadable_too(any_house, sealed):
    by_hand(any_house, delete(person_key))
    person, cell = next(iter(sealed.items()))
    with pytest.raises(KeyGone):
        read(any_house, person, cell)


def test_a_key_given_to_another_person_does_not_unwrap(any_house, sealed):
    other = uuid4()
    with any_house.keys.engine.connect() as connection:
        row = connection.execute(select(person_key)).first()
    stolen = insert(person_key).values(person_id=other, epoch=row.epoch, wrapped=row.wrapped)
    by_hand(any_house, stolen)
    with pytest.raises(Tampered):
        any_house.keys.fetch([other])


def test_a_changed_key_does_not_unwrap(any_house, sealed):
    by_hand(any_house, update(person_key).values(wrapped=os.urandom(60)))
    with pytest.raises(Tampered):
        any_house.keys.fetch(sealed)


def test_a_person_has_one_key(any_house, sealed):
    before = any_house.keys.fetch(sealed)
    any_house.keys.add_many(sealed)
    assert any_house.keys.fetch(sealed) == before
    assert len(set(before.values())) == len(sealed)


def test_no_key_outlives_the_unit_of_work(house):
    person = uuid4()
    with house.work(writes=True) as (_, held):
        held.add(person)
        held.mark(person, b"x")
        assert ring() is held
    assert held._keys == {}
    assert held._raw == {}


def test_a_fingerprint_is_the_person_s_own(any_house, sealed):
    one, other, *_ = sealed
    with any_house.work(writes=False) as (_, held):
        assert held.mark(one, b"x") == held.mark(one, b"x")
        assert held.mark(one, b"x") != held.mark(other, b"x")
        assert held.mark(one, b"x") != held.mark(one, b"y")


def test_everyone_of_the_cast_has_a_key(any_house, any_cast):
    everyone = {*any_cast.people.values(), *any_cast.participants.values()}
    assert set(any_house.keys.fetch(everyone)) == everyone
