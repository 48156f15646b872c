"""How a week changes hands: asked, answered, withdrawn, or moved by a leader.

Whoever acts waits for the others of the pair first, so that each act sees what stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select, update

from app import clock, db
from app.clock import Week
from app.domain import handovers, news, notices, receipts, rota, trail
from app.domain.handovers import (
    ACCEPTED,
    ANSWERS,
    DECLINED,
    EXPIRED,
    GIVE,
    HANDOVERS,
    LAPSED,
    LEADER,
    PROMPTS,
    SWAP,
    WEEKS,
    WITHDRAWN,
    Asked,
    AskedWeek,
    Handover,
    HandoverAnswer,
    rota_of,
    start_of,
)
from app.domain.mentorships import MENTORSHIPS, SEATS, View, sits
from app.domain.rota import AHEAD, Rota

_WEEK = timedelta(weeks=1)


class Refused(Exception):
    """What was asked for cannot be asked for; `why` is a word for the page to explain."""

    def __init__(self, why: str, monday: date | None = None) -> None:
        super().__init__(why)
        self.why, self.monday = why, monday


class Gone(Exception):
    """Somebody was first: the request is no longer open."""


@dataclass(frozen=True)
class Note:
    """The words of the giver, by prompt."""

    going: str | None = None
    agreed: str | None = None
    watch: str | None = None
    promised: str | None = None
    leader_may_read: bool = False


@dataclass(frozen=True)
class Request:
    """What a mentor sends: an id made on the phone, weeks given, and in a swap weeks taken."""

    id: UUID
    give: Sequence[date]  # Mondays
    take: Sequence[date] = ()
    note: Note = field(default_factory=Note)


_LOCK = (
    select(MENTORSHIPS.c.id).where(MENTORSHIPS.c.id == bindparam("mentorship")).with_for_update()
)
_SITS = select(SEATS.c.id).where(
    SEATS.c.mentorship_id == bindparam("mentorship"),
    SEATS.c.person_id == bindparam("person"),
    sits(SEATS, bindparam("day")),
)
_LAST_NUMBER = select(func.coalesce(func.max(ANSWERS.c.number), 0)).where(
    ANSWERS.c.mentorship_id == bindparam("mentorship")
)
_READ = (
    update(HANDOVERS)
    .where(HANDOVERS.c.id == bindparam("handover"), HANDOVERS.c.read_at.is_(None))
    .values(read_at=bindparam("at_time"))
)


def ask(request: Request, mine: View, pen: trail.Pen, by: UUID) -> UUID:
    """Ask the co-mentor to take weeks. Sent again, it is the same request."""
    content = content_of(request, mine)
    stored = receipts.take(request.id, by, mine.participant_id, request.id, content)
    if stored:
        return stored
    day = clock.today()
    held, asked = settled(mine, day)
    to = _check_weeks(request, mine, held, asked, by)
    kind = SWAP if request.take else GIVE
    store(request, kind, mine, by, to)
    rows: list[tuple[date, UUID | None, UUID]] = [(m, by, to) for m in request.give]
    rows += [(m, to, by) for m in request.take]
    store_weeks(request.id, mine.id, rows, day, together=bool(request.take))
    pen.write(trail.ASKED, "handover", request.id, mine.participant_id)
    notices.at_once(to, news.ASKED, request.id, mine.id, clock.now())
    return request.id


def answer(
    handover_id: UUID,
    mine: View,
    outcome: str,
    pen: trail.Pen,
    by: UUID,
    weeks: Iterable[date] = (),
    words: str | None = None,
) -> None:
    """Accept or decline a request, or some weeks of it (none named: all that are open).

    The first answer stands: whoever comes later is told so.
    """
    asked = _locked(handover_id, mine)
    if asked.row.to_id != by:
        raise Refused("unknown")
    chosen = set(weeks)
    if not chosen <= {week.monday for week in asked.weeks}:
        raise Refused("unknown")
    answered = tuple(w for w in asked.open if not chosen or w.monday in chosen)
    if not answered or len(answered) < len(chosen):
        raise Gone
    if asked.row.kind == SWAP:
        answered = asked.open
        if len(answered) < len(asked.weeks):
            raise Gone
    if outcome == ACCEPTED:
        held = rota_of(mine.id, mine.seats, start_of(mine))
        if any(rota.holder_from(held, w.monday) != w.from_id for w in answered):
            raise Gone
    give_answer(asked.row, answered, outcome, by, words)
    acts = {ACCEPTED: trail.TOOK_ON, DECLINED: trail.DECLINED}
    pen.write(acts[outcome], "handover", handover_id, mine.participant_id)
    to = asked.row.asked_by
    notices.at_once(to, news.ANSWERED, handover_id, mine.id, clock.now())


def withdraw(handover_id: UUID, mine: View, pen: trail.Pen, by: UUID) -> None:
    """The giver takes back what nobody has answered yet."""
    asked = _locked(handover_id, mine)
    if asked.row.asked_by != by:
        raise Refused("unknown")
    if not asked.open:
        raise Gone
    give_answer(asked.row, asked.open, WITHDRAWN, by)
    pen.write(trail.TOOK_BACK, "handover", handover_id, mine.participant_id)


def read(handover_id: UUID, mine: View, pen: trail.Pen, by: UUID) -> None:
    """The taker has read the note. Once is enough."""
    asked = handovers.one(handover_id, clock.today())
    if asked is None or asked.row.mentorship_id != mine.id or asked.row.to_id != by:
        raise Refused("unknown")
    if asked.row.read_at is None:
        db.connection().execute(_READ, {"handover": handover_id, "at_time": clock.now()})
        pen.write(trail.READ_NOTE, "handover", handover_id, mine.participant_id)


def give_for(request: Request, mine: View, taker: UUID, pen: trail.Pen, by: UUID) -> UUID:
    """A leader hands weeks over for a mentor who cannot. They move at once; others' requests for
    them lapse.
    """
    content = content_of(request, mine) | {"taker": str(taker)}
    stored = receipts.take(request.id, by, mine.participant_id, request.id, content)
    if stored:
        return stored
    day = clock.today()
    held, asked = settled(mine, day)
    if not request.give:
        raise Refused("none")
    if not sits_now(mine.id, taker):
        raise Refused("alone")
    rows = []
    for monday in request.give:
        _check_reach(monday, day)
        giver = rota.holder_from(held, monday)
        if giver == taker:
            raise Refused("theirs", monday)
        rows.append((monday, giver, taker))
    _lapse([week for week in asked.values() if week.monday in set(request.give)])
    store(request, LEADER, mine, by, taker)
    store_weeks(request.id, mine.id, rows, day)
    moved = _known(request.id, day)
    give_answer(moved.row, moved.weeks, ACCEPTED, by)
    pen.write(trail.HANDED_OVER, "handover", request.id, mine.participant_id)
    notices.at_once(taker, news.GIVEN, request.id, mine.id, clock.now())
    return request.id


def change_rhythm(mine: View, beat: rota.Beat, pen: trail.Pen, by: UUID) -> None:
    """A leader sets how the two alternate from a Monday on. Requests that it overtakes lapse."""
    day = clock.today()
    _, asked = settled(mine, day)
    if beat.monday.weekday() or beat.first_place not in range(1, rota.PLACES + 1):
        raise Refused("unknown")
    if not 1 <= beat.in_a_row <= rota.MOST_IN_A_ROW:
        raise Refused("unknown")
    _check_reach(beat.monday, day)
    made = rota.set_rhythm(mine.id, beat, by)
    held = rota_of(mine.id, mine.seats, start_of(mine))
    _lapse([w for w in asked.values() if rota.holder_from(held, w.monday) != w.from_id])
    pen.write(trail.EDITED, "rhythm", made, mine.participant_id)


def lapse_for(mentorship_id: UUID, person_id: UUID, day: date) -> None:
    """Somebody leaves the pair: what that person asked, or was asked, is over."""
    lock(mentorship_id)
    settle(mentorship_id, day)
    found = handovers.still_open(mentorship_id, day)
    _lapse([w for w in found if person_id in (w.from_id, w.to_id)])


def lock(mentorship_id: UUID) -> None:
    """Wait for whoever else changes this pair's weeks."""
    db.rows(_LOCK, mentorship=mentorship_id)


