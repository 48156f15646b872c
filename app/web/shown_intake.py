"""The answers of the start form in words, for the leader and, with a yes to it, the pair."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app import clock
from app.domain import who5
from app.domain.intakes import DAY, MANY, ONE, SECTIONS, WHO5, YES, Answers, Question
from app.language import say, spoken
from app.web.hypertext import short_day

OLDEST = 120  # years
FOR_THE_LEADER = frozenset({"name", "birth_date", "signature", "who5"})  # never for the pair
RELATIVES = frozenset({"relative_name", "relative_relation", "relative_phone"})


class ShownSection(NamedTuple):
    title: str
    answers: list[tuple[str, str]]  # question and answer


def sections(given: Mapping[str, Answers], hidden: frozenset[str]) -> list[ShownSection]:
    """What has been answered; WHO-5 as its score, and questions in `hidden` left out."""
    found = []
    for section in SECTIONS:
        some = given.get(section.key, {})
        answers = [
            (say(q.label), text)
            for q in section.questions
            if q.key not in hidden and (text := _text(q, some.get(q.key)))
        ]
        if answers:
            found.append(ShownSection(say(section.title), answers))
    return found


def _text(question: Question, given: Any) -> str:
    if not given:
        return say("Nej") if question.kind == YES else ""
    shown = {
        MANY: lambda: ", ".join(say(question.options[code]) for code in given),
        ONE: lambda: say(question.options[given]) if given in question.options else "",
        WHO5: lambda: _score(given),
        YES: lambda: say("Ja"),
        DAY: lambda: _day(given),
    }.get(question.kind)
    return shown() if shown else str(given)


def _score(given: Mapping[str, int | None]) -> str:
    points = who5.score(given)
    if points is None:
        return ""
    band = say(who5.BANDS[who5.band(points)])
    return say("WHO-5: %(points)s af 100 (%(band)s)", points=points, band=band)


def _day(given: str) -> str:
    born = day_of(given)
    return f"{short_day(born, spoken())} {born.year}" if born else ""


def day_of(raw: str | None) -> date | None:
    """A day of birth that can be: not in the future, and of somebody who may be alive."""
    try:
        born = date.fromisoformat(raw or "")
    except ValueError:
        return None
    return born if 0 < clock.today().year - born.year < OLDEST else None
