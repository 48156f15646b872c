"""Landet: every branch in figures, without a name of a person."""

from typing import NamedTuple

from flask import Blueprint, Response

from app import clock
from app.domain import overviews
from app.domain.mentorships import AFTER, BEFORE, ENDED
from app.web.hypertext import page

pages = Blueprint("consultant", __name__)


class Row(NamedTuple):
    name: str
    municipalities: list[str]
    running: int
    before: int
    after: int
    ended: int
    meetings_90_days: int


@pages.get("/konsulent")
def show() -> Response:
    rows = [_row(count) for count in overviews.by_branch(clock.today())]
    totals = Row("", [], *(sum(column) for column in zip(*(row[2:] for row in rows), strict=True)))
    return page("consultant/page.html", branches=rows, totals=totals)


def _row(count: overviews.BranchCount) -> Row:
    by = count.phases
    return Row(
        name=count.name,
        municipalities=count.municipalities,
        running=by[BEFORE] + by[AFTER],
        before=by[BEFORE],
        after=by[AFTER],
        ended=by[ENDED],
        meetings_90_days=count.meetings,
    )
