"""Killed at any moment of a backup, a restore, a roll or a migration, all is whole afterwards.

20 kills in `make test`, 200 with SOAK=1; KILL_SEED makes the same ones again. (T37, F1)
"""

import os
import random
import secrets
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Uuid, column, insert, select, table

from app import backups, doors, keyring, schema
from app.backups import ANCHOR, DATA, KEYS, NOTES
from app.config import with_driver
from app.house import open_house
from app.parcels import Lock, pieces
from app.soundness import check
from tests.conftest import settings_for
from tests.custody import acts
from tests.custody.acts import Begun, acknowledged, let_go
from tests.custody.conftest import empty_database, erase, everybody, names, write

pytestmark = pytest.mark.slow
BRANCH = table("branch", column("id", Uuid()), column("name"))
SEED = os.environ.get("KILL_SEED") or secrets.token_hex(4)
TIMES = 10 if os.environ.get("SOAK") else 1
KILLS = {"sqlite": 3 * TIMES, "postgresql": 2 * TIMES}


@pytest.fixture
def moments(request):
    """When to kill, as parts of how long the act takes; spread over all of it."""
    chance = random.Random(f"{SEED}{request.node.name}")  # noqa: S311 - no secret
    print(f"KILL_SEED={SEED}")  # noqa: T201 - the run can be made again with it

    def spread(kind):
        number = KILLS[kind]
        return [(step + chance.random()) / number for step in range(number)]

    return spread


@pytest.fixture
def stores(any_app, any_settings, any_cast):
    """Stores with the cast in them, and nobody at work on them here."""
    house = any_app.extensions["house"]
    write(house, 5)
    let_go(house)
    return house


def test_T37_a_backup_that_is_killed_leaves_no_half_one(
    stores, any_settings, any_cast, folder, opener, moments
):
    takes = Begun(acts.back_up, any_settings, folder).end()
    for part in moments(stores.data.dialect.name):
        Begun(acts.back_up, any_settings, folder).kill_after(takes * part)
        for made in backups.all_in(folder, DATA):
            whole(made, opener)
    Begun(acts.back_up, any_settings, folder).end()
    assert not list(folder.glob("*.part"))
    check(stores)
    assert names(stores, any_cast) == everybody(any_cast)


def whole(made, opener):
    """What has its name is all there, and opens to its last piece."""
    assert made.file(ANCHOR).read_text().strip()
    for kind in (DATA, KEYS, NOTES):
        with made.file(kind).open("rb") as file:
            key = Lock(opener).key_of(file, kind)
            assert sum(map(len, pieces(file, key, kind)))


def test_T37_a_roll_that_is_killed_loses_no_key_of_those_who_come_meanwhile(
    stores, any_settings, any_cast, moments
):
    """Another worker gives people keys all the while; each that it acknowledged opens."""
    takes, many = Begun(acts.roll, any_settings).end(), 0
    for part in moments(stores.data.dialect.name):
        comes = Begun(acts.add_people, any_settings)
        Begun(acts.roll, any_settings).kill_after(takes * part)
        comes.kill_after(0)
        added = acknowledged(comes)
        many += len(added)
        assert set(stores.keys.fetch(added)) == added
        check(stores)
        assert names(stores, any_cast) == everybody(any_cast)
        let_go(stores)
    Begun(acts.roll, any_settings).end()
    assert many, "nobody came"
    assert len(keyring.load(any_settings.keyring).masters) == 1
    check(stores)


def readable(house, cast):
    """Whose name the store gives: it does not whose key, or whose every row, is gone."""
    found = names(house, cast)
    return {name for name in found if found[name] not in ("-", "no row")}


def test_T37_a_restore_that_is_killed_is_closed_or_done_and_nobody_erased_is_back(
    stores, any_app, any_settings, any_cast, folder, opener, moments
):
    Begun(acts.back_up, any_settings, folder).end()
    erase(stores, any_cast, "Samir")
    let_go(stores)
    takes = Begun(acts.put_back, any_settings, folder, opener).end()
    without = {name for name in everybody(any_cast) if name != "Samir"}
    for part in moments(stores.data.dialect.name):
        Begun(acts.put_back, any_settings, folder, opener).kill_after(takes * part)
        answer = any_app.test_client().get("/healthz")
        if doors.closed(any_settings.instance):
            assert answer.status_code == 503
        else:
            assert answer.status_code == 200
            assert readable(stores, any_cast) == without
        let_go(stores)
    Begun(acts.put_back, any_settings, folder, opener).end()
    assert not doors.closed(any_settings.instance)
    assert readable(stores, any_cast) == without
    check(stores)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def first_version(request, tmp_path):
    """Stores of the first migration, made anew as often as asked; each with a branch in it."""

    def make(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        urls = ()
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres_url")
            urls = [empty_database(with_driver(url)) for url in cluster]
        settings = settings_for(folder, *urls)
        house = open_house(settings)
        for config in schema.stores(house):
            command.upgrade(config, "0001")
        with house.data.execution_options(writes=True).begin() as connection:
            connection.execute(insert(BRANCH).values(id=uuid4(), name="Havn"))
        let_go(house)
        return settings

    return make


def test_T37_a_migration_that_is_killed_goes_on_where_it_was(first_version, moments):
    settings = first_version("whole")
    kind = "sqlite" if settings.database_url.startswith("sqlite") else "postgresql"
    takes = Begun(acts.migrate, settings).end()
    for number, part in enumerate(moments(kind)):
        settings = first_version(number)
        Begun(acts.migrate, settings).kill_after(takes * part)
        house = open_house(settings)
        with house.data.connect() as connection:
            assert connection.execute(select(BRANCH.c.name)).scalars().all() == ["Havn"]
        schema.upgrade(house)
        schema.check(house)
        with house.data.connect() as connection:
            assert connection.execute(select(BRANCH.c.name)).scalars().all() == ["Havn"]
        let_go(house)
