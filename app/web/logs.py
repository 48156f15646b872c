"""Log møde: the form, one's own answers to a co-mentor's log, corrections, the receipt."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, g, request
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import access, evaluations, logs, meetings, receipts
from app.domain.evaluations import Answer
from app.domain.logs import AlreadyAnswered, Log
from app.domain.meetings import HELD, OTHERS, OUTCOMES, PLACES, THEMES, Seen
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page, weeks_ago
from app.web.log_form import (
    OTHER,
    TODAY,
    YESTERDAY,
    FactsForm,
    LogForm,
    WordsForm,
    filled_from,
    uuid_or_none,
)
from app.web.names import name
from app.web.shown_meeting import shown_evaluations, shown_meeting

pages = Blueprint("logs", __name__)


class Changed(Exception):
    """The meeting to be answered for was taken back, merged or changed meanwhile."""


class Joining(NamedTuple):
    meeting_id: UUID
    by: str
    on: date


class Twin(NamedTuple):
    other_id: UUID
    by: str


@pages.get("/moeder/ny")
def new() -> AnyResponse:
    mine = desk.mine()
    if mine is None:
        return page("meetings/none.html")
    form = LogForm(formdata=None, data=_fresh(mine, request.args.get("dato")))
    return _log_page(form, mine)


@pages.get("/moeder/ny/dato")
def date_chosen() -> Response:
    """The form again, for the day chosen: a day that the co-mentor has logged asks only scores."""
    mine = desk.mine_or_404()
    form = LogForm(formdata=request.args)
    form.earliest = mine.first_day(me().id)
    return _log_page(form, mine, template="meetings/_log_form.html")


@pages.post("/moeder")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def create() -> AnyResponse:
    form = LogForm()
    mine = desk.of_form_or_404(form.mentorship.data)
    if g.get("draft"):
        return _log_page(form, mine)
    if request.form.get("another"):
        form.apart.data, form.join.data = form.join.data, ""
        return _log_page(form, mine)
    _choose_without_scores(form)
    form.earliest, form.latest = mine.first_day(me().id), mine.last_day(me().id)
    if not desk.is_mine(mine):  # whoever has left answers for the meeting, and plans no other
        form.join.data = form.next_date.data = ""
        form.sat = partial(mine.sat, me().id)
    if not form.validate_on_submit():
        return _log_page(form, mine, status=_status(form))
    return _store(form, mine)


@pages.get("/moeder/<uuid:meeting_id>/mine-svar")
def my_answers(meeting_id: UUID) -> AnyResponse:
    """The form for a meeting that the co-mentor has logged, from its reminder."""
    meeting, mine = desk.meeting_or_404(meeting_id)
    if _answer_of_mine(meeting.id):
        return go(f"/moeder/{meeting.id}/ret")
    if not access.may_join(me(), meeting, mine.first_day(me().id)):
        abort(404)
    data = _fresh(mine, meeting.held_on.isoformat()) | {"join": str(meeting.id)}
    return _log_page(LogForm(formdata=None, data=data), mine)


@pages.get("/moeder/<uuid:meeting_id>/ret")
def edit(meeting_id: UUID) -> AnyResponse:
    meeting, mine = desk.meeting_or_404(meeting_id)
    answer = _answer_of_mine(meeting.id)
    if not answer and not access.may_edit_facts(me(), meeting):
        abort(403)
    form = _edit_form(meeting, answer, formdata=None, data=filled_from(meeting, answer))
    return _edit_page(form, meeting, mine)


@pages.post("/moeder/<uuid:meeting_id>/ret")
@csrf.exempt
def change(meeting_id: UUID) -> AnyResponse:
    meeting, mine = desk.meeting_or_404(meeting_id)
    answer = _answer_of_mine(meeting.id)
    if not answer and not access.may_edit_facts(me(), meeting):
        abort(403)
    form = _edit_form(meeting, answer)
    form.earliest = mine.first_day(me().id)
    if isinstance(form, FactsForm) and meeting.outcome == HELD:
        form.outcome.data = HELD  # one that came to something is taken back, never turned
    if not form.validate_on_submit():
        return _edit_page(form, meeting, mine, status=_status(form))
    facts = form.facts() if isinstance(form, FactsForm) else None
    held = (facts or meeting).outcome == HELD
    words = form.words(asked_themes="themes" in form and held)
    beside = _beside(form, meeting, mine) if isinstance(form, FactsForm) else None
    logs.edit(meeting, answer, facts, words, pen(), by=me().id, with_mentor=beside)
    return go(f"/moeder/{meeting.id}")


@pages.post("/moeder/<uuid:meeting_id>/ret-kort")
@csrf.exempt
def change_on_receipt(meeting_id: UUID) -> AnyResponse:
    """For a meeting that came to nothing: the day, who cancelled, a note."""
    meeting, mine = desk.meeting_or_404(meeting_id)
    if not access.may_edit_facts(me(), meeting) or meeting.outcome == HELD:
        abort(403)
    form = FactsForm()
    form.earliest = mine.first_day(me().id)
    form.outcome.data, form.when.data = meeting.outcome, OTHER  # the page asks for a date
    if not form.validate_on_submit():
        return _receipt(meeting, mine, form, _status(form))
    answer, given = _answer_of_mine(meeting.id), form.facts()
    facts = replace(logs.facts_of(meeting), held_on=given.held_on, cancelled_by=given.cancelled_by)
    words = replace(logs.words_of(answer), comment=form.words().comment)
    logs.edit(meeting, answer, facts, words, pen(), by=me().id)
    return go(f"/moeder/{meeting.id}/kvittering")


@pages.get("/moeder/<uuid:meeting_id>/kvittering")
def receipt(meeting_id: UUID) -> AnyResponse:
    meeting, mine = desk.meeting_or_404(meeting_id)
    form = None
    if meeting.outcome != HELD:
        form = FactsForm(formdata=None, data=filled_from(meeting, _answer_of_mine(meeting.id)))
    return _receipt(meeting, mine, form)


def _store(form: LogForm, mine: View) -> AnyResponse:
    entry = form.log()
    try:
        stored = logs.received(entry, mine, by=me().id)
        if stored is None:
            stored = _joined_or_logged(form, entry, mine)
    except NotTheirs:
        form.id.data = str(uuid4())
        return _once_more(form, mine, say("Mødet blev ikke sendt. Tryk på Send igen."))
    except (Different, AlreadyAnswered):
        sentence = say("Du har allerede sendt dine svar om mødet. Ret dem under Møder.")
        return _once_more(form, mine, sentence, _standing(form, mine))
    except Changed:
        sentence = say("Mødet er ændret imens. Se det igennem, og tryk på Send igen.")
        return _once_more(form, mine, sentence)
    if not desk.is_mine(mine):
        return go(f"/sendt/{form.id.data}")
    taken_back = meetings.one(stored) is None
    return go("/moeder" if taken_back else f"/moeder/{stored}/kvittering")


def _joined_or_logged(form: LogForm, entry: Log, mine: View) -> UUID:
    if form.join.data:
        return logs.join(entry, _joined(form, mine), mine, pen(), by=me().id)
    return logs.log(entry, mine, pen(), by=me().id)


def _joined(form: LogForm, mine: View) -> Seen:
    """The meeting to answer for, if it still is what the form said it was."""
    meeting = meetings.one(id_or_404(form.join.data), locked=True)
    if meeting is None:
        raise Changed
    seated = access.may_log_on(mine.first_day(me().id), meeting.held_on, clock.today())
    if meeting.mentorship_id != mine.id or not seated:
        abort(404)
    joinable = access.may_join(me(), meeting, mine.first_day(me().id))
    if not joinable or meeting.held_on != form.day():
        raise Changed
    return meeting


def _once_more(form: LogForm, mine: View, sentence: str, standing: Seen | None = None) -> Response:
    """The form as it was typed, with what stands in the way, and how that stands."""
    form.id.errors = [sentence]
    form.join.data = ""
    return _log_page(form, mine, status=409, standing=standing)


def _standing(form: LogForm, mine: View) -> Seen | None:
    """What we hold of the meeting that the form is about."""
    record = receipts.record_of(UUID(form.id.data), me().id) or uuid_or_none(form.join.data)
    meeting = meetings.one(record) if record else None
    return meeting if meeting and meeting.mentorship_id == mine.id else None


def _beside(form: FactsForm, meeting: Seen, mine: View) -> UUID | None:
    """The co-mentor who was there. One who has answered stays, whatever is ticked."""
    there = meeting.with_mentor
    answered = there and any(a.author_id == there for a in evaluations.of([meeting.id])[meeting.id])
    if answered or meeting.outcome != HELD:
        return there
    if not form.co_mentor.data:
        return None
    others = (s.person_id for s in mine.seats if s.holds(meeting.held_on))
    return there or next((person for person in others if person != me().id), None)


def _choose_without_scores(form: LogForm) -> None:
    chosen = request.form.get("outcome_without_scores")
    if chosen in OUTCOMES:
        form.outcome.data = chosen
        form.relation.data = form.wellbeing.data = ""


def _fresh(mine: View, day: str | None) -> dict[str, Any]:
    """An empty form for today, or for the day that a reminder is about."""
    today = clock.today()
    chosen = _day(day) or today
    when = {today: TODAY, today - timedelta(days=1): YESTERDAY}.get(chosen, OTHER)
    before = today < mine.release_on
    return {
        "id": str(uuid4()),
        "mentorship": str(mine.id),
        "opened": today.isoformat(),
        "when": when,
        "date": chosen.isoformat() if when == OTHER else "",
        "place": "prison" if before else "outside",
        "next_who": "me",
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _log_page(
    form: LogForm,
    mine: View,
    *,
    status: int = 200,
    template: str = "meetings/log.html",
    standing: Seen | None = None,
) -> Response:
    here = desk.is_mine(mine)  # whoever has left learns nothing of what came after
    joining = _joining(form, mine) if here else None
    before = evaluations.before(mine.id, me().id)
    ages = before.themes_on if here else {}
    form.join.data = str(joining.meeting_id) if joining else ""
    return page(
        template,
        status=status,
        form=form,
        participant=mine.participant,
        co_mentor=mine.co_mentor,
        theme_choices=[(c, say(label), weeks_ago(ages.get(c))) for c, label in THEMES.items()],
        place_choices=[(c, say(label)) for c, label in PLACES.items()],
        other_choices=[(c, say(label)) for c, label in OTHERS.items()],
        last_relation=before.my_relation,
        earliest=mine.first_day(me().id),
        today=clock.today(),
        joining=joining,
        **_stands(standing, mine),
    )


def _stands(meeting: Seen | None, mine: View) -> dict[str, Any]:
    """The meeting as we hold it, with one's own answers; to who has left, those alone, since the
    pair may have changed the rest.
    """
    if meeting is None:
        return {"meeting": None, "evaluations": []}
    answers = evaluations.of([meeting.id])[meeting.id]
    own = [answer for answer in answers if answer.author_id == me().id]
    return {
        "meeting": shown_meeting(meeting, own, mine) if desk.is_mine(mine) else None,
        "evaluations": shown_evaluations(meeting, own, mine),
    }


def _joining(form: LogForm, mine: View) -> Joining | None:
    """The co-mentor's log of the chosen day that lacks my answers; the one asked for first."""
    if form.apart.data:
        return None
    first_day, on_day = mine.first_day(me().id), evaluations.on_day(mine.id, form.day_or_today())
    for meeting, answers in sorted(on_day, key=lambda pair: str(pair[0].id) != form.join.data):
        mine_too = any(a.author_id == me().id for a in answers)
        if not mine_too and access.may_join(me(), meeting, first_day):
            return Joining(meeting.id, name(meeting.logged_by, mine), meeting.held_on)
    return None


