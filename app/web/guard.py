"""Closed by default: sign-in everywhere but for a short list, one commit per request, one set of
headers on every answer, and the access log written before the answer leaves.
"""

import logging
import secrets
from contextlib import suppress
from io import BytesIO
from typing import IO, Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import AnonymousUserMixin, current_user
from htmx_flask.requests import HtmxAwareRequest
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException, UnsupportedMediaType
from werkzeug.wrappers import Response as AnyResponse

from app import clock, config, db, doors, sealing, vault
from app.domain import access, locks, sign_ins, trail
from app.domain.sign_ins import Me
from app.extensions import login
from app.house import House
from app.language import DANISH, speaking, switch
from app.sealing import Label, NotForThem, Unreadable
from app.web.permits import (
    ANYONE_SIGNED_IN,
    CHECKS_FIRST,
    CONSULTANTS,
    FRESH,
    LEADERS,
    OPEN_TO_ALL,
    QUIET,
    REMEMBERED,
    SECRET_ADDRESS,
    SENT_LATER,
    UNWATCHED,
    UPLOADS,
    WHILE_CLOSED,
    WHILE_LENT,
)

HIDDEN_PAGE = "/ingen-forbindelse"
UNLOCK_PAGE, PROVE_PAGE = "/laas-op", "/bekraeft"
KEPT = "kept."  # before the name of a field that waits until the person has shown who they are
NEVER_KEPT = ("csrf_token", "password", "again", "pin", "code", "credential")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ON_EVERYTHING = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OVER_HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
log = logging.getLogger("primus")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Lent(Exception):
    """The phone is lent, and this is not the page that it was lent for."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class NotShown(Exception):
    """Who holds the device is not known, or not lately enough; what was sent from it waits."""

    def __init__(self, page: str, path: str, kept: list[tuple[str, str]]) -> None:
        super().__init__(page)
        self.page = page  # UNLOCK_PAGE or PROVE_PAGE
        self.path = path
        self.kept = kept


class Asked(HtmxAwareRequest):
    """A request whose files stay in memory: what people send is never written to disk open."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return BytesIO()


class GuardedFlask(Flask):
    """A Flask whose every request is one unit of work on the house."""

    def log_exception(self, exc_info: Any) -> None:
        """The kind only: a message may hold what people wrote, or the statement that failed."""
        log.error("%s in %s", exc_info[0].__name__, request.endpoint)

    def full_dispatch_request(self) -> Response:
        writes = request.method in UNSAFE and request.endpoint not in CHECKS_FIRST
        writes = writes or (request.method == "GET" and request.endpoint in REMEMBERED)
        if request.method in UNSAFE:
            _receive()
        if doors.closed(house().settings.instance):
            return self._refuse()
        with speaking(DANISH), house().work(writes=writes) as (unit, ring):
            response = super().full_dispatch_request()
            if "unseen" in g and not _has_gone_on(response):
                unit.rollback()  # it waits on the phone, until its author has opened the lock
                return self.finalize_request(Response(status=403))
            kept = writes and response.status_code < 400
            try:
                _log_readings(unit, ring, kept)
                if kept:
                    _note_that_it_is_used()
                    unit.commit()
                    _say_it_is_stored(response)
            except SQLAlchemyError as error:  # what is not written is not shown
                unit.rollback()
                response = self.finalize_request(self.handle_user_exception(error))
            if not kept:
                _note_apart(unit)
        return response

    def _refuse(self) -> Response:
        """A backup is being put back: nothing is asked of the stores."""
        _make_nonce()
        g._login_user = AnonymousUserMixin()
        with speaking(DANISH):
            return self.finalize_request(self.handle_user_exception(doors.Closed()))


def _receive() -> None:
    """Let the whole form arrive before a lock is taken: a slow sender must hold up nobody."""
    if request.endpoint in UPLOADS:
        return  # it is read later, and holds no lock meanwhile
    try:
        if request.mimetype in FORMS:
            request.form  # noqa: B018 - reading it is the point
    except HTTPException as error:
        g.unreadable = error  # what has been read once cannot be read again


