"""Sletning, as a leader meets it: when each is due, asking ahead of time, and the receipts."""

from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from app.domain import access, erasure
from app.domain.belongings import PARTICIPANT
from app.domain.erasure import Meanwhile, Told
from app.extensions import csrf
from app.language import say
from app.web import shown_erasure
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.shown_erasure import MEANWHILE, about, asked, name_of, rows, shown, told_or_404

pages = Blueprint("leader_erasures", __name__)
HERE = "/leder/sletning"
ABOUT = f"{HERE}/om/<uuid:subject_id>"
ONE = f"{HERE}/<uuid:erasure_id>"
A_PAGE = 60


@pages.get(HERE)
def show() -> Response:
    return page(
        "erasures/page.html", rows=rows(erasure.of(me().leads, A_PAGE), HERE), clocks=[], due=[]
    )


@pages.get(ABOUT)
def person(subject_id: UUID) -> Response:
    _led_or_404(subject_id)
    return about(subject_id, PARTICIPANT, HERE, "/leder")


@pages.post(ABOUT)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def ask(subject_id: UUID) -> AnyResponse:
    branch = _led_or_404(subject_id)
    return asked(subject_id, PARTICIPANT, branch, HERE, "/leder")


@pages.get(ONE)
def one(erasure_id: UUID) -> Response:
    return _page(_own_or_404(erasure_id))


@pages.post(f"{ONE}/fortrydelse")
def take_back(erasure_id: UUID) -> AnyResponse:
    """Whoever asked may take it back until it has begun."""
    told = _own_or_404(erasure_id)
    if told.asked_by != me().id:
        abort(403)
    try:
        erasure.end(told, pen(), by=me().id)
    except Meanwhile:
        return _page(told_or_404(erasure_id), 409, say(MEANWHILE))
    return go(f"{HERE}/{erasure_id}")


def _led_or_404(subject: UUID) -> UUID | None:
    """The branch of a participant whom one leads."""
    found = erasure.subject_of(subject)
    if not found or found[0] != PARTICIPANT or not access.leads_participant(me(), subject):
        abort(404)
    return found[1]


def _own_or_404(erasure_id: UUID) -> Told:
    """Of a branch that one leads."""
    told = told_or_404(erasure_id)
    if told.branch_id not in me().leads or told.kind != PARTICIPANT:
        abort(404)
    return told


def _page(told: Told, status: int = 200, sentence: str | None = None) -> Response:
    waits = told.state in shown_erasure.NOT_BEGUN
    mine = waits and told.asked_by == me().id
    known = waits and access.leads_participant(me(), told.subject_id)  # it may have moved
    return page(
        "erasures/one.html",
        status=status,
        sentence=sentence,
        one=shown(told),
        name=name_of(told.kind, told.subject_id) if known else None,
        may_confirm=False,
        may_end=f"{HERE}/{told.id}/fortrydelse" if mine else None,
        here=HERE,
    )
