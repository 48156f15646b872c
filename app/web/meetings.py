"""Møder: the list, one meeting with its history, taking back, two logs of one day."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import access, evaluations, logs, meetings
from app.domain.evaluations import TAKE_BACK
from app.domain.logs import AlreadyAnswered
from app.domain.meetings import Seen
from app.domain.mentorships import View
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.names import name
from app.web.shown_meeting import listed_meeting, shown_evaluations, shown_history, shown_meeting

pages = Blueprint("meetings", __name__)
A_PAGE = 12


class Twins(NamedTuple):
    a_id: UUID
    b_id: UUID
    on: date
    by_a: str
    by_b: str


@pages.get("/moeder")
def show() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("meetings/page.html", meetings=(), twins=(), older=None, mentorship=None)
    skip = request.args.get("fra", 0, int)
    skip = min(max(skip, 0), 10_000)
    found = evaluations.lately(mine.id, A_PAGE + 1, skip)
    listed = found[:A_PAGE]
    return page(
        "meetings/page.html",
        mentorship=mine,
        meetings=[listed_meeting(meeting, answers, mine) for meeting, answers in listed],
        twins=[
            Twins(a.id, b.id, a.held_on, name(a.logged_by, mine), name(b.logged_by, mine))
            for a, b in meetings.twins(m for m, _ in listed)
        ],
        older=f"/moeder?fra={skip + A_PAGE}" if len(found) > A_PAGE else None,
    )


@pages.get("/moeder/<uuid:meeting_id>")
def meeting(meeting_id: UUID) -> Response:
    one, mine = desk.meeting_or_404(meeting_id)
    answers = evaluations.of([one.id])[one.id]
    mine_too = any(a.author_id == me().id for a in answers)
    return page(
        "meetings/meeting.html",
        meeting=shown_meeting(one, answers, mine),
        evaluations=shown_evaluations(one, answers, mine),
        history=shown_history(one, answers, mine),
        may_edit=mine_too or access.may_edit_facts(me(), one),
        may_take_back=_may_take_back(one),
        stays_with=next((name(a.author_id, mine) for a in answers if a.author_id != me().id), None),
        take_back_until=clock.in_denmark(one.logged_at).date() + TAKE_BACK,
        may_join=not mine_too and access.may_join(me(), one, mine.first_day(me().id)),
        co_mentor=mine.co_mentor,
    )


@pages.get("/moeder/<uuid:meeting_id>/tilbagetagning")
def ask_take_back(meeting_id: UUID) -> Response:
    one, mine = desk.meeting_or_404(meeting_id)
    if not _may_take_back(one):
        abort(403)
    others = [a for a in evaluations.of([one.id])[one.id] if a.author_id != me().id]
    return page(
        "meetings/take_back.html",
        meeting=shown_meeting(one, [], mine),
        stays_with=name(others[0].author_id, mine) if others else None,
    )


@pages.post("/moeder/<uuid:meeting_id>/tilbagetagning")
def take_back(meeting_id: UUID) -> AnyResponse:
    one, _ = desk.meeting_or_404(meeting_id)
    if not _may_take_back(one):
        abort(403)
    logs.take_back(one, pen(), by=me().id)
    return go("/moeder")


@pages.post("/moeder/<uuid:meeting_id>/sammenlaegning")
def merge(meeting_id: UUID) -> AnyResponse:
    """It was the same meeting."""
    kept, other, _ = _twins_or_404(meeting_id)
    try:
        logs.merge(kept, other, pen(), by=me().id)
    except AlreadyAnswered:
        abort(409)
    return go(f"/moeder/{kept.id}")


@pages.post("/moeder/<uuid:meeting_id>/adskillelse")
def keep_apart(meeting_id: UUID) -> AnyResponse:
    """They were two meetings."""
    first, second, _ = _twins_or_404(meeting_id)
    logs.keep_apart(first, second, pen())
    return go("/moeder")


def _twins_or_404(meeting_id: UUID) -> tuple[Seen, Seen, View]:
    ids = sorted((meeting_id, id_or_404(request.form.get("other"))))  # locked in one order
    (first, mine), (second, _) = (desk.meeting_or_404(one) for one in ids)
    pairs = meetings.twins(meetings.on_day(mine.id, first.held_on))
    if (first, second) not in pairs and (second, first) not in pairs:
        abort(404)
    older, newer = sorted((first, second), key=lambda m: m.logged_at)
    return older, newer, mine


def _may_take_back(one: Seen) -> bool:
    answers = evaluations.of([one.id])[one.id]
    own = [a.at for a in answers if a.author_id == me().id]
    if one.logged_by == me().id:
        own = [one.logged_at]  # a correction does not open it again
    today = clock.today()
    return any(
        access.may_take_back(me(), me().id, clock.in_denmark(at).date(), today) for at in own
    )
