"""Fravær: one range of days proposes all its weeks."""

from datetime import date
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from app import clock
from app.clock import Week
from app.domain import absences, handovers, plain_text
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.domain.turns import Gone, Note, Refused, Request
from app.extensions import csrf
from app.language import say
from app.web import desk, week_form
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import Text

pages = Blueprint("absences", __name__)
LONGEST_NOTE = 1000  # characters


class AbsenceForm(FlaskForm):
    id = StringField()
    mentorship = StringField()
    from_on = StringField()
    to_on = StringField()
    going = TextAreaField(validators=[Text(LONGEST_NOTE)])

    def validate_from_on(self, field: Field) -> None:
        _day(field)

    def validate_to_on(self, field: Field) -> None:
        _day(field)


@pages.get("/uger/fravaer")
def show() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("meetings/none.html")
    fresh = {"id": str(uuid4()), "mentorship": str(mine.id)}
    return _page(AbsenceForm(formdata=None, data=fresh), mine)


@pages.post("/uger/fravaer")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def create() -> AnyResponse:
    mine = desk.mine_or_404()
    form = AbsenceForm()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        return _page(form, mine, 400 if form.errors.get("csrf_token") else 422)
    note = Note(going=plain_text.cleaned(form.going.data))
    wanted = Request(id_or_404(form.id.data), (), note=note)
    try:
        absences.be_away(wanted, _day(form.from_on), _day(form.to_on), mine, pen(), me().id)
    except Refused as refused:
        late = refused.why in ("far", "backwards")
        (form.to_on if late else form.from_on).errors = [_why(refused)]
        return _page(form, mine, 422)
    except (NotTheirs, Different):
        form.id.data = str(uuid4())
        form.from_on.errors = [say("Det blev ikke sendt. Se datoerne efter, og prøv igen.")]
        return _page(form, mine, 409)
    return go("/uger/fravaer")


@pages.post("/uger/fravaer/<uuid:absence_id>/slut")
def end(absence_id: UUID) -> AnyResponse:
    mine = desk.mine_or_404()
    try:
        absences.back_again(absence_id, mine, pen(), me().id)
    except Refused:
        abort(404)
    except Gone:
        pass  # it is taken back: what was wanted stands
    return go("/uger/fravaer")


def _page(form: AbsenceForm, mine: View, status: int = 200) -> Response:
    today = clock.today()
    held, _ = handovers.strip(mine, Week.of(today).monday, today)
    mine_away = [a for a in held.away if a.person_id == me().id and a.to_on >= today]
    return page(
        "absences/page.html",
        status=status,
        form=form,
        today=today,
        last_day=handovers.last_day(today),
        away=sorted(mine_away, key=lambda a: a.from_on),
        co=mine.co and mine.co.first_name,
        co_away=[a for a in held.away if mine.co and a.person_id == mine.co.person_id],
    )


def _day(field: Field) -> date:
    try:
        return date.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(say("Vælg en dato.")) from None


def _why(refused: Refused) -> str:
    if refused.why == "past":
        return say("Den dag er gået. Vælg i dag eller en senere dag.")
    if refused.why == "far":
        return say("Vi planlægger højst 26 uger frem. Vælg en tidligere dag.")
    return week_form.why(refused)
