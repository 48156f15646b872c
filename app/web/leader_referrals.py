"""Henvisninger: received, screened, talked with, matched; one next step at a time."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import (
    access,
    consents,
    corrections,
    intakes,
    leading,
    mentorships,
    moves,
    people,
    plain_text,
    referrals,
)
from app.domain.consents import CONTACT, PURPOSES, RESEARCH, SHARING, TRANSFER
from app.domain.referrals import (
    AHEAD,
    DECLINED,
    INTERVIEWED,
    OUTSIDE,
    RECEIVED,
    SCREENED,
    STATUSES,
    STEPS,
    WITHDRAWN,
    Made,
    Meanwhile,
    Refused,
    Terms,
)
from app.extensions import csrf
from app.language import mark, say
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, OfficePhone, OneOf, Text, uuid_or_none
from app.web.person_form import ParticipantForm
from app.web.shown_consent import shown
from app.web.shown_intake import sections

pages = Blueprint("leader_referrals", __name__)
HERE = "/leder/henvisninger"
ONE = f"{HERE}/<uuid:referral_id>"
A_PAGE = 80
LONGEST_SOURCE = 200
ASKED_FIRST = (CONTACT, TRANSFER, SHARING, RESEARCH)  # by the social worker
OUT = {
    DECLINED: mark("Deltageren siger nej"),
    OUTSIDE: mark("Uden for målgruppen"),
    WITHDRAWN: mark("Henvisningen er trukket tilbage"),
}
NO_PLACE = "none"


class ReferralForm(ParticipantForm):
    id = StringField(validators=[MadeId()])
    municipality = StringField()
    institution = StringField()
    release_on = StringField()
    release_status = StringField(validators=[OneOf(STATUSES)])
    received_on = StringField()
    source = StringField(validators=[Text(LONGEST_SOURCE)])
    source_phone = StringField(validators=[OfficePhone()])
    consents = SelectMultipleField(validate_choice=False)

    def validate_release_on(self, field: Field) -> None:
        future_or_stop(field)

    def validate_received_on(self, field: Field) -> None:
        day = day_or_stop(field)
        if not clock.today() - AHEAD <= day <= clock.today():
            raise StopValidation(
                say("Datoen ligger i fremtiden eller for langt tilbage. Vælg en anden.")
            )

    def validate_consents(self, field: Field) -> None:
        OneOf(ASKED_FIRST)(self, field)


class CorrectionForm(ReferralForm):
    """What is mended later: when and how the release is has a form of its own."""

    id = institution = release_on = release_status = consents = None


class ScreenForm(FlaskForm):
    in_target = BooleanField()
    safe = BooleanField()

    def validate_safe(self, field: Field) -> None:
        if not (self.in_target.data and field.data):
            raise StopValidation(say("Sæt begge kryds, eller vælg nederst, hvorfor det slutter."))


class SituationForm(FlaskForm):
    release_on = StringField()
    release_status = StringField(validators=[OneOf(STATUSES)])
    institution = StringField()

    def validate_release_on(self, field: Field) -> None:
        future_or_stop(field)


@pages.get(HERE)
def show() -> Response:
    today = clock.today()
    found = access.referrals_led(me(), referrals.of(me().leads, A_PAGE))
    return page(
        "referrals/page.html",
        open=[_row(one, today) for one in found if one.open],
        closed=[_row(one, today) for one in found if not one.open],
    )


@pages.get(f"{HERE}/ny")
def new() -> Response:
    data = {"id": str(uuid4()), "received_on": clock.today().isoformat()}
    return _new_page(ReferralForm(formdata=None, data=data))


@pages.post(f"{HERE}/ny")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def receive() -> AnyResponse:
    form = ReferralForm()
    valid = form.validate_on_submit()
    place = _municipality(form.municipality.data)
    if place is None or place.branch_id is None:
        form.municipality.errors = [say("Vælg den kommune, deltageren løslades til.")]
    if not valid or place is None or place.branch_id is None:
        return _new_page(form, 400 if form.errors.get("csrf_token") else 422)
    institution = _institution(form.institution.data)
    terms = Terms(
        **form.identity()._asdict(),
        municipality_id=place.id,
        institution_id=institution and institution.id,
        release_on=date.fromisoformat(form.release_on.data or ""),
        release_status=form.release_status.data or None,
        received_on=date.fromisoformat(form.received_on.data or ""),
        source=plain_text.cleaned(form.source.data),
        source_phone=plain_text.cleaned(form.source_phone.data),
        consents=tuple(form.consents.data or ()),
    )
    made = referrals.receive(UUID(form.id.data), place.branch_id, terms, pen(), by=me().id)
    return go(f"{HERE}/{made}")


@pages.get(ONE)
def one(referral_id: UUID) -> Response:
    return _page(_referral_or_404(referral_id))


@pages.post(f"{ONE}/screening")
@csrf.exempt  # the form checks its token itself, so that the ticks are kept
def screen(referral_id: UUID) -> AnyResponse:
    referral, form = _referral_or_404(referral_id), ScreenForm()
    if not form.validate_on_submit():
        return _page(referral, _status(form), screening=form)
    return _moved(referral, SCREENED)


@pages.post(f"{ONE}/samtale")
def interviewed(referral_id: UUID) -> AnyResponse:
    """The for-samtale has been held. The start form may be missing: some do not want it."""
    return _moved(_referral_or_404(referral_id), INTERVIEWED)


@pages.post(f"{ONE}/slut")
def close(referral_id: UUID) -> AnyResponse:
    referral, way = _referral_or_404(referral_id), request.form.get("way", "")
    if way not in OUT:
        abort(404)
    return _moved(referral, way)


@pages.post(f"{ONE}/situation")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def situate(referral_id: UUID) -> AnyResponse:
    referral, form = _open_or_404(referral_id), SituationForm()
    if not form.validate_on_submit():
        return _page(referral, _status(form), situation=form)
    institution = _institution(form.institution.data, referral.institution_id)
    referrals.situate(
        referral,
        date.fromisoformat(form.release_on.data or ""),
        form.release_status.data or None,
        institution and institution.id,
        pen(),
    )
    return go(f"{HERE}/{referral_id}")


@pages.get(f"{ONE}/ret")
def mend(referral_id: UUID) -> Response:
    referral = _open_or_404(referral_id)
    known = mentorships.identity_of(referral.participant_id)
    data = known._asdict() | {
        "municipality": str(referral.municipality_id),
        "received_on": referral.received_on.isoformat(),
        "source": referral.text("source"),
        "source_phone": referral.text("source_phone"),
    }
    return _correction_page(referral, CorrectionForm(formdata=None, data=data))


@pages.post(f"{ONE}/ret")
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def correct(referral_id: UUID) -> AnyResponse:
    referral, form = _open_or_404(referral_id), CorrectionForm()
    valid = form.validate_on_submit()
    place = _municipality(form.municipality.data)
    if place is None:
        form.municipality.errors = [say("Vælg den kommune, deltageren løslades til.")]
    if not valid or place is None:
        return _correction_page(referral, form, _status(form))
    corrections.of_participant(referral.participant_id, form.identity(), pen())
    now = {
        "municipality_id": place.id,
        "branch_id": place.branch_id,
        "received_on": date.fromisoformat(form.received_on.data or ""),
        "source": plain_text.cleaned(form.source.data),
        "source_phone": plain_text.cleaned(form.source_phone.data),
    }
    corrections.of_referral(referral, now, pen())
    return go(f"{HERE}/{referral_id}")


@pages.post(f"{ONE}/samtykke")
def consent(referral_id: UUID) -> AnyResponse:
    """A yes, or its withdrawal, from today on."""
    referral, purpose = _open_or_404(referral_id), request.form.get("purpose", "")
    if purpose not in PURPOSES:
        abort(404)
    yes = request.form.get("yes") == "1"
    consents.say(referral.participant_id, purpose, yes, clock.today(), pen(), by=me().id)
    return go(f"{HERE}/{referral_id}")


def day_or_stop(field: Field) -> date:
    try:
        return date.fromisoformat(field.data or "")
    except ValueError:
        raise StopValidation(say("Vælg en dato.")) from None


def future_or_stop(field: Field) -> None:
    """A release that is still to come, and not further than three years off."""
    day = day_or_stop(field)
    if day < clock.today():
        raise StopValidation(say("Løsladelsen ligger i fortiden. Vælg i dag eller en senere dag."))
    if day > clock.today() + AHEAD:
        raise StopValidation(say("Vælg en dato inden for de næste tre år."))


def _referral_or_404(referral_id: UUID) -> Made:
    referral = referrals.one(referral_id)
    if referral is None or not access.leads_referral(me(), referral):
        abort(404)
    return referral


def _open_or_404(referral_id: UUID) -> Made:
    """One that has not ended: afterwards the mentorship's own pages say and correct what is so."""
    referral = _referral_or_404(referral_id)
    if not referral.open:
        abort(404)
    return referral


