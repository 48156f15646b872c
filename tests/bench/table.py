"""One line per figure, and how it is said."""

from collections.abc import Iterable
from typing import NamedTuple

NOT_MEASURED = "NOT MEASURED"


class Line(NamedTuple):
    figure: str
    ours: str
    floor: str
    ratio: str
    budget: str
    met: bool | None  # None: said for comparison only


def times(figure: str, ours: float, floor: float, unit: str, budget: float) -> Line:
    """A cost as a multiple of the floor's."""
    ratio = ours / floor
    return Line(
        figure,
        f"{ours:.2f} {unit}",
        f"{floor:.2f} {unit}",
        f"{ratio:.{2 if ratio < 2 else 1}f}x",
        f"{budget:g}x",
        ratio <= budget,
    )


def at_most(figure: str, ours: float, unit: str, budget: float) -> Line:
    return Line(
        figure, f"{ours:g} {unit}".strip(), "", "", f"{budget:g} {unit}".strip(), ours <= budget
    )


def at_least(figure: str, ours: float, unit: str, budget: float) -> Line:
    return at_most(figure, ours, unit, budget)._replace(met=ours >= budget)


def not_measured(figure: str, why: str) -> Line:
    return Line(figure, f"{NOT_MEASURED}: {why}", "", "", "", False)


def print_table(lines: Iterable[Line]) -> None:
    rows = [Line._fields, *((*line[:-1], verdict(line.met)) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(Line._fields))]
    for number, row in enumerate(rows):
        print_row(row, widths)
        if not number:
            print_row(["-" * width for width in widths], widths)


def print_row(cells: Iterable[str], widths: list[int]) -> None:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    print(f"| {' | '.join(padded)} |")


def verdict(met: bool | None) -> str:
    return {True: "yes", False: "NO", None: ""}[met]
