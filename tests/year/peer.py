"""A push service of our own: it takes what it is given and keeps it, as a browser's would."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from app import clock, keyring
from app.domain.devices import Address
from tests.devices import text


class Subscription(NamedTuple):
    """What a browser keeps of its subscription, with the halves that nobody else has."""

    address: Address
    private: ec.EllipticCurvePrivateKey
    secret: bytes


class Taken(NamedTuple):
    """One POST that was answered with 201."""

    path: str
    at: Any
    headers: dict[str, str]
    body: bytes


class Service(ThreadingHTTPServer):
    """Listens on this machine alone."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[Taken] = []
        self.subscriptions: dict[str, Subscription] = {}  # by path
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def subscribe(self) -> Subscription:
        """A new browser, with keys of its own."""
        private, secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        path = f"/push/{os.urandom(18).hex()}"
        point = private.public_key().public_bytes(*keyring.UNCOMPRESSED)
        address = Address(f"http://{self.netloc}{path}", text(point), text(secret))
        self.subscriptions[path] = made = Subscription(address, private, secret)
        return made

    def opened(self, taken: Taken) -> bytes:
        """What the browser decrypts."""
        one = self.subscriptions[taken.path]
        raw: bytes = http_ece.decrypt(
            taken.body, private_key=one.private, auth_secret=one.secret, version="aes128gcm"
        )
        return raw

    def notification(self, taken: Taken) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.opened(taken))["notification"]
        return shown

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        known = self.path in self.server.subscriptions
        if known:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.server.taken.append(Taken(self.path, clock.now(), headers, body))
        self.send_response_only(201 if known else 410)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """In silence."""
