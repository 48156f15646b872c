"""Foreslå afslutning: what the pair says of the end, and what became of it."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import closures
from app.domain.closures import (
    ENDERS,
    ENDINGS,
    GOODBYES,
    INTERRUPTED,
    REASONS,
    Meanwhile,
    Proposed,
    Terms,
)
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import mark, say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, day_of
from app.web.names import name
from app.web.shown_closure import shown, tried

pages = Blueprint("closures", __name__)
HERE = "/forloeb/afslutning"
AHEAD = timedelta(days=92)  # how long before the end it can be proposed
STATES = {
    closures.RETURNED: mark("Aktivitetslederen har sendt forslaget tilbage."),
    closures.WITHDRAWN: mark("I har trukket forslaget tilbage."),
    closures.REOPENED: mark("Aktivitetslederen har genåbnet forløbet."),
    closures.APPROVED: mark("Afslutningen er godkendt."),
}


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


class Standing(NamedTuple):
    """The last proposal, for the pair."""

    closure: Any
    open: bool
    stands: bool
    sentence: str | None
    tried: int
    comment: str | None
    by: str
    at: datetime


@pages.get(HERE)
def show() -> Response:
    mine = desk.mine_or_404()
    return _page(_fresh(mine), mine)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def propose() -> AnyResponse:
    mine = desk.mine_or_404()
    form = ClosureForm()
    form.earliest = mine.matched_on
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        return _page(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        closures.propose(UUID(form.id.data), mine, _terms(form), pen(), by=me().id)
    except (Meanwhile, Different, NotTheirs):
        sentence = say("Der ligger allerede et forslag. Dit er ikke sendt.")
        return _page(form, mine, 409, sentence)
    return go(HERE)


@pages.post(f"{HERE}/tilbagetraekning")
def withdraw() -> AnyResponse:
    mine = desk.mine_or_404()
    closure = closures.one(id_or_404(request.form.get("closure")))
    if closure is None or closure.mentorship_id != mine.id:
        abort(404)
    try:
        closures.withdraw(closure, pen(), by=me().id)
    except Meanwhile:
        sentence = say("Aktivitetslederen har allerede svaret.")
        return _page(_fresh(mine), mine, 409, sentence)
    return go(HERE)


def _terms(form: ClosureForm) -> Terms:
    """A reason is kept only where the mentorship was interrupted."""
    interrupted = form.ending.data == INTERRUPTED
    return Terms(
        form.ending.data or "",
        form.ended_by.data or "",
        day_of(form.end_on),
        tuple(form.goodbye.data or ()),
        form.reason.data if interrupted else None,
    )


def _fresh(mine: View) -> ClosureForm:
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


def _page(
    form: ClosureForm, mine: View, status: int = 200, sentence: str | None = None
) -> Response:
    last = next(iter(closures.of(mine.id, 1)), None)
    return page(
        "closures/page.html",
        status=status,
        form=form,
        sentence=sentence,
        standing=last and _standing(last, mine),
        endings=[(code, say(label)) for code, label in ENDINGS.items()],
        reasons=[(code, say(label)) for code, label in REASONS.items()],
        enders=[(code, say(label)) for code, label in ENDERS.items()],
        goodbyes=[(code, say(label)) for code, label in GOODBYES.items()],
        earliest=mine.matched_on,
        latest=clock.today() + AHEAD,
        leader=mine.leader,
        tried=tried(mine.id),
    )


def _standing(last: Proposed, mine: View) -> Standing:
    return Standing(
        shown(last),
        last.open,
        last.stands,
        say(STATES[last.outcome]) if last.outcome else None,
        tried(mine.id, last),
        last.comment(),
        name(last.proposed_by, mine),
        last.proposed_at,
    )


def _chosen(field: Field, sentence: str) -> None:
    if not field.data:
        raise StopValidation(sentence)
