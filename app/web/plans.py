"""Aftaler: the planned meetings of the pair. Either of the two makes, moves and calls off."""

import re
from datetime import date as date_type
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, meetings, plans
from app.domain.meetings import CANCELLED, PLACES
from app.domain.mentorships import View
from app.domain.plans import AHEAD, BOTH, CO, ME, WHO, Changed, Planned, Terms
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import mark, say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OneOf, whole
from app.web.names import name, names

pages = Blueprint("plans", __name__)
CLOCK_TIME = re.compile(r"(\d{1,2})[.:](\d\d)(?:[.:]\d\d)?", re.ASCII)


class PlanForm(FlaskForm):
    """When, where, and who comes."""

    date = StringField()
    at = StringField()
    place = StringField(validators=[OneOf(["", *PLACES])])
    who = StringField(validators=[OneOf(WHO)])
    sequence = StringField()  # the change that the page showed

    mine: View
    latest: date_type

    def validate_date(self, field: Field) -> None:
        day = self.day_or_none()
        if day is None:
            raise StopValidation(say("Vælg en dato."))
        if not clock.today() <= day <= self.latest:
            raise StopValidation(say("Vælg i dag eller en senere dag, højst 26 uger frem."))
        if self.mine.ended_on and day > self.mine.ended_on:
            raise StopValidation(say("Forløbet er slut inden den dag. Vælg en tidligere dag."))

    def validate_at(self, field: Field) -> None:
        if not (field.data or "").strip():
            return
        chosen, day = self.time(), self.day_or_none()
        if chosen is None:
            raise StopValidation(say("Skriv klokkeslættet som 10.30."))
        if day and not plans.exists(day, chosen):
            sentence = mark(
                "Det klokkeslæt findes ikke den nat, fordi uret stilles frem. Vælg et andet."
            )
            raise StopValidation(say(sentence))

    def validate_who(self, field: Field) -> None:
        day, co = self.day_or_none(), self.mine.co
        if not field.data:
            raise StopValidation(say("Vælg, hvem der kommer."))
        if day is None:
            return
        there = plans.seated(self.mine.seats, day)
        if field.data in (ME, BOTH) and me().id not in there:
            raise StopValidation(say("Du er ikke med i forløbet den dag."))
        if field.data in (CO, BOTH) and not (co and co.person_id in there):
            raise StopValidation(say("Din medmentor er ikke med i forløbet den dag."))

    def day(self) -> date_type:
        return date_type.fromisoformat(self.date.data or "")

    def day_or_none(self) -> date_type | None:
        try:
            return self.day()
        except ValueError:
            return None

    def time(self) -> time | None:
        """The time on the wall, as a phone or a person writes it."""
        found = CLOCK_TIME.fullmatch((self.at.data or "").strip())
        try:
            return time(int(found[1]), int(found[2])) if found else None
        except ValueError:
            return None

    def terms(self) -> Terms:
        """What is agreed; only for a form that holds."""
        comes = plans.comers(self.who.data or ME, self.mine.seats, self.day(), me().id)
        return Terms(self.day(), self.time(), self.place.data or None, *comes)


class NewPlanForm(PlanForm):
    """The same, with the id made for the page."""

    id = StringField(validators=[MadeId()])
    mentorship = StringField()


class ShownPlan(NamedTuple):
    id: UUID
    sequence: int
    on: date_type
    begins: datetime | None
    place: str | None
    who: list[str]
    unmanned: bool
    loggable: bool  # the day has come, and it is one that I may log
    cancelled_at: datetime | None
    cancelled_by: str | None


class AsCancelled(NamedTuple):
    """What is sent to log that the meeting came to nothing; or the log that says so already."""

    id: UUID
    mentorship: UUID
    today: date_type
    on: date_type
    logged: UUID | None


@pages.get("/aftaler/ny")
def new() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("plans/none.html")
    fresh = {"id": str(uuid4()), "mentorship": str(mine.id), "place": "", "who": ME}
    fresh["date"] = request.args.get("dato", "")
    return _new_page(NewPlanForm(formdata=None, data=fresh), mine)


@pages.post("/aftaler")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def create() -> AnyResponse:
    mine = desk.mine_or_404()
    form = NewPlanForm()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    form.mine, form.latest = mine, _latest()
    if not form.validate_on_submit():
        return _new_page(form, mine, _status(form))
    try:
        made = UUID(form.id.data), mine.id, mine.participant_id, form.terms()
        stored = plans.plan(*made, pen(), by=me().id)
    except NotTheirs:
        form.id.data = str(uuid4())
        form.id.errors = [say("Aftalen blev ikke sendt. Prøv igen.")]
        return _new_page(form, mine, 409)
    except Different:
        form.id.errors = [say("Du har allerede sendt aftalen. Se den under Uger.")]
        return _new_page(form, mine, 409)
    return go(f"/aftaler/{stored}")


@pages.get("/aftaler/<uuid:plan_id>")
def show(plan_id: UUID) -> Response:
    planned, mine = _plan_or_404(plan_id)
    return _plan_page(planned, mine)


