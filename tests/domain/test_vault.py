"""The key store: what is erased stays erased."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import db, house, key_store
from app.key_store import KeyGone, StillReadable

DAY = date(2026, 11, 24)


def keyed(store):
    with store.engine.connect() as connection:
        return set(connection.execute(select(key_store.person_key.c.person_id)).scalars())


@pytest.fixture
def opened(settings, monkeypatch):
    """The house, with writers that do not wait long for each other."""
    monkeypatch.setattr(db, "LOCK_WAIT", 0.1)
    made = house.open_house(settings)
    yield made
    made.data.dispose()
    made.keys.engine.dispose()


def test_an_erased_person_gets_no_key_again(any_house):
    store, erased, other = any_house.keys, uuid4(), uuid4()
    store.add(erased)
    store.erase(erased, DAY)
    with pytest.raises(KeyGone):
        store.add(erased)
    with pytest.raises(KeyGone):
        store.add_many([other, erased])
    assert keyed(store) == set(), "all or none of them"
    store.add_many([other])
    store.add_many([other])
    assert keyed(store) == {other}


def test_an_erasure_that_left_the_old_page_says_so_and_may_be_tried_again(opened):
    store, person = opened.keys, uuid4()
    store.add(person)
    with store.engine.connect() as reader:
        reader.execute(select(key_store.person_key)).all()
        with pytest.raises(StillReadable):
            store.erase(person, DAY)
    assert store.fetch([person]) == {}
    store.erase(person, DAY)
    with store.engine.connect() as connection:
        assert connection.execute(select(key_store.tombstone.c.person_id)).scalars().all() == [
            person
        ]
