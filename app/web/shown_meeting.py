"""One meeting as a mentor of the pair may see it."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.domain import evaluations
from app.domain.evaluations import Answer
from app.domain.meetings import (
    CANCELLERS,
    OTHERS,
    OUTCOMES,
    PLACES,
    SINCE_LAST,
    THEMES,
    Seen,
    codes,
)
from app.domain.mentorships import View
from app.language import mark, say, spoken
from app.web.asking import me
from app.web.hypertext import labels, long_day
from app.web.names import name, names

CHANGED = {
    "held_on": mark("Dag"),
    "outcome": mark("Blev mødet til noget?"),
    "cancelled_by": mark("Hvem aflyste?"),
    "place": mark("Sted"),
    "others": mark("Andre med"),
    "companion": mark("Bisidder"),
    "co_mentor": mark("Medmentor var med"),
    "since_last": mark("Kontakt siden sidst"),
    "km": mark("Kilometer"),
    "relation": mark("Relationen"),
    "wellbeing": mark("Hvordan du har det"),
    "themes": mark("Emner"),
    "leader_may_read": mark("Må læses af aktivitetslederen"),
    "comment": mark("Kommentar"),
    "note": mark("Besked til medmentor"),
    "victory": mark("En sejr"),
}


class ShownMeeting(NamedTuple):
    id: UUID
    on: date
    outcome: str
    outcome_label: str
    cancelled_by: str | None
    by: list[str]
    place: str | None
    others: list[str]
    companion: bool
    km: int | None
    themes: list[str]
    contact_since: list[str]
    logged_at: datetime
    logged_by: str
    mine_missing: bool


class ListedMeeting(NamedTuple):
    """A meeting as a row of the list, which takes it apart by this order."""

    id: UUID
    on: date
    outcome: str
    by: list[str]
    place: str | None
    themes: list[str]
    mine_missing: bool


class ShownEvaluation(NamedTuple):
    id: UUID
    author: str
    mine: bool
    relation: int | None
    relation_hidden: bool
    wellbeing: int | None
    wellbeing_mine: bool
    comment: str | None
    note: str | None
    victory: str | None
    leader_may_read: bool
    at: datetime


class Change(NamedTuple):
    label: str
    before: str
    after: str


class ShownRevision(NamedTuple):
    at: datetime
    by: str
    changes: list[Change]


def _ticked(answers: list[Answer]) -> list[str]:
    """The themes that anybody in the pair ticked."""
    ticked = 0
    for answer in answers:
        ticked |= answer.themes or 0
    return labels(codes(ticked, THEMES), THEMES)


def listed_meeting(meeting: Seen, answers: list[Answer], mine: View) -> ListedMeeting:
    return ListedMeeting(
        meeting.id,
        meeting.held_on,
        meeting.outcome,
        names(meeting.present or {meeting.logged_by}, mine),
        say(PLACES[meeting.place]) if meeting.place else None,
        _ticked(answers),
        evaluations.missing(meeting, answers, me().id),
    )


def shown_meeting(meeting: Seen, answers: list[Answer], mine: View) -> ShownMeeting:
    """The facts."""
    return ShownMeeting(
        id=meeting.id,
        on=meeting.held_on,
        outcome=meeting.outcome,
        outcome_label=say(OUTCOMES[meeting.outcome]),
        cancelled_by=say(CANCELLERS[meeting.cancelled_by]) if meeting.cancelled_by else None,
        by=names(meeting.present or {meeting.logged_by}, mine),
        place=say(PLACES[meeting.place]) if meeting.place else None,
        others=labels(codes(meeting.others, OTHERS), OTHERS),
        companion=meeting.companion,
        km=meeting.km,
        themes=_ticked(answers),
        contact_since=labels(codes(meeting.since_last, SINCE_LAST), SINCE_LAST),
        logged_at=meeting.logged_at,
        logged_by=name(meeting.logged_by, mine),
        mine_missing=evaluations.missing(meeting, answers, me().id),
    )


def shown_evaluations(meeting: Seen, answers: list[Answer], mine: View) -> list[ShownEvaluation]:
    """Never the co-mentor's wellbeing; the other's relation once both have given theirs."""
    open_to_all = evaluations.others_relation_shows(meeting, answers)
    return [
        ShownEvaluation(
            id=answer.id,
            author=name(answer.author_id, mine),
            mine=answer.author_id == me().id,
            relation=answer.relation if open_to_all or answer.author_id == me().id else None,
            relation_hidden=not open_to_all and answer.author_id != me().id,
            wellbeing=answer.wellbeing if answer.author_id == me().id else None,
            wellbeing_mine=answer.author_id == me().id,
            comment=answer.text("comment"),
            note=answer.text("note"),
            victory=answer.text("victory"),
            leader_may_read=answer.leader_may_read,
            at=answer.at,
        )
        for answer in answers
    ]


def shown_history(meeting: Seen, answers: list[Answer], mine: View) -> list[ShownRevision]:
    """What was changed, with the same things hidden as in the answers themselves."""
    open_to_all = evaluations.others_relation_shows(meeting, answers)
    shown = []
    for row in evaluations.revisions(a.id for a in answers):
        before = evaluations.Revision.before.open(row.id, row.participant_id, row.before_ct)
        changes = json.loads(before or "{}")
        if row.author_id != me().id:
            changes.pop("wellbeing", None)
            if not open_to_all:
                changes.pop("relation", None)
        told = [Change(say(CHANGED[n]), _told(n, b), _told(n, a)) for n, (b, a) in changes.items()]
        if told:
            shown.append(ShownRevision(row.at, name(row.author_id, mine), told))
    return shown


def _told(field: str, value: Any) -> str:
    """A stored value in words."""
    if value in (None, "", 0, False):
        return "–"
    if field == "held_on":
        return long_day(date.fromisoformat(value), spoken())
    if field in ("others", "themes", "since_last"):
        choices = {"others": OTHERS, "themes": THEMES, "since_last": SINCE_LAST}[field]
        return ", ".join(labels(codes(value, choices), choices))
    if field in ("outcome", "place", "cancelled_by"):
        words = {"outcome": OUTCOMES, "place": PLACES, "cancelled_by": CANCELLERS}[field]
        return say(words[value])
    return say("Ja") if value is True else str(value)
