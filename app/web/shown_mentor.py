"""A mentor in words, as the leader reads it."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.domain import mentors
from app.domain.invitations import RUN_OUT, SENT, STOPPED, USED
from app.domain.mentors import STAGES, Standing
from app.domain.profiles import GENDERS, TEXTS
from app.domain.requirements import KINDS, RUNS_OUT
from app.domain.rules import MENTOR_AGE
from app.language import mark, say

INVITED = {  # what became of the last invitation
    SENT: mark("Invitation sendt"),
    USED: mark("Invitation brugt"),
    RUN_OUT: mark("Invitation udløbet"),
    STOPPED: mark("Invitation stoppet"),
}
UNINVITED = mark("Ikke inviteret endnu")
REASONS = {
    mentors.UNCLEARED: mark("Sikkerhedsgodkendelse mangler"),
    mentors.EXPIRES: mark("Godkendelsen udløber. Dage tilbage: %(number)s"),
    mentors.UNCALLED: mark("Ikke ringet op i %(number)s dage"),
    mentors.WAITING: mark("Uden deltager i %(number)s dage"),
    mentors.UNMET: mark("Ikke til mentormøde i %(number)s uger"),
    mentors.UNSUPERVISED: mark("Supervision: %(number)s i det seneste år"),
}
BLOCKS = {
    "stage": mark("Ikke aktiv"),
    mentors.UNCLEARED: mark("Sikkerhedsgodkendelse mangler"),
    "age": mark("For ung, eller fødselsdatoen mangler"),
    "basic": mark("Grundkursus mangler"),
    "taken": mark("Har allerede et forløb"),
}
WARNINGS = {
    mentors.UNREACHABLE: mark("Røde Kors-telefon mangler"),
    "method": mark("Metodekursus mangler"),
    "child": mark("Børneattest mangler, hvis I møder børn"),
}


class ShownRequirement(NamedTuple):
    kind: str
    label: str
    met_on: date | None
    until_on: date | None
    runs_out: bool


class ShownMentor(NamedTuple):
    id: UUID
    first_name: str
    stage: str
    stage_word: str
    since: date | None
    reason: str | None
    more: list[str]
    free_since: date | None
    in_mentorship: bool
    href: str


def shown(one: Standing, day: date) -> ShownMentor:
    why = [say(REASONS[code], number=number) for code, number in one.reasons(day)]
    return ShownMentor(
        id=one.id,
        first_name=one.first_name,
        stage=one.stage,
        stage_word=say(STAGES[one.stage]),
        since=one.since,
        reason=why[0] if why else None,
        more=why[1:],
        free_since=one.free_since,
        in_mentorship=one.mentorship_id is not None,
        href=f"/leder/mentorer/{one.id}",
    )


def rank(one: Standing, day: date) -> tuple[int, int]:
    """The most urgent first, of two alike the one that has lasted longest."""
    found = one.reasons(day)
    if not found:
        return (len(mentors.ORDER), 0)
    code, number = found[0]
    return (mentors.ORDER.index(code), -(number or 0))


class ShownAge(NamedTuple):
    """Old enough: never the birthday."""

    years: int
    met: bool | None  # None where the day of birth is not known


def of_age(one: Standing, day: date) -> ShownAge:
    return ShownAge(one.rules[MENTOR_AGE], one.of_age(day))


def needs(one: Standing) -> list[ShownRequirement]:
    return [
        ShownRequirement(
            kind,
            say(label),
            one.met[kind][0] if kind in one.met else None,
            one.met[kind][1] if kind in one.met else None,
            kind in RUNS_OUT,
        )
        for kind, label in KINDS.items()
    ]


LABELS = {
    "interests": mark("Interesser"),
    "competences": mark("Det kan jeg"),
    "languages": mark("Sprog"),
    "co_mentor": mark("Ønsker til en medmentor"),
}


def profile_facts(one: Standing, day: date) -> list[tuple[str, str]]:
    """What the profile says, with a label each; an age band, never a birthday."""
    written = one.profile
    found = []
    if written.gender in GENDERS:
        found.append((say("Køn"), say(GENDERS[written.gender])))
    if band := written.band(day):
        found.append((say("Alder"), band))
    found += [(say(LABELS[n]), text) for n in TEXTS if (text := written.texts.get(n))]
    return found