def sits_now(mentorship_id: UUID, person_id: UUID) -> bool:
    """Asked under the lock: a seat may have ended since the page's first question."""
    found = db.rows(_SITS, mentorship=mentorship_id, person=person_id, day=clock.today())
    return bool(found)


def settle(mentorship_id: UUID, day: date) -> None:
    """Write down what has expired. The clock has said so already."""
    found = handovers.still_open(mentorship_id, day)
    late = [week for week in found if week.state == EXPIRED]
    for week in late:
        handed = _known(week.handover_id, day).row
        give_answer(handed, [week], EXPIRED, None, at=clock.midnight(week.deadline))


def settled(mine: View, day: date) -> tuple[Rota, dict[date, AskedWeek]]:
    """Under the lock: the rota as it stands, and the weeks that are asked for."""
    lock(mine.id)
    settle(mine.id, day)
    held = rota_of(mine.id, mine.seats, start_of(mine))
    found = handovers.still_open(mine.id, day)
    return held, {week.monday: week for week in found}


def _locked(handover_id: UUID, mine: View) -> Asked:
    lock(mine.id)
    settle(mine.id, clock.today())
    asked = handovers.one(handover_id, clock.today())
    if asked is None or asked.row.mentorship_id != mine.id:
        raise Refused("unknown")
    return asked


