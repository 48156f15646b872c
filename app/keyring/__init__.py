"""The master keys: a file that lies apart from both stores and from their backups."""

import base64
import fcntl
import json
import os
import secrets
from contextlib import suppress
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


def load(path: Path) -> Keyring:
    """Read the keyring; refuse one that is damaged."""
    raw = json.loads(path.read_text())
    masters = {int(epoch): base64.b64decode(key) for epoch, key in raw["masters"].items()}
    ring = Keyring(
        current=raw["current"],
        masters=masters,
        trail=base64.b64decode(raw["trail"]),
        lookup=base64.b64decode(raw["lookup"]),
        forms=base64.b64decode(raw["forms"]),
        sealing={int(n): base64.b64decode(key) for n, key in raw.get("sealing", {}).items()},
    )
    keys = (*masters.values(), ring.trail, ring.lookup, ring.forms, *ring.sealing.values())
    if ring.current not in masters or any(len(key) != KEY_BYTES for key in keys):
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

    With `first`, only where there is none yet. The file is whole at every moment, and workers that
    start at once take turns.
    """
    path = path.resolve()  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        content = json.loads(path.read_text()) if path.exists() else {}
        keys = content.setdefault(kind, {})
        newest = max(map(int, keys), default=0)
        if first and newest:
            return newest
        keys[str(newest + 1)] = _key()
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        _write(draft, content)
        if path.exists():
            owner = path.stat()
            with suppress(PermissionError):  # made by root, read by the app
                os.chown(draft, owner.st_uid, owner.st_gid)
        draft.replace(path)
        os.fsync(folder)
    finally:
        os.close(folder)
    return newest + 1


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
