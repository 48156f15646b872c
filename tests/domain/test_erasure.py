"""Erasing one person: every row, the key, and nothing of anybody else."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock, vault
from app.domain import belongings, erasure
from app.eraser import Eraser
from tests import lives, stored

LONG_AGO = clock.today() - timedelta(days=400)
MAY_NAME = {"trail", "erasure"}  # ids only; the access log and the receipt


@pytest.fixture
def two(any_house, any_cast):
    """Two with a row in every table: one is erased, the other stays."""
    return made(any_house, any_cast, lives.participant)


@pytest.fixture
def two_people(any_house, any_cast):
    return made(any_house, any_cast, lives.person)


def made(house, cast, make):
    with house.work(writes=True) as (unit, _):
        others = lives.others_of(house, cast)
        both = [make(others, LONG_AGO, tag) for tag in ("Zqv", "Wyk")]
        unit.commit()
    return both


def erase(house, life):
    told = Eraser(house).person(life.id, erasure.WISH, clock.now())
    with house.work(writes=False):
        return erasure.one(told)


def everywhere(house):
    """Every value of every row, by table, as a SQL owner reads it."""
    return {
        name: {str(value) for row in rows for value in row}
        for name, rows in stored.contents(house).items()
    } | {"trail": {str(v) for row in stored.rows(house, "trail") for v in row}}


def ids(life):
    return {str(one) for one in life.rows.values() if isinstance(one, UUID)}


def test_everybody_made_here_has_a_row_in_every_table(two, two_people):
    assert set(two[0].rows) == set(belongings.OF_PARTICIPANT)
    assert set(two_people[0].rows) == set(belongings.OF_PERSON)


def test_no_row_names_an_erased_participant(any_house, two):
    gone, _ = two
    assert erase(any_house, gone).state == erasure.DONE
    for name, values in everywhere(any_house).items():
        left = values & ids(gone)
        assert left <= ({str(gone.id)} if name in MAY_NAME else set()), name


def test_the_other_participant_keeps_every_row_and_word(any_house, two):
    gone, stays = two
    before = stored.contents(any_house)
    erase(any_house, gone)
    after = stored.contents(any_house)
    for name in belongings.OF_PARTICIPANT:
        kept = [row for row in before[name] if not {str(v) for v in row} & ids(gone)]
        assert after[name] == kept, name
    with any_house.work(writes=False) as (_, held):
        assert held.mark(stays.id, b"x")


def test_all_else_that_changes_is_the_figures_the_receipt_and_the_log(any_house, two):
    before = stored.counts(any_house)
    erase(any_house, two[0])
    changed = set(stored.since(before, stored.counts(any_house)))
    rest = {"figure", "erasure", "erasure_count", "trail", "person_key"}
    assert changed - set(belongings.OF_PARTICIPANT) == rest


def test_the_receipt_counts_what_went_from_every_table(any_house, two):
    told = erase(any_house, two[0])
    with any_house.work(writes=False):
        counted = dict(erasure.counts(told.id))
    assert counted == dict.fromkeys(belongings.OF_PARTICIPANT, 1)


def test_an_erased_person_never_gets_a_key_again(any_house, two):
    """T32: what was erased does not come back under its id."""
    gone, stays = two
    erase(any_house, gone)
    with any_house.work(writes=True) as (_, held):
        for way in (lambda: held.add(gone.id), lambda: held.add_many([stays.id, gone.id])):
            with pytest.raises(vault.KeyGone):
                way()
    assert gone.id not in any_house.keys.held()
    with any_house.keys.engine.connect() as connection:
        stones = set(connection.execute(select(vault.tombstone.c.person_id)).scalars())
    assert gone.id in stones


def test_no_row_of_an_erased_colleague_is_left_and_the_row_itself_goes(any_house, two_people):
    gone, _ = two_people
    assert erase(any_house, gone).state == erasure.DONE
    for name, values in everywhere(any_house).items():
        left = values & ids(gone)
        assert left <= ({str(gone.id)} if name in MAY_NAME else set()), name


def test_a_colleague_whom_others_rows_name_is_an_id_without_anything(any_house, any_cast):
    mia = any_cast.people["Mia"]  # sat with Samir
    Eraser(any_house).person(mia, erasure.WISH, clock.now())
    (row,) = [row for row in stored.rows(any_house, "person") if row.id == mia]
    empty = (row.first_name_ct, row.surname_ct, row.email_ct, row.phone_ct, row.password_hash)
    assert set(empty) == {None}
    assert (row.branch_id, row.left_at is not None) == (None, True)
    assert [s.person_id for s in stored.rows(any_house, "seat")].count(mia) == 1


def test_the_empty_row_goes_when_nothing_names_it_any_more(any_house, any_cast):
    eraser = Eraser(any_house)
    eraser.person(any_cast.people["Mia"], erasure.WISH, clock.now())
    eraser.person(any_cast.participants["Samir"], erasure.WISH, clock.now())
    eraser.run(clock.now())
    assert any_cast.people["Mia"] not in {row.id for row in stored.rows(any_house, "person")}


def test_erasing_twice_is_erasing_once(any_house, two):
    first = erase(any_house, two[0])
    before = stored.contents(any_house)
    assert Eraser(any_house).person(two[0].id, erasure.WISH, clock.now()) is None
    assert stored.contents(any_house) == before
    assert first.state == erasure.DONE
