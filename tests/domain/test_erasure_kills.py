"""kill -9 while people are erased: nobody is half erased, and nothing of others is lost.

The process ends itself at a random statement to either store, as when the machine loses its power.
20 times in the normal run, 200 with SOAK; KILL_SEED repeats them.
"""

import os
import random
import secrets
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from app import clock, vault
from app.domain import belongings, erasure
from app.eraser import Eraser
from app.house import open_house
from tests import cast as casting
from tests import lives, stored
from tests.conftest import copied, copy_database, settings_for, settle, with_driver
from tests.domain.test_figures import counted

pytestmark = [pytest.mark.slow, pytest.mark.faults]

LONG_AGO = clock.today() - timedelta(days=400)
KILLS = 200 if os.environ.get("SOAK") else 20
TAGS = ("Zqv", "Wyk", "Xjq")
NEVER = 10**9


class Prepared:
    """A store in which two participants and one colleague are due, and one of each is not."""

    def __init__(self, settings, folder):
        self.settings, self.folder, self.number = settings, folder, 0
        house = open_house(settings)
        cast = casting.call(house, clock.today())
        with house.work(writes=True) as (unit, _):
            others = lives.others_of(house, cast)
            self.due = [lives.participant(others, LONG_AGO, tag) for tag in TAGS[:2]]
            self.stays = lives.participant(others, clock.today(), TAGS[2])
            self.left = lives.person(others, LONG_AGO, "Qjx")
            unit.commit()
        self.figures = counted(house)
        settle(house) if house.data.dialect.name == "sqlite" else dispose(house)

    def copy(self):
        """The same again, to be killed on."""
        self.number += 1
        made = self.folder / str(self.number)
        made.mkdir()
        if self.settings.database_url.startswith("sqlite"):
            return copied(self.settings.instance, made)
        shutil.copy(self.settings.keyring, made / "keyring.json")
        urls = (self.settings.database_url, self.settings.keys_url)
        plain = [url.replace("+psycopg", "") for url in urls]
        return settings_for(made, *(with_driver(copy_database(url)) for url in plain))


def dispose(house):
    house.data.dispose()
    house.keys.engine.dispose()


@pytest.fixture
def prepared(any_settings, tmp_path):
    (tmp_path / "copies").mkdir()
    return Prepared(any_settings, tmp_path / "copies")


def killed_at(settings, statement):
    """Run the night in a process that dies before that statement; how many it came to."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        house, asked = open_house(settings), 0

        def count(*_):
            nonlocal asked
            asked += 1
            if asked == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        for engine in (house.data, house.keys.engine):
            event.listen(engine, "before_cursor_execute", count)
            event.listen(engine, "commit", count)
        Eraser(house).run(clock.now())
        os.write(tell, str(asked).encode())
        os._exit(0)
    os.close(tell)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told) as answer:
        ran = answer.read()
    if statement != NEVER:
        assert os.WIFSIGNALED(status), "it was not killed"
    return int(ran or 0)


def rows_of(house, life):
    """In which tables the person has rows left."""
    with house.data.connect() as connection:
        return {
            name
            for name, count in belongings.counts(life.whose)
            if connection.execute(count, {"subject": life.id}).scalar_one()
        }


def words_of(house, life):
    """The life's sealed rows as they lie there, and that its key still opens them."""
    found = stored.contents(house)
    mine = {str(one) for one in life.rows.values()}
    with house.work(writes=False) as (_, held):
        held.mark(life.id, b"x")
    names = belongings.ties(life.whose)
    return {
        name: [row for row in found[name] if {str(value) for value in row} & mine] for name in names
    }


def check_midway(house, prepared, before):
    """Everybody is whole or gone; whose rows are there has a key."""
    keys = house.keys.held()
    for life in (*prepared.due, prepared.left):
        left = rows_of(house, life)
        assert left in (set(), set(belongings.ties(life.whose))), "half erased"
        assert not left or life.id in keys, "rows without a key"
    assert words_of(house, prepared.stays) == before
    assert counted(house) == prepared.figures


def check_after(house, prepared, before):
    """The next night ends what the last one began, once."""
    night = Eraser(house).run(clock.now())
    assert night.good
    receipts = [row for row in stored.rows(house, "erasure") if row.kind == "participant"]
    assert len(receipts) == len(prepared.due)
    assert all(row.done_at for row in stored.rows(house, "erasure"))
    for life in (*prepared.due, prepared.left):
        assert rows_of(house, life) == set()
        assert life.id not in house.keys.held()
        with pytest.raises(vault.KeyGone):
            house.keys.add(life.id)
    assert words_of(house, prepared.stays) == before
    assert counted(house) == prepared.figures
    with house.work(writes=False):
        for row in receipts:
            assert dict(erasure.counts(row.id)) == dict.fromkeys(belongings.OF_PARTICIPANT, 1)


def test_a_kill_at_any_statement_leaves_nobody_half_erased(prepared):
    seed = os.environ.get("KILL_SEED") or secrets.token_hex(4)
    chances = random.Random(seed)  # noqa: S311 - a test's own chances
    house = open_house(prepared.settings)
    before = words_of(house, prepared.stays)
    postgres = house.data.dialect.name == "postgresql"
    dispose(house)
    whole = killed_at(prepared.copy(), NEVER)
    assert whole > 100
    for _ in range(KILLS // 4 if postgres else KILLS):
        settings, statement = prepared.copy(), chances.randint(1, whole)
        killed_at(settings, statement)
        house = open_house(settings)
        try:
            check_midway(house, prepared, before)
            check_after(house, prepared, before)
        except AssertionError as wrong:
            raise AssertionError(f"KILL_SEED={seed}, at statement {statement}") from wrong
        finally:
            dispose(house)
        shutil.rmtree(Path(settings.instance))
