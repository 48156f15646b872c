"""Foreslå afslutning: what the pair says of the end, and what became of it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.domain import closures
from app.domain.closures import Meanwhile, Proposed
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import mark, say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.closure_form import ClosureForm, asked, fresh, terms_of
from app.web.hypertext import go, page
from app.web.names import name
from app.web.shown_closure import shown, tried

pages = Blueprint("closures", __name__)
HERE = "/forloeb/afslutning"
STATES = {
    closures.RETURNED: mark("Aktivitetslederen har sendt forslaget tilbage."),
    closures.WITHDRAWN: mark("I har trukket forslaget tilbage."),
    closures.REOPENED: mark("Aktivitetslederen har genåbnet forløbet."),
    closures.APPROVED: mark("Afslutningen er godkendt."),
}


class Standing(NamedTuple):
    """The last proposal, for the pair."""

    closure: Any
    open: bool
    ours: bool  # proposed by one of the pair, who may take it back
    stands: bool
    sentence: str | None
    tried: int
    comment: str | None
    by: str
    at: datetime


@pages.get(HERE)
def show() -> Response:
    mine = desk.mine_or_404()
    return _page(fresh(mine), mine)


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
        closures.propose(UUID(form.id.data), mine, terms_of(form), pen(), by=me().id)
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
    if mine.name_of(closure.proposed_by) is None:
        abort(403)  # a leader's own
    try:
        closures.withdraw(closure, pen(), by=me().id)
    except Meanwhile:
        sentence = say("Aktivitetslederen har allerede svaret.")
        return _page(fresh(mine), mine, 409, sentence)
    return go(HERE)


def _page(
    form: ClosureForm, mine: View, status: int = 200, sentence: str | None = None
) -> Response:
    last = next(iter(closures.of(mine.id, 1)), None)
    return page(
        "closures/page.html",
        status=status,
        sentence=sentence,
        standing=last and _standing(last, mine),
        leader=mine.leader,
        here=HERE,
        **asked(form, mine),
    )


def _standing(last: Proposed, mine: View) -> Standing:
    ours = mine.name_of(last.proposed_by) is not None
    words = STATES[last.outcome] if last.outcome else None
    if last.outcome == closures.WITHDRAWN and not ours:
        words = mark("Aktivitetslederen har trukket sit forslag tilbage.")
    return Standing(
        shown(last),
        last.open,
        ours,
        last.stands,
        words and say(words),
        tried(mine.id, last),
        last.comment(),
        name(last.proposed_by, mine) if ours else say("Aktivitetslederen"),
        last.proposed_at,
    )
