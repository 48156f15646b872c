"""Log ind and Log ud: by passkey, or by password and a code. Known and unknown get one answer."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request, session
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from app.domain import (
    code_apps,
    devices,
    half_sign_ins,
    passkeys,
    people,
    recovery_codes,
)
from app.domain.demo import ACCOUNTS
from app.domain.half_sign_ins import Half
from app.extensions import csrf
from app.language import say
from app.web import arriving, ceremonies, network, passwords, tries
from app.web.asking import house, local_path, me, pen
from app.web.ceremonies import ENTER
from app.web.hypertext import go, page
from app.web.tries import Limit

pages = Blueprint("sign_in", __name__)
CODE = "/log-ind/kode"
ANEW = "/mig/adgang"  # where somebody sets up a new app, after a code in its place


class SignInForm(FlaskForm):
    email = StringField()
    password = PasswordField()


class CodeForm(FlaskForm):
    code = StringField()


@pages.get("/log-ind")
def show() -> AnyResponse:
    if current_user.is_authenticated and not me().waiting:
        return go("/")
    return _form(SignInForm(formdata=None), 200)


@pages.post("/log-ind")
@csrf.exempt  # the form checks its token itself, so that the address typed is kept
def enter() -> AnyResponse:
    """A password: the first of two, unless the demo says that it is enough."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _form(form, 400, say("Siden har været åben for længe. Prøv igen."))
    limits = _limits()
    tries.take(*limits)
    person = _person_with(form.password.data)
    if person is None:
        return _form(form, 422, say("E-mail eller adgangskode passer ikke."))
    if code_apps.has(person) or passkeys.of(person):
        tries.give_back(*limits)
        return _ask_for_the_second(person)
    if not house().settings.password_alone:
        tries.give_back(*limits)
        return _form(
            form, 422, say("Din konto mangler en kode-app. Bed konsulenten om et nyt link.")
        )
    with house().work(writes=True) as (unit, _):
        begun = arriving.begin(person)
        unit.commit()
    if begun is None:
        return _form(form, 422, say("E-mail eller adgangskode passer ikke."))
    tries.give_back(*limits)
    return arriving.welcome(begun, _next())


@pages.get("/log-ind/adgangsnoegle")
def options() -> Response:
    """What the browser asks the phone for."""
    return Response(ceremonies.ask(ENTER), mimetype="application/json")


@pages.post("/log-ind/adgangsnoegle")
@csrf.exempt  # the challenge is ours and works once; the form checks its token all the same
def enter_by_passkey() -> AnyResponse:
    form = SignInForm(formdata=None)
    if not FlaskForm().validate_on_submit():
        return _form(form, 400, say("Siden har været åben for længe. Prøv igen."))
    try:
        passkey, uses = ceremonies.answered(request.form.get("credential"), ENTER)
    except ceremonies.Failed:  # nobody guesses a passkey: only a miss is refused
        tries.take(network.limit())
        return _form(
            form, 422, say("Adgangsnøglen passer ikke. Prøv igen, eller brug din adgangskode.")
        )
    with house().work(writes=True) as (unit, _):
        begun = arriving.begin(passkey.person_id)
        passkeys.used(passkey.id, uses)
        unit.commit()
    if begun is None:  # no role today: the same answer as for a key that nobody has
        return _form(
            form, 422, say("Adgangsnøglen passer ikke. Prøv igen, eller brug din adgangskode.")
        )
    return arriving.welcome(begun, _next())


@pages.get(CODE)
def ask() -> AnyResponse:
    half = _half()
    return go("/log-ind") if half is None else _code_form(CodeForm(formdata=None), half)


@pages.post(CODE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def enter_by_code() -> AnyResponse:
    """The second of two: six digits from the app, or a code in their place."""
    half, form = _half(), CodeForm()
    fresh = form.validate_on_submit()
    if half is None:
        sentence = say("Det varede for længe. Log ind igen.")
        return _form(SignInForm(formdata=None), 422 if fresh else 400, sentence)
    if not fresh:
        return _code_form(form, half, 400)
    limits = arriving.limits(f"code {half.person_id}", half.person_id)
    tries.take(*limits)
    code = (form.code.data or "").strip()[:100]
    with house().work(writes=True) as (unit, _):
        tried = half_sign_ins.attempt(half.id)
        by_app = tried and code_apps.spend(half.person_id, code.replace(" ", ""))
        lookup = house().keyring.lookup
        right = by_app or (tried and recovery_codes.spend(half.person_id, code, lookup))
        # A second tap finds the half gone, and is no second device.
        first = right and half_sign_ins.finish(half.id)
        begun = arriving.begin(half.person_id) if first else None
        unit.commit()
    if begun is not None:
        tries.give_back(*limits)
        return arriving.welcome(begun, _next() if by_app else ANEW)
    if tried and not right:
        arriving.note_wrong_code(half.person_id)
    form.code.errors = [say("Koden passer ikke, eller den er brugt. Prøv med den næste.")]
    return _code_form(form, half, 422)


@pages.post("/log-ud")
def leave() -> AnyResponse:
    devices.sign_out(me().sign_in_id, pen())
    session.clear()
    answer = go("/log-ind")
    # What still waits on the phone is its author's: it is cleared only where nothing does.
    empty = request.form.get("empty") == "1"
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"' if empty else '"cookies"'
    return answer


def _ask_for_the_second(person: UUID) -> AnyResponse:
    with house().work(writes=True) as (unit, _):
        token = half_sign_ins.begin(person)
        unit.commit()
    target = _next()
    session.clear()
    session["half"] = token
    return go(CODE if target == "/" else f"{CODE}?next={target}")


def _half() -> Half | None:
    token = session.get("half")
    return half_sign_ins.of(token) if token else None


def _mark() -> bytes:
    return people.email_mark(request.form.get("email", "")[:320], house().keyring.lookup)


def _limits() -> tuple[Limit, ...]:
    """The same is looked up for an address that nobody has."""
    mark = _mark()
    found = people.credentials(mark)
    return arriving.limits(mark.hex(), found[0] if found else uuid4(), network.limit())


def _person_with(password: str | None) -> UUID | None:
    """Whose password it is. The same work is done when there is no such account."""
    found = people.credentials(_mark())
    right = passwords.fits(found[1] if found else None, password)
    return found[0] if found and right else None


def _next() -> str:
    return local_path(request.values.get("next"))


def _code_form(form: CodeForm, half: Half, status: int = 200) -> Response:
    return page(
        "sign_in/code.html",
        status=status,
        form=form,
        next=_next(),
        has_app=code_apps.has(half.person_id),
        has_passkey=bool(passkeys.of(half.person_id)),
    )


def _form(form: SignInForm, status: int, problem: str | None = None) -> Response:
    demo = house().settings.demo
    nobody: dict[str, Any] = {"me": None, "floor": None}  # also where somebody signs in anew
    return page(
        "sign_in/page.html",
        status=status,
        form=form,
        problem=problem,
        next=_next(),
        demo=demo,
        organisation=bool(house().settings.oidc_issuer),
        demo_accounts=ACCOUNTS if demo else (),
        **nobody,
    )
