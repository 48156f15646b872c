"""A wording of the agreement in words, as the pair, the leader and the printer read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.domain import agreements
from app.domain.agreements import (
    BEFORE_THE_FIRST_VISIT,
    FOCUS,
    KICK_OFF,
    PRESENT,
    RELEASE_MEETING,
    SHARES_PLAN,
    VERSIONS,
    WAYS,
    Made,
)
from app.domain.meetings import codes
from app.domain.mentorships import View
from app.language import say
from app.web.hypertext import labels


class Mentor(NamedTuple):
    """First name and Red Cross phone only: the participant gets this on paper."""

    first_name: str
    phone: str | None


class ShownAgreement(NamedTuple):
    id: UUID
    version: str
    at: datetime
    by: str
    focus: list[str]
    ways: list[str]
    ticked: list[tuple[str, bool]]
    talked: list[tuple[str, bool]]
    present: list[str]
    shares_plan: str | None
    release_meeting: str | None
    texts: Mapping[str, str | None]
    signed: bool
    ready: bool


class Parties(NamedTuple):
    """Who agrees, by first name."""

    participant: str
    mentors: list[Mentor]
    leader: str
    leader_phone: str | None


def parties(mine: View, day: object) -> Parties:
    sitting = [s for s in mine.seats if s.holds(day)]  # type: ignore[arg-type]
    return Parties(
        mine.participant,
        [Mentor(s.first_name, s.phone) for s in sitting],
        mine.leader,
        mine.leader_phone,
    )


def shown(one: Made, mine: View) -> ShownAgreement:
    return ShownAgreement(
        id=one.id,
        version=say(VERSIONS[one.version]),
        at=one.at,
        by=mine.name_of(one.by) or say("en anden mentor"),
        focus=labels(codes(one.focus, FOCUS), FOCUS),
        ways=labels(codes(one.ways, WAYS), WAYS),
        ticked=_ticks(one, one.ticked, BEFORE_THE_FIRST_VISIT),
        talked=_ticks(one, one.talked, KICK_OFF),
        present=_present(one, mine),
        shares_plan=_word(one.shares_plan, SHARES_PLAN),
        release_meeting=_word(one.release_meeting, RELEASE_MEETING),
        texts={name: one.text(name) for name in agreements.TEXTS},
        signed=one.signed,
        ready=one.ready,
    )


def _ticks(one: Made, ticked: int, choices: dict[str, str]) -> list[tuple[str, bool]]:
    """What is seen to before the first visit, and what is not: of the first version only."""
    if one.version != agreements.START:
        return []
    seen = set(codes(ticked, choices))
    return [(say(label), code in seen) for code, label in choices.items()]


def _present(one: Made, mine: View) -> list[str]:
    """Who said yes to it, by first name where that is known."""
    day = one.at.date()
    other = next((s for s in mine.seats if s.person_id != one.by and s.holds(day)), None)
    known = {
        "participant": mine.participant,
        "author": mine.name_of(one.by),
        "co_mentor": other and other.first_name,
        "leader": mine.leader,
    }
    return [known[code] or say(PRESENT[code]) for code in codes(one.present, PRESENT)]


def _word(code: str | None, choices: dict[str, str]) -> str | None:
    return say(choices[code]) if code in choices else None
