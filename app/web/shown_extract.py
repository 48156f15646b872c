"""An extract in words: each value as a participant reads it, and what is left out and why."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from app.domain import extracts
from app.domain.exit_forms import Answers
from app.domain.extract_parts import LEFT_OUT, PARTS
from app.domain.extract_words import (
    BEFORE,
    BITS,
    BRANCH,
    CODE,
    EXIT,
    HOUSE,
    MENTOR,
    MONEY,
    PHONE,
    PLACE,
    PLAIN,
    REMINDER,
    SECTION,
    SENTENCE,
    TOWN,
    WHEN,
    WORDS,
    YES,
    Column,
    Part,
)
from app.domain.extracts import Extract, Told
from app.domain.meetings import codes
from app.domain.outcomes import OUTCOMES
from app.domain.people import PublicMentor
from app.language import mark, say, spoken
from app.web import because
from app.web.hypertext import clock_time, local_day, phone, short_day
from app.web.shown_access import quiet_word, reader_role, reason_word
from app.web.shown_intake import sections
from app.web.shown_readings import ShownReading

LOGGED = mark("Slettes efter 24 måneder.")
EARLIER = {"comment": mark("Kommentar"), "victory": mark("En sejr")}


class ShownPart(NamedTuple):
    title: str
    why: str
    kept: str
    rows: list[list[tuple[str, str]]]  # label and value


class ShownExtract(NamedTuple):
    """What a template gets: words, and no row of ours."""

    parts: list[ShownPart]
    readings: list[ShownReading]
    left_out: list[str]
    withheld: int


class Words:
    """How each kind of value is said, with the names that some of them need."""

    def __init__(self, told: Iterable[Told]) -> None:
        some = list(told)
        self._mentors: Mapping[UUID, PublicMentor] = extracts.mentors(some, MENTOR)
        self._places = extracts.places()
        self._how: dict[str, Callable[[Column, Any], str]] = {
            PLAIN: lambda _, value: _plain(value),
            WORDS: lambda _, value: str(value),
            WHEN: lambda _, value: _when(value),
            CODE: lambda column, value: say(column.choices.get(value, str(value))),
            BITS: lambda column, value: _chosen(column.choices, value),
            YES: lambda _, value: say("Ja") if value else say("Nej"),
            SENTENCE: lambda _, value: say(value),
            REMINDER: lambda _, value: because.sentence(value),
            PHONE: lambda _, value: phone(value),
            MONEY: lambda _, value: f"{value // 100},{value % 100:02} kr.",
            MENTOR: lambda _, value: self._mentors[value].first_name,
            **dict.fromkeys((TOWN, HOUSE, BRANCH, PLACE), lambda _, value: self._place(value)),
        }

    def of(self, told: Told) -> list[list[tuple[str, str]]]:
        rows = ([*self._row(row)] for row in told.rows)
        return [row for row in rows if row]

    def _row(self, row: list[extracts.Fact]) -> Iterable[tuple[str, str]]:
        for column, value in row:
            if column.how == SECTION:
                yield from _answers(*value)
            elif column.how == EXIT:
                yield from _exit(value)
            elif column.how == BEFORE:
                yield from ((say(EARLIER[name]), text) for name, text in value.items())
            elif text := self._how[column.how](column, value):
                yield (say(column.label), text)

    def _place(self, value: UUID) -> str:
        return self._places.get(value, "")


def shown(extract: Extract, participant_id: UUID) -> ShownExtract:
    """A participant's."""
    return ShownExtract(
        parts(extract),
        _readings(participant_id),
        reasons(PARTS, LEFT_OUT),
        extract.withheld,
    )


def _readings(participant_id: UUID) -> list[ShownReading]:
    """Without who (GDPR 15 gives the day and why); and no page's name tells of a concern."""
    told = (
        ShownReading(
            one.on, reader_role(one.kind), None, quiet_word(one.kind), reason_word(one.reason)
        )
        for one in extracts.readings(participant_id)
    )
    return list(dict.fromkeys(told))


def parts(extract: Extract) -> list[ShownPart]:
    words = Words(extract.told)
    return [
        ShownPart(say(told.part.title), say(told.part.why), say(told.part.kept), words.of(told))
        for told in extract.told
    ]


def reasons(told: Iterable[Part], whole: Mapping[str, str]) -> list[str]:
    """Every reason for leaving something out, once."""
    found = [reason for part in told for reason in part.left.values()]
    return [say(reason) for reason in dict.fromkeys([*found, *whole.values()])]


def day_word(value: date | datetime) -> str:
    day = local_day(value)
    return f"{short_day(day, spoken())} {day.year}"


def _when(value: date | datetime | str) -> str:
    """A day of birth is kept as text, since it is sealed."""
    return day_word(date.fromisoformat(value) if isinstance(value, str) else value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{day_word(value)} {clock_time(value)}"
    if isinstance(value, time):
        return f"{value:%H.%M}"
    return str(value)


def _chosen(choices: Mapping[str, str], number: int) -> str:
    return ", ".join(say(choices[code]) for code in codes(number, dict(choices)))


def _answers(section: str, text: str) -> list[tuple[str, str]]:
    found = sections({section: json.loads(text)}, frozenset())
    return [answer for one in found for answer in one.answers]


def _exit(text: str) -> Iterable[tuple[str, str]]:
    told = json.loads(text)
    answers = Answers(**(told | {"outcomes": tuple(told.get("outcomes", ()))}))
    if answers.satisfaction is not None:
        yield say("Tilfredshed, 0 til 10"), str(answers.satisfaction)
    if answers.outcomes:
        yield say("Det fik du ud af det"), ", ".join(say(OUTCOMES[o]) for o in answers.outcomes)
    if answers.best:
        yield say("Det bedste"), answers.best
    if answers.comment:
        yield say("Det ville du også sige"), answers.comment
    if answers.score is not None:
        yield "WHO-5", say("%(points)s af 100", points=answers.score)
