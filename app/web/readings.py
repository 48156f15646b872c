"""Hvem har læst: the pair sees who has read about their participant, in which role, and where."""

from flask import Blueprint, Response

from app.web import desk
from app.web.hypertext import page
from app.web.shown_readings import readings

pages = Blueprint("readings", __name__)


@pages.get("/forloeb/adgang")
def show() -> Response:
    mine = desk.mine_or_404()
    return page(
        "readings/page.html",
        href="/forloeb",
        participant=mine.participant,
        rows=readings(mine.participant_id, for_leader=False),
    )
