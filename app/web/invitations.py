"""A link that lets somebody in for the first time. One answer for every link that does not work."""

from argon2 import PasswordHasher
from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from limits.strategies import FixedWindowRateLimiter
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, PasswordField
from wtforms.validators import StopValidation

from app.attempts import Attempts
from app.domain import invitations, people, trail
from app.domain.invitations import Opened
from app.extensions import csrf
from app.language import say
from app.web import network
from app.web.guard import house
from app.web.hypertext import go, page

pages = Blueprint("invitations", __name__)
HERE = "/invitation/<secret>"
SHORTEST, LONGEST = 12, 1000  # characters
hasher = PasswordHasher()


class PasswordForm(FlaskForm):
    password = PasswordField()
    again = PasswordField()

    def validate_password(self, field: Field) -> None:
        text = field.data or ""
        if len(text) < SHORTEST:
            raise StopValidation(say("Vælg en adgangskode på mindst 12 tegn."))
        if len(text) > LONGEST:
            raise StopValidation(say("Adgangskoden er for lang. Der er plads til 1000 tegn."))
        if len(set(text)) == 1:
            raise StopValidation(say("Den adgangskode er for let at gætte. Vælg en anden."))

    def validate_again(self, field: Field) -> None:
        if not self.password.errors and field.data != self.password.data:
            raise StopValidation(say("De to adgangskoder er ikke ens."))


@pages.get(HERE)
def show(secret: str) -> Response:
    if _opened(secret) is None:
        return _no()
    return _form(PasswordForm(formdata=None), secret)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def accept(secret: str) -> AnyResponse:
    """Choose a password. Hashing is slow, so no lock is held meanwhile."""
    found = _opened(secret)
    if found is None:
        return _no()
    form = PasswordForm()
    if not form.validate_on_submit():
        return _form(form, secret, 400 if form.errors.get("csrf_token") else 422)
    password = form.password.data or ""
    if people.email_mark(password, house().keyring.lookup) == found.email_mark:
        form.password.errors = [say("Adgangskoden må ikke være din e-mail.")]
        return _form(form, secret, 422)
    hashed = hasher.hash(password)
    with house().work(writes=True) as (unit, _):
        own = trail.Pen(house().keyring.trail, found.person_id, None)
        if not invitations.accept(secret, hashed, own):
            return _no()
        unit.commit()
    return go("/log-ind")


def _opened(secret: str) -> Opened | None:
    """Whom the link is for. Whoever tries too many that do not work has to wait."""
    window, (limit, key) = FixedWindowRateLimiter(Attempts(engine=house().data)), network.limit()
    if not window.test(limit, key):
        abort(429)
    found = invitations.opened(secret)
    if found is None:
        window.hit(limit, key)
    return found


def _no() -> Response:
    return page("invitations/gone.html", status=404)


def _form(form: PasswordForm, secret: str, status: int = 200) -> Response:
    return page("invitations/page.html", status=status, form=form, secret=secret)
