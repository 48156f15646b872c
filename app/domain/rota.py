"""Who has the week. One function answers it, everywhere."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from holidays import country_holidays

from app.clock import Week
from app.language import DANISH, ENGLISH

PLACES = 2
_HOLIDAYS = {
    DANISH: country_holidays("DK", language="da"),
    ENGLISH: country_holidays("DK", language="en_US"),
}


class Held(Protocol):
    """A seat: who, which place, from and to which day."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def place(self) -> int: ...
    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...


def holder(seats: Sequence[Held], start: Week, week: Week) -> UUID | None:
    """The mentor who has the week: the two places alternate from the start week, place 1 first.

    None when that place is empty: an empty seat's weeks never fall silently to the one who stays.
    """
    place = 1 + week.since(start) % PLACES
    for seat in seats:
        begun = seat.from_on <= week.sunday
        ended = seat.to_on is not None and seat.to_on < week.sunday
        if seat.place == place and begun and not ended:
            return seat.person_id
    return None


def public_holidays(week: Week, tongue: str = DANISH) -> list[str]:
    """The names of the week's Danish public holidays."""
    known = _HOLIDAYS[tongue]
    days = (date.fromisocalendar(week.year, week.number, n) for n in range(1, 8))
    return [name for day in days if (name := known.get(day))]
