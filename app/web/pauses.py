"""Sæt på pause: the participant has vanished. What was tried, what a pause is, how it goes on."""

from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import contacts, meetings, pauses
from app.domain.contacts import ATTEMPT, KINDS
from app.domain.meetings import NO_SHOW, OUTCOMES
from app.domain.mentorships import View
from app.domain.pauses import ATTEMPTS_BACK, Made, Meanwhile
from app.domain.receipts import Different
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, local_day, page
from app.web.names import name

pages = Blueprint("pauses", __name__)
HERE = "/forloeb/pause"
A_LOT = 200  # meetings or contacts: more than eight weeks hold


class Attempt(NamedTuple):
    on: date
    what: str
    by: str


class ShownPause(NamedTuple):
    id: UUID
    since: date
    begun_by: str
    ask_on: date
    due: bool


class Step(NamedTuple):
    on: date
    what: str
    by: str


@pages.get(HERE)
def show() -> Response:
    return _page(desk.mine_or_404())


@pages.post(HERE)
def start() -> AnyResponse:
    mine = _mine_of_the_form()
    try:
        pauses.start(_id(), mine, clock.today(), pen(), by=me().id)
    except (Meanwhile, Different):
        return _page(mine, 409, say("Forløbet er allerede på pause."))
    return go(HERE)


@pages.post(f"{HERE}/forlaengelse")
def prolong() -> AnyResponse:
    mine = _mine_of_the_form()
    asked = _pause_or_404(mine)
    try:
        pauses.prolong(_id(), asked, mine, clock.today(), pen(), by=me().id)
    except (Meanwhile, Different):
        return _page(mine, 409, _what_stands(mine))
    return go(HERE)


@pages.post(f"{HERE}/slut")
def end() -> AnyResponse:
    mine = _mine_of_the_form()
    asked = _pause_or_404(mine)
    try:
        pauses.end(asked, mine, clock.today(), pen(), by=me().id)
    except Meanwhile:
        return _page(mine, 409, _what_stands(mine))
    return go(HERE)


def _mine_of_the_form() -> View:
    mine = desk.mine_or_404()
    if id_or_404(request.form.get("mentorship")) != mine.id:
        abort(404)
    return mine


def _pause_or_404(mine: View) -> Made:
    found = pauses.one(id_or_404(request.form.get("pause")))
    if found is None or found.mentorship_id != mine.id:
        abort(404)
    return found


def _id() -> UUID:
    return id_or_404(request.form.get("id"))


def _what_stands(mine: View) -> str:
    """Why an answer came too late; the page below shows the rest."""
    if now := pauses.running(mine.id):
        if now.continues_id and not pauses.due(now, clock.today()):
            return say("Pausen er allerede forlænget.")
        return say("Pausen er ændret imens. Se, hvordan den står nu.")
    return say("Pausen er allerede slut.")


def _page(mine: View, status: int = 200, sentence: str | None = None) -> Response:
    steps = pauses.of(mine.id)
    now = next((made for made in steps if made.ended_on is None), None)
    return page(
        "pauses/page.html",
        status=status,
        sentence=sentence,
        mentorship=mine,
        fresh_id=str(uuid4()),
        pause=now and _shown(now, steps, mine),
        attempts=[] if now else _attempts(mine),
        steps=_history(steps, mine),
    )


def _shown(now: Made, steps: list[Made], mine: View) -> ShownPause:
    first, by_id = now, {made.id: made for made in steps}
    while first.continues_id in by_id:
        first = by_id[first.continues_id]
    begun_by = name(first.made_by, mine)
    return ShownPause(now.id, now.from_on, begun_by, now.ask_on, pauses.due(now, clock.today()))


def _attempts(mine: View) -> list[Attempt]:
    """What the two have tried lately, newest first."""
    since = clock.today() - ATTEMPTS_BACK
    called = [
        Attempt(made.on, say(KINDS[ATTEMPT]), name(made.author_id, mine))
        for made in contacts.of(mine.id, A_LOT)
        if made.kind == ATTEMPT and made.on >= since
    ]
    waited = [
        Attempt(seen.held_on, say(OUTCOMES[NO_SHOW]), name(seen.logged_by, mine))
        for seen in meetings.of(mine.id, A_LOT)
        if seen.outcome == NO_SHOW and seen.held_on >= since
    ]
    return sorted(called + waited, key=lambda attempt: attempt.on, reverse=True)


def _history(steps: list[Made], mine: View) -> list[Step]:
    """Every start, prolongation and end, newest first."""
    prolonged = {made.continues_id for made in steps}
    told = []
    for made in steps:
        if made.ended_on and made.ended_by and made.id not in prolonged:
            told.append(Step(made.ended_on, say("Pausen sluttede"), name(made.ended_by, mine)))
        what = say("Pausen blev forlænget") if made.continues_id else say("Sat på pause")
        told.append(Step(local_day(made.made_at), what, name(made.made_by, mine)))
    return told
