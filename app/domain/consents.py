"""What a participant has said yes to, each thing by itself. A withdrawal works at once.

Every yes and every withdrawal is a row; the newest of a purpose is what holds.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Index, bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import trail
from app.language import mark

CONTACT, TRANSFER, SHARING = "contact", "transfer", "sharing"
ACTION_PLAN, RELATIVE, RESEARCH = "action_plan", "relative", "research"
# What was said yes to, word for word. A change of meaning is a new version; old ones stay.
WORDINGS = {
    1: {
        CONTACT: mark("At Røde Kors kontakter deltageren"),
        TRANSFER: mark("At vi får besked, hvis deltageren bliver overflyttet"),
        SHARING: mark("At mentorerne læser startskemaet"),
        ACTION_PLAN: mark("At mentorerne ser handleplanen"),
        RELATIVE: mark("At mentorerne må kontakte en pårørende i nødstilfælde"),
        RESEARCH: mark("At oplysninger uden navn indgår i forskning"),
    },
}
VERSION = max(WORDINGS)
PURPOSES = WORDINGS[VERSION]


class Consent(db.Row, table=True):
    """A yes, or its withdrawal."""

    __table_args__ = (Index(None, "participant_id", "purpose", "at"),)
    participant_id: UUID = Field(foreign_key="participant.id")
    purpose: str  # one of PURPOSES
    given: bool
    on: date  # the day it was said
    version: int
    by: UUID = Field(foreign_key="person.id")  # who wrote it down
    at: datetime


class Said(NamedTuple):
    """What holds of one purpose."""

    purpose: str
    given: bool
    on: date
    version: int


CONSENTS = db.columns(Consent)
_OF = (
    select(CONSENTS.c.purpose, CONSENTS.c.given, CONSENTS.c.on, CONSENTS.c.version)
    .where(CONSENTS.c.participant_id == bindparam("participant"))
    .order_by(CONSENTS.c.at, CONSENTS.c.id)
)
_LATER = CONSENTS.alias("later")
NEWEST = ~(
    select(_LATER.c.id)
    .where(
        _LATER.c.participant_id == CONSENTS.c.participant_id,
        _LATER.c.purpose == CONSENTS.c.purpose,
        _LATER.c.at > CONSENTS.c.at,
    )
    .exists()
)


def of(participant_id: UUID) -> dict[str, Said]:
    """What holds, by purpose; one that was never asked is not there."""
    found: dict[str, Said] = {}
    for row in db.rows(_OF, participant=participant_id):
        found[row.purpose] = Said(*row)
    return found


def history(participant_id: UUID) -> list[Said]:
    """All that was ever said, newest first."""
    return [Said(*row) for row in reversed(db.rows(_OF, participant=participant_id))]


def wording(purpose: str, version: int) -> str:
    """What a yes of that version was to."""
    return WORDINGS[version][purpose]


def given(participant_id: UUID, purpose: str) -> bool:
    said = of(participant_id).get(purpose)
    return said is not None and said.given


def say(participant_id: UUID, purpose: str, yes: bool, on: date, pen: trail.Pen, by: UUID) -> None:
    """The participant has said yes, or takes it back. Said again, nothing is written.

    A yes to newer words is another yes.
    """
    said = of(participant_id).get(purpose)
    if yes and said and said.given and said.version == VERSION:
        return
    if not yes and not (said and said.given):
        return
    row = Consent(
        id=uuid4(),
        participant_id=participant_id,
        purpose=purpose,
        given=yes,
        on=on,
        version=VERSION,
        by=by,
        at=clock.now(),
    )
    db.session().add(row)
    db.session().flush()
    pen.write(trail.CONSENTED if yes else trail.TOOK_BACK, "consent", row.id, participant_id)
