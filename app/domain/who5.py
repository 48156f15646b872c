"""WHO-5, the well-being index: five statements about the last two weeks, 0-5 points each.

The score is the sum times four, 0-100; all five are answered or none. It says nothing about what is
the matter with anybody (start form, question 7; the index's own handbook for the bands).
"""

from collections.abc import Mapping

from app.language import mark

ITEMS = {
    "a": mark("… har jeg været glad og i godt humør"),
    "b": mark("… har jeg følt mig rolig og afslappet"),
    "c": mark("… har jeg følt mig aktiv og energisk"),
    "d": mark("… er jeg vågnet frisk og udhvilet"),
    "e": mark("… har min dagligdag været fyldt med ting, der interesserer mig"),
}
OPTIONS = {
    "5": mark("Hele tiden"),
    "4": mark("Det meste af tiden"),
    "3": mark("Lidt mere end halvdelen af tiden"),
    "2": mark("Lidt mindre end halvdelen af tiden"),
    "1": mark("Lidt af tiden"),
    "0": mark("På intet tidspunkt"),
}
LOW, MIDDLE = 35, 50  # the highest score of either band
BANDS = {
    "low": mark("lav"),
    "middle": mark("under middel"),
    "good": mark("middel eller over"),
}


def score(answers: Mapping[str, str | None]) -> int | None:
    """0-100; None unless all five are answered."""
    given = [answers.get(item) for item in ITEMS]
    if any(answer not in OPTIONS for answer in given):
        return None
    return sum(int(answer or 0) for answer in given) * 4


def half(answers: Mapping[str, str | None]) -> bool:
    """Whether some are answered and some are not."""
    given = [bool(answers.get(item)) for item in ITEMS]
    return any(given) and not all(given)


def band(points: int) -> str:
    if points <= LOW:
        return "low"
    return "middle" if points <= MIDDLE else "good"
