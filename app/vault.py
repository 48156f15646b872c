"""Identity and free text, sealed under a key per person that can be destroyed.

A cell is bound to its table, column, row and person, so that a copied or moved one does not open.
`Secret` on a model is the only door to what is sealed.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, TypeDecorator
from sqlmodel import Field

from app.key_store import FORMAT, NONCE_BYTES, KeyGone, KeyStore, Tampered, bound

ID_LENGTH = (16).to_bytes(2)
SHORTEST = len(FORMAT) + NONCE_BYTES + 16  # with nothing but the tag inside
STEP = 64  # cells are padded to this many bytes, so that lengths tell little


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

    def trail_key(self, key: bytes) -> bytes:
        """That key of the access log, or the one it was exchanged for."""
        now = self._store.keyring
        return now.trail if key in now.older_trails else key

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
        self._place = bound(self.table.encode(), self.cell.encode())

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
