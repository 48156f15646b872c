"""What a form asks of who somebody is: names, a phone, and of whoever is to sign in an e-mail."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import plain_text, sheets
from app.domain.mentors import Newcomer
from app.domain.mentorships import Identity
from app.domain.profiles import OLDEST, Written
from app.language import say
from app.web.log_form import MadeId

LONGEST_NAME = 80


class BornForm(FlaskForm):
    birth_date = StringField()

    def validate_birth_date(self, field: Field) -> None:
        born_or_stop(field, say("Vælg mentorens fødselsdag."))


class NumberForm(FlaskForm):
    phone = StringField()

    def validate_phone(self, field: Field) -> None:
        eight_digits(
            field, say("Skriv Røde Kors-telefonens otte cifre, eller lad feltet stå tomt.")
        )

    def number(self) -> str | None:
        return digits_of(self.phone.data)


class ColleagueForm(NumberForm):
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

    def who(self) -> Newcomer:
        return Newcomer(
            (self.first_name.data or "").strip(),
            (self.surname.data or "").strip(),
            (self.email.data or "").strip(),
            self.number(),
        )


class PersonForm(ColleagueForm):
    """Somebody new."""

    id = StringField(validators=[MadeId()])
    branch = StringField()


class ParticipantForm(FlaskForm):
    first_name = StringField()
    surname = StringField()
    phone = StringField()

    def validate_first_name(self, field: Field) -> None:
        text = plain_text.cleaned(field.data) or ""
        if not text or len(text) > LONGEST_NAME or plain_text.problem(text):
            raise StopValidation(say("Skriv deltagerens fornavn."))

    def validate_surname(self, field: Field) -> None:
        if len(field.data or "") > LONGEST_NAME or plain_text.problem(field.data or ""):
            raise StopValidation(say("Skriv efternavnet, eller lad feltet stå tomt."))

    def validate_phone(self, field: Field) -> None:
        eight_digits(field, say("Skriv telefonens otte cifre, eller lad feltet stå tomt."))

    def identity(self) -> Identity:
        return Identity(
            plain_text.cleaned(self.first_name.data) or "",
            plain_text.cleaned(self.surname.data),
            digits_of(self.phone.data),
        )


def form_status(form: FlaskForm) -> int:
    """Of a form that comes back: its token was too old, or something is to be mended."""
    return 400 if form.errors.get("csrf_token") else 422


def born_or_stop(field: Field, sentence: str) -> None:
    """The birthday of somebody who can be a mentor one day."""
    try:
        born = date.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(say("Vælg en dato.")) from None
    if not 0 < (Written(None, False, born, {}).age(clock.today()) or 0) < OLDEST:
        raise StopValidation(sentence)


def eight_digits(field: Field, sentence: str) -> None:
    """A Danish number, or nothing."""
    if (field.data or "").strip() and digits_of(field.data) is None:
        raise StopValidation(sentence)


def digits_of(text: str | None) -> str | None:
    return sheets.phone((text or "").replace(" ", ""))


def _named(field: Field, sentence: str) -> None:
    text = plain_text.cleaned(field.data) or ""
    if not text or len(text) > LONGEST_NAME:
        raise StopValidation(sentence)
