"""Who asks, and of which house: what every page begins from."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import abort, current_app, g, session
from flask_login import current_user

from app.domain import trail
from app.domain.sign_ins import Me
from app.house import House

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


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


def begin_session(token: str) -> None:
    """A new session for a new sign-in: nothing of an older one stays in the cookie."""
    session.clear()
    session.permanent = True
    session["_user_id"] = token


def renew_session(token: str) -> None:
    """Another token for the same sign-in; forms that lie open stay good."""
    session["_user_id"] = token
