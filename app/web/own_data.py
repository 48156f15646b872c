"""Mine oplysninger: what is kept about whoever is signed in, and what the log has of them."""

from flask import Blueprint, Response

from app import clock
from app.domain import entries, extracts
from app.domain.entries import Asked
from app.domain.own_parts import OWN_LEFT, OWN_PARTS
from app.web.asking import me
from app.web.hypertext import page
from app.web.shown_access import deed, reason_word
from app.web.shown_extract import parts, reasons

pages = Blueprint("own_data", __name__)
ACTS = 200


@pages.get("/mig/data")
def show() -> Response:
    return page(
        "extracts/own.html",
        parts=parts(extracts.of_person(me().id)),
        left_out=reasons(OWN_PARTS, OWN_LEFT),
        made_on=clock.today(),
    )


@pages.get("/mig/log")
def acts() -> Response:
    """What I have read and done. About whom is not said: a list of names would be a reading."""
    found = entries.found(Asked(person=me().id), ACTS)
    return page(
        "extracts/log.html",
        acts=[(row.at, deed(row.action, row.kind), reason_word(row.reason)) for row in found],
        most=ACTS,
    )
