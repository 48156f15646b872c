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
    """200 when both stores answer, else 503; then whether reminders are sent."""
    try:
        for engine in (house().data, house().keys.engine):
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("svarer ikke\n", 503, mimetype="text/plain")
    return Response(f"ok\n{_reminders()}\n", mimetype="text/plain")


def _reminders() -> str:
    """Whether somebody keeps the time. The app serves all the same, so it stays 200."""
    with house().work(writes=False):
        timer = heartbeats.all_of_them().get(heartbeats.TIMER)
    return "reminders late" if heartbeats.late(timer, clock.now()) else "reminders ok"


@pages.get("/favicon.ico")
def favicon() -> AnyResponse:
    return redirect(f"/static/{current_app.config['BUILD']}/icons/icon-192.png", 302)
