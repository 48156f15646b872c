"""What a phone sends when it has waited: a form sealed to the server's key."""

import base64
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def key(client: FlaskClient) -> dict[str, Any]:
    """Who is signed in, a fresh token, and the key to seal to."""
    answer = client.get("/udbakke/noegle", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.get_json()


def sealed(pairs: Iterable[tuple[str, str]], *to: Any) -> str:
    return sealed_json(list(pairs), *to)


def sealed_json(content: Any, *to: Any) -> str:
    return sealed_bytes(json.dumps(content).encode(), *to)


def sealed_bytes(
    plain: bytes, public: str, path: str, author: Any, mentorship: Any, record: Any
) -> str:
    point = base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    info = f"PM1 sealed\n{path}\n{author}\n{mentorship}\n{record}".encode()
    raw = SUITE.encrypt(plain + b" " * (-len(plain) % 256), server, info=info)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def record(client: FlaskClient, values: dict[str, Any], path: str = "/moeder") -> dict[str, str]:
    """The fields of a POST that carries a form sealed; a later one needs a token of its own."""
    known = key(client)
    pairs = [
        (name, one)
        for name, value in values.items()
        if name != "csrf_token"
        for one in (value if isinstance(value, list) else [value])
    ]
    made, life = _one(values["id"]), _one(values["mentorship"])
    to = (path, UUID(known["who"]), life, made)
    return {
        "csrf_token": known["token"],
        "sealed": sealed(pairs, known["public"], *to),
        "key": known["key"],
        "record": made,
        "mentorship": life,
    }


def _one(value: Any) -> str:
    return value[0] if isinstance(value, list) else value


def send(
    client: FlaskClient, fields: dict[str, str], path: str = "/moeder", **more: str
) -> TestResponse:
    return client.post(path, data=fields | more, headers={"HX-Request": "true"})
