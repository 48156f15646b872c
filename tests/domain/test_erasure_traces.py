"""After an erasing a search of what lies on the disk, and of what was said, finds nothing."""

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock, db, vault
from app.domain import erasure, heartbeats
from app.eraser import Eraser
from tests import lives, stored
from tests.conftest import client_of

LONG_AGO = clock.today() - timedelta(days=400)


@pytest.fixture
def life(house, cast):
    with house.work(writes=True) as (unit, _):
        made = lives.participant(lives.others_of(house, cast), LONG_AGO, "Zqv")
        unit.commit()
    return made


def files(house):
    """Both stores with all that SQLite keeps beside them."""
    folder = house.settings.instance
    return b"".join(path.read_bytes() for path in folder.glob("*.db*"))


def cells(house, life):
    """Every sealed cell of theirs, and their wrapped key, as the bytes lie there."""
    found = [
        bytes(value)
        for name in life.rows
        for row in stored.rows(house, name)
        if {str(v) for v in row} & {str(one) for one in life.rows.values()}
        for value in row
        if isinstance(value, bytes)
    ]
    with house.keys.engine.connect() as connection:
        asked = select(vault.person_key.c.wrapped).where(vault.person_key.c.person_id == life.id)
        return [*found, bytes(connection.execute(asked).scalar_one())]


def ids(life):
    """As SQLite has them: but the participant's own, which the receipt and the log keep."""
    return [one.hex.encode() for one in life.rows.values() if isinstance(one, UUID)][1:]


def test_no_file_holds_a_cell_a_key_or_an_id_of_who_was_erased(house, life, caplog):
    caplog.set_level(logging.DEBUG)
    looked_for = [*cells(house, life), *ids(life)]
    assert len(looked_for) > 70
    before = files(house)
    assert all(one in before for one in looked_for), "the search is blind"
    told = Eraser(house).person(life.id, erasure.WISH, clock.now())
    after = files(house)
    assert [one for one in looked_for if one in after] == []
    for word in life.words:
        assert word.encode() not in after
        assert word not in caplog.text
    with house.work(writes=False):
        assert erasure.one(told).state == erasure.DONE


def test_the_answer_waits_while_somebody_reads_the_old_pages(house, life):
    """A reader keeps the log beside the file: then it is not done, and the next run ends it."""
    eraser = Eraser(house)
    looked_for = cells(house, life)[-1]
    with house.data.connect() as reader:
        reader.execute(select(stored.TABLES["participant"])).first()
        told = eraser.person(life.id, erasure.WISH, clock.now())
        with house.work(writes=False):
            assert erasure.one(told).state == erasure.REMOVED
        assert not eraser.run(clock.now()).good
    assert eraser.run(clock.now()).good
    with house.work(writes=False):
        assert erasure.one(told).state == erasure.DONE
    assert looked_for not in files(house)


def test_health_says_that_nothing_was_erased_for_a_night(house, app, cast):
    """T39: without a good run for 25 hours it is late, and the consultant reads so."""
    health, karen = app.test_client(), client_of(app, cast, "Karen")
    assert "erasing late" in health.get("/healthz").text
    assert "Der er ikke slettet noget" in karen.get("/konsulent").text
    now = clock.now()
    for ago, said in ((timedelta(hours=24, minutes=59), "ok"), (timedelta(hours=26), "late")):
        with house.work(writes=True) as (unit, _):
            heartbeats.beat(heartbeats.ERASING, now - ago)
            unit.commit()
        assert f"erasing {said}" in health.get("/healthz").text


def test_a_night_that_could_not_end_an_erasing_is_no_good_night(house, life):
    """T39: a job that runs and does not get there is late too."""
    with house.data.connect() as reader:
        reader.execute(select(stored.TABLES["participant"])).first()
        Eraser(house).run(clock.now())
    with house.work(writes=False):
        assert heartbeats.ERASING not in heartbeats.all_of_them()


def test_one_that_cannot_be_erased_does_not_keep_the_others(house, cast, life):
    """T39: a cell that was tampered with is for people to look at; all else goes."""
    with house.work(writes=True) as (unit, _):
        other = lives.participant(lives.others_of(house, cast), LONG_AGO, "Wyk")
        table = stored.TABLES["exit_form"]
        broken = vault.SealedBytes(b"PM1" + bytes(80))
        row = table.c.id == life.rows["exit_form"]
        db.change(table.update().where(row).values(answers_ct=broken))
        unit.commit()
    night = Eraser(house).run(clock.now())
    assert (night.erased, night.left) == (1, 1)
    left = {row.id for row in stored.rows(house, "participant")}
    assert (life.id in left, other.id in left) == (True, False)
