"""What participants said at the end, all together: the national office reads figures, never a form.

Small groups are protected. Forms are counted five at a time, and so are the answers to each
question, so that no two readings differ by one. A count under five is hidden, and where that alone
would not hide it, the next smallest too; of a choice that can be ticked or not, the others must be
five as well.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select

from app import db
from app.domain import who5
from app.domain.exit_forms import FORMS, Answers, Filled
from app.domain.outcomes import OUTCOMES
from app.vault import ring

One = TypeVar("One")
FEWEST = 5
KEYS_AT_ONCE = 500  # in one question
SATISFACTION = {"0-4": range(5), "5-6": range(5, 7), "7-8": range(7, 9), "9-10": range(9, 11)}


class Shares(NamedTuple):
    """One question: how many answered, their mean, and how many said what (None: hidden)."""

    base: int
    mean: float | None
    counts: dict[str, int | None]


class Together(NamedTuple):
    """All forms that are counted."""

    forms: int
    satisfaction: Shares | None  # None where fewer than five answered
    outcomes: Shares | None
    wellbeing: Shares | None


_FORMS = select(*(FORMS.c[name] for name in Filled._fields)).order_by(FORMS.c.at, FORMS.c.id)


def together() -> Together:
    """The figures of all forms that can still be read, in whole fives, the oldest first."""
    told = list(_answers())
    return Together(
        forms=len(told),
        satisfaction=_numbers((a.satisfaction for a in told), SATISFACTION, _satisfaction),
        outcomes=_ticked([a.outcomes for a in told if a.outcomes]),
        wellbeing=_numbers((a.score for a in told), who5.BANDS, who5.band),
    )


def _answers() -> Iterable[Answers]:
    found = [Filled(*row) for row in db.rows(_FORMS)]
    whole = _whole(found)
    for first in range(0, len(whole), KEYS_AT_ONCE):
        some = whole[first : first + KEYS_AT_ONCE]
        ring().take(one.participant_id for one in some)
        yield from (told for one in some if (told := one.answers()))


def _satisfaction(points: int) -> str:
    return next(name for name, band in SATISFACTION.items() if points in band)


def _numbers(
    given: Iterable[int | None], bands: Mapping[str, Any], band: Callable[[int], str]
) -> Shares | None:
    said = _whole([number for number in given if number is not None])
    if not said:
        return None
    counts = Counter(band(number) for number in said)
    return Shares(len(said), sum(said) / len(said), guarded({name: counts[name] for name in bands}))


def _ticked(given: list[tuple[str, ...]]) -> Shares | None:
    """Each choice by itself: ticked or not."""
    given = _whole(given)
    if not given:
        return None
    counts = Counter(code for codes in given for code in set(codes))
    shown = {
        code: n if n >= FEWEST and len(given) - n >= FEWEST else None
        for code, n in ((code, counts[code]) for code in OUTCOMES)
    }
    return Shares(len(given), None, shown)


def _whole(said: list[One]) -> list[One]:
    """The oldest, in whole fives: of five new forms, one alone may have answered a question."""
    return said[: len(said) - len(said) % FEWEST]


def guarded(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts that add up to a number that is shown, without the small ones."""
    order = sorted(counts, key=lambda name: counts[name])
    hidden = {name for name in order if counts[name] < FEWEST}
    for name in order:
        if not hidden or (sum(counts[one] for one in hidden) >= FEWEST and len(hidden) > 1):
            break
        hidden.add(name)
    return {name: None if name in hidden else n for name, n in counts.items()}
