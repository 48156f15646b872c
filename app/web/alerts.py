"""Bekymring, and Aftalen er brudt: one tap to the leader, after the phone call that comes first."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app.domain import alerts
from app.domain.alerts import BROKEN, CODES, CONCERN, DECISIONS, Raised
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import Callee, go, page
from app.web.log_form import MadeId, OneOf

pages = Blueprint("alerts", __name__)
CONCERNED, BROKE = "/bekymring", "/forloeb/brudt"


class ConcernForm(FlaskForm):
    """No field for what it is: that is said on the phone."""

    id = StringField(validators=[MadeId()])
    mentorship = StringField()


class BrokenForm(ConcernForm):
    code = StringField(validators=[OneOf(CODES)])

    def validate_code(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvad der er sket."))


class Earlier(NamedTuple):
    at: datetime
    code: str | None
    decision: str | None
    comment: str | None
    seen: bool


@pages.get(CONCERNED)
def concern() -> Response:
    mine = desk.mine_or_404()
    return _page("alerts/concern.html", _fresh(ConcernForm, mine), mine, CONCERN)


@pages.post(CONCERNED)
@csrf.exempt  # the form checks its token itself
def raise_concern() -> AnyResponse:
    return _raise("alerts/concern.html", ConcernForm(), CONCERN, CONCERNED)


@pages.get(BROKE)
def broken() -> Response:
    mine = desk.mine_or_404()
    return _page("alerts/broken.html", _fresh(BrokenForm, mine), mine, BROKEN)


@pages.post(BROKE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def raise_broken() -> AnyResponse:
    return _raise("alerts/broken.html", BrokenForm(), BROKEN, BROKE)


def _raise(template: str, form: ConcernForm, kind: str, path: str) -> AnyResponse:
    mine = desk.mine_or_404()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        status = 400 if form.errors.get("csrf_token") else 422
        return _page(template, form, mine, kind, status)
    code = form["code"].data if kind == BROKEN else None
    try:
        alerts.raise_one(UUID(form.id.data), mine, kind, code, pen(), by=me().id)
    except (Different, NotTheirs):
        abort(409)
    return go(path)


def _fresh(form: type[ConcernForm], mine: View) -> ConcernForm:
    return form(formdata=None, data={"id": str(uuid4()), "mentorship": str(mine.id)})


def _page(template: str, form: ConcernForm, mine: View, kind: str, status: int = 200) -> Response:
    found = alerts.of(mine.id, kind)
    if kind == CONCERN:  # nobody but its author sees it, not the co-mentor either
        found = [one for one in found if one.raised_by == me().id]
    return page(
        template,
        status=status,
        form=form,
        leader=mine.leader,
        phone=mine.leader_phone,
        others=[Callee(one.first_name, one.phone) for one in mine.leading.people[1:]],
        codes=[(code, say(label)) for code, label in CODES.items()],
        earlier=[_earlier(one) for one in found],
    )


def _earlier(one: Raised) -> Earlier:
    decided = one.decided
    return Earlier(
        one.raised_at,
        say(CODES[one.code]) if one.code in CODES else None,
        say(DECISIONS[one.kind][decided.outcome]) if decided else None,
        decided.comment() if decided else None,
        one.seen,
    )
