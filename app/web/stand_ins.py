"""Stedfortræder: who leads while I am away, on which days, and ended with one tap."""

from datetime import date
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, branches, owners, stand_ins, ways_in
from app.domain.owners import NobodyLeads
from app.domain.stand_ins import AHEAD, LONGEST
from app.extensions import csrf
from app.language import say
from app.web.asking import house, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, day_of, uuid_or_none

pages = Blueprint("stand_ins", __name__)
HERE = "/leder/stedfortraeder"


class StandInForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    branch = StringField()
    person = StringField()
    from_on = StringField()
    to_on = StringField()

    def validate_from_on(self, field: Field) -> None:
        first = day_of(field)
        if first < clock.today():
            raise StopValidation(say("Vælg i dag eller en senere dag."))
        if first > clock.today() + AHEAD:
            raise StopValidation(say("Vælg en dag inden for det næste halve år."))

    def validate_to_on(self, field: Field) -> None:
        last, first = day_of(field), _day(self.from_on.data)
        if first and last < first:
            raise StopValidation(say("Den sidste dag ligger før den første. Ret en af dem."))
        if first and last - first > LONGEST:
            raise StopValidation(say("Vælg højst tre måneder ad gangen."))


@pages.get(HERE)
def show() -> Response:
    return _page(_fresh())


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def name() -> AnyResponse:
    form = StandInForm()
    valid = form.validate_on_submit()
    branch, person = uuid_or_none(form.branch.data), uuid_or_none(form.person.data)
    if branch not in me().leads:
        abort(404)
    if branch not in access.may_name_stand_ins_in(me()):
        abort(403)
    if person not in {one for one, _ in _choices()}:
        form.person.errors = [say("Vælg, hvem der tager over.")]
        valid = False
    if not valid or person is None:
        return _page(form, 400 if form.errors.get("csrf_token") else 422)
    span = (date.fromisoformat(form.from_on.data), date.fromisoformat(form.to_on.data))
    stand_ins.name(UUID(form.id.data), branch, person, span, pen(), by=me().id)
    return go(HERE)


@pages.post(f"{HERE}/<uuid:stand_in_id>/slut")
def end(stand_in_id: UUID) -> AnyResponse:
    named = stand_ins.one(stand_in_id)
    if named is None or named.branch_id not in me().leads:
        abort(404)
    try:
        owners.end_stand_in(named, pen())
    except NobodyLeads:
        sentence = say(
            "Stedfortræderen har ansvaret for noget, som ingen anden aktivitetsleder i afdelingen"
            " kan tage. Ring til konsulenten."
        )
        return _page(_fresh(), 422, sentence)
    return go(HERE)


def _choices() -> list[tuple[UUID, str]]:
    """Who can be named: they must be able to come in on the day."""
    found = stand_ins.choices(me().leads, me().id, clock.today())
    settings = house().settings
    if settings.oidc_issuer:  # whoever has an address there can
        return found
    able = ways_in.able({one for one, _ in found}, alone=settings.password_alone)
    return [(one, named) for one, named in found if one in able]


def _day(raw: str | None) -> date | None:
    try:
        return date.fromisoformat(raw or "")
    except ValueError:
        return None


def _fresh() -> StandInForm:
    today = clock.today().isoformat()
    own = min(access.may_name_stand_ins_in(me()) or me().leads, key=str)
    data = {"id": str(uuid4()), "branch": str(own), "from_on": today}
    return StandInForm(formdata=None, data=data)


def _page(form: StandInForm, status: int = 200, sentence: str | None = None) -> Response:
    today, may_in = clock.today(), access.may_name_stand_ins_in(me())
    return page(
        "stand_ins/page.html",
        status=status,
        sentence=sentence,
        form=form,
        branches=[(str(b), named) for b, named in branches.names(may_in).items()],
        people=[(str(p), named) for p, named in _choices()],
        found=[
            (one, one.ended_at is None and (one.to_on is None or one.to_on >= today))
            for one in stand_ins.of(me().leads)
        ],
        today=today,
        latest=today + AHEAD,
    )
