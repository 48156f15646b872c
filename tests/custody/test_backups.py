"""A backup is whole, sealed, tried, and old ones go."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import delete

from app import backups, clock, doors, snapshots
from app.backups import ANCHOR, DATA, KEYS, NOTES
from app.parcels import Lock, pieces
from app.vault import person_key
from tests import logs
from tests.custody.conftest import ON_POSTGRES, erase, write

KINDS = (DATA, KEYS, NOTES, ANCHOR)
WORDS = ("Samir", "Annaefternavn", "@test.invalid", "20000001", "30000000", "1990-05-17")
SECRET = "Vi talte om nøglen til kælderen"


def files(folder):
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_backup_is_four_files_of_one_moment(any_house, any_cast, run, folder):
    head = write(any_house, 3)
    answer = run("backup", folder)
    assert answer.exit_code == 0, answer.output
    (made,) = backups.all_in(folder, DATA)
    assert files(folder) == {made.file(kind).name for kind in KINDS}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert list((any_house.settings.instance / "bench").iterdir()) == []
    anchor = made.file(ANCHOR).read_text().strip()
    assert anchor == f"{head[0]}:{head[1].hex()}"
    assert anchor in answer.output
    assert run("verify-trail", "--anchor", anchor).exit_code == 0


@pytest.fixture
def inside(opener):
    """All that somebody reads who has the files and the key that opens them."""

    def read(folder):
        lock, found = Lock(opener), {}
        for kind in (DATA, KEYS, NOTES):
            for one in backups.all_in(folder, kind):
                with one.file(kind).open("rb") as file:
                    key = lock.key_of(file, kind)
                    found[one.file(kind).name] = b"".join(pieces(file, key, kind))
        return found

    return read


def test_T31_a_backup_holds_nobody_s_words_even_when_it_is_opened(
    house, cast, signed_in, run, folder, inside
):
    """Names, addresses, phones and what people wrote: 0 found in the files, 0 inside them."""
    anna = signed_in("Anna")
    logs.log(anna, comment=SECRET, note=SECRET, victory=SECRET)
    run("backup", folder)
    words = [SECRET, *WORDS]
    opened = inside(folder)
    assert any(b"Havn Kommune" in content for content in opened.values()), "the search is blind"
    closed = {path.name: path.read_bytes() for path in folder.iterdir()}
    for content in (*closed.values(), *opened.values()):
        for word in words:
            assert word.encode() not in content, word
    for name, content in closed.items():
        assert ANCHOR in name or b"CREATE TABLE" not in content
        assert not any(key in content for key in master_keys(house)), name
    assert not any(key in content for content in opened.values() for key in master_keys(house))


def master_keys(house):
    ring = house.keyring
    return [*ring.masters.values(), ring.trail, ring.lookup, ring.forms, *ring.sealing.values()]


@ON_POSTGRES
def test_T31_neither_does_one_of_postgres(any_house, any_cast, run, folder, inside):
    run("backup", folder)
    opened = [content for name, content in inside(folder).items() if NOTES not in name]
    read = [
        subprocess.run(("pg_restore", "-f", "-"), input=c, capture_output=True, check=False)
        for c in opened
    ]
    assert any(b"Havn Kommune" in one.stdout for one in read), "the search is blind"
    for one in read:
        assert one.returncode == 0
        for word in WORDS:
            assert word.encode() not in one.stdout


def test_whoever_is_added_while_it_is_made_has_a_key_in_it(any_house, any_cast, run, folder):
    """A12: the data are copied first, so that no row of theirs comes without its key."""
    saved, added = snapshots.save, []

    def meanwhile(engine, *rest):
        if engine is any_house.keys.engine:  # between the two copies
            added.append(uuid4())
            any_house.keys.add(added[0])
        return saved(engine, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "save", meanwhile)
        assert run("backup", folder).exit_code == 0
    assert added


def test_a_copy_with_somebody_who_has_neither_key_nor_tombstone_does_not_count(
    house, cast, run, folder
):
    with house.keys.engine.execution_options(writes=True).begin() as connection:
        anna = person_key.c.person_id == cast.people["Anna"]
        connection.execute(delete(person_key).where(anna))
    answer = run("backup", folder)
    assert answer.exit_code == 1
    assert "hverken nøgle eller sletning" in answer.output
    assert backups.all_in(folder, DATA) == []


def test_a_copy_of_a_broken_log_does_not_count(house, cast, run, folder):
    write(house, 3)
    with house.data.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_no_update")
        connection.exec_driver_sql("UPDATE trail SET kind = 'x' WHERE seq = 2")
    answer = run("backup", folder)
    assert answer.exit_code == 1
    assert "brudt ved nr. 2" in answer.output
    assert backups.all_in(folder, DATA) == []


def test_a_copy_with_a_cell_that_does_not_open_does_not_count(house, cast, run, folder):
    with house.data.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET phone_ct = surname_ct")
    answer = run("backup", folder)
    assert answer.exit_code == 1
    assert "kan ikke åbnes" in answer.output


def test_an_erased_person_is_no_fault_of_a_copy(any_house, any_cast, run, folder):
    erase(any_house, any_cast, "Samir")
    assert run("backup", folder).exit_code == 0


def test_writers_write_on_while_a_copy_is_made(any_house, any_cast, run, folder):
    done, ends = [], Event()

    def keep_writing():
        while not ends.is_set():
            done.append(write(any_house))

    writer = Thread(target=keep_writing)
    writer.start()
    answer = run("backup", folder)
    ends.set()
    writer.join()
    assert answer.exit_code == 0, answer.output
    assert done
    (made,) = backups.all_in(folder, ANCHOR)
    assert run("verify-trail", "--anchor", made.file(ANCHOR).read_text().strip()).exit_code == 0


def test_without_the_key_there_is_no_backup(app, cast, settings, run, folder):
    missing = replace(settings, backup_key=None)
    object.__setattr__(app.extensions["house"], "settings", missing)
    answer = run("backup", folder)
    assert (answer.exit_code, "BACKUP_KEY mangler" in answer.output) == (1, True)
    gone = replace(settings, backup_key=settings.instance / "nowhere")
    object.__setattr__(app.extensions["house"], "settings", gone)
    answer = run("backup", folder)
    assert (answer.exit_code, "kan ikke læses" in answer.output) == (1, True)


@ON_POSTGRES
def test_without_pg_dump_it_says_which_package_is_missing(any_house, run, folder, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    answer = run("backup", folder)
    assert answer.exit_code == 1
    assert "pg_dump mangler. Installer pakken postgresql-client." in answer.output


@ON_POSTGRES
def test_the_password_of_the_database_is_no_argument(any_house, run, folder, monkeypatch):
    """Others on the host can read arguments."""
    started, start = [], snapshots.subprocess.Popen
    monkeypatch.setattr(
        snapshots.subprocess, "Popen", lambda c, **how: started.append((c, how)) or start(c, **how)
    )
    with_password = any_house.data.url.set(password="hemmelig")
    monkeypatch.setattr(any_house.data, "url", with_password)
    snapshots.save(any_house.data, folder, lambda _: None)
    ((command, how),) = started
    assert "hemmelig" not in " ".join(command)
    assert how["env"]["PGPASSWORD"] == "hemmelig"


def test_the_newest_stay_and_the_heads_of_the_log_all_do(house, cast, run, folder):
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(4):
            assert run("backup", folder, "--keep", 2).exit_code == 0
            now.shift(timedelta(days=1))
    assert [len(backups.all_in(folder, kind)) for kind in KINDS] == [2, 2, 2, 4]


def test_T32_copies_of_the_keys_are_never_older_than_31_days(house, cast, folder):
    """G20: an erased person's key does not lie longer in a copy, however many are kept."""
    with time_machine.travel(clock.now(), tick=False) as now:
        for days in (0, 10, 22):
            now.shift(timedelta(days=days))
            backups.make(house, folder, keep=100)
    made = [len(backups.all_in(folder, kind)) for kind in (DATA, KEYS)]
    assert made == [3, 2]


def test_what_an_earlier_one_left_behind_goes(house, cast, run, folder):
    folder.mkdir()
    (folder / "primus-20260101T000000Z.data.part").write_text("half")
    bench = house.settings.instance / "bench"
    bench.mkdir()
    (bench / "half.db").write_text("half")
    assert run("backup", folder).exit_code == 0
    assert not list(folder.glob("*.part"))
    assert list(bench.iterdir()) == []


def test_two_do_not_work_at_the_same_time(house, cast, run, folder):
    with backups.bench(house):
        answer = run("backup", folder)
    assert (answer.exit_code, "En anden er i gang" in answer.output) == (1, True)


def test_none_is_made_while_one_is_being_put_back(house, cast, run, folder):
    doors.close(house.settings.instance, {})
    for command in (("backup", folder), ("roll-keys",)):
        answer = run(*command)
        assert (answer.exit_code, "ved at blive lagt ind" in answer.output) == (1, True)


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(house, cast, run, tmp_path):
    (tmp_path / "file").write_text("")
    answer = run("backup", tmp_path / "file" / "below")
    assert (answer.exit_code, "Det kan ikke skrives" in answer.output) == (1, True)
