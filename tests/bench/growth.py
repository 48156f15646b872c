"""The mentors' pages when all data grow tenfold."""

from collections.abc import Iterator
from statistics import median

from tests.bench.client import Client
from tests.bench.cpu import milliseconds
from tests.bench.pages import MENTOR_PAGES
from tests.bench.servers import app_on, demo_store
from tests.bench.table import Line, times

FACTOR = 10
ROUNDS = 7
REQUESTS = 40
BUDGET = 1.2


def lines() -> Iterator[Line]:
    with app_on(demo_store(FACTOR)) as large, app_on(demo_store()) as small:
        for page in MENTOR_PAGES:
            there = Client(large.port).sign_in(page.who)
            here = Client(small.port).sign_in(page.who)
            rounds = [
                (
                    milliseconds(large, there, page.path, REQUESTS),
                    milliseconds(small, here, page.path, REQUESTS),
                )
                for _ in range(ROUNDS)
            ]
            ours, floor = (median(column) for column in zip(*rounds, strict=True))
            yield times(f"{page.name}, CPU, all data x{FACTOR}", ours, floor, "ms", BUDGET)
