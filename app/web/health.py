"""Whether the app can do its work, for whoever watches it; and the icon browsers ask for."""

from flask import Blueprint, Response, current_app, redirect
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain import heartbeats
from app.web.guard import house

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def show() -> Response:
    """200 when both stores answer, else 503; then whether reminders go and what is due goes."""
    try:
        for engine in (house().data, house().keys.engine):
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("svarer ikke\n", 503, mimetype="text/plain")
    return Response(f"ok\n{_background()}\n", mimetype="text/plain")


def _background() -> str:
    """Whether somebody keeps the time, and erases. The app serves all the same: it stays 200."""
    with house().work(writes=False):
        beats, now = heartbeats.all_of_them(), clock.now()
    reminders = heartbeats.late(beats.get(heartbeats.TIMER), now)
    erasing = heartbeats.late_to_erase(beats.get(heartbeats.ERASING), now)
    return f"reminders {_said(reminders)}\nerasing {_said(erasing)}"


def _said(late: bool) -> str:
    return "late" if late else "ok"


@pages.get("/favicon.ico")
def favicon() -> AnyResponse:
    return redirect(f"/static/{current_app.config['BUILD']}/icons/icon-192.png", 302)
