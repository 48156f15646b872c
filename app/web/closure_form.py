"""The form by which the pair, or a leader, says that a mentorship ends."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from app import clock
from app.domain import closures
from app.domain.closures import (
    ENDERS,
    ENDINGS,
    GOODBYES,
    INTERRUPTED,
    LONGEST_COMMENT,
    REASONS,
    Terms,
)
from app.domain.mentorships import View
from app.language import say
from app.web.log_form import MadeId, OneOf, Text, day_of
from app.web.shown_closure import tried

AHEAD = timedelta(days=92)  # how long before the end it can be proposed


class ClosureForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    mentorship = StringField()
    ending = StringField(validators=[OneOf(ENDINGS)])
    reason = StringField(validators=[OneOf(REASONS)])
    ended_by = StringField(validators=[OneOf(ENDERS)])
    end_on = StringField()
    goodbye = SelectMultipleField(validate_choice=False)
    earliest: date | None = None

    def validate_ending(self, field: Field) -> None:
        _chosen(field, say("Vælg, hvordan forløbet slutter."))

    def validate_reason(self, field: Field) -> None:
        if self.ending.data == INTERRUPTED:
            _chosen(field, say("Vælg, hvorfor forløbet blev afbrudt."))

    def validate_ended_by(self, field: Field) -> None:
        _chosen(field, say("Vælg, hvem der sluttede det."))

    def validate_goodbye(self, field: Field) -> None:
        OneOf(GOODBYES)(self, field)

    def validate_end_on(self, field: Field) -> None:
        day = day_of(field)
        if self.earliest and day < self.earliest:
            raise StopValidation(say("Den dag var forløbet ikke begyndt. Vælg en senere dag."))
        if day > clock.today() + AHEAD:
            raise StopValidation(say("Vælg en dag inden for de næste tre måneder."))


class ReturnForm(FlaskForm):
    comment = TextAreaField(validators=[Text(LONGEST_COMMENT)])

    def validate_comment(self, field: Field) -> None:
        if not (field.data or "").strip():
            raise StopValidation(say("Skriv kort, hvad der mangler, så mentorerne ved det."))


def terms_of(form: ClosureForm) -> Terms:
    """A reason is kept only where the mentorship was interrupted."""
    interrupted = form.ending.data == INTERRUPTED
    return Terms(
        form.ending.data or "",
        form.ended_by.data or "",
        day_of(form.end_on),
        tuple(form.goodbye.data or ()),
        form.reason.data if interrupted else None,
    )


def fresh(mine: View) -> ClosureForm:
    """After a return the form holds what was proposed, so that only the rest is mended."""
    last = next(iter(closures.of(mine.id, 1)), None)
    data: dict[str, Any] = {"id": str(uuid4()), "mentorship": str(mine.id)}
    if last and last.outcome == closures.RETURNED:
        data |= {
            "ending": last.ending,
            "reason": last.reason(),
            "ended_by": last.ended_by,
            "end_on": last.end_on.isoformat(),
            "goodbye": last.goodbyes(),
        }
    return ClosureForm(formdata=None, data={"end_on": clock.today().isoformat()} | data)


def asked(form: ClosureForm, mine: View) -> dict[str, Any]:
    """What the form's page says."""
    return {
        "form": form,
        "endings": [(code, say(label)) for code, label in ENDINGS.items()],
        "reasons": [(code, say(label)) for code, label in REASONS.items()],
        "enders": [(code, say(label)) for code, label in ENDERS.items()],
        "goodbyes": [(code, say(label)) for code, label in GOODBYES.items()],
        "earliest": mine.matched_on,
        "latest": clock.today() + AHEAD,
        "tried": tried(mine.id),
    }


def _chosen(field: Field, sentence: str) -> None:
    if not field.data:
        raise StopValidation(sentence)
