"""The form that ties a code app to an account: a picture, and the first six digits."""

from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import Field, HiddenField, StringField
from wtforms.validators import StopValidation

from app.domain import code_apps
from app.language import say
from app.web import qr

HOUR = 3600  # seconds that a page with a new secret may lie open


class CodeAppForm(FlaskForm):
    """`seed` carries the secret that the page shows, signed: what comes back is what we made."""

    seed = HiddenField()
    code = StringField()
    step = 0

    def validate_code(self, field: Field) -> None:
        secret, digits = self.secret(), (field.data or "").replace(" ", "")
        if secret is None:
            raise StopValidation(say("Siden har været åben for længe. Prøv igen."))
        step = code_apps.step_of(secret, digits)
        if step is None:
            raise StopValidation(say("Koden passer ikke. Skriv de seks cifre, som appen viser nu."))
        self.step = step

    def secret(self) -> str | None:
        try:
            kept: str = _signer().loads(self.seed.data or "", max_age=HOUR)
        except BadSignature:
            return None
        return kept


def seed() -> str:
    return _signer().dumps(code_apps.new_secret())


def shown(form: CodeAppForm) -> dict[str, Any]:
    """What the page needs to show the secret: a picture, a link and the letters themselves."""
    secret = form.secret()
    if secret is None:
        form.seed.data = seed()
        secret = form.secret() or ""
    address = code_apps.address(secret)
    return {
        "app_address": address,
        "app_picture": qr.picture(address, say("Billede til kode-appen")),
        "app_letters": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="code app")
