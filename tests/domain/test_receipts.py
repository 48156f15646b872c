"""What a phone has sent is received once."""

from uuid import uuid4

import pytest

from app import key_store
from app.domain import receipts
from app.domain.receipts import Different, NotTheirs


@pytest.fixture
def take(any_house, any_cast):
    """Claim an id, in a unit of work of its own."""

    def claim(client_id, content, by="Anna", of="Samir", record=None):
        with any_house.work(writes=True) as (unit, _):
            who, whom = any_cast.people[by], any_cast.participants[of]
            found = receipts.take(client_id, who, whom, record or uuid4(), content)
            unit.commit()
        return found

    return claim


def test_a_new_id_is_taken(take):
    assert take(uuid4(), {"a": 1}) is None


def test_the_same_again_gives_the_record_it_made(take):
    client_id, record = uuid4(), uuid4()
    take(client_id, {"a": 1, "b": "å"}, record=record)
    assert take(client_id, {"b": "å", "a": 1}) == record


def test_the_same_id_with_other_content_is_different(take):
    client_id = uuid4()
    take(client_id, {"a": 1})
    with pytest.raises(Different):
        take(client_id, {"a": 2})


@pytest.mark.parametrize(("by", "of"), [("Bo", "Samir"), ("Anna", "Jonas"), ("Otto", "Jonas")])
def test_an_id_of_someone_else_is_not_theirs(take, by, of):
    client_id = uuid4()
    take(client_id, {"a": 1})
    with pytest.raises(NotTheirs):
        take(client_id, {"a": 1}, by=by, of=of)


def test_an_id_of_a_record_taken_back_stays_taken(any_house, any_cast, take):
    client_id, record = uuid4(), uuid4()
    take(client_id, {"a": 1}, record=record)
    with any_house.work(writes=True) as (unit, _):
        receipts.taken_back(record, any_cast.people["Anna"])
        unit.commit()
    assert take(client_id, {"a": 1}) == record
    with pytest.raises(Different):
        take(client_id, {"a": 2})


def test_what_was_merged_is_found_at_its_new_place(any_house, take):
    client_id, old, new = uuid4(), uuid4(), uuid4()
    take(client_id, {"a": 1}, record=old)
    with any_house.work(writes=True) as (unit, _):
        receipts.moved(old, new)
        unit.commit()
    assert take(client_id, {"a": 1}) == new


def test_the_fingerprint_dies_with_the_participant_s_key(any_house, any_cast, take):
    take(uuid4(), {"a": 1})
    any_house.keys.erase(any_cast.participants["Samir"], any_cast.seated)
    with pytest.raises(key_store.KeyGone):
        take(uuid4(), {"a": 1})


def test_when_it_was_received_is_the_author_s_own(any_house, any_cast, take):
    record = uuid4()
    take(uuid4(), {"a": 1}, record=record)
    with any_house.work(writes=False):
        assert receipts.received_at(record, any_cast.people["Anna"])
        assert receipts.received_at(record, any_cast.people["Bo"]) is None
