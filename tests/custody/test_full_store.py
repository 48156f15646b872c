"""A store that fills up: what was acknowledged stays, reading goes on, and it heals by itself."""

from contextlib import closing

import psycopg
import pytest
from sqlalchemy import event

from app import create_app
from app.soundness import check
from app.web import health
from tests import logs, stored
from tests.custody import acts
from tests.custody.acts import LONG, Begun
from tests.custody.conftest import ON_POSTGRES, everybody, names


@pytest.fixture(autouse=True)
def _asked_every_time(monkeypatch):
    monkeypatch.setattr(health, "PAUSE", 0.0)


@pytest.fixture
def limit():
    """Let a store grow by that many pages more, or without end again."""
    hands = []

    def set_to(engine, pages):
        def on_connect(raw, _):
            now = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {now + pages}").close()

        for hand in hands:
            event.remove(*hand)
        hands.clear()
        if pages is not None:
            hands.append((engine, "connect", on_connect))
            event.listen(*hands[-1])
        engine.dispose()

    return set_to


def healthy(app):
    return app.test_client().get("/healthz").status_code == 200


def test_T37_a_data_store_that_is_full_keeps_what_it_said_and_says_that_it_is_full(
    app, house, cast, signed_in, limit
):
    """F4. Each log is a 303 and then it is there, or a 503 and nothing of it is."""
    anna, bo = signed_in("Anna"), signed_in("Bo")
    assert healthy(app)
    limit(house.data, 30)
    taken, refused = [], 0
    while refused < 3:
        values = logs.filled(anna, comment=LONG)
        answer = logs.send(anna, values)
        if answer.status_code == 503:
            refused += 1
            assert "Vi kan ikke svare lige nu" in answer.text
        else:
            taken.append(values["id"][0])
    assert taken
    assert {str(row.id) for row in stored.rows(house, "receipt")} == set(taken)
    assert len(stored.rows(house, "meeting")) == len(taken)
    assert not healthy(app)
    assert bo.get("/uger").status_code == 200, "reading goes on"
    limit(house.data, None)
    assert healthy(app)
    assert logs.send(anna, logs.filled(anna, comment=LONG)).status_code == 303
    assert len(stored.rows(house, "meeting")) == len(taken) + 1
    check(house)


def test_T37_a_key_store_that_is_full_says_so_and_heals(app, house, cast, limit):
    limit(house.keys.engine, 0)
    assert not healthy(app)
    assert names(house, cast) == everybody(cast)
    limit(house.keys.engine, None)
    assert healthy(app)
    check(house)


@ON_POSTGRES
def test_T37_a_postgres_that_takes_nothing_says_so_and_heals(any_app, any_house, any_cast):
    assert healthy(any_app)
    for engine in (any_house.data, any_house.keys.engine):
        read_only(engine, "on")
        assert not healthy(any_app)
        read_only(engine, "off")
        assert healthy(any_app)


def read_only(engine, what):
    base, name = str(engine.url.set(drivername="postgresql")).rsplit("/", 1)
    with closing(psycopg.connect(f"{base}/postgres", autocommit=True)) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {what}')
    engine.dispose()


def test_T37_a_disk_without_room_loses_nothing_that_was_acknowledged(settings, cast):
    """No file may grow beyond a limit, in a process of its own: as when the disk is full."""
    begun = Begun(acts.fill_up, settings, cast)
    begun.end()
    *taken, refused, was_healthy, heals = begun.said()
    assert (refused, was_healthy, heals) == ("503", "503", "200")
    app = create_app(settings)
    house = app.extensions["house"]
    kept = {str(row.id) for row in stored.rows(house, "receipt")}
    assert taken
    assert set(taken) <= kept
    assert len(stored.rows(house, "meeting")) == len(kept) == len(taken) + 1, (
        "and the one after there was room again"
    )
    check(house)
    assert names(house, cast) == everybody(cast)
    acts.let_go(house)


def test_whether_it_takes_what_is_written_is_asked_twice_a_minute(app, house, cast, monkeypatch):
    monkeypatch.setattr(health, "PAUSE", 60.0)
    assert healthy(app)
    event.listen(house.data, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))
    house.data.dispose()
    assert healthy(app), "asked a moment ago"
    monkeypatch.setitem(app.extensions, "fine_until", 0.0)
    assert not healthy(app)
    assert not healthy(app), "a refusal is not believed for long"


def test_asking_leaves_nothing_behind(any_app, any_house, any_cast):
    before = stored.contents(any_house), stored.counts(any_house)
    assert healthy(any_app)
    assert (stored.contents(any_house), stored.counts(any_house)) == before
