"""Giv ugen videre: ask, answer, read, withdraw."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from app import clock
from app.clock import Week
from app.domain import handovers, plain_text, rota, turns
from app.domain.handovers import (
    ACCEPTED,
    ASKED,
    DECLINED,
    EXPIRED,
    LAPSED,
    LEADER,
    PROMPTS,
    SWAP,
    WITHDRAWN,
    Asked,
    AskedWeek,
)
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.domain.rota import AHEAD
from app.domain.turns import Gone, Note, Refused, Request
from app.extensions import csrf
from app.language import mark, say
from app.web import desk, week_form
from app.web.guard import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import Text
from app.web.names import names

pages = Blueprint("handovers", __name__)
LONGEST_NOTE, LONGEST_REPLY = 1000, 300  # characters
AT_FIRST = 6  # weeks shown before one folds out the rest
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
GONE = mark("Der er sket noget imens. Sådan står det nu.")


class HandoverForm(FlaskForm):
    """Weeks to give, weeks to take in return, and four prompts for the note."""

    id = StringField()
    mentorship = StringField()
    weeks = SelectMultipleField(validate_choice=False)
    take = SelectMultipleField(validate_choice=False)
    going = TextAreaField(validators=[Text(LONGEST_NOTE)])
    agreed = TextAreaField(validators=[Text(LONGEST_NOTE)])
    watch = TextAreaField(validators=[Text(LONGEST_NOTE)])
    promised = TextAreaField(validators=[Text(LONGEST_NOTE)])
    leader_may_read = BooleanField()

    def request(self) -> Request:
        """What was filled in; raises `Refused` for what is no week."""
        return Request(
            id_or_404(self.id.data),
            week_form.mondays(self.weeks.data or ()),
            week_form.mondays(self.take.data or ()),
            Note(
                going=plain_text.cleaned(self.going.data),
                agreed=plain_text.cleaned(self.agreed.data),
                watch=plain_text.cleaned(self.watch.data),
                promised=plain_text.cleaned(self.promised.data),
                leader_may_read=bool(self.leader_may_read.data),
            ),
        )


class AnswerForm(FlaskForm):
    weeks = SelectMultipleField(validate_choice=False)
    words = TextAreaField(validators=[Text(LONGEST_REPLY)])


class Choice(NamedTuple):
    code: str
    number: int
    monday: date


class ShownState(NamedTuple):
    code: str
    number: int
    monday: date
    sunday: date
    state: str
    taken: bool
    open: bool


@pages.get("/uger/giv")
def new() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("meetings/none.html")
    chosen = request.args.getlist("uge")
    fresh: dict[str, Any] = {"id": str(uuid4()), "mentorship": str(mine.id), "weeks": chosen}
    return _form(HandoverForm(formdata=None, data=fresh), mine)


@pages.post("/uger/overdragelser")
@csrf.exempt  # the form checks its token itself, so that what was written is kept
def create() -> AnyResponse:
    mine = desk.mine_or_404()
    form = HandoverForm()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        return _form(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        stored = turns.ask(form.request(), mine, pen(), by=me().id)
    except Refused as refused:
        where = form.take if refused.why == "not_theirs" else form.weeks
        where.errors = [week_form.why(refused)]
        return _form(form, mine, 422)
    except (NotTheirs, Different):
        form.id.data = str(uuid4())
        form.weeks.errors = [say("Det blev ikke sendt. Se ugerne efter, og prøv igen.")]
        return _form(form, mine, 409)
    return go(f"/uger/overdragelser/{stored}")


@pages.get("/uger/overdragelser")
def history() -> Response:
    mine = desk.mine_or_404()
    found = handovers.of(mine.id, clock.today())
    return page(
        "handovers/history.html",
        rows=[(asked, _line(asked, mine), _states(asked, mine)) for asked in found],
    )


@pages.get("/uger/overdragelser/<uuid:handover_id>")
def show(handover_id: UUID) -> Response:
    mine = desk.mine_or_404()
    return _page(_one_or_404(handover_id, mine), mine, _answer_form())


@pages.post("/uger/overdragelser/<uuid:handover_id>/svar")
@csrf.exempt  # the form checks its token itself, so that what was written is kept
def answer(handover_id: UUID) -> AnyResponse:
    mine = desk.mine_or_404()
    asked = _one_or_404(handover_id, mine)
    if asked.row.to_id != me().id:
        abort(404)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(asked, mine, form, 400 if form.errors.get("csrf_token") else 422)
    outcome = {"ja": ACCEPTED, "nej": DECLINED}.get(request.form.get("svar", ""))
    if outcome is None:
        abort(422)
    words = plain_text.cleaned(form.words.data)
    try:
        weeks = week_form.mondays(form.weeks.data or ())
        if not weeks and asked.open:
            raise Refused("none")
        turns.answer(handover_id, mine, outcome, pen(), me().id, weeks, words)
    except Refused as refused:
        form.weeks.errors = [week_form.why(refused)]
        return _page(asked, mine, form, 422)
    except Gone:
        return _page(_one_or_404(handover_id, mine), mine, form, 409)
    return go(f"/uger/overdragelser/{handover_id}")


@pages.post("/uger/overdragelser/<uuid:handover_id>/tilbagetraekning")
def withdraw(handover_id: UUID) -> AnyResponse:
    return _act(handover_id, lambda mine: turns.withdraw(handover_id, mine, pen(), me().id))


@pages.post("/uger/overdragelser/<uuid:handover_id>/laest")
def read(handover_id: UUID) -> AnyResponse:
    """Ticked on I dag as well as on the page itself; one goes on where one was."""
    done = _act(handover_id, lambda mine: turns.read(handover_id, mine, pen(), me().id))
    return go("/") if done.status_code < 400 and request.form.get("fra") == "i-dag" else done


def _act(handover_id: UUID, act: Callable[[View], None]) -> AnyResponse:
    mine = desk.mine_or_404()
    try:
        act(mine)
    except Refused:
        abort(404)
    except Gone:
        return _page(_one_or_404(handover_id, mine), mine, _answer_form(), 409)
    return go(f"/uger/overdragelser/{handover_id}")


def _answer_form() -> AnswerForm:
    return AnswerForm(formdata=None)


def _one_or_404(handover_id: UUID, mine: View) -> Asked:
    asked = handovers.one(handover_id, clock.today())
    if asked is None or asked.row.mentorship_id != mine.id:
        abort(404)
    return asked


def _form(form: HandoverForm, mine: View, status: int = 200) -> Response:
    today = clock.today()
    current = Week.of(today).monday
    held, asks = handovers.strip(mine, current, today)
    asked = {ask.on for ask in asks}
    weeks: dict[UUID | None, list[Choice]] = {}
    for monday in rota.mondays(current, AHEAD + 1):
        if monday not in asked:
            who = rota.holder_from(held, monday)
            weeks.setdefault(who, []).append(_choice(monday))
    return page(
        "handovers/new.html",
        status=status,
        form=form,
        co=mine.co and mine.co.first_name,
        mine=weeks.get(me().id, []),
        theirs=weeks.get(mine.co.person_id, []) if mine.co else [],
        at_first=AT_FIRST,
        questions=[(form[prompt], say(QUESTIONS[prompt])) for prompt in PROMPTS],
    )


def _choice(monday: date) -> Choice:
    return Choice(week_form.code(monday), Week.of(monday).number, monday)


def _page(asked: Asked, mine: View, form: AnswerForm, status: int = 200) -> Response:
    person = me().id
    to_me, from_me = asked.row.to_id == person, asked.row.asked_by == person
    given = [week for week in asked.weeks if week.to_id == asked.row.to_id]
    in_return = [week for week in asked.weeks if week.to_id != asked.row.to_id]
    return page(
        "handovers/page.html",
        status=status,
        handover=asked.row,
        form=form,
        heading=_line(asked, mine),
        gone=say(GONE) if status == 409 else None,
        weeks=[_state(week, asked, mine) for week in given],
        in_return=[_state(week, asked, mine) for week in in_return],
        taken=week_form.numbered(week.monday for week in given),
        returned=week_form.numbered(week.monday for week in in_return) if in_return else None,
        open=len([week for week in given if week.state == ASKED]),
        swap=asked.row.kind == SWAP,
        may_answer=to_me and bool(asked.open),
        may_withdraw=from_me and bool(asked.open),
        co=mine.co and mine.co.first_name,
        note=[(_label(asked, prompt), text) for prompt in PROMPTS if (text := asked.text(prompt))],
        by=who(asked.row.asked_by, mine),
        reply=asked.reply(),
        to=who(asked.row.to_id, mine),
        may_tick=to_me and asked.has_note and asked.row.read_at is None,
        read_at=asked.row.read_at,
    )


def _states(asked: Asked, mine: View) -> str:
    """What became of a request: each state once, in the order of its weeks."""
    found = [_state(week, asked, mine) for week in asked.weeks]
    if len({week.state for week in found}) > 1:
        return " · ".join(f"{say('Uge')} {week.number}: {week.state}" for week in found)
    if len(found) > 1 and found[0].taken:
        taker = asked.row.to_id
        mine_now, theirs = mark("Du tager dem"), mark("%(name)s tager dem")
        return say(mine_now) if taker == me().id else say(theirs, name=who(taker, mine))
    return found[0].state if found else ""


def _label(asked: Asked, prompt: str) -> str:
    if asked.row.kind == LEADER:
        return say("Besked fra aktivitetslederen")
    return say(QUESTIONS[prompt])


def _state(week: AskedWeek, asked: Asked, mine: View) -> ShownState:
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


def _line(asked: Asked, mine: View) -> str:
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
