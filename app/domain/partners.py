"""Partners of a branch: prisons, municipalities, area offices, and who there to call.

What is agreed with them is looked at once a year. Names and numbers are those of their offices;
they are sealed under a key of the partner's own.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Field

from app import clock, db
from app.domain import trail
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, ring, sealed_column

KINDS = {
    "institution": mark("Fængsel, arrest eller pension"),
    "municipality": mark("Kommune"),
    "area_office": mark("Områdekontor"),
    "social_worker": mark("Socialrådgiver"),
    "other": mark("Andre"),
}
REVIEW_EVERY = timedelta(days=365)
SOON = timedelta(days=30)
LONGEST = 120  # characters
DATES = ("sent_on", "signed_on", "review_on")


class Partner(db.Row, table=True):
    """One office or person outside, as one branch knows them."""

    branch_id: UUID = Field(foreign_key="branch.id", index=True)
    kind: str  # one of KINDS
    name: str  # of the office, never of a person
    sent_on: date | None = None  # the agreement
    signed_on: date | None = None
    review_on: date | None = None  # when it is looked at again
    contacted_on: date | None = None
    made_by: UUID = Field(foreign_key="person.id")
    made_at: datetime
    closed_at: datetime | None = None
    contact_ct: bytes | None = sealed_column()
    phone_ct: bytes | None = sealed_column()

    contact = Secret()
    phone = Secret()


class Known(NamedTuple):
    """A partner as a row."""

    id: UUID
    branch_id: UUID
    kind: str
    name: str
    sent_on: date | None
    signed_on: date | None
    review_on: date | None
    contacted_on: date | None
    contact_ct: bytes | None
    phone_ct: bytes | None

    def text(self, name: str) -> str | None:
        secret: Secret = getattr(Partner, name)
        try:
            return secret.open(self.id, self.id, getattr(self, f"{name}_ct"))
        except KeyGone:
            return None

    def due(self, day: date) -> bool:
        """It is time for the yearly look, or nearly."""
        return self.review_on is not None and self.review_on - day <= SOON


class Terms(NamedTuple):
    """What the form says."""

    kind: str
    name: str
    contact: str | None
    phone: str | None
    sent_on: date | None
    signed_on: date | None
    review_on: date | None


PARTNERS = db.columns(Partner)
_KNOWN = select(*(PARTNERS.c[name] for name in Known._fields)).where(PARTNERS.c.closed_at.is_(None))
_OF = _KNOWN.where(PARTNERS.c.branch_id.in_(bindparam("branches", expanding=True))).order_by(
    PARTNERS.c.review_on.is_(None), PARTNERS.c.review_on, PARTNERS.c.name
)
_ONE = _KNOWN.where(PARTNERS.c.id == bindparam("id"))


def of(branches: Iterable[UUID]) -> list[Known]:
    """Of these branches, what is due first."""
    found = [Known(*row) for row in db.rows(_OF, branches=list(branches))]
    ring().take(one.id for one in found)
    return found


def one(partner_id: UUID) -> Known | None:
    row = db.first(_ONE, id=partner_id)
    return Known(*row) if row else None


def save(partner_id: UUID, branch: UUID, terms: Terms, pen: trail.Pen, by: UUID) -> None:
    """Write a partner down, or anew. Signed without a day for the next look: in a year."""
    row = db.session().get(Partner, partner_id)
    if row is None:
        ring().add_many([partner_id])
        row = Partner(
            id=partner_id,
            branch_id=branch,
            kind=terms.kind,
            name=terms.name,
            made_by=by,
            made_at=clock.now(),
        )
    row.kind, row.name, row.sent_on, row.signed_on = (
        terms.kind,
        terms.name,
        terms.sent_on,
        terms.signed_on,
    )
    row.review_on = terms.review_on or (terms.signed_on and terms.signed_on + REVIEW_EVERY)
    row.contact, row.phone = terms.contact, terms.phone
    db.session().add(row)
    db.session().flush()
    pen.write(trail.EDITED, "partner", partner_id)


def contacted(partner_id: UUID, pen: trail.Pen) -> None:
    """Today. Where it was time for the yearly look, the next one is in a year."""
    row, day = db.session().get_one(Partner, partner_id), clock.today()
    row.contacted_on = day
    if row.review_on and row.review_on - day <= SOON:
        row.review_on = day + REVIEW_EVERY
    db.session().add(row)
    db.session().flush()
    pen.write(trail.EDITED, "partner", partner_id)


def close(partner_id: UUID, pen: trail.Pen) -> None:
    """No longer a partner."""
    row = db.session().get_one(Partner, partner_id)
    row.closed_at = clock.now()
    db.session().add(row)
    db.session().flush()
    pen.write(trail.EDITED, "partner", partner_id)
