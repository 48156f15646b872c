"""What a participant says at the end. The answers are sealed whole, under the participant's key."""

import json
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import exit_links, trail, turns, who5
from app.domain.exit_links import Link
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, sealed_column

LINK, HANDED, WITH_LEADER = "link", "handed", "with_leader"
WAYS = {
    LINK: mark("Svaret gennem et link"),
    HANDED: mark("Svaret på en telefon, der blev givet videre"),
    WITH_LEADER: mark("Svaret sammen med aktivitetslederen"),
}
SATISFACTION = range(11)
LONGEST_TEXT = 2000  # characters


class ExitForm(db.Row, table=True):
    """One per closure. The id is made on the page, so that sending it twice is harmless."""

    __tablename__ = "exit_form"
    closure_id: UUID = Field(foreign_key="closure.id", unique=True)
    mentorship_id: UUID = Field(foreign_key="mentorship.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    at: datetime
    way: str  # one of WAYS
    answers_ct: bytes | None = sealed_column()

    answers = Secret("participant_id")


class Answers(NamedTuple):
    """Everything can be left out; of WHO-5 there is all or nothing."""

    satisfaction: int | None = None
    outcomes: tuple[str, ...] = ()  # of OUTCOMES
    best: str | None = None
    comment: str | None = None
    who5: dict[str, int] | None = None

    @property
    def score(self) -> int | None:
        return who5.score(self.who5) if self.who5 else None


class Filled(NamedTuple):
    """One form as a row."""

    id: UUID
    participant_id: UUID
    at: datetime
    way: str
    answers_ct: bytes | None

    def answers(self) -> Answers | None:
        """None when the key is gone."""
        try:
            text = ExitForm.answers.open(self.id, self.participant_id, self.answers_ct)
        except KeyGone:
            return None
        told = json.loads(text or "{}")
        return Answers(**(told | {"outcomes": tuple(told.get("outcomes", ()))}))


FORMS = db.columns(ExitForm)
_OF = select(*(FORMS.c[name] for name in Filled._fields)).where(
    FORMS.c.closure_id == bindparam("closure")
)


def of(closure_id: UUID) -> Filled | None:
    row = db.first(_OF, closure=closure_id)
    return Filled(*row) if row else None


def send(client_id: UUID, link: Link, answers: Answers, pen: trail.Pen, way: str = LINK) -> bool:
    """The participant's answers through a link. Sent again, it is the same form.

    False when the link has been used for another.
    """
    turns.lock(link.mentorship_id)
    stored = of(link.closure_id)
    if stored or not exit_links.use(link):
        return stored is not None and stored.id == client_id
    row = ExitForm(
        id=client_id,
        closure_id=link.closure_id,
        mentorship_id=link.mentorship_id,
        participant_id=link.participant_id,
        at=clock.now(),
        way=way,
    )
    row.answers = json.dumps(answers._asdict())
    db.session().add(row)
    db.session().flush()
    pen.write(trail.LOGGED, "exit_form", client_id, link.participant_id)
    return True
