"""Det faste beløb: what there is, what has been spent, and asking the leader."""

from datetime import timedelta
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from app import clock
from app.domain import grants, people, plain_text
from app.domain.grants import LONGEST
from app.domain.mentorships import View
from app.domain.receipts import Different, NotTheirs
from app.extensions import csrf
from app.language import say
from app.web import desk
from app.web.asking import id_or_404, me, pen
from app.web.hypertext import go, page
from app.web.log_form import MadeId, Text, day_of
from app.web.shown_grant import expenses, kroner, typed

pages = Blueprint("grants", __name__)
HERE = "/forloeb/beloeb"
BACK = timedelta(days=366)


class ExpenseForm(FlaskForm):
    id = StringField(validators=[MadeId()])
    mentorship = StringField()
    on = StringField()
    amount = StringField()
    what = StringField(validators=[Text(LONGEST)])

    def validate_on(self, field: Field) -> None:
        if not clock.today() - BACK <= day_of(field) <= clock.today():
            raise StopValidation(say("Vælg den dag, pengene blev brugt."))

    def validate_amount(self, field: Field) -> None:
        if typed(field.data) is None:
            raise StopValidation(say("Skriv et beløb i kroner, for eksempel 125,50."))

    def validate_what(self, field: Field) -> None:
        if not plain_text.cleaned(field.data):
            raise StopValidation(say("Skriv kort, hvad det var til."))


@pages.get(HERE)
def show() -> Response:
    mine = _mine_or_404()
    data = {
        "id": str(uuid4()),
        "mentorship": str(mine.id),
        "on": clock.today().isoformat(),
    }
    return _page(ExpenseForm(formdata=None, data=data), mine)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was typed is kept
def ask() -> AnyResponse:
    mine, form = _mine_or_404(), ExpenseForm()
    if id_or_404(form.mentorship.data) != mine.id:
        abort(404)
    if not form.validate_on_submit():
        return _page(form, mine, 400 if form.errors.get("csrf_token") else 422)
    try:
        grants.ask(
            UUID(form.id.data),
            mine,
            day_of(form.on),
            typed(form.amount.data) or 0,
            plain_text.cleaned(form.what.data) or "",
            pen(),
            by=me().id,
        )
    except (Different, NotTheirs):
        form.id.data = str(uuid4())
        form.id.errors = [say("Du har allerede sendt en udgift herfra. Vil du sende denne også?")]
        return _page(form, mine, 409)
    return go(HERE)


def _mine_or_404() -> View:
    mine = desk.mine_or_404()
    if grants.switched_off(mine.id):
        abort(404)
    return mine


def _page(form: ExpenseForm, mine: View, status: int = 200) -> Response:
    account = grants.account(mine.id)
    names = people.first_names({one.asked_by for one in account.spent})
    return page(
        "grants/page.html",
        status=status,
        form=form,
        granted=kroner(account.granted) if account.granted else None,
        rest=kroner(account.rest),
        expenses=expenses(account, names),
        leader=mine.leader,
    )
