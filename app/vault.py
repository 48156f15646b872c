"""Identity and free text, sealed under a key per person that can be destroyed.

The key store lies apart from the data. A cell is bound to its table, column, row and person, so
that a copied or moved one does not open. `Secret` on a model is the only door to what is sealed.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Date,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    TypeDecorator,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
)
from sqlmodel import Field

from app.keyring import KEY_BYTES, Keyring

FORMAT = b"PM1"
NONCE_BYTES = 12
ID_LENGTH = (16).to_bytes(2)
SHORTEST = len(FORMAT) + NONCE_BYTES + 16  # with nothing but the tag inside
STEP = 64  # cells are padded to this many bytes, so that lengths tell little

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


class KeyStore:
    """The people's keys, wrapped by the master key of their epoch."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self.engine = engine
        self._reader = engine.execution_options(alone=True)
        self.keyring = keyring
        self._masters = {epoch: AESGCM(key) for epoch, key in keyring.masters.items()}

    def add(self, person: UUID) -> None:
        """Give a new person a key. It commits before the person's first row does."""
        epoch = self.keyring.current
        wrapped = self._wrap(person, epoch, os.urandom(KEY_BYTES))
        with self.engine.execution_options(writes=True).begin() as connection:
            if connection.execute(_TOMBSTONE, {"person": person}).first():
                raise KeyGone(str(person))
            connection.execute(
                insert(person_key).values(person_id=person, epoch=epoch, wrapped=wrapped)
            )

    def add_many(self, people: Iterable[UUID]) -> None:
        """The same for many at once (import, demo); may be run again after it broke off."""
        epoch, people = self.keyring.current, list(people)
        with self.engine.execution_options(writes=True).begin() as connection:
            erased = set(connection.execute(select(tombstone.c.person_id)).scalars())
            if erased.intersection(people):
                raise KeyGone("among those who were to get a key")
            taken = set(connection.execute(select(person_key.c.person_id)).scalars())
            made = [
                {
                    "person_id": p,
                    "epoch": epoch,
                    "wrapped": self._wrap(p, epoch, os.urandom(KEY_BYTES)),
                }
                for p in people
                if p not in taken
            ]
            if made:
                connection.execute(insert(person_key), made)

    def fetch(self, people: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of those people who still have one."""
        asked = {f"p{number}": person for number, person in enumerate(people)}
        with self._reader.connect() as connection:
            found = connection.execute(_keys(len(asked)), asked).all()
        return {row.person_id: self._unwrap(row.person_id, row.epoch, row.wrapped) for row in found}

    def held(self) -> set[UUID]:
        """Whose keys there are."""
        with self._reader.connect() as connection:
            return set(connection.execute(select(person_key.c.person_id)).scalars())

    def erase(self, person: UUID, on: date) -> None:
        """Destroy the key. Everything sealed under it is gone, in every backup too.

        May be run again after it broke off.
        """
        with self.engine.execution_options(writes=True).begin() as connection:
            connection.execute(delete(person_key).where(person_key.c.person_id == person))
            if not connection.execute(_TOMBSTONE, {"person": person}).first():
                connection.execute(insert(tombstone).values(person_id=person, erased_on=on))
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            if busy:  # somebody reads on: the page with the key was not written over
                raise StillReadable(str(person))

    def _wrap(self, person: UUID, epoch: int, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        master = self._masters[epoch]
        return nonce + master.encrypt(nonce, key, _bound(b"dek", person.bytes, b"%d" % epoch))

    def _unwrap(self, person: UUID, epoch: int, wrapped: bytes) -> bytes:
        master = self._masters[epoch]
        bound = _bound(b"dek", person.bytes, b"%d" % epoch)
        try:
            return master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
        except InvalidTag as error:
            raise Tampered(f"the key of {person}") from error


class Ring:
    """The keys in hand during one unit of work, and which participants they have opened."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._keys: dict[UUID, AESGCM | None] = {}
        self._raw: dict[UUID, bytes] = {}
        self._expected: set[UUID] = set()
        self.opened: set[UUID] = set()

    def expect(self, people: Iterable[UUID]) -> None:
        """These will be needed too: their keys come with the next question."""
        self._expected.update(people)

    def take(self, people: Iterable[UUID | None]) -> None:
        """Fetch the keys that a page needs in one question."""
        wanted = {person for person in people if person and person not in self._keys}
        if not wanted:
            return
        missing = wanted | (self._expected - self._keys.keys())
        self._expected.clear()
        found = self._store.fetch(missing)
        self._raw.update(found)
        for person in missing:
            self._keys[person] = AESGCM(found[person]) if person in found else None

    def add(self, person: UUID) -> None:
        self._store.add(person)
        self._keys.pop(person, None)

    def add_many(self, people: Iterable[UUID]) -> None:
        self._store.add_many(people)

    def drop(self) -> None:
        """Forget every key in hand."""
        self._keys.clear()
        self._raw.clear()
        self._expected.clear()

    def cipher(self, person: UUID) -> AESGCM:
        if person not in self._keys:
            self.take([person])
        cipher = self._keys[person]
        if cipher is None:
            raise KeyGone(str(person))
        return cipher

    def mark(self, person: UUID, content: bytes) -> bytes:
        """A keyed fingerprint that dies with the person's key."""
        self.take([person])
        if person not in self._raw:
            raise KeyGone(str(person))
        return hmac.new(self._raw[person], FORMAT + b"mark" + content, hashlib.sha256).digest()


_ring: ContextVar[Ring] = ContextVar("ring")


@contextmanager
def unlocked(store: KeyStore) -> Iterator[Ring]:
    """Open a ring for one unit of work; no key outlives it."""
    ring = Ring(store)
    token = _ring.set(ring)
    try:
        yield ring
    finally:
        _ring.reset(token)
        ring.drop()


def ring() -> Ring:
    """The ring of the unit of work that is under way."""
    return _ring.get()


class SealedBytes(bytes):
    """What the vault made, and the only thing a sealed column takes."""


class Sealed(TypeDecorator[bytes]):
    """A column that stores what the vault sealed, and refuses anything else."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        if value is not None and not isinstance(value, SealedBytes):
            raise TypeError("plain text was on its way into a sealed column")
        return value

    def process_result_value(self, value: bytes | None, dialect: Any) -> SealedBytes | None:
        return None if value is None else SealedBytes(value)


class Secret(property):
    """A sealed text on a model. `owner` names the column that holds the person whose key it takes.

    On an instance it reads and writes text; on the class, `open` reads the cell of a plain row.
    Opening a `logged` one is a reading for the access log: all that is said of a participant.
    """

    def __init__(self, owner: str = "id", *, logged: bool = False) -> None:
        super().__init__(self._read, self._write)
        self.owner = owner
        self.logged = logged or owner != "id"
        self.cell = ""
        self.table = ""

    def __set_name__(self, model: type, name: str) -> None:
        self.cell = name + "_ct"
        self.table = model.__name__.lower()
        self._place = _bound(self.table.encode(), self.cell.encode())

    def open(self, row: UUID, person: UUID, cell: bytes | None) -> str | None:
        """The text of a cell. Whose it was is remembered for the access log."""
        if cell is None:
            return None
        held = ring()
        if len(cell) < SHORTEST or not cell.startswith(FORMAT):
            raise Tampered(f"{self.table}.{self.cell} of {row}")
        nonce, sealed = cell[3 : 3 + NONCE_BYTES], cell[3 + NONCE_BYTES :]
        try:
            padded = held.cipher(person).decrypt(nonce, sealed, self._bound_to(row, person))
        except InvalidTag as error:
            raise Tampered(f"{self.table}.{self.cell} of {row}") from error
        if self.logged:
            held.opened.add(person)
        length = int.from_bytes(padded[:4])
        return padded[4 : 4 + length].decode()

    def seal(self, row: UUID, person: UUID, text: str | None) -> SealedBytes | None:
        if not text:
            return None
        raw = text.encode()
        padded = len(raw).to_bytes(4) + raw
        padded += bytes(-len(padded) % STEP)
        nonce = os.urandom(NONCE_BYTES)
        sealed = ring().cipher(person).encrypt(nonce, padded, self._bound_to(row, person))
        return SealedBytes(FORMAT + nonce + sealed)

    def _bound_to(self, row: UUID, person: UUID) -> bytes:
        return b"".join((self._place, ID_LENGTH, row.bytes, ID_LENGTH, person.bytes))

    def _read(self, model: Any) -> str | None:
        return self.open(model.id, getattr(model, self.owner), getattr(model, self.cell))

    def _write(self, model: Any, text: str | None) -> None:
        setattr(model, self.cell, self.seal(model.id, getattr(model, self.owner), text))


def sealed_column() -> Any:
    """The column behind a `Secret`."""
    return Field(default=None, sa_type=Sealed, repr=False, exclude=True)


def _bound(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2) + part for part in (FORMAT, *parts))