@pages.post("/aftaler/<uuid:plan_id>")
@csrf.exempt
def change(plan_id: UUID) -> AnyResponse:
    """Move it, or let another of the two come."""
    planned, mine = _plan_or_404(plan_id)
    form = PlanForm()
    form.mine, form.latest = mine, _latest(planned)
    if not form.validate_on_submit():
        return _plan_page(planned, mine, _status(form), form)
    try:
        plans.change(_as_seen(planned), form.terms(), pen(), mine.participant_id)
    except Changed:
        return _as_it_stands(plan_id)
    return go(f"/aftaler/{plan_id}")


@pages.post("/aftaler/<uuid:plan_id>/aflysning")
def cancel(plan_id: UUID) -> AnyResponse:
    planned, mine = _plan_or_404(plan_id)
    try:
        plans.cancel(_as_seen(planned), pen(), mine.participant_id, by=me().id)
    except Changed:
        return _as_it_stands(plan_id)
    return go(f"/aftaler/{plan_id}")


@pages.post("/aftaler/<uuid:plan_id>/overtagelse")
def take_over(plan_id: UUID) -> AnyResponse:
    planned, mine = _plan_or_404(plan_id)
    if not _may_take_over(planned, mine):
        return _as_it_stands(plan_id)
    try:
        plans.take_over(_as_seen(planned), pen(), mine.participant_id, by=me().id)
    except Changed:
        return _as_it_stands(plan_id)
    return go(f"/aftaler/{plan_id}")


def _plan_or_404(plan_id: UUID) -> tuple[Planned, View]:
    """A plan of the mentor's own mentorship; any other does not exist."""
    mine, planned = desk.mine_or_404(), plans.one(plan_id)
    if planned is None or planned.mentorship_id != mine.id:
        abort(404)
    return planned, mine


def _as_seen(planned: Planned) -> Planned:
    """The plan at the change that the page showed: an older page changes nothing."""
    seen = whole(request.form.get("sequence"))
    return planned._replace(sequence=-1 if seen is None else seen)


def _as_it_stands(plan_id: UUID) -> Response:
    """Somebody was first."""
    planned, mine = _plan_or_404(plan_id)
    return _plan_page(planned, mine, 409, notice=True)


def _may_take_over(planned: Planned, mine: View) -> bool:
    ahead = planned.on >= clock.today() and not planned.cancelled_at
    here = me().id in plans.seated(mine.seats, planned.on)
    return ahead and here and plans.unmanned(planned, mine.seats)


def _latest(planned: Planned | None = None) -> date_type:
    """26 weeks from now. What a log has planned further ahead may stay there."""
    latest = clock.today() + AHEAD
    return max(latest, planned.on) if planned else latest


def _new_page(form: NewPlanForm, mine: View, status: int = 200) -> Response:
    return page("plans/new.html", status=status, form=form, **_asked(mine, _latest()))


def _plan_page(
    planned: Planned,
    mine: View,
    status: int = 200,
    form: PlanForm | None = None,
    *,
    notice: bool = False,
) -> Response:
    return page(
        "plans/plan.html",
        status=status,
        plan=_shown(planned, mine),
        form=form or PlanForm(formdata=None, data=_filled_from(planned)),
        notice=notice,
        may_take_over=_may_take_over(planned, mine),
        as_cancelled=_as_cancelled(planned, mine) if planned.cancelled_at else None,
        **_asked(mine, _latest(planned)),
    )


def _asked(mine: View, latest: date_type) -> dict[str, Any]:
    """What both forms need besides their fields."""
    return {
        "participant": mine.participant,
        "co_mentor": mine.co_mentor,
        "place_choices": [(code, say(label)) for code, label in PLACES.items()],
        "today": clock.today(),
        "latest": latest,
    }


def _filled_from(planned: Planned) -> dict[str, str]:
    mine_too, alone = me().id in planned.comers, len(planned.comers) < 2
    return {
        "sequence": str(planned.sequence),
        "date": planned.on.isoformat(),
        "at": f"{planned.at:%H:%M}" if planned.at else "",
        "place": planned.place or "",
        "who": (ME if alone else BOTH) if mine_too else CO,
    }


def _shown(planned: Planned, mine: View) -> ShownPlan:
    unmanned = plans.unmanned(planned, mine.seats)
    comes = set(planned.comers)
    if not unmanned:  # who has left comes no more
        comes &= plans.seated(mine.seats, planned.on)
    return ShownPlan(
        id=planned.id,
        sequence=planned.sequence,
        on=planned.on,
        begins=plans.begins(planned.on, planned.at) if planned.at else None,
        place=say(PLACES[planned.place]) if planned.place else None,
        who=names(comes, mine),
        unmanned=unmanned and not planned.cancelled_at and planned.on >= clock.today(),
        loggable=not planned.cancelled_at and _may_log(planned.on, mine),
        cancelled_at=planned.cancelled_at,
        cancelled_by=name(planned.cancelled_by, mine) if planned.cancelled_by else None,
    )


def _as_cancelled(planned: Planned, mine: View) -> AsCancelled | None:
    """For the planned day, or today when that lies ahead; None where the day is not mine to log."""
    today = clock.today()
    on = min(planned.on, today)
    if not _may_log(on, mine):
        return None
    there = meetings.on_day(mine.id, on)
    logged = next((meeting.id for meeting in there if meeting.outcome == CANCELLED), None)
    return AsCancelled(uuid4(), mine.id, today, on, logged)


def _may_log(on: date_type, mine: View) -> bool:
    return access.may_log_on(mine.first_day(me().id), on, clock.today())


def _status(form: PlanForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422
