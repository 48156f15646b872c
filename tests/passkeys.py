"""A phone that keeps passkeys, as a test holds one: real keys, real signatures."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost"  # where Flask's test client is
PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40
COUNT = struct.Struct(">BI")


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(given: str) -> bytes:
    return urlsafe_b64decode(given + "=" * (-len(given) % 4))


class Phone:
    """`origin` is where its browser is; `verifies` whether it asks for face, finger or code.

    `counts` is how often it was used; one that is shared between devices stays at 0.
    """

    def __init__(self, origin: str = ORIGIN, *, verifies: bool = True) -> None:
        self.origin = origin
        self.verifies = verifies
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = secrets.token_bytes(32)
        self.uses, self.counts = 0, True

    def make(self, options: dict) -> str:
        """What `navigator.credentials.create` gives the page."""
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        made = bytes(16) + struct.pack(">H", len(self.name)) + self.name + public
        data = self._data(options["rp"]["id"], MADE) + made
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", options)
        return self._answer(attestationObject=text(attestation), clientDataJSON=text(said))

    def open(self, options: dict) -> str:
        """What `navigator.credentials.get` gives the page."""
        self.uses += self.counts
        data, said = self._data(options["rpId"]), self._said("webauthn.get", options)
        signed = data + hashlib.sha256(said).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            authenticatorData=text(data), clientDataJSON=text(said), signature=text(signature)
        )

    def _data(self, host: str, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + COUNT.pack(flags, self.uses)

    def _said(self, kind: str, options: dict) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        ).encode()

    def _answer(self, **response: str) -> str:
        named = {"id": text(self.name), "rawId": text(self.name), "type": "public-key"}
        return json.dumps(named | {"clientExtensionResults": {}, "response": response})


def digits(secret: str, at=None) -> str:
    """What a code app shows now, or then."""
    app = pyotp.TOTP(secret)
    return app.at(at) if at is not None else app.now()


def secret_of(seed: str) -> str:
    """The secret inside the signed seed of a page, which shows it in clear as well."""
    return json.loads(raw(seed.split(".", maxsplit=1)[0]))
