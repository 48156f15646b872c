"""Mig → Sådan logger du ind: passkeys, code app, recovery codes, password, and this device's PIN.

All of it asks for a fresh proof, is written to the trail, and is told of by letter.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from app import clock, db
from app.domain import (
    code_apps,
    devices,
    half_sign_ins,
    locks,
    news,
    notices,
    passkeys,
    people,
    recovery_codes,
    trail,
    ways_in,
)
from app.domain.agents import BROWSERS, SYSTEMS
from app.domain.people import Person
from app.extensions import csrf
from app.language import mark, say
from app.web import ceremonies, code_app_form, passwords
from app.web.asking import house, me, pen
from app.web.code_app_form import CodeAppForm
from app.web.hypertext import go, page
from app.web.passwords import PasswordForm, PinForm

pages = Blueprint("my_access", __name__)
HERE = "/mig/adgang"
LAST = mark("Det er den eneste måde, du kan logge ind på. Lav en anden først.")


class ShownPasskey(NamedTuple):
    id: UUID
    where: str
    at: datetime
    used_at: datetime | None


@pages.get(HERE)
def show() -> Response:
    return _page()


@pages.get(f"{HERE}/adgangsnoegle")
def offer() -> Response:
    """What the browser asks the phone to make."""
    return Response(ceremonies.offer(me().id), mimetype="application/json")


@pages.post(f"{HERE}/adgangsnoegle")
@csrf.exempt  # the form checks its token itself, so that the page comes back with a sentence
def add_passkey() -> AnyResponse:
    if not FlaskForm().validate_on_submit():
        return _page(400, say("Siden har været åben for længe. Prøv igen."))
    try:
        name, key, uses = ceremonies.made(request.form.get("credential"), me().id)
    except ceremonies.Failed:
        return _page(422, say("Telefonen gav ingen adgangsnøgle. Prøv igen."))
    try:
        with house().work(writes=True) as (unit, _):
            passkeys.add(me().id, name, key, uses, request.user_agent.string)
            _tell()
            unit.commit()
    except passkeys.Refused as refused:
        return _page(422, say(ceremonies.WHY[refused.why]))
    return go(HERE)


@pages.post(f"{HERE}/adgangsnoegle/<uuid:passkey_id>/sletning")
def remove_passkey(passkey_id: UUID) -> AnyResponse:
    """A lost phone's. A second tap finds it gone, and says nothing of it."""
    mine, ways = {one.id for one in passkeys.of(me().id)}, ways_in.of(me().id)
    if passkey_id not in mine:
        abort(404)
    if not _may_lose(ways._replace(passkeys=ways.passkeys - 1)):
        return _page(422, say(LAST))
    passkeys.remove(passkey_id, me().id)
    _tell()
    return go(HERE)


@pages.get(f"{HERE}/kode-app")
def app() -> Response:
    return _app_page(CodeAppForm(formdata=None))


@pages.post(f"{HERE}/kode-app")
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def add_app() -> AnyResponse:
    """This app from now on; ten new recovery codes come with it."""
    form = CodeAppForm()
    if not form.validate_on_submit():
        return _app_page(form, _status(form))
    with house().work(writes=True) as (unit, _):
        code_apps.put(me().id, form.secret() or "", form.step)
        codes = recovery_codes.make(me().id, house().keyring.lookup)
        _tell()
        unit.commit()
    return page("my_access/codes.html", codes=codes, onward=HERE)


@pages.post(f"{HERE}/kode-app/sletning")
def remove_app() -> AnyResponse:
    """Only where a passkey is the other way in. The codes in its place go with it."""
    ways = ways_in.of(me().id)
    if ways.code_app:
        if not _may_lose(ways._replace(code_app=False)):
            return _page(422, say(LAST))
        code_apps.remove(me().id)
        recovery_codes.remove_all(me().id)
        _tell()
    return go(HERE)


@pages.post(f"{HERE}/noedkoder")
def codes() -> Response:
    """Ten new ones on this one answer, and never again."""
    made = recovery_codes.make(me().id, house().keyring.lookup)
    _tell()
    return page("my_access/codes.html", codes=made, onward=HERE)


@pages.get(f"{HERE}/adgangskode")
def password() -> Response:
    return _password_page(PasswordForm(formdata=None))


@pages.post(f"{HERE}/adgangskode")
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def change_password() -> AnyResponse:
    """Whoever knew the old one is out, on every other device."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, _status(form))
    chosen = form.password.data or ""
    person = db.session().get_one(Person, me().id)
    if people.email_mark(chosen, house().keyring.lookup) == person.email_mark:
        form.password.errors = [say("Adgangskoden må ikke være din e-mail.")]
        return _password_page(form, 422)
    hashed = passwords.hasher.hash(chosen)  # slow, so no lock is held meanwhile
    with house().work(writes=True) as (unit, _):
        people.set_password(me().id, hashed)
        half_sign_ins.end_all(me().id)
        devices.sign_out_all(me().id, pen(), but=me().sign_in_id)
        _tell()
        unit.commit()
    return go(HERE)


@pages.post(f"{HERE}/pin")
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def change_pin() -> AnyResponse:
    """Six digits that open the lock of this device, and nothing else anywhere."""
    form = PinForm()
    if not form.validate_on_submit():
        return _page(_status(form), pin=form)
    hashed = passwords.hasher.hash(form.pin.data or "")
    with house().work(writes=True) as (unit, _):
        locks.set_pin(me().sign_in_id, hashed)
        pen().write(trail.RENEWED, "sign_in", me().sign_in_id)
        unit.commit()
    return go(HERE)


def _tell() -> None:
    """The trail, and a letter: also to who has lost the phone that the others ring on."""
    pen().write(trail.RENEWED, "person", me().id)
    notices.at_once(me().id, news.ACCESS_CHANGED, me().sign_in_id, None, clock.now())


def _may_lose(left: ways_in.Ways) -> bool:
    alone = house().settings.password_alone and left.password
    return left.whole or alone


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _page(status: int = 200, problem: str | None = None, pin: PinForm | None = None) -> Response:
    return page(
        "my_access/page.html",
        status=status,
        problem=problem,
        passkeys=[_shown(one) for one in passkeys.of(me().id)],
        ways=ways_in.of(me().id),
        codes_left=recovery_codes.left(me().id),
        has_pin=locks.pin_of(me().sign_in_id) is not None,
        pin=pin or PinForm(formdata=None),
    )


def _shown(one: passkeys.Known) -> ShownPasskey:
    parts = [
        say(words[code]) for words, code in ((SYSTEMS, one.system), (BROWSERS, one.browser)) if code
    ]
    return ShownPasskey(one.id, ", ".join(parts) or say("Ukendt enhed"), one.at, one.used_at)


def _app_page(form: CodeAppForm, status: int = 200) -> Response:
    shown: dict[str, Any] = code_app_form.shown(form)
    return page("my_access/code_app.html", status=status, form=form, **shown)


def _password_page(form: PasswordForm, status: int = 200) -> Response:
    return page("my_access/password.html", status=status, form=form)
