"""A referral (henvisning): from a prison's social worker to a match, or out again.

Each step is a row with who and when. Of the screening only ticks are kept, never a reason.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Index, bindparam, func, literal, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import consents, leading, rules, trail
from app.domain.branches import INSTITUTIONS, MUNICIPALITIES
from app.domain.consents import CONTACT
from app.domain.mentorships import PARTICIPANTS, Participant, months_after, participant_name
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, ring, sealed_column

RECEIVED, SCREENED, INTERVIEWED, MATCHED = "received", "screened", "interviewed", "matched"
DECLINED, OUTSIDE, WITHDRAWN = "declined", "outside", "withdrawn"
STEPS = {
    RECEIVED: mark("Modtaget"),
    SCREENED: mark("Klar til for-samtale"),
    INTERVIEWED: mark("Klar til match"),
    MATCHED: mark("Matchet"),
    DECLINED: mark("Deltageren sagde nej"),
    OUTSIDE: mark("Uden for målgruppen"),
    WITHDRAWN: mark("Trukket tilbage"),
}
NEXT = {
    RECEIVED: (SCREENED, OUTSIDE, DECLINED, WITHDRAWN),
    SCREENED: (INTERVIEWED, DECLINED, WITHDRAWN),
    INTERVIEWED: (MATCHED, DECLINED, WITHDRAWN),
    MATCHED: (),
    DECLINED: (),
    OUTSIDE: (),
    WITHDRAWN: (),
}
OPEN = (RECEIVED, SCREENED, INTERVIEWED)
STATUSES = {  # how the release will be (effect study: 57 % were not on parole)
    "served": mark("Endt straf"),
    "parole": mark("Prøveløsladt"),
}
WAITS = timedelta(days=7)  # at one step, before a leader is reminded
BEST = 3  # months before the release, or four (evaluation report: the new limits)
AHEAD = timedelta(days=3 * 366)


def late(release_on: date, day: date) -> str | None:
    """How many months before the release a match should begin, where it is too late for that."""
    months = rules.value(rules.MATCH_MONTHS)
    return str(months) if release_on < months_after(day, months) else None


def soon(release_on: date, day: date) -> bool:
    """In time for a match, and less than is best before the release."""
    return late(release_on, day) is None and release_on < months_after(day, BEST)


class Meanwhile(Exception):
    """Somebody was first: it is not where the page showed it."""


class Refused(Exception):
    """`why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Referral(db.Row, table=True):
    """One referral. The id is made on the page, so that sending it twice is harmless."""

    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    municipality_id: UUID = Field(foreign_key="municipality.id")
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id")
    release_on: date
    release_status: str | None = None  # one of STATUSES
    received_on: date
    leader_id: UUID = Field(foreign_key="person.id")  # who owns it
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime
    source_ct: bytes | None = sealed_column()  # the office, and who there
    source_phone_ct: bytes | None = sealed_column()  # the office's number

    source = Secret("participant_id")
    source_phone = Secret("participant_id")


class ReferralStep(db.Row, table=True):
    """It came to one of STEPS."""

    __tablename__ = "referral_step"
    __table_args__ = (Index(None, "referral_id", "at"),)
    referral_id: UUID = Field(foreign_key="referral.id")
    step: str
    at: datetime
    by: UUID = Field(foreign_key="person.id")


class Terms(NamedTuple):
    """What the social worker says."""

    first_name: str
    surname: str | None
    phone: str | None
    municipality_id: UUID
    institution_id: UUID | None
    release_on: date
    release_status: str | None
    received_on: date
    source: str | None
    source_phone: str | None
    consents: tuple[str, ...] = ()


class Made(NamedTuple):
    """A referral as a row, with where it stands."""

    id: UUID
    branch_id: UUID
    participant_id: UUID
    municipality_id: UUID
    institution_id: UUID | None
    release_on: date
    release_status: str | None
    received_on: date
    leader_id: UUID
    source_ct: bytes | None
    source_phone_ct: bytes | None
    first_name_ct: bytes | None
    municipality: str
    institution: str | None
    step: str
    since: datetime

    @property
    def open(self) -> bool:
        return self.step in OPEN

    @property
    def first_name(self) -> str:
        return participant_name(self.participant_id, self.first_name_ct)

    def text(self, name: str) -> str | None:
        secret: Secret = getattr(Referral, name)
        try:
            return secret.open(self.id, self.participant_id, getattr(self, f"{name}_ct"))
        except KeyGone:
            return None

    def days(self, day: date) -> int:
        """At this step."""
        return (day - clock.in_denmark(self.since).date()).days


REFERRALS, STEP_ROWS = db.columns(Referral), db.columns(ReferralStep)
_STANDS = select(
    STEP_ROWS,
    func.row_number()
    .over(
        partition_by=STEP_ROWS.c.referral_id,
        order_by=(STEP_ROWS.c.at.desc(), STEP_ROWS.c.id.desc()),
    )
    .label("newest"),
).subquery()
_OWN = Made._fields[:11]
_MADE = (
    select(
        *(REFERRALS.c[name] for name in _OWN),
        PARTICIPANTS.c.first_name_ct,
        MUNICIPALITIES.c.name.label("municipality"),
        INSTITUTIONS.c.name.label("institution"),
        _STANDS.c.step,
        _STANDS.c.at.label("since"),
    )
    .join(PARTICIPANTS, PARTICIPANTS.c.id == REFERRALS.c.participant_id)
    .join(MUNICIPALITIES, MUNICIPALITIES.c.id == REFERRALS.c.municipality_id)
    .join(_STANDS, (_STANDS.c.referral_id == REFERRALS.c.id) & (_STANDS.c.newest == literal(1)))
    .outerjoin(INSTITUTIONS, INSTITUTIONS.c.id == REFERRALS.c.institution_id)
)
_ONE = _MADE.where(REFERRALS.c.id == bindparam("id"))
_PLACE = select(REFERRALS.c.municipality_id, REFERRALS.c.release_on).where(
    REFERRALS.c.id == bindparam("id")
)
_OF = (
    _MADE.where(REFERRALS.c.branch_id.in_(bindparam("branches", expanding=True)))
    .order_by(_STANDS.c.step.not_in(OPEN), _STANDS.c.at, REFERRALS.c.id)
    .limit(db.number("count"))
)
WAITING = (
    select(REFERRALS.c.id, REFERRALS.c.branch_id, REFERRALS.c.leader_id, _STANDS.c.at)
    .join(_STANDS, (_STANDS.c.referral_id == REFERRALS.c.id) & (_STANDS.c.newest == literal(1)))
    .where(_STANDS.c.step.in_(OPEN), _STANDS.c.at <= bindparam("before"))
)
STANDING = select(
    REFERRALS.c.id,
    REFERRALS.c.participant_id,
    REFERRALS.c.branch_id,
    REFERRALS.c.release_on,
    _STANDS.c.step,
    _STANDS.c.at,
).join(_STANDS, (_STANDS.c.referral_id == REFERRALS.c.id) & (_STANDS.c.newest == literal(1)))
_MATCHED_OF = (
    select(REFERRALS.c.id)
    .join(_STANDS, (_STANDS.c.referral_id == REFERRALS.c.id) & (_STANDS.c.newest == literal(1)))
    .where(REFERRALS.c.participant_id == bindparam("participant"), _STANDS.c.step == MATCHED)
    .order_by(_STANDS.c.at.desc())
    .limit(db.ONE)
)
_HISTORY = (
    select(STEP_ROWS.c.step, STEP_ROWS.c.at, STEP_ROWS.c.by)
    .where(STEP_ROWS.c.referral_id == bindparam("referral"))
    .order_by(STEP_ROWS.c.at, STEP_ROWS.c.id)
)
_LOCK = select(REFERRALS.c.id).where(REFERRALS.c.id == bindparam("id")).with_for_update()
_STATUS = (
    update(REFERRALS)
    .where(REFERRALS.c.id == bindparam("referral"))
    .values(
        release_on=bindparam("its_release"),
        release_status=bindparam("its_status"),
        institution_id=bindparam("its_institution"),
    )
)


def of(branches: Iterable[UUID], count: int) -> list[Made]:
    """The referrals of these branches, open ones first, the longest waiting first."""
    found = db.rows(_OF, branches=list(branches), count=count)
    ring().take(row.participant_id for row in found)
    return [Made(*row) for row in found]


def one(referral_id: UUID) -> Made | None:
    row = db.first(_ONE, id=referral_id)
    return Made(*row) if row else None


def matched_of(participant_id: UUID) -> UUID | None:
    """The referral that a mentorship began with; one that was imported has none."""
    row = db.first(_MATCHED_OF, participant=participant_id)
    return row and row.id


def place_of(referral_id: UUID) -> Any:
    """Where to and when, as a row without a name: what a mentor who is asked may know."""
    return db.first(_PLACE, id=referral_id)


def history(referral_id: UUID) -> list[Any]:
    """Its steps as rows, oldest first: step, at, by."""
    return db.rows(_HISTORY, referral=referral_id)


def receive(client_id: UUID, branch: UUID, terms: Terms, pen: trail.Pen, by: UUID) -> UUID:
    """A referral has come. Sent again, it is the same one."""
    if one(client_id):
        return client_id
    participant = Participant(id=uuid4())
    ring().add_many([participant.id])
    participant.first_name, participant.surname = terms.first_name, terms.surname
    participant.phone = terms.phone
    session = db.session()
    session.add(participant)
    session.flush()
    row = Referral(
        id=client_id,
        branch_id=branch,
        participant_id=participant.id,
        municipality_id=terms.municipality_id,
        institution_id=terms.institution_id,
        release_on=terms.release_on,
        release_status=terms.release_status,
        received_on=terms.received_on,
        leader_id=leading.owner_for(branch, by, clock.today()),
        made_by=by,
        made_at=clock.now(),
    )
    row.source, row.source_phone = terms.source, terms.source_phone
    session.add(row)
    session.flush()
    for purpose in terms.consents:
        consents.say(participant.id, purpose, True, terms.received_on, pen, by)
    _put(client_id, RECEIVED, by)
    pen.write(trail.LOGGED, "referral", client_id, participant.id)
    return client_id


def move(referral: Made, step: str, pen: trail.Pen, by: UUID) -> None:
    """On to the next step, or out."""
    _lock(referral.id)
    now = one(referral.id)
    if now is None or now.step != referral.step or step not in NEXT[now.step]:
        raise Meanwhile
    if step == SCREENED and not consents.given(referral.participant_id, CONTACT):
        raise Refused("contact")
    _put(referral.id, step, by)
    pen.write(trail.EDITED, "referral", referral.id, referral.participant_id)


def situate(
    referral: Made,
    release_on: date,
    status: str | None,
    institution: UUID | None,
    pen: trail.Pen,
) -> None:
    """When and how the release is expected, and where the participant is now."""
    db.change(
        _STATUS,
        referral=referral.id,
        its_release=release_on,
        its_status=status,
        its_institution=institution,
    )
    pen.write(trail.EDITED, "referral", referral.id, referral.participant_id)


def _lock(referral_id: UUID) -> None:
    db.first(_LOCK, id=referral_id)


def _put(referral_id: UUID, step: str, by: UUID) -> None:
    row = ReferralStep(id=uuid4(), referral_id=referral_id, step=step, at=clock.now(), by=by)
    db.session().add(row)
    db.session().flush()
