"""What the forms about weeks share: weeks as they are sent, and why some are refused."""

from collections.abc import Iterable
from datetime import date, datetime

from app.clock import Week
from app.domain.turns import Refused
from app.language import mark, say

WHY = {
    "none": mark("Vælg mindst én uge."),
    "alone": mark("Der er ingen medmentor til at tage ugen lige nu. Ring til aktivitetslederen."),
    "past": mark("Uge %(week)s er gået. Vælg en uge, der ikke er slut."),
    "far": mark("Vi planlægger højst 26 uger frem. Vælg en tidligere uge."),
    "not_mine": mark("Du har ikke uge %(week)s, så du kan ikke give den videre."),
    "not_theirs": mark("Din medmentor har ikke uge %(week)s. Vælg en anden uge."),
    "asked": mark("Der er allerede spurgt om uge %(week)s."),
    "theirs": mark("Den, du har valgt, har allerede uge %(week)s."),
    "backwards": mark("Den sidste dag ligger før den første. Ret en af dem."),
    "unknown": mark("Den uge findes ikke. Vælg en af ugerne."),
}


def why(refused: Refused) -> str:
    """The sentence for a refusal."""
    sentence = WHY[refused.why]
    if "%(week)s" not in sentence:
        return say(sentence)
    return say(sentence, week=Week.of(refused.monday).number if refused.monday else "")


def mondays(sent: Iterable[str]) -> list[date]:
    """The Mondays of weeks sent as "2026-W49"; in their order, each once."""
    return sorted({_monday(week) for week in sent})


def _monday(week: str) -> date:
    try:
        monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - no instant
    except ValueError:
        raise Refused("unknown") from None
    if code(monday) != week:  # the library reads week 53 of a year without one as the next week 1
        raise Refused("unknown")
    return monday


def numbered(mondays: Iterable[date]) -> str:
    """Weeks in a sentence, in their order: "uge 49", "uge 50, 52 og 1"."""
    *most, last = (str(Week.of(monday).number) for monday in sorted(mondays))
    if not most:
        return say("uge %(week)s", week=last)
    return say("uge %(weeks)s", weeks=", ".join(most) + say(" og ") + last)


def code(monday: date) -> str:
    """How a week is sent: "2026-W49"."""
    week = Week.of(monday)
    return f"{week.year}-W{week.number:02}"
