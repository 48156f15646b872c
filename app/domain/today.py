"""What I dag asks besides the meetings, in one question: next meeting, last contact, new texts."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import literal_column, select, true

from app import db
from app.domain import contacts, guides, plans
from app.domain.contacts import Made
from app.domain.plans import Next


class Today(NamedTuple):
    planned: Next | None
    contact: Made | None
    to_accept: list[str]  # kinds of text whose newest version waits


_PLAN, _CONTACT = plans.NEXT.subquery("plan"), contacts.LAST.subquery("contact")
_TEXTS = guides.STATE.subquery("texts")
_ONE_ROW = select(literal_column("1").label("one")).subquery("one")
_ASKED = select(
    *(_PLAN.c[name].label("plan_" + name) for name in Next._fields),
    *(_CONTACT.c[name].label("contact_" + name) for name in Made._fields),
    *(_TEXTS.c[name] for name in ("kind", "version", "accepted_at")),
).select_from(
    _ONE_ROW.outerjoin(_PLAN, true()).outerjoin(_CONTACT, true()).outerjoin(_TEXTS, true())
)


def ask(mentorship_id: UUID, person_id: UUID, day: date) -> Today:
    """What stands on I dag for that mentor on that day."""
    found = db.rows(_ASKED, mentorship=mentorship_id, person=person_id, day=day)
    planned = Next(*found[0][:3]) if found[0][0] else None
    made = Made(*found[0][3:8]) if found[0][3] else None
    return Today(planned, made, guides.unaccepted(found))
