"""A phone lent to a participant: it answers on one page only, until the leader's PIN is given."""

import re

from flask import Blueprint, Response, abort, request, session
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from app.domain import devices, sign_ins, trail
from app.extensions import csrf
from app.language import mark, say
from app.web import passwords
from app.web.asking import house, kept_address, me, pen
from app.web.hypertext import go, page
from app.web.passwords import PinForm

pages = Blueprint("lending", __name__)
HERE = "/leder/laan"
BACK = "/laan/tilbage"
LENDABLE = re.compile(
    r"/leder/henvisninger/[0-9a-f-]{36}/skema|/leder/match/[0-9a-f-]{36}/katalog"
    r"|/slut/[A-Za-z0-9_-]{43}"
)


class LendForm(PinForm):
    path = StringField()


class BackForm(FlaskForm):
    pin = PasswordField()


@pages.get(HERE)
def show() -> Response:
    path = _path_or_404(request.args.get("til"))
    return page("lending/lend.html", form=LendForm(formdata=None, data={"path": path}))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def lend() -> AnyResponse:
    form = LendForm()
    valid = form.validate_on_submit()
    path = _path_or_404(form.path.data)
    if not valid:
        status = 400 if form.errors.get("csrf_token") else 422
        return page("lending/lend.html", status=status, form=form)
    pin_hash = passwords.hasher.hash(form.pin.data or "")  # slow, so no lock is held meanwhile
    with house().work(writes=True) as (unit, _):
        sign_ins.lend(me().sign_in_id, kept_address(path), pin_hash)
        pen().write(trail.LENT, "sign_in", me().sign_in_id)
        unit.commit()
    return go(path)


@pages.get(BACK)
def ask() -> AnyResponse:
    if not me().lent:
        return go("/")
    return page("lending/back.html", form=BackForm(formdata=None))


@pages.post(BACK)
@csrf.exempt  # the form checks its token itself, so that it comes back with its sentence
def give_back() -> AnyResponse:
    lent = me().lent
    if not lent:
        return go("/")
    form = BackForm()
    if not form.validate_on_submit():
        return page("lending/back.html", status=400, form=form)
    right = passwords.fits(sign_ins.pin_of(me().sign_in_id), form.pin.data)
    with house().work(writes=True) as (unit, _):  # also a wrong one is counted
        if right:
            sign_ins.give_back(me().sign_in_id)
            pen().write(trail.GIVEN_BACK, "sign_in", me().sign_in_id)
            left = None
        else:
            left = sign_ins.miss(me().sign_in_id)
            if left <= 0:
                devices.sign_out(me().sign_in_id, pen())
        unit.commit()
    if left is None:
        return go(lent.rpartition("/")[0] if lent.startswith("/leder/") else "/leder")
    if left <= 0:
        session.clear()
        return go("/log-ind")
    one, several = (
        mark("Koden passer ikke. Du har 1 forsøg tilbage."),
        mark("Koden passer ikke. Du har %(n)s forsøg tilbage."),
    )
    form.pin.errors = [say(one) if left == 1 else say(several, n=left)]
    return page("lending/back.html", status=422, form=form)


def _path_or_404(path: str | None) -> str:
    if not path or not LENDABLE.fullmatch(path):
        abort(404)
    return path
