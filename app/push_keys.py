"""The keys that push services know us by: for life, and so kept with the data and its backups."""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from app import keyring


class PushKeys:
    """Our keys by number: phones subscribe under the newest, old ones serve until all have."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = -1.0
        self._keys: dict[int, ec.EllipticCurvePrivateKey] = {}

    @property
    def keys(self) -> dict[int, ec.EllipticCurvePrivateKey]:
        """Read anew when the file has changed: a rotation needs no restart."""
        changed = self._path.stat().st_mtime if self._path.exists() else 0.0
        if changed != self._read_at:
            raw = json.loads(self._path.read_text())["push"] if changed else {}
            self._keys = {int(number): _key(text) for number, text in raw.items()}
            self._read_at = changed
        return self._keys

    @property
    def newest(self) -> int | None:
        return max(self.keys, default=None)

    def public(self) -> tuple[int, str] | None:
        """The number and the application server key that a phone subscribes with."""
        if self.newest is None:
            return None
        point = self.keys[self.newest].public_key().public_bytes(*keyring.UNCOMPRESSED)
        return self.newest, base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def make_key(path: Path, *, first: bool = False) -> int:
    """Give phones a new key to subscribe with; the number of the newest."""
    return keyring.add_key(path, "push", first=first)


def _key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(base64.b64decode(text)), ec.SECP256R1())
