"""Afslutninger: what the pairs propose, approved or sent back by a leader outside the pair."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import (
    access,
    closures,
    debriefs,
    exit_forms,
    exit_links,
    mentorships,
    people,
    plain_text,
    retention,
    rules,
)
from app.domain.closures import ENDINGS, Meanwhile, Proposed
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import mark, say
from app.vault import ring
from app.web.asking import id_or_404, me, pen
from app.web.closure_form import ClosureForm, ReturnForm, asked, fresh, terms_of
from app.web.hypertext import go, page
from app.web.log_form import day_of
from app.web.shown_closure import led_or_404, shown, tried

pages = Blueprint("leader_closures", __name__)
HERE = "/leder/afslutninger"
ONE = f"{HERE}/<uuid:closure_id>"
PROPOSE = "/leder/forloeb/<uuid:mentorship_id>/afslutning"
WAITS = mark("Venter på en anden")  # who proposed it oneself
A_PAGE = 60
STATES = {
    None: mark("Venter på dig"),
    closures.APPROVED: mark("Godkendt"),
    closures.RETURNED: mark("Sendt tilbage"),
    closures.WITHDRAWN: mark("Trukket tilbage"),
    closures.REOPENED: mark("Genåbnet"),
}


class DebriefForm(FlaskForm):
    held_on = StringField()
    earliest: date | None = None

    def validate_held_on(self, field: Field) -> None:
        day = day_of(field)
        if day > clock.today():
            raise StopValidation(say("Datoen ligger i fremtiden. Vælg den dag, I talte sammen."))
        if self.earliest and day < self.earliest:
            raise StopValidation(
                say("Den dag var afslutningen ikke foreslået endnu. Vælg en senere dag.")
            )


class Row(NamedTuple):
    participant: str
    ending: str
    state: str
    waits: bool
    at: datetime
    href: str


@pages.get(PROPOSE)
def form(mentorship_id: UUID) -> Response:
    life = _life_or_404(mentorship_id)
    return _propose_page(fresh(life), life)


@pages.post(PROPOSE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def propose(mentorship_id: UUID) -> AnyResponse:
    """A leader says that it ends; somebody else answers."""
    life, form = _life_or_404(mentorship_id), ClosureForm()
    form.earliest = life.matched_on
    if id_or_404(form.mentorship.data) != life.id:
        abort(404)
    if not form.validate_on_submit():
        return _propose_page(form, life, 400 if form.errors.get("csrf_token") else 422)
    try:
        made = closures.propose(UUID(form.id.data), life, terms_of(form), pen(), by=me().id)
    except (Meanwhile, Different, NotTheirs):
        sentence = say("Der ligger allerede et forslag. Dit er ikke sendt.")
        return _propose_page(form, life, 409, sentence)
    return go(f"{HERE}/{made}")


@pages.get(HERE)
def show() -> Response:
    found = closures.led(me().leads, me().id, A_PAGE)
    ring().take(row.participant_id for row in found)
    return page("leader/closures.html", rows=[_row(row) for row in found])


@pages.get(ONE)
def one(closure_id: UUID) -> Response:
    return _page(led_or_404(closure_id), ReturnForm(formdata=None))


@pages.post(f"{ONE}/tilbagetraekning")
def withdraw(closure_id: UUID) -> AnyResponse:
    """A leader's proposal is taken back by a leader, the pair's by the pair."""
    closure = led_or_404(closure_id)
    if closures.was_in_the_pair(closure.mentorship_id, closure.proposed_by):
        abort(403)
    try:
        closures.withdraw(closure, pen(), by=me().id)
    except Meanwhile:
        return _too_late(closure_id)
    return go(f"{HERE}/{closure_id}")


@pages.post(f"{ONE}/godkendelse")
def approve(closure_id: UUID) -> AnyResponse:
    closure = _to_answer_or_403(closure_id)
    try:
        closures.approve(closure, pen(), by=me().id)
    except Meanwhile:
        return _too_late(closure_id)
    return go(f"{HERE}/{closure_id}")


@pages.post(f"{ONE}/tilbagesendelse")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def send_back(closure_id: UUID) -> AnyResponse:
    closure = _to_answer_or_403(closure_id)
    form = ReturnForm()
    if not form.validate_on_submit():
        return _page(closure, form, 400 if form.errors.get("csrf_token") else 422)
    try:
        comment = plain_text.cleaned(form.comment.data) or ""
        closures.send_back(closure, comment, pen(), by=me().id)
    except Meanwhile:
        return _too_late(closure_id)
    return go(f"{HERE}/{closure_id}")


@pages.post(f"{ONE}/genaabning")
def reopen(closure_id: UUID) -> AnyResponse:
    closure = led_or_404(closure_id)
    try:
        closures.reopen(closure, pen(), by=me().id)
    except Meanwhile:
        return _too_late(closure_id)
    return go(f"{HERE}/{closure_id}")


@pages.post(f"{ONE}/samtale")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def debrief(closure_id: UUID) -> AnyResponse:
    """The leader has talked with the mentors."""
    closure = led_or_404(closure_id)
    form = DebriefForm()
    form.earliest = clock.in_denmark(closure.proposed_at).date()
    if not form.validate_on_submit():
        status = 400 if form.errors.get("csrf_token") else 422
        return _page(closure, ReturnForm(formdata=None), status, talk=form)
    try:
        debriefs.hold(closure, day_of(form.held_on), pen(), by=me().id)
    except Meanwhile:
        return _too_late(closure_id)
    return go(f"{HERE}/{closure_id}")


def _life_or_404(mentorship_id: UUID) -> View:
    """A running mentorship that one leads and never sat in."""
    life = mentorships.one(mentorship_id, clock.today())
    if life is None or life.ended_on or not access.leads(me(), mentorship_id):
        abort(404)
    return life


def _to_answer_or_403(closure_id: UUID) -> Proposed:
    """Nobody answers what they proposed."""
    closure = led_or_404(closure_id)
    if closure.proposed_by == me().id:
        abort(403)
    return closure


def _propose_page(
    form: ClosureForm, life: View, status: int = 200, sentence: str | None = None
) -> Response:
    last = next(iter(closures.of(life.id, 1)), None)
    return page(
        "leader/end.html",
        status=status,
        sentence=sentence,
        participant=life.participant,
        id=life.id,
        stands=f"{HERE}/{last.id}" if last and last.stands else None,
        here=f"/leder/forloeb/{life.id}/afslutning",
        **asked(form, life),
    )


def _too_late(closure_id: UUID) -> Response:
    sentence = say("Det er ændret imens. Se, hvordan det står nu.")
    return _page(led_or_404(closure_id), ReturnForm(formdata=None), 409, sentence)


def _page(
    closure: Proposed,
    form: ReturnForm,
    status: int = 200,
    sentence: str | None = None,
    talk: DebriefForm | None = None,
) -> Response:
    approved = closure.outcome == closures.APPROVED
    held = debriefs.of(closure.id) if approved else None
    known = people.first_names(
        {closure.proposed_by} | {who for who in (closure.by, held and held.by) if who}
    )
    today = clock.today().isoformat()
    return page(
        "leader/closure.html",
        status=status,
        sentence=sentence,
        closure=shown(closure),
        participant=mentorships.identity_of(closure.participant_id).first_name,
        mentorship_id=closure.mentorship_id,
        closure_participant=closure.participant_id,
        state=say(
            WAITS if closure.open and closure.proposed_by == me().id else STATES[closure.outcome]
        ),
        tried=tried(closure.mentorship_id, closure),
        open=closure.open,
        mine=closure.proposed_by == me().id,
        can_answer=bool(closures.answered_by(closure, clock.today()).people),
        here=f"{HERE}/{closure.id}",
        approved=approved,
        talk=talk or DebriefForm(formdata=None, data={"held_on": today}),
        held=held,
        held_by=held and known[held.by],
        link=exit_links.newest(closure.id) if approved else None,
        answered=exit_forms.of(closure.id) if approved else None,
        erased=retention.of(closure.end_on, rules.values()),
        comment=closure.comment(),
        proposed_by=known[closure.proposed_by],
        proposed_at=closure.proposed_at,
        by=known.get(closure.by) if closure.by else None,
        at=closure.at,
        form=form,
    )


def _row(row: object) -> Row:
    fields = Proposed._fields
    closure = Proposed(*(getattr(row, name) for name in fields))
    ours = closure.proposed_by == me().id
    return Row(
        mentorships.participant_name(closure.participant_id, getattr(row, "participant_ct")),  # noqa: B009
        say(ENDINGS[closure.ending]),
        say(STATES[closure.outcome]) if not closure.open or not ours else say(WAITS),
        closure.open and not ours,
        closure.at or closure.proposed_at,
        f"{HERE}/{closure.id}",
    )
