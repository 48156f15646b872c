"""What a leader does about the weeks of a mentorship: hand over, change the rhythm, end a seat."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from app import clock
from app.clock import Week
from app.domain import access, departures, handovers, mentorships, plain_text, rota, turns
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.domain.rota import AHEAD, MOST_IN_A_ROW, Beat
from app.domain.turns import Note, Refused, Request
from app.extensions import csrf
from app.language import mark, say
from app.web import week_form
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import Text

pages = Blueprint("leader_weeks", __name__)
HERE = "/leder/forloeb/<uuid:mentorship_id>"
LONGEST_MESSAGE = 1000  # characters
COUNTS = [str(n) for n in range(1, MOST_IN_A_ROW + 1)]  # weeks in a row


class GiveForm(FlaskForm):
    """Weeks, who gets them, and a message to that mentor."""

    id = StringField()
    weeks = SelectMultipleField(validate_choice=False)
    taker = StringField()
    message = TextAreaField(validators=[Text(LONGEST_MESSAGE)])


class RhythmForm(FlaskForm):
    monday = StringField()
    first = StringField()
    in_a_row = StringField()


class LeaveForm(FlaskForm):
    person = StringField()
    sure = BooleanField()


class Choice(NamedTuple):
    code: str
    number: int
    monday: date
    holder: str
    uncovered: bool


@pages.get(f"{HERE}/uger")
def show(mentorship_id: UUID) -> Response:
    return _page(_view_or_404(mentorship_id))


@pages.post(f"{HERE}/uger")
@csrf.exempt  # the form checks its token itself, so that what was written is kept
def give(mentorship_id: UUID) -> AnyResponse:
    life, form = _view_or_404(mentorship_id), GiveForm()
    if not form.validate_on_submit():
        return _page(life, 400 if form.errors.get("csrf_token") else 422, give=form)
    note = Note(going=plain_text.cleaned(form.message.data))
    taker = _sitter(form.taker.data, life)
    try:
        weeks = week_form.mondays(form.weeks.data or ())
        if taker is None:
            form.taker.errors = [say("Vælg, hvem der tager ugerne.")]
            return _page(life, 422, give=form)
        wanted = Request(id_or_404(form.id.data), weeks, note=note)
        turns.give_for(wanted, life, taker, pen(), me().id)
    except Refused as refused:
        form.weeks.errors = [week_form.why(refused)]
        return _page(life, 422, give=form)
    except (NotTheirs, Different):
        form.id.data = str(uuid4())
        form.weeks.errors = [say("Det blev ikke sendt. Se ugerne efter, og prøv igen.")]
        return _page(life, 409, give=form)
    return go(f"/leder/forloeb/{mentorship_id}/uger")


@pages.post(f"{HERE}/rytme")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def change_rhythm(mentorship_id: UUID) -> AnyResponse:
    life, form = _view_or_404(mentorship_id), RhythmForm()
    if not form.validate_on_submit():
        return _page(life, 400, rhythm=form)
    first = _sitter(form.first.data, life)
    place = next((s.place for s in life.seats if s.person_id == first), 0)
    try:
        (monday,) = week_form.mondays([form.monday.data or ""])
        in_a_row = form.in_a_row.data or ""
        beat = Beat(monday, place, int(in_a_row) if in_a_row in COUNTS else 0)
        turns.change_rhythm(life, beat, pen(), me().id)
    except Refused as refused:
        form.monday.errors = [_why(refused)]
        return _page(life, 422, rhythm=form)
    return go(f"/leder/forloeb/{mentorship_id}/uger")


@pages.post(f"{HERE}/plads")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def end_seat(mentorship_id: UUID) -> AnyResponse:
    life, form = _view_or_404(mentorship_id), LeaveForm()
    if not form.validate_on_submit():
        return _page(life, 400, leave=form)
    person = _sitter(form.person.data, life)
    if person is None or not form.sure.data:
        sentence = mark("Vælg, hvem der stopper, og sæt kryds ved, at I har talt sammen.")
        form.person.errors = [say(sentence)]
        return _page(life, 422, leave=form)
    departures.leave(life.id, life.participant_id, person, pen())
    return go(f"/leder/forloeb/{mentorship_id}/uger")


def _view_or_404(mentorship_id: UUID) -> View:
    """A mentorship that is running, in a branch that one leads, and not one's own."""
    if not access.leads(me(), mentorship_id):
        abort(404)
    life = mentorships.one(mentorship_id, clock.today())
    if life is None or (life.ended_on and life.ended_on < clock.today()):
        abort(404)
    return life


def _sitter(raw: str | None, life: View) -> UUID | None:
    """Somebody who sits in the pair today."""
    sitting = [s.person_id for s in life.seats if s.holds(clock.today())]
    return next((person for person in sitting if str(person) == raw), None)


def _why(refused: Refused) -> str:
    if refused.why == "unknown":
        return say("Vælg en uge, hvem der begynder, og hvor mange uger i træk.")
    return week_form.why(refused)


def _page(life: View, status: int = 200, **forms: FlaskForm) -> Response:
    today = clock.today()
    current = Week.of(today).monday
    held, _ = handovers.strip(life, current, today)
    fresh: dict[str, Any] = {"id": str(uuid4())}
    return page(
        "leader/weeks.html",
        status=status,
        id=life.id,
        participant=life.participant,
        weeks=[
            Choice(
                week_form.code(monday),
                Week.of(monday).number,
                monday,
                life.name_of(rota.holder_from(held, monday)) or say("Ingen"),
                rota.uncovered(held, monday),
            )
            for monday in rota.mondays(current, AHEAD + 1)
        ],
        sitters=[(str(s.person_id), s.first_name) for s in life.seats if s.holds(today)],
        in_a_row=[(count, count) for count in COUNTS],
        give=forms.get("give") or GiveForm(formdata=None, data=fresh),
        rhythm=forms.get("rhythm") or RhythmForm(formdata=None, data={"in_a_row": "1"}),
        leave=forms.get("leave") or LeaveForm(formdata=None),
    )
