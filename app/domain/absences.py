"""Fravær: a mentor says when, and asks for all weeks of it at once."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update

from app import clock, db
from app.clock import Week
from app.domain import handovers, receipts, rota, trail, turns
from app.domain.handovers import ABSENCE, HANDOVERS, WITHDRAWN
from app.domain.mentorships import View
from app.domain.rota import ABSENCES, Absence
from app.domain.turns import Gone, Refused, Request

_ABSENCE = select(ABSENCES).where(ABSENCES.c.id == bindparam("absence"))
_OF_ABSENCE = select(HANDOVERS.c.id).where(HANDOVERS.c.absence_id == bindparam("absence"))
_TAKE_BACK = (
    update(ABSENCES)
    .where(ABSENCES.c.id == bindparam("absence"))
    .values(taken_back_at=bindparam("at_time"))
)


def be_away(
    request: Request, from_on: date, to_on: date, mine: View, pen: trail.Pen, by: UUID
) -> UUID:
    """Say when one is away, and ask for all weeks of it that one has. Gives the absence's id."""
    content = turns.content_of(request, mine) | {
        "from": from_on.isoformat(),
        "to": to_on.isoformat(),
    }
    stored = receipts.take(request.id, by, mine.participant_id, request.id, content)
    if stored:
        return stored
    day = clock.today()
    if from_on > to_on:
        raise Refused("backwards")
    if from_on < day:
        raise Refused("past")
    if to_on > handovers.last_day(day):
        raise Refused("far")
    held, asked = turns.settled(mine, day)
    away = Absence(
        id=request.id,
        mentorship_id=mine.id,
        person_id=by,
        from_on=from_on,
        to_on=to_on,
        made_at=clock.now(),
    )
    db.session().add(away)
    db.session().flush()
    pen.write(trail.LOGGED, "absence", away.id, mine.participant_id)
    first, last = Week.of(from_on).monday, Week.of(to_on).monday
    weeks = [
        monday
        for monday in rota.mondays(first, 1 + (last - first).days // 7)
        if rota.holder_from(held, monday) == by and monday not in asked
    ]
    if weeks and mine.co and turns.sits_now(mine.id, mine.co.person_id):
        proposed = Request(uuid4(), weeks, note=request.note)
        turns.store(proposed, ABSENCE, mine, by, mine.co.person_id, away.id)
        rows = [(monday, by, mine.co.person_id) for monday in weeks]
        turns.store_weeks(proposed.id, mine.id, rows, day)
        pen.write(trail.ASKED, "handover", proposed.id, mine.participant_id)
    return away.id


def back_again(absence_id: UUID, mine: View, pen: trail.Pen, by: UUID) -> None:
    """Take an absence back. What was asked and is unanswered goes; what was accepted stands."""
    turns.lock(mine.id)
    away = db.first(_ABSENCE, absence=absence_id)
    if away is None or away.mentorship_id != mine.id or away.person_id != by:
        raise Refused("unknown")
    if away.taken_back_at:
        raise Gone
    db.connection().execute(_TAKE_BACK, {"absence": absence_id, "at_time": clock.now()})
    for row in db.rows(_OF_ABSENCE, absence=absence_id):
        asked = handovers.one(row.id, clock.today())
        if asked and asked.open:
            turns.give_answer(asked.row, asked.open, WITHDRAWN, by)
    pen.write(trail.TOOK_BACK, "absence", absence_id, mine.participant_id)
