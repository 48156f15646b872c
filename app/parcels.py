"""Files that are sealed to a key kept elsewhere: whoever may make one need not be able to open it.

X25519 (HPKE, RFC 9180) seals a key made for this one file; that key seals pieces of 64 KB, each
bound to its place and to the kind of file, the last one marked: a cut or mixed file does not open.
"""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from app import keyring

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FORMAT = b"PMP1"
PIECE = 64 * 1024
TAG_BYTES = 16
LID_BYTES = 32 + keyring.KEY_BYTES + TAG_BYTES  # the sender's point, and the file's own key sealed
KIND, PUBLIC = "backup", "backup_public"


class Unopened(Exception):
    """It is no such file, was cut or changed, or is sealed to another key."""


class NoKey(Exception):
    """The file of the key is missing, or only closes."""


class Lock:
    """What closes, and perhaps also opens."""

    def __init__(self, path: Path) -> None:
        try:
            raw = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise NoKey(str(path)) from error
        secret = raw.get(KIND, {})
        self._secret = X25519PrivateKey.from_private_bytes(_raw(secret["1"])) if secret else None
        self.public = (
            self._secret.public_key()
            if self._secret
            else X25519PublicKey.from_public_bytes(_raw(raw.get(PUBLIC, "")))
        )

    def key_of(self, file: BinaryIO, kind: str) -> bytes:
        """The key of that one file; what follows in it are the pieces."""
        if self._secret is None:
            raise NoKey
        start, lid = file.read(len(FORMAT)), file.read(LID_BYTES)
        if start != FORMAT or len(lid) != LID_BYTES:
            raise Unopened
        try:
            return SUITE.decrypt(lid, self._secret, info=_info(kind))
        except (InvalidTag, ValueError) as error:
            raise Unopened from error


def make_key(path: Path) -> Path:
    """Make the key that opens, and beside it the file that only closes; the latter's name."""
    if path.exists():
        raise FileExistsError(path)
    keyring.add_key(path, KIND)
    public = path.with_name(f"{path.name}.pub")
    point = Lock(path).public.public_bytes_raw()
    public.write_text(json.dumps({PUBLIC: base64.b64encode(point).decode()}))
    return public


class Parcel:
    """A file on its way: write to it, and close it. Its key stays in hand to look inside."""

    def __init__(self, file: BinaryIO, lock: Lock, kind: str) -> None:
        self.key = os.urandom(keyring.KEY_BYTES)
        self._file, self._kind = file, kind
        self._cipher, self._number, self._waits = AESGCM(self.key), 0, bytearray()
        file.write(FORMAT + SUITE.encrypt(self.key, lock.public, info=_info(kind)))

    def write(self, data: bytes) -> None:
        self._waits += data
        while len(self._waits) > PIECE:
            self._piece(bytes(self._waits[:PIECE]), last=False)
            del self._waits[:PIECE]

    def close(self) -> None:
        """The last piece; then all of it is on the disk."""
        self._piece(bytes(self._waits), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _piece(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_place(self._number, last), data, _info(self._kind)))
        self._number += 1


def pieces(file: BinaryIO, key: bytes, kind: str) -> Iterator[bytes]:
    """What is inside, piece by piece; raises at the first that is not as it was made."""
    file.seek(len(FORMAT) + LID_BYTES)
    cipher, number = AESGCM(key), 0
    piece = file.read(PIECE + TAG_BYTES)
    while True:
        following = file.read(PIECE + TAG_BYTES)
        try:
            yield cipher.decrypt(_place(number, not following), piece, _info(kind))
        except (InvalidTag, ValueError) as error:
            raise Unopened from error
        if not following:
            return
        piece, number = following, number + 1


def _place(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + (b"\x01" if last else b"\x00")


def _info(kind: str) -> bytes:
    return b"primus backup " + kind.encode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
def make(path: Path) -> None:
    """Make the key that opens backups, to be kept elsewhere, and beside it one that only closes."""
    try:
        public = make_key(path)
    except FileExistsError as exists:
        raise click.ClickException("Filen findes. En nøgle bliver aldrig overskrevet.") from exists
    click.echo(f"BACKUP_KEY={public}\nFlyt {path} til et andet sted: den åbner kopierne.")


if __name__ == "__main__":
    make(prog_name="python -m app.parcels")
