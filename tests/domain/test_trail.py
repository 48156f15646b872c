"""The access log only grows, and a change in it is seen."""

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import AutoString

from app import db
from app.domain import trail
from app.domain.trail import Entry, Head
from tests import stored

ENTRIES, HEADS = db.columns(Entry), db.columns(Head)
COUNT = 6


@pytest.fixture
def written(any_house, any_cast):
    """Six entries by Anna about Samir; where the chain ended then."""
    with any_house.work(writes=True) as (unit, _):
        pen = trail.Pen(any_house.keyring.trail, any_cast.people["Anna"], None)
        for _ in range(COUNT):
            pen.write(trail.LOGGED, "meeting", None, any_cast.participants["Samir"], "because")
        unit.commit()
    with any_house.work(writes=False):
        return trail.head()


def broken(house, anchor=None):
    with house.work(writes=False):
        return trail.first_broken(house.keyring.trail, anchor)


@pytest.fixture
def raw(any_house):
    """A hand in the store of someone who may do all: the triggers are gone."""

    def run(*statements):
        with any_house.data.execution_options(writes=True).begin() as connection:
            stored.drop_triggers(connection, "trail")
            for statement in statements:
                connection.execute(statement)

    return run


def test_an_untouched_chain_holds(any_house, written):
    assert broken(any_house) is None
    assert broken(any_house, written) is None
    assert written[0] == COUNT


def test_an_empty_chain_holds(any_house):
    assert broken(any_house) is None
    assert broken(any_house, (0, b"")) is None


@pytest.mark.parametrize(
    "statement",
    [
        update(ENTRIES).where(ENTRIES.c.seq == 3).values(action="read"),
        update(ENTRIES).values(reason=None),
        delete(ENTRIES).where(ENTRIES.c.seq == 6),
        delete(ENTRIES),
    ],
    ids=["change one", "change all", "delete the last", "delete all"],
)
def test_the_database_refuses_to_change_or_delete_an_entry(any_house, written, statement):
    """T34: by triggers."""
    with (
        any_house.data.execution_options(writes=True).connect() as connection,
        pytest.raises(DBAPIError, match="only grows"),
    ):
        connection.execute(statement)
    assert broken(any_house, written) is None


def test_the_database_refuses_to_empty_the_log(any_house, written):
    if any_house.data.dialect.name == "postgresql":
        statement = "TRUNCATE trail"
    else:
        statement = "DELETE FROM trail WHERE 1"  # SQLite's own way to empty a table
    with (
        any_house.data.execution_options(writes=True).connect() as connection,
        pytest.raises(DBAPIError, match="only grows"),
    ):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        {"action": "read"},
        {"kind": "contact"},
        {"actor_id": None},
        {"subject_id": None},
        {"reason": "another"},
        {"mac": b"\x00" * 32},
        {"prev": b"\x00" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_T34_a_changed_entry_is_found(any_house, written, raw, change):
    raw(update(ENTRIES).where(ENTRIES.c.seq == 4).values(change))
    assert broken(any_house) == 4


def test_a_changed_time_is_found(any_house, written, raw):
    with any_house.data.connect() as connection:
        first = connection.execute(select(ENTRIES.c.at).where(ENTRIES.c.seq == 1)).scalar_one()
    raw(update(ENTRIES).where(ENTRIES.c.seq == 2).values(at=first.replace(year=2020)))
    assert broken(any_house) == 2


def test_T34_a_deleted_entry_is_found(any_house, written, raw):
    raw(delete(ENTRIES).where(ENTRIES.c.seq == 2))
    assert broken(any_house) == 2


def test_T34_two_entries_that_changed_places_are_found(any_house, written, raw):
    raw(
        update(ENTRIES).where(ENTRIES.c.seq == 2).values(seq=99),
        update(ENTRIES).where(ENTRIES.c.seq == 3).values(seq=2),
        update(ENTRIES).where(ENTRIES.c.seq == 99).values(seq=3),
    )
    assert broken(any_house) == 2


def test_T34_an_entry_that_was_put_in_is_found(any_house, written, raw):
    with any_house.data.connect() as connection:
        last = dict(
            connection.execute(select(ENTRIES).where(ENTRIES.c.seq == COUNT)).one()._mapping
        )
    raw(insert(ENTRIES).values(last | {"seq": COUNT + 1}))
    assert broken(any_house) == COUNT + 1


def test_a_cut_tail_is_found_by_the_head(any_house, written, raw):
    raw(delete(ENTRIES).where(ENTRIES.c.seq > 4))
    assert broken(any_house) == 5


def test_T34_a_cut_tail_with_the_head_moved_back_is_found_by_the_anchor(any_house, written, raw):
    with any_house.data.connect() as connection:
        fourth = connection.execute(select(ENTRIES.c.mac).where(ENTRIES.c.seq == 4)).scalar_one()
    raw(delete(ENTRIES).where(ENTRIES.c.seq > 4), update(HEADS).values(seq=4, mac=fourth))
    assert broken(any_house) is None
    assert broken(any_house, written) == 5


def test_T34_a_chain_made_anew_is_found_by_the_anchor(any_house, written, raw):
    raw(delete(ENTRIES), update(HEADS).values(seq=0, mac=b""))
    with any_house.work(writes=True) as (unit, _):
        pen = trail.Pen(any_house.keyring.trail, None, None)
        for _ in range(COUNT):
            pen.write(trail.LOGGED, "meeting")
        unit.commit()
    assert broken(any_house) is None
    assert broken(any_house, written) == COUNT


def test_T34_an_entry_of_another_history_is_found(any_house, written, raw):
    """As from a backup: its own seal is right, but what follows was not written after it."""
    fourth = ENTRIES.c.seq == 4
    with any_house.data.connect() as connection:
        old = dict(connection.execute(select(ENTRIES).where(fourth)).one()._mapping)
        third = connection.execute(select(ENTRIES.c.mac).where(ENTRIES.c.seq == 3)).scalar_one()
    raw(delete(ENTRIES).where(ENTRIES.c.seq > 3), update(HEADS).values(seq=3, mac=third))
    with any_house.work(writes=True) as (unit, _):
        pen = trail.Pen(any_house.keyring.trail, None, None)
        for _ in range(3):
            pen.write(trail.LOGGED, "meeting")
        unit.commit()
    assert broken(any_house) is None
    raw(update(ENTRIES).where(fourth).values(old))
    assert broken(any_house) == 5


def test_T34_without_the_key_no_entry_can_be_forged(any_house, written):
    with any_house.work(writes=True) as (unit, _):
        trail.Pen(b"another key of the same length..", None, None).write(trail.LOGGED, "meeting")
        unit.commit()
    assert broken(any_house) == COUNT + 1


def test_the_chain_goes_on_from_where_it_ended(any_house, any_cast, written):
    with any_house.work(writes=True) as (unit, _):
        trail.Pen(any_house.keyring.trail, None, None).write(trail.READ, "x")
        unit.commit()
    assert broken(any_house, written) is None


def test_an_entry_of_an_act_that_was_undone_is_not_there(any_house, written):
    with any_house.work(writes=True):
        trail.Pen(any_house.keyring.trail, None, None).write(trail.LOGGED, "meeting")
    with any_house.work(writes=False):
        assert trail.head() == written


def test_the_log_has_no_room_for_a_name():
    """Ids, times and fixed words only."""
    texts = {c.name for c in ENTRIES.c if isinstance(c.type, AutoString)}
    assert texts == {"action", "kind", "reason"}
