"""The form by which a leader or a consultant hands on what somebody owns."""

from collections.abc import Callable, Sequence

from flask import Response, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from app.domain import owners
from app.domain.owners import Owned, Refused
from app.language import mark, say
from app.web.asking import pen
from app.web.hypertext import go, page
from app.web.log_form import uuid_or_none

MEANWHILE = mark("Det er ændret imens. Se, hvordan det står nu.")
WHY = {
    "meanwhile": MEANWHILE,
    "pair": mark(
        "Den, du har valgt, er, har været eller er spurgt som mentor i et af dem. Vælg en anden"
        " til det."
    ),
    "not_there": mark("Den, du har valgt, leder ikke den afdeling. Vælg en anden."),
}


class HandOnForm(FlaskForm):
    things = SelectMultipleField(validate_choice=False)
    to = StringField()

    def validate_things(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvad der gives videre."))

    def validate_to(self, field: Field) -> None:
        if uuid_or_none(field.data) is None:
            raise StopValidation(say("Vælg, hvem der tager over."))


def hand_on(
    found: Sequence[Owned], show: Callable[[HandOnForm, int], Response], here: str
) -> AnyResponse:
    """What is ticked, to who is chosen; what is not there to give is not found."""
    form = HandOnForm()
    if not form.validate_on_submit():
        return show(form, 400 if form.errors.get("csrf_token") else 422)
    some, to = [one for one in found if str(one.id) in form.things.data], uuid_or_none(form.to.data)
    if to is None or len(some) != len(set(form.things.data)):
        form.things.errors = [say(MEANWHILE)]
        return show(form, 409)
    try:
        owners.hand_on(some, to, pen())
    except Refused as refused:
        field = form.things if refused.why == "meanwhile" else form.to
        field.errors = [say(WHY[refused.why])]
        return show(form, 409 if refused.why == "meanwhile" else 422)
    return go(here)


def shown(
    form: HandOnForm,
    found: Sequence[Owned],
    words: Callable[[Owned], str],
    status: int,
    **around: str,
) -> Response:
    """The page; `around` says where it stands."""
    return page(
        "owners/page.html",
        status=status,
        form=form,
        things=[(str(one.id), words(one)) for one in found],
        takers=[(str(person), name) for person, name in owners.takers(found)],
        **around,
    )


def fresh(found: Sequence[Owned]) -> HandOnForm:
    """What the address names is ticked; where it names nothing, all of it."""
    named = request.args.get("hvad")
    ticked = [str(one.id) for one in found if named in (None, str(one.id))]
    return HandOnForm(formdata=None, data={"things": ticked})
