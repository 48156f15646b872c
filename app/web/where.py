"""Where in its life a mentorship is, as the pair and the leader speak of it."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app import clock
from app.domain import mentorships
from app.domain.mentorships import View
from app.language import say


class ShownMentorship(NamedTuple):
    id: UUID
    participant: str
    phone: str | None
    phase: str
    line: str
    release_on: date
    institution: str | None
    visiting: str | None  # its visiting restrictions
    co_mentor: str | None


def shown(mine: View) -> ShownMentorship:
    """The mentorship as the pair speaks of it."""
    day = clock.today()
    return ShownMentorship(
        id=mine.id,
        participant=mine.participant,
        phone=mine.phone,
        phase=mentorships.phase(mine.release_on, mine.ended_on, day),
        line=where_we_are(mine.release_on, day),
        release_on=mine.release_on,
        institution=mine.institution,
        visiting=mine.visiting,
        co_mentor=mine.co_mentor,
    )


def where_we_are(release_on: date, today: date) -> str:
    """Days to the release, or how long after it."""
    days = (release_on - today).days
    if days == 0:
        return say("Løslades i dag")
    if days > 0:
        return (
            say("1 dag til løsladelsen") if days == 1 else say("%(n)s dage til løsladelsen", n=days)
        )
    months = -days // 30
    if months == 0:
        return (
            say("1 dag efter løsladelsen")
            if days == -1
            else say("%(n)s dage efter løsladelsen", n=-days)
        )
    return (
        say("1 måned efter løsladelsen")
        if months == 1
        else say("%(n)s måneder efter løsladelsen", n=months)
    )
