"""schemathesis: every route with what its form offers, and with anything else."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.conftest import TOKEN
from tests.house.matrix import Route
from tests.scan import spec
from tests.scan.findings import Finding
from tests.scan.running import SCAN, run
from tests.scan.target import Store, Target, served

TOOL = "schemathesis"
CASES = 12  # of each route, beside those that it makes of the description itself
CHECKS = "not_a_server_error,status_code_conformance"
VISITORS = (None, "Nora", "Bo", "Anna", "Lise", "Karen")
REFUSED = {400, 401, 403, 404, 405, 411, 413, 415}  # before the view has had its say
FAILED = re.compile(r"^_+ (\S+ \S+) _+$|^- (ST\d+ .+|.*[Ee]rror.*)$", re.MULTILINE)
Answered = Counter[tuple[str, str, int]]
TWIN = {
    "openapi": "3.0.3",
    "info": {"title": "The twin", "version": "1"},
    "paths": {
        "/number": {
            "get": {
                "parameters": [{"name": "n", "in": "query", "schema": {"type": "string"}}],
                "responses": {"200": {"description": ""}},
            }
        }
    },
}


def control(twin: Target) -> list[Finding]:
    return _fuzzed(twin, TWIN, "twin")


def findings(app: Flask, store: Store) -> tuple[list[Finding], int]:
    """What went wrong, and how many answers that was asked of."""
    found: list[Finding] = []
    counts: Answered = Counter()

    def ask(who: str | None, routes: list[Route]) -> None:
        nonlocal counts
        more, answers = _as(app, store, who, routes)
        found.extend(more)
        counts += answers

    for who in VISITORS:
        for part in _parts(spec.routes_of(who)):
            ask(who, part)
    for who, route in _not_reached(counts):  # another has taken away what it is about
        ask(who, [route])
    left = [Finding(TOOL, "not-reached", f"{r.method} {r.rule}") for _, r in _not_reached(counts)]
    return found + left, counts.total()


def _parts(routes: list[Route]) -> Iterator[list[Route]]:
    """Reading apart from writing, and last what takes something away."""
    ends = [r for r in routes if spec.takes_away(r)]
    rest = [r for r in routes if r not in ends]
    parts = ([r for r in rest if r.method == "GET"], [r for r in rest if r.method != "GET"], ends)
    yield from (part for part in parts if part)


def _as(
    app: Flask, store: Store, who: str | None, routes: list[Route]
) -> tuple[list[Finding], Answered]:
    with served(store, who) as target:
        forms = spec.crawled(app, target, store.things, spec.routes_of(who))
        token = TOKEN.search(target.get("/mig" if who else "/log-ind")[1])
        assert token, f"{who} is not signed in"
        told = spec.described(app, routes, store.things, forms, token[1])
        found = _fuzzed(target, told, f"{who}-{routes[0].method}")
        answers = target.answers()
        ends = any(map(spec.takes_away, routes))
        if who and not ends and target.get("/mig")[0] != 200:
            found.append(Finding(TOOL, "signed-out", who, "the rest of the scan saw nothing"))
    broken = {key for key in answers if key[2] >= 500}
    return found + [Finding(TOOL, str(s), f"{m} {rule}") for m, rule, s in broken], answers


def _not_reached(answers: Answered) -> list[tuple[str | None, Route]]:
    """A route that only ever refused has not been scanned."""
    reached = {(m, rule) for m, rule, status in answers if status not in REFUSED}
    return [
        (who, route)
        for who in VISITORS
        for route in spec.routes_of(who)
        if (route.method, route.rule) not in reached
    ]


def _fuzzed(target: Target, told: dict[str, Any], name: str) -> list[Finding]:
    where = target.folder / f"{name}.json"
    where.write_text(json.dumps(told))
    command = [
        *(str(SCAN / "schemathesis"), "--no-color", "run", str(where)),
        *("--url", target.url, "-H", f"Cookie: {target.cookie}"),
        *("--checks", CHECKS, "-n", str(CASES), "--phases", "examples,coverage,fuzzing"),
        *("--seed", "1", "--generation-database", "none", "--continue-on-failure"),
        *("--suppress-health-check", "all", "--warnings", "off", "--max-redirects", "0"),
    ]
    said = run(command, folder=target.folder, fine=(0, 1))
    (target.folder / f"{name}.log").write_text(said)
    if "Test cases:" not in said:
        raise RuntimeError(f"schemathesis tested nothing: {said[-300:]}")
    return list(_read(said))


def _read(said: str) -> Iterator[Finding]:
    route = ""
    for heading, failure in FAILED.findall(said):
        if heading:
            route = heading
        elif route:
            yield Finding(TOOL, failure.split(" ")[0], route, failure)
