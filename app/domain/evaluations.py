"""What one mentor thought of one meeting: two scores, themes and sealed words."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, bindparam, func, select
from sqlmodel import Field

from app import db
from app.domain.meetings import HELD, MEETINGS, THEMES, Seen
from app.vault import KeyGone, Secret, sealed_column

SCORES = range(1, 11)  # relation: evaluation report fig. 6; wellbeing: the form's own scale
LONGEST_TEXT = 4000  # characters, product.md section 4
LONGEST_VICTORY = 200
TAKE_BACK = timedelta(days=30)


class Evaluation(db.Row, table=True):
    """One mentor's answers. The id is made on the phone, so that sending it twice is harmless."""

    __table_args__ = (
        UniqueConstraint("meeting_id", "author_id"),
        # A mentor's own level is read from the index alone.
        Index("ix_evaluation_level", "author_id", "participant_id", "at", "relation", "wellbeing"),
        CheckConstraint("relation BETWEEN 1 AND 10", name="relation"),
        CheckConstraint("wellbeing BETWEEN 1 AND 10", name="wellbeing"),
    )
    meeting_id: UUID = Field(foreign_key="meeting.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)  # whose key seals it
    author_id: UUID = Field(foreign_key="person.id")
    at: datetime
    relation: int | None = None  # 1-10, "Relationen lige nu"
    wellbeing: int | None = None  # 1-10, "Hvordan har du det lige nu med at være frivillig mentor?"
    themes: int | None = None  # bits of THEMES; None where the mentor was not asked
    leader_may_read: bool = False  # "må læses af aktivitetslederen"
    comment_ct: bytes | None = sealed_column()
    note_ct: bytes | None = sealed_column()  # to the co-mentor
    victory_ct: bytes | None = sealed_column()

    comment = Secret("participant_id")
    note = Secret("participant_id")
    victory = Secret("participant_id")


class Revision(db.Row, table=True):
    """What an evaluation said before it was changed; sealed, so that it fades with the comments."""

    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    author_id: UUID = Field(foreign_key="person.id", index=True)
    at: datetime
    before_ct: bytes | None = sealed_column()  # JSON: name -> [before, after]

    before = Secret("participant_id")


class Answer(NamedTuple):
    """An evaluation as a row."""

    id: UUID
    meeting_id: UUID
    participant_id: UUID
    author_id: UUID
    at: datetime
    relation: int | None
    wellbeing: int | None
    themes: int | None
    leader_may_read: bool
    comment_ct: bytes | None
    note_ct: bytes | None
    victory_ct: bytes | None

    @property
    def scored(self) -> bool:
        """Both scores given."""
        return self.relation is not None and self.wellbeing is not None

    def text(self, name: str) -> str | None:
        """Open one of the sealed texts; one whose key has been destroyed has faded."""
        secret: Secret = getattr(Evaluation, name)
        try:
            return secret.open(self.id, self.participant_id, getattr(self, secret.cell))
        except KeyGone:
            return None


class Before(NamedTuple):
    """What the form Log møde shows of earlier meetings."""

    themes_on: dict[str, date | None]
    my_relation: int | None


EVALUATIONS, REVISIONS = db.columns(Evaluation), db.columns(Revision)
_OF_MEETINGS = (
    select(*(EVALUATIONS.c[name] for name in Answer._fields))
    .where(EVALUATIONS.c.meeting_id.in_(bindparam("meetings", expanding=True)))
    .order_by(EVALUATIONS.c.at)
)
_NEWEST = (
    select(MEETINGS)
    .where(MEETINGS.c.mentorship_id == bindparam("mentorship"))
    .order_by(MEETINGS.c.held_on.desc(), MEETINGS.c.logged_at.desc())
    .limit(db.number("count"))
    .offset(db.number("skip"))
    .subquery()
)
_THAT_DAY = (
    select(MEETINGS)
    .where(
        MEETINGS.c.mentorship_id == bindparam("mentorship"), MEETINGS.c.held_on == bindparam("day")
    )
    .subquery()
)
_LATELY, _ON_DAY = (
    select(
        *(found.c[name] for name in Seen._fields),
        *(EVALUATIONS.c[name].label("its_" + name) for name in Answer._fields),
    )
    .select_from(found.outerjoin(EVALUATIONS, EVALUATIONS.c.meeting_id == found.c.id))
    .order_by(found.c.held_on.desc(), found.c.logged_at.desc(), EVALUATIONS.c.at)
    for found in (_NEWEST, _THAT_DAY)
)
_ONE = select(*(EVALUATIONS.c[name] for name in Answer._fields)).where(
    EVALUATIONS.c.id == bindparam("id")
)
_MY_LAST_RELATION = (
    select(EVALUATIONS.c.relation)
    .join(MEETINGS, MEETINGS.c.id == EVALUATIONS.c.meeting_id)
    .where(
        MEETINGS.c.mentorship_id == bindparam("mentorship"),
        EVALUATIONS.c.author_id == bindparam("person"),
        EVALUATIONS.c.relation.is_not(None),
    )
    .order_by(MEETINGS.c.held_on.desc(), EVALUATIONS.c.at.desc())
    .limit(db.ONE)
)
_LAST_ON = select(
    *(
        func.max(MEETINGS.c.held_on)
        .filter(EVALUATIONS.c.themes.op("&")(1 << place) != 0)
        .label(code)
        for place, code in enumerate(THEMES)
    )
).select_from(MEETINGS.join(EVALUATIONS, EVALUATIONS.c.meeting_id == MEETINGS.c.id))
_BEFORE = _LAST_ON.where(
    MEETINGS.c.mentorship_id == bindparam("mentorship"), MEETINGS.c.outcome == HELD
).add_columns(_MY_LAST_RELATION.scalar_subquery().correlate(None).label("relation"))
_COUNTS = select(
    func.count(EVALUATIONS.c.themes),
    *(
        func.count().filter(EVALUATIONS.c.themes.op("&")(1 << place) != 0).label(code)
        for place, code in enumerate(THEMES)
    ),
)
_REVISIONS = (
    select(REVISIONS)
    .where(REVISIONS.c.evaluation_id.in_(bindparam("evaluations", expanding=True)))
    .order_by(REVISIONS.c.at.desc())
)


def of(meeting_ids: Iterable[UUID]) -> dict[UUID, list[Answer]]:
    """The evaluations by meeting, first answered first."""
    answers: dict[UUID, list[Answer]] = {meeting: [] for meeting in meeting_ids}
    for row in db.rows(_OF_MEETINGS, meetings=list(answers)) if answers else ():
        answers[row.meeting_id].append(Answer(*row))
    return answers


def lately(mentorship_id: UUID, count: int = 8, skip: int = 0) -> list[tuple[Seen, list[Answer]]]:
    """The newest meetings with their evaluations, in one question."""
    return _by_meeting(db.rows(_LATELY, mentorship=mentorship_id, count=count, skip=skip))


def on_day(mentorship_id: UUID, day: date) -> list[tuple[Seen, list[Answer]]]:
    """What is logged for that day with its evaluations, oldest log first."""
    return _by_meeting(db.rows(_ON_DAY, mentorship=mentorship_id, day=day))[::-1]


def _by_meeting(rows: Iterable[Any]) -> list[tuple[Seen, list[Answer]]]:
    split = len(Seen._fields)
    found: dict[UUID, tuple[Seen, list[Answer]]] = {}
    for row in rows:
        seen = found.setdefault(row[0], (Seen(*row[:split]), []))
        if row[split] is not None:
            seen[1].append(Answer(*row[split:]))
    return list(found.values())


def one(evaluation_id: UUID) -> Answer | None:
    row = db.first(_ONE, id=evaluation_id)
    return Answer(*row) if row else None


def before(mentorship_id: UUID, person_id: UUID) -> Before:
    """When each theme was last on, and the mentor's own last score of the relation."""
    row = db.rows(_BEFORE, mentorship=mentorship_id, person=person_id)[0]
    return Before({code: getattr(row, code) for code in THEMES}, row.relation)


def theme_counts() -> tuple[int, dict[str, int]]:
    """How many answered, and how many of them ticked each theme (evaluation report fig. 9)."""
    row = db.rows(_COUNTS)[0]
    return row[0], {code: getattr(row, code) for code in THEMES}


def others_relation_shows(meeting: Seen, answers: Iterable[Answer]) -> bool:
    """The other's score shows once all who were there have given theirs, or only one was there."""
    answered = {a.author_id for a in answers if a.relation is not None}
    return len(meeting.present) <= 1 or meeting.present <= answered


def missing(meeting: Seen, answers: Iterable[Answer], person_id: UUID) -> bool:
    """Whether the mentor was there and still owes a score."""
    mine = next((a for a in answers if a.author_id == person_id), None)
    return person_id in meeting.present and not (mine and mine.scored)


def revisions(evaluation_ids: Iterable[UUID]) -> list[Revision]:
    """Every change of these evaluations, newest first (rows)."""
    ids = list(evaluation_ids)
    return db.rows(_REVISIONS, evaluations=ids) if ids else []
