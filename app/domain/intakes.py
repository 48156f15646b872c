"""The start form (startskema), question by question as the scheme has it, page by page.

The participant answers it, most often on the leader's phone. Every page is saved when it is left,
so that it can be gone on with later. All answers are sealed under the participant's key.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, select, update
from sqlmodel import Field

from app import clock, db
from app.domain import consents, trail, who5
from app.domain.consents import ACTION_PLAN, RELATIVE, SHARING
from app.domain.outcomes import OUTCOMES
from app.key_store import KeyGone
from app.language import mark
from app.vault import Secret, sealed_column

LINE, TEXT, DAY, PHONE, ONE, MANY, WHO5, YES = (
    "line",
    "text",
    "day",
    "phone",
    "one",
    "many",
    "who5",
    "yes",
)
LONGEST = 2000  # characters of a text
LONGEST_LINE = 200
Answers = dict[str, Any]  # by the key of the question: text, or the codes chosen


class Question(NamedTuple):
    """One question. `number` is its number in the start form of February 2019."""

    key: str
    number: str
    kind: str
    label: str
    options: Mapping[str, str] = {}
    hint: str | None = None


class Section(NamedTuple):
    """A page of the form."""

    key: str
    title: str
    questions: tuple[Question, ...]


GENDERS = {"man": mark("Mand"), "woman": mark("Kvinde")}
FAMILIES = {
    "single": mark("Jeg er enlig uden børn"),
    "single_children": mark("Jeg er enlig med børn"),
    "couple": mark("Jeg har en samlever/ægtefælle"),
    "couple_children": mark("Jeg har en samlever/ægtefælle og har børn"),
    "unknown": mark("Ved ikke/ønsker ikke at besvare"),
}
PLANS = {"yes": mark("Ja"), "no": mark("Nej"), "none": mark("Ikke relevant")}
CHANNELS = {
    "chaplain": mark("Fængselspræsten"),
    "social_worker": mark("Socialrådgiver i fængslet"),
    "staff": mark("Andet personale i fængslet"),
    "visitor": mark("Røde Kors besøgsven"),
    "event": mark(
        "Arrangement hvor Røde Kors frivillige var til stede"
        " (fx bankoaften, genbrugsbutik, fodboldkamp)"
    ),
    "inmate": mark("En anden indsat eller tidligere indsat"),
    "leaflet": mark("Folder eller plakat"),
    "other": mark("Andet"),
}
SECTIONS = (
    Section(
        "about",
        mark("Om dig"),
        (
            Question("name", "2", LINE, mark("Hvad er dit navn?")),
            Question("birth_date", "3", DAY, mark("Hvad er din fødselsdato?")),
            Question("gender", "4", ONE, mark("Er du mand eller kvinde?"), GENDERS),
            Question("family", "5", ONE, mark("Er du..."), FAMILIES),
            Question("language", "6", LINE, mark("Hvad er dit modersmål?")),
        ),
    ),
    Section(
        "wellbeing",
        mark("Hvordan du har det"),
        (Question("who5", "7", WHO5, mark("I de sidste to uger ...")),),
    ),
    Section(
        "background",
        mark("Din baggrund"),
        (
            Question(
                "background",
                "8",
                TEXT,
                mark("Hvad er din uddannelsesmæssige baggrund og tidligere beskæftigelse?"),
            ),
            Question(
                "interests",
                "9",
                TEXT,
                mark("Har du særlige interesser, som er relevante at kende for dine mentorer?"),
            ),
        ),
    ),
    Section(
        "why",
        mark("Hvorfor Primus Motor"),
        (
            Question("why_1", "10", LINE, mark("Hvorfor har du meldt dig? Den vigtigste grund")),
            Question("why_2", "10", LINE, mark("Den næstvigtigste grund")),
            Question("why_3", "10", LINE, mark("Den tredje grund")),
            Question(
                "release",
                "",
                TEXT,
                mark("Hvilke tanker gør du dig omkring din løsladelse?"),
                hint=mark("Glæder, håb, bekymringer, udfordringer mv."),
            ),
        ),
    ),
    Section(
        "wishes",
        mark("Dine ønsker"),
        (
            Question(
                "wishes",
                "11",
                MANY,
                mark("Hvad ønsker du at få ud af at deltage i Primus Motor?"),
                OUTCOMES,
                mark("Sæt kryds ved det, du er enig i."),
            ),
            Question("wishes_other", "11", LINE, mark("Andet, skriv her")),
            Question(
                "mentors",
                "13",
                TEXT,
                mark("Hvilke ønsker har du til dine mentorer?"),
                hint=mark(
                    "Eksempelvis interesser, viden, muligheder for at støtte dig eller indholdet"
                    " i jeres kontakt."
                ),
            ),
        ),
    ),
    Section(
        "situation",
        mark("Din situation nu"),
        (
            Question("housing", "12", LINE, mark("Bolig")),
            Question("economy", "12", LINE, mark("Økonomi")),
            Question("work", "12", LINE, mark("Job/uddannelse")),
            Question("relatives", "12", LINE, mark("Familie")),
            Question("network", "12", LINE, mark("Netværk")),
            Question("substances", "12", LINE, mark("Brug af rusmidler")),
        ),
    ),
    Section(
        "practical",
        mark("Det praktiske"),
        (
            Question(
                "plan",
                "14",
                ONE,
                mark(
                    "Har du lyst til at dele din handleplan med dine mentorer, så de kan støtte"
                    " dig i den?"
                ),
                PLANS,
            ),
            Question(
                "relative_name",
                "15",
                LINE,
                mark("Har du en pårørende, som mentorerne må kontakte i nødstilfælde? Navn"),
            ),
            Question("relative_relation", "15", LINE, mark("Relation")),
            Question("relative_phone", "15", PHONE, mark("Telefonnummer")),
            Question(
                "heard",
                "16",
                MANY,
                mark("Hvordan har du hørt om Primus Motor?"),
                CHANNELS,
                mark("Sæt gerne flere krydser."),
            ),
            Question("heard_other", "16", LINE, mark("Andet. Skriv hvorfra her")),
            Question("comments", "17", TEXT, mark("Har du andre kommentarer?")),
        ),
    ),
    Section(
        "sharing",
        mark("Må vi dele det?"),
        (
            Question(
                "sharing",
                "18",
                YES,
                mark("Ja, I må dele disse oplysninger med mine kommende mentorer"),
            ),
            Question("signature", "18", LINE, mark("Dit navn som underskrift")),
        ),
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}


class Intake(db.Row, table=True):
    """One participant's start form."""

    referral_id: UUID = Field(foreign_key="referral.id", unique=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    begun_at: datetime
    by: UUID = Field(foreign_key="person.id")
    finished_at: datetime | None = None


class IntakePage(db.Row, table=True):
    """What was answered on one page; saved again, the newer words stand."""

    __tablename__ = "intake_page"
    __table_args__ = (UniqueConstraint("intake_id", "section"),)
    intake_id: UUID = Field(foreign_key="intake.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    section: str  # key of one of SECTIONS
    at: datetime
    answers_ct: bytes | None = sealed_column()

    answers = Secret("participant_id")


class Begun(NamedTuple):
    """A start form as a row."""

    id: UUID
    referral_id: UUID
    participant_id: UUID
    begun_at: datetime
    finished_at: datetime | None


INTAKES, PAGES = db.columns(Intake), db.columns(IntakePage)
_BEGUN = select(*(INTAKES.c[name] for name in Begun._fields))
_OF_REFERRAL = _BEGUN.where(INTAKES.c.referral_id == bindparam("referral"))
_OF_PARTICIPANT = _BEGUN.where(INTAKES.c.participant_id == bindparam("participant"))
_PAGES_OF = select(PAGES.c.id, PAGES.c.section, PAGES.c.participant_id, PAGES.c.answers_ct).where(
    PAGES.c.intake_id == bindparam("intake")
)
_FINISH = (
    update(INTAKES)
    .where(INTAKES.c.id == bindparam("intake"), INTAKES.c.finished_at.is_(None))
    .values(finished_at=bindparam("now"))
    .returning(INTAKES.c.id)
)


def of_referral(referral_id: UUID) -> Begun | None:
    row = db.first(_OF_REFERRAL, referral=referral_id)
    return Begun(*row) if row else None


def of_participant(participant_id: UUID) -> Begun | None:
    row = db.first(_OF_PARTICIPANT, participant=participant_id)
    return Begun(*row) if row else None


def answers(intake: Begun) -> dict[str, Answers]:
    """What has been answered, by section. Opening it is a reading for the access log."""
    found = {}
    for row in db.rows(_PAGES_OF, intake=intake.id):
        try:
            text = IntakePage.answers.open(row.id, row.participant_id, row.answers_ct)
        except KeyGone:
            continue
        found[row.section] = json.loads(text) if text else {}
    return found


def saved(intake: Begun) -> set[str]:
    """Which sections have been saved; nothing is opened."""
    return {row.section for row in db.rows(_PAGES_OF, intake=intake.id)}


def begin(referral_id: UUID, participant_id: UUID, by: UUID) -> Begun:
    """The form of that referral, begun now unless it has been."""
    db.insert_once(
        Intake,
        id=uuid4(),
        referral_id=referral_id,
        participant_id=participant_id,
        begun_at=clock.now(),
        by=by,
    )
    return Begun(*db.rows(_OF_REFERRAL, referral=referral_id)[0])


def save(intake: Begun, section: str, given: Answers, pen: trail.Pen, by: UUID) -> None:
    """One page. What it says of consents holds from now on."""
    known = next((r for r in db.rows(_PAGES_OF, intake=intake.id) if r.section == section), None)
    session = db.session()
    row = session.get_one(IntakePage, known.id) if known else None
    if row is None:
        row = IntakePage(
            id=uuid4(),
            intake_id=intake.id,
            participant_id=intake.participant_id,
            section=section,
            at=clock.now(),
        )
    row.at = clock.now()
    row.answers = json.dumps(given, sort_keys=True, ensure_ascii=False)
    session.add(row)
    session.flush()
    pen.write(trail.LOGGED, "intake", intake.id, intake.participant_id)
    for purpose, yes in _consents(section, given):
        consents.say(intake.participant_id, purpose, yes, clock.today(), pen, by)


def finish(intake: Begun, pen: trail.Pen) -> None:
    """The participant has said that it is done; it can still be changed."""
    if db.first(_FINISH, intake=intake.id, now=clock.now()):
        pen.write(trail.EDITED, "intake", intake.id, intake.participant_id)


def wellbeing(given: Mapping[str, Answers]) -> int | None:
    """WHO-5, 0-100."""
    found: int | None = who5.score(given.get("wellbeing", {}).get("who5") or {})
    return found


def _consents(section: str, given: Answers) -> list[tuple[str, bool]]:
    """What a page says yes or no to."""
    if section == "practical":
        relative = bool(given.get("relative_name") and given.get("relative_phone"))
        return [(ACTION_PLAN, given.get("plan") == "yes"), (RELATIVE, relative)]
    if section == "sharing":
        return [(SHARING, bool(given.get("sharing")))]
    return []
