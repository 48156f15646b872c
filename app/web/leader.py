"""Overblik: the branch's mentorships, read-only. The leader's work comes to these pages later."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, request

from app import clock, db
from app.clock import Week
from app.domain import (
    access,
    evaluations,
    handovers,
    mentorships,
    overviews,
    pauses,
    people,
    wishes,
)
from app.domain.evaluations import Answer
from app.domain.meetings import OUTCOMES, THEMES, Seen, codes
from app.domain.mentorships import Mentorship
from app.domain.overviews import Around, Line
from app.domain.rota import PLACES
from app.domain.wishes import KINDS, Made
from app.language import say
from app.web.guard import me
from app.web.hypertext import ago, labels, page
from app.web.where import where_we_are

pages = Blueprint("leader", __name__)
A_LIFE = 200
A_PAGE = 40  # mentorships
SILENCE = 14  # days without contact (product.md section 5)


class Row(NamedTuple):
    id: UUID
    participant: str
    mentors: list[str]
    phase_line: str
    last: str
    last_days: int | None
    reason: str | None  # why the leader should look
    href: str


class ShownMeeting(NamedTuple):
    on: date
    outcome: str
    themes: list[str]
    answers: list[tuple[str, int | None, int | None, str | None]]  # who, relation, wellbeing, words


class ShownWish(NamedTuple):
    id: UUID
    sentence: str
    at: datetime
    words: str | None


@pages.get("/leder")
def show() -> Response:
    today, skip = clock.today(), min(max(request.args.get("fra", 0, int), 0), 10_000)
    found = overviews.running(me().leads, today, me().id, A_PAGE + 1, skip)
    lines = found[:A_PAGE]
    week = Week.of(today)
    soon = [week.monday, week.plus(1).monday]
    around = overviews.around(lines, me().leads, soon)
    unplaced = wishes.open_without_mentorship(me().leads, me().id) if around.unplaced else []
    return page(
        "leader/page.html",
        rows=[_row(line, today, around) for line in lines],
        more=f"/leder?fra={skip + A_PAGE}" if len(found) > A_PAGE else None,
        wishes=_wishes(unplaced),
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
        handed=_handed(mentorship_id, today),
        running=life.ended_on is None or life.ended_on >= today,
        pause=pauses.running(mentorship_id),
        wishes=_wishes(wishes.open_for(mentorship_id)),
    )


def _handed(mentorship_id: UUID, today: date) -> list[tuple[str, str, date]]:
    """What mentors wrote in handovers and ticked for the leader: text, author, day."""
    shared = [a for a in handovers.of(mentorship_id, today) if access.leader_reads_text(a.row)]
    names = people.first_names({asked.row.asked_by for asked in shared})
    return [
        (text, names[asked.row.asked_by], clock.in_denmark(asked.row.asked_at).date())
        for asked in shared
        for prompt in handovers.PROMPTS
        if (text := asked.text(prompt))
    ]


def _wishes(found: list[Made]) -> list[ShownWish]:
    names = people.first_names({wish.person_id for wish in found})
    return [
        ShownWish(
            wish.id,
            say(KINDS[wish.kind][1], name=names[wish.person_id]),
            wish.at,
            wish.words(),
        )
        for wish in found
    ]


def _row(line: Line, today: date, around: Around | None = None) -> Row:
    """A mentorship as a line, with the reason why a leader should look if there is one."""
    silent = (today - line.last_on).days if line.last_on else None
    ended = line.ended_on and line.ended_on <= today
    return Row(
        id=line.id,
        participant=line.participant,
        mentors=line.mentors,
        phase_line=say("Afsluttet") if ended else where_we_are(line.release_on, today),
        last=ago(line.last_on) if line.last_on else say("ingen kontakt endnu"),
        last_days=silent,
        reason=next(_reasons(line, around, silent), None) if around and not ended else None,
        href=_next_step(line, around),
    )


def _next_step(line: Line, around: Around | None) -> str:
    """One tap to what there is to do."""
    waiting = around and around.ending.get(line.id)
    return f"/leder/afslutninger/{waiting}" if waiting else f"/leder/forloeb/{line.id}"


def _reasons(line: Line, around: Around, silent: int | None) -> Iterator[str]:
    """Why to look, in words, the most urgent first; one is enough for a line."""
    if line.id in around.ending:
        yield say("Afslutning venter på dig")
    if len(line.mentors) < PLACES:
        yield say("Mangler en mentor")
    if line.id in around.wished:
        yield say("En mentor vil stoppe eller skifte")
    if bare := around.uncovered.get(line.id):
        yield say("Uge %(week)s er ikke dækket", week=Week.of(bare).number)
    if line.id in around.paused:
        yield say("På pause")
    if silent is not None and silent >= SILENCE:
        yield say("Stille i %(days)s dage", days=silent)


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
