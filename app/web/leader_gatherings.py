"""Mentor meetings and supervision: written down, and who came, with one tap each."""

from datetime import date, time, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, branches, gatherings, mentors, plain_text, plans, rules
from app.domain.gatherings import KINDS, Held
from app.domain.mentors import ACTIVE, PAUSE
from app.extensions import csrf
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import clock_time, go, page
from app.web.log_form import MadeId, OneOf, Text, day_of, uuid_or_none, whole

pages = Blueprint("leader_gatherings", __name__)
HERE = "/leder/moeder"
SHOWN = 48
TIMES = range(1, 13)
LONGEST_PLACE = 100  # characters
A_YEAR = 52  # weeks
BACK, AHEAD = timedelta(days=366), timedelta(days=366)


class GatheringForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    branch = StringField()
    kind = StringField(validators=[OneOf(KINDS)])
    on = StringField()
    at = StringField()
    place = StringField(validators=[Text(LONGEST_PLACE)])
    times = StringField()

    def validate_kind(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvad det er."))

    def validate_on(self, field: Field) -> None:
        try:
            day = date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(say("Vælg en dato.")) from None
        if not clock.today() - BACK <= day <= clock.today() + AHEAD:
            raise StopValidation(say("Vælg en dag inden for et år."))

    def validate_at(self, field: Field) -> None:
        if field.data and time_of(field.data) is None:
            raise StopValidation(say("Vælg et klokkeslæt."))

    def validate_times(self, field: Field) -> None:
        if whole(field.data) not in TIMES:
            raise StopValidation(say("Skriv et tal fra 1 til 12."))


class Row(NamedTuple):
    kind: str
    on: date
    begins: str | None
    place: str | None
    ahead: bool
    came: int
    href: str


@pages.get(HERE)
def show() -> Response:
    data = {
        "id": str(uuid4()),
        "branch": str(min(me().leads, key=str)),
        "on": clock.today().isoformat(),
        "times": "1",
    }
    return _page(GatheringForm(formdata=None, data=data))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def hold() -> AnyResponse:
    form = GatheringForm()
    valid = form.validate_on_submit()
    branch = uuid_or_none(form.branch.data)
    if branch is None or branch not in me().leads:
        abort(404)
    if not valid:
        return _page(form, 400 if form.errors.get("csrf_token") else 422)
    first, on, times = UUID(form.id.data), day_of(form.on), whole(form.times.data) or 1
    if _series(first, branch, form, times) and on >= clock.today():
        mentors.call_together(branch, first, by=me().id)
    return go(HERE if times > 1 or on > clock.today() else f"{HERE}/{first}")


def _series(first: UUID, branch: UUID, form: GatheringForm, times: int) -> bool:
    """The first, and as many after it as are asked for, as far apart as the rules say. False when
    it was sent before.
    """
    kind, on = form.kind.data or "", day_of(form.on)
    at, place, apart = time_of(form.at.data), plain_text.cleaned(form.place.data), _apart(kind)
    for number in range(times):
        made, day = uuid4() if number else first, on + number * apart
        if not gatherings.hold(made, branch, kind, day, pen(), me().id, at, place):
            return False
    return True


def _apart(kind: str) -> timedelta:
    """Between two of a kind."""
    said = rules.values()
    if kind == gatherings.MEETING:
        return timedelta(weeks=said[rules.MEETING_WEEKS])
    return timedelta(weeks=A_YEAR // max(said[rules.SUPERVISIONS], 1))


def time_of(raw: str | None) -> time | None:
    try:
        return time.fromisoformat(raw or "")
    except ValueError:
        return None


@pages.get(f"{HERE}/<uuid:gathering_id>")
def one(gathering_id: UUID) -> Response:
    held = _held_or_404(gathering_id)
    there = gatherings.came(held.id)
    return page(
        "gatherings/gathering.html",
        id=held.id,
        kind=say(KINDS[held.kind]),
        on=held.on,
        asked=[
            (str(one.id), one.first_name, one.id in there, access.may_record(me(), one.id))
            for one in _asked(held)
        ],
    )


@pages.post(f"{HERE}/<uuid:gathering_id>")
def tick(gathering_id: UUID) -> AnyResponse:
    held = _held_or_404(gathering_id)
    asked = {one.id for one in _asked(held) if access.may_record(me(), one.id)}
    there = {UUID(raw) for raw in request.form.getlist("came") if uuid_or_none(raw)}
    gatherings.tick(held, there, asked, pen(), by=me().id)
    return go(HERE)


def _held_or_404(gathering_id: UUID) -> Held:
    held = gatherings.one(gathering_id)
    if held is None or held.branch_id not in me().leads:
        abort(404)
    return held


def _asked(held: Held) -> list[mentors.Standing]:
    """All active mentors of the branch, also those without a participant."""
    found = mentors.of([held.branch_id], clock.today())
    some = [one for one in found if one.stage in (ACTIVE, PAUSE)]
    return sorted(some, key=lambda one: one.first_name)


def _page(form: GatheringForm, status: int = 200) -> Response:
    return page(
        "gatherings/page.html",
        status=status,
        form=form,
        rules=rules.values(),
        kinds=[(code, say(label)) for code, label in KINDS.items()],
        branches=[(str(branch), name) for branch, name in branches.names(me().leads).items()],
        rows=[
            Row(
                say(KINDS[held.kind]),
                held.on,
                clock_time(plans.begins(held.on, held.at)) if held.at else None,
                held.place,
                held.on > clock.today(),
                held.came,
                f"{HERE}/{held.id}",
            )
            for held in gatherings.of(me().leads, SHOWN)
        ],
    )
