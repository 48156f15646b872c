"""A push service of our own: it answers as a test says, and opens messages as a phone would."""

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from app import keyring
from tests.devices import text


class PushService:
    """Answers with `status` and `headers`; keeps every request as (path, headers, body)."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.status, self.headers, self.body = 201, {}, b""
        self.behave = None  # a function of the handler that takes the answer's place
        self.requests = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                heard = {name.lower(): value for name, value in self.headers.items()}
                service.requests.append((self.path, heard, body))
                if service.behave:
                    service.behave(self)
                    return
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(service.body)))
                self.end_headers()
                self.wfile.write(service.body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.peer = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def subscription(self, path="/anna"):
        """An address here, as a browser would give it."""
        point = self.key.public_key().public_bytes(*keyring.UNCOMPRESSED)
        keys = {"p256dh": text(point), "auth": text(self.auth)}
        return keys | {"endpoint": f"http://{self.peer}{path}"}

    def opened(self, body):
        """The message as the phone decrypts it."""
        raw = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(raw), len(raw)

    @property
    def received(self):
        return [body for _, _, body in self.requests]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def claims_of(headers):
    """What a request was signed with."""
    token = headers["authorization"].partition("t=")[2].partition(",")[0]
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
