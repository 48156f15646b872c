"""Backups: both stores apart, sealed, and tried by restoring them before they count.

Data first, keys after: a person's key is committed before the person's first row (security
decision A12), so every row of the earlier moment has its key in the later one. The keyring is in
none of them.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from sqlalchemy import Engine

from app import clock, doors, schema, snapshots
from app.house import House
from app.keyring import Kept
from app.parcels import Lock, NoKey, Parcel, pieces
from app.snapshots import Counts, Failed
from app.soundness import Found, check
from app.vault import KeyStore

DATA, KEYS, NOTES, ANCHOR = "data", "keys", "notes", "anchor"
STAMP = "%Y%m%dT%H%M%SZ"
KEPT = 30  # backups
KEYS_KEPT = timedelta(days=31)  # so long an erased key may lie in a copy (security G20)


class Backup(NamedTuple):
    """The files of one backup."""

    folder: Path
    stamp: str

    def file(self, kind: str) -> Path:
        return self.folder / f"primus-{self.stamp}.{kind}"

    def part(self, kind: str) -> Path:
        """What it is called until it is whole, and has been tried."""
        return self.folder / f"primus-{self.stamp}.{kind}.part"

    @property
    def made_at(self) -> datetime:
        return datetime.strptime(self.stamp, STAMP).replace(tzinfo=UTC)


class Notes(NamedTuple):
    """What a backup says of itself: who was erased by then, and how many rows it has."""

    erased: dict[UUID, date]
    data: Counts
    keys: Counts

    def write(self) -> bytes:
        stones = {str(person): on.isoformat() for person, on in self.erased.items()}
        return json.dumps([stones, self.data, self.keys]).encode()

    @classmethod
    def read(cls, raw: bytes) -> "Notes":
        stones, data, keys = json.loads(raw)
        return cls({UUID(p): date.fromisoformat(on) for p, on in stones.items()}, data, keys)


class Sealed(NamedTuple):
    """One file of a backup with the key that opens it, and the rows it must have."""

    file: BinaryIO
    key: bytes
    kind: str
    rows: Counts

    def put(self, engine: Engine, place: Path) -> None:
        """Let a store hold what is inside."""
        snapshots.put(engine, place, pieces(self.file, self.key, self.kind))
        with engine.connect() as connection:
            if snapshots.counts(connection) != self.rows:
                raise Failed("Kopien har ikke de rækker, som lageret havde.")


def all_in(folder: Path, kind: str) -> list[Backup]:
    """The backups that have a file of that kind, oldest first."""
    files = sorted(folder.glob(f"primus-*.{kind}"))
    return [Backup(folder, file.stem.removeprefix("primus-")) for file in files]


def lock_of(house: House, file: Path | None = None) -> Lock:
    """What closes backups; with a file of its own, what opens them."""
    path = file or house.settings.backup_key
    if path is None:
        raise Failed("BACKUP_KEY mangler. Lav nøglen med: python -m app.parcels FIL")
    try:
        return Lock(path)
    except NoKey as missing:
        raise Failed(f"BACKUP_KEY kan ikke læses: {path}") from missing


def make(house: House, folder: Path, keep: int = KEPT) -> tuple[Backup, Found]:
    """Copy both stores while the app is in use, try the copies, and let old ones go."""
    if doors.closed(house.settings.instance):
        raise Failed("En kopi er ved at blive lagt ind. Gør det færdigt først.")
    lock = lock_of(house)
    folder.mkdir(parents=True, exist_ok=True)
    made = Backup(folder, clock.now().strftime(STAMP))
    with bench(house) as place, ExitStack() as files:
        for left in folder.glob("*.part"):  # of one that broke off
            left.unlink()
        data, keys, notes = (
            files.enter_context(made.part(kind).open("w+b")) for kind in (DATA, KEYS, NOTES)
        )
        copies = [
            _pack(data, lock, DATA, house.data, place),
            _pack(keys, lock, KEYS, house.keys.engine, place),
        ]
        own = Notes(house.keys.erased(), *(copy.rows for copy in copies))
        parcel = Parcel(notes, lock, NOTES)
        parcel.write(own.write())
        parcel.close()
        with tried(house, place, *copies) as copy:
            found = check(copy)
        _write_anchor(made, found)
        for kind in (KEYS, NOTES, ANCHOR, DATA):  # data last: with it the backup is whole
            made.part(kind).replace(made.file(kind))
        sync(folder)
        prune(folder, keep)
    return made, found


def _pack(file: BinaryIO, lock: Lock, kind: str, engine: Engine, place: Path) -> Sealed:
    parcel = Parcel(file, lock, kind)
    rows = snapshots.save(engine, place, parcel.write)
    parcel.close()
    return Sealed(file, parcel.key, kind, rows)


def _write_anchor(made: Backup, found: Found) -> None:
    """Where the access log ended: sent elsewhere, it shows when its tail is cut."""
    with made.part(ANCHOR).open("w") as file:
        file.write(f"{found.head[0]}:{found.head[1].hex()}\n")
        file.flush()
        os.fsync(file.fileno())


def prune(folder: Path, keep: int) -> None:
    """Anchors stay: they are small, hold nothing, and old ones are what proves the log."""
    for kind in (DATA, KEYS, NOTES):
        for old in all_in(folder, kind)[:-keep]:
            old.file(kind).unlink()
    for old in all_in(folder, KEYS):
        if old.made_at < clock.now() - KEYS_KEPT:
            old.file(KEYS).unlink()
    sync(folder)


@contextmanager
def tried(house: House, place: Path, data: Sealed, keys: Sealed) -> Iterator[House]:
    """A house of its own on the copies, brought to the newest migration."""
    engines = (house.data, house.keys.engine)
    with ExitStack() as scratch:
        tables, people = (scratch.enter_context(snapshots.scratch(e, place)) for e in engines)
        keys.put(people, place)
        data.put(tables, place)
        yield upgraded(house, tables, people, place)


def upgraded(house: House, data: Engine, keys: Engine, place: Path) -> House:
    """A house that works while the doors are closed."""
    settings = replace(house.settings, instance=place)
    made = House(settings, data, KeyStore(keys, Kept(settings.keyring)))
    schema.upgrade(made)
    return made


@contextmanager
def bench(house: House) -> Iterator[Path]:
    """A folder to work in, for one at a time; what an earlier one left there is gone."""
    place = house.settings.instance / "bench"
    place.mkdir(exist_ok=True)
    handle = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise Failed("En anden er i gang med en kopi. Prøv igen om lidt.") from taken
        _empty(place)
        yield place
        _empty(place)
    finally:
        os.close(handle)


def _empty(place: Path) -> None:
    for left in place.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
