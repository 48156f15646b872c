"""The access log's oldest part goes after 24 months, under a seal, and the rest is still whole."""

from datetime import timedelta

import pytest
import time_machine
from flask.cli import FlaskGroup
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from app import clock, db
from app.domain import reviews, trail
from app.domain.trail import Entry, Head, Seal
from tests import stored

ENTRIES, HEADS, SEALS = db.columns(Entry), db.columns(Head), db.columns(Seal)
LONG_AGO = timedelta(days=800)
OLD, NEW = 5, 3


def write(house, count):
    with house.work(writes=True) as (unit, _):
        for _ in range(count):
            trail.Pen(house.keyring.trail, None, None).write(trail.LOGGED, "meeting")
        unit.commit()
    with house.work(writes=False):
        return trail.head()


@pytest.fixture
def aged(any_house):
    """Five entries of long ago and three of today; where the chain ended each time."""
    with time_machine.travel(clock.now() - LONG_AGO):
        old = write(any_house, OLD)
    return old, write(any_house, NEW)


def prune(house):
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        count = reviews.prune(house.keyring.trail, clock.today(), pen)
        unit.commit()
    return count


def broken(house, anchor=None):
    with house.work(writes=False):
        return trail.first_broken(house.keyring.trail, anchor)


def numbers(house):
    with house.data.connect() as connection:
        return list(connection.execute(select(ENTRIES.c.seq).order_by(ENTRIES.c.seq)).scalars())


def test_A5_what_is_older_than_24_months_goes_and_the_chain_still_holds(any_house, aged):
    old, head = aged
    assert prune(any_house) == OLD
    # what is left, and that it was done
    assert numbers(any_house) == [6, 7, 8, 9]
    assert broken(any_house) is None
    assert broken(any_house, head) is None
    assert broken(any_house, old) is None  # the very end of what went
    assert prune(any_house) == 0
    write(any_house, 1)
    assert broken(any_house, head) is None


def test_an_anchor_from_inside_what_went_is_said_to_be_too_old(any_house, aged):
    prune(any_house)
    with pytest.raises(trail.TooOld):
        broken(any_house, (2, b"whatever"))


def test_T34_after_the_prune_a_change_a_loss_and_a_cut_are_still_found(any_house, aged):
    prune(any_house)
    _, head = aged
    for statements, at in (
        ([update(ENTRIES).where(ENTRIES.c.seq == 7).values(action="read")], 7),
        ([delete(ENTRIES).where(ENTRIES.c.seq == 6)], 6),
        ([update(SEALS).values(entries=4)], 1),
        ([update(SEALS).values(last_mac=b"x" * 32)], 1),
        ([delete(SEALS)], 1),
    ):
        with untriggered(any_house) as connection:
            for statement in statements:
                connection.execute(statement)
            assert _broken_on(any_house, connection) == at
    with untriggered(any_house) as connection:  # cut to the seal, with the head moved back
        connection.execute(delete(ENTRIES))
        seal = connection.execute(select(SEALS)).one()
        connection.execute(update(HEADS).values(seq=seal.last_seq, mac=seal.last_mac))
        assert _broken_on(any_house, connection) is None
        assert _broken_on(any_house, connection, head) is not None


def test_T34_a_seal_that_nobody_with_the_key_made_is_found(any_house, aged):
    with any_house.data.connect() as connection:
        last = connection.execute(select(ENTRIES.c.mac).where(ENTRIES.c.seq == OLD)).scalar_one()
    forged = {"first_seq": 1, "last_seq": OLD, "entries": OLD, "last_mac": last}
    with any_house.data.execution_options(writes=True).begin() as connection:
        connection.execute(insert(SEALS), forged | {"at": clock.now(), "mac": b"x" * 32})
        connection.execute(delete(ENTRIES).where(ENTRIES.c.seq <= OLD))
    assert broken(any_house) == 1


@pytest.mark.parametrize("last", [OLD + 1, OLD + NEW], ids=["one too many", "all"])
def test_the_database_seals_nothing_that_is_young(any_house, aged, last):
    with any_house.data.connect() as connection:
        mac = connection.execute(select(ENTRIES.c.mac).where(ENTRIES.c.seq == last)).scalar_one()
    seal = {"first_seq": 1, "last_seq": last, "entries": last, "last_mac": mac}
    with (
        any_house.data.execution_options(writes=True).connect() as connection,
        pytest.raises(DBAPIError, match="only what is old"),
    ):
        connection.execute(insert(SEALS), seal | {"at": clock.now(), "mac": b"x" * 32})


@pytest.mark.parametrize(
    "statement",
    [
        delete(ENTRIES).where(ENTRIES.c.seq == OLD + 1),
        update(ENTRIES).values(reason=None),
        update(SEALS).values(entries=1),
        delete(SEALS),
    ],
    ids=["delete a young one", "change", "change the seal", "delete the seal"],
)
def test_the_database_lets_go_of_nothing_that_is_not_sealed(any_house, aged, statement):
    prune(any_house)
    with (
        any_house.data.execution_options(writes=True).connect() as connection,
        pytest.raises(DBAPIError, match=r"only grows|a seal stays"),
    ):
        connection.execute(statement)


def test_the_command_prunes(any_app, any_house, aged):
    flask = FlaskGroup(create_app=lambda: any_app)
    run = lambda *asked: any_app.test_cli_runner().invoke(flask, asked)  # noqa: E731
    said = run("prune-trail")
    assert (said.exit_code, said.output) == (0, f"Forseglet og slettet: {OLD}\n")
    assert run("verify-trail").exit_code == 0
    old = run("verify-trail", "--anchor", "2:00")
    assert old.exit_code == 1
    assert "Brug et nyere" in old.output


class untriggered:  # noqa: N801 - reads as a phrase
    """A hand in the store of someone who may do all, taken back afterwards."""

    def __init__(self, house):
        self.house = house

    def __enter__(self):
        self.unit = self.house.work(writes=True)
        self.unit.__enter__()
        connection = db.connection()
        stored.drop_triggers(connection, "trail", "trail_seal")
        return connection

    def __exit__(self, *_):
        self.unit.__exit__(None, None, None)


def _broken_on(house, connection, anchor=None):
    """As it stands in the unit of work under way."""
    assert connection is db.connection()
    return trail.first_broken(house.keyring.trail, anchor)
