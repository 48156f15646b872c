"""Opens what a phone has sealed: HPKE (RFC 9180), base mode, to a key whose private half only the
server has. A record opens for its author, its mentorship, its path and its id alone.
"""

import base64
import binascii
import json
import re
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.keyring import Keyring

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
LEAST = 65 + 16  # bytes: the sender's point, and the tag of an empty text
# Of an emoji that was cut through; a browser's own form sends "\ufffd" for it.
HALF = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """It is no sealed record, or is sealed to a key that is gone."""


class NotForThem(Exception):
    """It does not open for this author, mentorship, path and id."""


class Label(NamedTuple):
    """What a record is bound to."""

    path: str
    author: UUID
    mentorship: UUID
    record: UUID

    @property
    def info(self) -> bytes:
        return "\n".join(("PM1 sealed", *map(str, self))).encode()


def public(keyring: Keyring) -> str:
    """The newest key that phones seal to, with its number: "1.BASE64"."""
    number = max(keyring.sealing)
    point = _private(keyring.sealing[number]).public_key()
    return f"{number}.{_text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))}"


def opened(keyring: Keyring, number: str, sealed: str, label: Label) -> list[tuple[str, str]]:
    """The fields of a sealed form, by name."""
    try:
        private = _private(keyring.sealing[int(number)])
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except (KeyError, ValueError, binascii.Error) as error:
        raise Unreadable(number) from error
    if len(raw) < LEAST:
        raise Unreadable(number)
    try:
        plain = SUITE.decrypt(raw, private, info=label.info)
    except (InvalidTag, ValueError) as error:
        raise NotForThem(str(label.record)) from error
    return _pairs(plain)


def _pairs(plain: bytes) -> list[tuple[str, str]]:
    try:
        pairs = [(name, value) for name, value in json.loads(plain)]
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable("no fields") from error
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise Unreadable("no fields")
    return [(name, HALF.sub("\ufffd", value)) for name, value in pairs]


@lru_cache(maxsize=16)
def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(key), ec.SECP256R1())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
