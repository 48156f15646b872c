"""Log møde: one meeting, one log, two people. The verbs that make and change meetings."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, update

from app import clock, db
from app.domain import evaluations, latest, plans, receipts, trail
from app.domain.evaluations import EVALUATIONS, REVISIONS, Answer, Evaluation, Revision
from app.domain.meetings import HELD, MEETINGS, Meeting, Seen
from app.domain.mentorships import Mentorship, View
from app.domain.plans import Terms


class AlreadyAnswered(Exception):
    """The mentor has answered for that meeting before."""


@dataclass(frozen=True)
class Facts:
    """What the pair shares of a meeting."""

    held_on: date
    outcome: str = HELD
    cancelled_by: str | None = None
    place: str | None = None
    others: int = 0
    companion: bool = False
    since_last: int = 0
    km: int | None = None


@dataclass(frozen=True)
class Words:
    """What one mentor thought of it."""

    relation: int | None = None
    wellbeing: int | None = None
    themes: int | None = None
    leader_may_read: bool = False
    comment: str | None = None
    note: str | None = None
    victory: str | None = None

    @property
    def empty(self) -> bool:
        return self == Words(leader_may_read=self.leader_may_read)


@dataclass(frozen=True)
class Log:
    """One press of Send: the id made on the phone, facts, words, and the next meeting."""

    id: UUID
    facts: Facts
    words: Words = field(default_factory=Words)
    with_co_mentor: bool = False
    next_on: date | None = None
    next_who: str = "me"
    apart_from: UUID | None = None  # the co-mentor's log of that day, when it was another meeting


def facts_of(meeting: Seen) -> Facts:
    """What stands of a meeting."""
    return Facts(**{name: getattr(meeting, name) for name in Facts.__dataclass_fields__})


def words_of(answer: Answer | None) -> Words:
    """What stands of a mentor's answers."""
    if answer is None:
        return Words()
    return Words(
        relation=answer.relation,
        wellbeing=answer.wellbeing,
        themes=answer.themes,
        leader_may_read=answer.leader_may_read,
        comment=answer.text("comment"),
        note=answer.text("note"),
        victory=answer.text("victory"),
    )


def log(entry: Log, mentorship: View, pen: trail.Pen, by: UUID) -> UUID:
    """Store a meeting with its author's evaluation; sent again, it gives the same meeting."""
    meeting = Meeting(
        id=uuid4(),
        mentorship_id=mentorship.id,
        logged_by=by,
        with_mentor=_co_mentor_there(entry, mentorship, by),
        apart_from=entry.apart_from,
        logged_at=clock.now(),
        **asdict(entry.facts),
    )
    stored = _receive(entry, mentorship, meeting.id, by)
    if stored:
        return stored
    db.session().add(meeting)
    db.session().flush()
    if entry.facts.outcome == HELD or not entry.words.empty:
        _evaluate(entry.id, meeting.id, mentorship.participant_id, entry.words, by)
    _plan_next(entry, mentorship, meeting.id, by)
    latest.keep(mentorship.id)
    pen.write(trail.LOGGED, "meeting", meeting.id, mentorship.participant_id)
    return meeting.id


def join(entry: Log, meeting: Seen, mentorship: View, pen: trail.Pen, by: UUID) -> UUID:
    """Give one's own answers to a meeting that the co-mentor has logged."""
    stored = _receive(entry, mentorship, meeting.id, by)
    if stored:
        return stored
    if any(a.author_id == by for a in evaluations.of([meeting.id])[meeting.id]):
        raise AlreadyAnswered
    if by not in meeting.present:
        _set(meeting.id, with_mentor=by)
    _evaluate(entry.id, meeting.id, mentorship.participant_id, entry.words, by)
    _plan_next(entry, mentorship, meeting.id, by)
    latest.keep(mentorship.id)
    pen.write(trail.JOINED, "meeting", meeting.id, mentorship.participant_id)
    return meeting.id


def received(entry: Log, mentorship: View, by: UUID) -> UUID | None:
    """The meeting that this very log has made or joined before, if it has."""
    return receipts.known(entry.id, by, mentorship.participant_id, _content(entry, mentorship))


def edit(
    meeting: Seen,
    answer: Answer | None,
    facts: Facts | None,
    words: Words,
    pen: trail.Pen,
    by: UUID,
    *,
    with_mentor: UUID | None = None,
) -> None:
    """Change one's own answers, and the facts where they are one's own; what was is kept.

    A day that moves takes the evaluation with it, since both belong to the meeting.
    """
    participant = _participant_of(meeting)
    changes = _changes(asdict(words_of(answer)), asdict(words))
    if facts:
        changes |= _changes(asdict(facts_of(meeting)), asdict(facts))
        changes |= _changes(
            {"co_mentor": meeting.with_mentor is not None}, {"co_mentor": with_mentor is not None}
        )
        _set(meeting.id, with_mentor=with_mentor, **asdict(facts))
    if not changes:
        return
    if answer is None:
        _evaluate(uuid4(), meeting.id, participant, Words(), by)
        answer = next(a for a in evaluations.of([meeting.id])[meeting.id] if a.author_id == by)
    evaluation = db.session().get_one(Evaluation, answer.id)
    for name, value in asdict(words).items():
        setattr(evaluation, name, value)
    db.session().add(evaluation)
    _keep(answer, changes, by)
    db.session().flush()
    latest.keep(meeting.mentorship_id)
    pen.write(trail.EDITED, "meeting", meeting.id, participant)


