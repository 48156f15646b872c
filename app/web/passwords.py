"""Passwords and PINs: how they are chosen, and how one is checked. Each check costs the same."""

from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField
from wtforms.validators import StopValidation

from app.domain.sign_ins import PIN_DIGITS
from app.language import say

SHORTEST, LONGEST = 12, 1000  # characters
hasher = PasswordHasher()  # RFC 9106 low-memory: 64 MiB, 3 passes, 4 lanes


class PasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField()
    again = PasswordField()

    def validate_password(self, field: Field) -> None:
        text = field.data or ""
        if len(text) < SHORTEST:
            raise StopValidation(say("Vælg en adgangskode på mindst 12 tegn."))
        if len(text) > LONGEST:
            raise StopValidation(say("Adgangskoden er for lang. Der er plads til 1.000 tegn."))
        if len(set(text)) == 1:
            raise StopValidation(say("Den adgangskode er for let at gætte. Vælg en anden."))

    def validate_again(self, field: Field) -> None:
        if not self.password.errors and field.data != self.password.data:
            raise StopValidation(say("De to adgangskoder er ikke ens."))


class PinForm(FlaskForm):
    """A new PIN, typed twice."""

    pin = PasswordField()
    pin_again = PasswordField()

    def validate_pin(self, field: Field) -> None:
        check_pin(field)

    def validate_pin_again(self, field: Field) -> None:
        if not self.pin.errors and field.data != self.pin.data:
            raise StopValidation(say("De to koder er ikke ens."))


def check_pin(field: Field) -> None:
    """Six digits, and not the first six that somebody would try."""
    digits = field.data or ""
    if not (digits.isdecimal() and digits.isascii() and len(digits) == PIN_DIGITS):
        raise StopValidation(say("Vælg en kode med seks cifre."))
    if _easy(digits):
        raise StopValidation(say("Den kode er for let at gætte. Vælg en anden."))


def fits(known: str | None, text: str | None) -> bool:
    """Whether it is the one that was hashed; where none is known, the same work for nothing."""
    try:
        hasher.verify(known or _nobodys(), (text or "")[:LONGEST])
    except VerificationError:
        return False
    return known is not None


@cache
def _nobodys() -> str:
    return hasher.hash("the account that nobody has")


def _easy(digits: str) -> bool:
    """One digit over and over, or a run of them."""
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