def _moved(referral: Made, step: str) -> AnyResponse:
    try:
        referrals.move(referral, step, pen(), by=me().id)
    except Meanwhile:
        sentence = say("Det er ændret imens. Se, hvordan det står nu.")
        return _page(_referral_or_404(referral.id), 409, sentence)
    except Refused:
        sentence = say("Deltageren skal først have sagt ja til, at vi tager kontakt.")
        return _page(referral, 422, sentence)
    return go(f"{HERE}/{referral.id}")


def _municipality(raw: str | None) -> moves.Place | None:
    """One that a branch one leads answers for."""
    wanted = uuid_or_none(raw)
    places = (p for p in moves.municipalities() if p.branch_id in me().leads)
    return next((place for place in places if place.id == wanted), None)


def _municipalities() -> list[tuple[str, str]]:
    """Those that a branch one leads answers for."""
    return [(str(p.id), p.name) for p in moves.municipalities() if p.branch_id in me().leads]


def _institution(raw: str | None, now: UUID | None = None) -> moves.Place | None:
    wanted = uuid_or_none(raw)
    return next((place for place in moves.institutions(now) if place.id == wanted), None)


def _status(form: FlaskForm) -> int:
    return 400 if form.errors.get("csrf_token") else 422


def _row(referral: Made, today: date) -> dict[str, Any]:
    return {
        "first_name": referral.first_name,
        "step": say(STEPS[referral.step]),
        "days": referral.days(today),
        "waits": referral.open and referral.days(today) >= referrals.WAITS.days,
        "release_on": referral.release_on,
        "href": f"{HERE}/{referral.id}",
    }


