"""Samtykker of a participant with a mentorship: each by itself, and taken back at once."""

from uuid import UUID

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app import clock, db
from app.domain import access, consents, mentorships
from app.domain.consents import PURPOSES
from app.domain.mentorships import Mentorship
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.shown_consent import history, shown

pages = Blueprint("leader_consents", __name__)
HERE = "/leder/forloeb/<uuid:mentorship_id>/samtykker"


@pages.get(HERE)
def show(mentorship_id: UUID) -> Response:
    participant = _participant_or_404(mentorship_id)
    back = f"/leder/forloeb/{mentorship_id}"
    return page(
        "leader/consents.html",
        href=back,
        participant=mentorships.identity_of(participant).first_name,
        consents=shown(participant),
        answers=history(participant),
        says_to=f"{back}/samtykker",
    )


@pages.post(HERE)
def speak(mentorship_id: UUID) -> AnyResponse:
    """A yes, or its withdrawal, from today on."""
    participant, purpose = _participant_or_404(mentorship_id), request.form.get("purpose", "")
    if purpose not in PURPOSES:
        abort(404)
    yes = request.form.get("yes") == "1"
    consents.say(participant, purpose, yes, clock.today(), pen(), by=me().id)
    return go(f"/leder/forloeb/{mentorship_id}/samtykker")


def _participant_or_404(mentorship_id: UUID) -> UUID:
    if not access.leads(me(), mentorship_id):
        abort(404)
    return db.session().get_one(Mentorship, mentorship_id).participant_id
