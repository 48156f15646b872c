"""Ret: a mentor's or a participant's name, number and address, by who leads them."""

from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import access, corrections, mentors, mentorships, people
from app.domain.mentors import Refused
from app.domain.mentorships import View
from app.domain.people import Card
from app.extensions import csrf
from app.language import say
from app.web.asking import house, me, pen
from app.web.hypertext import go, page
from app.web.person_form import ColleagueForm, ParticipantForm, form_status

pages = Blueprint("leader_corrections", __name__)
MENTOR = "/leder/mentorer/<uuid:person_id>"
LIFE = "/leder/forloeb/<uuid:mentorship_id>"


@pages.get(f"{MENTOR}/ret")
def mentor(person_id: UUID) -> Response:
    card = _card_or_404(person_id)
    return _mentor_page(person_id, ColleagueForm(formdata=None, data=card._asdict()))


@pages.post(f"{MENTOR}/ret")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def correct_mentor(person_id: UUID) -> AnyResponse:
    card, form = _card_or_404(person_id), ColleagueForm()
    if not form.validate_on_submit():
        return _mentor_page(person_id, form, form_status(form))
    now = form.who()
    if now.email != card.email and not access.may_readdress(me(), person_id, clock.today()):
        form.email.errors = [say("Bed en konsulent om at skifte den e-mail.")]
        return _mentor_page(person_id, form, 422)
    try:
        corrections.of_colleague(person_id, now, house().keyring.lookup, pen())
    except Refused:
        form.email.errors = [say("Den e-mailadresse er allerede i brug. Skriv en anden.")]
        return _mentor_page(person_id, form, 422)
    return go(f"/leder/mentorer/{person_id}")


@pages.get(f"{LIFE}/deltager")
def participant(mentorship_id: UUID) -> Response:
    life = _life_or_404(mentorship_id)
    known = mentorships.identity_of(life.participant_id)
    return _participant_page(life, ParticipantForm(formdata=None, data=known._asdict()))


@pages.post(f"{LIFE}/deltager")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def correct_participant(mentorship_id: UUID) -> AnyResponse:
    life, form = _life_or_404(mentorship_id), ParticipantForm()
    if not form.validate_on_submit():
        return _participant_page(life, form, form_status(form))
    corrections.of_participant(life.participant_id, form.identity(), pen())
    return go(f"/leder/forloeb/{mentorship_id}")


def _card_or_404(person_id: UUID) -> Card:
    found = mentors.standing([person_id], clock.today()).get(person_id)
    if found is None or not access.leads_mentor(me(), found.branch_id):
        abort(404)
    return people.cards({person_id})[person_id]


def _life_or_404(mentorship_id: UUID) -> View:
    life = mentorships.one(mentorship_id, clock.today())
    if life is None or not access.leads(me(), mentorship_id):
        abort(404)
    return life


def _mentor_page(person_id: UUID, form: ColleagueForm, status: int = 200) -> Response:
    up, href = say("Mentor"), f"/leder/mentorer/{person_id}"
    return page("corrections/colleague.html", status=status, form=form, up=up, href=href)


def _participant_page(life: View, form: ParticipantForm, status: int = 200) -> Response:
    return page("corrections/participant.html", status=status, form=form, mentorship=life.id)
