"""Afslutninger that no leader can answer: the only one proposed it, or sits or sat in the pair."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import closures, mentorships, people, plain_text
from app.domain.closures import ENDINGS, Meanwhile, Proposed
from app.extensions import csrf
from app.language import say
from app.vault import ring
from app.web.asking import me, pen
from app.web.closure_form import ReturnForm
from app.web.hypertext import go, page
from app.web.shown_closure import shown, tried

pages = Blueprint("consultant_closures", __name__)
HERE = "/konsulent/afslutninger"
ONE = f"{HERE}/<uuid:closure_id>"


@pages.get(HERE)
def show() -> Response:
    found = closures.for_the_consultant(clock.today())
    ring().take(row.participant_id for row in found)
    return page("consultant/closures.html", rows=[_row(row) for row in found])


@pages.get(ONE)
def one(closure_id: UUID) -> Response:
    return _page(_closure_or_404(closure_id), ReturnForm(formdata=None))


@pages.post(f"{ONE}/godkendelse")
def approve(closure_id: UUID) -> AnyResponse:
    closure = _closure_or_404(closure_id)
    try:
        closures.approve(closure, pen(), by=me().id)
    except Meanwhile:
        abort(409)
    return go(HERE)


@pages.post(f"{ONE}/tilbagesendelse")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def send_back(closure_id: UUID) -> AnyResponse:
    closure, form = _closure_or_404(closure_id), ReturnForm()
    if not form.validate_on_submit():
        return _page(closure, form, 400 if form.errors.get("csrf_token") else 422)
    try:
        closures.send_back(closure, plain_text.cleaned(form.comment.data) or "", pen(), by=me().id)
    except Meanwhile:
        abort(409)
    return go(HERE)


def _closure_or_404(closure_id: UUID) -> Proposed:
    """One that waits and no leader can answer; never of a pair one sat in, never one's own."""
    closure = closures.one(closure_id)
    if closure is None or not closure.open or closures.answered_by(closure, clock.today()).people:
        abort(404)
    if closure.proposed_by == me().id or closures.was_in_the_pair(closure.mentorship_id, me().id):
        abort(404)
    return closure


def _page(closure: Proposed, form: ReturnForm, status: int = 200) -> Response:
    return page(
        "consultant/closure.html",
        status=status,
        form=form,
        closure=shown(closure),
        participant=mentorships.identity_of(closure.participant_id).first_name,
        tried=tried(closure.mentorship_id, closure),
        proposed_by=people.first_names({closure.proposed_by})[closure.proposed_by],
        proposed_at=closure.proposed_at,
        here=f"{HERE}/{closure.id}",
    )


def _row(row: Any) -> dict[str, Any]:
    return {
        "participant": mentorships.participant_name(row.participant_id, row.participant_ct),
        "ending": say(ENDINGS[row.ending]),
        "at": row.proposed_at,
        "href": f"{HERE}/{row.id}",
    }
