"""Overblik: whom to call, the most urgent first; and one mentorship as its leader reads it."""

from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, abort, request

from app import clock, db
from app.domain import (
    access,
    evaluations,
    grants,
    handovers,
    mentorships,
    overviews,
    pauses,
    people,
    reasons,
    referrals,
    rules,
    tasks,
    wishes,
)
from app.domain.evaluations import Answer
from app.domain.meetings import OUTCOMES, THEMES, Seen, codes
from app.domain.mentorships import Mentorship
from app.domain.overviews import Line
from app.domain.reasons import Look, Reason
from app.domain.tasks import Task
from app.domain.wishes import KINDS, Made
from app.language import mark, say
from app.web.asking import me
from app.web.hypertext import ago, labels, page
from app.web.shown_reason import OF_TASKS, WORDS, sentence, step
from app.web.where import where_we_are

pages = Blueprint("leader", __name__)
A_LIFE = 200
A_PAGE = 10  # lines: two screens of a phone; no more names are opened than are read
MOST = 10_000  # how far a page can be asked for
MINE, FAR = "mig", "fjernt"


class Row(NamedTuple):
    id: UUID
    participant: str
    mentors: list[str]
    phase_line: str
    last: str
    met: bool
    reason: str | None  # why the leader should look first
    soft: bool  # good to know, and no more
    more: list[str]  # the other reasons
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
    """Those with a reason, the most urgent first; the rest only when they are asked for."""
    today, who = clock.today(), me()
    facts, unplaced, waiting, said = tasks.overview(who.leads, who.id, today)
    seen = reasons.look(facts, today, said)
    mine = request.args.get("ejer") == MINE
    owned = [one for one in seen if one.leader_id == who.id] if mine else seen
    everyone = "alle" in request.args
    found: list[Look | Task] = [one for one in owned if one.reasons or everyone]
    found += [one for one in waiting if not mine or _is_mine(one)]
    far = request.args.get("arbejde") == FAR
    if any(_is_far(one) for one in found):
        found = [one for one in found if _is_far(one) == far]
    found.sort(key=lambda one: one.rank)
    skip = min(max(request.args.get("fra", 0, int), 0), MOST)
    some = found[skip : skip + A_PAGE]
    tasks.expect(one for one in some if isinstance(one, Task))
    named = overviews.lines([one.id for one in some if isinstance(one, Look)], today)
    more = len(found) > skip + A_PAGE
    return page(
        "leader/page.html",
        rows=[
            _row(named[one.id], today, one.reasons) if isinstance(one, Look) else _task_row(one)
            for one in some
        ],
        calls=sum(1 for one in owned if one.reasons),
        running=len(owned),
        mine=mine,
        everyone=everyone,
        shared=len({one.leader_id for one in seen}) > 1,
        more=_address(mine, everyone, far, skip + A_PAGE) if more else None,
        all_of_them=_address(mine, True, far=False),
        only_mine=_address(True, everyone, far),
        of_all=_address(False, everyone, far),
        near_work=_address(mine, everyone, far=False),
        far_work=_address(mine, everyone, far=True),
        far=far,
        any_far=any(_is_far(one) for one in waiting),
        wishes=_wishes(wishes.open_without_mentorship(who.leads, who.id)) if unplaced else [],
    )


def _is_far(one: Look | Task) -> bool:
    """Work with partners, which can wait for another day."""
    return isinstance(one, Task) and one.code in tasks.FAR


def _is_mine(task: Task) -> bool:
    """Owned by me, or by nobody."""
    return task.owner in (None, me().id)


def _address(mine: bool, everyone: bool, far: bool, skip: int = 0) -> str:
    """Overblik with what is asked for."""
    asked = {
        "ejer": mine and MINE,
        "arbejde": far and FAR,
        "alle": everyone and "1",
        "fra": skip,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/leder?{query}" if query else "/leder"


@pages.get("/leder/forloeb/<uuid:mentorship_id>")
def mentorship(mentorship_id: UUID) -> Response:
    if not access.leads(me(), mentorship_id):
        abort(404)
    today = clock.today()
    line = overviews.one(mentorship_id, today)
    life = db.session().get_one(Mentorship, mentorship_id)
    led = mentorships.led_by(mentorship_id, today)
    found = evaluations.lately(mentorship_id, A_LIFE)
    authors = people.first_names({a.author_id for _, answers in found for a in answers})
    return page(
        "leader/mentorship.html",
        mentorship=_row(line, today),
        participant=mentorships.identity_of(life.participant_id),
        mentors=mentorships.sitting(mentorship_id, today),
        subject=life.participant_id,
        referral=referrals.matched_of(life.participant_id),
        milestones=mentorships.milestones(
            life.matched_on, life.release_on, rules.value(rules.PLANNED_END)
        ),
        grants=not grants.switched_off(mentorship_id),
        meetings=[_meeting(meeting, answers, authors) for meeting, answers in found],
        handed=_handed(mentorship_id, today),
        running=life.ended_on is None or life.ended_on >= today,
        owner=people.first_names({life.leader_id})[life.leader_id],
        to_give=led.is_offered_to(me().id),
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


def _row(line: Line, today: date, found: list[Reason] | None = None) -> Row:
    """A mentorship as a line, with the reasons why a leader should look if there are any."""
    ended = line.ended_on and line.ended_on <= today
    found = found or []
    return Row(
        id=line.id,
        participant=line.participant,
        mentors=line.mentors,
        phase_line=say("Afsluttet") if ended else where_we_are(line.release_on, today),
        last=ago(line.last_on) if line.last_on else say("ingen kontakt endnu"),
        met=line.last_on is not None,
        reason=sentence(found[0]) if found else None,
        soft=bool(found) and found[0].code in reasons.SOFT,
        more=[sentence(reason) for reason in found[1:]],
        href=step(line.id, found),
    )


def _task_row(task: Task) -> Row:
    """What waits beside the mentorships, as a line of the same list."""
    return Row(
        id=task.ref,
        participant=task.first_name,
        mentors=[],
        phase_line=say(_KINDS.get(task.code, mark("Deltager"))),
        last="",
        met=False,
        reason=say(WORDS[task.code]),
        soft=task.code in reasons.SOFT,
        more=[],
        href=OF_TASKS[task.code] % task.ref,
    )


_KINDS = dict.fromkeys(tasks.OF_MENTORS, mark("Mentor")) | {reasons.PARTNER: mark("Partner")}


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
