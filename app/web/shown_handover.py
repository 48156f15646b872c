"""A request as a page tells it: what was asked, and what became of each week."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.clock import Week
from app.domain.handovers import (
    ACCEPTED,
    ASKED,
    DECLINED,
    EXPIRED,
    LAPSED,
    LEADER,
    SWAP,
    WITHDRAWN,
    Asked,
    AskedWeek,
)
from app.domain.mentorships import View
from app.language import mark, say
from app.web import week_form
from app.web.asking import me
from app.web.names import names

STATES = {
    ASKED: mark("Venter på svar"),
    ACCEPTED: mark("%(name)s tager den"),
    DECLINED: mark("%(name)s kan ikke"),
    WITHDRAWN: mark("Trukket tilbage"),
    EXPIRED: mark("Udløb uden svar"),
    LAPSED: mark("Gælder ikke længere"),
}
ASKS = {  # what a request says to whom it concerns; `others` came to the pair later
    "to_me": mark("%(by)s spørger, om du tager %(weeks)s"),
    "by_me": mark("Du spørger, om %(to)s tager %(weeks)s"),
}
SWAPS = {
    "to_me": mark("%(by)s vil bytte %(weeks)s med dig"),
    "by_me": mark("Du vil bytte %(weeks)s med %(to)s"),
}
ASKED_ONCE = {
    "to_me": mark("%(by)s spurgte, om du ville tage %(weeks)s"),
    "by_me": mark("Du spurgte, om %(to)s ville tage %(weeks)s"),
    "others": mark("%(by)s spurgte, om %(to)s ville tage %(weeks)s"),
}
SWAPPED_ONCE = {
    "to_me": mark("%(by)s ville bytte %(weeks)s med dig"),
    "by_me": mark("Du ville bytte %(weeks)s med %(to)s"),
    "others": mark("%(by)s ville bytte %(weeks)s med %(to)s"),
}
BY_LEADER = {
    "to_me": mark("Aktivitetslederen har givet dig %(weeks)s"),
    "others": mark("Aktivitetslederen har givet %(to)s %(weeks)s"),
}
QUESTIONS = {
    "going": mark("Hvordan går det lige nu?"),
    "agreed": mark("Hvad er det næste, der er aftalt?"),
    "watch": mark("Hvad skal der holdes øje med?"),
    "promised": mark("Hvem har lovet hvad?"),
}


class ShownState(NamedTuple):
    code: str
    number: int
    monday: date
    sunday: date
    state: str
    taken: bool
    open: bool


def states(asked: Asked, mine: View) -> str:
    """What became of a request: each state once, in the order of its weeks."""
    found = [shown_week(week, asked, mine) for week in asked.weeks]
    if len({week.state for week in found}) > 1:
        return " · ".join(f"{say('Uge')} {week.number}: {week.state}" for week in found)
    if len(found) > 1 and found[0].taken:
        taker = asked.row.to_id
        mine_now, theirs = mark("Du tager dem"), mark("%(name)s tager dem")
        return say(mine_now) if taker == me().id else say(theirs, name=who(taker, mine))
    return found[0].state if found else ""


def question(asked: Asked, prompt: str) -> str:
    if asked.row.kind == LEADER:
        return say("Besked fra aktivitetslederen")
    return say(QUESTIONS[prompt])


def shown_week(week: AskedWeek, asked: Asked, mine: View) -> ShownState:
    """In a swap each takes a week, but only the one who was asked can say no."""
    acts = asked.row.to_id if week.state == DECLINED else week.to_id
    return ShownState(
        code=week_form.code(week.monday),
        number=Week.of(week.monday).number,
        monday=week.monday,
        sunday=Week.of(week.monday).sunday,
        state=_said(week.state, acts, mine),
        taken=week.state == ACCEPTED,
        open=week.state == ASKED,
    )


def _said(state: str, acts: UUID, mine: View) -> str:
    sentence = STATES[state]
    if "%(name)s" not in sentence:
        return say(sentence)
    if acts == me().id:
        return say("Du tager den") if state == ACCEPTED else say("Du kan ikke")
    return say(sentence, name=who(acts, mine))


def who(person: UUID, mine: View) -> str:
    """Dig, the first name of someone in the pair, or the leader."""
    if person == me().id or mine.name_of(person):
        return names([person], mine)[0]
    return say("aktivitetslederen")


def line(asked: Asked, mine: View) -> str:
    """What the request is, in one line; what it was, once it is answered."""
    row, role = asked.row, "others"
    if me().id == row.to_id:
        role = "to_me"
    elif me().id == row.asked_by and row.kind != LEADER:
        role = "by_me"
    now = bool(asked.open) and role != "others"
    if row.kind == LEADER:
        sentences = BY_LEADER
    elif row.kind == SWAP:
        sentences = SWAPS if now else SWAPPED_ONCE
    else:
        sentences = ASKS if now else ASKED_ONCE
    return say(
        sentences[role],
        by=who(row.asked_by, mine),
        to=who(row.to_id, mine),
        weeks=week_form.numbered(week.monday for week in asked.weeks if week.to_id == row.to_id),
    )
