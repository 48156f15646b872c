"""Identity and free text, sealed under a key per person that can be destroyed.

The key store lies apart from the data. A cell is bound to its table, column, row and person, so
that a copied or moved one does not open. `Secret` on a model is the only door to what is sealed.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
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
    TypeDecorator,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlmodel import Field

from app import db
from app.keyring import KEY_BYTES, Kept, Keyring

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
    bound = _wrapped_for(person, epoch)
    try:
        return masters[epoch].decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
    except InvalidTag as error:
        raise Tampered(f"the key of {person}") from error


def _wrapped_for(person: UUID, epoch: int) -> bytes:
    return _bound(b"dek", person.bytes, b"%d" % epoch)


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
