"""sqlmap: SQL in every word of every address and every field of every form."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Flask

from tests.conftest import TOKEN
from tests.house.matrix import Route
from tests.scan import spec
from tests.scan.findings import Finding
from tests.scan.running import run
from tests.scan.target import Store, Target, served

TOOL = "sqlmap"
RULER = "=" * 54
VISITORS = (None, "Anna", "Lise", "Karen")
FOUND = re.compile(r"^Parameter: (.+)$\n(?:.*\n)*? +Type: (.+)$", re.MULTILINE)
TRIED = re.compile(r"parameter '.*' does not seem to be injectable")
SIGNS_OUT = (
    "/log-ud",
    "/laas-op",
    "/bekraeft",
    "/leder/laan",
    "/laan/tilbage",
)  # fuzzing.py asks them
ALWAYS = (
    *("--ignore-stdin", "--batch", "--level=1", "--risk=1", "--dbms=sqlite", "--technique=BET"),
    *("--time-sec=2", "--skip-waf", "--ignore-redirects", "--ignore-code=*", "--flush-session"),
    *("--param-exclude=csrf_token", "--disable-coloring"),
)


def control(twin: Target) -> list[Finding]:
    """An injection in the path, which other scanners pass by, and one in the query.

    Apart: once it has found one on a machine, it looks at nothing else there.
    """
    paths = ("/p/p1*", "/s?q=Per")
    return [one for path in paths for one in _injected(twin, [_request(twin, "GET", path)])[0]]


def findings(app: Flask, store: Store) -> tuple[list[Finding], int]:
    found, tried = [], 0
    for who in VISITORS:
        with served(store, who) as target:
            more, number = _injected(target, list(_requests(app, store, target, who)))
            found += more
            tried += number
            broken = {key for key in target.answers() if key[2] >= 500}
            found += [Finding(TOOL, str(s), f"{m} {rule}") for m, rule, s in broken]
            if who and target.get("/mig")[0] != 200:
                found.append(Finding(TOOL, "signed-out", who, "the rest of the scan saw nothing"))
    return found, tried


def _requests(app: Flask, store: Store, target: Target, who: str | None) -> Iterator[str]:
    routes = [r for r in spec.routes_of(who) if r.rule not in SIGNS_OUT]
    forms = spec.crawled(app, target, store.things, routes)
    token = TOKEN.search(target.get("/mig" if who else "/log-ind")[1])
    assert token, f"{who} is not signed in"
    told = spec.described(app, routes, store.things, forms, token[1])
    # What takes something away comes last, so that the rest is still there.
    for route in sorted(routes, key=lambda r: (r.method, spec.takes_away(r))):
        one = told["paths"][spec.PART.sub(r"{\1}", route.rule)][route.method.lower()]
        path = _marked(route, store.things)
        if asked := [p["name"] for p in one["parameters"] if p["in"] == "query"]:
            path += "?" + urlencode(dict.fromkeys(asked, "1"))
        body = one.get("requestBody")
        sent = body["content"][spec.FORM]["example"] if body else {}
        if asked or len(sent) > 1 or "*" in path:
            yield _request(target, route.method, path, sent)


def _marked(route: Route, things: dict[str, str]) -> str:
    """A page's id is a place for SQL as well."""
    path = spec.where(route, things)
    return path + "*" if route.method == "GET" and route.rule.endswith(">") else path


def _request(target: Target, method: str, path: str, sent: dict[str, str] | None = None) -> str:
    """As a proxy would have written it down."""
    body = urlencode(sent or {})
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {target.url.removeprefix('http://')}",
        f"Cookie: {target.cookie}",
        *([f"Content-Type: {spec.FORM}", f"Content-Length: {len(body)}"] if sent else []),
    ]
    head = f"{RULER}\n10:00:00  {target.url}  [127.0.0.1]\n{RULER}\n"
    return head + "\n".join(lines) + f"\n\n{body}\n{RULER}\n\n"


def _injected(target: Target, requests: list[str]) -> tuple[list[Finding], int]:
    log = target.folder / "requests.log"
    log.write_text("\n".join(requests))
    folder = target.folder / "sqlmap"
    said = run(["sqlmap", "-l", str(log), *ALWAYS, f"--output-dir={folder}"], folder=target.folder)
    (target.folder / "sqlmap.log").write_text(said)
    found = [Finding(TOOL, kind, name) for name, kind in FOUND.findall(said)]
    tried = len(TRIED.findall(said)) + len(found)
    if tried < len(requests) and not found:
        raise RuntimeError(f"sqlmap tried {tried} places of {len(requests)} requests")
    return found, tried
