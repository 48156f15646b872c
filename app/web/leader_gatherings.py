"""Mentor meetings and supervision: written down, and who came, with one tap each."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, branches, gatherings, mentors, rules
from app.domain.gatherings import KINDS, Held
from app.domain.mentors import ACTIVE, PAUSE
from app.extensions import csrf
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, uuid_or_none

pages = Blueprint("leader_gatherings", __name__)
HERE = "/leder/moeder"
SHOWN = 24
BACK, AHEAD = timedelta(days=366), timedelta(days=366)


class GatheringForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    branch = StringField()
    kind = StringField(validators=[OneOf(KINDS)])
    on = StringField()

    def validate_kind(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvad det er."))

    def validate_on(self, field: Field) -> None:
        try:
            day = date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(say("Vælg en dato.")) from None
        if not clock.today() - BACK <= day <= clock.today() + AHEAD:
            raise StopValidation(say("Vælg en dag inden for et år."))


class Row(NamedTuple):
    kind: str
    on: date
    came: int
    href: str


@pages.get(HERE)
def show() -> Response:
    data = {
        "id": str(uuid4()),
        "branch": str(min(me().leads, key=str)),
        "on": clock.today().isoformat(),
    }
    return _page(GatheringForm(formdata=None, data=data))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def hold() -> AnyResponse:
    form = GatheringForm()
    valid = form.validate_on_submit()
    branch = uuid_or_none(form.branch.data)
    if branch is None or branch not in me().leads:
        abort(404)
    if not valid:
        return _page(form, 400 if form.errors.get("csrf_token") else 422)
    on = date.fromisoformat(form.on.data or "")
    gatherings.hold(UUID(form.id.data), branch, form.kind.data or "", on, pen(), by=me().id)
    return go(f"{HERE}/{form.id.data}")


@pages.get(f"{HERE}/<uuid:gathering_id>")
def one(gathering_id: UUID) -> Response:
    held = _held_or_404(gathering_id)
    there = gatherings.came(held.id)
    return page(
        "gatherings/gathering.html",
        id=held.id,
        kind=say(KINDS[held.kind]),
        on=held.on,
        asked=[
            (str(one.id), one.first_name, one.id in there, access.may_record(me(), one.id))
            for one in _asked(held)
        ],
    )


@pages.post(f"{HERE}/<uuid:gathering_id>")
def tick(gathering_id: UUID) -> AnyResponse:
    held = _held_or_404(gathering_id)
    asked = {one.id for one in _asked(held) if access.may_record(me(), one.id)}
    there = {UUID(raw) for raw in request.form.getlist("came") if uuid_or_none(raw)}
    gatherings.tick(held, there, asked, pen(), by=me().id)
    return go(HERE)


def _held_or_404(gathering_id: UUID) -> Held:
    held = gatherings.one(gathering_id)
    if held is None or held.branch_id not in me().leads:
        abort(404)
    return held


def _asked(held: Held) -> list[mentors.Standing]:
    """All active mentors of the branch, also those without a participant."""
    found = mentors.of([held.branch_id], clock.today())
    some = [one for one in found if one.stage in (ACTIVE, PAUSE)]
    return sorted(some, key=lambda one: one.first_name)


def _page(form: GatheringForm, status: int = 200) -> Response:
    return page(
        "gatherings/page.html",
        status=status,
        form=form,
        rules=rules.values(),
        kinds=[(code, say(label)) for code, label in KINDS.items()],
        branches=[(str(branch), name) for branch, name in branches.names(me().leads).items()],
        rows=[
            Row(say(KINDS[held.kind]), held.on, held.came, f"{HERE}/{held.id}")
            for held in gatherings.of(me().leads, SHOWN)
        ],
    )
