"""Mentorer: who needs a call, who is on the way in, what each has met; and who leaves."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, current_app, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import (
    access,
    branches,
    calls,
    guides,
    invitations,
    matches,
    mentors,
    people,
    profiles,
    requirements,
    staff,
    ways_in,
    wishes,
)
from app.domain.mentors import ACTIVE, NEXT, STAGES, Refused, Standing
from app.domain.requirements import CLEARANCE, KINDS, LONGEST, OLDEST, RUNS_OUT
from app.domain.wishes import KINDS as WISHES
from app.domain.wishes import Made
from app.extensions import csrf
from app.language import mark, say, spoken
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import uuid_or_none
from app.web.person_form import BornForm, PersonForm
from app.web.shown_mentor import (
    BLOCKS,
    INVITED,
    UNINVITED,
    needs,
    of_age,
    profile_facts,
    rank,
    shown,
)

pages = Blueprint("leader_mentors", __name__)
HERE = "/leder/mentorer"
ONE = f"{HERE}/<uuid:person_id>"
LENT_FOR = timedelta(days=184)
OWN = mark("Det kan du ikke gøre for dig selv. Bed en anden aktivitetsleder om det.")
WHY = {
    **BLOCKS,
    "own": OWN,
    "roles": mark(
        "Personen er også aktivitetsleder, stedfortræder eller konsulent. "
        "Den rolle skal slutte først: Bed konsulenten om det."
    ),
    "meanwhile": mark("Det er ændret imens. Se, hvordan det står nu."),
}


class RequirementForm(FlaskForm):
    kind = StringField()
    gone = StringField()  # one of KINDS that is met no longer: taken back, or written by mistake
    met_on = StringField()
    until_on = StringField()

    def validate_met_on(self, field: Field) -> None:
        if self.no_longer:
            return
        day = _day(field)
        if day is None or day < OLDEST:
            raise StopValidation(say("Vælg den dag, det skete."))
        if day > clock.today():
            raise StopValidation(say("Datoen ligger i fremtiden. Vælg den dag, det skete."))

    @property
    def no_longer(self) -> bool:
        return self.gone.data in KINDS

    def validate_until_on(self, field: Field) -> None:
        if not field.data or self.no_longer:
            return
        day, met = _day(field), _day(self.met_on)
        if day is None or day > clock.today() + LONGEST:
            raise StopValidation(say("Vælg den sidste dag, det gælder."))
        if met and day < met:
            raise StopValidation(say("Det kan ikke udløbe, før det begynder. Vælg en senere dag."))


class LendForm(FlaskForm):
    branch = StringField()
    to_on = StringField()

    def validate_to_on(self, field: Field) -> None:
        day = _day(field)
        if day is None or not clock.today() <= day <= clock.today() + LENT_FOR:
            raise StopValidation(say("Vælg en dag inden for de næste seks måneder."))


class LeaveForm(FlaskForm):
    sure = BooleanField()


class WayIn(NamedTuple):
    """What has become of the invitation, and whether the leader can send one."""

    state: str
    again: bool
    can: bool


class Accepted(NamedTuple):
    """A text in its newest version, and when the mentor accepted that."""

    title: str
    version: int
    at: datetime | None


@pages.get(HERE)
def show() -> Response:
    today, asked = clock.today(), request.args.get("trin", "")
    found = mentors.of(me().leads, today)
    calling = sorted((one for one in found if one.reasons(today)), key=lambda one: rank(one, today))
    rest = sorted(
        (one for one in found if not one.reasons(today)),
        key=lambda one: (one.free_since or date.max, one.first_name),
    )
    stages = [stage for stage in STAGES if any(one.stage == stage for one in rest)]
    wanted = [stage for stage in stages if stage == asked] or stages
    return page(
        "mentors/page.html",
        calling=[shown(one, today) for one in calling],
        stages=[(code, say(STAGES[code])) for code in stages],
        asked=asked if asked in stages else None,
        groups=[
            (say(STAGES[stage]), [shown(one, today) for one in rest if one.stage == stage])
            for stage in wanted
        ],
    )


@pages.get(f"{HERE}/ny")
def new() -> Response:
    data = {"id": str(uuid4()), "branch": str(min(me().leads, key=str))}
    return _new_page(PersonForm(formdata=None, data=data))


@pages.post(f"{HERE}/ny")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def enquire() -> AnyResponse:
    form = PersonForm()
    valid = form.validate_on_submit()
    branch = uuid_or_none(form.branch.data)
    if branch not in me().leads:
        abort(404)
    if not valid:
        return _new_page(form, _status(form))
    lookup = current_app.extensions["house"].keyring.lookup
    try:
        mentors.enquire(UUID(form.id.data), branch, form.who(), lookup, pen(), by=me().id)
    except Refused:
        form.email.errors = [say("Den e-mailadresse er allerede i brug. Skriv en anden.")]
        return _new_page(form, 422)
    return go(f"{HERE}/{form.id.data}")


@pages.get(ONE)
def one(person_id: UUID) -> Response:
    return _page(_mentor_or_404(person_id))


@pages.post(f"{ONE}/trin")
def move(person_id: UUID) -> AnyResponse:
    mentor = _mentor_or_404(person_id)
    stage = request.form.get("stage", "")
    if stage not in STAGES:
        abort(404)
    try:
        mentors.move(mentor, stage, pen(), by=me().id)
    except Refused as refused:
        status = 409 if refused.why == "meanwhile" else 422
        sentence = mark("%(name)s kan ikke blive aktiv endnu: %(why)s")
        why = say(WHY[refused.why])
        plain = refused.why in ("own", "meanwhile")
        said = why if plain else say(sentence, name=mentor.first_name, why=why)
        return _page(_mentor_or_404(person_id), status, said)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/krav")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def require(person_id: UUID) -> AnyResponse:
    mentor, form = _mentor_or_404(person_id), RequirementForm()
    valid = form.validate_on_submit()
    kind = form.gone.data or form.kind.data or ""
    if kind not in KINDS:
        abort(404)
    if not access.may_record(me(), person_id):
        return _page(mentor, 422, say(OWN))
    if not valid:
        return _page(mentor, _status(form), requirement=form)
    met = None if form.no_longer else _day(form.met_on)
    until = _day(form.until_on) if met and kind in RUNS_OUT else None
    requirements.record(person_id, kind, met, until, pen(), by=me().id)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/foedselsdag")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def born(person_id: UUID) -> AnyResponse:
    """A newcomer has no way in to write it. The leader is told only whether it is enough."""
    mentor, form = _mentor_or_404(person_id), BornForm()
    if not access.may_record(me(), person_id):
        return _page(mentor, 422, say(OWN))
    if not form.validate_on_submit():
        return _page(mentor, _status(form), born=form)
    profiles.born(person_id, date.fromisoformat(form.birth_date.data or ""), pen(), by=me().id)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/invitation")
def invite(person_id: UUID) -> AnyResponse:
    """A letter with the way in, the first time or again; the one before stops working."""
    mentor = _mentor_or_404(person_id)
    way_in = _way_in(mentor)
    if way_in is None or not way_in.can:
        return _page(mentor, 422, say("Bed en konsulent om at invitere."))
    invitations.send(person_id, pen(), by=me().id)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/opkald")
def call(person_id: UUID) -> AnyResponse:
    """The leader has called the mentor today."""
    mentor = _mentor_or_404(person_id)
    if not access.may_record(me(), person_id):
        return _page(mentor, 422, say(OWN))
    calls.called(person_id, pen(), by=me().id)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/udlaan")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def lend(person_id: UUID) -> AnyResponse:
    """Another branch may match the mentor for a while."""
    mentor, form = _mentor_or_404(person_id), LendForm()
    valid = form.validate_on_submit()
    branch = uuid_or_none(form.branch.data)
    if branch is None or branch not in branches.all_names() or branch == mentor.branch_id:
        form.branch.errors = [say("Vælg en anden afdeling.")]
        valid = False
    if not valid or branch is None:
        return _page(mentor, _status(form), lending=form)
    try:
        mentors.lend(mentor, branch, date.fromisoformat(form.to_on.data or ""), pen())
    except Refused as refused:
        return _page(mentor, 422, say(WHY[refused.why]))
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/stop")
@csrf.exempt  # the form checks its token itself, so that the tick is kept
def leave(person_id: UUID) -> AnyResponse:
    mentor, form = _mentor_or_404(person_id), LeaveForm()
    if not form.validate_on_submit():
        return _page(mentor, 400, leave=form)
    if not form.sure.data:
        form.sure.errors = [say("Sæt kryds, når I har talt sammen.")]
        return _page(mentor, 422, leave=form)
    try:
        short = mentors.leave(mentor, pen(), by=me().id)
        matches.drop(mentor.id, pen(), by=me().id)
    except Refused as refused:
        return _page(mentor, 422, say(WHY[refused.why]))
    return page("mentors/left.html", first_name=mentor.first_name, short=short)


def _mentor_or_404(person_id: UUID) -> Standing:
    found = mentors.standing([person_id], clock.today()).get(person_id)
    if found is None or not access.leads_mentor(me(), found.branch_id):
        abort(404)
    return found


def _told(wish: Made, first_name: str) -> str | None:
    """To whoever may answer it: not to the co-mentor who leads."""
    own = wish.person_id == me().id
    if not own and not access.may_handle_wish(me(), wish):
        return None
    return say(WISHES[wish.kind][1], name=first_name)


def _text(one: guides.Standing) -> Accepted:
    return Accepted(one.text(spoken())["title"], one.version, one.accepted_at)


def _way_in(mentor: Standing) -> WayIn | None:
    """Of an active mentor who has never been in."""
    if mentor.stage != ACTIVE or ways_in.of(mentor.id).any:
        return None
    last, now = invitations.last_of([mentor.id]).get(mentor.id), clock.now()
    return WayIn(
        say(INVITED[last.state(now)] if last else UNINVITED),
        again=last is not None,
        can=access.may_invite(me(), mentor.id, clock.today())
        and staff.can_be_written_to(mentor.id),
    )


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _day(field: Field) -> date | None:
    try:
        return date.fromisoformat(field.data or "")
    except ValueError:
        return None


def _new_page(form: PersonForm, status: int = 200) -> Response:
    known = branches.names(me().leads)
    return page(
        "mentors/new.html",
        status=status,
        form=form,
        branches=[(str(branch), name) for branch, name in known.items()],
    )


def _page(
    mentor: Standing, status: int = 200, sentence: str | None = None, **forms: FlaskForm
) -> Response:
    today = clock.today()
    fresh: dict[str, Any] = {
        "requirement": RequirementForm(formdata=None, data={"met_on": today.isoformat()}),
        "born": BornForm(formdata=None),
        "lending": LendForm(formdata=None),
        "leave": LeaveForm(formdata=None),
    }
    past, known = mentors.history(mentor.id), branches.all_names()
    names = people.first_names({row.by for row in past})
    wish = wishes.newest_of(mentor.id)
    return page(
        "mentors/mentor.html",
        status=status,
        sentence=sentence,
        mentor=shown(mentor, today),
        person=people.cards({mentor.id})[mentor.id],
        own=mentor.id == me().id,
        needs=needs(mentor),
        age=of_age(mentor, today),
        way_in=_way_in(mentor),
        texts=[_text(one) for one in guides.standing(mentor.id).values()],
        clearance=CLEARANCE,
        facts=profile_facts(mentor, today),
        in_catalogue=mentor.profile.shown,
        next=[(stage, say(STAGES[stage])) for stage in NEXT[mentor.stage]],
        history=[(say(STAGES[row.stage]), row.at, names[row.by]) for row in past],
        lendable=[(str(b), named) for b, named in known.items() if b != mentor.branch_id],
        lent=[(known[row.branch_id], row.to_on) for row in mentors.lent(mentor, today)],
        met_on=mentor.met_on,
        supervisions=mentor.supervisions,
        called_on=mentor.called_on,
        wish=_told(wish, mentor.first_name) if wish and wish.open else None,
        **(fresh | forms),
    )
