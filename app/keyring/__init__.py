"""The master keys: a file that lies apart from both stores and from their backups."""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
UNCOMPRESSED = Encoding.X962, PublicFormat.UncompressedPoint  # how a public key travels
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Keyring:
    """Master keys by epoch (they wrap every person's key), and three keys that never wrap."""

    current: int
    masters: dict[int, bytes]
    trail: bytes  # chains the access log
    lookup: bytes  # finds an e-mail address without storing it
    forms: bytes  # signs session cookies where no SECRET_KEY is set (demo, development)
    # Private keys by number: phones seal to the newest. Old ones stay until no phone can hold a
    # record that is sealed to them (security decision A5).
    sealing: dict[int, bytes]
    older_trails: tuple[bytes, ...] = ()  # what chained the log before, oldest first

    @property
    def fingerprint(self) -> str:
        """Tells whether a copy holds all that must not be lost; says nothing about the keys."""
        kept = (self.masters[self.current], *self.older_trails, self.trail, self.lookup, self.forms)
        sealing = (self.sealing[number] for number in sorted(self.sealing))
        return hashlib.sha256(b"".join((*kept, *sealing))).hexdigest()[:16]


class Kept:
    """The keyring as its file says it now, so that a key can be rolled while the app runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held = (_state(path), load(path))

    def now(self) -> Keyring:
        """Read anew when the file has changed; held on to when it was taken away."""
        state, ring = self._held
        with suppress(FileNotFoundError):
            if (changed := _state(self.path)) != state:
                ring = load(self.path)
                self._held = (changed, ring)
        return ring


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def load(path: Path) -> Keyring:
    """Read the keyring; refuse one that is damaged."""
    try:
        return _read(path)
    except ValueError:  # perhaps it was exchanged, and the old file written over, meanwhile
        return _read(path)


def _read(path: Path) -> Keyring:
    raw = json.loads(path.read_text())
    masters = {int(epoch): base64.b64decode(key) for epoch, key in raw["masters"].items()}
    ring = Keyring(
        current=raw["current"],
        masters=masters,
        trail=base64.b64decode(raw["trail"]),
        lookup=base64.b64decode(raw["lookup"]),
        forms=base64.b64decode(raw["forms"]),
        sealing={int(n): base64.b64decode(key) for n, key in raw.get("sealing", {}).items()},
        older_trails=tuple(base64.b64decode(key) for key in raw.get("older_trails", ())),
    )
    keys = (*masters.values(), ring.trail, ring.lookup, ring.forms, *ring.sealing.values())
    keys += ring.older_trails
    if ring.current != max(masters, default=0) or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("the keyring is damaged: a key is missing or has the wrong length")
    return ring


def create(path: Path) -> None:
    """Make a keyring once; an existing one is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)

    content = {"current": 1, "masters": {"1": _key()}} | {
        n: _key() for n in ("trail", "lookup", "forms")
    }
    _write(path, content | {"sealing": {"1": _key()}})


def add_sealing_key(path: Path, *, first: bool = False) -> int:
    """Give phones a new key to seal to; the number of the newest."""
    return add_key(path, "sealing", first=first)


def add_key(path: Path, kind: str, *, first: bool = False) -> int:
    """Add a numbered key of that kind to a file, which is made when it is missing; its number.

    With `first`, only where there is none yet.
    """
    with _changing(path) as content:
        keys = content.setdefault(kind, {})
        newest = max(map(int, keys), default=0)
        if first and newest:
            return newest
        keys[str(newest + 1)] = _key()
    return newest + 1


def begin_epoch(path: Path) -> int:
    """Give the keyring a new master key, which wraps from now on; the old one still opens.

    Where an earlier roll broke off there are two already: then it is that one which goes on.
    """
    with _changing(path) as content:
        if len(content["masters"]) == 1:
            content["current"] += 1
            content["masters"][str(content["current"])] = _key()
        return int(content["current"])


def end_epochs(path: Path, before: int) -> None:
    """Destroy the master keys before that one: what they wrapped is noise from now on."""
    with _changing(path, wipe=True) as content:
        masters = content["masters"].items()
        content["masters"] = {epoch: key for epoch, key in masters if int(epoch) >= before}


def exchange(path: Path, name: str) -> None:
    """A new key of a kind that there is one of. An old one of the trail stays, to check with."""
    with _changing(path, wipe=True) as content:
        if name == "trail":
            content.setdefault("older_trails", []).append(content["trail"])
        content[name] = _key()


def copy(path: Path, to: Path) -> None:
    """A copy to keep elsewhere, without master keys that are about to be destroyed."""
    content = json.loads(path.read_text())
    current = str(content["current"])
    _write(to, content | {"masters": {current: content["masters"][current]}})


@contextmanager
def _changing(path: Path, *, wipe: bool = False) -> Iterator[dict[str, Any]]:
    """The content of a file, to be changed; written when that is done.

    The file is whole at every moment, and those who change it at once take turns. With `wipe` the
    old one is written over, as far as the disk lets us.
    """
    path = path.resolve()  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = path.read_text() if path.exists() else "{}"
        content = json.loads(before)
        yield content
        if content != json.loads(before):
            _replace(path, content, wipe=wipe)
            os.fsync(folder)
    finally:
        os.close(folder)


def _replace(path: Path, content: dict[str, Any], *, wipe: bool) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    _write(draft, content)
    if not path.exists():
        draft.replace(path)
        return
    owner = path.stat()
    with suppress(PermissionError):  # made by root, read by the app
        os.chown(draft, owner.st_uid, owner.st_gid)
    with path.open("r+b") as old:
        draft.replace(path)
        if wipe:
            old.write(bytes(owner.st_size))
            old.flush()
            os.fsync(old.fileno())


def _key() -> str:
    """32 random bytes; as a number they are below the order of P-256 but once in 2^32."""
    while True:
        made = secrets.token_bytes(KEY_BYTES)
        if 0 < int.from_bytes(made) < P256_ORDER:
            return base64.b64encode(made).decode()


def _write(path: Path, content: dict[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
