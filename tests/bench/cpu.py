"""CPU per request over HTTP, as multiples of hello on the same server, rounds interleaved."""

from collections.abc import Iterator
from statistics import median

from tests.bench.client import Client
from tests.bench.long_life import large_store
from tests.bench.pages import PAGES
from tests.bench.processes import cpu_seconds
from tests.bench.servers import Server, app_on, hello
from tests.bench.table import Line, times

ROUNDS = 7
OURS, FLOOR = 60, 400  # requests a round


def lines() -> Iterator[Line]:
    with app_on(large_store()) as ours, hello() as floor:
        plain = Client(floor.port)
        for page in PAGES:
            person = Client(ours.port).sign_in(page.who)
            milliseconds(ours, person, page.path, OURS)
            rounds = [
                (
                    milliseconds(ours, person, page.path, OURS),
                    milliseconds(floor, plain, "/", FLOOR),
                )
                for _ in range(ROUNDS)
            ]
            mine, least = (median(column) for column in zip(*rounds, strict=True))
            yield times(f"{page.name}, CPU a request over HTTP", mine, least, "ms", page.budget)


def milliseconds(server: Server, client: Client, path: str, requests: int) -> float:
    before = cpu_seconds(server.pid)
    for _ in range(requests):
        answer = client.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    return 1000 * (cpu_seconds(server.pid) - before) / requests