def _edit_form(meeting: Seen, answer: Answer | None, **given: Any) -> WordsForm:
    """The facts too for who logged it; themes only for who was asked for them."""
    if access.may_edit_facts(me(), meeting):
        return FactsForm(**given)
    form = WordsForm(**given)
    if answer is None or answer.themes is None:
        del form.themes
    return form


def _edit_page(form: WordsForm, meeting: Seen, mine: View, *, status: int = 200) -> Response:
    before = evaluations.before(mine.id, me().id)
    return page(
        "meetings/edit.html",
        status=status,
        form=form,
        meeting=shown_meeting(meeting, [], mine),
        facts_too=isinstance(form, FactsForm),
        participant=mine.participant,
        co_mentor=mine.co_mentor,
        theme_choices=[
            (c, say(label), weeks_ago(before.themes_on[c])) for c, label in THEMES.items()
        ],
        place_choices=[(c, say(label)) for c, label in PLACES.items()],
        other_choices=[(c, say(label)) for c, label in OTHERS.items()],
        last_relation=None,
        earliest=mine.first_day(me().id),
        today=clock.today(),
        joining=None,
    )


def _receipt(meeting: Seen, mine: View, form: FactsForm | None, status: int = 200) -> Response:
    sent_at = receipts.received_at(meeting.id, me().id) or meeting.logged_at
    pairs = meetings.twins(meetings.on_day(mine.id, meeting.held_on))
    others = [b if a.id == meeting.id else a for a, b in pairs if meeting.id in (a.id, b.id)]
    return page(
        "meetings/receipt.html",
        status=status,
        meeting=shown_meeting(meeting, evaluations.of([meeting.id])[meeting.id], mine),
        sent_at=sent_at,
        form=form,
        twin=Twin(others[0].id, name(others[0].logged_by, mine)) if others else None,
        earliest=mine.first_day(me().id),
        today=clock.today(),
        co_mentor=mine.co_mentor,
    )


def _answer_of_mine(meeting_id: UUID) -> Answer | None:
    answers = evaluations.of([meeting_id])[meeting_id]
    return next((a for a in answers if a.author_id == me().id), None)


def _status(form: WordsForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422
