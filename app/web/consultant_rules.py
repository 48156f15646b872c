"""Regler: the numbers that the consultant decides, and who changed them when."""

from typing import Any

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from app.domain import people, rules
from app.domain.rules import RULES
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import whole

pages = Blueprint("consultant_rules", __name__)
HERE = "/konsulent/regler"
LABELS = {
    rules.PLANNED_END: mark("Planlagt slut efter løsladelsen"),
    rules.MATCH_MONTHS: mark("Match før løsladelsen, mindst"),
    rules.SILENT_DAYS: mark("Uden kontakt, før lederen får besked"),
    rules.MENTOR_AGE: mark("Mentorer er mindst"),
    rules.MEETING_WEEKS: mark("Uger mellem mentormøder"),
    rules.SUPERVISIONS: mark("Supervision om året"),
    rules.READINGS: mark("Deltagere, en må åbne på en time, før I får besked"),
    rules.SAMPLE: mark("Læsninger i den månedlige stikprøve"),
    rules.COMMENTS: mark("Kommentarer slettes efter afslutningen"),
    rules.IDENTITY: mark("Navn og oplysninger slettes efter afslutningen"),
}
UNITS = {
    rules.PLANNED_END: mark("måneder"),
    rules.MATCH_MONTHS: mark("måneder"),
    rules.SILENT_DAYS: mark("dage"),
    rules.MENTOR_AGE: mark("år"),
    rules.MEETING_WEEKS: mark("uger"),
    rules.SUPERVISIONS: mark("gange"),
    rules.READINGS: mark("deltagere"),
    rules.SAMPLE: mark("læsninger"),
    rules.COMMENTS: mark("måneder"),
    rules.IDENTITY: mark("måneder"),
}
HINTS = {
    rules.SILENT_DAYS: mark("Fire dage før står forløbet som stille på Overblik."),
    rules.IDENTITY: mark("Aftalen lover deltageren højst 12. Tal uden navn bliver gemt."),
    rules.COMMENTS: mark("Vi har lovet højst 6."),
}


class RulesForm(FlaskForm):
    planned_end = StringField()
    match_months = StringField()
    silent_days = StringField()
    mentor_age = StringField()
    meeting_weeks = StringField()
    supervisions = StringField()
    readings = StringField()
    sample = StringField()
    comments_months = StringField()
    identity_months = StringField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by its own bounds."""
        good = bool(super().validate(extra_validators))
        for name, rule in RULES.items():
            if whole(self[name].data) not in rule.allowed:
                sentence = mark("Skriv et helt tal fra %(first)s til %(last)s.")
                said = say(sentence, first=rule.allowed[0], last=rule.allowed[-1])
                self[name].errors = [said]
                good = False
        return good


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


def _page(form: RulesForm, status: int = 200) -> Response:
    past = rules.history()
    names = people.first_names({row.by for row in past})
    return page(
        "rules/page.html",
        status=status,
        form=form,
        fields=[
            (name, say(label), say(HINTS[name]) if name in HINTS else None, say(UNITS[name]))
            for name, label in LABELS.items()
        ],
        history=[(say(LABELS[row.name]), row.value, row.at, names[row.by]) for row in past],
    )
