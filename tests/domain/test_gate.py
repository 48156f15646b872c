"""SQLite's writers pass one by one, and nobody keeps the gate longer than the writing takes."""

import fcntl

import pytest
from sqlalchemy.exc import IntegrityError

from app import db
from app.domain.people import Person


@pytest.fixture
def shut(settings):
    """Whether somebody stands in the gate now."""

    def look():
        path = settings.database_url.removeprefix("sqlite:///") + "-gate"
        with open(path, "a") as file:  # noqa: PTH123 - the lock is the file's, not the path's
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    return look


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_writer_holds_it_until_the_work_is_over(house, shut, end):
    with house.work(writes=True) as (unit, _):
        assert not shut()  # nothing has been asked of the store
        db.rows(db.columns(Person).select())
        assert shut()
        getattr(unit, end)()
        assert not shut()


def test_a_reader_passes_by(house, shut):
    with house.work(writes=False):
        db.rows(db.columns(Person).select())
        assert not shut()


def test_one_who_fails_leaves_it(house, shut):
    with pytest.raises(IntegrityError), house.work(writes=True) as (unit, _):
        unit.connection.execute(db.columns(Person).insert().values(id=None))
    assert not shut()
