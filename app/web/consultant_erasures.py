"""Sletning: what is due and when, what lies late, the receipts; and the second yes."""

from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import access, branches, due, erasure, retention
from app.domain.due import WORDS, Due
from app.domain.erasure import ASKED, Meanwhile, Told
from app.extensions import csrf
from app.language import say
from app.web import shown_erasure
from app.web.asking import me, pen
from app.web.hypertext import go, page
from app.web.shown_erasure import (
    IN_USE,
    KINDS,
    MEANWHILE,
    about,
    asked,
    in_use,
    name_of,
    rows,
    shown,
    told_or_404,
)

pages = Blueprint("consultant_erasures", __name__)
HERE = "/konsulent/sletning"
ABOUT = f"{HERE}/om/<uuid:subject_id>"
ONE = f"{HERE}/<uuid:erasure_id>"
A_PAGE, COMING = 60, 40


@pages.get(HERE)
def show() -> Response:
    today = clock.today()
    found, names = due.everything(today), branches.all_names()
    late = [one for one in found if one.on < today]
    coming = [one for one in found if one.on >= today]
    return page(
        "erasures/page.html",
        rows=rows(erasure.everything(A_PAGE), HERE),
        late=[_due(one, names) for one in late],
        due=[_due(one, names) for one in coming[:COMING]],
        more=len(coming) - COMING,
        clocks=[(say(kept.what), say(kept.how_long)) for kept in retention.CLOCKS],
        national=True,
    )


@pages.get(ABOUT)
def person(subject_id: UUID) -> Response:
    kind, _ = _subject_or_404(subject_id)
    return about(subject_id, kind, HERE, HERE)


@pages.post(ABOUT)
@csrf.exempt  # the form checks its token itself, so that what was chosen is kept
def ask(subject_id: UUID) -> AnyResponse:
    return asked(subject_id, *_subject_or_404(subject_id), HERE, HERE)


@pages.get(ONE)
def one(erasure_id: UUID) -> Response:
    return _page(told_or_404(erasure_id))


@pages.post(f"{ONE}/bekraeftelse")
def confirm(erasure_id: UUID) -> AnyResponse:
    """The second yes: from another person than the first (ASVS 2.3.5)."""
    told = told_or_404(erasure_id)
    if not access.may_confirm_erasing(me(), told.asked_by):
        return _page(told, 403, say("Du har selv bedt om det. En anden konsulent skal bekræfte."))
    if told.state == ASKED and in_use(told.kind, told.subject_id):
        return _page(told, 422, say(IN_USE))
    try:
        erasure.confirm(told, pen(), by=me().id)
    except Meanwhile:
        return _page(told_or_404(erasure_id), 409, say(MEANWHILE))
    return go(f"{HERE}/{erasure_id}")


@pages.post(f"{ONE}/afvisning")
def refuse(erasure_id: UUID) -> AnyResponse:
    """No, or taken back: nothing is erased ahead of time."""
    try:
        erasure.end(told_or_404(erasure_id), pen(), by=me().id)
    except Meanwhile:
        return _page(told_or_404(erasure_id), 409, say(MEANWHILE))
    return go(f"{HERE}/{erasure_id}")


def _subject_or_404(subject: UUID) -> tuple[str, UUID | None]:
    found = erasure.subject_of(subject)
    if found is None:
        abort(404)
    return found


def _due(one: Due, names: dict[UUID, str]) -> tuple[object, str, str | None, str | None]:
    """Day, what, branch, and where to read on: never a name in a list."""
    branch = names.get(one.branch_id) if one.branch_id else None
    href = None if one.kind == WORDS else f"{HERE}/om/{one.subject_id}"
    return one.on, say(KINDS[one.kind]), branch, href


def _page(told: Told, status: int = 200, sentence: str | None = None) -> Response:
    early = told.state in shown_erasure.NOT_BEGUN
    may = told.state == ASKED and access.may_confirm_erasing(me(), told.asked_by)
    return page(
        "erasures/one.html",
        status=status,
        sentence=sentence,
        one=shown(told),
        name=name_of(told.kind, told.subject_id) if early else None,
        may_confirm=f"{HERE}/{told.id}/bekraeftelse" if may else None,
        waits_for_another=told.state == ASKED and not may,
        may_end=f"{HERE}/{told.id}/afvisning" if early else None,
        here=HERE,
    )
