"""WHO-5, the well-being index: five statements about the last two weeks, 0-5 points each.

The score is the sum times four, 0-100; half of it says nothing. It tells nobody what is the matter
(start form, question 7; bands of the index's own handbook).
"""

from collections.abc import Mapping

from app.language import mark

ITEMS = {
    "a": mark("har jeg været glad og i godt humør"),
    "b": mark("har jeg følt mig rolig og afslappet"),
    "c": mark("har jeg følt mig aktiv og energisk"),
    "d": mark("er jeg vågnet frisk og udhvilet"),
    "e": mark("har min dagligdag været fyldt med ting, der interesserer mig"),
}
OPTIONS = {
    5: mark("Hele tiden"),
    4: mark("Det meste af tiden"),
    3: mark("Lidt mere end halvdelen af tiden"),
    2: mark("Lidt mindre end halvdelen af tiden"),
    1: mark("Lidt af tiden"),
    0: mark("På intet tidspunkt"),
}
LOW, MIDDLE, HIGH = "low", "middle", "high"
BANDS = {LOW: mark("lav"), MIDDLE: mark("under middel"), HIGH: mark("middel eller over")}
HIGHEST_LOW, HIGHEST_MIDDLE = 35, 50


def score(items: Mapping[str, int | None]) -> int | None:
    """0-100, where every statement is answered; else None."""
    points = [value for name in ITEMS if (value := items.get(name)) is not None]
    return sum(points) * 4 if len(points) == len(ITEMS) else None


def half(items: Mapping[str, int | None]) -> bool:
    """Whether some statements are answered and some are not."""
    given = [items.get(name) is not None for name in ITEMS]
    return any(given) and not all(given)


def band(points: int) -> str:
    """Where a score lies: up to 35, up to 50, above."""
    if points <= HIGHEST_LOW:
        return LOW
    return MIDDLE if points <= HIGHEST_MIDDLE else HIGH
