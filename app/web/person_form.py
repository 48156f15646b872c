"""What a form asks of somebody who is to sign in: names, e-mail, the Red Cross phone."""

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app.domain import plain_text
from app.domain.mentors import Newcomer
from app.language import say
from app.web.log_form import MadeId

LONGEST_NAME = 80
DIGITS = 8  # of a Danish phone number


class PersonForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    branch = StringField()
    first_name = StringField()
    surname = StringField()
    email = StringField()
    phone = StringField()

    def validate_first_name(self, field: Field) -> None:
        _named(field, say("Skriv fornavnet."))

    def validate_surname(self, field: Field) -> None:
        _named(field, say("Skriv efternavnet."))

    def validate_email(self, field: Field) -> None:
        name, at, host = (field.data or "").strip().partition("@")
        if not (name and at and "." in host) or " " in host or len(field.data) > LONGEST_NAME * 2:
            raise StopValidation(
                say("Skriv personens e-mailadresse, for eksempel navn@eksempel.dk.")
            )

    def validate_phone(self, field: Field) -> None:
        digits = (field.data or "").removeprefix("+45").replace(" ", "")
        if digits and not (digits.isdigit() and len(digits) == DIGITS):
            raise StopValidation(
                say("Skriv Røde Kors-telefonens otte cifre, eller lad feltet stå tomt.")
            )

    def who(self) -> Newcomer:
        return Newcomer(
            (self.first_name.data or "").strip(),
            (self.surname.data or "").strip(),
            (self.email.data or "").strip(),
            (self.phone.data or "").removeprefix("+45").replace(" ", "") or None,
        )


def _named(field: Field, sentence: str) -> None:
    text = plain_text.cleaned(field.data) or ""
    if not text or len(text) > LONGEST_NAME:
        raise StopValidation(sentence)
