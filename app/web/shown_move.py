"""What a moved release date has moved with it, in words."""

from datetime import date
from typing import NamedTuple

from app.domain import moves
from app.language import mark, say

MILESTONES = {
    "matched": mark("Forløbet begyndte"),
    "release_meeting": mark("Løsladelsesmøde"),
    "released": mark("Løsladelse"),
    "follow_up": mark("Opfølgning på aftalen"),
    "planned_end": mark("Planlagt afslutning"),
}


class ShownShift(NamedTuple):
    label: str
    was: date
    becomes: date


def shown_shifts(matched_on: date, was: date, becomes: date, end_months: int) -> list[ShownShift]:
    return [
        ShownShift(say(MILESTONES[shift.key]), shift.was, shift.becomes)
        for shift in moves.shifts(matched_on, was, becomes, end_months)
    ]
