"""The signed cookie of a session."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import clock


class Cookies(SecureCookieSessionInterface):
    """Flask's own; a phone's cookie is the same at every request, so its signature is checked once.

    What is remembered is whose signature held and since when, never whether the sign-in still
    stands: that is asked of the store at every request.
    """

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._checked = lru_cache(maxsize=1024)(self._check)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_signing_serializer(app) is None:
            return None
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return self.session_class()
        try:
            kept, signed_at = self._checked(value)
        except BadSignature:
            return self.session_class()
        if clock.now() - signed_at > app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(dict(kept))  # a copy: what a request changes is its own

    def _check(self, value: str) -> tuple[dict[str, Any], datetime]:
        """What the cookie says, if we have signed it. What is forged raises, and is not kept."""
        if self._signer is None:
            raise BadSignature("there is no key to check it with")
        kept, signed_at = self._signer.loads(value, return_timestamp=True)
        return kept, signed_at