def install(app: Flask) -> None:
    app.request_class = Asked  # after htmx has set its own
    app.before_request(_make_nonce)
    app.before_request(_refuse_foreign_forms)
    app.before_request(_stay_hidden)
    app.before_request(_refuse_while_lent)
    app.before_request(_lock_what_was_left_alone)
    app.before_request(_ask_to_sign_in)
    app.before_request(_refuse_what_is_unreadable)
    app.before_request(_ask_for_a_fresh_proof)
    app.before_request(_open_what_is_sealed)
    app.after_request(_add_headers)
    login.user_loader(_who)
    login.session_protection = None  # a phone changes network; the token is revocable instead
    login.unauthorized_handler(_to_sign_in)


def _who(token: str) -> Me | None:
    try:
        return sign_ins.who(token)
    except SQLAlchemyError:
        g._login_user = AnonymousUserMixin()  # the page that says so must not ask again
        raise


def house() -> House:
    made: House = current_app.extensions["house"]
    return made


def me() -> Me:
    """Who asks. Only for pages behind the sign-in."""
    who: Me | None = g.get("me")
    if who is None:
        who = g.me = current_user._get_current_object()
    return who


def pen() -> trail.Pen:
    """The trail, in the hand of whoever asks."""
    if "pen" not in g:
        known = current_user.is_authenticated
        who = (me().id, me().sign_in_id) if known else (None, None)
        g.pen = trail.Pen(house().keyring.trail, *who)
    made: trail.Pen = g.pen
    return made


def id_or_404(raw: str | None) -> UUID:
    """An id from a form; what is no id is not found."""
    try:
        return UUID(raw or "")
    except ValueError:
        abort(404)


def local_path(target: str | None) -> str:
    """A path on this site to go on to after sign-in; anything else is the start page."""
    try:
        parts = urlsplit(target or "/")
    except ValueError:
        return "/"
    safe = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return parts.path if safe and not parts.path.startswith(("//", "/\\")) else "/"


def _make_nonce() -> None:
    g.nonce = secrets.token_urlsafe(16)


def _refuse_foreign_forms() -> None:
    if request.method not in UNSAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        abort(403)
    if request.headers.get("Transfer-Encoding"):
        abort(411)  # no browser sends a form so, and one too long would be cut off in silence
    if request.content_length and request.mimetype not in FORMS:
        raise UnsupportedMediaType


def _refuse_what_is_unreadable() -> None:
    if "unreadable" in g:
        raise g.unreadable


def _open_what_is_sealed() -> None:
    """A form that waited on a phone: from here on it is the form that its author filled in."""
    sent = request.form if request.method in UNSAFE else {}
    if "sealed" not in sent or not current_user.is_authenticated:
        return
    record, mentorship = id_or_404(sent.get("record")), id_or_404(sent.get("mentorship"))
    label = Label(request.path, me().id, mentorship, record)
    try:
        pairs = sealing.opened(house().keyring, sent.get("key", ""), sent["sealed"], label)
    except NotForThem:
        abort(403)
    except Unreadable:
        abort(409)
    form = MultiDict(pairs)
    if (form.get("id"), form.get("mentorship")) != (str(record), str(mentorship)):
        abort(403)
    form["csrf_token"] = sent.get("csrf_token", "")
    request.form = ImmutableMultiDict(form)
    g.sealed, g.draft = record, bool(sent.get("draft"))


def _say_it_is_stored(response: Response) -> None:
    """The receipt that a phone waits for. Nothing else may make it say "sendt"."""
    if "sealed" in g and _has_gone_on(response):
        response.headers["Stored"] = f"{g.sealed} {clock.now().isoformat(timespec='seconds')}"


def _has_gone_on(response: AnyResponse) -> bool:
    return response.status_code == 303 or "HX-Redirect" in response.headers


def _lock_what_was_left_alone() -> AnyResponse | None:
    """What waits on a phone still goes on its way; all that comes back is that it is stored."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_TO_ALL or not current_user.is_authenticated:
        return None
    if endpoint in WHILE_CLOSED or not locks.is_closed(me(), house().settings.idle):
        return None
    _refuse_what_is_unreadable()
    if endpoint in SENT_LATER and "sealed" in request.form:
        g.unseen = True
        return None
    switch(me().language)
    return _to_show_who_they_are(UNLOCK_PAGE)


def _ask_for_a_fresh_proof() -> AnyResponse | None:
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
        kept = [(name, text) for name, text in pairs if not name.endswith(NEVER_KEPT)]
        raise NotShown(where, request.path, kept)
    target = request.path
    if sent or fragment:
        came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "/")
        target = local_path(urlsplit(came_from).path)
    address = f"{where}?{urlencode({'next': target})}"
    if fragment:
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _ask_to_sign_in() -> AnyResponse | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_TO_ALL:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    switch(me().language)
    if not _has_the_role(endpoint):
        abort(403)
    if endpoint in UPLOADS:
        request.max_content_length = request.max_form_memory_size = config.UPLOAD_LIMIT
    return None


def hidden_cookie() -> str:
    """Says that the pages are hidden, and which one was open. The page's own script sets it."""
    return "__Host-hidden" if house().settings.secure_cookies else "hidden"


