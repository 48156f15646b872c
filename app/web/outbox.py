"""What a phone asks before it sends what waits, and what it keeps to work without signal."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify
from flask_wtf.csrf import generate_csrf

from app import clock, sealing
from app.clock import Week
from app.domain import evaluations, handovers, meetings, receipts, rota
from app.domain.mentorships import View
from app.domain.people import MENTOR
from app.domain.rota import AHEAD
from app.language import spoken
from app.web import desk, week_form
from app.web.asking import house, me
from app.web.hypertext import page

pages = Blueprint("outbox", __name__)
WEEKS = 12  # of the mentor's own, that can be given without signal
LATELY, BACK = 20, timedelta(days=30)  # meetings, of which the co-mentor's days are kept


@pages.get("/udbakke/noegle")
def key() -> Response:
    """A fresh token, whose phone it is now, and the key to seal to."""
    number, public = sealing.public(house().keyring).split(".")
    return jsonify(who=me().id, token=generate_csrf(), key=number, public=public)


@pages.get("/udbakke/viden")
def facts() -> Response:
    """The little that the forms need without signal; never who the participant is."""
    mine = desk.mine() if MENTOR in me().roles else None
    return jsonify(who=me().id, language=spoken(), **(_known(mine) if mine else _nothing()))


@pages.get("/sendt/<uuid:record_id>")
def sent(record_id: UUID) -> Response:
    """That we have it, for an author whose seat has ended: there is no other page for it."""
    receipt = receipts.of_author(record_id, me().id)
    if receipt is None:
        abort(404)
    return page("outbox/sent.html", sent_at=receipt.at)


def _nothing() -> dict[str, Any]:
    return {"mentorship": None, "leader": None}


def _known(mine: View) -> dict[str, Any]:
    today, earliest = clock.today(), mine.first_day(me().id)
    return {
        "mentorship": mine.id,
        "co": mine.co_mentor,
        "last_relation": evaluations.before(mine.id, me().id).my_relation,
        "place": "prison" if today < mine.release_on else "outside",
        "earliest": earliest and earliest.isoformat(),
        "logged": [
            met.held_on.isoformat()
            for met in meetings.of(mine.id, LATELY)
            if met.logged_by != me().id and met.held_on > today - BACK
        ],
        "weeks": _weeks(mine),
        "leader": {"name": mine.leader, "phone": mine.leader_phone} if mine.leader_phone else None,
    }


def _weeks(mine: View) -> list[dict[str, Any]]:
    today = clock.today()
    current = Week.of(today).monday
    held, asks = handovers.strip(mine, current, today)
    asked = {ask.on for ask in asks}
    own = [
        monday
        for monday in rota.mondays(current, AHEAD + 1)
        if monday not in asked and rota.holder_from(held, monday) == me().id
    ]
    return [
        {"code": week_form.code(m), "number": Week.of(m).number, "monday": m.isoformat()}
        for m in own[:WEEKS]
    ]
