"""That an extract of what is kept about a participant was handed over: to whom, when, by whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import trail
from app.language import mark

WAYS = {
    "in_hand": mark("Deltageren, i hånden"),
    "by_post": mark("Deltageren, i et lukket brev"),
    "agent": mark("En, deltageren har givet fuldmagt"),
}


class Disclosure(db.Row, table=True):
    """One handing over. The id is made on the page, so that sending it twice is harmless."""

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    way: str  # one of WAYS
    on: date
    by: UUID = Field(foreign_key="person.id")
    at: datetime


DISCLOSURES = db.columns(Disclosure)
_OF = (
    select(DISCLOSURES)
    .where(DISCLOSURES.c.participant_id == bindparam("participant"))
    .order_by(DISCLOSURES.c.at.desc())
)


def of(participant_id: UUID) -> list[Any]:
    """Every handing over as a row, newest first: way, on, by, at."""
    return db.rows(_OF, participant=participant_id)


def hand_over(
    client_id: UUID, participant_id: UUID, way: str, on: date, pen: trail.Pen, by: UUID
) -> None:
    """The participant has it now. Sent again, it is the same."""
    values = {"participant_id": participant_id, "way": way, "on": on, "by": by}
    if db.insert_once(Disclosure, id=client_id, at=clock.now(), **values):
        pen.write(trail.DISCLOSED, "extract", client_id, participant_id, reason=way)
