"""Mine oplysninger: what is kept about whoever is signed in."""

from flask import Blueprint, Response

from app import clock
from app.domain import extracts
from app.domain.own_parts import OWN_LEFT, OWN_PARTS
from app.web.guard import me
from app.web.hypertext import page
from app.web.shown_extract import parts, reasons

pages = Blueprint("own_data", __name__)


@pages.get("/mig/data")
def show() -> Response:
    return page(
        "extracts/own.html",
        parts=parts(extracts.of_person(me().id)),
        left_out=reasons(OWN_PARTS, OWN_LEFT),
        made_on=clock.today(),
    )
