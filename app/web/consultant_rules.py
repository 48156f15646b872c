"""Regler: the numbers that the consultant decides, and who changed them when."""

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app.domain import people, rules
from app.domain.rules import MEETING_WEEKS, READINGS, RULES, SAMPLE, SUPERVISIONS
from app.extensions import csrf
from app.language import mark, say
from app.web.guard import me, pen
from app.web.hypertext import go, page
from app.web.log_form import whole

pages = Blueprint("consultant_rules", __name__)
HERE = "/konsulent/regler"
LABELS = {
    MEETING_WEEKS: mark("Uger mellem mentormøder"),
    SUPERVISIONS: mark("Supervision om året"),
    READINGS: mark("Deltagere, en må åbne på en time, før I får besked"),
    SAMPLE: mark("Læsninger i den månedlige stikprøve"),
}


class RulesForm(FlaskForm):
    meeting_weeks = StringField()
    supervisions = StringField()
    readings = StringField()
    sample = StringField()

    def validate_meeting_weeks(self, field: Field) -> None:
        _in_range(field, RULES[MEETING_WEEKS].allowed)

    def validate_supervisions(self, field: Field) -> None:
        _in_range(field, RULES[SUPERVISIONS].allowed)

    def validate_readings(self, field: Field) -> None:
        _in_range(field, RULES[READINGS].allowed)

    def validate_sample(self, field: Field) -> None:
        _in_range(field, RULES[SAMPLE].allowed)


@pages.get(HERE)
def show() -> Response:
    now = {name: str(number) for name, number in rules.values().items()}
    return _page(RulesForm(formdata=None, data=now))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def change() -> AnyResponse:
    form = RulesForm()
    if not form.validate_on_submit():
        return _page(form, 400 if form.errors.get("csrf_token") else 422)
    for name in RULES:
        number = whole(form[name].data)
        if number is not None:
            rules.change(name, number, pen(), by=me().id)
    return go(HERE)


def _in_range(field: Field, allowed: range) -> None:
    if whole(field.data) not in allowed:
        sentence = mark("Skriv et helt tal fra %(first)s til %(last)s.")
        raise StopValidation(say(sentence, first=allowed[0], last=allowed[-1]))


def _page(form: RulesForm, status: int = 200) -> Response:
    past = rules.history()
    names = people.first_names({row.by for row in past})
    return page(
        "rules/page.html",
        status=status,
        form=form,
        labels={name: say(label) for name, label in LABELS.items()},
        history=[(say(LABELS[row.name]), row.value, row.at, names[row.by]) for row in past],
    )
