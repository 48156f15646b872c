"""Paragraffer: how the law is named in the rules and guides. A change is published at once."""

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app.domain import guides, plain_text
from app.extensions import csrf
from app.language import LANGUAGES, mark, say
from app.web.asking import pen
from app.web.hypertext import go, page
from app.web.log_form import Text

pages = Blueprint("consultant_laws", __name__)
HERE = "/konsulent/paragraffer"
LONGEST = 160  # characters
LABELS = {
    "averting": mark("Pligten til at afværge en forbrydelse"),
    "notification": mark("Pligten til at underrette kommunen om et barn"),
    "leave": mark("Udgang op til løsladelsen"),
    "companion": mark("Retten til en bisidder"),
}


class Written:
    """Refuses nothing at all, and more than one line: it stands inside a sentence."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = plain_text.cleaned(field.data)
        if not text or not text.isprintable():
            raise StopValidation(say("Skriv, hvordan loven skal nævnes, på én linje."))


class LawsForm(FlaskForm):
    """One field for each paragraph and language: `averting_da`."""


for _key in LABELS:
    for _language in LANGUAGES:
        _field = StringField(validators=[Written(), Text(LONGEST)])
        setattr(LawsForm, f"{_key}_{_language}", _field)


@pages.get(HERE)
def show() -> Response:
    known = guides.all_wordings()
    data = {f"{key}_{language}": text for (key, language), text in known.items()}
    return _page(LawsForm(formdata=None, data=data))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def change() -> AnyResponse:
    form = LawsForm()
    if not form.validate_on_submit():
        return _page(form, 400 if form.errors.get("csrf_token") else 422)
    wanted = {
        (key, language): plain_text.cleaned(form[f"{key}_{language}"].data) or ""
        for key in LABELS
        for language in LANGUAGES
    }
    guides.reword_all(wanted, pen())
    return go(HERE)


def _page(form: LawsForm, status: int = 200) -> Response:
    return page(
        "rules/laws.html",
        status=status,
        form=form,
        fields=[
            (form[f"{key}_{language}"], f"{say(label)} ({named})")
            for key, label in LABELS.items()
            for language, named in LANGUAGES.items()
        ],
    )
