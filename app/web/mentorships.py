"""Forløb: the timeline of meetings, contacts, handovers and milestones, and whom to call."""

from datetime import date
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response

from app import clock
from app.domain import contacts, evaluations, follow_ups, mentorships, timelines
from app.domain.meetings import HELD, OUTCOMES, THEMES, codes
from app.domain.mentorships import View
from app.domain.strand import Strand
from app.domain.timelines import Around
from app.language import say
from app.web import desk
from app.web.asking import me
from app.web.hypertext import labels, page
from app.web.names import name, names
from app.web.shown_move import MILESTONES, ShownShift, shown_shifts
from app.web.where import shown

pages = Blueprint("mentorships", __name__)
READ = "/forloeb/opfoelgning"
LATELY = 15  # of each kind; the rest is under Møder


class Milestone(NamedTuple):
    on: date
    label: str
    done: bool


class Entry(NamedTuple):
    kind: str
    on: date
    title: str
    text: str
    href: str | None
    by: str


class Contact(NamedTuple):
    label: str
    name: str
    phone: str | None


@pages.get("/forloeb")
def show() -> Response:
    mine = desk.mine()
    if mine is None:
        return page("mentorships/page.html", mentorship=None)
    around = timelines.around(mine.id, clock.today(), LATELY)
    return page(
        "mentorships/page.html",
        mentorship=shown(mine),
        grants=around.grants,
        milestones=milestones(mine),
        moved=moved(mine, around.release),
        months=timeline(mine, around),
        contacts=to_call(mine),
    )


def milestones(mine: View) -> list[Milestone]:
    today = clock.today()
    days = mentorships.milestones(mine.matched_on, mine.release_on, mine.end_months)
    return [Milestone(day, say(MILESTONES[key]), day < today) for key, day in days]


def moved(mine: View, last: Strand | None) -> list[ShownShift]:
    """What a release date that was lately moved has moved with it."""
    if last is None or last.on is None or last.until is None:
        return []
    return shown_shifts(mine.matched_on, last.on, last.until, mine.end_months)


def timeline(mine: View, around: Around) -> list[tuple[date, list[Entry]]]:
    """What has happened, newest first, by the first day of its month."""
    met = [
        Entry(
            kind="meeting",
            on=meeting.held_on,
            title=say("Møde") if meeting.outcome == HELD else say(OUTCOMES[meeting.outcome]),
            text=", ".join(labels(codes(_ticked(answers), THEMES), THEMES)),
            href=f"/moeder/{meeting.id}",
            by=", ".join(names(meeting.present or {meeting.logged_by}, mine)),
        )
        for meeting, answers in evaluations.lately(mine.id, LATELY)
    ]
    touched = [
        Entry(
            kind="contact",
            on=s.on,
            title=say(contacts.KINDS[str(s.word)]),
            text="",
            href=f"/kontakter/{s.ref}",
            by=name(s.person, mine),
        )
        for s in around.made
        if s.on and s.person
    ]
    handed = [
        Entry(
            "handover", s.on, _taken(s.on, s.person, mine), "", f"/uger/overdragelser/{s.ref}", ""
        )
        for s in around.taken
        if s.on and s.person
    ]
    passed = [Entry("milestone", m.on, m.label, "", None, "") for m in milestones(mine) if m.done]
    passed += [
        Entry("milestone", s.on, say("Opfølgningsmøde"), say(follow_ups.KINDS[s.word]), READ, "")
        for s in around.followed
        if s.on and s.word
    ]
    all_of_it = sorted(met + touched + handed + passed, key=lambda entry: entry.on, reverse=True)
    months = groupby(all_of_it, key=lambda entry: entry.on.replace(day=1))
    return [(month, list(entries)) for month, entries in months]


def _taken(monday: date, taker: UUID, mine: View) -> str:
    """That a week changed hands."""
    week = monday.isocalendar().week
    if taker == me().id:
        return say("Du tog uge %(week)s", week=week)
    return say("%(name)s tog uge %(week)s", name=name(taker, mine), week=week)


def to_call(mine: View) -> list[Contact]:
    found = [Contact(say("Aktivitetsleder"), mine.leader, mine.leader_phone)]
    if mine.co:
        found.append(Contact(say("Medmentor"), mine.co.first_name, mine.co.phone))
    if mine.institution:
        found.append(Contact(say("Fængsel"), mine.institution, mine.institution_phone))
    return [*found, Contact(say("Kommune"), mine.municipality, None)]


def _ticked(answers: list[evaluations.Answer]) -> int:
    ticked = 0
    for answer in answers:
        ticked |= answer.themes or 0
    return ticked
