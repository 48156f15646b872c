"""Who has read about a participant of the branch: the day, the role, the first name, the page."""

from uuid import UUID

from flask import Blueprint, Response, abort

from app import db
from app.domain import access, mentorships
from app.domain.mentorships import Mentorship
from app.web.asking import me
from app.web.hypertext import page
from app.web.shown_readings import readings

pages = Blueprint("leader_access", __name__)


@pages.get("/leder/forloeb/<uuid:mentorship_id>/adgang")
def show(mentorship_id: UUID) -> Response:
    if not access.leads(me(), mentorship_id):
        abort(404)
    participant = db.session().get_one(Mentorship, mentorship_id).participant_id
    return page(
        "readings/page.html",
        href=f"/leder/forloeb/{mentorship_id}",
        participant=mentorships.identity_of(participant).first_name,
        rows=readings(participant, for_leader=True),
    )
