"""The consultant's way to one mentorship: found by its branch, opened with a reason.

What mentors have written is read for fifteen minutes, and somebody else looks at why.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock, db
from app.domain import closures, extracts, overviews, places, reviews, trail
from app.domain.mentorships import Mentorship
from app.extensions import csrf
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import uuid_or_none
from app.web.shown_access import REASONS, reason_word
from app.web.shown_extract import shown
from app.web.where import where_we_are

pages = Blueprint("consultant_lives", __name__)
HERE = "/konsulent/forloeb"
ONE = f"{HERE}/<uuid:mentorship_id>"
OPEN_FOR = timedelta(minutes=15)
A_PAGE = 200


class SearchForm(FlaskForm):
    branch = StringField()

    def validate_branch(self, field: Field) -> None:
        if uuid_or_none(field.data) not in {row.id for row in places.branches()}:
            raise StopValidation(say("Vælg en afdeling."))


class ReasonForm(FlaskForm):
    reason = StringField()

    def validate_reason(self, field: Field) -> None:
        if field.data not in REASONS:
            raise StopValidation(say("Vælg, hvorfor du åbner forløbet."))


@pages.get(HERE)
def show() -> Response:
    return _search_page(SearchForm(formdata=None))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def search() -> Response:
    """By POST: the address tells nobody what was looked for. Nothing is changed."""
    form = SearchForm()
    if not form.validate_on_submit():
        return _search_page(form, 400 if form.errors.get("csrf_token") else 422)
    today = clock.today()
    found = overviews.of_branch(UUID(form.branch.data), today, A_PAGE)
    return _search_page(
        form,
        found=[
            {
                "name": line.participant,
                "mentors": line.mentors,
                "phase": where_we_are(line.release_on, today),
                "href": f"{HERE}/{line.id}",
            }
            for line in found
        ],
    )


@pages.get(ONE)
def one(mentorship_id: UUID) -> Response:
    life = _life_or_404(mentorship_id)
    opened = trail.opened(me().sign_in_id, life.participant_id, clock.now() - OPEN_FOR)
    if opened is None:
        return _closed_page(mentorship_id, ReasonForm(formdata=None))
    g.reason = opened.reason
    return page(
        "consultant/life.html",
        extract=shown(extracts.of(life.participant_id, for_leader=False), life.participant_id),
        made_on=clock.today(),
        participant_id=str(life.participant_id),
        reason=reason_word(opened.reason),
        until=opened.at + OPEN_FOR,
    )


@pages.post(ONE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def open_up(mentorship_id: UUID) -> AnyResponse:
    """For fifteen minutes on this device. Another consultant is asked to look at why."""
    life, form = _life_or_404(mentorship_id), ReasonForm()
    if not form.validate_on_submit():
        return _closed_page(mentorship_id, form, 400 if form.errors.get("csrf_token") else 422)
    reviews.open_up(mentorship_id, life.participant_id, form.reason.data or "", pen(), by=me().id)
    return go(f"{HERE}/{mentorship_id}")


def _life_or_404(mentorship_id: UUID) -> Mentorship:
    life = db.session().get(Mentorship, mentorship_id)
    if life is None or closures.was_in_the_pair(mentorship_id, me().id):
        abort(404)  # what the co-mentor writes is not read by this way either
    return life


def _search_page(
    form: SearchForm, status: int = 200, found: list[dict[str, Any]] | None = None
) -> Response:
    known = [(str(row.id), row.name) for row in places.branches()]
    return page("consultant/lives.html", status=status, form=form, branches=known, found=found)


def _closed_page(mentorship_id: UUID, form: ReasonForm, status: int = 200) -> Response:
    """Before a reason is given nothing of the mentorship is said."""
    return page(
        "consultant/closed.html",
        status=status,
        form=form,
        action=f"{HERE}/{mentorship_id}",
        reasons=[(code, say(label)) for code, label in REASONS.items()],
    )