def _correction_page(referral: Made, form: CorrectionForm, status: int = 200) -> Response:
    return page(
        "corrections/referral.html",
        status=status,
        form=form,
        referral=referral.id,
        municipalities=_municipalities(),
    )


def _new_page(form: ReferralForm, status: int = 200) -> Response:
    return page(
        "referrals/new.html",
        status=status,
        form=form,
        municipalities=_municipalities(),
        institutions=_institutions(),
        statuses=_said(STATUSES),
        purposes=[(code, say(PURPOSES[code])) for code in ASKED_FIRST],
        latest=clock.today() + AHEAD,
    )


def _page(
    referral: Made, status: int = 200, sentence: str | None = None, **forms: FlaskForm
) -> Response:
    today, intake = clock.today(), intakes.of_referral(referral.id)
    past = referrals.history(referral.id)
    names = people.first_names({row.by for row in past} | {referral.leader_id})
    given = intakes.answers(intake) if intake else {}
    fresh: dict[str, Any] = {
        "screening": ScreenForm(formdata=None),
        "situation": SituationForm(
            formdata=None,
            data={
                "release_on": referral.release_on.isoformat(),
                "release_status": referral.release_status,
                "institution": str(referral.institution_id or NO_PLACE),
            },
        ),
    }
    identity = mentorships.identity_of(referral.participant_id)
    led = leading.of(referral.branch_id, referral.leader_id, today)
    return page(
        "referrals/referral.html",
        status=status,
        sentence=sentence,
        referral=referral,
        step=say(STEPS[referral.step]),
        days=referral.days(today),
        late=referral.open and referrals.late(referral.release_on, today),
        owner=names[referral.leader_id],
        to_give=led.is_offered_to(me().id),
        name=" ".join(filter(None, (identity.first_name, identity.surname))),
        phone=identity.phone,
        source=referral.text("source"),
        source_phone=referral.text("source_phone"),
        release_status=say(STATUSES[referral.release_status]) if referral.release_status else None,
        to_screen=referral.step == RECEIVED,
        to_talk=referral.step == SCREENED,
        to_match=referral.step == INTERVIEWED,
        begun=intake is not None,
        finished=bool(intake and intake.finished_at),
        answers=sections(given, frozenset()),
        consents=shown(referral.participant_id),
        says_to=f"{HERE}/{referral.id}/samtykke" if referral.open else None,
        ways=[(code, say(label)) for code, label in OUT.items() if _leads_to(referral, code)],
        history=[
            (say(STEPS[row.step]), row.at, names[row.by], _days_at(row, after, today))
            for row, after in zip(past, [*past[1:], None], strict=True)
        ],
        statuses=_said(STATUSES),
        institutions=_institutions(referral.institution_id),
        latest=today + AHEAD,
        **(fresh | forms),
    )


def _days_at(row: Any, after: Any, today: date) -> int | None:
    """How long it stood at that step; at one that it never leaves, it does not stand."""
    if after is None and row.step not in referrals.OPEN:
        return None
    until = clock.in_denmark(after.at).date() if after else today
    return (until - clock.in_denmark(row.at).date()).days


def _leads_to(referral: Made, step: str) -> bool:
    return step in referrals.NEXT[referral.step]


def _institutions(now: UUID | None = None) -> list[tuple[str, str]]:
    found = [(str(place.id), place.name) for place in moves.institutions(now)]
    return [*found, (NO_PLACE, say("Ingen eller en anden"))]


def _said(choices: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, say(label)) for code, label in choices.items()]
