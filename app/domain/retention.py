"""When what is kept of an ended mentorship fades. Nothing is stored: it follows from its end."""

from datetime import date
from typing import NamedTuple

from app.domain.mentorships import months_after

COMMENTS, IDENTITY = 6, 12  # months after the closure (product.md section 8)


class Clock(NamedTuple):
    """The days on which comments, then name and facts, are deleted. Figures stay."""

    comments_on: date
    identity_on: date


def of(ended_on: date | None) -> Clock | None:
    """None while the mentorship runs, also when it was opened again."""
    if ended_on is None:
        return None
    return Clock(months_after(ended_on, COMMENTS), months_after(ended_on, IDENTITY))
