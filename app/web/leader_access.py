"""Who has read about a participant of the branch: the day, the role, the first name, the page."""

from uuid import UUID

from flask import Blueprint, Response, abort

from app import clock, db
from app.domain import access, entries, mentorships, people
from app.domain.mentorships import Mentorship
from app.web.guard import me
from app.web.hypertext import page
from app.web.shown_access import page_word, reader_role, reason_word

pages = Blueprint("leader_access", __name__)
SHOWN = 200


@pages.get("/leder/forloeb/<uuid:mentorship_id>/adgang")
def show(mentorship_id: UUID) -> Response:
    if not access.leads(me(), mentorship_id):
        abort(404)
    participant = db.session().get_one(Mentorship, mentorship_id).participant_id
    found = entries.about(participant, SHOWN)
    names = people.first_names({row.actor_id for row in found if row.actor_id})
    rows = dict.fromkeys(
        (
            clock.in_denmark(row.at).date(),
            reader_role(row.kind),
            names.get(row.actor_id, "–"),
            page_word(row.kind),
            reason_word(row.reason),
        )
        for row in found
        if row.action == "read"
    )
    return page(
        "leader/access.html",
        href=f"/leder/forloeb/{mentorship_id}",
        participant=mentorships.identity_of(participant).first_name,
        rows=list(rows),
    )
