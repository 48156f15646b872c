"""Why a leader should look, in words, and where the next step is."""

from collections.abc import Callable
from uuid import UUID

from app.clock import Week
from app.domain import reasons
from app.domain.reasons import Reason
from app.language import mark, say

WORDS = {
    reasons.CONCERN: mark("Bekymring: Ring nu"),
    reasons.BROKEN: mark("Aftalen er brudt"),
    reasons.CLOSURE: mark("Afslutning venter på dig"),
    reasons.ALONE: mark("Mangler en mentor"),
    reasons.WISH: mark("En mentor vil stoppe eller skifte"),
    reasons.UNCOVERED: mark("Uge %(number)s er ikke dækket"),
    reasons.NEVER_MET: mark("Ikke mødtes endnu, %(number)s dage efter start"),
    reasons.SILENT: mark("Stille i %(number)s dage"),
    reasons.NO_SHOWS: mark("Deltageren kom ikke de seneste %(number)s gange"),
    reasons.AGREEMENT: mark("Aftalen mangler"),
    reasons.OVERDUE: mark("Planlagt slutdato er passeret"),
    reasons.FOLLOW_UP: mark("Opfølgning efter 6 måneder"),
    reasons.UNCLEARED: mark("Mentoren har ingen sikkerhedsgodkendelse"),
    reasons.RAN_OUT: mark("Sikkerhedsgodkendelsen er udløbet"),
    reasons.CLEARANCE: mark("Sikkerhedsgodkendelsen udløber snart"),
    reasons.REFERRAL: mark("Henvisning har ventet over en uge"),
    reasons.DEBRIEF: mark("Tal med mentorerne om afslutningen"),
    reasons.EXIT_FORM: mark("Slutskemaet mangler"),
    reasons.IDLE: mark("Mentor uden deltager i over 60 dage"),
    reasons.EXPENSE: mark("En udgift venter på svar"),
    reasons.PARTNER: mark("Tid til at tale sammen"),
    reasons.TRANSFER: mark("Samtykke til besked ved overflytning mangler"),
    reasons.RELEASE: mark("Løslades om %(number)s dage"),
    reasons.UNEVEN: mark("Kun den ene har mødt deltageren i 8 uger"),
    reasons.QUIET: mark("Stille i %(number)s dage"),
    reasons.PAUSED: mark("På pause"),
    reasons.WELLBEING: mark("En mentor har det sværere end før"),
    reasons.RELATION: mark("Tallet for relationen er faldet to gange"),
}
RELEASED = {0: mark("Løslades i dag"), 1: mark("Løslades i morgen")}
STEPS: dict[str, Callable[[UUID, Reason], str]] = {  # one tap to what there is to do
    reasons.CONCERN: lambda *_: "/leder/bekymringer",
    reasons.BROKEN: lambda *_: "/leder/bekymringer",
    reasons.CLOSURE: lambda _, reason: f"/leder/afslutninger/{reason.ref}",
    reasons.ALONE: lambda life, _: f"/leder/forloeb/{life}/ny-mentor",
    reasons.UNCOVERED: lambda life, _: f"/leder/forloeb/{life}/uger",
    reasons.EXPENSE: lambda life, _: f"/leder/forloeb/{life}/beloeb",
    reasons.AGREEMENT: lambda life, _: f"/leder/forloeb/{life}/aftale",
    reasons.OVERDUE: lambda life, _: f"/leder/forloeb/{life}/afslutning",
    reasons.FOLLOW_UP: lambda life, _: f"/leder/forloeb/{life}/opfoelgning",
    reasons.TRANSFER: lambda life, _: f"/leder/forloeb/{life}/samtykker",
}


OF_TASKS = {  # where each is seen to
    reasons.CLEARANCE: "/leder/mentorer/%s",
    reasons.RAN_OUT: "/leder/mentorer/%s",
    reasons.UNCLEARED: "/leder/mentorer/%s",
    reasons.REFERRAL: "/leder/henvisninger/%s",
    reasons.DEBRIEF: "/leder/afslutninger/%s",
    reasons.EXIT_FORM: "/leder/afslutninger/%s",
    reasons.IDLE: "/leder/mentorer/%s",
    reasons.PARTNER: "/leder/partnere/%s",
}


def sentence(reason: Reason) -> str:
    if reason.code == reasons.RELEASE and reason.number in RELEASED:
        return say(RELEASED[reason.number])
    number = Week.of(reason.on).number if reason.code == reasons.UNCOVERED else reason.number  # type: ignore[arg-type]
    return say(WORDS[reason.code], number=number)


def step(life: UUID, found: list[Reason]) -> str:
    """Where the most urgent of the reasons is seen to."""
    here = STEPS.get(found[0].code) if found else None
    return here(life, found[0]) if here else f"/leder/forloeb/{life}"
