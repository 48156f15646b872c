"""A link that lets somebody in for the first time. One answer for every link that does not work.

The link alone signs nobody in: with it, a person makes a passkey, or a password and a code app. Who
has such a way in already shows it too, or brings the code that a consultant gives in person: a link
that went astray opens no account (security.md, T12 and T13).
"""

from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from app import clock
from app.domain import (
    code_apps,
    invitations,
    news,
    notices,
    passkeys,
    people,
    recovery_codes,
    trail,
    ways_in,
)
from app.domain.invitations import Opened
from app.domain.sign_ins import Begun
from app.extensions import csrf
from app.language import say
from app.web import arriving, ceremonies, code_app_form, network, passwords, tries
from app.web.asking import house
from app.web.code_app_form import CodeAppForm
from app.web.hypertext import page
from app.web.passwords import PasswordForm
from app.web.tries import Limit

pages = Blueprint("invitations", __name__)
HERE = "/invitation/<secret>"
KEY_PROOF = "key-proof"  # the page asks for it twice: once for each way


class ComeInForm(PasswordForm, CodeAppForm):
    """A password and a code app; `proof` only from who has a way in already."""

    proof = StringField()


@pages.get(HERE)
def show(secret: str) -> Response:
    found = _opened(secret)
    return _no() if found is None else _form(ComeInForm(formdata=None), secret, found)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def accept(secret: str) -> AnyResponse:
    """Choose a password and tie a code app. Hashing is slow, so no lock is held meanwhile."""
    found = _opened(secret)
    if found is None:
        return _no()
    form = ComeInForm()
    if not form.validate_on_submit():
        return _form(form, secret, found, 400 if form.errors.get("csrf_token") else 422)
    password = form.password.data or ""
    if people.email_mark(password, house().keyring.lookup) == found.email_mark:
        form.password.errors = [say("Adgangskoden må ikke være din e-mail.")]
        return _form(form, secret, found, 422)
    hashed = passwords.hasher.hash(password)
    limits = _limits(found.person_id)
    tries.take(*limits)
    with house().work(writes=True) as (unit, _):
        proved = _is_proved(found.person_id, form)
        begun = _come_in(secret, found.person_id, hashed) if proved else None
        if begun is not None:
            code_apps.put(found.person_id, form.secret() or "", form.step)
            codes = recovery_codes.make(found.person_id, house().keyring.lookup)
            unit.commit()
    if begun is None:
        return _no() if proved else _not_proved(form, secret, found)
    tries.give_back(*limits)
    answer = page("my_access/codes.html", codes=codes, onward=arriving.start(begun))
    return arriving.greet(begun, answer)


@pages.get(f"{HERE}/adgangsnoegle")
def offer(secret: str) -> Response:
    """What the browser asks the phone to make."""
    found = _opened(secret)
    if found is None:
        return _no()
    return Response(ceremonies.offer(found.person_id), mimetype="application/json")


@pages.post(f"{HERE}/adgangsnoegle")
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def accept_by_passkey(secret: str) -> AnyResponse:
    found = _opened(secret)
    if found is None:
        return _no()
    form = ComeInForm()
    form.validate()
    if form.errors.get("csrf_token"):
        return _form(_empty(form), secret, found, 400)
    try:
        made = ceremonies.made(request.form.get("credential"), found.person_id)
    except ceremonies.Failed:
        problem = say("Telefonen gav ingen adgangsnøgle. Prøv igen, eller vælg en adgangskode.")
        return _form(_empty(form), secret, found, 422, problem)
    return _come_in_by_passkey(secret, found, form, made)


def _come_in_by_passkey(
    secret: str, found: Opened, form: ComeInForm, made: tuple[bytes, bytes, int]
) -> AnyResponse:
    limits = _limits(found.person_id)
    tries.take(*limits)
    try:
        with house().work(writes=True) as (unit, _):
            proved = _is_proved(found.person_id, form)
            begun = _come_in(secret, found.person_id, None) if proved else None
            if begun is not None:
                passkeys.add(found.person_id, *made, request.user_agent.string)
                unit.commit()
    except passkeys.Refused as refused:
        tries.give_back(*limits)
        return _form(_empty(form), secret, found, 422, say(ceremonies.WHY[refused.why]))
    if begun is None:
        return _no() if proved else _not_proved(_empty(form), secret, found, KEY_PROOF)
    tries.give_back(*limits)
    return arriving.welcome(begun)


def _come_in(secret: str, person: UUID, hashed: str | None) -> Begun | None:
    """Spend the link and sign this device in."""
    own = trail.Pen(house().keyring.trail, person, None)
    again = ways_in.of(person).second
    if not invitations.accept(secret, hashed, own):
        return None
    if again:
        notices.at_once(person, news.ACCESS_CHANGED, person, None, clock.now())
    return arriving.begin(person)


def _is_proved(person: UUID, form: ComeInForm) -> bool:
    """Whoever has a way in already shows more than the link."""
    if not ways_in.of(person).second:
        return True
    code = (form.proof.data or "").strip()[:100]
    if code_apps.spend(person, code.replace(" ", "")):
        return True
    return recovery_codes.spend(person, code, house().keyring.lookup)


def _not_proved(form: ComeInForm, secret: str, found: Opened, at: str = "proof") -> Response:
    arriving.note_wrong_code(found.person_id)
    sentence = say("Koden passer ikke, eller den er brugt. Prøv igen, eller bed om en ny.")
    form.proof.errors, form.proof.id = [sentence], at
    return _form(form, secret, found, 422)


def _empty(form: ComeInForm) -> ComeInForm:
    """What was asked of the other way in says nothing about this one."""
    for field in (form.password, form.again, form.code):
        field.errors = []
    return form


def _opened(secret: str) -> Opened | None:
    """Whom the link is for. Whoever tries too many that do not work has to wait."""
    found = invitations.opened(secret)
    if found is None:
        tries.take(network.limit())
    return found


def _limits(person: UUID) -> tuple[Limit, ...]:
    """Six digits are few: whoever has the link guesses them ten times an hour, from wherever. It is
    a count of its own, so that nobody keeps the owner from signing in by it.
    """
    if not ways_in.of(person).second:
        return ()
    return arriving.limits(f"proof {person}", person)


def _no() -> Response:
    return page("invitations/gone.html", status=404)


def _form(
    form: ComeInForm, secret: str, found: Opened, status: int = 200, problem: str | None = None
) -> Response:
    other = ComeInForm(formdata=None)
    by_key = form.proof.id == KEY_PROOF
    other.proof.id = "proof" if by_key else KEY_PROOF
    return page(
        "invitations/page.html",
        status=status,
        form=form,
        problem=problem,
        secret=secret,
        key_proof=form.proof if by_key else other.proof,
        proof=other.proof if by_key else form.proof,
        again=ways_in.of(found.person_id).second,
        **code_app_form.shown(form),
    )
