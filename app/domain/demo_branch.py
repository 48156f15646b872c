"""The demo's branches: what their mentors have met, what pairs have agreed, and who is on the way.

Drawn after the mentorships, so that their lives stay as they were.
"""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain import agreements, consents, gatherings, referrals, requirements
from app.domain.agreements import BEFORE_THE_FIRST_VISIT, FOCUS, KICK_OFF, PRESENT, WAYS, Agreement
from app.domain.consents import Consent
from app.domain.demo_weeks import Hand
from app.domain.gatherings import Attendance, Gathering
from app.domain.meetings import bits
from app.domain.mentorships import FOLLOW_UP, Mentorship, Participant, months_after
from app.domain.people import Person
from app.domain.profiles import Profile
from app.domain.referrals import Referral, ReferralStep
from app.domain.requirements import Requirement

YEARS = timedelta(days=730)
INTERESTS = ("Fodbold og madlavning", "Skak og lange gåture", "Haver og håndværk", "Musik og film")
ABLE = ("God til breve og skemaer", "Har arbejdet som tømrer", "Kender kommunen", "Lytter godt")
GOALS = (
    "Et sted at bo, som er mit eget",
    "Et job at stå op til om morgenen",
    "At få styr på min økonomi og holde mig væk fra det gamle",
)


class Rooms:
    """Writes with the hand of the demo's maker."""

    def __init__(self, hand: Hand, seed: int, day: date) -> None:
        self.hand, self.day = hand, day
        self.source = random.Random(seed + 1)  # noqa: S311 - not a secret

    def mentor(self, person: Person, leader: UUID, since: date) -> None:
        """Cleared, trained, and with a profile; one in ten clearances soon runs out."""
        draw = self.source
        soon = self.day + timedelta(weeks=5)
        until = soon if draw.random() < 0.1 else self.day + YEARS
        met: list[tuple[str, date | None]] = [
            (requirements.CONVERSATION, None),
            (requirements.CLEARANCE, until),
            (requirements.BASIC, None),
        ]
        if draw.random() < 0.7:
            met.append((requirements.METHOD, None))
        for kind, last in met:
            self.hand.row(
                Requirement,
                person_id=person.id,
                kind=kind,
                met_on=since,
                until_on=last,
                at=self.hand.at(since, 12),
                by=leader,
            )
        profile = Profile(
            id=self.hand.new_id(),
            person_id=person.id,
            gender=draw.choice(("woman", "man")),
            shown=True,
        )
        self.hand.seal(
            profile,
            birth_date=date(draw.randint(1955, 1997), draw.randint(1, 12), 3).isoformat(),
            interests=draw.choice(INTERESTS),
            competences=draw.choice(ABLE),
        )

    def agreed(self, life: Mentorship, author: UUID) -> None:
        """Most have an agreement, and most of those who should have followed it up."""
        draw = self.source
        if draw.random() < 0.85:
            self._agreement(life, author, agreements.START, life.matched_on + timedelta(days=3))
        follow_up = months_after(life.release_on, FOLLOW_UP)
        if follow_up < (life.ended_on or self.day) and draw.random() < 0.7:
            self._agreement(life, author, agreements.SIX_MONTHS, follow_up)
        self._consent(life.participant_id, life.leader_id, life.matched_on)

    def gathered(self, branch: UUID, leader: UUID, mentors: list[UUID]) -> None:
        """A mentor meeting every six weeks, supervision twice a year."""
        for number in range(8):
            kind = gatherings.SUPERVISION if number % 4 == 2 else gatherings.MEETING
            on = self.day - timedelta(weeks=3 + 6 * number)
            at = self.hand.at(on, 20)
            held = self.hand.row(
                Gathering, branch_id=branch, kind=kind, on=on, made_by=leader, made_at=at
            )
            for person in mentors:
                if self.source.random() < 0.8:
                    self.hand.row(
                        Attendance, gathering_id=held.id, person_id=person, by=leader, at=at
                    )

    def referred(self, where: dict[str, Any], name: str, days: int, *steps: str) -> None:
        """Somebody referred that many days ago, who has come these steps."""
        on = self.day - timedelta(days=days)
        participant = Participant(id=self.hand.new_id())
        self.hand.seal(participant, first_name=name)
        row = Referral(
            id=self.hand.new_id(),
            branch_id=where["branch"].id,
            participant_id=participant.id,
            municipality_id=where["municipality"].id,
            institution_id=where["institution"].id,
            release_on=self.day + timedelta(days=100 - days),
            received_on=on,
            leader_id=where["leader"],
            made_by=where["leader"],
            made_at=self.hand.at(on, 10),
        )
        self.hand.seal(row, source="Socialrådgiveren i fængslet", source_phone="70102030")
        for number, step in enumerate((referrals.RECEIVED, *steps)):
            self.hand.row(
                ReferralStep,
                referral_id=row.id,
                step=step,
                at=self.hand.at(on + timedelta(days=number), 11),
                by=where["leader"],
            )
        self._consent(participant.id, where["leader"], on)

    def _agreement(self, life: Mentorship, author: UUID, version: str, on: date) -> None:
        row = Agreement(
            id=self.hand.new_id(),
            mentorship_id=life.id,
            participant_id=life.participant_id,
            version=version,
            at=self.hand.at(min(on, self.day), 15),
            by=author,
            focus=bits(self.source.sample(list(FOCUS), 2), FOCUS),
            ways=bits(("call", "text"), WAYS),
            ticked=bits(tuple(BEFORE_THE_FIRST_VISIT), BEFORE_THE_FIRST_VISIT),
            talked=bits(tuple(KICK_OFF), KICK_OFF),
            present=bits(("participant", "author", "co_mentor"), PRESENT),
            shares_plan="yes",
            release_meeting="yes",
        )
        self.hand.seal(
            row,
            goals=self.source.choice(GOALS),
            often="En gang om ugen, helst onsdag",
            meeting_place="På en café ved stationen",
            cancelling="Dagen før, med en sms",
        )

    def _consent(self, participant: UUID, leader: UUID, on: date) -> None:
        for purpose in (consents.CONTACT, consents.TRANSFER, consents.SHARING):
            self.hand.row(
                Consent,
                participant_id=participant,
                purpose=purpose,
                given=True,
                on=on,
                version=consents.VERSION,
                by=leader,
                at=self.hand.at(on, 9),
            )
