"""Whether the person is still there: the lock of a device left alone, the fresh proof, and use."""

from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from flask import Response, g, redirect, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app import db
from app.domain import locks
from app.language import switch
from app.web.asking import UNSAFE, house, local_path, me
from app.web.permits import FRESH, OPEN_TO_ALL, SENT_LATER, UNWATCHED, UPLOADS, WHILE_CLOSED

UNLOCK_PAGE, PROVE_PAGE = "/laas-op", "/bekraeft"
KEPT = "kept."  # before the name of a field that waits until the person has shown who they are
NEVER_KEPT = frozenset(
    {"csrf_token", "credential", "password", "again", "pin", "pin_again", "new_pin"}
)


class NotShown(Exception):
    """Who holds the device is not known, or not lately enough; what was sent from it waits."""

    def __init__(self, page: str, path: str, kept: list[tuple[str, str]]) -> None:
        super().__init__(page)
        self.page = page  # UNLOCK_PAGE or PROVE_PAGE
        self.path = path
        self.kept = kept


def lock_what_was_left_alone() -> AnyResponse | None:
    """What waits on a phone still goes on its way; all that comes back is that it is stored."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_TO_ALL or not current_user.is_authenticated:
        return None
    if endpoint in WHILE_CLOSED or not locks.is_closed(me(), house().settings.idle):
        return None
    if "unreadable" in g:
        raise g.unreadable
    if endpoint in SENT_LATER and "sealed" in request.form:
        g.unseen = True
        return None
    switch(me().language)
    return _to_show_who_they_are(UNLOCK_PAGE)


def ask_for_a_fresh_proof() -> AnyResponse | None:
    """The gravest acts: a device that is only open is not enough."""
    if request.endpoint not in FRESH or locks.is_fresh(me(), locks.FRESH):
        return None
    return _to_show_who_they_are(PROVE_PAGE)


def _to_show_who_they_are(where: str) -> AnyResponse:
    """To that page, and from there back to this one. What was typed waits in its form."""
    sent = request.method in UNSAFE
    fragment = "HX-Request" in request.headers
    if sent and not fragment and request.endpoint not in UPLOADS:
        pairs = request.form.items(multi=True)
        kept = [(name, text) for name, text in pairs if name not in NEVER_KEPT]
        raise NotShown(where, request.path, kept)
    target = request.path
    if sent or fragment:
        came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "/")
        target = local_path(urlsplit(came_from).path)
    address = f"{where}?{urlencode({'next': target})}"
    if fragment:
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def note_that_it_is_used() -> bool:
    """Once a minute, by what a person does; what a phone does by itself keeps no lock open."""
    by_itself = request.endpoint in UNWATCHED or "sealed" in g
    if by_itself or not current_user.is_authenticated or not locks.is_to_be_noted(me()):
        return False
    if locks.is_closed(me(), house().settings.idle):
        return False
    locks.see(me().sign_in_id)
    return True


def note_apart(unit: db.Unit) -> None:
    """The same, after a page that was only read. Unwritten, the lock comes early."""
    if not current_user.is_authenticated or not locks.is_to_be_noted(me()):
        return
    unit.rollback()
    with suppress(SQLAlchemyError), house().work(writes=True) as (note, _):
        if note_that_it_is_used():
            note.commit()
