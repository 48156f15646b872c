"""Flyt: a new release date, another institution, another municipality; and what moved with it."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, mentorships, moves, people, rules
from app.domain.moves import INSTITUTION, MUNICIPALITY, RELEASE, NobodyLeads, Place
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import uuid_or_none
from app.web.shown_move import ShownShift, shown_shifts

pages = Blueprint("leader_moves", __name__)
HERE = "/leder/forloeb/<uuid:mentorship_id>/flytning"
NONE = "none"  # no longer in any institution
KINDS = {
    RELEASE: mark("Løsladelsen"),
    INSTITUTION: mark("Institutionen"),
    MUNICIPALITY: mark("Kommunen"),
}


class ReleaseForm(FlaskForm):
    release_on = StringField()
    earliest: date
    latest: date

    def validate_release_on(self, field: Field) -> None:
        try:
            day = date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(say("Vælg en dato.")) from None
        if day < self.earliest:
            raise StopValidation(say("Den dag var forløbet ikke begyndt. Vælg en senere dag."))
        if day > self.latest:
            raise StopValidation(say("Vælg en dato inden for de næste tre år."))


class InstitutionForm(FlaskForm):
    institution = StringField()


class MunicipalityForm(FlaskForm):
    municipality = StringField()
    sure = BooleanField()


class ShownMove(NamedTuple):
    kind: str
    at: datetime
    by: str
    was: date | str | None
    became: date | str | None
    is_date: bool


@pages.get(HERE)
def show(mentorship_id: UUID) -> Response:
    return _page(_life_or_404(mentorship_id))


@pages.post(f"{HERE}/loesladelse")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def release(mentorship_id: UUID) -> AnyResponse:
    life, form = _life_or_404(mentorship_id), ReleaseForm()
    form.earliest, form.latest = life.matched_on, clock.today() + moves.AHEAD
    if not form.validate_on_submit():
        return _page(life, _status(form), release=form)
    moves.move_release(life, date.fromisoformat(form.release_on.data or ""), pen(), by=me().id)
    return go(_here(mentorship_id))


@pages.post(f"{HERE}/institution")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def institution(mentorship_id: UUID) -> AnyResponse:
    life, form = _life_or_404(mentorship_id), InstitutionForm()
    if not form.validate_on_submit():
        return _page(life, _status(form), institution=form)
    chosen = _place(form.institution.data, moves.institutions(life.institution_id))
    if chosen is None and form.institution.data != NONE:
        form.institution.errors = [say("Vælg en institution.")]
        return _page(life, 422, institution=form)
    moves.move_institution(life, chosen and chosen.id, pen(), by=me().id)
    return go(_here(mentorship_id))


@pages.post(f"{HERE}/kommune")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def municipality(mentorship_id: UUID) -> AnyResponse:
    life, form = _life_or_404(mentorship_id), MunicipalityForm()
    if not form.validate_on_submit():
        return _page(life, _status(form), municipality=form)
    chosen = _place(form.municipality.data, moves.municipalities())
    if chosen is None:
        form.municipality.errors = [say("Vælg en kommune.")]
        return _page(life, 422, municipality=form)
    leaves = chosen.branch_id not in me().leads
    if leaves and not form.sure.data:
        sentence = mark(
            "Den kommune hører til en anden afdeling. Forløbet flytter med, og du kan ikke læse"
            " det mere. Sæt kryds, hvis det er aftalt."
        )
        form.municipality.errors = [say(sentence)]
        return _page(life, 422, municipality=form)
    try:
        moves.move_municipality(life, chosen, pen(), by=me().id)
    except NobodyLeads:
        sentence = mark(
            "Den afdeling har ingen aktivitetsleder, der kan tage forløbet. Ring til konsulenten."
        )
        form.municipality.errors = [say(sentence)]
        return _page(life, 422, municipality=form)
    return go("/leder" if leaves else _here(mentorship_id))


def _life_or_404(mentorship_id: UUID) -> Any:
    """A running mentorship that one leads and never sat in."""
    if not access.leads(me(), mentorship_id):
        abort(404)
    seen = mentorships.one(mentorship_id, clock.today())
    if seen is None or (seen.ended_on and seen.ended_on < clock.today()):
        abort(404)
    return moves.life_of(mentorship_id)


def _here(mentorship_id: UUID) -> str:
    return f"/leder/forloeb/{mentorship_id}/flytning"


def _place(raw: str | None, places: list[Place]) -> Place | None:
    wanted = uuid_or_none(raw)
    return next((place for place in places if place.id == wanted), None)


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _page(life: Any, status: int = 200, **forms: FlaskForm) -> Response:
    fresh = {
        "release": ReleaseForm(formdata=None, data={"release_on": life.release_on.isoformat()}),
        "institution": InstitutionForm(
            formdata=None, data={"institution": str(life.institution_id or NONE)}
        ),
        "municipality": MunicipalityForm(
            formdata=None, data={"municipality": str(life.municipality_id)}
        ),
    }
    made = moves.of(life.id)
    return page(
        "leader/moves.html",
        status=status,
        id=life.id,
        participant=mentorships.identity_of(life.participant_id).first_name,
        earliest=life.matched_on,
        latest=clock.today() + moves.AHEAD,
        institutions=[
            *((str(place.id), place.name) for place in moves.institutions(life.institution_id)),
            (NONE, say("Ingen: løsladt")),
        ],
        municipalities=[(str(place.id), place.name) for place in moves.municipalities()],
        moved=_shown(made),
        shifts=_newest_shifts(life, made),
        **(fresh | forms),
    )


def _shown(made: list[moves.Made]) -> list[ShownMove]:
    names = people.first_names({move.by for move in made})
    return [
        ShownMove(
            say(KINDS[move.kind]),
            move.at,
            names[move.by],
            move.was,
            move.became,
            move.kind == RELEASE,
        )
        for move in made
    ]


def _newest_shifts(life: Any, made: list[moves.Made]) -> list[ShownShift]:
    """What the last move of the release date moved with it."""
    last = next((move for move in made if move.kind == RELEASE), None)
    if last is None or not isinstance(last.was, date) or not isinstance(last.became, date):
        return []
    return shown_shifts(life.matched_on, last.was, last.became, rules.value(rules.PLANNED_END))
