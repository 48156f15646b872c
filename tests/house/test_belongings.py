"""Nothing that points at a person can be forgotten when the person is erased."""

import pytest
from sqlalchemy import Uuid

from app.domain import belongings
from app.domain.belongings import ACTS, FADES, LOOSE, NOBODYS, OF_PARTICIPANT, OF_PERSON, STAY
from app.domain.retention import DAYS
from app.vault import Sealed, Secret
from tests.lives import MODELS
from tests.stored import TABLES

OF_ALL = set(OF_PARTICIPANT) | set(OF_PERSON)


def columns():
    for table in TABLES.values():
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def test_every_table_is_somebodys_or_nobodys():
    assert set(TABLES) == OF_ALL | NOBODYS
    assert not OF_ALL & NOBODYS


def test_what_hangs_on_a_participant_goes_with_the_participant():
    for where, column in columns():
        for key in column.foreign_keys:
            above = key.column.table.name
            if above in OF_PARTICIPANT and above not in OF_PERSON:
                assert column.table.name in OF_PARTICIPANT, where


def test_what_hangs_on_a_colleague_goes_or_is_known_to_stay():
    for where, column in columns():
        for key in column.foreign_keys:
            if key.column.table.name == "person":
                goes = OF_PERSON.get(column.table.name) == column.name
                assert goes != (where in ACTS), where


def test_what_hangs_on_the_rows_of_a_colleague_goes_with_them():
    theirs = set(OF_PERSON) - set(OF_PARTICIPANT) - {"person"}
    for where, column in columns():
        if {key.column.table.name for key in column.foreign_keys} & theirs:
            assert column.table.name in OF_PERSON, where


def test_an_id_without_a_foreign_key_has_its_reason():
    found = {
        where
        for where, column in columns()
        if isinstance(column.type, Uuid) and not column.foreign_keys and not column.primary_key
    }
    assert found == set(LOOSE)


def test_nothing_is_listed_that_is_not_there():
    known = {where for where, _ in columns()}
    assert not ACTS - known
    assert not set(DAYS) - set(TABLES)
    for ties in (OF_PARTICIPANT, OF_PERSON):
        for name, column in ties.items():
            assert column in TABLES[name].columns, name


def above(name, whose):
    """The table that a table hangs on."""
    column = belongings.ties(whose)[name]
    (key,) = TABLES[name].columns[column].foreign_keys
    return key.column.table.name


@pytest.mark.parametrize("whose", ["participant", "person"])
def test_every_way_leads_to_the_person(whose):
    for name in set(belongings.ties(whose)) - {whose}:
        way = [name]
        while way[-1] != whose:
            way.append(above(way[-1], whose))
            assert way.count(way[-1]) == 1, f"a circle: {way}"


def test_every_sealed_word_about_a_mentorship_fades_or_is_known_to_stay():
    fading = {(fade.table, cell) for fade in FADES for cell in fade.cells}
    whole = {fade.table for fade in FADES if not fade.cells}
    for where, column in columns():
        name = column.table.name
        if not isinstance(column.type, Sealed) or name not in OF_PARTICIPANT:
            continue
        fades = name in whole or (name, column.name) in fading
        assert fades != (name in STAY or name == "participant"), where


def test_every_row_with_a_key_of_its_own_is_known():
    own = {
        name
        for name, model in MODELS.items()
        if any(isinstance(one, Secret) and one.owner == "id" for one in vars(model).values())
    }
    assert own == set(belongings.KEYED)
