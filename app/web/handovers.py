"""Giv ugen videre: ask, answer, read, withdraw."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, g, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectMultipleField, TextAreaField

from app import clock
from app.clock import Week
from app.domain import handovers, plain_text, receipts, rota, turns
from app.domain.handovers import (
    ACCEPTED,
    ASKED,
    DECLINED,
    PROMPTS,
    SWAP,
    Asked,
)
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.domain.rota import AHEAD
from app.domain.turns import Gone, Refused
from app.extensions import csrf
from app.language import mark, say
from app.web import desk, shown_handover, week_form
from app.web.asking import id_or_404, me, pen
from app.web.handover_form import HandoverForm
from app.web.hypertext import go, page
from app.web.log_form import Text

pages = Blueprint("handovers", __name__)
LONGEST_REPLY = 300  # characters
AT_FIRST = 6  # weeks shown before one folds out the rest
GONE = mark("Der er sket noget imens. Sådan står det nu.")


class AnswerForm(FlaskForm):
    weeks = SelectMultipleField(validate_choice=False)
    words = TextAreaField(validators=[Text(LONGEST_REPLY)])


class Choice(NamedTuple):
    code: str
    number: int
    monday: date


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
    if g.get("draft"):
        return _form(form, mine)
    if not form.validate_on_submit():
        return _form(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        stored = turns.ask(form.request(), mine, pen(), by=me().id)
    except Refused as refused:
        where = form.take if refused.why == "not_theirs" else form.weeks
        where.errors = [week_form.why(refused)]
        return _form(form, mine, 422)
    except (NotTheirs, Different):
        standing = _standing(form, mine)
        form.id.data = str(uuid4())
        form.weeks.errors = [say("Det blev ikke sendt. Se ugerne efter, og prøv igen.")]
        return _form(form, mine, 409, standing)
    return go(f"/uger/overdragelser/{stored}")


@pages.get("/uger/overdragelser")
def history() -> Response:
    mine = desk.mine_or_404()
    found = handovers.of(mine.id, clock.today())
    return page(
        "handovers/history.html",
        rows=[
            (asked, shown_handover.line(asked, mine), shown_handover.states(asked, mine))
            for asked in found
        ],
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


def _standing(form: HandoverForm, mine: View) -> Asked | None:
    """What its author asked under that id before."""
    record = receipts.record_of(UUID(form.id.data), me().id)
    asked = handovers.one(record, clock.today()) if record else None
    return asked if asked and asked.row.mentorship_id == mine.id else None


def _form(
    form: HandoverForm, mine: View, status: int = 200, standing: Asked | None = None
) -> Response:
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
        questions=[(form[prompt], say(shown_handover.QUESTIONS[prompt])) for prompt in PROMPTS],
        **_stands(standing, mine),
    )


def _stands(asked: Asked | None, mine: View) -> dict[str, Any]:
    if asked is None:
        return {"standing": None}
    return {
        "standing": shown_handover.line(asked, mine),
        "state": shown_handover.states(asked, mine),
        "note": _note(asked),
    }


def _note(asked: Asked) -> list[tuple[str, str]]:
    """What its giver wrote, by question."""
    texts = [(shown_handover.question(asked, prompt), asked.text(prompt)) for prompt in PROMPTS]
    return [(question, text) for question, text in texts if text]


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
        heading=shown_handover.line(asked, mine),
        gone=say(GONE) if status == 409 else None,
        weeks=[shown_handover.shown_week(week, asked, mine) for week in given],
        in_return=[shown_handover.shown_week(week, asked, mine) for week in in_return],
        taken=week_form.numbered(week.monday for week in given),
        returned=week_form.numbered(week.monday for week in in_return) if in_return else None,
        open=len([week for week in given if week.state == ASKED]),
        swap=asked.row.kind == SWAP,
        may_answer=to_me and bool(asked.open),
        may_withdraw=from_me and bool(asked.open),
        co=mine.co and mine.co.first_name,
        note=_note(asked),
        by=shown_handover.who(asked.row.asked_by, mine),
        reply=asked.reply(),
        to=shown_handover.who(asked.row.to_id, mine),
        may_tick=to_me and asked.has_note and asked.row.read_at is None,
        read_at=asked.row.read_at,
    )
