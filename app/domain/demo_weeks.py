"""The weeks of people who do not exist: handovers, absences and a word between the two."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.clock import Week
from app.domain import handovers
from app.domain.handovers import (
    ACCEPTED,
    DECLINED,
    EXPIRED,
    GIVE,
    Handover,
    HandoverAnswer,
    HandoverWeek,
)
from app.domain.mentorships import Mentorship
from app.domain.people import Person
from app.domain.rota import Absence
from app.domain.threads import ThreadNote

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Hand:
    """How the demo makes a row, seals its texts, and gives it a time of the day."""

    row: Callable[..., Any]
    seal: Callable[..., None]
    at: Callable[[date, int], datetime]
    new_id: Callable[[], UUID]


class Weeks:
    """The rota of one mentorship after another, from a source of its own."""

    def __init__(self, hand: Hand, seed: int, day: date, notes: list[str]) -> None:
        self.hand, self.day, self.notes = hand, day, notes
        self.source = random.Random(seed)  # noqa: S311 - not a secret

    def of(self, life: Mentorship, pair: list[Person]) -> None:
        """Some of the past weeks changed hands; now and then somebody is away soon."""
        if life.ended_on is not None:
            return
        number = 0
        now, start = Week.of(self.day).monday, Week.of(life.matched_on).monday
        for back in range(2, 40):
            monday = now - back * _WEEK
            if monday <= start or self.source.random() > 0.12:
                continue
            giver, taker = self._turn(pair, monday, start)
            outcome = self.source.choices([ACCEPTED, DECLINED, EXPIRED], [8, 1, 1])[0]
            number += 1
            self.handover(life, giver, taker, monday, outcome, number)
        if self.source.random() < 0.2:
            away = pair[self.source.randrange(2)]
            self.absence(life, away, self.day + timedelta(days=self.source.randint(3, 20)))

    def told(self, life: Mentorship, anna: Person, bo: Person) -> None:
        """What waits for Anna: Bo asks her to take a week; and what the two wrote each other."""
        now, start = Week.of(self.day).monday, Week.of(life.matched_on).monday
        monday = next(
            monday
            for monday in (now + n * _WEEK for n in range(1, 4))
            if self._turn([anna, bo], monday, start)[0] is bo
        )
        self.handover(life, bo, anna, monday, None, 0)
        for author, reader, days, text in (
            (anna, bo, 6, "Skal vi tage bankmødet sammen?"),
            (bo, anna, 5, "Ja, gerne. Jeg finder en tid."),
        ):
            at = self.hand.at(self.day - timedelta(days=days), 19)
            letter = ThreadNote(
                id=self.hand.new_id(),
                mentorship_id=life.id,
                participant_id=life.participant_id,
                author_id=author.id,
                to_id=reader.id,
                at=at,
                read_at=at + timedelta(hours=2),
            )
            self.hand.seal(letter, text=text)

    def _turn(self, pair: list[Person], monday: date, start: date) -> tuple[Person, Person]:
        """Whose week it is by the rhythm, and the other."""
        place = (monday - start).days // 7 % 2
        return pair[place], pair[1 - place]

    def handover(
        self,
        life: Mentorship,
        giver: Person,
        taker: Person,
        monday: date,
        outcome: str | None,
        number: int,
    ) -> None:
        asked_on = min(monday - timedelta(days=self.source.randint(5, 20)), self.day)
        asked_at = self.hand.at(min(asked_on, self.day - timedelta(days=1)), 19)
        made = Handover(
            id=self.hand.new_id(),
            mentorship_id=life.id,
            participant_id=life.participant_id,
            kind=GIVE,
            asked_by=giver.id,
            to_id=taker.id,
            asked_at=asked_at,
            read_at=asked_at + timedelta(days=1) if outcome == ACCEPTED else None,
        )
        self.hand.seal(made, going=self.source.choice(self.notes))
        week = self.hand.row(
            HandoverWeek,
            handover_id=made.id,
            mentorship_id=life.id,
            monday=monday,
            from_id=giver.id,
            to_id=taker.id,
            deadline=handovers.deadline(monday, asked_on),
        )
        if outcome:
            self.hand.row(
                HandoverAnswer,
                week_id=week.id,
                mentorship_id=life.id,
                participant_id=life.participant_id,
                outcome=outcome,
                number=number,
                at=asked_at + timedelta(hours=20),
                by=None if outcome == EXPIRED else taker.id,
            )

    def absence(self, life: Mentorship, person: Person, first: date) -> None:
        self.hand.row(
            Absence,
            mentorship_id=life.id,
            person_id=person.id,
            from_on=first,
            to_on=first + timedelta(days=self.source.randint(5, 18)),
            made_at=self.hand.at(self.day - timedelta(days=2), 20),
        )
