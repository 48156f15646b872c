"""The head that goes out with a backup convicts whoever changes the access log afterwards."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app import backups, clock, db
from app.backups import ANCHOR
from app.domain import reviews, trail
from app.domain.trail import Entry, Head, Seal
from tests import stored
from tests.custody.conftest import chain_holds, write

ENTRIES, HEADS, SEALS = db.columns(Entry), db.columns(Head), db.columns(Seal)
COUNT = 6


@pytest.fixture
def exported(any_house, any_cast, run, folder):
    """The head as it lies beside a backup: everything that somebody keeps elsewhere."""
    write(any_house, COUNT)
    assert run("backup", folder).exit_code == 0
    (made,) = backups.all_in(folder, ANCHOR)
    return made.file(ANCHOR).read_text().strip()


@pytest.fixture
def tamper(any_house):
    """A hand in the store of somebody who may do all."""

    def change(*statements):
        with any_house.data.execution_options(writes=True).begin() as connection:
            stored.drop_triggers(connection, "trail", "trail_seal")
            for statement in statements:
                connection.execute(statement)

    return change


def at(seq):
    return ENTRIES.c.seq == seq


@pytest.mark.parametrize(
    ("statements", "broken_at"),
    [
        ([update(ENTRIES).where(at(3)).values(action="read")], 3),
        ([delete(ENTRIES).where(at(3))], 3),
        (
            [
                update(ENTRIES).where(at(3)).values(seq=99),
                update(ENTRIES).where(at(4)).values(seq=3),
                update(ENTRIES).where(at(99)).values(seq=4),
            ],
            3,
        ),
    ],
    ids=["changed", "deleted", "reordered"],
)
def test_T34_the_command_finds_one_entry_that_was(exported, run, tamper, statements, broken_at):
    assert run("verify-trail").exit_code == 0
    tamper(*statements)
    answer = run("verify-trail")
    assert answer.exit_code == 1
    assert f"Kæden er brudt ved nr. {broken_at}" in answer.output


def test_T34_the_command_finds_a_cut_tail_by_the_head_that_was_exported_with_a_backup(
    any_house, exported, run, tamper
):
    left = COUNT - 2
    with any_house.data.connect() as connection:
        mac = connection.execute(select(ENTRIES.c.mac).where(at(left))).scalar_one()
    tamper(delete(ENTRIES).where(ENTRIES.c.seq > left), update(HEADS).values(seq=left, mac=mac))
    assert run("verify-trail").exit_code == 0  # nothing in the store itself tells
    answer = run("verify-trail", "--anchor", exported)
    assert answer.exit_code == 1
    assert f"Kæden er brudt ved nr. {left + 1}" in answer.output


def test_T34_a_log_that_was_sealed_and_pruned_comes_back_from_a_backup_with_its_guards(
    any_house, any_cast, run, folder, opener
):
    with time_machine.travel(clock.now() - timedelta(days=800)):
        write(any_house, 4)
    head = write(any_house, 2)
    with any_house.work(writes=True) as (unit, _):
        key = any_house.keyring.trail
        assert reviews.prune(key, clock.today(), trail.Pen(key, None, None)) == 4
        unit.commit()
    assert run("backup", folder).exit_code == 0
    write(any_house, 3)
    answer = run("restore", folder, "--key", opener, "--replace")
    assert answer.exit_code == 0, answer.output
    assert chain_holds(any_house, head)
    for statement in (
        delete(ENTRIES).where(ENTRIES.c.seq == head[0]),
        update(ENTRIES).values(reason=None),
        delete(SEALS),
    ):
        with (
            any_house.data.execution_options(writes=True).connect() as connection,
            pytest.raises(DBAPIError, match=r"only grows|a seal stays"),
        ):
            connection.execute(statement)
