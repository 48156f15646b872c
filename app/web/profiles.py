"""Mig: my profile in the catalogue, and what I have met of what a mentor needs."""

from datetime import date
from typing import Any

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, StringField, TextAreaField

from app import clock
from app.domain import mentors, plain_text, profiles
from app.domain.profiles import GENDERS, LONGEST, NOTHING, TEXTS, Written
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import OneOf, Text
from app.web.person_form import born_or_stop
from app.web.shown_mentor import needs, of_age

pages = Blueprint("profiles", __name__)
HERE = "/mig/profil"


class ProfileForm(FlaskForm):
    gender = StringField(validators=[OneOf(GENDERS)])
    birth_date = StringField()
    interests = TextAreaField(validators=[Text(LONGEST)])
    competences = TextAreaField(validators=[Text(LONGEST)])
    languages = TextAreaField(validators=[Text(LONGEST)])
    co_mentor = TextAreaField(validators=[Text(LONGEST)])
    shown = BooleanField()

    def validate_birth_date(self, field: Field) -> None:
        if field.data:
            born_or_stop(field, say("Vælg din fødselsdato."))


@pages.get(HERE)
def show() -> Response:
    desk.mine()
    written = profiles.of([me().id]).get(me().id, NOTHING)
    data: dict[str, Any] = {name: written.texts.get(name) for name in TEXTS}
    born = written.birth_date and written.birth_date.isoformat()
    data |= {"gender": written.gender, "birth_date": born}
    return _page(ProfileForm(formdata=None, data=data | {"shown": written.shown}))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def write() -> AnyResponse:
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(form, 400 if form.errors.get("csrf_token") else 422)
    written = Written(
        form.gender.data or None,
        bool(form.shown.data),
        date.fromisoformat(form.birth_date.data) if form.birth_date.data else None,
        {name: plain_text.cleaned(form[name].data) for name in TEXTS},
    )
    profiles.write(me().id, written, pen())
    return go("/mig")


@pages.get("/mig/krav")
def requirements() -> Response:
    desk.mine()
    standing = mentors.standing([me().id], clock.today())[me().id]
    return page(
        "profiles/requirements.html",
        needs=needs(standing),
        age=of_age(standing, clock.today()),
        met_on=standing.met_on,
        supervisions=standing.supervisions,
        rules=standing.rules,
    )


def _page(form: ProfileForm, status: int = 200) -> Response:
    return page(
        "profiles/page.html",
        status=status,
        form=form,
        genders=[(code, say(label)) for code, label in GENDERS.items()],
    )
