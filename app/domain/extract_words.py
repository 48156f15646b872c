"""The words of an extract: how a value is told, why and how long it is kept, why some is not."""

from collections.abc import Mapping
from typing import NamedTuple

from app.language import mark

# How a value is told.
PLAIN, WHEN, CODE, BITS, YES, MONEY = "plain", "when", "code", "bits", "yes", "money"
MENTOR, TOWN, HOUSE, BRANCH, PLACE = "mentor", "town", "house", "branch", "place"
WORDS = "words"  # what a mentor wrote: the leader reads it only where its author ticked
SECTION, EXIT, BEFORE = "section", "exit", "before"  # answers that are kept as one cell
REMINDER, SENTENCE, PHONE = "reminder", "sentence", "phone"

# Why something is left out. The reasons stand at the end of the extract.
TECHNICAL = mark("Numre og mærker, der kun binder oplysningerne sammen eller beviser, de er ægte.")
STAFF = mark("Hvem af os der gjorde hvad. Her står fornavn på dine mentorer og rollen på andre.")
OWN = mark("Hvordan dine mentorer selv har det, og deres egen vurdering af, hvordan det går.")
BETWEEN = mark("Hvad mentorer og aktivitetsleder skriver til hinanden.")
PLANNING = mark("Mentorernes egen planlægning: fravær, uger, kørsel og påmindelser til dem.")
ASKED = mark("Mentorer, der er spurgt, uden at det blev til noget.")
SAFETY = mark("Det, der er holdt tilbage for at passe på andre mennesker.")
CONTACT_OF = mark("Telefonnummeret på den, der henviste dig.")

# How long it is kept.
COMMENTS = mark("Tekster slettes 6 måneder efter, at forløbet er slut.")
IDENTITY = mark("Slettes 12 måneder efter, at forløbet er slut. Tal uden navn bliver gemt.")
LOG = mark("Slettes efter 24 måneder.")

# What it is used for.
KNOW = mark("For at kende dig og kunne kontakte dig")
BEGIN = mark("For at finde to mentorer til dig")
WALK = mark("For at mentorerne kan følges med dig")
AGREE = mark("For at I kan holde jer til det, I har aftalt")
FINISH = mark("For at slutte ordentligt og lære af det")
RIGHTS = mark("For at passe på dine rettigheder")


class Column(NamedTuple):
    """How one column is told."""

    label: str
    how: str = PLAIN
    choices: Mapping[str, str] = {}


class Part(NamedTuple):
    """One table of the extract. `link` is the column by which it hangs on the participant."""

    table: str
    title: str
    why: str
    kept: str
    link: str
    shown: Mapping[str, Column]
    left: Mapping[str, str]


def because(reason: str, *names: str) -> dict[str, str]:
    """These columns are left out for that reason."""
    return dict.fromkeys(names, reason)
