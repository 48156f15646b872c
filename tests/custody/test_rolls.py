"""The master key is exchanged while the app runs; then older copies are noise."""

import json
import shutil
from dataclasses import replace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select, update

from app import keyring, rolls
from app.domain import trail
from app.house import open_house
from app.keyring import Kept
from app.keyring.__main__ import make
from app.vault import KeyStore, Tampered, WrongEpoch, person_key
from tests import stored
from tests.custody.conftest import chain_holds, erase, everybody, names, write


@pytest.fixture
def other(any_house):
    """Another worker, that started before all that happens."""
    made = open_house(any_house.settings)
    yield made
    made.data.dispose()
    made.keys.engine.dispose()


def keyring_says(*words):
    answer = CliRunner().invoke(make, [str(word) for word in words])
    assert answer.exit_code == 0, answer.output
    return answer.output.strip()


def rows(house):
    with house.keys.engine.connect() as connection:
        return connection.execute(select(person_key)).all()


def epochs(house):
    return {row.epoch for row in rows(house)}


def roll(house):
    rolls.begin(house)
    return rolls.finish(house, house.keyring.fingerprint)


def test_every_key_is_wrapped_anew_and_the_old_master_key_goes(any_house, any_cast, run):
    file = any_house.settings.keyring
    old = json.loads(file.read_text())["masters"]["1"]
    begun = run("roll-keys")
    assert begun.exit_code == 0, begun.output
    assert epochs(any_house) == {2}
    assert old in file.read_text(), "until somebody keeps a copy"
    copy = file.with_name("copy.json")
    keyring_says(file, "--copy", copy)
    assert old not in copy.read_text()
    ended = run("roll-keys", "--escrowed", keyring_says(copy, "--fingerprint"))
    assert ended.exit_code == 0, ended.output
    assert set(keyring.load(file).masters) == {2}
    assert old not in file.read_text()
    assert names(any_house, any_cast) == everybody(any_cast)
    assert [row.reason for row in stored.acts(any_house, trail.ROLLED)] == ["master"]


def test_nothing_is_destroyed_before_a_copy_is_kept(house, cast, run):
    run("roll-keys")
    before = house.settings.keyring.read_bytes()
    stale = house.settings.keyring.with_name("stale.json")
    keyring.create(stale)
    for wrong in ("0" * 16, keyring_says(stale, "--fingerprint")):
        answer = run("roll-keys", "--escrowed", wrong)
        assert answer.exit_code == 1
        assert "Fingeraftrykket" in answer.output
    assert house.settings.keyring.read_bytes() == before


def test_a_worker_that_runs_meets_the_new_epoch_without_a_restart(any_house, any_cast, other):
    assert names(other, any_cast) == everybody(any_cast)
    roll(any_house)
    assert names(other, any_cast) == everybody(any_cast)
    assert set(other.keyring.masters) == {2}, "and forgets the old one"


def test_keys_read_before_a_roll_and_opened_after_it_are_read_again(any_house, any_cast, other):
    """The rows that a worker has in hand may be of an epoch that is gone when it opens them."""
    people = list(any_cast.people.values())
    masters = other.keys._masters

    def meanwhile():
        other.keys._masters = masters
        roll(any_house)
        return masters()

    other.keys._masters = meanwhile
    assert set(other.keys.fetch(people)) == set(people)


def test_a_key_made_during_a_roll_is_of_the_new_epoch(any_house, any_cast, other):
    keyring.begin_epoch(any_house.settings.keyring)
    person = uuid4()
    other.keys.add(person)
    assert {row.epoch for row in rows(other) if row.person_id == person} == {2}
    other.keys.add_many([uuid4(), uuid4()])
    rolls.finish(any_house, any_house.keyring.fingerprint)
    assert set(other.keys.fetch([person])) == {person}
    assert other.keys.check() == any_house.keys.check() == len(rows(other))


def test_a_roll_that_broke_off_goes_on_and_makes_no_third_key(house, cast):
    keyring.begin_epoch(house.settings.keyring)
    epoch, wrapped = rolls.begin(house)
    assert (epoch, wrapped) == (2, len(rows(house)))
    assert rolls.begin(house) == (2, 0)
    assert rolls.finish(house, house.keyring.fingerprint) == 2
    assert rolls.begin(house) == (3, len(rows(house)))


def test_where_one_key_does_not_open_nothing_is_wrapped_and_nothing_destroyed(house, cast):
    victim = cast.people["Anna"]
    damaged = update(person_key).where(person_key.c.person_id == victim)
    with house.keys.engine.execution_options(writes=True).begin() as connection:
        connection.execute(damaged.values(wrapped=b"x" * 60))
    with pytest.raises(Tampered):
        rolls.begin(house)
    assert epochs(house) == {1}
    with pytest.raises(Tampered):
        rolls.finish(house, house.keyring.fingerprint)
    assert set(keyring.load(house.settings.keyring).masters) == {1, 2}


