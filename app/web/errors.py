"""Calm pages for what goes wrong. They tell nobody whether a thing exists."""

import logging

from flask import Flask, Response, current_app, g, redirect, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from app.domain.people import MENTOR
from app.domain.receipts import NotTheirs
from app.doors import Closed
from app.key_store import KeyGone, WrongEpoch
from app.language import mark, say, switch
from app.web import locked
from app.web.guard import Lent, SignInAnew
from app.web.hypertext import page
from app.web.presence import NotShown

PAGES = {
    400: (
        mark("Siden har været åben for længe"),
        mark("Gå tilbage, og prøv igen. Det, du skrev, står der stadig."),
    ),
    403: (
        mark("Den side kan du ikke åbne"),
        mark("Du er logget ind, men siden hører til en anden opgave end din."),
    ),
    404: (
        mark("Siden findes ikke"),
        mark("Adressen er forkert, eller siden hører til et forløb, som du ikke er en del af."),
    ),
    405: (mark("Det kan siden ikke"), mark("Gå tilbage til I dag, og prøv derfra.")),
    409: (
        mark("Det kunne ikke gemmes sådan"),
        mark("Noget er ændret imens. Åbn siden igen, og se, hvordan det står nu."),
    ),
    413: (
        mark("Det var for meget på én gang"),
        mark("Gå tilbage, og gør teksten kortere. Det, du skrev, står der stadig."),
    ),
    415: (mark("Det kan vi ikke læse"), mark("Gå tilbage, og send formularen igen fra siden.")),
    422: (mark("Noget skal rettes"), mark("Gå tilbage, og ret det, der er markeret.")),
    429: (
        mark("For mange forsøg"),
        mark(
            "Vent en time, og prøv igen. Har du glemt adgangskoden, så ring til aktivitetslederen."
        ),
    ),
    500: (
        mark("Noget gik galt hos os"),
        mark("Det er ikke din skyld. Prøv igen om lidt. Det, du allerede har sendt, er gemt."),
    ),
    503: (
        mark("Vi kan ikke svare lige nu"),
        mark("Intet er gået tabt. Prøv igen om et øjeblik."),
    ),
}
WRITTEN = {"comment", "note", "victory", "going", "agreed", "watch", "promised"}
log = logging.getLogger("primus")


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(MethodNotAllowed, not_that_way)
    app.register_error_handler(CSRFError, lambda _: calm(400))
    app.register_error_handler(NotTheirs, lambda _: calm(409))
    app.register_error_handler(Lent, lambda _: while_lent())
    app.register_error_handler(SignInAnew, lambda _: anew())
    app.register_error_handler(NotShown, locked.in_its_place)
    app.register_error_handler(KeyGone, lambda _: not_found())
    app.register_error_handler(IntegrityError, lambda _: calm(409))  # somebody else was first
    app.register_error_handler(Closed, lambda _: calm(503))
    app.register_error_handler(SQLAlchemyError, store_failed)
    app.register_error_handler(WrongEpoch, store_failed)  # a keyring that is behind the store
    app.register_error_handler(Exception, failed)


def refused(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    return not_found() if code == 404 else calm(code, error.get_headers())


def not_that_way(error: MethodNotAllowed) -> AnyResponse:
    """The answer to a form was the open page, and is asked for again: by Skjul, a reload, a link.

    The nearest page that can be read shows how it stands now.
    """
    asked_again = request.method == "GET" and request.routing_exception is error
    readable = nearest(request.path) if asked_again else None
    return redirect(readable, 303) if readable else calm(405, error.get_headers())


def nearest(path: str) -> str | None:
    """The closest address above that answers GET."""
    known = current_app.create_url_adapter(request)
    while known and path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] or "/"
        if known.test(path, "GET"):
            return path
    return None


def not_found() -> Response:
    return not_sent() if "sealed" in g else calm(404)


def not_sent() -> Response:
    """What waited on a phone has no place any more: its author gets the words back, nobody else."""
    fields = request.form.items(multi=True)
    texts = [text for name, text in fields if name in WRITTEN and text]
    return page("outbox/opened.html", status=404, texts=texts)


def while_lent() -> Response:
    """A participant holds the phone: the one page there is, and the way back to the leader."""
    return page("lending/refused.html", status=403)


def anew() -> Response:
    """Somebody leads for a while, and signed in before that: how they get to the leader's pages."""
    path = request.path if request.method == "GET" else nearest(request.path) or "/"
    return page("sign_in/anew.html", status=403, path=path, floor=MENTOR)


def store_failed(error: Exception) -> Response:
    _note(error)
    return calm(503)


def failed(error: Exception) -> Response:
    _note(error)
    return calm(500)


def calm(code: int, headers: object = None) -> Response:
    """The page for a status, without a word of what caused it."""
    known = code if code in PAGES else (500 if code >= 500 else 400)
    heading, text = PAGES[known]
    home = "/log-ind"
    if current_user.is_authenticated:
        home = "/"
        switch(current_user.language)  # an address that nobody knows never met the guard
    answer = page(
        "errors/page.html",
        status=code,
        code=code,
        heading=say(heading),
        text=say(text),
        retry_href=request.path if code >= 500 and request.method == "GET" else None,
        home_href=home,
    )
    for name, value in headers or ():  # type: ignore[attr-defined]
        if name in ("Retry-After", "Allow"):
            answer.headers[name] = value
    return answer


def _note(error: Exception) -> None:
    # The kind and the place only: messages and values may hold what people wrote.
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else "-"
    log.error("%s in %s at %s", type(error).__name__, request.endpoint, where)
