"""What a page and a passkey say to each other (WebAuthn level 3), checked by the library.

A challenge is signed, not stored: whoever asks for thousands fills no table. It holds for five
minutes, for one purpose and one person, and works once.
"""

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import parse
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.domain import passkeys
from app.domain.passkeys import Known
from app.language import mark
from app.web import tries
from app.web.asking import house

LASTS = 300  # seconds
ENTER, UNLOCK, ENROL = "enter", "unlock", "enrol"
LONGEST = 16_000  # characters of what a browser answers
NAME = "Primus Motor"
WHY = {
    "known": mark("Den adgangsnøgle er her allerede."),
    "many": mark("Du har allerede ti adgangsnøgler. Slet en, før du laver en ny."),
}
ONCE = parse("1 per 10 minutes")  # longer than a challenge lasts


class Failed(Exception):
    """What came back is no passkey of ours, or not for this."""


def ask(purpose: str, person: UUID | None = None) -> str:
    """Options for `navigator.credentials.get`, as JSON; of one person's, or of whoever has one."""
    known = passkeys.of(person) if person else []
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_challenge(purpose, person),
        timeout=LASTS * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def answered(text: str | None, purpose: str, person: UUID | None = None) -> tuple[Known, int]:
    """Whose passkey has answered, and its new count. Raises Failed for every other answer."""
    credential = _parsed(text)
    found = passkeys.named(credential.raw_id)
    if found is None or person not in (None, found.person_id):
        raise Failed
    try:
        checked = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_spent(credential.response.client_data_json, purpose, person),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=found.public_key,
            credential_current_sign_count=found.uses,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise Failed from error
    return found, checked.new_sign_count


def offer(person: UUID) -> str:
    """Options for `navigator.credentials.create`, as JSON. The phone's list names nobody."""
    known = passkeys.of(person)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=NAME,
        user_id=person.bytes,
        user_name=NAME,
        challenge=_challenge(ENROL, person),
        timeout=LASTS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential) for one in known],
    )
    return webauthn.options_to_json(options)


def made(text: str | None, person: UUID) -> tuple[bytes, bytes, int]:
    """Name, public key and count of a new passkey. Raises Failed for every other answer."""
    if not text or len(text) > LONGEST:
        raise Failed
    try:
        given = json.loads(text)
        said = base64url_to_bytes(given["response"]["clientDataJSON"])
        checked = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=_spent(said, ENROL, person),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Failed from error
    return checked.credential_id, checked.credential_public_key, checked.sign_count


def _parsed(text: str | None) -> Any:
    if not text or len(text) > LONGEST:
        raise Failed
    try:
        return parse_authentication_credential_json(text)
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Failed from error


def _challenge(purpose: str, person: UUID | None) -> bytes:
    return _signer(purpose, person).dumps(secrets.token_urlsafe(16)).encode()


def _spent(client_data: bytes, purpose: str, person: UUID | None) -> bytes:
    """The challenge that was answered: ours, for this, and for the first time."""
    try:
        challenge = base64url_to_bytes(json.loads(client_data)["challenge"])
        _signer(purpose, person).loads(challenge, max_age=LASTS)
    except (BadSignature, ValueError, TypeError, KeyError) as error:
        raise Failed from error
    named = hashlib.sha256(challenge).hexdigest()
    if not tries.is_within(ONCE, f"challenge {named}"):
        raise Failed
    return challenge


def _signer(purpose: str, person: UUID | None) -> URLSafeTimedSerializer:
    salt = f"passkey {purpose} {person or 'anybody'}"
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=salt)


def _origin() -> str:
    """Where people reach the app. On one's own machine, whatever the browser calls that."""
    settings = house().settings
    if settings.mode == "production":
        return settings.origin
    return f"{request.scheme}://{request.host}"


def _host() -> str:
    return urlsplit(_origin()).hostname or ""
