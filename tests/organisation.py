"""An organisation with a sign-in of its own: a real OpenID provider on loopback."""

import hashlib
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "primus", "a secret of the two"


class Organisation:
    """Says of whoever comes what `claims` says, and checks what the app sends."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.url = ""
        self._waiting: dict[str, dict[str, str]] = {}

    def app(self, environ: dict, start_response: Any) -> Any:
        request = Request(environ)
        answer = getattr(self, f"_{request.path.rpartition('/')[2].replace('-', '_')}")
        return answer(request)(environ, start_response)

    def _openid_configuration(self, _: Request) -> Response:
        known = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        known |= {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token")}
        return _json(known | {"id_token_signing_alg_values_supported": ["RS256"]})

    def _keys(self, _: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})

    def _authorization(self, request: Request) -> Response:
        asked = {name: request.args[name] for name in request.args}
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._waiting[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return Response(status=302, headers={"Location": back})

    def _token(self, request: Request) -> Response:
        asked = self._waiting.pop(request.form["code"])
        made = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        assert urlsafe_b64encode(made).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "somebody",
            "nonce": asked["nonce"],
            "auth_time": now,
            "iat": now,
            "exp": now + 60,
        }
        header = {"alg": "RS256", "kid": "one"}
        token = jwt.encode(header, claims | self.claims, self.signs_with)
        return _json({"access_token": "x", "token_type": "Bearer", "id_token": token})


@contextmanager
def standing() -> Iterator[Organisation]:
    made = Organisation()
    server = make_server("127.0.0.1", 0, made.app, threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sent_to(location: str) -> tuple[str, dict[str, str]]:
    """The address without its question, and the question."""
    parts = urlsplit(location)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", asked


def _json(content: Any) -> Response:
    return Response(json.dumps(content), mimetype="application/json")
