"""Migrations and models say the same, on both databases, from an empty store."""

from hashlib import sha256

import pytest
from sqlalchemy import Column, String, inspect, text

from app import clock, db, key_store, schema
from app.house import open_house
from tests import stored
from tests.conftest import begin, settings_for

FLOOR = (3, 51, 3)


def test_models_and_migrations_say_the_same(any_house):
    schema.check(any_house)


def test_the_check_sees_a_column_without_a_migration(any_house):
    table = stored.TABLES["branch"]
    table.append_column(Column("forgotten", String))
    try:
        with pytest.raises(Exception, match="forgotten"):
            schema.check(any_house)
    finally:
        table._columns.remove(table.c.forgotten)


def test_an_empty_store_is_brought_to_the_newest(tmp_path):
    house = open_house(settings_for(tmp_path))
    schema.upgrade(house)
    tables = set(inspect(house.data).get_table_names())
    assert tables == {*stored.TABLES, "alembic_version"}
    keys = set(inspect(house.keys.engine).get_table_names())
    assert keys == {"person_key", "tombstone", "alembic_version"}
    house.data.dispose()
    house.keys.engine.dispose()


def test_upgrading_twice_changes_nothing(any_house, any_cast):
    before = stored.contents(any_house)
    schema.upgrade(any_house)
    assert stored.contents(any_house) == before


def test_a_phone_lent_before_0028_stays_lent_and_its_link_is_no_longer_in_clear(
    any_house, any_cast
):
    begin(any_house, any_cast, "Lise")
    begin(any_house, any_cast, "Bo")
    table, person = stored.TABLES["sign_in"], any_cast.people
    values = {"lent_path": "/slut/a-secret", "lent_pin_hash": "a hash"}
    with any_house.work(writes=True) as (unit, _):
        put = db.connection().execute
        put(table.update().values(**values))
        put(table.update().where(table.c.person_id == person["Bo"]).values(ended_at=clock.now()))
        put(text("DROP INDEX ix_role_leads"))  # what came after it comes again
        put(text("UPDATE alembic_version SET version_num = '0027'"))
        unit.commit()
    schema.upgrade(any_house)
    kept = {row.person_id: row.lent_path for row in stored.rows(any_house, "sign_in")}
    assert kept == {
        person["Lise"]: f"sha256:{sha256(b'/slut/a-secret').hexdigest()}",
        person["Bo"]: None,
    }


def test_every_table_is_known_to_the_schema(any_house):
    tables = set(inspect(any_house.data).get_table_names()) - {"alembic_version"}
    assert tables == set(stored.TABLES)


def test_the_keys_lie_in_a_store_of_their_own(any_house):
    assert any_house.data.url != any_house.keys.engine.url
    assert not {"person_key", "tombstone"} & set(inspect(any_house.data).get_table_names())
    assert set(key_store.key_metadata.tables) == {"person_key", "tombstone"}


def test_foreign_keys_hold_on_both_databases(any_house):
    with (
        any_house.data.execution_options(writes=True).connect() as connection,
        pytest.raises(Exception, match=r"(?i)foreign key"),
    ):
        connection.execute(stored.TABLES["municipality"].insert().values(**orphan()))


def orphan():
    return {"id": db.uuid4(), "name": "x", "branch_id": db.uuid4()}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
    ],
)
def test_sqlite_runs_with_the_safe_settings(house, pragma, value):
    for engine in (house.data, house.keys.engine):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_an_unsafe_sqlite_is_refused(tmp_path, monkeypatch):
    """T37: the fault of older ones loses commits."""
    assert db.SQLITE_FLOOR == FLOOR
    monkeypatch.setattr("pysqlite3.dbapi2.sqlite_version_info", (3, 51, 2))
    with pytest.raises(RuntimeError, match="unsafe"):
        db.engine(f"sqlite:///{tmp_path}/x.db")


def test_every_id_is_one_that_nobody_can_guess(any_house, any_cast):
    for table in ("person", "participant", "mentorship", "seat", "role"):
        for row in stored.rows(any_house, table):
            assert row.id.version == 4
