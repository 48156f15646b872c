"""wapiti: follows links and forms as a visitor does, and tries what crawlers try."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask

from tests.scan import target as targets
from tests.scan.findings import Finding
from tests.scan.running import WAPITI, run
from tests.scan.target import Store, Target, served

TOOL = "wapiti"
# Not ssrf and xxe: those two ask a machine outside whether they have been heard.
MODULES = (
    "xss,permanentxss,sql,timesql,exec,file,crlf,redirect,csrf,http_headers,cookieflags,csp,"
    "backup,methods"
)
A_MODULE, A_HOLE = 8, 40  # seconds for a module; the twin has few pages and must not be missed
ONLY_HERE = {"/demo/breve"}  # which only a demo has
STARTS = ["/", "/leder", "/konsulent", "/mig"]  # each floor has its own


def control(twin: Target) -> list[Finding]:
    return list(_crawled(twin, ["/"], depth=3, seconds=A_HOLE))


def findings(app: Flask, store: Store) -> tuple[list[Finding], int]:
    found, pages, unseen = [], 0, set(ONLY_HERE)
    for who in store.cookies:
        with served(store, who) as target:
            first = list(targets.pages(app, target, STARTS))
            pages += len(first)
            found += _crawled(target, first, depth=1, seconds=A_MODULE)
            answers = target.answers()
            unseen -= {rule for _, rule, status in answers if status == 200}
            broken = {key for key in answers if key[2] >= 500}
            found += [Finding(TOOL, str(s), f"{m} {rule}") for m, rule, s in broken]
            if target.get("/mig")[0] != 200:
                found.append(Finding(TOOL, "signed-out", who, "the rest of the scan saw nothing"))
    return found + [Finding(TOOL, "not-reached", rule) for rule in unseen], pages


def _crawled(target: Target, first: list[str], *, depth: int, seconds: int) -> Iterator[Finding]:
    report = target.folder / "wapiti.json"
    command = [
        *(str(WAPITI / "wapiti"), "-u", f"{target.url}/", "-H", f"Cookie: {target.cookie}"),
        *("-x", f"{target.url}/log-ud", "--scope", "domain", "-m", MODULES, "-d", str(depth)),
        *("--skip", "csrf_token", "--max-attack-time", str(seconds), "--flush-session"),
        *("--no-bugreport", "--store-session", str(target.folder / "session")),
        *("--store-config", str(target.folder / "config"), "-f", "json", "-o", str(report)),
        *(word for path in first for word in ("-s", target.url + path)),
    ]
    run(command, folder=target.folder)  # it ends with 0 whatever it found
    read = json.loads(report.read_text())
    if read["infos"]["crawled_pages_nbr"] < len(first):
        raise RuntimeError("wapiti has seen fewer pages than it was sent to")
    for kind in ("vulnerabilities", "anomalies", "additionals"):
        for rule, all_found in read[kind].items():
            for one in all_found:
                where = f"{one['method']} {urlsplit(one['path']).path} {one['parameter'] or ''}"
                yield Finding(TOOL, rule, where.strip(), one["info"])
