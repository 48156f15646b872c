"""`python -m tests.bench.soak`: 50,000 requests, and the memory must stay flat."""

import shutil
import sys

from tests.bench.client import Client
from tests.bench.pages import PAGES
from tests.bench.processes import memory_megabytes
from tests.bench.servers import STORES, app_on, demo_store, fresh_copy

REQUESTS = 50_000
REPORTS = 10
ALLOWED = 1.05  # times the memory after the first tenth


def main() -> int:
    with app_on(fresh_copy(demo_store(), "soak"), workers=2) as server:
        people = [(Client(server.port).sign_in(page.who), page.path) for page in PAGES]
        used = []
        for part in range(REPORTS):
            for number in range(REQUESTS // REPORTS):
                person, path = people[number % len(people)]
                if person.get(path).status != 200:
                    return say(f"{path} failed", 1)
            used.append(memory_megabytes(server.pid))
            say(f"{(part + 1) * REQUESTS // REPORTS} requests: {used[-1]:.1f} MB", 0)
    shutil.rmtree(STORES)
    flat = used[-1] <= ALLOWED * used[0]
    return say("flat" if flat else f"grew more than {ALLOWED}x", int(not flat))


def say(text: str, code: int) -> int:
    print(text, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
