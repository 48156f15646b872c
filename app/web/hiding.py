"""Skjul: a page about nobody in the place of the one that is open, until one tap opens it again.

A cookie remembers it, so that the Back button, another tab and a reload stay hidden too.
"""

from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import Blueprint, Response, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.language import switch
from app.web.asking import house, local_path
from app.web.guard import HIDDEN_PAGE, hidden_cookie
from app.web.hypertext import page

pages = Blueprint("hiding", __name__)


@pages.get(HIDDEN_PAGE)
def show() -> Response:
    """Nothing of it tells who is signed in. Without scripts the link alone brings one here."""
    if current_user.is_authenticated:
        switch(current_user.language)
    answer = page("hiding/page.html", me=None, floor=None, my_leader=None)
    if hidden_cookie() not in request.cookies:
        answer.set_cookie(hidden_cookie(), quote(_came_from()), httponly=True, **_ours())
    return answer


@pages.get(f"{HIDDEN_PAGE}/igen")
def lift() -> AnyResponse:
    """Back to the page that was hidden; only from the page that hides it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return redirect(HIDDEN_PAGE, 303)
    path = local_path(unquote(request.cookies.get(hidden_cookie(), "/")))
    answer = redirect(path)
    answer.delete_cookie(hidden_cookie(), **_ours())
    return answer


def _came_from() -> str:
    """The page that was open, of ours and no other; never this one."""
    parts = urlsplit(request.headers.get("Referer", ""))
    ours = parts.netloc == request.host and not parts.path.startswith(HIDDEN_PAGE)
    return local_path(parts.path) if ours else "/"


def _ours() -> dict[str, Any]:
    return {"path": "/", "secure": house().settings.secure_cookies, "samesite": "Lax"}
