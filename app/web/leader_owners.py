"""Giv ansvaret videre: what a leader owns, handed on to another leader of the branch."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from app.domain import mentorships, owners
from app.domain.owners import REFERRAL, Owned
from app.extensions import csrf
from app.language import say
from app.vault import ring
from app.web import owner_form
from app.web.asking import me
from app.web.owner_form import HandOnForm

pages = Blueprint("leader_owners", __name__)
HERE = "/leder/ansvar"


@pages.get(HERE)
def show() -> Response:
    return _page(owner_form.fresh(_mine()), 200)


@pages.post(HERE)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def hand_on() -> AnyResponse:
    return owner_form.hand_on(_mine(), _page, HERE)


def _mine() -> list[Owned]:
    """My own, and what nobody who leads there owns."""
    return owners.theirs_to_give(me().id, me().leads)


def _page(form: HandOnForm, status: int) -> Response:
    found = _mine()
    ring().take(one.participant_id for one in found)
    return owner_form.shown(
        form,
        found,
        _words,
        status,
        back="/leder",
        back_to=say("Overblik"),
        here=HERE,
        nothing=say("Du har ikke ansvaret for noget"),
        nobody=say(
            "Der skal være en anden aktivitetsleder i afdelingen, som ikke er eller har været"
            " mentor i forløbet. Tal med konsulenten."
        ),
    )


def _words(one: Owned) -> str:
    name = mentorships.identity_of(one.participant_id).first_name
    return say("%(name)s, henvisning", name=name) if one.kind == REFERRAL else name
