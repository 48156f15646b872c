"""How long each thing is kept, as one table; and when an ended mentorship fades.

Nothing of it is stored: a day follows from what happened (product.md section 8; where that is
silent, decided here).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from app.domain import rules
from app.domain.mentorships import months_after
from app.domain.rules import DEFAULTS
from app.language import mark

COMMENTS, IDENTITY = DEFAULTS[rules.COMMENTS], DEFAULTS[rules.IDENTITY]  # months; see `rules`
REFUSED = 3  # months after a referral came to nothing: time for a question, or a second thought
SILENT = 12  # months without a step on a referral whose release is over, too
LEFT = 12  # months after a mentor, leader or consultant left, or stopped on the way in
STRAY = timedelta(days=1)  # a key that belongs to nobody: a form may still be under way


class Kept(NamedTuple):
    """One line of what is kept how long, as people read it."""

    what: str
    how_long: str


CLOCKS = (
    Kept(
        mark("Kommentarer, noter, tråde, overdragelser og rettelser"),
        mark("6 måneder efter afslutningen"),
    ),
    Kept(
        mark("Deltagerens navn, startskema, slutskema, aftaler, møder og alt andet om forløbet"),
        mark("12 måneder efter afslutningen"),
    ),
    Kept(
        mark("En henvisning, der ikke blev til noget"),
        mark("3 måneder efter, at den blev lukket"),
    ),
    Kept(
        mark("En henvisning, der går i stå"),
        mark("12 måneder efter det sidste trin og løsladelsen"),
    ),
    Kept(
        mark("En mentor, aktivitetsleder eller konsulent, der er stoppet"),
        mark("12 måneder efter, når ingen afslutning venter"),
    ),
    Kept(mark("Afsluttede login"), mark("90 dage")),
    Kept(
        mark("Brugte og udløbne invitationer, nødkoder, links til slutskemaet og kalenderlinks"),
        mark("30 dage"),
    ),
    Kept(mark("Påmindelser, og hvad der blev af dem"), mark("180 dage")),
    Kept(mark("Enheder, der ikke er set"), mark("365 dage")),
    Kept(mark("Samarbejdspartnere, der er lukket"), mark("365 dage")),
    Kept(mark("Loggen over, hvem der har læst hvad: kun numre, aldrig navne"), mark("24 måneder")),
    Kept(mark("Tal uden navn, dag og nummer"), mark("De bliver gemt")),
    Kept(mark("Kvitteringer for sletninger: kun numre og antal"), mark("De bliver gemt")),
)

# Days after a row is of no use any more, by table. The rows are found in `clearing`.
DAYS = {
    "sign_in": 90,
    "invitation": 30,
    "half_sign_in": 1,
    "recovery_code": 30,
    "exit_link": 30,
    "feed": 30,
    "notice": 180,
    "device": 365,
    "partner": 365,
}


class Clock(NamedTuple):
    """The days on which comments, then name and facts, are deleted. Figures stay."""

    comments_on: date
    identity_on: date


def of(ended_on: date | None, said: Mapping[str, int] = DEFAULTS) -> Clock | None:
    """By the rules as set. None while the mentorship runs, also when it was opened again."""
    if ended_on is None:
        return None
    return Clock(
        months_after(ended_on, said[rules.COMMENTS]), months_after(ended_on, said[rules.IDENTITY])
    )
