"""The participant's exit form, open to whoever has its one-time link. It names nobody."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from app.domain import exit_forms, exit_links, plain_text, who5
from app.domain.exit_forms import HANDED, LINK, LONGEST_TEXT, SATISFACTION, Answers
from app.domain.exit_links import Link
from app.domain.outcomes import OUTCOMES
from app.extensions import csrf
from app.language import DANISH, mark, say, switch
from app.web import network, tries
from app.web.asking import house, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, Text, whole

pages = Blueprint("exit_forms", __name__)
ONE = "/slut/<token>"
THANKS = "/slut/tak"
A_NUMBER = mark("Vælg et tal fra 0 til 10.")


class ExitFormForm(FlaskForm):
    """Everything may be left out."""

    id = StringField(validators=[MadeId()])
    satisfaction = StringField(validators=[OneOf(map(str, SATISFACTION))])
    outcomes = SelectMultipleField(validate_choice=False, validators=[OneOf(OUTCOMES)])
    best = TextAreaField(validators=[Text(LONGEST_TEXT)])
    comment = TextAreaField(validators=[Text(LONGEST_TEXT)])
    who5_a = StringField(validators=[OneOf(map(str, who5.OPTIONS))])
    who5_b = StringField(validators=[OneOf(map(str, who5.OPTIONS))])
    who5_c = StringField(validators=[OneOf(map(str, who5.OPTIONS))])
    who5_d = StringField(validators=[OneOf(map(str, who5.OPTIONS))])
    who5_e = StringField(validators=[OneOf(map(str, who5.OPTIONS))])

    def statements(self) -> dict[str, Any]:
        return {name: self[f"who5_{name}"] for name in who5.ITEMS}

    def validate(self, extra_validators: Any = None) -> bool:
        """Half of WHO-5 says nothing: the sentence stands at each one that is missing."""
        valid = super().validate(extra_validators)
        fields = self.statements().values()
        missing = [field for field in fields if not field.data]
        if missing and len(missing) < len(fields):
            for field in missing:
                field.errors = [say("Svar på alle fem udsagn, eller lad dem alle stå tomme.")]
            return False
        return valid

    def validate_satisfaction(self, field: Field) -> None:
        if field.data and whole(field.data) not in SATISFACTION:
            raise StopValidation(say(A_NUMBER))

    def answers(self) -> Answers:
        points = {name: whole(field.data) for name, field in self.statements().items()}
        return Answers(
            whole(self.satisfaction.data),
            tuple(code for code in OUTCOMES if code in (self.outcomes.data or ())),
            plain_text.cleaned(self.best.data),
            plain_text.cleaned(self.comment.data),
            {name: value for name, value in points.items() if value is not None} or None,
        )


@pages.get(THANKS)
def thanks() -> Response:
    _speak()
    return page("exit_forms/thanks.html")


@pages.get(ONE)
def show(token: str) -> Response:
    _speak()
    link = _link(token)
    if link is None or link.used_at:
        return page("exit_forms/gone.html", status=404)
    return _page(ExitFormForm(formdata=None, data={"id": str(uuid4())}), token)


@pages.post(ONE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def send(token: str) -> AnyResponse:
    _speak()
    link, form = _link(token), ExitFormForm()
    if link is None:
        return page("exit_forms/gone.html", status=404)
    if not form.validate_on_submit() and not link.used_at:
        return _page(form, token, 400 if form.errors.get("csrf_token") else 422)
    if form.errors or not _kept(UUID(form.id.data), token, form.answers()):
        return page("exit_forms/gone.html", status=404)
    return go(f"{THANKS}?sprog=en" if _english() else THANKS)


def _kept(client_id: UUID, token: str, answers: Answers) -> bool:
    """Asked again under the lock: the link may have died while the form was read."""
    with house().work(writes=True) as (unit, _):
        link = exit_links.known(token)
        way = HANDED if _lent() else LINK
        kept = link is not None and exit_forms.send(client_id, link, answers, pen(), way)
        if kept:
            unit.commit()
    return kept


def _lent() -> bool:
    """On the leader's phone, which the participant has in hand."""
    return current_user.is_authenticated and bool(current_user.lent)


def _link(token: str) -> Link | None:
    """The link. Each miss counts, and a network with too many has to wait."""
    link = exit_links.known(token)
    if link is None:
        often, key = network.limit()
        tries.take((often, f"exit {key}"))
    return link


def _english() -> bool:
    return request.args.get("sprog") == "en"


def _speak() -> None:
    switch("en" if _english() else DANISH)


def _page(form: ExitFormForm, token: str, status: int = 200) -> Response:
    return page(
        "exit_forms/page.html",
        status=status,
        form=form,
        address=f"/slut/{token}",
        english=_english(),
        numbers=[(str(number), str(number)) for number in SATISFACTION],
        outcomes=[(code, say(label)) for code, label in OUTCOMES.items()],
        options=[(str(points), say(label)) for points, label in who5.OPTIONS.items()],
        statements=[(form[f"who5_{name}"], say(label)) for name, label in who5.ITEMS.items()],
    )
