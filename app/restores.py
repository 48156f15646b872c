"""Puts a backup back: in an empty place, closed to all until the erased are erased again."""

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine, inspect

from app import backups, clock, doors
from app.backups import ANCHOR, DATA, KEYS, NOTES, Backup, Notes, Sealed
from app.domain import erasure, trail
from app.eraser import Eraser
from app.house import House
from app.parcels import Lock, NoKey, Unopened, pieces
from app.snapshots import Failed, counts
from app.soundness import Anchor, Found, check

FILLED = {"person", "participant", "trail", "person_key", "tombstone"}


class Restored(NamedTuple):
    data: Backup
    keys: Backup
    erased: int
    found: Found


def restore(
    house: House,
    folder: Path,
    key: Path | None = None,
    at: str | None = None,
    *,
    over_data: bool = False,
) -> Restored:
    """The data of one backup and the newest keys, so that whoever was erased since stays so."""
    instance = house.settings.instance
    broke_off = doors.closed(instance)
    if (
        not over_data
        and not broke_off
        and (holds_data(house.data) or holds_data(house.keys.engine))
    ):
        raise Failed("Her er data i forvejen. Skal de erstattes, så brug --replace.")
    lock = backups.lock_of(house, key)
    try:
        data, keys = _chosen(folder, DATA, at), _chosen(folder, KEYS, None)
        notes = _notes(folder, lock)
        if data.stamp not in notes or keys.stamp not in notes:
            raise Failed("Kopien mangler sin .notes-fil.")
        erased = _erased_since(house, notes)
        with backups.bench(house) as place, ExitStack() as files:
            opened = files.enter_context(data.file(DATA).open("rb"))
            tables = Sealed(opened, lock.key_of(opened, DATA), DATA, notes[data.stamp].data)
            opened = files.enter_context(keys.file(KEYS).open("rb"))
            people = Sealed(opened, lock.key_of(opened, KEYS), KEYS, notes[keys.stamp].keys)
            with backups.tried(house, place, tables, people) as copy:
                copy.keys.bury(erased)
                check(copy, _anchor(data))
            doors.close(instance, erased)
            people.put(house.keys.engine, place)
            tables.put(house.data, place)
            made = backups.upgraded(house, house.data, house.keys.engine, place)
            erase_again(made, erased)
            found = check(made, _anchor(data))
            _write_down(made, data)
            doors.reopen(instance)
    except Unopened as error:
        raise Failed("Kopien er beskadiget, eller er lukket til en anden nøgle.") from error
    except NoKey as error:
        raise Failed("Den nøgle kan kun lukke kopier. Brug --key med den, der åbner.") from error
    return Restored(data, keys, len(erased), found)


def erase_again(house: House, erased: Mapping[UUID, date]) -> None:
    """Whoever was erased after the backup was made is erased once more, before any page is served.

    Their keys first, so that they are unreadable whatever happens; then every row.
    """
    house.keys.bury(erased)
    eraser = Eraser(house)
    for subject in erased:
        eraser.person(subject, erasure.RESTORED, clock.now())


def holds_data(engine: Engine) -> bool:
    """Whether anybody is in that store; one that was only migrated counts as empty."""
    with engine.connect() as connection:
        return any(rows for name, rows in counts(connection).items() if name in FILLED)


def _chosen(folder: Path, kind: str, at: str | None) -> Backup:
    found = [one for one in backups.all_in(folder, kind) if at in (None, one.stamp)]
    if not found:
        known = ", ".join(one.stamp for one in backups.all_in(folder, kind)) or "ingen"
        raise Failed(f"Den kopi ({kind}) findes ikke. Her er: {known}")
    return found[-1]


def _notes(folder: Path, lock: Lock) -> dict[str, Notes]:
    """Of all backups that this key opens: the newest knows everybody who was erased."""
    found = {}
    for one in backups.all_in(folder, NOTES):
        with one.file(NOTES).open("rb") as file, suppress(Unopened):
            raw = b"".join(pieces(file, lock.key_of(file, NOTES), NOTES))
            found[one.stamp] = Notes.read(raw)
    return found


def _erased_since(house: House, notes: Mapping[str, Notes]) -> dict[UUID, date]:
    """Known here, known to a restore that broke off, or known to any backup."""
    erased = doors.erased(house.settings.instance)
    for one in notes.values():
        erased |= one.erased
    if inspect(house.keys.engine).has_table("tombstone"):
        erased |= house.keys.erased()
    return erased


def _anchor(data: Backup) -> Anchor | None:
    """The head that was written down beside the backup, when the file is still there."""
    file = data.file(ANCHOR)
    if not file.is_file():
        return None
    seq, _, mac = file.read_text().strip().partition(":")
    return int(seq), bytes.fromhex(mac)


def _write_down(house: House, data: Backup) -> None:
    with house.work(writes=True) as (unit, _):
        pen = trail.Pen(house.keyring.trail, None, None)
        pen.write(trail.RESTORED, "backup", reason=data.stamp)
        unit.commit()
