"""Overblik: the branch's mentorships, read-only. The leader's work comes to these pages later."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request

from app import clock, db
from app.domain import access, evaluations, mentorships, overviews, people
from app.domain.evaluations import Answer
from app.domain.meetings import OUTCOMES, THEMES, Seen, codes
from app.domain.mentorships import Mentorship
from app.domain.overviews import Line
from app.language import say
from app.web.guard import me
from app.web.hypertext import ago, labels, page
from app.web.where import where_we_are

pages = Blueprint("leader", __name__)
A_LIFE = 200
A_PAGE = 40  # mentorships


class Row(NamedTuple):
    id: UUID
    participant: str
    mentors: list[str]
    phase_line: str
    last: str
    last_days: int | None
    href: str


class ShownMeeting(NamedTuple):
    on: date
    outcome: str
    themes: list[str]
    answers: list[tuple[str, int | None, int | None, str | None]]  # who, relation, wellbeing, words


@pages.get("/leder")
def show() -> Response:
    today, skip = clock.today(), min(max(request.args.get("fra", 0, int), 0), 10_000)
    found = overviews.running(me().leads, today, me().id, A_PAGE + 1, skip)
    return page(
        "leader/page.html",
        rows=[_row(line, today) for line in found[:A_PAGE]],
        more=f"/leder?fra={skip + A_PAGE}" if len(found) > A_PAGE else None,
    )


@pages.get("/leder/forloeb/<uuid:mentorship_id>")
def mentorship(mentorship_id: UUID) -> Response:
    if not access.leads(me(), mentorship_id):
        abort(404)
    today = clock.today()
    line = overviews.one(mentorship_id, today)
    life = db.session().get_one(Mentorship, mentorship_id)
    found = evaluations.lately(mentorship_id, A_LIFE)
    authors = people.first_names({a.author_id for _, answers in found for a in answers})
    return page(
        "leader/mentorship.html",
        mentorship=_row(line, today),
        participant=mentorships.identity_of(life.participant_id),
        milestones=mentorships.milestones(life.matched_on, life.release_on),
        meetings=[_meeting(meeting, answers, authors) for meeting, answers in found],
    )


def _row(line: Line, today: date) -> Row:
    ended = line.ended_on and line.ended_on <= today
    return Row(
        id=line.id,
        participant=line.participant,
        mentors=line.mentors,
        phase_line=say("Afsluttet") if ended else where_we_are(line.release_on, today),
        last=ago(line.last_on) if line.last_on else say("ingen kontakt endnu"),
        last_days=(today - line.last_on).days if line.last_on else None,
        href=f"/leder/forloeb/{line.id}",
    )


def _meeting(meeting: Seen, answers: list[Answer], authors: dict[UUID, str]) -> ShownMeeting:
    ticked = 0
    for answer in answers:
        ticked |= answer.themes or 0
    return ShownMeeting(
        on=meeting.held_on,
        outcome=say(OUTCOMES[meeting.outcome]),
        themes=labels(codes(ticked, THEMES), THEMES),
        answers=[
            (
                authors[a.author_id],
                a.relation,
                a.wellbeing,
                a.text("comment") if access.leader_reads_text(a) else None,
            )
            for a in answers
        ],
    )
