"""`python -m tests.bench [figure ...]`: all figures, or the ones named, in one table.

A missed budget is no failure, a figure that cannot be measured is.
"""

import importlib
import shutil
import sys
import time
from collections.abc import Iterator

from tests.bench.servers import STORES
from tests.bench.table import NOT_MEASURED, Line, not_measured, print_table

FIGURES = (
    "instructions",
    "cpu",
    "queries",
    "post",
    "writers",
    "growth",
    "visits",
    "offline",
    "lighthouse",
    "reminders",
    "slow_clients",
    "guesses",
    "start",
)


def main(asked: list[str]) -> int:
    lines = [line for figure in asked or FIGURES for line in measured(figure)]
    shutil.rmtree(STORES, ignore_errors=True)
    print_table(lines)
    return int(any(line.ours.startswith(NOT_MEASURED) for line in lines))


def measured(figure: str) -> Iterator[Line]:
    """What a figure says; one that fails says so in the table and stops no other."""
    begun = time.monotonic()
    try:
        yield from importlib.import_module(f"tests.bench.{figure}").lines()
    except Exception as failure:  # noqa: BLE001 whatever it was, the table must show it
        yield not_measured(figure, reason(failure))
    print(f"{figure}: {time.monotonic() - begun:.0f} s", file=sys.stderr)


def reason(failure: Exception) -> str:
    """The last line is where a program says what went wrong; valgrind's own begin with ==."""
    said = [line for line in str(failure).splitlines() if line and not line.startswith("==")]
    return f"{type(failure).__name__}: {said[-1] if said else 'no word'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