def _stay_hidden() -> AnyResponse | None:
    """Nobody comes back to a name by the Back button; what waits to be sent goes on its way."""
    of_nobody = request.method != "GET" or request.endpoint in OPEN_TO_ALL
    if of_nobody or "HX-Request" in request.headers or hidden_cookie() not in request.cookies:
        return None
    return redirect(HIDDEN_PAGE, 303)


def _refuse_while_lent() -> None:
    """A phone in a participant's hands answers on the one page it was lent for."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in QUIET or not current_user.is_authenticated:
        return
    path = me().lent
    here = path and (request.path == path or request.path.startswith(f"{path}/"))
    if path and not here and endpoint not in WHILE_LENT:
        switch(me().language)
        raise Lent(path)


def _has_the_role(endpoint: str) -> bool:
    who = me()
    if endpoint in ANYONE_SIGNED_IN:
        return True
    if endpoint in LEADERS:
        return access.is_leader(who)
    if endpoint in CONSULTANTS:
        return access.is_consultant(who)
    return access.is_mentor(who) or endpoint == "home.show"


def _to_sign_in() -> AnyResponse:
    target = request.path if request.method == "GET" else "/"
    where = url_for("sign_in.show", next=None if target == "/" else target)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": where})
    return redirect(where, 303)


def _note_that_it_is_used() -> bool:
    """Once a minute, by what a person does; what a phone does by itself keeps no lock open."""
    by_itself = request.endpoint in UNWATCHED or "sealed" in g
    if by_itself or not current_user.is_authenticated or not locks.is_to_be_noted(me()):
        return False
    if locks.is_closed(me(), house().settings.idle):
        return False
    locks.see(me().sign_in_id)
    return True


def _note_apart(unit: db.Unit) -> None:
    """The same, after a page that was only read. Unwritten, the lock comes early."""
    if not current_user.is_authenticated or not locks.is_to_be_noted(me()):
        return
    unit.rollback()
    with suppress(SQLAlchemyError), house().work(writes=True) as (note, _):
        if _note_that_it_is_used():
            note.commit()


def _log_readings(unit: db.Unit, ring: vault.Ring, kept: bool) -> None:
    """Leaders and consultants: every reading. Mentors: the first per device and hour.

    Written before the answer leaves; when it cannot be written, nothing is shown.
    """
    participants = set(ring.opened)
    if not participants or not current_user.is_authenticated:
        return
    if not kept:
        unit.rollback()  # a statement that failed leaves PostgreSQL deaf until then
    if request.endpoint not in LEADERS | CONSULTANTS:
        participants -= trail.read_this_hour(me().sign_in_id, participants)
    if not participants:
        return
    reason = g.get("reason")
    if kept:
        pen().read(request.endpoint or "", participants, reason)
        return
    unit.rollback()
    with house().work(writes=True) as (entry, _):
        pen().read(request.endpoint or "", participants, reason)
        entry.commit()
    trail.remember(me().sign_in_id, participants)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Cache-Control", "no-store")
    headers.add("Content-Security-Policy", _policy(g.get("nonce", "")))
    headers.extend(on_everything(house().settings))
    if request.endpoint in SECRET_ADDRESS:
        headers["Referrer-Policy"] = "strict-origin"
    if response.mimetype == "text/html":
        headers.add("Vary", "HX-Request")
    return response


def on_everything(settings: config.Settings) -> dict[str, str]:
    """The same headers on every answer, files and failures among them."""
    return ON_EVERYTHING | (OVER_HTTPS if settings.secure_cookies else {})


def _policy(nonce: str) -> str:
    return (
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        f"script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
        "require-trusted-types-for 'script'; trusted-types htmx sw"
    )


def begin_session(token: str) -> None:
    """A new session for a new sign-in: nothing of an older one stays in the cookie."""
    session.clear()
    session.permanent = True
    session["_user_id"] = token


def renew_session(token: str) -> None:
    """Another token for the same sign-in; forms that lie open stay good."""
    session["_user_id"] = token
