"""The people's keys, apart from the data: each wrapped by the master key of its epoch, and gone for
good once it is erased.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from app import db
from app.keyring import KEY_BYTES, Kept, Keyring

FORMAT = b"PM1"
NONCE_BYTES = 12

key_metadata = MetaData()
person_key = Table(
    "person_key",
    key_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)
tombstone = Table(
    "tombstone",
    key_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("erased_on", Date, nullable=False),
)
_REWRAP = (
    update(person_key)
    .where(person_key.c.person_id == bindparam("person"))
    .values(epoch=bindparam("epoch"), wrapped=bindparam("wrapped"))
)
_TOMBSTONE = select(tombstone).where(tombstone.c.person_id == bindparam("person"))


@lru_cache(maxsize=256)
def _keys(count: int) -> Select[Any]:
    """The keys of that many people; written out, since an IN that grows is slow to fill in."""
    wanted = (bindparam(f"p{number}", type_=Uuid()) for number in range(count))
    return select(person_key).where(person_key.c.person_id.in_(list(wanted)))


class KeyGone(Exception):
    """The person's key has been destroyed: what it sealed is gone."""


class StillReadable(Exception):
    """A destroyed key may still lie in the file beside the key store: erase once more."""


class Tampered(Exception):
    """A cell was changed, moved, or given to another person."""


class WrongEpoch(Exception):
    """The keyring has no master key of that epoch: it was destroyed, or is another keyring."""


