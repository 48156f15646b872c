"""The stores, the app and the browsers that every test starts from."""

import copy
import gc
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock, create_app, keyring, schema
from app.config import Settings, with_driver
from app.domain import sign_ins
from app.house import House, open_house
from tests import cast as casting
from tests import once, scratch
from tests.cast import Cast
from tests.postgres import Stores, postgres_url

__all__ = ["postgres_url"]
once.install()
scratch.choose()
LONGEST = ("tests/year/", "tests/faults/test_journeys.py")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: else one worker is at them alone when the others have nothing left."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """What is loaded by now stays; the apps that the tests make are forgotten one by one."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def settings_for(folder: Path, data: str = "", keys: str = "") -> Settings:
    return Settings(
        mode="development",
        instance=folder,
        database_url=data or f"sqlite:///{folder}/primus.db",
        keys_url=keys or f"sqlite:///{folder}/keys.db",
        keyring=folder / "keyring.json",
        push_keys=folder / "push-keys.json",
        secret_key="a secret for tests that is long enough",
        secure_cookies=False,
        password_alone=True,
        idle=timedelta(days=400),  # tests of other things move the clock by months
    )


def reminders_that_arrive(folder: Path) -> dict[str, str]:
    """What production asks for, beside all else, before it starts."""
    keyring.add_key(folder / "push" / "push-keys.json", "push")
    return {
        "ORIGIN": "https://mentor.primus.dk",
        "PUSH_KEYS": str(folder / "push" / "push-keys.json"),
        "PUSH_SUBJECT": "mailto:drift@primus.dk",
        "MAIL_SERVER": "smtps://mail.primus.dk:465",
        "MAIL_FROM": "mentor@primus.dk",
    }


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two empty SQLite stores, migrated once and copied for every test."""
    folder = tmp_path_factory.mktemp("migrated")
    house = open_house(settings_for(folder))
    schema.upgrade(house)
    settle(house)
    return folder


@pytest.fixture(scope="session")
def with_cast(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """The same with the cast in it."""
    folder = tmp_path_factory.mktemp("with_cast")
    house = open_house(copied(migrated, folder))
    cast = casting.call(house, clock.today())
    settle(house)
    return folder, cast


def settle(house: House) -> None:
    """Everything into the one file of each store, so that it can be copied."""
    for engine in (house.data, house.keys.engine):
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
        engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: Stores, tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """The same in PostgreSQL: two databases that serve as templates."""
    folder = tmp_path_factory.mktemp("migrated_postgres")
    stores = (with_driver(postgres_url.data), with_driver(postgres_url.keys))
    house = open_house(settings_for(folder, *stores))
    schema.upgrade(house)
    house.data.dispose()
    house.keys.engine.dispose()
    return postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A fresh pair of stores, on each of the two databases in turn."""
    if request.param == "sqlite":
        yield copied(request.getfixturevalue("migrated"), tmp_path)
        return
    template: Stores = request.getfixturevalue("migrated_postgres")
    copies = [copy_database(url) for url in template]
    yield settings_for(tmp_path, *(with_driver(url) for url in copies))
    for url in copies:
        drop_database(url)


@pytest.fixture
def settings(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> Settings:
    """A fresh pair of SQLite stores: enough where the database is not the point."""
    if "cast" in request.fixturenames:
        migrated, _ = request.getfixturevalue("with_cast")
    return copied(migrated, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    yield from _opened(settings)


@pytest.fixture
def any_app(any_settings: Settings) -> Iterator[Flask]:
    yield from _opened(any_settings)


@pytest.fixture
def house(app: Flask) -> House:
    made: House = app.extensions["house"]
    return made


@pytest.fixture
def any_house(any_app: Flask) -> House:
    made: House = any_app.extensions["house"]
    return made


@pytest.fixture
def cast(settings: Settings, with_cast: tuple[Path, Cast]) -> Cast:
    return copy.deepcopy(with_cast[1])


@pytest.fixture
def any_cast(any_house: House) -> Cast:
    return casting.call(any_house, clock.today())


@pytest.fixture
def signed_in(app: Flask, cast: Cast) -> Callable[[str], FlaskClient]:
    """A client per member of the cast, signed in without the slow hash."""
    return lambda name: client_of(app, cast, name)


def client_of(app: Flask, cast: Cast, name: str) -> FlaskClient:
    client = app.test_client()
    begun = begin(app.extensions["house"], cast, name)
    with client.session_transaction() as session:
        session["_user_id"] = begun
    return client


def begin(house: House, cast: Cast, name: str, agent: str = "") -> str:
    """Sign a member of the cast in at the store; the token for the cookie."""
    with house.work(writes=True) as (unit, _):
        begun = sign_ins.begin(cast.people[name], clock.today(), agent)
        unit.commit()
    assert begun is not None
    return begun.token


def token_on(client: FlaskClient, path: str) -> str:
    """The CSRF token of a page, as its form would send it."""
    found = TOKEN.search(client.get(path).text)
    assert found, f"no form on {path}"
    return found[1]


def _opened(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    for tongue, environment in app.extensions["tongues"].items():
        environment.bytecode_cache = once.Compiled(tongue)
    yield app
    house: House = app.extensions["house"]
    house.data.dispose()
    house.keys.engine.dispose()


def copied(source: Path, folder: Path) -> Settings:
    for name in ("primus.db", "keys.db", "keyring.json"):
        shutil.copy(source / name, folder / name)
    for made_once in ("static", "templates"):  # compressed and compiled once for all tests
        (source / made_once).mkdir(exist_ok=True)
        (folder / made_once).symlink_to(source / made_once)
    return settings_for(folder)


def copy_database(url: str) -> str:
    name = f"t{uuid4().hex}"
    base, _, template = url.rpartition("/")
    on_the_cluster(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{base}/{name}"


def drop_database(url: str) -> None:
    """What the tests leave behind would fill gigabytes."""
    on_the_cluster(url, f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')


def on_the_cluster(url: str, statement: str) -> None:
    base = url.rpartition("/")[0]
    with closing(psycopg.connect(f"{base}/postgres", autocommit=True)) as connection:
        connection.execute(statement)