def _known(handover_id: UUID, day: date) -> Asked:
    asked = handovers.one(handover_id, day)
    if asked is None:
        raise Refused("unknown")
    return asked


def _check_weeks(
    request: Request,
    mine: View,
    held: Rota,
    asked: dict[date, AskedWeek],
    by: UUID,
) -> UUID:
    """Whether these weeks can be asked for; the one who is asked."""
    day = clock.today()
    if mine.co is None or not (sits_now(mine.id, by) and sits_now(mine.id, mine.co.person_id)):
        raise Refused("alone")
    if not request.give:
        raise Refused("none")
    to = mine.co.person_id
    for mondays, owner, why in ((request.give, by, "not_mine"), (request.take, to, "not_theirs")):
        for monday in mondays:
            _check_reach(monday, day)
            if rota.holder_from(held, monday) != owner:
                raise Refused(why, monday)
            if monday in asked:
                raise Refused("asked", monday)
    return to


def _check_reach(monday: date, day: date) -> None:
    now = Week.of(day).monday
    if monday.weekday():
        raise Refused("unknown")
    if monday < now:
        raise Refused("past", monday)
    if monday > now + AHEAD * _WEEK:
        raise Refused("far", monday)


def store(
    request: Request, kind: str, mine: View, by: UUID, to: UUID, absence: UUID | None = None
) -> None:
    row = Handover(
        id=request.id,
        mentorship_id=mine.id,
        participant_id=mine.participant_id,
        kind=kind,
        asked_by=by,
        to_id=to,
        asked_at=clock.now(),
        absence_id=absence,
        leader_may_read=request.note.leader_may_read,
    )
    for prompt in PROMPTS:
        setattr(row, prompt, getattr(request.note, prompt))
    db.session().add(row)
    db.session().flush()


def store_weeks(
    handover: UUID,
    mentorship: UUID,
    rows: Sequence[tuple[date, UUID | None, UUID]],
    day: date,
    *,
    together: bool = False,
) -> None:
    """The weeks of a request. Those of a swap stand and fall together: the first ends it."""
    late = {monday: handovers.deadline(monday, day) for monday, _, _ in rows}
    first = min(late.values())
    values = [
        {
            "id": uuid4(),
            "handover_id": handover,
            "mentorship_id": mentorship,
            "monday": monday,
            "from_id": giver,
            "to_id": taker,
            "deadline": first if together else late[monday],
        }
        for monday, giver, taker in rows
    ]
    db.connection().execute(insert(WEEKS), values)


def give_answer(
    handed: Any,
    weeks: Sequence[AskedWeek],
    outcome: str,
    by: UUID | None,
    words: str | None = None,
    at: datetime | None = None,
) -> None:
    """One answer to each week; the words stand with the first."""
    number = int(db.rows(_LAST_NUMBER, mentorship=handed.mentorship_id)[0][0])
    for week in weeks:
        number += 1
        row = HandoverAnswer(
            id=uuid4(),
            week_id=week.id,
            mentorship_id=handed.mentorship_id,
            participant_id=handed.participant_id,
            outcome=outcome,
            number=number,
            at=at or clock.now(),
            by=by,
        )
        row.words = words
        words = None
        db.session().add(row)
    db.session().flush()


def _lapse(weeks: Sequence[AskedWeek]) -> None:
    """Close requests by rule. A swap of which one week is overtaken lapses whole."""
    by_request: dict[UUID, list[AskedWeek]] = {}
    for week in weeks:
        by_request.setdefault(week.handover_id, []).append(week)
    for handover_id, some in by_request.items():
        asked = _known(handover_id, clock.today())
        give_answer(asked.row, asked.open if asked.row.kind == SWAP else some, LAPSED, None)


def content_of(request: Request, mine: View) -> dict[str, object]:
    note = {name: getattr(request.note, name) for name in (*PROMPTS, "leader_may_read")}
    weeks = {
        "give": [monday.isoformat() for monday in request.give],
        "take": [monday.isoformat() for monday in request.take],
    }
    return {"to": str(mine.id), **weeks, **note}
