"""Sealed cells: each opens only in its own place."""

import os
from uuid import uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import StatementError

from app import db, vault
from app.domain.evaluations import Evaluation, Revision
from app.domain.mentorships import Participant
from app.domain.people import Person
from app.key_store import Tampered
from app.vault import SealedBytes, Secret, ring


@pytest.fixture
def keys(house):
    """A ring with two people's keys on it."""
    with house.work(writes=True) as (_, held):
        people = [uuid4(), uuid4()]
        for person in people:
            held.add(person)
        yield people


@pytest.mark.parametrize("words", ["a", "Ærø 😀 שלום", "\x00\x01", "x" * 4000, " ", "\n"])
def test_what_is_sealed_opens_again(keys, words):
    me, _ = keys
    cell = Person.first_name.seal(me, me, words)
    assert isinstance(cell, SealedBytes)
    assert Person.first_name.open(me, me, cell) == words


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_sealed_as_nothing(keys, nothing):
    me, _ = keys
    assert Person.first_name.seal(me, me, nothing) is None
    assert Person.first_name.open(me, me, None) is None


def test_a_cell_moved_to_another_row_does_not_open(keys):
    owner, _ = keys
    cell = Evaluation.comment.seal(uuid4(), owner, "Hej")
    with pytest.raises(Tampered):
        Evaluation.comment.open(uuid4(), owner, cell)


def test_a_cell_moved_to_another_column_does_not_open(keys):
    owner, _ = keys
    row = uuid4()
    cell = Evaluation.comment.seal(row, owner, "Hej")
    with pytest.raises(Tampered):
        Evaluation.note.open(row, owner, cell)


def test_a_cell_moved_to_another_table_does_not_open(keys):
    owner, _ = keys
    cell = Person.first_name.seal(owner, owner, "Hej")
    with pytest.raises(Tampered):
        Participant.first_name.open(owner, owner, cell)


def test_a_cell_given_to_another_person_does_not_open(keys):
    one, other = keys
    row = uuid4()
    cell = Evaluation.comment.seal(row, one, "Hej")
    with pytest.raises(Tampered):
        Evaluation.comment.open(row, other, cell)


def test_a_cell_is_bound_to_its_person_beyond_the_key(keys):
    """Should two people ever hold one key, their cells still do not change places."""
    one, other = keys
    row = uuid4()
    cell = Evaluation.comment.seal(row, one, "Hej")
    ring()._keys[other] = ring()._keys[one]
    with pytest.raises(Tampered):
        Evaluation.comment.open(row, other, cell)


def test_no_bit_can_be_flipped(keys):
    owner, _ = keys
    cell = Person.phone.seal(owner, owner, "20304050")
    for place in range(len(cell)):
        broken = bytearray(cell)
        broken[place] ^= 1
        with pytest.raises(Tampered):
            Person.phone.open(owner, owner, bytes(broken))


@pytest.mark.parametrize("cut", [0, 3, 10, 15, 20, 31, 90])
def test_a_cell_cut_short_does_not_open(keys, cut):
    owner, _ = keys
    cell = Person.phone.seal(owner, owner, "20304050")[:cut]
    with pytest.raises(Tampered):
        Person.phone.open(owner, owner, cell)


def test_the_same_text_is_never_sealed_the_same_way_twice(keys):
    """A thousand times, in `make soak` a million."""
    owner, _ = keys
    many = 1_000_000 if os.environ.get("SOAK") else 1000
    nonces = {Person.phone.seal(owner, owner, "20304050")[3:15] for _ in range(many)}
    assert len(nonces) == many


def test_short_texts_are_all_as_long_as_each_other(keys):
    owner, _ = keys
    lengths = {len(Person.first_name.seal(owner, owner, "x" * n)) for n in range(1, 61)}
    assert len(lengths) == 1
    assert len(Person.first_name.seal(owner, owner, "x" * 61)) == lengths.pop() + 64


@pytest.mark.parametrize("plain", [b"Anna", b"PM1 looks sealed"])
def test_a_bare_statement_cannot_put_plain_text_into_a_sealed_column(work, plain):
    statement = update(db.columns(Person)).values(first_name_ct=plain).returning(text("id"))
    with pytest.raises(StatementError, match="plain text"):
        db.rows(statement)


def test_a_model_cannot_put_plain_text_into_a_sealed_column(work):
    work.session.add(Participant(id=uuid4(), first_name_ct=b"Samir"))
    with pytest.raises(StatementError, match="plain text"):
        work.session.flush()


def test_a_name_in_the_constructor_is_not_stored_in_the_open():
    row = Participant(id=uuid4(), first_name="Samir")
    assert row.first_name_ct is None
    assert "Samir" not in repr(row)


def test_opening_a_participant_s_cell_is_remembered_for_the_log(keys):
    person, _ = keys
    cell = Participant.first_name.seal(person, person, "Samir")
    assert ring().opened == set()
    Participant.first_name.open(person, person, cell)
    assert ring().opened == {person}


def test_opening_a_colleague_s_name_is_no_reading(keys):
    person, _ = keys
    Person.first_name.open(person, person, Person.first_name.seal(person, person, "Anna"))
    assert ring().opened == set()


@pytest.mark.parametrize("model", [Person, Participant, Evaluation, Revision])
def test_every_sealed_column_has_a_door_and_every_door_a_column(model):
    doors = {value.cell for value in vars(model).values() if isinstance(value, Secret)}
    sealed = {c.name for c in db.columns(model).c if isinstance(c.type, vault.Sealed)}
    assert doors == sealed != set()
