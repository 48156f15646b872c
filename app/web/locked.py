"""The lock of a device that was left alone, and the fresh proof that the gravest acts ask for."""

from typing import Any

from flask import Blueprint, Response, request, session
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, PasswordField, StringField

from app.domain import code_apps, devices, locks, passkeys, people, trail, ways_in
from app.extensions import csrf
from app.language import mark, say
from app.web import arriving, ceremonies, passwords
from app.web.asking import house, local_path, me, pen, renew_session
from app.web.ceremonies import UNLOCK
from app.web.hypertext import go, page
from app.web.presence import KEPT, PROVE_PAGE, UNLOCK_PAGE, NotShown

pages = Blueprint("locked", __name__)
TEMPLATES = {UNLOCK_PAGE: "locked/page.html", PROVE_PAGE: "locked/prove.html"}
ONE_LEFT, SOME_LEFT = (
    mark("Det passer ikke. Du har 1 forsøg tilbage."),
    mark("Det passer ikke. Du har %(n)s forsøg tilbage."),
)


class ProofForm(FlaskForm):
    """One of these is enough; which are asked for depends on what the person has."""

    pin = PasswordField()
    password = PasswordField()
    new_pin = PasswordField()
    code = StringField()

    def validate_new_pin(self, field: Field) -> None:
        if field.data:
            passwords.check_pin(field)


@pages.get(UNLOCK_PAGE)
def show() -> AnyResponse:
    if not locks.is_closed(me(), house().settings.idle):
        return go(_next())
    return _form(UNLOCK_PAGE, ProofForm(formdata=None))


@pages.post(UNLOCK_PAGE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def unlock() -> AnyResponse:
    """By passkey, by this device's PIN or by the password. The fifth wrong one signs it out."""
    form = ProofForm()
    if answer := _by_passkey(UNLOCK_PAGE, form):
        return answer
    pin_hash = locks.pin_of(me().sign_in_id)
    field = form.password if form.password.data or not pin_hash else form.pin
    with house().work(writes=True) as (unit, _):  # counted first, also when the process dies
        left = locks.attempt(me().sign_in_id)
        unit.commit()
    known = pin_hash if field is form.pin else people.password_of(me().id)
    if left >= 0 and passwords.fits(known, field.data):
        proved = field is form.password and _has_no_second()
        return _go_on(proved=proved, new_pin=form.new_pin.data)
    return _wrong(UNLOCK_PAGE, form, field, left)


@pages.get(f"{UNLOCK_PAGE}/adgangsnoegle")
def options() -> Response:
    """What the browser asks the phone for: a passkey of this person's, and of no other's."""
    return Response(ceremonies.ask(UNLOCK, me().id), mimetype="application/json")


@pages.get("/her")
def stay() -> Response:
    """A page tells that somebody types in it: a long note is not locked away half-written."""
    return Response(status=204, mimetype="text/plain")


@pages.get(PROVE_PAGE)
def ask() -> AnyResponse:
    if locks.is_fresh(me(), locks.FRESH):
        return go(_next())
    return _form(PROVE_PAGE, ProofForm(formdata=None))


@pages.post(PROVE_PAGE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def prove() -> AnyResponse:
    """By passkey or by the app's digits; where there is neither, by the password."""
    form = ProofForm()
    if answer := _by_passkey(PROVE_PAGE, form):
        return answer
    with house().work(writes=True) as (unit, _):
        left = locks.attempt(me().sign_in_id)
        by_app = left >= 0 and code_apps.spend(me().id, (form.code.data or "").replace(" ", ""))
        unit.commit()
    alone = _has_no_second()
    if by_app or (
        alone and left >= 0 and passwords.fits(people.password_of(me().id), form.password.data)
    ):
        return _go_on(proved=True)
    if left >= 0 and not alone:
        arriving.note_wrong_code(me().id)
    return _wrong(PROVE_PAGE, form, form.password if alone else form.code, left)


def _by_passkey(where: str, form: ProofForm) -> AnyResponse | None:
    """What a passkey, or a form that is no good, is answered; nothing where neither came."""
    if not form.validate_on_submit():
        return _form(where, form, 400 if form.errors.get("csrf_token") else 422)
    given = request.form.get("credential")
    if not given:
        return None
    try:
        passkey, uses = ceremonies.answered(given, UNLOCK, me().id)
    except ceremonies.Failed:
        return _form(where, form, 422, say("Adgangsnøglen passer ikke. Prøv igen."))
    with house().work(writes=True) as (unit, _):
        passkeys.used(passkey.id, uses)
        unit.commit()
    return _go_on(proved=True)


def _wrong(where: str, form: ProofForm, field: Field, left: int) -> AnyResponse:
    """How many tries are left; after the last one this device signs in anew."""
    if left <= 0:
        return _signed_out()
    field.errors = [say(ONE_LEFT) if left == 1 else say(SOME_LEFT, n=left)]
    return _form(where, form, 422)


def _has_no_second() -> bool:
    """Only the demo's: the password is all there is to show."""
    return not ways_in.of(me().id).second


def _go_on(*, proved: bool, new_pin: str | None = None) -> AnyResponse:
    """On to where the person was; a form that met the question is put back into their hands."""
    pin_hash = passwords.hasher.hash(new_pin) if new_pin else None  # slow, so no lock is held
    with house().work(writes=True) as (unit, _):
        token = locks.open_again(me().sign_in_id, proved=proved)
        if pin_hash:
            locks.set_pin(me().sign_in_id, pin_hash)
            pen().write(trail.RENEWED, "sign_in", me().sign_in_id)
        if proved:
            pen().write(trail.PROVED, "sign_in", me().sign_in_id)
        unit.commit()
    renew_session(token)
    target = request.form.get("kept_path")
    if not target:
        return go(_next())
    return page("locked/resume.html", path=local_path(target), kept=_kept_again())


def _signed_out() -> AnyResponse:
    with house().work(writes=True) as (unit, _):
        devices.sign_out(me().sign_in_id, pen())
        unit.commit()
    session.clear()
    return go("/log-ind")


def _has() -> dict[str, bool]:
    ways = ways_in.of(me().id)
    return {
        "passkey": ways.passkeys > 0,
        "app": ways.code_app,
        "password": ways.password,
        "pin": locks.pin_of(me().sign_in_id) is not None,
    }


def _form(where: str, form: ProofForm, status: int = 200, problem: str | None = None) -> Response:
    kept = _kept_again() if request.method == "POST" else []
    return _page(TEMPLATES[where], form, status, problem, kept, request.form.get("kept_path"))


def in_its_place(asked: NotShown) -> Response:
    """The question who it is, in the place of a page; what was sent from it waits in the form."""
    template = TEMPLATES[asked.page]
    return _page(template, ProofForm(formdata=None), 403, None, asked.kept, asked.path)


def _page(
    template: str,
    form: ProofForm,
    status: int,
    problem: str | None,
    kept: list[tuple[str, str]],
    kept_path: str | None,
) -> Response:
    values: dict[str, Any] = {"me": None, "floor": None, "my_leader": None}  # it names nobody
    return page(
        template,
        status=status,
        form=form,
        problem=problem,
        has=_has(),
        next=_next(),
        kept=kept,
        kept_path=kept_path and local_path(kept_path),
        **values,
    )


def _kept_again() -> list[tuple[str, str]]:
    pairs = request.form.items(multi=True)
    return [(name.removeprefix(KEPT), text) for name, text in pairs if name.startswith(KEPT)]


def _next() -> str:
    return local_path(request.values.get("next"))