def test_the_old_key_stays_when_one_is_still_wrapped_with_it(house, cast, monkeypatch):
    """Were a key made by somebody who knows nothing of the roll, it is found before the end."""
    rolls.begin(house)
    with house.keys.engine.execution_options(writes=True).begin() as connection:
        stray = {"person_id": uuid4(), "epoch": 1, "wrapped": b"x" * 60}
        connection.execute(insert(person_key), stray)
    monkeypatch.setattr(KeyStore, "rewrap", lambda _: 0)
    with pytest.raises(WrongEpoch):
        rolls.finish(house, house.keyring.fingerprint)
    assert set(keyring.load(house.settings.keyring).masters) == {1, 2}


def test_T27_rolling_leaves_the_stolen_keyring_without_anything_to_open(house, cast):
    stolen = house.settings.keyring.with_name("stolen.json")
    shutil.copy(house.settings.keyring, stolen)
    roll(house)
    with pytest.raises(WrongEpoch):
        KeyStore(house.keys.engine, Kept(stolen)).check()


def test_T31_an_older_copy_of_the_key_store_opens_nothing_after_a_roll(
    house, cast, settings, tmp_path
):
    """G19. Disk, journal and all: whoever was erased, and whoever was not."""
    old = tmp_path / "old"
    old.mkdir()
    for part in settings.instance.glob("keys.db*"):
        shutil.copy(part, old)
    erase(house, cast, "Samir")
    roll(house)
    taken = replace(settings, keys_url=f"sqlite:///{old}/keys.db")
    thief = open_house(taken)
    everyone = [*cast.people.values(), *cast.participants.values()]
    opened = 0
    for person in everyone:
        try:
            opened += len(thief.keys.fetch([person]))
        except WrongEpoch:
            continue
    assert {row.person_id for row in rows(thief)} >= set(everyone), "the copy has all of them"
    assert opened == 0
    thief.data.dispose()
    thief.keys.engine.dispose()


def test_the_old_master_key_is_written_over_on_the_disk(house, settings):
    with settings.keyring.open("rb") as old_file:
        keyring.begin_epoch(settings.keyring)
        assert any(old_file.read())
    with settings.keyring.open("rb") as old_file:
        keyring.end_epochs(settings.keyring, 2)
        assert not any(old_file.read())


def test_the_keyring_may_be_taken_away_while_the_app_runs(house, cast):
    """T29: a keyring handed over at the start need not stay on the host."""
    house.settings.keyring.unlink()
    assert names(house, cast) == everybody(cast)


def test_the_log_s_key_is_exchanged_and_the_chain_holds(any_house, any_cast, run, other):
    head = write(any_house, 3)
    with other.work(writes=True) as (unit, _):
        pen = trail.Pen(other.keyring.trail, None, None)  # in hand before the exchange
        pen.write(trail.SIGNED_OUT, "sign_in")
        unit.commit()
    answer = run("roll-keys", "--trail")
    assert answer.exit_code == 0, answer.output
    with other.work(writes=True) as (unit, _):
        pen.write(trail.SIGNED_OUT, "sign_in")
        unit.commit()
    write(any_house)
    assert chain_holds(any_house, head)
    seq, mac = write(other)
    assert run("verify-trail", "--anchor", f"{seq}:{mac.hex()}").exit_code == 0
    assert len(any_house.keyring.older_trails) == 1


def test_T34_the_log_s_old_key_seals_nothing_any_more(house, cast):
    write(house, 2)
    old = house.keyring.trail
    rolls.exchange_trail(house)
    write(house)
    with house.work(writes=False):
        seq, mac = trail.head()
    forged = {"seq": seq + 1, "prev": mac, "action": trail.READ, "kind": "x"}
    with house.work(writes=True) as (unit, _):
        last = stored.rows(house, "trail")[-1]._asdict()
        entry = last | forged
        del entry["mac"]
        sealed = trail._seal(old, entry)
        unit.connection.execute(stored.TABLES["trail"].insert(), [entry | {"mac": sealed}])
        unit.connection.execute(update(stored.TABLES["trail_head"]).values(seq=seq + 1, mac=sealed))
        unit.commit()
    assert not chain_holds(house)


def test_the_key_of_forms_is_exchanged(house, cast, run):
    before = house.keyring.forms
    assert run("roll-keys", "--forms").exit_code == 0
    assert house.keyring.forms != before
    assert names(house, cast) == everybody(cast)
