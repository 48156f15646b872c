"""Partnere: prisons, municipalities and offices, what is agreed with them, and when to call."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import branches, partners, plain_text
from app.domain.partners import DATES, KINDS, LONGEST, Known, Terms
from app.extensions import csrf
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OfficePhone, OneOf, day_of, uuid_or_none

pages = Blueprint("partners", __name__)
HERE = "/leder/partnere"
ONE = f"{HERE}/<uuid:partner_id>"
FIRST, LAST = date(2015, 1, 1), 3 * 366  # when the scheme began; days ahead


class PartnerForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    branch = StringField()
    kind = StringField(validators=[OneOf(KINDS)])
    name = StringField()
    contact = StringField()
    phone = StringField(validators=[OfficePhone()])
    sent_on = StringField()
    signed_on = StringField()
    review_on = StringField()

    def validate_kind(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvad slags partner det er."))

    def validate_name(self, field: Field) -> None:
        text = plain_text.cleaned(field.data) or ""
        if not text or len(text) > LONGEST:
            raise StopValidation(say("Skriv stedets navn."))

    def validate_contact(self, field: Field) -> None:
        if len(field.data or "") > LONGEST:
            raise StopValidation(say("Navnet er for langt. Skriv det kortere."))

    def validate_sent_on(self, field: Field) -> None:
        _possible(field)

    def validate_signed_on(self, field: Field) -> None:
        _possible(field)

    def validate_review_on(self, field: Field) -> None:
        _possible(field)


@pages.get(HERE)
def show() -> Response:
    today = clock.today()
    return page(
        "partners/page.html",
        partners=[
            {
                "name": one.name,
                "kind": say(KINDS[one.kind]),
                "due": one.due(today),
                "review_on": one.review_on,
                "href": f"{HERE}/{one.id}",
            }
            for one in partners.of(me().leads)
        ],
    )


@pages.get(f"{HERE}/ny")
def new() -> Response:
    data = {"id": str(uuid4()), "branch": str(min(me().leads, key=str))}
    return _page(PartnerForm(formdata=None, data=data))


@pages.get(ONE)
def one(partner_id: UUID) -> Response:
    known = _partner_or_404(partner_id)
    data: dict[str, Any] = {
        "id": str(known.id),
        "branch": str(known.branch_id),
        "kind": known.kind,
        "name": known.name,
        "contact": known.text("contact"),
        "phone": known.text("phone"),
    }
    data |= {name: getattr(known, name) and getattr(known, name).isoformat() for name in DATES}
    return _page(PartnerForm(formdata=None, data=data), known)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def save() -> AnyResponse:
    form = PartnerForm()
    valid = form.validate_on_submit()
    branch, partner = uuid_or_none(form.branch.data), uuid_or_none(form.id.data)
    known = partners.one(partner) if partner else None
    if branch not in me().leads or (known and known.branch_id != branch):
        abort(404)
    if not valid or partner is None or branch is None:
        return _page(form, known, 400 if form.errors.get("csrf_token") else 422)
    terms = Terms(
        form.kind.data or "",
        plain_text.cleaned(form.name.data) or "",
        plain_text.cleaned(form.contact.data),
        plain_text.cleaned(form.phone.data),
        *(day_of(form[name]) if form[name].data else None for name in DATES),
    )
    partners.save(partner, branch, terms, pen(), by=me().id)
    return go(HERE)


@pages.post(f"{ONE}/kontakt")
def contact(partner_id: UUID) -> AnyResponse:
    partners.contacted(_partner_or_404(partner_id).id, pen())
    return go(f"{HERE}/{partner_id}")


@pages.post(f"{ONE}/slut")
def close(partner_id: UUID) -> AnyResponse:
    partners.close(_partner_or_404(partner_id).id, pen())
    return go(HERE)


def _partner_or_404(partner_id: UUID) -> Known:
    known = partners.one(partner_id)
    if known is None or known.branch_id not in me().leads:
        abort(404)
    return known


def _possible(field: Field) -> None:
    if field.data:
        day = day_of(field)
        if day < FIRST or (day - clock.today()).days > LAST:
            raise StopValidation(say("Den dag er for langt væk. Vælg en anden."))


def _page(form: PartnerForm, known: Known | None = None, status: int = 200) -> Response:
    return page(
        "partners/partner.html",
        status=status,
        form=form,
        known=known,
        kinds=[(code, say(label)) for code, label in KINDS.items()],
        branches=[(str(b), named) for b, named in branches.names(me().leads).items()],
    )
