"""I dag: whose week, the last meeting, what waits for me, what the co-mentor wants me to know."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.clock import Week
from app.domain import (
    access,
    closures,
    contacts,
    evaluations,
    guides,
    matches,
    plans,
    rota,
    sign_ins,
    today,
)
from app.domain.evaluations import Answer
from app.domain.handovers import Handover
from app.domain.meetings import HELD, Seen
from app.domain.mentorships import View
from app.domain.strand import Strand
from app.domain.threads import ThreadNote
from app.domain.today import Today
from app.key_store import KeyGone
from app.language import mark, say, spoken
from app.web import desk, week_form
from app.web.asking import me
from app.web.hypertext import START, go, long_day, page
from app.web.names import names
from app.web.where import shown

pages = Blueprint("home", __name__)
TOLD_FOR = timedelta(days=14)  # how long I dag says that the other mentor has left
Lately = list[tuple[Seen, list[Answer]]]


class ShownWeek(NamedTuple):
    number: int
    mine: bool
    holder: str | None
    uncovered: bool
    next_holder: str | None
    next_mine: bool
    asked: str | None  # says what I have asked for, until it is answered


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
    begins: datetime | None
    who: str
    href: str


class Waiting(NamedTuple):
    text: str
    href: str
    action: str


class Note(NamedTuple):
    text: str
    by: str
    on: date
    meeting_id: UUID


class Letter(NamedTuple):
    """What the co-mentor wants me to know until I tick it: a handover's note or the thread's."""

    text: str
    by: str
    href: str
    tick: str


@pages.get("/")
def show() -> AnyResponse:
    if not access.is_mentor(me()):
        return go(START[sign_ins.home_of(me().roles)])
    mine = desk.mine()
    if mine is None:
        texts = [*asked_to_match(), *waiting_texts(guides.waiting(me().id))]
        return page("home/page.html", mentorship=None, waiting=texts)
    lately = evaluations.lately(mine.id)
    asked = today.ask(mine, me().id, clock.today())
    letters, last = letters_of(asked, mine), last_of(lately, mine)
    return page(
        "home/page.html",
        mentorship=shown(mine),
        week=week_of(asked, mine),
        last=last,
        last_contact=contact_of(asked.contact, mine, last),
        next_meeting=asked.planned and next_of(asked.planned, mine),
        letter=letters[0] if letters else None,
        note=note_of(lately, mine),
        waiting=[
            *requests(asked, mine),
            *refusals(asked, mine),
            *sent_back(asked),
            *changes(asked, mine),
            *more_letters(letters),
            *unlogged(asked),
            *missing_scores(lately),
            *agreement(asked, mine),
            *last_agreement(asked),
            *waiting_texts(asked.to_accept),
        ],
    )


def week_of(asked: Today, mine: View) -> ShownWeek:
    week, who = Week.of(clock.today()), me().id
    monday, then = week.monday, week.plus(1).monday
    holder, next_holder = (rota.holder_from(asked.rota, day) for day in (monday, then))
    return ShownWeek(
        number=week.number,
        mine=holder == who,
        holder=mine.name_of(holder),
        uncovered=rota.uncovered(asked.rota, monday),
        next_holder=mine.name_of(next_holder),
        next_mine=next_holder == who,
        asked=waiting_for(asked, mine, (monday, then)),
    )


def waiting_for(asked: Today, mine: View, mondays: tuple[date, ...]) -> str | None:
    """Which of these weeks I have asked for, and that they are mine until there is an answer."""
    of_mine = [
        s
        for s in asked.asked
        if s.person != me().id and s.on in mondays and rota.holder_from(asked.rota, s.on) == me().id
    ]
    if not of_mine:
        return None
    one = mark("Du har spurgt %(name)s om %(weeks)s. Indtil der er svar, har du den.")
    several = mark("Du har spurgt %(name)s om %(weeks)s. Indtil der er svar, har du dem.")
    return say(
        one if len(of_mine) == 1 else several,
        name=mine.name_of(of_mine[0].person) or say("en anden mentor"),
        weeks=week_form.numbered(s.on for s in of_mine if s.on),
    )


def requests(asked: Today, mine: View) -> list[Waiting]:
    """What the co-mentor asks me to take, a row for each request."""
    weeks: dict[UUID | None, set[date]] = {}
    for s in asked.asked:
        if s.person == me().id and s.on:
            weeks.setdefault(s.ref, set()).add(s.on)
    name = mine.co_mentor or say("En anden mentor")
    found = []
    for ref, mondays in weeks.items():
        given = {day for day in mondays if rota.holder_from(asked.rota, day) != me().id}
        swap = mark("%(by)s vil bytte %(weeks)s med dig")
        plain = mark("%(by)s spørger, om du tager %(weeks)s")
        text = say(
            swap if given and given < mondays else plain,
            by=name,
            weeks=week_form.numbered(given or mondays),
        )
        found.append(Waiting(text, f"/uger/overdragelser/{ref}", say("Svar")))
    return found


def refusals(asked: Today, mine: View) -> list[Waiting]:
    """Weeks that the co-mentor cannot take: they are mine still, unless something came of them."""
    open_again = {s.on for s in asked.asked}
    weeks: dict[tuple[UUID | None, UUID | None], set[date]] = {}
    for s in asked.untaken:
        if s.on and s.on not in open_again and rota.holder_from(asked.rota, s.on) == me().id:
            weeks.setdefault((s.ref, s.person), set()).add(s.on)
    return [
        Waiting(
            say(
                "%(name)s kan ikke tage %(weeks)s",
                name=mine.name_of(person) or say("En anden mentor"),
                weeks=week_form.numbered(mondays),
            ),
            f"/uger/overdragelser/{ref}",
            say("Se"),
        )
        for (ref, person), mondays in weeks.items()
    ]


def sent_back(asked: Today) -> list[Waiting]:
    """A closure that the leader wants mended, until the pair proposes another."""
    if asked.closure is None or asked.closure.word != closures.RETURNED:
        return []
    text = say("Aktivitetslederen har sendt jeres afslutning tilbage")
    return [Waiting(text, "/forloeb/afslutning", say("Læs"))]


def asked_to_match() -> list[Waiting]:
    """Matches that wait for a mentor who has no participant."""
    text = say("Aktivitetslederen foreslår et match")
    return [Waiting(text, f"/match/{match.id}", say("Svar")) for match in matches.asked_of(me().id)]


def agreement(asked: Today, mine: View) -> list[Waiting]:
    """The agreement comes before the first visit; long after the release it is no longer asked."""
    if not asked.unagreed or clock.today() > mine.release_on:
        return []
    return [
        Waiting(say("Gå aftalen igennem før det første besøg"), "/forloeb/aftale", say("Skriv"))
    ]


def last_agreement(asked: Today) -> list[Waiting]:
    """Where the end has been proposed or approved, the agreement is gone through once more."""
    closure = asked.closure
    if closure is None or closure.number or closure.word not in (None, closures.APPROVED):
        return []
    text = say("Gå aftalen igennem en sidste gang med deltageren")
    return [Waiting(text, "/forloeb/aftale/ny", say("Skriv"))]


def changes(asked: Today, mine: View) -> list[Waiting]:
    """What wants a look: a mentor gone, a meeting that nobody comes to, a pause to ask about."""
    found = []
    day = clock.today()
    gone = [s for s in mine.seats if s.to_on and s.to_on < day <= s.to_on + TOLD_FOR]
    if mine.co is None and gone:
        text = say("%(name)s er ikke længere mentor her. Se ugerne.", name=gone[-1].first_name)
        found.append(Waiting(text, "/uger", say("Se")))
    planned = asked.planned
    if planned and planned.on and not plans.seated(mine.seats, planned.on) & _comers(planned):
        text = say("Det næste møde mangler en mentor")
        found.append(Waiting(text, f"/aftaler/{planned.ref}", say("Se")))
    if asked.pause and asked.pause.until and asked.pause.until <= day:
        text = say("Forløbet er på pause. Er der nyt fra deltageren?")
        found.append(Waiting(text, "/forloeb/pause", say("Svar")))
    return found


def _comers(planned: Strand) -> set[UUID]:
    return {person for person in (planned.person, planned.other) if person}


def letters_of(asked: Today, mine: View) -> list[Letter]:
    """The notes that I have not ticked, handovers first. One whose key is gone says nothing."""
    found = []
    for s in asked.unread + asked.letters:
        if s.ref is None:
            continue
        secret, path, page_of = (
            (getattr(Handover, s.word or "going"), f"/uger/overdragelser/{s.ref}", None)
            if s.what == "unread"
            else (ThreadNote.text, f"/forloeb/traad/{s.ref}", "/forloeb/traad")
        )
        with suppress(KeyGone):
            text = secret.open(s.ref, mine.participant_id, s.cell)
            by = mine.name_of(s.person) or say("Aktivitetslederen")
            text = text or say("Du har fået en eller flere uger. Se dem under Uger.")
            found.append(Letter(text, by, page_of or path, path + "/laest"))
    return found


def more_letters(letters: list[Letter]) -> list[Waiting]:
    """One stands at the top; the others wait in a row of their own."""
    return [
        Waiting(say("%(name)s har skrevet til dig", name=letter.by), letter.href, say("Læs"))
        for letter in letters[1:]
    ]


def last_of(lately: Lately, mine: View) -> LastMeeting | None:
    held = next((m for m, _ in lately if m.outcome == HELD), None)
    return held and LastMeeting(held.held_on, names(held.present, mine), held.outcome)


def contact_of(made: Strand | None, mine: View, met: LastMeeting | None) -> LastContact | None:
    """The last contact, where it says more than the last meeting does."""
    if made is None or made.on is None or made.person is None or (met and made.on < met.on):
        return None
    kind = contacts.KINDS[str(made.word)]
    return LastContact(made.on, say(kind), names({made.person}, mine)[0])


def next_of(planned: Strand, mine: View) -> NextMeeting:
    """The next meeting, and who of the pair comes."""
    on, comers = planned.on or clock.today(), _comers(planned)
    comes = names(comers, mine)
    both = len(comes) > 1 and me().id in comers
    begins = plans.begins(on, time.fromisoformat(planned.word)) if planned.word else None
    who = say("jer begge") if both else say(" og ").join(comes)
    return NextMeeting(on, begins, who, f"/aftaler/{planned.ref}")


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


def unlogged(asked: Today) -> list[Waiting]:
    """Planned meetings whose time has gone and that neither has logged."""
    now, action = clock.now(), say("Log møde")
    found = []
    for s in asked.unlogged:
        at = time.fromisoformat(s.word) if s.word else time.max
        if s.on and plans.begins(s.on, at) < now:
            text = say("Der var aftalt et møde %(day)s. Blev det til noget?", day=day_of(s.on))
            found.append(Waiting(text, f"/moeder/ny?dato={s.on.isoformat()}", action))
    return found


def day_of(day: date) -> str:
    return long_day(day, spoken())


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
