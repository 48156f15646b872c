"""Instructions per request, counted by callgrind: the same on a busy machine."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.in_process import ask_inside
from tests.bench.inside import COUNTED
from tests.bench.long_life import large_store
from tests.bench.pages import PAGES
from tests.bench.table import Line, not_measured, times

MILLION = 1_000_000


def lines() -> Iterator[Line]:
    if not shutil.which("valgrind"):
        yield not_measured("instructions a request", "valgrind is missing: sh .ci/install valgrind")
        return
    floor, *ours = counts()
    for page, mine in zip(PAGES, ours, strict=True):
        yield times(f"{page.name}, instructions", mine, floor, "M", page.budget)


def counts() -> list[float]:
    """Millions a request: first the floor's, then each page's."""
    with TemporaryDirectory(prefix="primus-callgrind-") as folder:
        valgrind = (
            "valgrind",
            "--tool=callgrind",
            "--dump-before=getsid",
            f"--callgrind-out-file={folder}/out",
        )
        ask_inside("instructions", large_store(), valgrind)
        parts = [total(Path(folder, f"out.{part}")) for part in range(2, 2 * len(PAGES) + 4, 2)]
    return [part / COUNTED / MILLION for part in parts]


def total(part: Path) -> int:
    """A part ends at a mark; every second one holds counted requests only."""
    return int(re.search(r"^(?:summary|totals): (\d+)", part.read_text(), re.MULTILINE)[1])
