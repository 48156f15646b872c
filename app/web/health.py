"""Whether the app can do its work, for whoever watches it; and the icon browsers ask for."""

from flask import Blueprint, Response, current_app, redirect
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app.web.guard import house

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def show() -> Response:
    """200 when both stores answer, else 503. Says nothing else."""
    try:
        for engine in (house().data, house().keys.engine):
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("svarer ikke\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@pages.get("/favicon.ico")
def favicon() -> AnyResponse:
    return redirect(f"/static/{current_app.config['BUILD']}/icons/icon-192.png", 302)
