"""Personer: who signs in, as what and where; the way in, and the way out."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import (
    corrections,
    invitations,
    news,
    notices,
    owners,
    people,
    places,
    recovery_codes,
    staff,
    trail,
)
from app.domain.invitations import SENT, USED
from app.domain.mentors import Refused
from app.domain.people import CONSULTANT, LEADER, MENTOR, ROLES
from app.domain.staff import Colleague
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import house, me, pen
from app.web.hypertext import go, page
from app.web.log_form import uuid_or_none
from app.web.person_form import ColleagueForm, PersonForm
from app.web.shown_mentor import INVITED, UNINVITED

pages = Blueprint("consultant_staff", __name__)
HERE = "/konsulent/personer"
ONE = f"{HERE}/<uuid:person_id>"
A_PAGE = 50  # people
MOST = 100_000  # how far a page can be asked for
ROLE_WORDS = {
    MENTOR: mark("Mentor"),
    LEADER: mark("Aktivitetsleder"),
    CONSULTANT: mark("Konsulent"),
}
LETTERS = {
    notices.SENT: mark("E-mailen med linket er sendt"),
    notices.FAILED: mark("E-mailen kunne ikke afleveres. Se, om adressen er rigtig."),
    notices.WITHDRAWN: mark("E-mailen blev ikke sendt. Prøv igen."),
}
NO_EMAIL = mark("Personen har ingen e-mail. Uden den kan der ikke sendes et link.")
BY_LETTER = mark(
    "Personen har allerede en måde at logge ind på. Derfor går et nyt link kun med e-mail."
)
MEANWHILE = mark("Det er ændret imens. Se, hvordan det står nu.")
SETTLING = mark(
    "E-mailadressen er skiftet inden for de seneste syv dage. Så længe kan der ikke gives en kode."
)
WHY = {
    "own": mark("Du kan ikke ændre dine egne roller. Bed en anden konsulent om det."),
    "has": mark("Personen har allerede den rolle."),
    "meanwhile": MEANWHILE,
    "nobody_leads": mark(
        "Ingen anden aktivitetsleder i afdelingen kan overtage det, personen har ansvaret for. Giv"
        " en anden rollen som aktivitetsleder dér først."
    ),
}


class WhereForm(FlaskForm):
    branch = StringField()

    def validate_branch(self, field: Field) -> None:
        if uuid_or_none(field.data) not in {row.id for row in places.branches()}:
            raise StopValidation(say("Vælg en afdeling."))


class RoleForm(FlaskForm):
    role = StringField()
    branch = StringField(id="role-branch")  # beside the other one on the page

    def validate_role(self, field: Field) -> None:
        _is_role(field)

    def validate_branch(self, field: Field) -> None:
        _branch_for(self.role.data, field)


class HireForm(PersonForm):
    role = StringField()

    def validate_role(self, field: Field) -> None:
        _is_role(field)

    def validate_branch(self, field: Field) -> None:
        _branch_for(self.role.data, field)


class EndForm(FlaskForm):
    role_id = StringField()
    sure = BooleanField()


@pages.get(HERE)
def show() -> Response:
    known = _branches()
    asked = next((code for code, _ in known if code == request.args.get("afdeling")), None)
    found = [one for one in staff.everyone(clock.today()) if asked in (None, str(one.branch_id))]
    skip = min(max(request.args.get("fra", 0, int), 0), MOST)
    query = {"afdeling": asked or "", "fra": skip + A_PAGE}
    return page(
        "staff/page.html",
        people=[_row(one) for one in found[skip : skip + A_PAGE]],
        first=skip + 1,
        last=min(skip + A_PAGE, len(found)),
        total=len(found),
        more=f"{HERE}?{urlencode(query)}" if len(found) > skip + A_PAGE else None,
        branches=known,
        asked=asked,
    )


@pages.get(f"{HERE}/ny")
def new() -> Response:
    return _new_page(HireForm(formdata=None, data={"id": str(uuid4())}))


@pages.post(f"{HERE}/ny")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def hire() -> AnyResponse:
    form = HireForm()
    if not form.validate_on_submit():
        return _new_page(form, _status(form))
    branch = None if form.role.data == CONSULTANT else UUID(form.branch.data)
    lookup = house().keyring.lookup
    try:
        staff.hire(UUID(form.id.data), form.who(), form.role.data or "", branch, lookup, pen())
    except Refused:
        form.email.errors = [say("Den e-mailadresse er allerede i brug. Skriv en anden.")]
        return _new_page(form, 422)
    return go(f"{HERE}/{form.id.data}")


@pages.get(ONE)
def one(person_id: UUID) -> Response:
    return _page(_colleague_or_404(person_id))


@pages.get(f"{ONE}/ret")
def mend(person_id: UUID) -> Response:
    _colleague_or_404(person_id)
    card = people.cards({person_id})[person_id]
    return _correction_page(person_id, ColleagueForm(formdata=None, data=card._asdict()))


@pages.post(f"{ONE}/ret")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def correct(person_id: UUID) -> AnyResponse:
    _colleague_or_404(person_id)
    form = ColleagueForm()
    if not form.validate_on_submit():
        return _correction_page(person_id, form, _status(form))
    try:
        corrections.of_colleague(person_id, form.who(), house().keyring.lookup, pen())
    except Refused:
        form.email.errors = [say("Den e-mailadresse er allerede i brug. Skriv en anden.")]
        return _correction_page(person_id, form, 422)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/invitation")
def invite(person_id: UUID) -> Response:
    """The link is shown on this one answer and never again: only its hash is kept."""
    colleague = _colleague_or_404(person_id)
    if not colleague.roles:
        return _page(colleague, 422, say("Giv en rolle først."))
    if invitations.only_by_letter(person_id):
        return _page(colleague, 422, say(BY_LETTER))
    token = invitations.invite(person_id, pen(), by=me().id)
    address = f"{house().settings.origin}/invitation/{token}"
    return _page(_colleague_or_404(person_id), address=address)


@pages.post(f"{ONE}/hjaelp-ind")
def help_in(person_id: UUID) -> Response:
    """A code for who has lost phone and app, for a quarter of an hour; shown on this one answer."""
    colleague = _colleague_or_404(person_id)
    if colleague.id == me().id:
        refusal = WHY["own"]
        return _page(colleague, 422, say(refusal))
    if corrections.is_settling(person_id):
        return _page(colleague, 422, say(SETTLING))
    code = recovery_codes.give(person_id, me().id, house().keyring.lookup)
    notices.at_once(person_id, news.ACCESS_CHANGED, me().id, None, clock.now())
    pen().write(trail.HELPED, "person", person_id)
    return _page(colleague, code=code)


@pages.post(f"{ONE}/brev")
def send(person_id: UUID) -> AnyResponse:
    """By letter, the first time or again; the one before stops working."""
    colleague = _colleague_or_404(person_id)
    if not colleague.roles:
        return _page(colleague, 422, say("Giv en rolle først."))
    if not staff.can_be_written_to(person_id):
        return _page(colleague, 422, say(NO_EMAIL))
    invitations.send(person_id, pen(), by=me().id)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/rolle")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def give(person_id: UUID) -> AnyResponse:
    colleague, form = _colleague_or_404(person_id), RoleForm()
    if not form.validate_on_submit():
        return _page(colleague, _status(form), role=form)
    try:
        branch = uuid_or_none(form.branch.data)
        staff.give(colleague, form.role.data or "", branch, pen(), by=me().id)
    except Refused as refused:
        form.role.errors = [say(WHY[refused.why])]
        return _page(colleague, 422, role=form)
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/rolle-slut")
@csrf.exempt  # the form checks its token itself, so that the tick is kept
def end(person_id: UUID) -> AnyResponse:
    colleague, form = _colleague_or_404(person_id), EndForm()
    if not form.validate_on_submit():
        return _page(colleague, 400, end=form)
    wanted = uuid_or_none(form.role_id.data)
    if wanted is None:
        abort(404)
    if wanted not in {held.id for held in colleague.roles}:
        return _page(colleague, 409, say(MEANWHILE))
    if not form.sure.data:
        form.sure.errors = [say("Sæt kryds, hvis rollen skal slutte nu.")]
        return _page(colleague, 422, end=form)
    try:
        staff.end(wanted, pen(), by=me().id)
    except Refused as refused:
        return _page(colleague, 422, say(WHY[refused.why]))
    return go(f"{HERE}/{person_id}")


@pages.post(f"{ONE}/afdeling")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def move(person_id: UUID) -> AnyResponse:
    colleague, form = _colleague_or_404(person_id), WhereForm()
    if not form.validate_on_submit():
        return _page(colleague, _status(form), where=form)
    try:
        staff.move(colleague, UUID(form.branch.data), pen(), by=me().id)
    except Refused as refused:
        form.branch.errors = [say(WHY[refused.why])]
        return _page(colleague, 422, where=form)
    return go(f"{HERE}/{person_id}")


def _is_role(field: Field) -> None:
    if field.data not in ROLES:
        raise StopValidation(say("Vælg en rolle."))


def _branch_for(role: str | None, field: Field) -> None:
    """A consultant is everywhere; everybody else is somewhere."""
    known = {row.id for row in places.branches()}
    if role != CONSULTANT and uuid_or_none(field.data) not in known:
        raise StopValidation(say("Vælg en afdeling."))


def _colleague_or_404(person_id: UUID) -> Colleague:
    found = staff.one(person_id, clock.today())
    if found is None:
        abort(404)
    return found


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _row(colleague: Colleague) -> dict[str, Any]:
    roles = [_words(held.role, held.branch) for held in colleague.roles]
    return {
        "name": f"{colleague.first_name} {colleague.surname}".strip(),
        "roles": ", ".join(roles) or say("Ingen rolle"),
        "state": _state(colleague),
        "href": f"{HERE}/{colleague.id}",
    }


def _words(role: str, branch: str | None) -> str:
    return " · ".join(part for part in (say(ROLE_WORDS[role]), branch) if part)


def _state(colleague: Colleague) -> str | None:
    """What to know of the way in; nothing once it has been used."""
    if colleague.invitation not in (None, USED):
        return say(INVITED[str(colleague.invitation)])
    return None if colleague.has_way_in else say(UNINVITED)


def _letter(colleague: Colleague) -> dict[str, Any]:
    """Whether a letter can go, and what became of the last one."""
    can = staff.can_be_written_to(colleague.id)
    last = invitations.last_of([colleague.id]).get(colleague.id)
    told = last and invitations.letter_of(last)
    if last is None or told is None:
        return {"can": can, "again": False, "told": None, "at": None}
    if last.state(clock.now()) != SENT:
        return {"can": can, "again": True, "told": None, "at": None}
    words = LETTERS.get(told.state, mark("E-mailen venter på at blive sendt."))
    return {"can": can, "again": True, "told": say(words), "at": told.mailed_at}


def _branches() -> list[tuple[str, str]]:
    return [(str(row.id), row.name) for row in places.branches()]


def _roles() -> list[tuple[str, str]]:
    return [(code, say(label)) for code, label in ROLE_WORDS.items()]


def _new_page(form: HireForm, status: int = 200) -> Response:
    return page("staff/new.html", status=status, form=form, branches=_branches(), roles=_roles())


def _correction_page(person_id: UUID, form: ColleagueForm, status: int = 200) -> Response:
    up, href = say("Person"), f"{HERE}/{person_id}"
    return page("corrections/colleague.html", status=status, form=form, up=up, href=href)


def _page(
    colleague: Colleague,
    status: int = 200,
    sentence: str | None = None,
    address: str | None = None,
    code: str | None = None,
    **forms: FlaskForm,
) -> Response:
    where = {"branch": str(colleague.branch_id or "")}
    fresh: dict[str, Any] = {
        "role": RoleForm(formdata=None),
        "end": EndForm(formdata=None),
        "where": WhereForm(formdata=None, data=where),
    }
    return page(
        "staff/person.html",
        status=status,
        sentence=sentence,
        address=address,
        code=code,
        person=_row(colleague),
        letter=_letter(colleague),
        only_by_letter=invitations.only_by_letter(colleague.id),
        own=colleague.id == me().id,
        owns=len(owners.of(colleague.id)),
        held=[(str(held.id), _words(held.role, held.branch)) for held in colleague.roles],
        asked=request.form.get("role_id") if status != 200 else None,
        branches=_branches(),
        roles=_roles(),
        **(fresh | forms),
    )
