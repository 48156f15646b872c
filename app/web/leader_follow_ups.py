"""Opfølgning: the leader writes what was agreed on when the pair, participant and leader met."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, follow_ups, mentorships, plain_text
from app.domain.follow_ups import KINDS, LONGEST_TEXT, PRESENT, SIX_MONTHS, TEXTS, Notes
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, Text, day_of
from app.web.shown_follow_up import shown

pages = Blueprint("leader_follow_ups", __name__)
HERE = "/leder/forloeb/<uuid:mentorship_id>/opfoelgning"


class FollowUpForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    held_on = StringField()
    kind = StringField(validators=[OneOf(KINDS)])
    present = SelectMultipleField(validate_choice=False, validators=[OneOf(PRESENT)])
    focus_changed = BooleanField()
    frequency_changed = BooleanField()
    kept = TextAreaField(validators=[Text(LONGEST_TEXT)])
    works = TextAreaField(validators=[Text(LONGEST_TEXT)])
    needs = TextAreaField(validators=[Text(LONGEST_TEXT)])
    next_step = TextAreaField(validators=[Text(LONGEST_TEXT)])
    earliest: date | None = None
    six_months_from = date.min

    def validate_held_on(self, field: Field) -> None:
        day = day_of(field)
        if day > clock.today():
            raise StopValidation(say("Datoen ligger i fremtiden. Vælg den dag, I mødtes."))
        if self.earliest and day < self.earliest:
            raise StopValidation(say("Den dag var forløbet ikke begyndt. Vælg en senere dag."))

    def validate_kind(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvilken opfølgning det var."))
        early = not self.held_on.errors and day_of(self.held_on) < self.six_months_from
        if field.data == SIX_MONTHS and early:
            raise StopValidation(
                say("Der er ikke gået seks måneder endnu. Vælg et andet opfølgningsmøde.")
            )

    def validate_present(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvem der var med."))

    def notes(self) -> Notes:
        return Notes(
            day_of(self.held_on),
            self.kind.data or "",
            tuple(code for code in PRESENT if code in (self.present.data or ())),
            bool(self.focus_changed.data),
            bool(self.frequency_changed.data),
            **{name: plain_text.cleaned(self[name].data) for name in TEXTS},
        )


@pages.get(HERE)
def show(mentorship_id: UUID) -> Response:
    data: dict[str, Any] = {"id": str(uuid4()), "held_on": clock.today().isoformat()}
    return _page(_led_or_404(mentorship_id), FollowUpForm(formdata=None, data=data))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def write(mentorship_id: UUID) -> AnyResponse:
    life = _led_or_404(mentorship_id)
    form = FollowUpForm()
    form.earliest = life.matched_on
    form.six_months_from = follow_ups.six_months_from(life.release_on)
    if not form.validate_on_submit():
        return _page(life, form, 400 if form.errors.get("csrf_token") else 422)
    try:
        made = UUID(form.id.data)
        follow_ups.write(made, life.id, life.participant_id, form.notes(), pen(), by=me().id)
    except (Different, NotTheirs):
        return _page(
            life, form, 409, say("Notatet er allerede gemt med en anden tekst. Se det nedenfor.")
        )
    return go(f"/leder/forloeb/{life.id}/opfoelgning")


def _led_or_404(mentorship_id: UUID) -> View:
    life = mentorships.one(mentorship_id, clock.today())
    if life is None or not access.leads(me(), mentorship_id):
        abort(404)
    return life


def _kinds(life: View) -> list[str]:
    """That of six months is no choice before its day."""
    early = clock.today() < follow_ups.six_months_from(life.release_on)
    return [code for code in KINDS if not (early and code == SIX_MONTHS)]


def _page(
    life: View, form: FollowUpForm, status: int = 200, sentence: str | None = None
) -> Response:
    return page(
        "leader/follow_ups.html",
        status=status,
        form=form,
        sentence=sentence,
        participant=life.participant,
        mentorship_id=life.id,
        earliest=life.matched_on,
        latest=clock.today(),
        kinds=[(code, say(KINDS[code])) for code in _kinds(life)],
        roles=[(code, say(label)) for code, label in PRESENT.items()],
        texts=[(form[name], say(label)) for name, label in TEXTS.items()],
        found=[shown(one) for one in follow_ups.of(life.id)],
    )
