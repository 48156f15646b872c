"""Lighthouse on the two pages that mentors open most, signed in, median of five."""

from collections.abc import Iterator
from statistics import median

from tests import lighthouse
from tests.bench.client import ANNA, Client
from tests.bench.servers import app_on, demo_store
from tests.bench.table import Line

RUNS = 5
PATHS = ("/", "/moeder/ny")
BUDGET = {"performance": 99, "accessibility": 100, "best-practices": 100}


def lines() -> Iterator[Line]:
    with app_on(demo_store()) as server:
        cookie = Client(server.port).sign_in(ANNA).cookie
        for path in PATHS:
            address = f"http://127.0.0.1:{server.port}{path}"
            runs = [lighthouse.audit(address, cookie) for _ in range(RUNS)]
            scores = {name: round(median(run[name] for run in runs)) for name in runs[0]}
            yield Line(
                f"Lighthouse mobile, {path}",
                "/".join(str(scores[name]) for name in BUDGET),
                "",
                f"FCP {scores['first-contentful-paint']} ms",
                "/".join(map(str, BUDGET.values())),
                all(scores[name] >= least for name, least in BUDGET.items()),
            )
