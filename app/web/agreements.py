"""The samarbejdsaftale: read, written anew, printed; and the leader's reading of it."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, agreements, closures, mentorships, plain_text
from app.domain.agreements import (
    BEFORE_THE_FIRST_VISIT,
    FOCUS,
    KICK_OFF,
    LONGEST,
    PRESENT,
    RELEASE_MEETING,
    SHARES_PLAN,
    TEXTS,
    VERSIONS,
    WAYS,
    Made,
    Terms,
)
from app.domain.meetings import codes
from app.domain.mentorships import FOLLOW_UP, View, months_after
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, Text
from app.web.shown_agreement import parties, shown

pages = Blueprint("agreements", __name__)
HERE = "/forloeb/aftale"


class AgreementForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    mentorship = StringField()
    version = StringField(validators=[OneOf(VERSIONS)])
    goals = TextAreaField(validators=[Text(LONGEST)])
    focus = SelectMultipleField(validate_choice=False)
    activities = TextAreaField(validators=[Text(LONGEST)])
    ways = SelectMultipleField(validate_choice=False)
    often = TextAreaField(validators=[Text(LONGEST)])
    cancelling = TextAreaField(validators=[Text(LONGEST)])
    meeting_place = TextAreaField(validators=[Text(LONGEST)])
    avoid = TextAreaField(validators=[Text(LONGEST)])
    shares_plan = StringField(validators=[OneOf(SHARES_PLAN)])
    release_meeting = StringField(validators=[OneOf(RELEASE_MEETING)])
    ticked = SelectMultipleField(validate_choice=False)
    talked = SelectMultipleField(validate_choice=False, validators=[OneOf(KICK_OFF)])
    present = SelectMultipleField(validate_choice=False)

    def validate_version(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvilken udgave det er."))

    def validate_goals(self, field: Field) -> None:
        if not plain_text.cleaned(field.data):
            raise StopValidation(say("Skriv mindst ét mål med deltagerens egne ord."))

    def validate_focus(self, field: Field) -> None:
        OneOf(FOCUS)(self, field)

    def validate_ways(self, field: Field) -> None:
        OneOf(WAYS)(self, field)

    def validate_ticked(self, field: Field) -> None:
        OneOf(BEFORE_THE_FIRST_VISIT)(self, field)

    def validate_present(self, field: Field) -> None:
        OneOf(PRESENT)(self, field)


@pages.get(HERE)
def show() -> Response:
    mine = desk.mine_or_404()
    return _read(mine, agreements.of(mine.id), writes=True)


@pages.get(f"{HERE}/ny")
def new() -> Response:
    mine = desk.mine_or_404()
    return _page(_fresh(mine), mine)


@pages.post(f"{HERE}/ny")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def save() -> AnyResponse:
    mine = desk.mine_or_404()
    form = AgreementForm()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        return _page(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        agreements.save(UUID(form.id.data), mine, _terms(form), pen(), by=me().id)
    except (Different, NotTheirs):
        form.id.data = str(uuid4())
        form.id.errors = [say("Du har allerede gemt en aftale herfra. Vil du gemme denne også?")]
        return _page(form, mine, 409)
    return go(HERE)


@pages.get("/leder/forloeb/<uuid:mentorship_id>/aftale")
def led(mentorship_id: UUID) -> Response:
    """The same, for the leader."""
    if not access.leads(me(), mentorship_id):
        abort(404)
    seen = mentorships.one(mentorship_id, clock.today())
    if seen is None:  # nobody has ever sat there
        abort(404)
    return _read(seen, agreements.of(mentorship_id), writes=False)


def _read(mine: View, found: list[Made], *, writes: bool) -> Response:
    """The wording that is asked for, else the newest; the others a tap away."""
    wanted = request.args.get("udgave")
    chosen = next((one for one in found if str(one.id) == wanted), None)
    if wanted and chosen is None:
        abort(404)
    chosen = chosen or next(iter(found), None)
    return page(
        "agreements/page.html",
        agreement=chosen and shown(chosen, mine),
        others=[(say(VERSIONS[o.version]), o.at, o.id) for o in found if o is not chosen],
        parties=parties(mine, clock.today()),
        here=request.path,
        back_to="/forloeb" if writes else f"/leder/forloeb/{mine.id}",
        writes=writes,
    )


def _terms(form: AgreementForm) -> Terms:
    return Terms(
        version=form.version.data or "",
        texts={name: plain_text.cleaned(form[name].data) for name in TEXTS},
        focus=tuple(form.focus.data or ()),
        ways=tuple(form.ways.data or ()),
        ticked=tuple(form.ticked.data or ()),
        talked=tuple(form.talked.data or ()),
        present=tuple(form.present.data or ()),
        shares_plan=form.shares_plan.data or None,
        release_meeting=form.release_meeting.data or None,
    )


def _fresh(mine: View) -> AgreementForm:
    """Begins with what was agreed last, so that only what has changed is written."""
    found = agreements.of(mine.id)
    data: dict[str, Any] = {"id": str(uuid4()), "mentorship": str(mine.id)}
    half_a_year = months_after(mine.release_on, FOLLOW_UP)
    ending = any(closure.stands for closure in closures.of(mine.id, 1))
    data["version"] = agreements.due(found, half_a_year, clock.today(), ending=ending)
    if found:
        last = found[0]
        data |= {name: last.text(name) for name in TEXTS}
        data |= {
            "focus": codes(last.focus, FOCUS),
            "ways": codes(last.ways, WAYS),
            "ticked": codes(last.ticked, BEFORE_THE_FIRST_VISIT),
            "talked": codes(last.talked, KICK_OFF),
            "shares_plan": last.shares_plan,
            "release_meeting": last.release_meeting,
        }
    return AgreementForm(formdata=None, data=data)


def _page(form: AgreementForm, mine: View, status: int = 200) -> Response:
    return page(
        "agreements/new.html",
        status=status,
        form=form,
        co_mentor=mine.co_mentor,
        participant=mine.participant,
        leader=mine.leader,
        versions=_said(VERSIONS),
        focus=_said(FOCUS),
        ways=_said(WAYS),
        shares_plan=_said(SHARES_PLAN),
        release_meeting=_said(RELEASE_MEETING),
        ticks=_said(BEFORE_THE_FIRST_VISIT),
        kick_off=_said(KICK_OFF),
        present=[
            ("participant", mine.participant),
            ("author", say("Mig")),
            *([("co_mentor", mine.co_mentor)] if mine.co_mentor else []),
            ("leader", mine.leader),
        ],
    )


def _said(choices: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, say(label)) for code, label in choices.items()]