class KeyStore:
    """The people's keys, wrapped by the master key of their epoch."""

    def __init__(self, engine: Engine, kept: Kept) -> None:
        self.engine = engine
        self._reader = engine.execution_options(alone=True)
        self._kept = kept
        self._held: tuple[Keyring, dict[int, AESGCM]] = (kept.now(), _ciphers(kept.now()))

    @property
    def keyring(self) -> Keyring:
        """The master keys as their file says it now."""
        return self._kept.now()

    def add(self, person: UUID) -> None:
        """Give a new person a key. It commits before the person's first row does."""
        with self._writing() as connection:
            if connection.execute(_TOMBSTONE, {"person": person}).first():
                raise KeyGone(str(person))
            connection.execute(insert(person_key).values(self._new(person)))

    def add_many(self, people: Iterable[UUID]) -> None:
        """The same for many at once (import, demo); may be run again after it broke off."""
        people = list(people)
        with self._writing() as connection:
            erased = set(connection.execute(select(tombstone.c.person_id)).scalars())
            if erased.intersection(people):
                raise KeyGone("among those who were to get a key")
            taken = set(connection.execute(select(person_key.c.person_id)).scalars())
            made = [self._new(person) for person in people if person not in taken]
            if made:
                connection.execute(insert(person_key), made)

    def fetch(self, people: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of those people who still have one."""
        asked = {f"p{number}": person for number, person in enumerate(people)}
        try:
            return self._fetch(asked)
        except WrongEpoch:  # the epoch was rolled after the keys were read
            return self._fetch(asked)

    def _fetch(self, asked: dict[str, UUID]) -> dict[UUID, bytes]:
        with self._reader.connect() as connection:
            found = connection.execute(_keys(len(asked)), asked).all()
        masters = self._masters()
        return {row.person_id: _unwrap(masters, *row) for row in found}

    def held(self) -> set[UUID]:
        """Whose keys there are."""
        with self._reader.connect() as connection:
            return set(connection.execute(select(person_key.c.person_id)).scalars())

    def erase(self, person: UUID, on: date) -> None:
        """Destroy the key. Everything sealed under it is gone, in every backup too.

        May be run again after it broke off.
        """
        self.bury({person: on})

    def bury(self, erased: Mapping[UUID, date]) -> None:
        """The same for many at once."""
        with self._writing() as connection:
            for person, on in erased.items():
                connection.execute(delete(person_key).where(person_key.c.person_id == person))
                if not connection.execute(_TOMBSTONE, {"person": person}).first():
                    connection.execute(insert(tombstone).values(person_id=person, erased_on=on))
        if not db.settle(self.engine):  # somebody reads on: the page was not written over
            raise StillReadable

    def erased(self) -> dict[UUID, date]:
        """Who has been erased, and when."""
        with self._reader.connect() as connection:
            found = connection.execute(select(tombstone)).all()
        return {row.person_id: row.erased_on for row in found}

    def rewrap(self) -> int:
        """Wrap every key with the newest master key, all or none; how many were not.

        Whoever makes a key meanwhile waits, and then finds the same master key.
        """
        with self._writing(alone=True) as connection:
            masters = self._masters()
            older = person_key.c.epoch != max(masters)
            anew = [
                {"person": row.person_id} | self._wrap(row.person_id, _unwrap(masters, *row))
                for row in connection.execute(select(person_key).where(older)).all()
            ]
            if anew:
                connection.execute(_REWRAP, anew)
            self._newest_opens_all(connection)
        db.settle(self.engine)  # where somebody reads on, destroying the older master key will do
        return len(anew)

    @contextmanager
    def held_still(self) -> Iterator[int]:
        """The one epoch that opens every key, and no other comes meanwhile."""
        with self._writing(alone=True) as connection:
            yield self._newest_opens_all(connection)

    def check(self) -> int:
        """Unwrap every key; how many there are."""
        masters = self._masters()
        with self._reader.connect() as connection:
            return len([_unwrap(masters, *row) for row in connection.execute(select(person_key))])

    def probe(self) -> None:
        """Write as much as a person's key may ever take, and take it away again."""
        probe = {"person_id": uuid4(), "epoch": 0, "wrapped": os.urandom(db.PROBE_BYTES)}
        with self._writing() as connection:
            connection.execute(insert(person_key), probe)
            connection.execute(
                delete(person_key).where(person_key.c.person_id == probe["person_id"])
            )

    def _newest_opens_all(self, connection: Connection) -> int:
        masters = self._masters()
        newest = {max(masters): masters[max(masters)]}
        for row in connection.execute(select(person_key)).all():
            _unwrap(newest, *row)
        return max(newest)

    @contextmanager
    def _writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction in which the current epoch stays what it is until the end."""
        with self.engine.execution_options(writes=True).begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has let in one writer anyway
                mode = "EXCLUSIVE" if alone else "ROW EXCLUSIVE"
                connection.exec_driver_sql(f"LOCK TABLE person_key IN {mode} MODE")
            yield connection

    def _masters(self) -> dict[int, AESGCM]:
        ring, masters = self._held
        now = self.keyring
        if now is not ring:
            masters = _ciphers(now)
            self._held = (now, masters)
        return masters

    def _new(self, person: UUID) -> dict[str, Any]:
        """A new key, under the lock: the epoch must not be rolled meanwhile."""
        return {"person_id": person} | self._wrap(person, os.urandom(KEY_BYTES))

    def _wrap(self, person: UUID, key: bytes) -> dict[str, Any]:
        masters = self._masters()
        epoch, nonce = max(masters), os.urandom(NONCE_BYTES)
        sealed = masters[epoch].encrypt(nonce, key, _wrapped_for(person, epoch))
        return {"epoch": epoch, "wrapped": nonce + sealed}


def _ciphers(keyring: Keyring) -> dict[int, AESGCM]:
    return {epoch: AESGCM(key) for epoch, key in keyring.masters.items()}


def _unwrap(masters: Mapping[int, AESGCM], person: UUID, epoch: int, wrapped: bytes) -> bytes:
    if epoch not in masters:
        raise WrongEpoch(str(epoch))
    label = _wrapped_for(person, epoch)
    try:
        return masters[epoch].decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], label)
    except InvalidTag as error:
        raise Tampered(f"the key of {person}") from error


def _wrapped_for(person: UUID, epoch: int) -> bytes:
    return bound(b"dek", person.bytes, b"%d" % epoch)


def bound(*parts: bytes) -> bytes:
    """What a sealed text is bound to, so that it opens nowhere else."""
    return b"".join(len(part).to_bytes(2) + part for part in (FORMAT, *parts))
