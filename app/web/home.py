"""I dag: whose week, the last meeting, what waits for me, what the co-mentor wants me to know."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.clock import Week
from app.domain import access, contacts, evaluations, guides, plans, rota, sign_ins, today
from app.domain.contacts import Made
from app.domain.evaluations import Answer
from app.domain.meetings import HELD, Seen
from app.domain.mentorships import View
from app.domain.plans import Next
from app.language import say
from app.web import desk
from app.web.guard import me
from app.web.hypertext import START, go, page
from app.web.names import names
from app.web.where import shown

pages = Blueprint("home", __name__)
Lately = list[tuple[Seen, list[Answer]]]


class ShownWeek(NamedTuple):
    number: int
    mine: bool
    holder: str | None
    next_holder: str | None
    next_mine: bool


class LastMeeting(NamedTuple):
    on: date
    by: list[str]
    outcome: str


class LastContact(NamedTuple):
    on: date
    kind: str
    by: str


class NextMeeting(NamedTuple):
    on: date
    who: str


class Waiting(NamedTuple):
    text: str
    href: str
    action: str


class Note(NamedTuple):
    text: str
    by: str
    on: date
    meeting_id: UUID


@pages.get("/")
def show() -> AnyResponse:
    if not access.is_mentor(me()):
        return go(START[sign_ins.home_of(me().roles)])
    mine = desk.mine()
    if mine is None:
        texts = waiting_texts(guides.waiting(me().id))
        return page("home/page.html", mentorship=None, waiting=texts)
    lately = evaluations.lately(mine.id)
    asked = today.ask(mine.id, me().id, clock.today())
    return page(
        "home/page.html",
        mentorship=shown(mine),
        week=week_of(mine),
        last=last_of(lately, mine),
        last_contact=contact_of(asked.contact, mine),
        next_meeting=asked.planned and next_of(asked.planned, mine),
        note=note_of(lately, mine),
        waiting=missing_scores(lately) + waiting_texts(asked.to_accept),
    )


def week_of(mine: View) -> ShownWeek:
    week = Week.of(clock.today())
    start = Week.of(mine.matched_on)
    now, then = (rota.holder(mine.seats, start, w) for w in (week, week.plus(1)))
    return ShownWeek(
        number=week.number,
        mine=now == me().id,
        holder=mine.name_of(now),
        next_holder=mine.name_of(then),
        next_mine=then == me().id,
    )


def last_of(lately: Lately, mine: View) -> LastMeeting | None:
    held = next((m for m, _ in lately if m.outcome == HELD), None)
    return held and LastMeeting(held.held_on, names(held.present, mine), held.outcome)


def contact_of(last: Made | None, mine: View) -> LastContact | None:
    if last is None:
        return None
    kind = say(contacts.KINDS[last.kind])
    return LastContact(last.on, kind, names({last.author_id}, mine)[0])


def next_of(planned: Next, mine: View) -> NextMeeting:
    """The next meeting, and who of the pair comes."""
    coming = {"me": say("dig"), "co": mine.co_mentor or say("en anden mentor")}
    who = coming.get(plans.seen_by(planned, me().id), say("jer begge"))
    return NextMeeting(planned.on, who)


def note_of(lately: Lately, mine: View) -> Note | None:
    """The co-mentor's newest note, until I have logged a meeting of my own after it."""
    for meeting, answers in lately:
        if meeting.logged_by == me().id and meeting.outcome == HELD:
            return None
        for answer in answers:
            if answer.author_id != me().id and answer.note_ct:
                by = names({answer.author_id}, mine)[0]
                return Note(answer.text("note") or "", by, meeting.held_on, meeting.id)
    return None


def missing_scores(lately: Lately) -> list[Waiting]:
    """Meetings I was at and have not scored."""
    text, action, person = say("Du mangler to svar om mødet"), say("Svar nu"), me().id
    return [
        Waiting(text, f"/moeder/{meeting.id}/mine-svar", action)
        for meeting, answers in lately
        if evaluations.missing(meeting, answers, person)
    ]


def waiting_texts(kinds: list[str]) -> list[Waiting]:
    """One row, however many texts wait: the co-mentor's note must stay in sight."""
    if len(kinds) > 1:
        text = say("Regler og guider er klar til dig. Læs dem, og sig ja.")
        return [Waiting(text, f"/regler/{kinds[0]}", say("Læs"))]
    texts = {
        guides.RULES: say("Reglerne er klar til dig. Læs dem, og sig ja."),
        guides.MENTOR_GUIDE: say("Mentorguiden er klar til dig."),
        guides.COMPANION_GUIDE: say("Guiden til bisiddere er klar til dig."),
    }
    return [Waiting(texts[kind], f"/regler/{kind}", say("Læs")) for kind in kinds]
