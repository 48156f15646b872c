"""The two stores and the keys, built once per process, and one unit of work on all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from app import db, keyring, vault
from app.config import Settings
from app.keyring import Keyring
from app.vault import KeyStore, Ring


@dataclass(frozen=True)
class House:
    """What every request and every command works on."""

    settings: Settings
    keyring: Keyring
    data: Engine
    keys: KeyStore

    @contextmanager
    def work(self, *, writes: bool) -> Iterator[tuple[Session, Ring]]:
        """One session on the data and one ring of keys; whoever opens it commits it."""
        with db.unit(self.data, writes=writes) as session, vault.unlocked(self.keys) as ring:
            yield session, ring


def open_house(settings: Settings) -> House:
    """Open both stores. Outside production a missing keyring is made."""
    if settings.mode != "production" and not settings.keyring.exists():
        keyring.create(settings.keyring)
    settings.instance.mkdir(parents=True, exist_ok=True)
    ring = keyring.load(settings.keyring)
    store = KeyStore(db.engine(settings.keys_url), ring)
    return House(settings, ring, db.engine(settings.database_url), store)
