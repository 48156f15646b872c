"""`python -m tests.scan [tool ...]`: every tool on the app, or those named, in one table.

A tool first shows that it sees: it must find the holes of the twin, or the scan fails as blind.
Whatever it then finds in the app is a failure, but what `allowed.toml` explains.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import yaml

from app import create_app
from app.config import from_environment
from tests.scan import crawling, fuzzing, injecting, packages, reading, spec, target
from tests.scan.findings import Finding, reasons, stale, unexplained

MUST_FIND = {
    "ruff": {"S105", "S301", "S324", "S602", "S605", "S608"},
    "bandit": {"B105", "B301", "B324", "B602", "B605", "B608", "B704"},
    "semgrep": {rule["id"] for rule in yaml.safe_load(Path(reading.RULES).read_text())["rules"]},
    "detect-secrets": {"AWS Access Key", "Secret Keyword"},
    "wapiti": {
        "Clickjacking Protection",
        "Content Security Policy Configuration",
        "Cross Site Request Forgery",
        "HttpOnly Flag cookie",
        "Internal Server Error",
        "MIME Type Confusion",
        "Open Redirect",
        "Path Traversal",
        "Reflected Cross Site Scripting",
        "SQL Injection",
        "Secure Flag cookie",
        "Stored Cross Site Scripting",
    },
    "sqlmap": {"#1* (URI)", "q (GET)"},
    "schemathesis": {"GET /number"},
    "advisories": {"PLANTED-1"},
}
BY_PLACE = ("sqlmap", "schemathesis")  # whose finding is told by where it lies


class Line(NamedTuple):
    tool: str
    looked_at: str
    controls: str
    found: list[Finding]
    seconds: float
    blind: str = ""


def main(asked: list[str]) -> int:
    shutil.rmtree(target.STORES, ignore_errors=True)
    begun = time.monotonic()
    lines = all_lines(set(asked) or set(MUST_FIND))
    known = [reason for reason in reasons() if reason.tool in {line.tool for line in lines}]
    found = [finding for line in lines for finding in line.found]
    left = [*unexplained(found, known), *stale(found, known)]
    blind = [line for line in lines if line.blind]
    print_table(lines, left)
    for finding in left:
        print(f"FINDING  {finding}")
    for line in blind:
        print(f"BLIND    {line.tool}: {line.blind}")
    controls = sum(len(MUST_FIND[line.tool]) for line in lines if not line.blind)
    spent = sum(os.times()[:4])  # tells how long it takes where nobody else is at work
    print(
        f"{time.monotonic() - begun:.0f} seconds, {spent:.0f} of a processor; see {target.STORES}"
    )
    print(f"scan: {len(lines)} tools, {controls} controls found, {len(left)} findings")
    return int(bool(left or blind))


def all_lines(asked: set[str]) -> list[Line]:
    """Three at a time: what crawls, what injects, and what reads code and sends forms."""
    everything, demo = target.one_of_everything(), target.the_demo()
    app = create_app(from_environment(target.environment(everything.folder, "development")))
    if unknown := spec.missing(app):
        raise RuntimeError(f"routes that the description does not know: {unknown}")
    crawl = partial(crawling.findings, app, demo)
    fuzz, inject = (partial(m.findings, app, everything) for m in (fuzzing, injecting))
    lanes: tuple[dict[str, Callable[[], Line]], ...] = (
        {
            "wapiti": partial(crossed, "wapiti", crawling.control, crawl, "pages"),
            "advisories": audited,
        },
        {"sqlmap": partial(crossed, "sqlmap", injecting.control, inject, "places")},
        {
            **{tool: partial(read, tool) for tool in reading.READERS},
            "schemathesis": partial(crossed, "schemathesis", fuzzing.control, fuzz, "answers"),
        },
    )

    def follow(lane: dict[str, Callable[[], Line]]) -> list[Line]:
        return [timed(tool, make) for tool, make in lane.items() if tool in asked]

    with ThreadPoolExecutor(len(lanes)) as pool:
        return [line for lines in pool.map(follow, lanes) for line in lines]


def timed(tool: str, make: Callable[[], Line]) -> Line:
    begun = time.monotonic()
    try:
        line = make()
    except Exception as failure:  # noqa: BLE001 whatever it was, the table must show it
        line = Line(tool, "", "", [], 0, f"{type(failure).__name__}: {failure}")
    print(f"{tool}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return line._replace(seconds=time.monotonic() - begun)


def read(tool: str) -> Line:
    reader, places, twin = reading.READERS[tool]
    seen = list(reader(*twin))
    what = " ".join(places) or "all that is kept"
    return judged(tool, seen, reading.ours(reader(*places)), what)


def crossed(
    tool: str,
    control: Callable[[target.Target], list[Finding]],
    findings: Callable[[], tuple[list[Finding], int]],
    unit: str,
) -> Line:
    with target.the_twin() as twin:
        seen = control(twin)
    found, number = findings()
    return judged(tool, seen, found, f"{number} {unit}")


def audited() -> Line:
    seen = packages.control()
    count = packages.bill_of_materials(target.STORES)
    where = packages.folder()
    if where is None:
        what = f"{count} shipped packages listed; NOT AUDITED: no ADVISORIES"
        return judged("advisories", seen, [], what)
    found, number = packages.findings(where)
    return judged("advisories", seen, found, f"{count} shipped packages, {number} advisories")


def judged(tool: str, seen: list[Finding], found: list[Finding], what: str) -> Line:
    names = {one.where if tool in BY_PLACE else one.rule for one in seen}
    missed = {one for one in MUST_FIND[tool] if one not in names}
    number = f"{len(MUST_FIND[tool]) - len(missed)} of {len(MUST_FIND[tool])}"
    (target.STORES / f"{tool}.json").write_text(json.dumps([seen, found], indent=1))
    return Line(tool, what, number, found, 0, f"misses {sorted(missed)}" if missed else "")


def print_table(lines: list[Line], left: list[Finding]) -> None:
    rows = [("tool", "looked at", "controls", "found", "explained", "left", "seconds")]
    for line in lines:
        still = sum(one.tool == line.tool for one in left)
        numbers = (len(line.found), len(line.found) - still, still, round(line.seconds))
        rows.append((line.tool, line.looked_at, line.controls, *map(str, numbers)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
