"""The samarbejdsaftale: what the three have agreed, in the participant's own words.

Gone through before the first visit, again six months after the release, and at the end. Each saving
is a row of its own and none is changed, so earlier wordings stay. The form is the scheme's own,
but for social media, which rule 7 for volunteers advises against.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import receipts, strand, trail
from app.domain.meetings import bits, codes
from app.domain.mentorships import MENTORSHIPS, View
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, sealed_column

START, SIX_MONTHS, END = "start", "six_months", "end"
VERSIONS = {
    START: mark("Ved start"),
    SIX_MONTHS: mark("6 måneder efter løsladelsen"),
    END: mark("Når forløbet slutter"),
}
FOCUS = {  # bits in this order; new ones go last
    "work": mark("Arbejde"),
    "education": mark("Uddannelse"),
    "housing": mark("Bolig"),
    "health": mark("Sundhed"),
    "network": mark("Netværk"),
    "economy": mark("Økonomi"),
}
WAYS = {  # how they reach each other
    "call": mark("Opkald"),
    "text": mark("Sms"),
    "mail": mark("E-mail"),
}
SHARES_PLAN = {"yes": mark("Ja"), "no": mark("Nej"), "none": mark("Ikke relevant")}
RELEASE_MEETING = {"yes": mark("Ja"), "no": mark("Nej"), "held": mark("Det er holdt")}
BEFORE_THE_FIRST_VISIT = {
    "told": mark("Deltageren ved, at I ikke må få viden om kommende kriminalitet"),
    "in_plan": mark("Mentorerne står i handleplanen med fornavn og Røde Kors-telefon"),
    "rules": mark("I har læst fængslets regler for besøg"),
}
KICK_OFF = {  # what the two mentors talk about before they begin; bits in this order
    "skills": mark("Hvad kan vi hver især, og hvad er vi usikre på?"),
    "weeks": mark("Hvordan deler vi ugerne, og hvordan siger vi til, når vi ikke kan?"),
    "limits": mark("Hvor går vores grænser, og hvad gør vi, når vi er uenige?"),
    "time": mark("Kan vi begge være med i omkring 15 måneder?"),
}
PRESENT = {
    "participant": mark("Deltageren"),
    "author": mark("Den mentor, der skriver"),
    "co_mentor": mark("Medmentoren"),
    "leader": mark("Aktivitetslederen"),
}
TEXTS = ("goals", "activities", "often", "cancelling", "meeting_place", "avoid")
LONGEST = 1000  # characters, each of the texts


class Agreement(db.Row, table=True):
    """One wording. The id is made on the page, so that sending it twice is harmless."""

    __table_args__ = (Index(None, "mentorship_id", "version", "at"),)
    mentorship_id: UUID = Field(foreign_key="mentorship.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    version: str  # one of VERSIONS
    at: datetime
    by: UUID = Field(foreign_key="person.id")
    focus: int = 0  # bits of FOCUS
    ways: int = 0  # bits of WAYS
    ticked: int = 0  # bits of BEFORE_THE_FIRST_VISIT
    talked: int = 0  # bits of KICK_OFF
    present: int = 0  # bits of PRESENT: who was there and said yes to it
    shares_plan: str | None = None  # one of SHARES_PLAN
    release_meeting: str | None = None  # one of RELEASE_MEETING
    goals_ct: bytes | None = sealed_column()
    activities_ct: bytes | None = sealed_column()
    often_ct: bytes | None = sealed_column()
    cancelling_ct: bytes | None = sealed_column()
    meeting_place_ct: bytes | None = sealed_column()
    avoid_ct: bytes | None = sealed_column()

    goals = Secret("participant_id")
    activities = Secret("participant_id")
    often = Secret("participant_id")
    cancelling = Secret("participant_id")
    meeting_place = Secret("participant_id")
    avoid = Secret("participant_id")


class Terms(NamedTuple):
    """What the form says."""

    version: str
    texts: Mapping[str, str | None]  # by one of TEXTS
    focus: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    talked: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    shares_plan: str | None = None
    release_meeting: str | None = None


class Made(NamedTuple):
    """A wording as a row."""

    id: UUID
    mentorship_id: UUID
    participant_id: UUID
    version: str
    at: datetime
    by: UUID
    focus: int
    ways: int
    ticked: int
    talked: int
    present: int
    shares_plan: str | None
    release_meeting: str | None
    goals_ct: bytes | None
    activities_ct: bytes | None
    often_ct: bytes | None
    cancelling_ct: bytes | None
    meeting_place_ct: bytes | None
    avoid_ct: bytes | None

    @property
    def signed(self) -> bool:
        """The participant and the mentor who wrote it down have both said yes."""
        return {"participant", "author"} <= set(codes(self.present, PRESENT))

    @property
    def ready(self) -> bool:
        """Signed, and everything seen to that comes before the first visit."""
        seen = set(codes(self.ticked, BEFORE_THE_FIRST_VISIT))
        return self.signed and (self.version != START or seen == set(BEFORE_THE_FIRST_VISIT))

    def text(self, name: str) -> str | None:
        """One of TEXTS; a text whose key has been destroyed has faded."""
        secret: Secret = getattr(Agreement, name)
        try:
            return secret.open(self.id, self.participant_id, getattr(self, f"{name}_ct"))
        except KeyGone:
            return None


AGREEMENTS = db.columns(Agreement)
_OF = (
    select(*(AGREEMENTS.c[name] for name in Made._fields))
    .where(AGREEMENTS.c.mentorship_id == bindparam("mentorship"))
    .order_by(AGREEMENTS.c.at.desc(), AGREEMENTS.c.id)
    .limit(db.number("count"))
)
# Every bit of PRESENT and BEFORE_THE_FIRST_VISIT that `signed` and `ready` ask for, in SQL.
_SIGNED = AGREEMENTS.c.present.op("&")(bits(("participant", "author"), PRESENT)) == bits(
    ("participant", "author"), PRESENT
)
_SEEN_TO = bits(tuple(BEFORE_THE_FIRST_VISIT), BEFORE_THE_FIRST_VISIT)
_READY = _SIGNED & (
    (AGREEMENTS.c.version != START) | (AGREEMENTS.c.ticked.op("&")(_SEEN_TO) == _SEEN_TO)
)
READY_ONES = select(AGREEMENTS.c.mentorship_id, AGREEMENTS.c.version).where(_READY).distinct()
# Of the mentorship asked about: nothing agreed yet.
MISSING = strand.of("agreement", other=MENTORSHIPS.c.id).where(
    MENTORSHIPS.c.id == bindparam("mentorship"),
    ~select(AGREEMENTS.c.id)
    .where(AGREEMENTS.c.mentorship_id == MENTORSHIPS.c.id, AGREEMENTS.c.version == START, _READY)
    .exists(),
)


def of(mentorship_id: UUID, count: int = 20) -> list[Made]:
    """The wordings, newest first."""
    return [Made(*row) for row in db.rows(_OF, mentorship=mentorship_id, count=count)]


def newest(found: list[Made]) -> dict[str, Made]:
    """The wording that counts for each version there is, in the order of VERSIONS."""
    last: dict[str, Made] = {}
    for one in found:
        last.setdefault(one.version, one)
    return {version: last[version] for version in VERSIONS if version in last}


def due(found: list[Made], follow_up_on: date, day: date, *, ending: bool = False) -> str:
    """Which version a new wording would be: the follow-up's once its day has come, the last one
    when the end has been proposed.
    """
    if ending:
        return END
    return SIX_MONTHS if day >= follow_up_on and START in newest(found) else START


def save(client_id: UUID, mine: View, terms: Terms, pen: trail.Pen, by: UUID) -> UUID:
    """A wording is written down. Sent again, it is the same one."""
    content: dict[str, object] = {"to": str(mine.id)}
    content |= {name: str(value) for name, value in terms._asdict().items()}
    stored = receipts.take(client_id, by, mine.participant_id, client_id, content)
    if stored:
        return stored
    row = Agreement(
        id=client_id,
        mentorship_id=mine.id,
        participant_id=mine.participant_id,
        version=terms.version,
        at=clock.now(),
        by=by,
        focus=bits(terms.focus, FOCUS),
        ways=bits(terms.ways, WAYS),
        ticked=bits(terms.ticked, BEFORE_THE_FIRST_VISIT),
        talked=bits(terms.talked, KICK_OFF),
        present=bits(terms.present, PRESENT),
        shares_plan=terms.shares_plan,
        release_meeting=terms.release_meeting,
    )
    for name in TEXTS:
        setattr(row, name, terms.texts.get(name))
    db.session().add(row)
    db.session().flush()
    pen.write(trail.AGREED, "agreement", client_id, mine.participant_id)
    return client_id
