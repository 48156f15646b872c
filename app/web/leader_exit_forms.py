"""The leader makes the link to a participant's exit form, and reads the answers."""

from uuid import UUID

from flask import Blueprint, Response, abort, url_for

from app import clock
from app.domain import closures, exit_forms, exit_links, mentorships, who5
from app.domain.closures import Meanwhile
from app.domain.exit_forms import WAYS
from app.domain.outcomes import OUTCOMES
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import labels, page
from app.web.qr import picture
from app.web.shown_closure import led_or_404

pages = Blueprint("leader_exit_forms", __name__)
ONE = "/leder/afslutninger/<uuid:closure_id>"
BANDS = {
    who5.LOW: mark("Lavt. Tal med deltageren om, hvem der kan hjælpe nu."),
    who5.MIDDLE: mark("Under middel"),
    who5.HIGH: mark("Over middel"),
}


@pages.post(f"{ONE}/link")
def make(closure_id: UUID) -> Response:
    """The link is shown on this one answer and never again: only its hash is kept."""
    closure = led_or_404(closure_id)
    try:
        token, until = exit_links.make(closure, pen(), by=me().id)
    except Meanwhile:
        abort(409)
    address = url_for("exit_forms.show", token=token, _external=True)
    return page(
        "leader/exit_link.html",
        closure_id=closure.id,
        address=address,
        path=url_for("exit_forms.show", token=token),
        picture=picture(address, say("QR-kode til slutskemaet")),
        until=clock.in_denmark(until),
    )


@pages.get(f"{ONE}/slutskema")
def answers(closure_id: UUID) -> Response:
    closure = led_or_404(closure_id)
    filled = exit_forms.of(closure.id) if closure.outcome == closures.APPROVED else None
    told = filled.answers() if filled else None
    if filled is None or told is None:
        abort(404)
    return page(
        "leader/exit_form.html",
        closure_id=closure.id,
        participant=mentorships.identity_of(closure.participant_id).first_name,
        at=filled.at,
        way=say(WAYS[filled.way]),
        told=told,
        outcomes=labels(told.outcomes, OUTCOMES),
        band=None if told.score is None else say(BANDS[who5.band(told.score)]),
    )
