"""A backup comes back whole, somewhere empty, and nobody who was erased comes with it."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from app import backups, clock, create_app, db, doors, keyring, parcels, restores, schema
from app.backups import DATA, KEYS
from app.domain import belongings, erasure, trail
from app.snapshots import Failed
from app.vault import KeyGone
from app.worker import Worker
from tests import logs, stored
from tests.conftest import client_of
from tests.custody.conftest import (
    ON_POSTGRES,
    chain_holds,
    empty_database,
    erase,
    everybody,
    names,
    write,
)


@pytest.fixture
def elsewhere(any_settings, tmp_path):
    """The app on another host: empty stores of the same kind, and the keyring that was kept."""
    folder = tmp_path / "other-host"
    folder.mkdir()
    shutil.copy(any_settings.keyring, folder / "keyring.json")
    urls = [any_settings.database_url, any_settings.keys_url]
    if urls[0].startswith("sqlite"):
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("primus", "keys")]
    else:
        urls = [empty_database(url) for url in urls]
    other = replace(
        any_settings,
        instance=folder,
        keyring=folder / "keyring.json",
        database_url=urls[0],
        keys_url=urls[1],
    )
    app = create_app(other)
    yield app
    app.extensions["house"].data.dispose()
    app.extensions["house"].keys.engine.dispose()


def house_of(app):
    return app.extensions["house"]


def test_the_host_is_lost_and_the_app_comes_back_elsewhere(
    any_house, any_cast, any_app, run, folder, opener, elsewhere
):
    write(any_house, 3)
    assert run("backup", folder).exit_code == 0
    before = stored.contents(any_house)
    answer = run("restore", folder, "--key", opener, app=elsewhere)
    assert answer.exit_code == 0, answer.output
    there = house_of(elsewhere)
    assert stored.contents(there) == before
    assert names(there, any_cast) == everybody(any_cast)
    assert chain_holds(there)
    schema.check(there)
    (entry,) = stored.acts(there, trail.RESTORED)
    assert entry.reason == backups.all_in(folder, DATA)[0].stamp
    assert elsewhere.test_client().get("/healthz").status_code == 200
    assert client_of(elsewhere, any_cast, "Anna").get("/").status_code == 200
    with (
        there.data.execution_options(writes=True).connect() as connection,
        pytest.raises(Exception, match="only grows"),
    ):
        connection.exec_driver_sql("DELETE FROM trail")


def test_it_goes_nowhere_where_there_are_data(any_house, any_cast, run, folder, opener):
    run("backup", folder)
    write(any_house)
    before = stored.counts(any_house)
    answer = run("restore", folder, "--key", opener)
    assert (answer.exit_code, "--replace" in answer.output) == (1, True)
    assert stored.counts(any_house) == before
    assert run("restore", folder, "--key", opener, "--replace").exit_code == 0
    assert names(any_house, any_cast) == everybody(any_cast)


def test_T32_erased_person_does_not_come_back_by_restore(
    any_house, any_cast, any_app, run, folder, opener
):
    """Yesterday's backup, put over today's stores: the key store of today remembers."""
    run("backup", folder)
    erase(any_house, any_cast, "Samir")
    erase(any_house, any_cast, "Bo")
    answer = run("restore", folder, "--key", opener, "--replace")
    assert answer.exit_code == 0, answer.output
    assert "Slettet igen: 2" in answer.output
    gone = {"Samir": "no row", "Bo": "no row"}
    assert names(any_house, any_cast) == everybody(any_cast) | gone
    assert any_cast.participants["Samir"] in any_house.keys.erased()
    with pytest.raises(KeyGone):
        any_house.keys.add(any_cast.participants["Samir"])
    page = client_of(any_app, any_cast, "Anna").get("/forloeb")
    assert "Samir" not in page.text


def test_T32_nor_on_a_new_host_where_only_a_later_backup_remembers(
    house, cast, run, folder, opener, settings, tmp_path
):
    """The data of the first day, the keys of the last: what was erased between stays so."""
    with time_machine.travel(clock.now(), tick=False) as now:
        first, _ = backups.make(house, folder)
        now.shift(timedelta(days=1))
        erase(house, cast, "Samir")
        last, _ = backups.make(house, folder)
        there = another(settings, tmp_path)
        answer = run("restore", folder, "--key", opener, "--at", first.stamp, app=there)
        assert answer.exit_code == 0, answer.output
        assert first.stamp in answer.output
        assert last.stamp in answer.output
    assert names(house_of(there), cast) == everybody(cast) | {"Samir": "no row"}


def test_T32_also_where_the_newer_keys_are_lost_and_only_the_notes_remember(
    house, cast, run, folder, opener, settings, tmp_path
):
    with time_machine.travel(clock.now(), tick=False) as now:
        backups.make(house, folder)
        now.shift(timedelta(days=1))
        erase(house, cast, "Samir")
        last, _ = backups.make(house, folder)
    last.file(KEYS).unlink()
    last.file(DATA).unlink()
    there = another(settings, tmp_path)
    assert run("restore", folder, "--key", opener, app=there).exit_code == 0
    assert names(house_of(there), cast) == everybody(cast) | {"Samir": "no row"}


def another(settings, tmp_path):
    folder = tmp_path / "another"
    folder.mkdir()
    shutil.copy(settings.keyring, folder / "keyring.json")
    urls = [f"sqlite:///{folder}/{name}.db" for name in ("primus", "keys")]
    return create_app(
        replace(
            settings,
            instance=folder,
            keyring=folder / "keyring.json",
            database_url=urls[0],
            keys_url=urls[1],
        )
    )


def test_T32_no_page_is_served_before_the_erased_are_erased_again(
    app, house, cast, signed_in, run, folder, opener, monkeypatch
):
    """G21. While rows are put back and until the last tombstone is applied: 503, to everybody."""
    run("backup", folder)
    erase(house, cast, "Samir")
    anna, seen = signed_in("Anna"), {}

    def before_it(made, erased):
        seen["erased"] = erased
        for path in ("/", "/forloeb", "/healthz", "/log-ind", "/moeder/ny"):
            seen[path] = anna.get(path)
        seen["post"] = anna.post("/log-ind", data={"email": "x"})
        with pytest.raises(doors.Closed):
            Worker(house, None, None).plan(clock.now())
        erase_again(made, erased)

    erase_again = restores.erase_again
    monkeypatch.setattr(restores, "erase_again", before_it)
    assert run("restore", folder, "--key", opener, "--replace").exit_code == 0
    assert set(seen.pop("erased")) == {cast.participants["Samir"]}
    for answer in seen.values():
        assert answer.status_code == 503
        assert "Samir" not in answer.text
        assert "Vi kan ikke svare lige nu" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert anna.get("/healthz").status_code == 200


def test_a_restore_that_broke_off_stays_closed_and_remembers_whom_to_erase(
    app, house, cast, signed_in, run, folder, opener, monkeypatch
):
    run("backup", folder)
    erase(house, cast, "Samir")

    def breaks(*_):
        raise Failed("strømmen gik")

    with monkeypatch.context() as patch:
        patch.setattr(restores, "erase_again", breaks)
        answer = run("restore", folder, "--key", opener, "--replace")
        assert (answer.exit_code, "strømmen gik" in answer.output) == (1, True)
    assert app.test_client().get("/healthz").status_code == 503
    with house.keys.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DELETE FROM tombstone")  # as if it had come no further
    again = run("restore", folder, "--key", opener)
    assert again.exit_code == 0, again.output
    assert names(house, cast) == everybody(cast) | {"Samir": "no row"}
    assert app.test_client().get("/healthz").status_code == 200


def test_T32_no_row_of_the_erased_comes_back_either(house, cast, run, folder, opener):
    """T32: keys are destroyed first; then every row goes, of every table, with a receipt."""
    run("backup", folder)
    erase(house, cast, "Samir")
    run("restore", folder, "--key", opener, "--replace")
    with house.work(writes=False):
        left = [
            name
            for name, count in belongings.counts(belongings.PARTICIPANT)
            if db.rows(count, subject=cast.participants["Samir"])[0][0]
        ]
        [told] = erasure.everything(10)
    assert left == []
    assert (told.subject_id, told.why) == (cast.participants["Samir"], erasure.RESTORED)
    assert told.done_at


def test_a_damaged_backup_changes_nothing(app, house, cast, run, folder, opener):
    run("backup", folder)
    write(house)
    before = stored.counts(house)
    for kind in (DATA, KEYS):
        file = backups.all_in(folder, kind)[0].file(kind)
        whole = file.read_bytes()
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 1
        for content in (bytes(damaged), whole[: len(whole) // 2], b""):
            file.write_bytes(content)
            answer = run("restore", folder, "--key", opener, "--replace")
            assert (answer.exit_code, "beskadiget" in answer.output) == (1, True), answer.output
        file.write_bytes(whole)
    assert stored.counts(house) == before
    assert app.test_client().get("/healthz").status_code == 200


@ON_POSTGRES
def test_a_damaged_backup_changes_nothing_on_postgres(any_house, any_cast, run, folder, opener):
    run("backup", folder)
    before = stored.counts(any_house)
    file = backups.all_in(folder, DATA)[0].file(DATA)
    file.write_bytes(file.read_bytes()[:-100])
    answer = run("restore", folder, "--key", opener, "--replace")
    assert (answer.exit_code, "beskadiget" in answer.output) == (1, True), answer.output
    assert stored.counts(any_house) == before


def test_the_key_on_the_host_does_not_open_its_own_backups(house, cast, run, folder):
    run("backup", folder)
    answer = run("restore", folder, "--replace")
    assert (answer.exit_code, "kun lukke" in answer.output) == (1, True)


def test_another_key_is_refused_in_a_sentence(house, cast, run, folder, tmp_path):
    run("backup", folder)
    parcels.make_key(tmp_path / "wrong.json")
    answer = run("restore", folder, "--key", tmp_path / "wrong.json", "--replace")
    assert answer.exit_code == 1
    assert "notes" in answer.output or "anden nøgle" in answer.output


def test_with_another_keyring_nothing_is_put_back(
    house, cast, run, folder, opener, settings, tmp_path
):
    run("backup", folder)
    there = another(settings, tmp_path)
    house_of(there).settings.keyring.unlink()
    keyring.create(house_of(there).settings.keyring)
    answer = run("restore", folder, "--key", opener, app=there)
    assert (answer.exit_code, "Nøgleringen åbner ikke" in answer.output) == (1, True)
    assert not restores.holds_data(house_of(there).data)


def test_there_is_no_such_backup(house, cast, run, folder, opener):
    run("backup", folder)
    answer = run("restore", folder, "--key", opener, "--at", "20200101T000000Z", "--replace")
    assert (answer.exit_code, "findes ikke" in answer.output) == (1, True)


def test_what_was_cut_from_the_log_before_the_backup_is_seen(
    house, cast, run, folder, opener, settings, tmp_path
):
    """The head beside the backup may be compared with one that was sent elsewhere."""
    write(house, 3)
    run("backup", folder)
    (made,) = backups.all_in(folder, DATA)
    made.file("anchor").write_text(f"99:{'0' * 64}")
    answer = run("restore", folder, "--key", opener, app=another(settings, tmp_path))
    assert (answer.exit_code, "kæde er brudt" in answer.output) == (1, True)


def test_a_running_app_reads_what_was_put_back_without_a_restart(
    app, house, cast, signed_in, run, folder, opener
):
    anna = signed_in("Anna")
    run("backup", folder)
    logs.log(anna)
    assert stored.rows(house, "meeting")
    assert run("restore", folder, "--key", opener, "--replace").exit_code == 0
    assert stored.rows(house, "meeting") == []
    assert anna.get("/moeder").status_code == 200
    logs.log(anna)
    assert chain_holds(house)
