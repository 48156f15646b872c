"""Closed by default: sign-in everywhere but for a short list, one commit per request, one set of
headers on every answer, and the access log written before the answer leaves.
"""

import logging
import secrets
from io import BytesIO
from typing import IO, Any

from flask import (
    Flask,
    Response,
    abort,
    g,
    redirect,
    request,
    url_for,
)
from flask_login import AnonymousUserMixin, current_user
from htmx_flask.requests import HtmxAwareRequest
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException, UnsupportedMediaType
from werkzeug.wrappers import Response as AnyResponse

from app import clock, config, db, doors, sealing, vault
from app.domain import access, sign_ins, trail
from app.domain.people import CONSULTANT, LEADER
from app.domain.sign_ins import Me
from app.extensions import login
from app.language import DANISH, speaking, switch
from app.sealing import Label, NotForThem, Unreadable
from app.web import presence
from app.web.asking import UNSAFE, house, id_or_404, is_lent_page, me, pen
from app.web.permits import (
    ANYONE_SIGNED_IN,
    CHECKS_FIRST,
    CONSULTANTS,
    LEADERS,
    OPEN_TO_ALL,
    QUIET,
    REMEMBERED,
    SECRET_ADDRESS,
    TRIED_AGAIN,
    UPLOADS,
    WHILE_LENT,
)

HIDDEN_PAGE = "/ingen-forbindelse"
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


class SignInAnew(Exception):
    """The page is for a role that is held, but for which this sign-in is too old (A4)."""


class Lent(Exception):
    """The phone is lent, and this is not the page that it was lent for."""


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
                    presence.note_that_it_is_used()
                    unit.commit()
                    _say_it_is_stored(response)
            except SQLAlchemyError as error:  # what is not written is not shown
                unit.rollback()
                response = self.finalize_request(self.handle_user_exception(error))
            if not kept:
                presence.note_apart(unit)
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
    app.before_request(presence.lock_what_was_left_alone)
    app.before_request(_ask_to_sign_in)
    app.before_request(_refuse_what_is_unreadable)
    app.before_request(presence.ask_for_a_fresh_proof)
    app.before_request(_open_what_is_sealed)
    app.after_request(_add_headers)
    login.user_loader(_who)
    login.session_protection = None  # a phone changes network; the token is revocable instead
    login.unauthorized_handler(_to_sign_in)


def _who(token: str) -> Me | None:
    try:
        found = sign_ins.who(token)
        return sign_ins.was(token) if found is None and request.endpoint in TRIED_AGAIN else found
    except SQLAlchemyError:
        g._login_user = AnonymousUserMixin()  # the page that says so must not ask again
        raise


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


def _ask_to_sign_in() -> AnyResponse | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_TO_ALL:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    switch(me().language)
    if not _has_the_role(endpoint):
        if me().waiting & _roles_of(endpoint):
            raise SignInAnew
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
    lent = me().lent
    if lent and not is_lent_page(lent) and endpoint not in WHILE_LENT:
        switch(me().language)
        raise Lent


def _has_the_role(endpoint: str) -> bool:
    who = me()
    if endpoint in ANYONE_SIGNED_IN:
        return True
    if endpoint in LEADERS:
        return access.is_leader(who)
    if endpoint in CONSULTANTS:
        return access.is_consultant(who)
    return access.is_mentor(who) or endpoint == "home.show"


def _roles_of(endpoint: str) -> set[str]:
    """Of leaders' and consultants' pages."""
    by_role = {LEADER: LEADERS, CONSULTANT: CONSULTANTS}
    return {role for role, pages in by_role.items() if endpoint in pages}


def _to_sign_in() -> AnyResponse:
    target = request.path if request.method == "GET" else "/"
    where = url_for("sign_in.show", next=None if target == "/" else target)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": where})
    return redirect(where, 303)


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
