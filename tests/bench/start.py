"""Memory of the app with two workers, and the time from start to the first page."""

from collections.abc import Iterator
from statistics import median

from tests.bench.client import Client
from tests.bench.pages import PAGES
from tests.bench.processes import memory_megabytes
from tests.bench.servers import app_on, demo_store
from tests.bench.table import Line, at_most

WORKERS = 2
STARTS = 3
ROUNDS = 50
MEGABYTES = 200
SECONDS = 3


def lines() -> Iterator[Line]:
    started = []
    for _ in range(STARTS):
        with app_on(demo_store(), WORKERS) as server:
            started.append(server.started_in)
            used = memory_after_use(server.port, server.pid)
    yield at_most(f"memory, {WORKERS} workers, after use", round(used), "MB", MEGABYTES)
    yield at_most("start to the first page", round(median(started), 1), "s", SECONDS)


def memory_after_use(port: int, pid: int) -> float:
    for page in PAGES:
        person = Client(port).sign_in(page.who)
        for _ in range(ROUNDS):
            person.get(page.path)
    return memory_megabytes(pid)
