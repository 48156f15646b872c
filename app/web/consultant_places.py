"""Afdelinger and Institutioner: what the consultant keeps about places."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from app.domain import places, plain_text
from app.domain.places import LONGEST_NAME, LONGEST_VISITING, House, Taken, Town
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, uuid_or_none

pages = Blueprint("consultant_places", __name__)
BRANCHES, TOWNS, HOUSES = (
    "/konsulent/afdelinger",
    "/konsulent/kommuner",
    "/konsulent/institutioner",
)
BRANCH = f"{BRANCHES}/<uuid:branch_id>"
TOWN = f"{TOWNS}/<uuid:municipality_id>"
HOUSE = f"{HOUSES}/<uuid:institution_id>"
DIGITS = 8  # of a Danish phone number
TAKEN = mark("Det navn findes allerede. Vælg et andet.")


class NameForm(FlaskForm):
    name = StringField()

    def validate_name(self, field: Field) -> None:
        name = _line(field)
        if not name:
            raise StopValidation(say("Skriv navnet."))
        if len(name) > LONGEST_NAME:
            raise StopValidation(say("Navnet er for langt. Der er plads til 80 tegn."))
        if problem := plain_text.problem(name):
            raise StopValidation(say(problem))


class TownForm(NameForm):
    name = StringField(id="town-name")  # beside the name of a branch on one page
    branch = StringField()
    by_agreement = BooleanField()

    def validate_branch(self, field: Field) -> None:
        if uuid_or_none(field.data) not in {row.id for row in places.branches()}:
            raise StopValidation(say("Vælg den afdeling, der dækker kommunen."))

    def town(self) -> Town:
        return Town(_line(self.name), UUID(self.branch.data), bool(self.by_agreement.data))


class HouseForm(NameForm):
    phone = StringField()
    visiting = TextAreaField()
    closed = BooleanField()

    def validate_phone(self, field: Field) -> None:
        digits = _digits(field)
        if digits and not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
            raise StopValidation(say("Skriv omstillingens otte cifre, eller lad det stå tomt."))

    def validate_visiting(self, field: Field) -> None:
        # The switchboard may stand in the rules: only what looks like a CPR number may not.
        text = plain_text.cleaned(field.data) or ""
        if len(text) > LONGEST_VISITING:
            raise StopValidation(say("Teksten er for lang. Der er plads til 2.000 tegn."))
        if plain_text.CPR.search(text):
            raise StopValidation(
                say("Der ser ud til at stå et CPR-nummer i teksten. Skriv den om uden nummeret.")
            )

    def house(self) -> House:
        visiting = plain_text.cleaned(self.visiting.data)
        return House(
            _line(self.name), _digits(self.phone) or None, visiting, bool(self.closed.data)
        )


class NewBranch(NameForm):
    id = StringField(validators=[MadeId()])


class NewTown(TownForm):
    id = StringField(validators=[MadeId()])


class NewHouse(HouseForm):
    id = StringField(validators=[MadeId()])


@pages.get(BRANCHES)
def branches() -> Response:
    return _branches_page()


@pages.post(BRANCHES)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def add_branch() -> AnyResponse:
    form = NewBranch()
    if form.validate_on_submit() and _kept(
        form, places.add_branch, UUID(form.id.data), _line(form.name)
    ):
        return go(BRANCHES)
    return _branches_page(_status(form), new_branch=form)


@pages.post(TOWNS)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def add_town() -> AnyResponse:
    form = NewTown()
    if form.validate_on_submit() and _kept(
        form, places.add_municipality, UUID(form.id.data), form.town()
    ):
        return go(BRANCHES)
    return _branches_page(_status(form), new_town=form)


@pages.get(BRANCH)
def branch(branch_id: UUID) -> Response:
    found = _one_of(places.branches(), branch_id)
    return _branch_page(found, NameForm(formdata=None, data={"name": found.name}))


@pages.post(BRANCH)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def rename(branch_id: UUID) -> AnyResponse:
    found, form = _one_of(places.branches(), branch_id), NameForm()
    if form.validate_on_submit() and _kept(form, places.rename_branch, branch_id, _line(form.name)):
        return go(BRANCHES)
    return _branch_page(found, form, _status(form))


@pages.get(TOWN)
def town(municipality_id: UUID) -> Response:
    found = _one_of(places.municipalities(), municipality_id)
    data = {"name": found.name, "branch": str(found.branch_id), "by_agreement": found.by_agreement}
    return _town_page(found, TownForm(formdata=None, data=data))


@pages.post(TOWN)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def change_town(municipality_id: UUID) -> AnyResponse:
    found, form = _one_of(places.municipalities(), municipality_id), TownForm()
    if form.validate_on_submit() and _kept(
        form, places.change_municipality, municipality_id, form.town
    ):
        return go(BRANCHES)
    return _town_page(found, form, _status(form))


@pages.get(HOUSES)
def houses() -> Response:
    return _houses_page(NewHouse(formdata=None, data={"id": str(uuid4())}))


@pages.post(HOUSES)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def add_house() -> AnyResponse:
    form = NewHouse()
    if form.validate_on_submit() and _kept(
        form, places.add_institution, UUID(form.id.data), form.house()
    ):
        return go(HOUSES)
    return _houses_page(form, _status(form))


@pages.get(HOUSE)
def house(institution_id: UUID) -> Response:
    found = _one_of(places.institutions(), institution_id)
    data = {
        "name": found.name,
        "phone": found.phone,
        "visiting": found.visiting,
        "closed": found.closed_at is not None,
    }
    return _house_page(found, HouseForm(formdata=None, data=data))


@pages.post(HOUSE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def change_house(institution_id: UUID) -> AnyResponse:
    found, form = _one_of(places.institutions(), institution_id), HouseForm()
    if form.validate_on_submit() and _kept(
        form, places.change_institution, institution_id, form.house()
    ):
        return go(HOUSES)
    return _house_page(found, form, _status(form))


def _kept(form: NameForm, verb: Any, which: UUID, what: Any) -> bool:
    """Whether it was stored; otherwise the name says why not."""
    try:
        verb(which, what() if callable(what) else what, pen())
    except Taken:
        form.name.errors = [say(TAKEN)]
        return False
    return True


def _one_of(found: list[Any], wanted: UUID) -> Any:
    row = next((row for row in found if row.id == wanted), None)
    if row is None:
        abort(404)
    return row


def _line(field: Field) -> str:
    return " ".join((field.data or "").split())


def _digits(field: Field) -> str:
    return (field.data or "").strip().removeprefix("+45").replace(" ", "")


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _branches_page(status: int = 200, **forms: FlaskForm) -> Response:
    fresh: dict[str, Any] = {
        "new_branch": NewBranch(formdata=None, data={"id": str(uuid4())}),
        "new_town": NewTown(formdata=None, data={"id": str(uuid4())}),
    }
    known, towns = places.branches(), places.municipalities()
    return page(
        "places/branches.html",
        status=status,
        branches=[(row, [town for town in towns if town.branch_id == row.id]) for row in known],
        choices=[(str(row.id), row.name) for row in known],
        **(fresh | forms),
    )


def _branch_page(found: Any, form: NameForm, status: int = 200) -> Response:
    return page("places/branch.html", status=status, branch=found, form=form)


def _town_page(found: Any, form: TownForm, status: int = 200) -> Response:
    choices = [(str(row.id), row.name) for row in places.branches()]
    return page("places/town.html", status=status, town=found, form=form, choices=choices)


def _houses_page(form: NewHouse, status: int = 200) -> Response:
    return page("places/houses.html", status=status, houses=places.institutions(), form=form)


def _house_page(found: Any, form: HouseForm, status: int = 200) -> Response:
    return page("places/house.html", status=status, house=found, form=form)
