""" "Jeg vil stoppe eller skifte": a mentor's wish to the leader."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, bindparam, func, select, text, update
from sqlmodel import Field

from app import clock, db
from app.domain import strand, trail
from app.domain.mentorships import MENTORSHIPS
from app.domain.people import PEOPLE
from app.domain.receipts import Different, NotTheirs
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, sealed_column

STOP, CHANGE, CO_MENTOR = "stop", "change", "co_mentor"
KINDS = {  # as the mentor says it, and as the leader reads it
    STOP: (mark("Jeg vil stoppe som mentor"), mark("%(name)s vil stoppe som mentor")),
    CHANGE: (mark("Jeg vil skifte forløb"), mark("%(name)s vil skifte forløb")),
    CO_MENTOR: (mark("Jeg vil skifte medmentor"), mark("%(name)s vil skifte medmentor")),
}
LONGEST = 1000  # characters
_OPEN = text("withdrawn_at IS NULL AND handled_at IS NULL")


class AlreadyOpen(Exception):
    """The mentor has a wish that waits for the leader."""


class Meanwhile(Exception):
    """The wish has been handled or taken back."""


class Wish(db.Row, table=True):
    """One wish of one mentor. It has no participant: a mentor without one may wish too."""

    __table_args__ = (
        Index("ix_wish_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("kind IN ('stop', 'change', 'co_mentor')", name="kind"),
    )
    mentorship_id: UUID | None = Field(default=None, foreign_key="mentorship.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)  # whose own key seals the words
    kind: str  # one of KINDS
    at: datetime
    withdrawn_at: datetime | None = None
    handled_at: datetime | None = None
    handled_by: UUID | None = Field(default=None, foreign_key="person.id")
    words_ct: bytes | None = sealed_column()

    words = Secret("person_id")


class Made(NamedTuple):
    """A wish as a row."""

    id: UUID
    mentorship_id: UUID | None
    person_id: UUID
    kind: str
    at: datetime
    withdrawn_at: datetime | None
    handled_at: datetime | None
    handled_by: UUID | None
    words_ct: bytes | None
    branch_id: UUID | None  # the mentor's own, for a wish without a mentorship

    @property
    def open(self) -> bool:
        """Still waiting for the talk."""
        return self.withdrawn_at is None and self.handled_at is None

    def words(self) -> str | None:
        """Open the cell; the words of a mentor who has been erased are gone."""
        try:
            return Wish.words.open(self.id, self.person_id, self.words_ct)
        except KeyGone:
            return None


WISHES = db.columns(Wish)
_IS_OPEN = WISHES.c.withdrawn_at.is_(None) & WISHES.c.handled_at.is_(None)
# For the overview: which mentorships somebody wants to leave. Never the words.
OPEN = (
    strand.of(
        "wish",
        person=WISHES.c.person_id,
        ref=WISHES.c.id,
        word=WISHES.c.kind,
        other=WISHES.c.mentorship_id,
    )
    .select_from(
        WISHES.join(PEOPLE, PEOPLE.c.id == WISHES.c.person_id).outerjoin(
            MENTORSHIPS, MENTORSHIPS.c.id == WISHES.c.mentorship_id
        )
    )
    .where(
        _IS_OPEN,
        func.coalesce(MENTORSHIPS.c.branch_id, PEOPLE.c.branch_id).in_(  # a mentor may be lent
            bindparam("branches", expanding=True)
        ),
    )
)
WAITING = select(WISHES.c.id, WISHES.c.at).where(_IS_OPEN)
_MADE = select(
    *(WISHES.c[name] for name in Made._fields if name != "branch_id"), PEOPLE.c.branch_id
).join(PEOPLE, PEOPLE.c.id == WISHES.c.person_id)
_ONE = _MADE.where(WISHES.c.id == bindparam("id"))
_NEWEST = (
    _MADE.where(WISHES.c.person_id == bindparam("person"), WISHES.c.withdrawn_at.is_(None))
    .order_by(WISHES.c.at.desc())
    .limit(db.ONE)
)
_OPEN_FOR = _MADE.where(_IS_OPEN, WISHES.c.mentorship_id == bindparam("mentorship")).order_by(
    WISHES.c.at
)
_OPEN_WITHOUT = _MADE.where(
    _IS_OPEN,
    WISHES.c.mentorship_id.is_(None),
    PEOPLE.c.branch_id.in_(bindparam("branches", expanding=True)),
    WISHES.c.person_id != bindparam("person"),
).order_by(WISHES.c.at)
_WITHDRAW = (
    update(WISHES)
    .where(WISHES.c.id == bindparam("wish"), _IS_OPEN)
    .values(withdrawn_at=bindparam("now"), words_ct=None)
    .returning(WISHES.c.id)
)
_HANDLE = (
    update(WISHES)
    .where(WISHES.c.id == bindparam("wish"), _IS_OPEN)
    .values(  # what was said is between the two from then on; the words are not kept
        handled_at=bindparam("now"), handled_by=bindparam("person"), words_ct=None
    )
    .returning(WISHES.c.id)
)


def send(
    client_id: UUID,
    mentorship_id: UUID | None,
    kind: str,
    words: str | None,
    pen: trail.Pen,
    by: UUID,
) -> UUID:
    """Send a wish once, however often it is sent; one at a time waits for the leader.

    The id is claimed by the row itself: a receipt needs a participant, and there may be none.
    """
    made = db.insert_once(
        Wish,
        id=client_id,
        mentorship_id=mentorship_id,
        person_id=by,
        kind=kind,
        at=clock.now(),
        words_ct=Wish.words.seal(client_id, by, words),
    )
    if made:
        pen.write(trail.ASKED, "wish", client_id)
        return client_id
    stored = one(client_id)
    if stored is None:
        raise AlreadyOpen
    if stored.person_id != by:
        raise NotTheirs
    if stored.open and (stored.kind, stored.words()) != (kind, words):
        raise Different
    return stored.id


def newest_of(person_id: UUID) -> Made | None:
    """The mentor's newest wish that was not taken back."""
    row = db.first(_NEWEST, person=person_id)
    return Made(*row) if row else None


def open_for(mentorship_id: UUID) -> list[Made]:
    """What the mentors of that mentorship wish, oldest first; for its leaders only."""
    return [Made(*row) for row in db.rows(_OPEN_FOR, mentorship=mentorship_id)]


def open_without_mentorship(branches: Iterable[UUID], reader: UUID) -> list[Made]:
    """What mentors without a participant wish in these branches; never the reader's own."""
    found = db.rows(_OPEN_WITHOUT, branches=list(branches), person=reader)
    return [Made(*row) for row in found]


def one(wish_id: UUID) -> Made | None:
    """One wish; whoever asks checks who may see it."""
    row = db.first(_ONE, id=wish_id)
    return Made(*row) if row else None


def withdraw(wish: Made, pen: trail.Pen) -> None:
    """The mentor takes it back, and the words are deleted; twice is the same."""
    if db.first(_WITHDRAW, wish=wish.id, now=clock.now()):
        pen.write(trail.TOOK_BACK, "wish", wish.id)
        return
    now = one(wish.id)
    if now is None or now.handled_at:
        raise Meanwhile


def handle(wish: Made, pen: trail.Pen, by: UUID) -> None:
    """The leader and the mentor have talked; the same leader may say so twice."""
    if db.first(_HANDLE, wish=wish.id, now=clock.now(), person=by):
        pen.write(trail.SETTLED, "wish", wish.id)
        return
    now = one(wish.id)
    if now is None or now.handled_by != by:
        raise Meanwhile
