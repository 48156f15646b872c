"""The master keys: one file, for one pair of eyes, never overwritten."""

import json
import stat

import pytest
from click.testing import CliRunner

from app import keyring
from app.keyring.__main__ import make


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "new" / "keyring.json"
    keyring.create(made)
    return made


def test_only_its_owner_can_read_it(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_never_overwritten(path):
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keyring.create(path)
    assert path.read_bytes() == before


def test_no_two_keys_are_alike(path, tmp_path):
    other = tmp_path / "other.json"
    keyring.create(other)
    rings = [keyring.load(path), keyring.load(other)]
    keys = [
        k
        for r in rings
        for k in (*r.masters.values(), r.trail, r.lookup, r.forms, *r.sealing.values())
    ]
    assert len(set(keys)) == len(keys) == 10
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw | {"current": 2},
        lambda raw: raw | {"masters": {}},
        lambda raw: raw | {"trail": "AAAA"},
        lambda raw: raw | {"lookup": ""},
        lambda raw: raw | {"masters": {"1": raw["masters"]["1"][:-8]}},
    ],
)
def test_a_damaged_one_is_refused(path, damage):
    path.write_text(json.dumps(damage(json.loads(path.read_text()))))
    with pytest.raises(ValueError, match=r"keyring|padd|base64"):
        keyring.load(path)


@pytest.mark.parametrize("name", ["masters", "trail", "lookup", "forms", "current"])
def test_one_with_a_key_missing_is_refused(path, name):
    raw = json.loads(path.read_text())
    del raw[name]
    path.write_text(json.dumps(raw))
    with pytest.raises((KeyError, ValueError)):
        keyring.load(path)


def test_older_epochs_stay_readable(path):
    raw = json.loads(path.read_text())
    raw["masters"]["2"] = raw["trail"]
    path.write_text(json.dumps(raw | {"current": 2}))
    ring = keyring.load(path)
    assert (ring.current, set(ring.masters)) == (2, {1, 2})


def test_a_new_key_for_phones_leaves_all_others_where_they_are(path):
    before = keyring.load(path)
    assert keyring.add_sealing_key(path) == 2
    after = keyring.load(path)
    assert after.sealing[1] == before.sealing[1] != after.sealing[2]
    assert (after.masters, after.trail, after.lookup) == (
        before.masters,
        before.trail,
        before.lookup,
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_keyring_from_before_is_completed_once(path):
    raw = json.loads(path.read_text())
    del raw["sealing"]
    path.write_text(json.dumps(raw))
    assert keyring.load(path).sealing == {}
    assert keyring.add_sealing_key(path, first=True) == 1
    made = keyring.load(path).sealing
    assert keyring.add_sealing_key(path, first=True) == 1
    assert keyring.load(path).sealing == made


def test_the_command_adds_a_key_and_says_its_number(path):
    answer = CliRunner().invoke(make, [str(path), "--sealing"])
    assert (answer.exit_code, answer.output.strip()) == (0, "Nøgle 2")
    assert set(keyring.load(path).sealing) == {1, 2}


def test_the_command_makes_no_keyring_of_phone_keys_alone(tmp_path):
    missing = tmp_path / "missing.json"
    answer = CliRunner().invoke(make, [str(missing), "--sealing"])
    assert answer.exit_code == 1
    assert "Filen findes ikke" in answer.output
    assert not missing.exists()


def test_a_link_to_the_keyring_stays_one(path, tmp_path):
    link = tmp_path / "elsewhere.json"
    link.symlink_to(path)
    keyring.add_sealing_key(link)
    assert link.is_symlink()
    assert set(keyring.load(path).sealing) == {1, 2}
