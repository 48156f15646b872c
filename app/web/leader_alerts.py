"""Bekymringer og brudte aftaler: seen, decided, by whom and when; what it was is nowhere."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from app.domain import access, alerts, mentorships, people, plain_text
from app.domain.alerts import BROKEN, CODES, DECISIONS, KINDS, LONGEST, Meanwhile, Raised
from app.domain.people import Card
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import Text

pages = Blueprint("leader_alerts", __name__)
HERE = "/leder/bekymringer"
ONE = f"{HERE}/<uuid:alert_id>"


class DecisionForm(FlaskForm):
    outcome = StringField()
    comment = TextAreaField(validators=[Text(LONGEST)])


class Row(NamedTuple):
    id: UUID
    kind: str
    participant: str
    by: str
    phone: str | None  # the Red Cross one of who raised it
    at: datetime
    code: str | None
    steps: list[tuple[str, datetime, str, str | None]]
    decided: bool
    seen: bool
    broken: bool
    decisions: list[tuple[str, str]]
    mentorship: str


@pages.get(HERE)
def show() -> Response:
    return _page()


@pages.post(f"{ONE}/set")
def see(alert_id: UUID) -> AnyResponse:
    alerts.see(_alert_or_404(alert_id), pen(), by=me().id)
    return go(HERE)


@pages.post(f"{ONE}/svar")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def decide(alert_id: UUID) -> AnyResponse:
    alert, form = _alert_or_404(alert_id), DecisionForm()
    valid = form.validate_on_submit()
    if form.outcome.data not in DECISIONS[alert.kind]:
        form.outcome.errors = [say("Vælg, hvad I har besluttet.")]
        valid = False
    if not valid:
        return _page(400 if form.errors.get("csrf_token") else 422, alert_id, form)
    comment = plain_text.cleaned(form.comment.data)
    try:
        alerts.decide(alert, form.outcome.data or "", comment, pen(), by=me().id)
    except Meanwhile:
        return _page(409, sentence=say("Det er ændret imens. Se, hvordan det står nu."))
    if form.outcome.data == "ends":
        return go(f"/leder/forloeb/{alert.mentorship_id}/afslutning")
    return go(HERE)


def _alert_or_404(alert_id: UUID) -> Raised:
    alert = alerts.one(alert_id)
    if alert is None or not access.leads(me(), alert.mentorship_id):
        abort(404)
    return alert


def _page(
    status: int = 200,
    asked: UUID | None = None,
    form: DecisionForm | None = None,
    sentence: str | None = None,
) -> Response:
    found = alerts.led(me().leads, me().id)
    names = people.first_names({s.by for one in found for s in one.steps})
    callers = people.cards({one.raised_by for one in found})
    return page(
        "leader/alerts.html",
        status=status,
        sentence=sentence,
        rows=[_row(one, callers[one.raised_by], names) for one in found],
        asked=asked,
        form=form or DecisionForm(formdata=None),
        fresh=DecisionForm(formdata=None),
    )


def _row(one: Raised, by: Card, names: dict[UUID, str]) -> Row:
    words = {alerts.SEEN: mark("Set")} | DECISIONS[one.kind]
    return Row(
        one.id,
        say(KINDS[one.kind]),
        mentorships.participant_name(one.participant_id, one.first_name_ct),
        by.first_name,
        by.phone,
        one.raised_at,
        say(CODES[one.code]) if one.code in CODES else None,
        [(say(words[s.outcome]), s.at, names[s.by], s.comment()) for s in one.steps],
        one.decided is not None,
        one.seen,
        one.kind == BROKEN,
        [(code, say(label)) for code, label in DECISIONS[one.kind].items()],
        f"/leder/forloeb/{one.mentorship_id}",
    )
