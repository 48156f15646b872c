"""Kontakt: a call, a text message or an attempt, in two taps."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, g
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, contacts, receipts
from app.domain.contacts import KINDS, Contact
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import DayForm, MadeId, OneOf

pages = Blueprint("contacts", __name__)


class ContactForm(DayForm):
    id = StringField(validators=[MadeId()])
    mentorship = StringField()
    kind = StringField(validators=[OneOf(KINDS)])

    def validate_kind(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(say("Vælg, hvordan du tog kontakt."))


@pages.get("/kontakter/ny")
def new() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("meetings/none.html")
    fresh: dict[str, Any] = {"id": str(uuid4()), "mentorship": str(mine.id), "date": ""}
    fresh["opened"] = clock.today().isoformat()
    return _page(ContactForm(formdata=None, data=fresh), mine)


@pages.post("/kontakter")
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def create() -> AnyResponse:
    form = ContactForm()
    mine = desk.of_form_or_404(form.mentorship.data)
    if g.get("draft"):
        return _page(form, mine)
    form.earliest, form.latest = mine.first_day(me().id), mine.last_day(me().id)
    if not desk.is_mine(mine):
        form.sat = partial(mine.sat, me().id)
    if not form.validate_on_submit():
        return _page(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        sent = UUID(form.id.data), mine, form.kind.data or "", form.day()
        stored = contacts.log(*sent, pen(), by=me().id)
    except NotTheirs:
        form.id.data = str(uuid4())
        form.id.errors = [say("Kontakten blev ikke sendt. Prøv igen.")]
        return _page(form, mine, 409)
    except Different:
        form.id.errors = [say("Du har allerede sendt kontakten. Se den under Forløb.")]
        return _page(form, mine, 409, _standing(form, mine))
    return go(f"/kontakter/{stored}" if desk.is_mine(mine) else f"/sendt/{stored}")


@pages.get("/kontakter/<uuid:contact_id>")
def receipt(contact_id: UUID) -> Response:
    mine = desk.mine_or_404()
    contact = contacts.one(contact_id)
    if contact is None or contact.mentorship_id != mine.id:
        abort(404)
    day = clock.in_denmark(contact.at).date()
    return page(
        "contacts/receipt.html",
        contact=contact,
        kind=say(KINDS[contact.kind]),
        may_take_back=access.may_take_back(me(), contact.author_id, day, clock.today()),
    )


@pages.post("/kontakter/<uuid:contact_id>/tilbagetagning")
def take_back(contact_id: UUID) -> AnyResponse:
    mine = desk.mine_or_404()
    contact = contacts.one(contact_id)
    if contact is None or contact.mentorship_id != mine.id:
        abort(404)
    day = clock.in_denmark(contact.at).date()
    if not access.may_take_back(me(), contact.author_id, day, clock.today()):
        abort(403)
    contacts.take_back(contact, pen(), by=me().id)
    return go("/forloeb")


def _standing(form: ContactForm, mine: View) -> Contact | None:
    """What we hold under the id that the form came with."""
    record = receipts.record_of(UUID(form.id.data), me().id)
    contact = contacts.one(record) if record else None
    return contact if contact and contact.mentorship_id == mine.id else None


def _page(
    form: ContactForm, mine: View, status: int = 200, standing: Contact | None = None
) -> Response:
    return page(
        "contacts/page.html",
        status=status,
        form=form,
        participant=mine.participant,
        earliest=mine.first_day(me().id),
        today=clock.today(),
        standing=standing,
        written_on=form.day() if standing else None,
    )
