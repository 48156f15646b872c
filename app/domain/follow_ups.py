"""Follow-up meetings (opfølgningsmøder): what participant, mentors and leader agreed on."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import receipts, strand, trail
from app.domain.meetings import bits, codes
from app.domain.mentorships import FOLLOW_UP, months_after
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, sealed_column

SIX_MONTHS, OTHER, END = "six_months", "other", "end"
KINDS = {
    SIX_MONTHS: mark("6 måneder efter løsladelsen"),
    OTHER: mark("Et andet opfølgningsmøde"),
    END: mark("Ved afslutningen"),
}
PRESENT = {  # roles, never names; bits in this order, new ones go last
    "participant": mark("Deltageren"),
    "mentors": mark("Mentorerne"),
    "leader": mark("Aktivitetslederen"),
}
TEXTS = {
    "kept": mark("Hvordan går det med aftalen?"),
    "works": mark("Hvad virker?"),
    "needs": mark("Hvad er der brug for?"),
    "next_step": mark("Hvad er næste skridt?"),
}
EARLY = timedelta(days=7)  # the pair is told of it a week ahead, and may meet at once
LONGEST_TEXT = 1000  # characters


class FollowUp(db.Row, table=True):
    """One meeting. The id is made on the page, so that sending it twice is harmless."""

    __tablename__ = "follow_up"
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    held_on: date
    kind: str  # one of KINDS
    present: int = 0  # bits of PRESENT
    focus_changed: bool = False
    frequency_changed: bool = False
    written_by: UUID = Field(foreign_key="person.id")
    written_at: datetime
    kept_ct: bytes | None = sealed_column()
    works_ct: bytes | None = sealed_column()
    needs_ct: bytes | None = sealed_column()
    next_step_ct: bytes | None = sealed_column()

    kept = Secret("participant_id")
    works = Secret("participant_id")
    needs = Secret("participant_id")
    next_step = Secret("participant_id")


class Notes(NamedTuple):
    """What the leader writes of one."""

    held_on: date
    kind: str
    present: tuple[str, ...] = ()
    focus_changed: bool = False
    frequency_changed: bool = False
    kept: str | None = None
    works: str | None = None
    needs: str | None = None
    next_step: str | None = None


class Written(NamedTuple):
    """One follow-up as a row."""

    id: UUID
    participant_id: UUID
    held_on: date
    kind: str
    present: int
    focus_changed: bool
    frequency_changed: bool
    written_by: UUID
    kept_ct: bytes | None
    works_ct: bytes | None
    needs_ct: bytes | None
    next_step_ct: bytes | None

    def there(self) -> list[str]:
        return codes(self.present, PRESENT)

    def text(self, name: str) -> str | None:
        """One of TEXTS; None when the key is gone."""
        secret: Secret = getattr(FollowUp, name)
        try:
            return secret.open(self.id, self.participant_id, getattr(self, f"{name}_ct"))
        except KeyGone:
            return None


FOLLOW_UPS = db.columns(FollowUp)
_OF = (
    select(*(FOLLOW_UPS.c[name] for name in Written._fields))
    .where(FOLLOW_UPS.c.mentorship_id == bindparam("mentorship"))
    .order_by(FOLLOW_UPS.c.held_on.desc(), FOLLOW_UPS.c.written_at.desc())
    .limit(db.number("count"))
)
_SOME = (
    select(FOLLOW_UPS.c.id, FOLLOW_UPS.c.held_on, FOLLOW_UPS.c.kind)
    .where(FOLLOW_UPS.c.mentorship_id == bindparam("mentorship"))
    .order_by(FOLLOW_UPS.c.held_on.desc())
    .limit(db.number("count"))
    .subquery("followed")
)
LATELY = strand.of("follow_up", on=_SOME.c.held_on, ref=_SOME.c.id, word=_SOME.c.kind)


def of(mentorship_id: UUID, count: int = 20) -> list[Written]:
    """The mentorship's follow-ups, newest first."""
    return [Written(*row) for row in db.rows(_OF, mentorship=mentorship_id, count=count)]


def six_months_from(release_on: date) -> date:
    """From when on a meeting may be the one six months after the release."""
    return months_after(release_on, FOLLOW_UP) - EARLY


def write(
    client_id: UUID,
    mentorship_id: UUID,
    participant_id: UUID,
    notes: Notes,
    pen: trail.Pen,
    by: UUID,
) -> UUID:
    """Keep the notes of one. Sent again, they are the same."""
    content: dict[str, object] = {"to": str(mentorship_id), "what": "follow_up"}
    content |= {name: str(value) for name, value in notes._asdict().items()}
    stored = receipts.take(client_id, by, participant_id, client_id, content)
    if stored:
        return stored
    row = FollowUp(
        id=client_id,
        mentorship_id=mentorship_id,
        participant_id=participant_id,
        held_on=notes.held_on,
        kind=notes.kind,
        present=bits(notes.present, PRESENT),
        focus_changed=notes.focus_changed,
        frequency_changed=notes.frequency_changed,
        written_by=by,
        written_at=clock.now(),
    )
    for name in TEXTS:
        setattr(row, name, getattr(notes, name))
    db.session().add(row)
    db.session().flush()
    pen.write(trail.LOGGED, "follow_up", client_id, participant_id)
    return client_id
