"""Uger: whose week it is."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response

from app import clock
from app.clock import Week
from app.domain import contacts, meetings, rota
from app.language import spoken
from app.web import desk
from app.web.guard import me
from app.web.hypertext import page

pages = Blueprint("weeks", __name__)
BACK, AHEAD = 12, 26


class ShownWeek(NamedTuple):
    number: int
    year: int
    monday: date
    sunday: date
    mine: bool
    holder: str | None
    current: bool
    past: bool
    contact: bool | None  # whether anybody in the pair was in touch; None for weeks to come
    holidays: list[str]


@pages.get("/uger")
def show() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("weeks/page.html", weeks=(), mentorship=None)
    today = clock.today()
    start = Week.of(mine.matched_on)
    met = _weeks_with_contact(mine.id)
    current = Week.of(today)
    shown = []
    for distance in range(-BACK, AHEAD + 1):
        week = current.plus(distance)
        if week < start:
            continue
        holder = rota.holder(mine.seats, start, week)
        shown.append(
            ShownWeek(
                number=week.number,
                year=week.year,
                monday=week.monday,
                sunday=week.sunday,
                mine=holder == me().id,
                holder=mine.name_of(holder),
                current=week == current,
                past=week < current,
                contact=week in met if week <= current else None,
                holidays=rota.public_holidays(week, spoken()),
            )
        )
    return page("weeks/page.html", weeks=shown, mentorship=mine)


def _weeks_with_contact(mentorship_id: UUID) -> set[Week]:
    held = (m.held_on for m in meetings.of(mentorship_id, 60) if m.outcome == meetings.HELD)
    reached = (c.on for c in contacts.of(mentorship_id) if c.kind != contacts.ATTEMPT)
    return {Week.of(day) for day in (*held, *reached)}
