"""What production must not be started with, and what nobody else on the machine may read."""

import json
import os
from dataclasses import replace

import pytest

from app import clock, create_app, keyring, schema
from app.config import UnsafeSettings, from_environment
from app.domain import demo
from app.house import open_house
from tests.conftest import reminders_that_arrive, settings_for

SECRET = "a secret for tests that is long enough"


@pytest.fixture
def production(tmp_path):
    """Settings that production accepts: stores in one folder, the keyring in another."""
    for name in ("data", "keys"):
        (tmp_path / name).mkdir()
    keyring.create(tmp_path / "keys" / "keyring.json")
    return {
        "MODE": "production",
        "INSTANCE": str(tmp_path / "data"),
        "KEYRING": str(tmp_path / "keys" / "keyring.json"),
        "SECRET_KEY": SECRET,
        **reminders_that_arrive(tmp_path),
    }


@pytest.fixture(autouse=True)
def own_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def closed(house):
    house.data.dispose()
    house.keys.engine.dispose()


def test_production_starts_with_a_keyring_that_lies_apart(production):
    app = create_app(from_environment(production))
    closed(app.extensions["house"])


@pytest.mark.parametrize(
    "changes",
    [
        {"KEYRING": "keyring.json", "INSTANCE": "."},
        {"KEYRING": "keyring.json", "DATABASE_URL": "sqlite:///{here}/primus.db"},
        {"KEYRING": "{here}/keyring.json", "DATABASE_URL": "sqlite:///primus.db"},
        {"KEYRING": "{here}/keyring.json", "KEYS_URL": "sqlite+pysqlite:///elsewhere/../keys.db"},
        {"KEYRING": "{here}/link/keyring.json", "KEYS_URL": "sqlite:///{here}/keys.db"},
    ],
)
def test_a_keyring_beside_a_store_is_refused_however_the_paths_are_written(
    production, tmp_path, monkeypatch, changes
):
    here = tmp_path / "here"
    here.mkdir()
    (here / "link").symlink_to(here)
    keyring.create(here / "keyring.json")
    monkeypatch.chdir(here)
    with pytest.raises(UnsafeSettings, match="beside a database"):
        from_environment(production | {n: v.format(here=here) for n, v in changes.items()})


def test_one_file_for_data_and_keys_is_refused_however_it_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    urls = {"DATABASE_URL": "sqlite:///both.db", "KEYS_URL": f"sqlite:///{tmp_path}/both.db"}
    with pytest.raises(UnsafeSettings, match="KEYS_URL"):
        from_environment(urls)


def test_nobody_else_may_read_what_the_house_keeps(tmp_path):
    folder = tmp_path / "instance"
    house = open_house(settings_for(folder))
    schema.upgrade(house)
    with house.work(writes=True):
        found = {p.name: oct(p.stat().st_mode & 0o777) for p in (folder, *folder.iterdir())}
    closed(house)
    assert {"primus.db", "primus.db-wal", "keys.db", "keyring.json"} <= found.keys()
    assert found.pop("instance") == oct(0o700)
    assert set(found.values()) == {oct(0o600)}


def test_stores_that_others_could_read_are_closed_to_them(settings):
    files = [settings.instance / name for name in ("primus.db", "keys.db", "keyring.json")]
    for file in files:
        file.chmod(0o644)
    closed(open_house(settings))
    assert [oct(f.stat().st_mode & 0o777) for f in files] == [oct(0o600)] * 3


def test_production_does_not_start_on_the_demo_s_data(settings):
    house = open_house(settings)
    with house.work(writes=True) as (unit, _):
        unit.session.add(demo.Demo(seed=1, made_on=clock.today()))
        unit.commit()
    closed(house)
    closed(create_app(settings).extensions["house"])
    with pytest.raises(UnsafeSettings, match="demo"):
        create_app(replace(settings, mode="production"))


def test_production_starts_on_a_store_without_tables(production):
    app = create_app(from_environment(production))
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    closed(app.extensions["house"])
    assert done.exit_code == 0, done.output


def without_sealing(path):
    """A keyring from before phones sealed what waits."""
    raw = json.loads(path.read_text())
    del raw["sealing"]
    path.write_text(json.dumps(raw))


def test_production_says_how_a_keyring_gets_its_key_for_phones(production, tmp_path):
    ring = tmp_path / "keys" / "keyring.json"
    without_sealing(ring)
    before = ring.read_bytes()
    with pytest.raises(UnsafeSettings, match=r"python -m app\.keyring FILE --sealing"):
        create_app(from_environment(production))
    assert ring.read_bytes() == before
    keyring.add_sealing_key(ring)
    closed(create_app(from_environment(production)).extensions["house"])


def test_outside_production_a_keyring_is_completed(tmp_path):
    settings = settings_for(tmp_path)
    keyring.create(settings.keyring)
    masters = keyring.load(settings.keyring).masters
    without_sealing(settings.keyring)
    house = open_house(settings)
    closed(house)
    assert set(house.keyring.sealing) == {1}
    assert keyring.load(settings.keyring).sealing == house.keyring.sealing
    assert house.keyring.masters == masters
    assert settings.keyring.stat().st_mode & 0o777 == 0o600
