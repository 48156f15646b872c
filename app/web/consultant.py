"""Landet: every branch in figures, without a name of a person."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, Response

from app import clock
from app.domain import alerts, closures, heartbeats, leading, mentorships, overviews, people
from app.domain.mentorships import AFTER, BEFORE, ENDED
from app.language import mark, say
from app.web.hypertext import Callee, page

pages = Blueprint("consultant", __name__)


TROUBLES = {
    (heartbeats.PUSH, heartbeats.REFUSED): mark(
        "En beskedtjeneste afviser vores nøgle. Bed den, der passer serveren, om at se efter."
    ),
    (heartbeats.MAIL, heartbeats.UNREACHABLE): mark(
        "Mailserveren svarer ikke. Bed den, der passer serveren, om at se efter."
    ),
    (heartbeats.TRAIL, heartbeats.BROKEN): mark("Adgangsloggen er ændret eller mangler noget."),
}


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
    return page(
        "consultant/page.html",
        branches=rows,
        totals=totals,
        ending=len(closures.for_the_consultant(clock.today())),
        reminders=[*_reminders(), *_erasing()],
    )


@pages.get("/konsulent/bekymringer")
def concerns() -> Response:
    """That something was raised, where and when, and what came of it; never about whom."""
    found, today = alerts.everywhere(), leading.Today(clock.today())
    sat = mentorships.ever_sat([row.mentorship_id for row in found])
    return page(
        "consultant/concerns.html",
        rows=[
            (
                say(alerts.KINDS[row.kind]),
                row.branch,
                row.raised_at,
                say(alerts.DECISIONS[row.kind][row.outcome]) if row.outcome else None,
                row.at,
                None
                if row.outcome
                or today.of(row.branch_id, row.leader_id, sat[row.mentorship_id]).people
                else _mentor(row),
            )
            for row in found
        ],
    )


def _mentor(row: Any) -> Callee:
    """Who raised it: to be called where no leader can."""
    return Callee(
        people.first_name_of(row.raised_by, row.first_name_ct),
        people.phone_of(row.raised_by, row.phone_ct),
    )


def _erasing() -> list[tuple[str, datetime | None, bool]]:
    """The same, when what is due to be erased is left lying."""
    beat = heartbeats.all_of_them().get(heartbeats.ERASING)
    if not heartbeats.late_to_erase(beat, clock.now()):
        return []
    sentence = say(
        "Der er ikke slettet noget det sidste døgn. Bed den, der passer serveren, om hjælp."
    )
    return [(sentence, beat.at if beat else None, True)]


def _reminders() -> list[tuple[str, datetime | None, bool]]:
    """How reminders fare: a sentence, since when, whether somebody must act."""
    beats, now = heartbeats.all_of_them(), clock.now()
    timer = beats.get(heartbeats.TIMER)
    last = timer.at if timer else None
    if heartbeats.late(timer, now):
        return [
            (
                say(
                    "Ingen påmindelser bliver sendt. Bed den, der passer serveren, om at se efter."
                ),
                last,
                True,
            )
        ]
    troubles = [
        (say(TROUBLES[name, beat.trouble]), beat.trouble_at, True)
        for name, beat in beats.items()
        if beat.trouble
    ]
    return troubles or [(say("Påmindelser bliver sendt."), last, False)]


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
