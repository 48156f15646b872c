"""Jeg vil stoppe eller skifte: what happens next, the wish, taking it back, "Talt sammen"."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from app.domain import access, people, plain_text, wishes
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.domain.wishes import CO_MENTOR, KINDS, LONGEST, AlreadyOpen, Meanwhile
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, Text, uuid_or_none

pages = Blueprint("wishes", __name__)
HERE = "/mig/stop"


class WishForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    mentorship = StringField()  # empty for a mentor without a participant
    choice = StringField(validators=[OneOf(KINDS)])
    words = TextAreaField(validators=[Text(LONGEST)])

    def validate_choice(self, field: Field) -> None:
        if field.data not in _offered(desk.mine()):
            raise StopValidation(say("Vælg, om du vil stoppe eller skifte."))


@pages.get(HERE)
def show() -> Response:
    return _page(_fresh())


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def send() -> AnyResponse:
    form = WishForm()
    if (form.mentorship.data or "") != _mentorship():
        abort(404)
    if not form.validate_on_submit():
        return _page(form, status=400 if form.errors.get("csrf_token") else 422)
    wish = UUID(form.id.data), uuid_or_none(_mentorship()), form.choice.data or ""
    words = plain_text.cleaned(form.words.data)
    try:
        wishes.send(*wish, words, pen(), by=me().id)
    except NotTheirs:
        form.id.data = str(uuid4())
        form.id.errors = [say("Ønsket blev ikke sendt. Prøv igen.")]
        return _page(form, status=409)
    except (AlreadyOpen, Different):
        sentence = say("Du har allerede sendt et ønske. Det nye er ikke sendt.")
        return _page(form, status=409, sentence=sentence, unsent=words)
    return go(HERE)


@pages.post(f"{HERE}/tilbagetraekning")
def withdraw() -> AnyResponse:
    wish = wishes.one(id_or_404(request.form.get("wish")))
    if wish is None or wish.person_id != me().id:
        abort(404)
    try:
        wishes.withdraw(wish, pen())
    except Meanwhile:
        sentence = say("Aktivitetslederen har allerede noteret, at I har talt sammen.")
        return _page(_fresh(), status=409, sentence=sentence)
    return go(HERE)


@pages.post("/leder/oensker/<uuid:wish_id>/talt")
def talked(wish_id: UUID) -> AnyResponse:
    """The leader and the mentor have talked: the wish is no longer open."""
    wish = wishes.one(wish_id)
    if wish is None or not access.may_handle_wish(me(), wish):
        abort(404)
    back = f"/leder/forloeb/{wish.mentorship_id}" if wish.mentorship_id else "/leder"
    try:
        wishes.handle(wish, pen(), by=me().id)
    except Meanwhile:
        return page(
            "wishes/closed.html",
            status=409,
            withdrawn=wish.withdrawn_at is not None,
            by=_first_name(wish.handled_by),
            back=back,
        )
    return go(back)


def _first_name(person: UUID | None) -> str:
    return people.first_names({person})[person] if person else ""


def _mentorship() -> str:
    mine = desk.mine()
    return str(mine.id) if mine else ""


def _offered(mine: View | None) -> list[str]:
    """Another co-mentor is for who has one."""
    return [kind for kind in KINDS if kind != CO_MENTOR or (mine and mine.co)]


def _fresh() -> WishForm:
    data: dict[str, Any] = {"id": str(uuid4()), "mentorship": _mentorship()}
    return WishForm(formdata=None, data=data)


def _page(
    form: WishForm, *, status: int = 200, sentence: str | None = None, unsent: str | None = None
) -> Response:
    mine, wish = desk.mine(), wishes.newest_of(me().id)
    return page(
        "wishes/page.html",
        status=status,
        form=form,
        sentence=sentence,
        unsent=unsent,
        choices=[(code, say(KINDS[code][0])) for code in _offered(mine)],
        wish=wish if wish and wish.open else None,
        wished=say(KINDS[wish.kind][0]) if wish else None,
        words=wish.words() if wish and wish.open else None,
        talked_at=wish.handled_at if wish else None,
        in_pair=mine is not None,
        co_mentor=mine.co_mentor if mine else None,
    )
