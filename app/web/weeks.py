"""Uger: whose week it is, what is planned, asked for and uncovered."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response

from app import clock
from app.clock import Week
from app.domain import handovers, plans, public_holidays, rota
from app.domain import weeks as domain
from app.domain.mentorships import View
from app.domain.rota import AHEAD, BACK, Rota
from app.domain.weeks import Planned, Weeks
from app.language import say, spoken
from app.web import desk
from app.web.asking import me
from app.web.hypertext import clock_time, page, short_day

pages = Blueprint("weeks", __name__)


class ShownWeek(NamedTuple):
    """A week of the strip. The template takes it apart by this order: a row of 39 must be cheap."""

    looks: str  # whose it is and when it lies, for the stylesheet
    current: bool
    number: str  # "Uge 48"
    days: str  # from Monday to Sunday
    who: str  # dig, a first name, or that nobody has it
    contact: bool | None  # whether anybody in the pair was in touch; None for weeks to come
    asked: UUID | None  # the request that waits for an answer
    uncovered: bool
    planned: Sequence[tuple[str, str]]  # address and words
    holidays: tuple[str, ...]


@pages.get("/uger")
def show() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("weeks/page.html", now=(), mentorship=None)
    today = clock.today()
    current = Week.of(today).monday
    since = max(current - timedelta(weeks=BACK), handovers.start_of(mine).monday)
    asked = domain.ask(mine, since, today)
    reached = {monday_of(day) for day in asked.touched}
    planned = _planned(asked.planned)
    person, tongue = me().id, spoken()
    names = {s.person_id: s.first_name for s in mine.seats} | {person: say("Dig")}
    weeks = [
        _shown(asked, monday, current, names, reached, planned, person, _written(monday, tongue))
        for monday in rota.mondays(since, (current - since).days // 7 + AHEAD + 1)
    ]
    split = (current - since).days // 7
    return page(
        "weeks/page.html",
        mentorship=mine,
        now=weeks[split:],
        before=weeks[:split][::-1],
        balance=balance(asked.rota, current, mine),
    )


def _shown(
    asked: Weeks,
    monday: date,
    current: date,
    names: Mapping[UUID, str],
    reached: set[date],
    planned: Mapping[date, Sequence[tuple[str, str]]],
    person: UUID,
    written: tuple[str, str, tuple[str, ...]],
) -> ShownWeek:
    who = rota.holder_from(asked.rota, monday)
    number, days, holidays = written
    bare = monday >= current and (who is None or rota.is_away(asked.rota, who, monday))
    return ShownWeek(
        " mine" * (who == person) + " past" * (monday < current) + " open" * bare,
        monday == current,
        number,
        days,
        names[who] if who else say("Ingen har ugen"),
        monday in reached if monday <= current else None,
        asked.asked.get(monday),
        bare,
        planned.get(monday, ()),
        holidays,
    )


@lru_cache(maxsize=1024)
def _written(monday: date, tongue: str) -> tuple[str, str, tuple[str, ...]]:
    """A week's number, its first and last day, and its public holidays."""
    sunday = monday + timedelta(days=6)
    number = say("Uge %(number)s", tongue, number=monday.isocalendar().week)
    days = f"{short_day(monday, tongue)} – {short_day(sunday, tongue)}"
    return number, days, public_holidays.of_week(monday, tongue)


def _planned(found: list[Planned]) -> dict[date, list[tuple[str, str]]]:
    """The planned meetings by the Monday of their week, each with its address."""
    by_week: dict[date, list[tuple[str, str]]] = {}
    for plan in found:
        day = short_day(plan.on, spoken())
        begins = plan.at and clock_time(plans.begins(plan.on, plan.at))
        timed = say("Møde %(day)s kl. %(clock)s", day=day, clock=begins)
        text = timed if begins else say("Møde %(day)s", day=day)
        by_week.setdefault(monday_of(plan.on), []).append((f"/aftaler/{plan.id}", text))
    return by_week


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def balance(held: Rota, current: date, mine: View) -> str | None:
    """A quiet line about the last eight weeks; none when there is nobody to share with."""
    if mine.co is None:
        return None
    had = rota.balance(held, current)
    return say(
        "Af de sidste 8 uger har du haft %(mine)s og %(name)s %(theirs)s.",
        mine=had.get(me().id, 0),
        name=mine.co.first_name,
        theirs=had.get(mine.co.person_id, 0),
    )
