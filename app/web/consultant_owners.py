"""Giv ansvaret videre, for somebody else: what a leader owns, without a name of a participant."""

from functools import partial
from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import branches, owners, staff
from app.domain.owners import REFERRAL, Owned
from app.extensions import csrf
from app.language import say, spoken
from app.web import owner_form
from app.web.hypertext import short_day
from app.web.owner_form import HandOnForm

pages = Blueprint("consultant_owners", __name__)
HERE = "/konsulent/personer/<uuid:person_id>/ansvar"


@pages.get(HERE)
def show(person_id: UUID) -> Response:
    found = _of_or_404(person_id)
    return _page(person_id, owner_form.fresh(found), 200)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def hand_on(person_id: UUID) -> AnyResponse:
    found = _of_or_404(person_id)
    return owner_form.hand_on(found, partial(_page, person_id), f"/konsulent/personer/{person_id}")


def _of_or_404(person_id: UUID) -> list[Owned]:
    if staff.one(person_id, clock.today()) is None:
        abort(404)
    return owners.of(person_id)


def _page(person_id: UUID, form: HandOnForm, status: int) -> Response:
    found = _of_or_404(person_id)
    where = branches.names(one.branch_id for one in found)
    here = f"/konsulent/personer/{person_id}"
    return owner_form.shown(
        form,
        found,
        lambda one: _words(one, where[one.branch_id]),
        status,
        back=here,
        back_to=say("Person"),
        here=f"{here}/ansvar",
        nothing=say("Personen har ikke ansvaret for noget"),
        nobody=say(
            "Der skal være en anden aktivitetsleder i afdelingen, som ikke er eller har været"
            " mentor i forløbet. Giv først en anden rollen."
        ),
    )


def _words(one: Owned, branch: str) -> str:
    """By place and day: who it is about is nothing a consultant needs for this."""
    day = f"{short_day(one.since, spoken())} {one.since.year}"
    if one.kind == REFERRAL:
        return say("Henvisning i %(branch)s, modtaget %(day)s", branch=branch, day=day)
    return say("Forløb i %(branch)s, begyndt %(day)s", branch=branch, day=day)
