"""Whether the time of a refused sign-in tells an address that is known: the share of pairs in which
the known one took longer. A half says nothing; three standard deviations off would.
"""

import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench.servers import DEMO, demo_store, fresh_copy, running
from tests.bench.table import Line
from tests.conftest import TOKEN

TRIES = 40  # of each
KNOWN, UNKNOWN = "anna@demo.invalid", "nobody@demo.invalid"
OFTEN = {"SIGN_IN_ATTEMPTS_PER_NETWORK": "100000 per hour"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def lines() -> Iterator[Line]:
    store = fresh_copy(demo_store(), "guesses")
    settings = DEMO | OFTEN | {"INSTANCE": str(store), "WORKERS": "1"}
    with running((sys.executable, "wsgi.py"), settings, "/healthz") as server:
        known, unknown = measured(server.port, TRIES)
    share, sigma = auc(known, unknown), deviation(len(known), len(unknown))
    said = f"{share:.3f} of 0.5"
    yield Line(
        "sign-in refused: a known address takes longer than an unknown one",
        said,
        "",
        f"{abs(share - 0.5) / sigma:.1f} sigma",
        "3 sigma",
        abs(share - 0.5) <= 3 * sigma,
    )


def measured(port: int, tries: int) -> tuple[list[float], list[float]]:
    """In turn, so that whatever else the machine does falls on both."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/log-ind")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    token = TOKEN.search(answer.read().decode())
    assert token, "no form to sign in with"
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for number in range(tries + 2):
        for email in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            body = urlencode({"csrf_token": token[1], "email": email, "password": "not the one"})
            begun = time.perf_counter()
            connection.request("POST", "/log-ind", body, FORM | {"Cookie": cookie})
            refused = connection.getresponse()
            refused.read()
            if number >= 2:  # the first two make what is made once
                took[email].append(time.perf_counter() - begun)
            assert refused.status == 422, refused.status
    return took[KNOWN], took[UNKNOWN]


def auc(some: list[float], others: list[float]) -> float:
    """How often one of these is larger than one of those; equal ones count half."""
    wins = sum((one > other) + (one == other) / 2 for one in some for other in others)
    return wins / (len(some) * len(others))


def deviation(some: int, others: int) -> float:
    """Of that share when the two are alike (Mann and Whitney)."""
    return float(((some + others + 1) / (12 * some * others)) ** 0.5)
