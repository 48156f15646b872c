"""Beløb og kørsel: what a mentorship may use, yes or no to each thing, kilometres by quarter."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import access, branches, grants, moves, people
from app.domain.grants import Meanwhile
from app.extensions import csrf
from app.language import say
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.shown_grant import expenses, kroner, typed

pages = Blueprint("leader_grants", __name__)
HERE = "/leder/forloeb/<uuid:mentorship_id>/beloeb"
DRIVING = "/leder/koersel"
A_YEAR = timedelta(days=366)


class GrantForm(FlaskForm):
    amount = StringField()

    def validate_amount(self, field: Field) -> None:
        if typed(field.data) is None:
            raise StopValidation(say("Skriv et beløb i kroner, for eksempel 2.000."))


@pages.get(HERE)
def show(mentorship_id: UUID) -> Response:
    return _page(_led_or_404(mentorship_id), GrantForm(formdata=None))


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def grant(mentorship_id: UUID) -> AnyResponse:
    life, form = _led_or_404(mentorship_id), GrantForm()
    if not form.validate_on_submit():
        return _page(life, form, 400 if form.errors.get("csrf_token") else 422)
    amount = typed(form.amount.data) or 0
    grants.grant(life, _participant(life), amount, pen(), by=me().id)
    return go(_here(life))


@pages.post("/leder/udgifter/<uuid:expense_id>")
def answer(expense_id: UUID) -> AnyResponse:
    life = grants.owner_of(expense_id)
    if life is None:
        abort(404)
    _led_or_404(life)
    try:
        yes = request.form.get("svar") == "ja"
        grants.answer(expense_id, _participant(life), yes, pen(), by=me().id)
    except Meanwhile:
        return _page(
            life, GrantForm(formdata=None), 409, say("Der er allerede svaret på udgiften.")
        )
    return go(_here(life))


@pages.get(DRIVING)
def driving() -> Response:
    known = branches.names(me().leads)
    driven = grants.kilometres(me().leads, clock.today() - A_YEAR)
    return page(
        "grants/driving.html",
        branches=[
            (
                named,
                [
                    (say("%(n)s. kvartal %(year)s", n=quarter, year=year), km)
                    for (branch_id, year, quarter), km in sorted(
                        driven.items(), key=lambda item: item[0][1:], reverse=True
                    )
                    if branch_id == branch
                ],
                str(branch),
                branches.has_no_grants(branch),
            )
            for branch, named in known.items()
        ],
    )


@pages.post(f"{DRIVING}/beloeb")
def switch() -> AnyResponse:
    """The fixed amount is used in this branch, or it is not."""
    branch = id_or_404(request.form.get("branch"))
    if branch not in me().leads:
        abort(404)
    grants.switch(branch, request.form.get("off") == "1", pen())
    return go(DRIVING)


def _led_or_404(mentorship_id: UUID) -> UUID:
    if not access.leads(me(), mentorship_id) or grants.switched_off(mentorship_id):
        abort(404)
    return mentorship_id


def _participant(mentorship_id: UUID) -> UUID:
    participant: UUID = moves.life_of(mentorship_id).participant_id
    return participant


def _here(mentorship_id: UUID) -> str:
    return f"/leder/forloeb/{mentorship_id}/beloeb"


def _page(life: UUID, form: GrantForm, status: int = 200, sentence: str | None = None) -> Response:
    account = grants.account(life)
    names = people.first_names({one.asked_by for one in account.spent})
    return page(
        "leader/grant.html",
        status=status,
        sentence=sentence,
        id=life,
        form=form,
        granted=kroner(account.granted),
        used=kroner(account.used),
        rest=kroner(account.rest),
        over=account.rest < 0,
        expenses=expenses(account, names),
        km=grants.kilometres_of(life),
    )
