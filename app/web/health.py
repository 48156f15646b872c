"""Whether the app can do its work, for whoever watches it; and the icon browsers ask for."""

import time

from flask import Blueprint, Response, current_app, redirect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app import clock, db
from app.domain import heartbeats
from app.web.asking import house

PAUSE = 30.0  # seconds that a store which took what was written is believed

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def show() -> Response:
    """200 when both stores take what is written, else 503; then whether reminders are sent and
    what is due is erased.
    """
    try:
        if time.monotonic() >= current_app.extensions.get("fine_until", 0.0):
            _write()
            current_app.extensions["fine_until"] = time.monotonic() + PAUSE
    except SQLAlchemyError:
        return Response("svarer ikke\n", 503, mimetype="text/plain")
    return Response(f"ok\n{_background()}\n", mimetype="text/plain")


def _write() -> None:
    """A store that is full still answers, so it is asked to take something."""
    house().keys.probe()
    with db.unit(house().data, writes=True) as unit:
        heartbeats.probe()
        unit.commit()


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