def take_back(meeting: Seen, pen: trail.Pen, by: UUID) -> None:
    """Delete one's own part of a log; the meeting goes when nobody else has answered.

    The rows are really deleted: what somebody regrets having written shall not lie anywhere.
    Whoever has not answered yet stays among those who were there, so that taking back opens
    nobody's score.
    """
    participant = _participant_of(meeting)
    answers = evaluations.of([meeting.id])[meeting.id]
    hidden = not evaluations.others_relation_shows(meeting, answers)
    connection = db.connection()
    plans.drop(meeting.id, by)
    for answer in answers:
        if answer.author_id == by:
            connection.execute(delete(REVISIONS).where(REVISIONS.c.evaluation_id == answer.id))
            connection.execute(delete(EVALUATIONS).where(EVALUATIONS.c.id == answer.id))
    others = [answer for answer in answers if answer.author_id != by]
    if others:
        heir, stays = others[0].author_id, by if hidden else None
        _set(meeting.id, logged_by=heir, with_mentor=stays, km=None)
    else:
        plans.drop(meeting.id)
        connection.execute(delete(MEETINGS).where(MEETINGS.c.id == meeting.id))
    receipts.taken_back(meeting.id, by)
    latest.keep(meeting.mentorship_id)
    pen.write(trail.TOOK_BACK, "meeting", meeting.id, participant)


def merge(kept: Seen, other: Seen, pen: trail.Pen, by: UUID) -> None:
    """Two logs of one meeting become one: both evaluations, everyone who was there.

    The facts of the first log stand; where it says nothing, the second one's do.
    """
    both = evaluations.of([kept.id, other.id])
    if {a.author_id for a in both[kept.id]} & {a.author_id for a in both[other.id]}:
        raise AlreadyAnswered
    connection = db.connection()
    connection.execute(
        update(EVALUATIONS).where(EVALUATIONS.c.meeting_id == other.id).values(meeting_id=kept.id)
    )
    _set(
        kept.id,
        with_mentor=other.logged_by,
        others=kept.others | other.others,
        since_last=kept.since_last | other.since_last,
        companion=kept.companion or other.companion,
        cancelled_by=kept.cancelled_by or other.cancelled_by,
        place=kept.place or other.place,
        km=max(kept.km or 0, other.km or 0) or None,  # a trip together is one trip
    )
    left_out = _changes(asdict(facts_of(other)), asdict(facts_of(kept)))
    if left_out and both[other.id]:
        _keep(both[other.id][0], left_out, by)  # what the second log said is seen in the history
    plans.follow(other.id, kept.id)
    connection.execute(delete(MEETINGS).where(MEETINGS.c.id == other.id))
    receipts.moved(other.id, kept.id)
    latest.keep(kept.mentorship_id)
    pen.write(trail.MERGED, "meeting", kept.id, _participant_of(kept))


def keep_apart(first: Seen, second: Seen, pen: trail.Pen) -> None:
    """They were two meetings on one day."""
    _set(second.id, apart_from=first.id)
    pen.write(trail.SEPARATED, "meeting", second.id, _participant_of(second))


def _set(meeting_id: UUID, **values: Any) -> None:
    changed = update(MEETINGS).where(MEETINGS.c.id == meeting_id).values(values)
    db.connection().execute(changed)


def _co_mentor_there(entry: Log, mentorship: View, by: UUID) -> UUID | None:
    """Who else sat in the pair that day, when the log says that both were there."""
    if not entry.with_co_mentor or entry.facts.outcome != HELD:
        return None
    day = entry.facts.held_on
    seated = (s.person_id for s in mentorship.seats if s.holds(day))
    return next((person for person in seated if person != by), None)


def _receive(entry: Log, mentorship: View, record: UUID, by: UUID) -> UUID | None:
    content = _content(entry, mentorship)
    return receipts.take(entry.id, by, mentorship.participant_id, record, content)


def _content(entry: Log, mentorship: View) -> dict[str, object]:
    content: dict[str, object] = json.loads(json.dumps(asdict(entry), default=str))
    return content | {"to": str(mentorship.id)}


def _evaluate(row: UUID, meeting: UUID, participant: UUID, words: Words, by: UUID) -> None:
    made = Evaluation(
        id=row, meeting_id=meeting, participant_id=participant, author_id=by, at=clock.now()
    )
    for name, value in asdict(words).items():
        setattr(made, name, value)
    db.session().add(made)
    db.session().flush()


def _plan_next(entry: Log, mentorship: View, meeting: UUID, by: UUID) -> None:
    if entry.next_on:
        comes = plans.comers(entry.next_who, mentorship.seats, entry.next_on, by)
        terms = Terms(entry.next_on, None, None, *comes)
        plans.add(mentorship.id, terms, by, meeting_id=meeting)


def _keep(answer: Answer, changes: dict[str, list[Any]], by: UUID) -> None:
    kept = Revision(
        id=uuid4(),
        evaluation_id=answer.id,
        participant_id=answer.participant_id,
        author_id=by,
        at=clock.now(),
    )
    kept.before = json.dumps(changes, default=str, ensure_ascii=False)
    db.session().add(kept)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [before[name], after[name]]
        for name in after
        if (before[name] or None) != (after[name] or None)
    }


def _participant_of(meeting: Seen) -> UUID:
    return db.session().get_one(Mentorship, meeting.mentorship_id).participant_id
