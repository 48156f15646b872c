"""Udtræk: all that is kept about a participant, to print and hand over; and that it was."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock, db
from app.domain import access, disclosures, extracts, people, referrals
from app.domain.disclosures import WAYS
from app.domain.mentorships import Mentorship
from app.extensions import csrf
from app.language import say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId
from app.web.shown_extract import shown

pages = Blueprint("leader_extracts", __name__)
OF_LIFE = "/leder/forloeb/<uuid:mentorship_id>/udtraek"
OF_REFERRAL = "/leder/henvisninger/<uuid:referral_id>/udtraek"
LONG_AGO = timedelta(days=60)


class HandOverForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    way = StringField()
    on = StringField()

    def validate_way(self, field: Field) -> None:
        if field.data not in WAYS:
            raise StopValidation(say("Vælg, hvem der fik det."))

    def validate_on(self, field: Field) -> None:
        try:
            day = date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation(say("Vælg en dato.")) from None
        if not clock.today() - LONG_AGO <= day <= clock.today():
            raise StopValidation(
                say("Datoen ligger i fremtiden eller for langt tilbage. Vælg en anden.")
            )


@pages.get(OF_LIFE)
def of_life(mentorship_id: UUID) -> Response:
    return _page(_of_life_or_404(mentorship_id), f"/leder/forloeb/{mentorship_id}", _fresh())


@pages.post(OF_LIFE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def hand_over_life(mentorship_id: UUID) -> AnyResponse:
    return _hand_over(_of_life_or_404(mentorship_id), f"/leder/forloeb/{mentorship_id}")


@pages.get(OF_REFERRAL)
def of_referral(referral_id: UUID) -> Response:
    participant = _of_referral_or_404(referral_id)
    return _page(participant, f"/leder/henvisninger/{referral_id}", _fresh())


@pages.post(OF_REFERRAL)
@csrf.exempt  # the same
def hand_over_referral(referral_id: UUID) -> AnyResponse:
    return _hand_over(_of_referral_or_404(referral_id), f"/leder/henvisninger/{referral_id}")


def _of_life_or_404(mentorship_id: UUID) -> UUID:
    """The participant; all of whose mentorships the leader must lead, since the extract has all."""
    if not access.leads(me(), mentorship_id):
        abort(404)
    participant = db.session().get_one(Mentorship, mentorship_id).participant_id
    if not all(access.leads(me(), one) for one in extracts.lives_of(participant)):
        abort(404)
    return participant


def _of_referral_or_404(referral_id: UUID) -> UUID:
    """The participant; the mentorship that came of it may be another branch's by now."""
    referral = referrals.one(referral_id)
    if referral is None or not access.leads_referral(me(), referral):
        abort(404)
    return referral.participant_id


def _hand_over(participant: UUID, back: str) -> AnyResponse:
    form = HandOverForm()
    if not form.validate_on_submit():
        return _page(participant, back, form, 400 if form.errors.get("csrf_token") else 422)
    day = date.fromisoformat(form.on.data or "")
    disclosures.hand_over(
        UUID(form.id.data), participant, form.way.data or "", day, pen(), by=me().id
    )
    return go(f"{back}/udtraek")


def _fresh() -> HandOverForm:
    return HandOverForm(formdata=None, data={"id": str(uuid4()), "on": clock.today().isoformat()})


def _page(participant: UUID, back: str, form: HandOverForm, status: int = 200) -> Response:
    given = disclosures.of(participant)
    names = people.first_names({row.by for row in given})
    return page(
        "extracts/page.html",
        status=status,
        extract=shown(extracts.of(participant, for_leader=True), participant),
        made_on=clock.today(),
        back_to=back,
        form=form,
        ways=[(code, say(label)) for code, label in WAYS.items()],
        given=[(say(WAYS[row.way]), row.on, names[row.by]) for row in given],
    )
