"""The start form as the pair reads it: only with the participant's yes, which can be taken back."""

from flask import Blueprint, Response

from app.domain import consents, intakes
from app.domain.consents import RELATIVE, SHARING
from app.web import desk
from app.web.hypertext import page
from app.web.shown_intake import FOR_THE_LEADER, RELATIVES, sections

pages = Blueprint("start_forms", __name__)


@pages.get("/forloeb/startskema")
def show() -> Response:
    mine = desk.mine_or_404()
    said = consents.of(mine.participant_id)
    shared = SHARING in said and said[SHARING].given
    begun = intakes.of_participant(mine.participant_id) if shared else None
    relative = RELATIVE in said and said[RELATIVE].given
    hidden = FOR_THE_LEADER if relative else FOR_THE_LEADER | RELATIVES
    return page(
        "start_forms/page.html",
        shared=shared,
        leader=mine.leader,
        answers=sections(intakes.answers(begun), hidden) if begun else [],
    )
