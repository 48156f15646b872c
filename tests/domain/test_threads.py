"""The pair's thread: whom a note is to, who finds it, and when it counts as read."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.domain import mentorships, threads, trail
from app.domain.receipts import Different, NotTheirs
from app.domain.threads import AnotherCoMentor
from tests import stored

TEXT = "Husk nøglen til kælderen"
BEFORE = timedelta(days=60)  # Mia sat there then


@pytest.fixture
def write(any_house, any_cast):
    """Write a note as one of the cast, in a unit of work of its own."""

    def sent(author, reader, text=TEXT, client_id=None, ago=timedelta(0)):
        by, to = any_cast.people[author], any_cast.people.get(reader)
        with any_house.work(writes=True) as (unit, _):
            view = mentorships.of_mentor(by, clock.today() - ago)
            pen = trail.Pen(any_house.keyring.trail, by, None)
            made = threads.write(client_id or uuid4(), view, to, text, pen, by=by)
            unit.commit()
        return made

    return sent


@pytest.fixture
def found(any_house, any_cast):
    """The notes that a member of the cast finds in Samir's thread."""

    def ids(name, ask=threads.of):
        with any_house.work(writes=False):
            notes = ask(any_cast.mentorships["Samir"], any_cast.people[name])
            return [note.id for note in notes]

    return ids


def test_only_its_author_and_its_reader_find_a_note(any_cast, found, write):
    made = write("Anna", "Bo")
    readers = {name for name in any_cast.people if made in found(name)}
    assert readers == {"Anna", "Bo"}


def test_a_successor_does_not_find_what_was_written_before(found, write):
    to_mia = write("Anna", "Mia", ago=BEFORE)
    from_mia = write("Mia", "Anna", ago=BEFORE)
    assert found("Bo") == []
    assert set(found("Anna")) == {to_mia, from_mia}


def test_the_newest_stands_first(found, write):
    notes = [write("Anna", "Bo", f"Nummer {n}") for n in range(3)]
    assert found("Bo") == notes[::-1]
    assert found("Bo", threads.unread_for) == notes[::-1]


def test_a_note_waits_only_for_its_reader(any_house, any_cast, found, write):
    made = write("Anna", "Bo")
    assert found("Bo", threads.unread_for) == [made]
    assert found("Anna", threads.unread_for) == []
    asked = {"mentorship": any_cast.mentorships["Samir"], "person": any_cast.people["Bo"]}
    with any_house.data.connect() as connection:
        (row,) = connection.execute(threads.UNREAD, asked)
        assert (row.what, row.ref, row.person) == ("letter", made, any_cast.people["Anna"])


def test_a_note_is_opened_from_its_row(any_house, any_cast, write):
    write("Anna", "Bo")
    with any_house.work(writes=False) as (_, ring):
        here = any_cast.mentorships["Samir"], any_cast.people["Bo"]
        assert [note.text() for note in threads.unread_for(*here)] == [TEXT]
        assert ring.opened == {any_cast.participants["Samir"]}


def test_a_note_is_never_handed_to_somebody_else_than_it_was_written_to(any_house, write):
    with pytest.raises(AnotherCoMentor):
        write("Anna", "Mia")
    with pytest.raises(AnotherCoMentor):
        write("Anna", None)
    assert stored.rows(any_house, "thread_note") == stored.rows(any_house, "receipt") == []


def test_the_same_id_gives_one_note(any_house, write):
    client_id = uuid4()
    assert write("Anna", "Bo", client_id=client_id) == write("Anna", "Bo", client_id=client_id)
    assert len(stored.rows(any_house, "thread_note")) == 1
    with pytest.raises(Different):
        write("Anna", "Bo", "Noget andet", client_id)
    with pytest.raises(NotTheirs):
        write("Bo", "Anna", TEXT, client_id)


def test_what_is_ticked_first_counts(any_house, any_cast, found, write):
    made = write("Anna", "Bo")
    pen = trail.Pen(any_house.keyring.trail, any_cast.people["Bo"], None)
    times = []
    for _ in range(2):
        with any_house.work(writes=True) as (unit, _):
            threads.tick(threads.one(made), pen)
            unit.commit()
        times.append(stored.rows(any_house, "thread_note")[0].read_at)
    assert times[0] == times[1] is not None
    assert found("Bo", threads.unread_for) == []
    assert len(stored.acts(any_house, "read_note")) == 1


def test_a_note_is_sealed_and_dies_with_the_participant_s_key(any_house, any_cast, write):
    write("Anna", "Bo")
    (row,) = stored.rows(any_house, "thread_note")
    assert TEXT.encode() not in row.text_ct
    any_house.keys.erase(any_cast.participants["Samir"], clock.today())
    with any_house.work(writes=False):
        (note,) = threads.of(any_cast.mentorships["Samir"], any_cast.people["Bo"])
        assert note.text() is None
