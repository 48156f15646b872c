"""The pair's thread: short notes that only the two can read."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, bindparam, or_, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import receipts, strand, trail
from app.domain.mentorships import View
from app.key_store import KeyGone
from app.vault import Secret, sealed_column

LONGEST = 1000  # characters
SHOWN = 100  # notes on the page; the thread is short by nature


class AnotherCoMentor(Exception):
    """The co-mentor it was written to is no longer the co-mentor."""


class ThreadNote(db.Row, table=True):
    """A note from one of the pair to the other. The id is made by the page that it is written on.

    Nobody but its two people reads it, and they only while they sit in the pair.
    """

    __tablename__ = "thread_note"
    __table_args__ = (Index(None, "mentorship_id", "at"),)
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)  # whose key seals it
    author_id: UUID = Field(foreign_key="person.id", index=True)
    to_id: UUID | None = Field(  # the co-mentor of that day; nobody for who sat alone
        default=None, foreign_key="person.id", index=True
    )
    at: datetime
    read_at: datetime | None = None  # when its reader ticked it; opening the page ticks nothing
    text_ct: bytes | None = sealed_column()

    text = Secret("participant_id")


class Note(NamedTuple):
    """A note as a row."""

    id: UUID
    mentorship_id: UUID
    participant_id: UUID
    author_id: UUID
    to_id: UUID | None
    at: datetime
    read_at: datetime | None
    text_ct: bytes | None

    def waits_for(self, person_id: UUID) -> bool:
        """Written to that person, who has not ticked it yet."""
        return self.to_id == person_id and self.read_at is None

    def text(self) -> str | None:
        """Open the cell; a note whose key has been destroyed has faded."""
        try:
            return ThreadNote.text.open(self.id, self.participant_id, self.text_ct)
        except KeyGone:
            return None


NOTES = db.columns(ThreadNote)
_WAITING = (
    (NOTES.c.mentorship_id == bindparam("mentorship"))
    & (NOTES.c.to_id == bindparam("person"))
    & NOTES.c.read_at.is_(None)
)
UNREAD = strand.of("letter", person=NOTES.c.author_id, ref=NOTES.c.id, cell=NOTES.c.text_ct).where(
    _WAITING
)
_NOTE = select(*(NOTES.c[name] for name in Note._fields))
_UNREAD_NOTES = _NOTE.where(_WAITING).order_by(NOTES.c.at.desc())
_OF = (
    _NOTE.where(
        NOTES.c.mentorship_id == bindparam("mentorship"),
        or_(NOTES.c.author_id == bindparam("person"), NOTES.c.to_id == bindparam("person")),
    )
    .order_by(NOTES.c.at.desc())
    .limit(db.number("count"))
)
_ONE = _NOTE.where(NOTES.c.id == bindparam("id"))
_TICK = (
    update(NOTES)
    .where(NOTES.c.id == bindparam("note"), NOTES.c.read_at.is_(None))
    .values(read_at=bindparam("now"))
    .returning(NOTES.c.id)
)


def write(
    client_id: UUID, mentorship: View, to: UUID | None, text: str, pen: trail.Pen, by: UUID
) -> UUID:
    """Store a note once, however often it is sent.

    `to` is who the writer saw as the co-mentor: a note is never handed to somebody else.
    """
    content: dict[str, object] = {"text": text, "to": str(to), "in": str(mentorship.id)}
    stored = receipts.take(client_id, by, mentorship.participant_id, client_id, content)
    if stored:
        return stored
    if to != (mentorship.co and mentorship.co.person_id):
        raise AnotherCoMentor
    note = ThreadNote(
        id=client_id,
        mentorship_id=mentorship.id,
        participant_id=mentorship.participant_id,
        author_id=by,
        to_id=to,
        at=clock.now(),
    )
    note.text = text
    db.session().add(note)
    db.session().flush()
    pen.write(trail.LOGGED, "thread_note", client_id, mentorship.participant_id)
    return client_id


def of(mentorship_id: UUID, person_id: UUID, count: int = SHOWN) -> list[Note]:
    """What that mentor has written or been written, newest first; nobody else's is found."""
    found = db.rows(_OF, mentorship=mentorship_id, person=person_id, count=count)
    return [Note(*row) for row in found]


def unread_for(mentorship_id: UUID, person_id: UUID) -> list[Note]:
    """The notes that wait for that mentor to tick them, newest first, with the cell to open."""
    found = db.rows(_UNREAD_NOTES, mentorship=mentorship_id, person=person_id)
    return [Note(*row) for row in found]


def one(note_id: UUID) -> Note | None:
    """One note; whoever asks checks whom it is to."""
    row = db.first(_ONE, id=note_id)
    return Note(*row) if row else None


def tick(note: Note, pen: trail.Pen) -> None:
    """Its reader says that it is read; the first time counts."""
    if db.first(_TICK, note=note.id, now=clock.now()):
        pen.write(trail.READ_NOTE, "thread_note", note.id, note.participant_id)
