"""The master keys: a file that lies apart from both stores and from their backups."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """Master keys by epoch (they wrap every person's key), and three keys that never wrap."""

    current: int
    masters: dict[int, bytes]
    trail: bytes  # chains the access log
    lookup: bytes  # finds an e-mail address without storing it
    forms: bytes  # signs session cookies where no SECRET_KEY is set (demo, development)


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
    )
    keys = (*masters.values(), ring.trail, ring.lookup, ring.forms)
    if ring.current not in masters or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("the keyring is damaged: a key is missing or has the wrong length")
    return ring


def create(path: Path) -> None:
    """Make a keyring once; an existing one is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()

    content = {"current": 1, "masters": {"1": key()}} | {
        n: key() for n in ("trail", "lookup", "forms")
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
