"""Who asks, and of which house: what every page begins from."""

from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from flask import abort, current_app, g, request, session
from flask_login import current_user

from app.domain import trail
from app.domain.sign_ins import Me
from app.house import House

EXIT_LINK = "/slut/"  # what follows is all that a participant has to show
HASHED = "sha256:"
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


def kept_address(path: str) -> str:
    """What the store keeps of the page that a phone is lent for: of a secret address its hash."""
    return f"{HASHED}{sha256(path.encode()).hexdigest()}" if path.startswith(EXIT_LINK) else path


def is_lent_page(lent: str) -> bool:
    """Whether the request is for the page that the phone is lent for."""
    return kept_address(request.path) == lent or request.path.startswith(f"{lent}/")


def lent_page(lent: str) -> str | None:
    """Where a link leads to it. A secret address is known on its own page alone."""
    if not lent.startswith(HASHED):
        return lent
    return request.path if is_lent_page(lent) else None


def begin_session(token: str) -> None:
    """A new session for a new sign-in: nothing of an older one stays in the cookie."""
    session.clear()
    session.permanent = True
    session["_user_id"] = token


def renew_session(token: str) -> None:
    """Another token for the same sign-in; forms that lie open stay good."""
    session["_user_id"] = token
