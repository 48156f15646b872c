"""The two stores and the keys, built once per process, and one unit of work on all of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from app import config, db, doors, keyring, vault
from app.config import Settings, UnsafeSettings
from app.db import Unit
from app.keyring import Kept, Keyring
from app.vault import KeyStore, Ring


@dataclass(frozen=True)
class House:
    """What every request and every command works on."""

    settings: Settings
    data: Engine
    keys: KeyStore

    @property
    def keyring(self) -> Keyring:
        """As its file says it now: it may be rolled while the app runs."""
        return self.keys.keyring

    @contextmanager
    def work(self, *, writes: bool) -> Iterator[tuple[Unit, Ring]]:
        """One unit of work on the data and one ring of keys; whoever opens it commits it."""
        if doors.closed(self.settings.instance):
            raise doors.Closed
        with db.unit(self.data, writes=writes) as unit, vault.unlocked(self.keys) as ring:
            yield unit, ring


def open_house(settings: Settings) -> House:
    """Open both stores, to nobody else. Outside production a missing keyring is made."""
    os.umask(0o077)  # a store's files come when they are needed, so it stays for the process
    if settings.mode != "production" and not settings.keyring.exists():
        keyring.create(settings.keyring)
    settings.instance.mkdir(parents=True, exist_ok=True)
    for file in config.store_files(settings):
        _close_to_others(file)
    if not settings.keyring_is_lent:
        _close_to_others(settings.keyring)
    kept = Kept(settings.keyring)
    if not kept.now().sealing:  # a keyring from before phones sealed what waits
        if settings.mode == "production":
            raise UnsafeSettings(
                "KEYRING has no key for phones: run 'python -m app.keyring FILE --sealing'"
            )
        keyring.add_sealing_key(settings.keyring, first=True)
    store = KeyStore(db.engine(settings.keys_url), kept)
    return House(settings, db.engine(settings.database_url), store)


def _close_to_others(file: Path) -> None:
    """A store's file and what SQLite keeps beside it may be older than this rule."""
    for kept in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        if kept.exists() and kept.stat().st_mode & 0o077:
            kept.chmod(0o600)
