"""Opfølgning: what was agreed on, for the two who were there."""

from flask import Blueprint, Response

from app.domain import follow_ups
from app.web import desk
from app.web.hypertext import page
from app.web.shown_follow_up import shown

pages = Blueprint("follow_ups", __name__)


@pages.get("/forloeb/opfoelgning")
def show() -> Response:
    mine = desk.mine_or_404()
    return page("follow_ups/page.html", found=[shown(one) for one in follow_ups.of(mine.id)])
