"""Leder → Påmindelser: the times of day at which a branch's reminders come."""

from datetime import time
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app.domain import branches, hours
from app.domain.hours import Hours
from app.domain.preferences import QUIET_FROM, QUIET_TO
from app.extensions import csrf
from app.language import say
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page

pages = Blueprint("leader_reminders", __name__)
HERE = "/leder/paamindelser"


class HoursForm(FlaskForm):
    branch = StringField()
    morning = StringField()
    afternoon = StringField()
    evening = StringField()

    def validate_morning(self, field: Field) -> None:
        _waking_hour(field)

    def validate_afternoon(self, field: Field) -> None:
        _waking_hour(field)

    def validate_evening(self, field: Field) -> None:
        _waking_hour(field)


@pages.get(HERE)
def show() -> Response:
    return _page()


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def move() -> AnyResponse:
    form = HoursForm()
    branch = id_or_404(form.branch.data)
    if branch not in me().leads:
        abort(404)
    if not form.validate_on_submit():
        return _page(form, status=400 if form.errors.get("csrf_token") else 422)
    chosen = Hours(*(_waking_hour(form[name]) for name in Hours._fields))
    hours.move(branch, chosen, pen())
    return go(f"{HERE}#gemt")


def _page(sent: HoursForm | None = None, *, status: int = 200) -> Response:
    names = branches.names(me().leads)
    forms = [
        (name, sent if sent and sent.branch.data == str(branch) else _fresh(branch))
        for branch, name in names.items()
    ]
    return page("leader/reminders.html", status=status, forms=forms, place="profile")


def _fresh(branch: UUID) -> HoursForm:
    data: dict[str, Any] = {
        name: at.strftime("%H:%M") for name, at in hours.of(branch)._asdict().items()
    }
    return HoursForm(formdata=None, data=data | {"branch": str(branch)})


def _waking_hour(field: Field) -> time:
    """In quiet hours nothing would come before their end."""
    try:
        at = time.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(say("Vælg et klokkeslæt.")) from None
    if not QUIET_TO <= at < QUIET_FROM:
        raise StopValidation(say("Vælg et klokkeslæt mellem 9.00 og 19.59. Ellers er der ro."))
    return at
